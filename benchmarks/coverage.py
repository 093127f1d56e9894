"""Simulate the coverage of the intervals, beside that of simpler methods.

    PYTHONPATH=tests:. python benchmarks/coverage.py [--quick | --replicates N]

Each row draws samples from a corpus whose mix is known, a published one or one between two, and counts how often
its intervals cover the true shares: on average over the categories, in the worst category, and in all of them at
once. The ± is the Monte-Carlo standard error of the average; that of the others is printed below. Then follow false
verdicts between corpora that are equal, and how often the next corpus of a blind queue is guessed.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
from benchmarks import rows
from benchmarks.rows import add_row
from numpy.typing import NDArray
from scipy.special import stdtrit

from contrast import goodman, score_p
from corpuscope.analysis.references import restored
from corpuscope.sampling.plan import ORDER_VERSION, QueueBlock
from corpuscope.sampling.queue_order import QueueOrder
from corpuscope.stats.agreement import cohen_kappa
from corpuscope.stats.comparison import Arm, Verdict
from corpuscope.stats.distance import total_variation
from corpuscope.stats.distribution import distribution_of
from corpuscope.stats.family_of_tests import compare_family
from corpuscope.stats.finite import hypergeometric_mid_p
from corpuscope.stats.intervals import Interval, newcombe, normal_quantile, simultaneous, wilson
from corpuscope.stats.mixture import mixture_interval
from corpuscope.stats.ordinal import mean_of_scale
from corpuscope.stats.p_values import holm
from corpuscope.stats.reference import reference_named
from corpuscope.stats.weighted import weighted_shares

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

C4: Floats = np.array(reference_named("c4").counts) / 203
FINEWEB: Floats = np.array(reference_named("fineweb").counts) / 200
EDU: Floats = np.array(reference_named("fineweb-edu").counts) / 201
TWELVE: Floats = np.array([0.3, 0.2, 0.1, 0.1, 0.08, 0.07, 0.05, 0.04, 0.03, 0.01, 0.01, 0.01])
"""A mix of twelve categories, three of which are rare."""
SPREAD = 1.105
"""Standard deviation of log length at which 200 documents of one mean count as 59, as they do in C4."""
LONGER: Floats = np.array([1.0, -0.3, 0.3, 0.2, 0.8, -1.0, -1.0])
"""Mean log length by category, where essays are long and boilerplate is short."""


@dataclass(frozen=True)
class CoverageRow:
    """One row of the table."""

    scenario: str
    """Samples that were drawn, in words."""
    method: str
    """Name of the interval method."""
    covered: Bools
    """Replicates by categories: whether the interval covered the true share."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="2,000 replicates, in seconds")
    parser.add_argument("--replicates", type=int, default=50_000, help="samples of each row")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    replicates = 2_000 if arguments.quick else arguments.replicates
    rng = np.random.default_rng(arguments.seed)
    start = time.perf_counter()
    print(f"{replicates:,} replicates, level 95 %, seed {arguments.seed}\n")
    print(f"{'drawn':<48}{'interval':<26}{'average':>15}{'worst':>8}{'all':>8}")
    for study in (simple, at_once, finite, tokens, differences, mixtures, kappas, scales):
        for row in study(rng, replicates):
            average = row.covered.mean(axis=1)
            error = average.std() / np.sqrt(replicates)
            add_row(_benchmark_row(row, 100 * average.mean()))
            if study is mixtures:
                worst = 100 * row.covered.mean(axis=0).min()
                what = f"{row.scenario}: % covered, worst category"
                add_row(rows.BenchmarkRow(what, "nominal 95", worst, ">=", 92.5))
            print(
                f"{row.scenario:<48}{row.method:<26}{100 * average.mean():>8.2f} ± {100 * error:.2f}"
                f"{100 * row.covered.mean(axis=0).min():>8.1f}{100 * row.covered.all(axis=1).mean():>8.1f}"
            )
    print(f"\nstandard error of a 'worst' or 'all' of 95 %: {100 * np.sqrt(0.95 * 0.05 / replicates):.2f}")
    print("\ntwo or more samples of one corpus: % with any false verdict (score test at alpha / K before)")
    for words, verdicts, before in false_alarms(rng, replicates // 10):
        add_row(rows.BenchmarkRow(f"{words}: % with a false verdict", "nominal 5", verdicts, "<=", 6.0))
        print(f"{words:<48}{verdicts:>8.2f}{before:>8.2f}")
    print("\nthe next corpus of a blind queue: % guessed by who counts what is left (permuted blocks before)")
    for corpora in (2, 3, 4):
        guessed, before = guesses(corpora)
        add_row(
            rows.BenchmarkRow(
                f"queue of {corpora}: % guessed", f"chance {100 / corpora:.0f}", guessed, "<=", None
            )
        )
        print(f"{f'{corpora} corpora of 200':<48}{guessed:>8.1f}{before:>8.1f}")
    for added in ((50, 50), (70, 30), (90, 10)):
        topped_up, planned_so = top_up_guesses(added)
        words = f"{added[0]} and {added[1]} added after 100 of 200 each"
        add_row(
            rows.BenchmarkRow(f"{words}: % guessed", f"so planned {planned_so:.0f}", topped_up, "<=", None)
        )
        print(f"{words:<48}{topped_up:>8.1f}{planned_so:>8.1f}")
    print(f"{time.perf_counter() - start:.0f} s")


def _benchmark_row(row: CoverageRow, average: float) -> rows.BenchmarkRow:
    """Convert to a benchmark row; the intervals that corpuscope prints need 93.5 % coverage, the others nothing."""
    ours = not row.method.endswith(
        ("Wald", "at n", "pooled n", "Goodman", "logit scale", "size unknown", "Student's t")
    )
    what = f"{row.scenario}: % covered by {row.method}"
    return rows.BenchmarkRow(what, "nominal 95", average, ">=", 93.5 if ours else None)


def simple(rng: np.random.Generator, replicates: int) -> Iterator[CoverageRow]:
    """Simulate simple random samples: Wilson against Wald."""
    for n in (50, 200, 600):
        counts = rng.multinomial(n, C4, replicates)
        for method, interval in (("Wilson", wilson), ("Wald", wald)):
            yield CoverageRow(f"{n} documents of C4", method, covered(counts, n, C4, interval))


def at_once(rng: np.random.Generator, replicates: int) -> Iterator[CoverageRow]:
    """Simulate intervals that are to cover together: Clopper-Pearson at alpha / K against Goodman and Wilson."""
    for name, mix in (("C4", C4), ("FineWeb-Edu", EDU), ("twelve categories", TWELVE)):
        for n in (50, 200):
            counts = rng.multinomial(n, mix, replicates)
            for method, interval in (
                ("simultaneous", cached(simultaneous, len(mix))),
                ("Goodman", cached(goodman, len(mix))),
            ):
                yield CoverageRow(f"{n} documents, {name}", method, covered(counts, n, mix, interval))


def finite(rng: np.random.Generator, replicates: int) -> Iterator[CoverageRow]:
    """Simulate corpora of known size, read to a quarter, a half and whole, against Wilson's interval."""
    for size in (40, 100, 1_000):
        whole = np.array(rounded(C4, size))
        for part in (4, 2, 1):
            n = size // part
            counts = rng.multivariate_hypergeometric(whole, n, size=min(replicates, 10_000))
            for method, interval in (("hypergeometric", of_size(size)), ("Wilson, size unknown", wilson)):
                yield CoverageRow(
                    f"{n} of the {size:,} documents of a corpus",
                    method,
                    covered(counts, n, whole / size, interval),
                )


def kappas(rng: np.random.Generator, replicates: int) -> Iterator[CoverageRow]:
    """Simulate two readers of 100 documents at four true kappas: Fisher's z scale against the logit scale."""
    mix = np.array([0.4, 0.35, 0.25])
    for truth in (0.0, 0.2, 0.5, 0.75):
        cells = (1 - truth) * np.outer(mix, mix) + truth * np.diag(mix)
        tables = rng.multinomial(100, cells.ravel(), min(replicates, 10_000)).reshape(-1, 3, 3).tolist()
        by_z, by_logit = [], []
        for table in tables:
            kappa = cohen_kappa(table)
            assert kappa is not None
            by_z.append(kappa.interval is not None and holds(kappa.interval, truth))
            by_logit.append(covers_by_logit(kappa.value, kappa.standard_error, truth))
        for method, results in (("Fisher z", by_z), ("logit scale", by_logit)):
            yield CoverageRow(f"kappa {truth:g}, 100 documents", method, np.array(results)[:, None])


SCALES = {
    "0 to 5, most of it low": np.array([0.35, 0.35, 0.2, 0.07, 0.02, 0.01]),
    "0 to 5, nearly all 0": np.array([0.97, 0.02, 0.01, 0, 0, 0]),
    "0 to 5, evenly": np.full(6, 1 / 6),
}
"""Distributions over an ordinal scale."""


def scales(rng: np.random.Generator, replicates: int) -> Iterator[CoverageRow]:
    """Simulate the mean of an ordinal scale: MOVER over the shares of each number or more, against Student's t."""
    values = np.arange(6.0)
    for name, mix in SCALES.items():
        truth = float(mix @ values)
        for n in (50, 200):
            ours, by_t = [], []
            for counts in rng.multinomial(n, mix, min(replicates, 10_000)):
                above = counts[::-1].cumsum()[-2::-1]
                thresholds = [(count / n, wilson(int(count), n)) for count in above]
                ours.append(holds(mean_of_scale(values.tolist(), thresholds, n, 0.95)[1], truth))
                mean = counts @ values / n
                error = np.sqrt(counts @ (values - mean) ** 2 / (n - 1) / n)
                by_t.append(abs(mean - truth) <= stdtrit(n - 1, 0.975) * error)
            for method, results in (("MOVER", ours), ("Student's t", by_t)):
                yield CoverageRow(f"mean of {n}, {name}", method, np.array(results)[:, None])


def tokens(rng: np.random.Generator, replicates: int) -> Iterator[CoverageRow]:
    """Simulate shares of tokens: at each category's effective n, at one n for all, and at the number of documents."""
    for name, means in (("lengths alike", np.zeros(7)), ("lengths by category", LONGER)):
        truth = C4 * np.exp(means) / (C4 * np.exp(means)).sum()
        ours, pooled, plain = np.empty((3, replicates, 7), dtype=bool)
        for index in range(replicates):
            codes = rng.choice(7, 200, p=C4)
            lengths = np.exp(rng.normal(means[codes], SPREAD))
            estimate = weighted_shares(codes.tolist(), 7, weights=lengths.tolist())
            for k, (share, n) in enumerate(
                zip(estimate.shares, estimate.n_effective_by_category, strict=True)
            ):
                ours[index, k] = holds(wilson(share * n, n), truth[k])
                common = estimate.n_effective
                pooled[index, k] = holds(wilson(share * common, common), truth[k])
                plain[index, k] = holds(wilson(share * 200, 200), truth[k])
        yield CoverageRow(f"tokens of 200 documents, {name}", "Wilson at effective n", ours)
        yield CoverageRow(f"tokens of 200 documents, {name}", "Wilson at pooled n", pooled)
        yield CoverageRow(f"tokens of 200 documents, {name}", "Wilson at n", plain)


MIXTURES = (
    ((0.3, 0.2, 0.5), (200, 200, 200)),
    ((0.3, 0.2, 0.5), (50, 50, 50)),
    ((0.1, 0.1, 0.8), (300, 100, 50)),
    ((0.95, 0.05, 0.0), (50, 300, 50)),
    ((0.05, 0.0, 0.95), (300, 50, 50)),
    ((0.34, 0.33, 0.33), (300, 50, 100)),
)
"""Weights of C4, FineWeb and FineWeb-Edu in six mixtures, and labels of each."""
MIXTURE_REPLICATES = 20_000
"""Fewest samples of each mixture: its worst category has a target, and with 2,000 samples it varies by 0.6."""


def mixtures(rng: np.random.Generator, replicates: int) -> Iterator[CoverageRow]:
    """Simulate mixtures of three corpora: MOVER's interval for a weighted sum."""
    mixes = (C4, FINEWEB, EDU)
    interval = cache(wilson)
    for weights, sizes in MIXTURES:
        drawn = [
            rng.multinomial(n, mix, max(replicates, MIXTURE_REPLICATES)).tolist()
            for n, mix in zip(sizes, mixes, strict=True)
        ]
        truth = np.average(mixes, axis=0, weights=weights)
        hits = [
            [
                holds(
                    mixture_interval(
                        weights,
                        [count / n for count, n in zip(counts, sizes, strict=True)],
                        [interval(count, n) for count, n in zip(counts, sizes, strict=True)],
                    ),
                    share,
                )
                for *counts, share in zip(*rows_of_corpora, truth, strict=True)
            ]
            for rows_of_corpora in zip(*drawn, strict=True)
        ]
        of = " / ".join(f"{100 * weight:.0f} % of {n}" for weight, n in zip(weights, sizes, strict=True))
        yield CoverageRow(f"mixture: {of}", "MOVER, sum", np.array(hits))


def differences(rng: np.random.Generator, replicates: int) -> Iterator[CoverageRow]:
    """Simulate two corpora at three distances: Newcombe's interval of differences, and total variation."""
    for name, other in (("C4", C4), ("half FineWeb", (C4 + FINEWEB) / 2), ("FineWeb", FINEWEB)):
        counts, other_counts = rng.multinomial(200, C4, replicates), rng.multinomial(200, other, replicates)
        truth = other - C4
        shown = np.array(
            [
                [holds(difference(b, a), d) for a, b, d in zip(row, other_row, truth, strict=True)]
                for row, other_row in zip(counts.tolist(), other_counts.tolist(), strict=True)
            ]
        )
        yield CoverageRow(f"200 of C4 and of {name}", "Newcombe", shown)
        distance = np.abs(truth).sum() / 2
        distance_covered = [
            holds(total_variation(a, b, resamples=199, seed=index).interval, distance)
            for index, (a, b) in enumerate(zip(counts.tolist(), other_counts.tolist(), strict=True))
        ]
        yield CoverageRow(
            f"200 of C4 and of {name}",
            f"total variation ({distance:.3f})",
            np.array(distance_covered)[:, None],
        )


def false_alarms(rng: np.random.Generator, replicates: int) -> Iterator[tuple[str, float, float]]:
    """Simulate samples of one corpus: yield the design, and the percentage with a false verdict, now and before."""
    designs: tuple[tuple[str, Floats, tuple[int, ...]], ...] = (
        ("C4, 50 and 50", C4, (50, 50)),
        ("C4, 200 and 200", C4, (200, 200)),
        ("C4, 1,000 and 1,000", C4, (1_000, 1_000)),
        ("C4, 40 and 400", C4, (40, 400)),
        ("FineWeb-Edu, 200 and 200", EDU, (200, 200)),
        ("FineWeb-Edu, 50 and 400", EDU, (50, 400)),
        ("twelve categories, 40 and 400", TWELVE, (40, 400)),
        ("C4, three corpora of 200", C4, (200,) * 3),
        ("C4, four corpora of 200", C4, (200,) * 4),
    )
    for words, mix, sizes in designs:
        names = [f"category {i}" for i in range(len(mix))]
        wrong = wrong_before = 0
        for seed in range(replicates):
            counts = [rng.multinomial(n, mix).tolist() for n in sizes]
            arms = [Arm.of(str(i), distribution_of(names, count)) for i, count in enumerate(counts)]
            family = compare_family(list(combinations(arms, 2)), resamples=199, seed=seed)
            wrong += any(
                row.verdict is not Verdict.NOT_ESTABLISHED for pair in family for row in pair.differences
            )
            wrong_before += any(
                min(holm([score_p(a, n, b, m) for a, b in zip(one, other, strict=True)])) < 0.05
                for (one, n), (other, m) in combinations(zip(counts, sizes, strict=True), 2)
            )
        yield words, 100 * wrong / replicates, 100 * wrong_before / replicates


def guesses(corpora: int, planned: int = 200, plans: int = 200) -> tuple[float, float]:
    """Return how often somebody who counts what is left guesses the next corpus, now and with permuted blocks."""
    names = [f"corpus {i}" for i in range(corpora)]
    rates = []
    for version, block in ((ORDER_VERSION, planned), (1, 1)):
        right, total = 0.0, 0
        for seed in range(plans):
            order = QueueOrder(seed, dict.fromkeys(names, planned), version=version)
            positions = sorted((order.position(name, i), name) for name in names for i in range(planned))
            left = dict.fromkeys(names, block)
            for _, name in positions:
                if not any(left.values()):
                    left = dict.fromkeys(names, block)
                most = max(left.values())
                likeliest = [other for other in names if left[other] == most]
                right += (name in likeliest) / len(likeliest)
                left[name] -= 1
                total += 1
        rates.append(100 * right / total)
    return rates[0], rates[1]


def top_up_guesses(added: tuple[int, int], plans: int = 200) -> tuple[float, float]:
    """Return how often the next corpus is guessed in what is left and added, and in a plan of as many documents."""
    rates = []
    for changed in (True, False):
        right, total = 0, 0
        for seed in range(plans):
            shown = {"a": 100, "b": 100} if changed else {"a": 0, "b": 0}
            left = dict(zip("ab", (100 + added[0], 100 + added[1]), strict=True))
            targets = {name: shown[name] + left[name] for name in left}
            blocks = [QueueBlock(shown, {"a": 200, "b": 200})] if changed else []
            queue = QueueOrder(seed, targets, blocks=blocks).first(sum(targets.values()))
            for corpus in queue[sum(shown.values()) :]:
                right += max(left, key=left.__getitem__) == corpus
                left[corpus] -= 1
                total += 1
        rates.append(100 * right / total)
    return rates[0], rates[1]


def covered(
    counts: NDArray[np.int64], n: int, mix: Floats, interval: Callable[[int, int], Interval]
) -> Bools:
    """Return whether the interval of each count covers the share of the mix."""
    kept = cache(interval)
    return np.array(
        [[holds(kept(c, n), share) for c, share in zip(row, mix, strict=True)] for row in counts.tolist()]
    )


def covers_by_logit(kappa: float, error: float, truth: float) -> bool:
    """Return whether kappa's interval on the logit scale covers the truth; it exists within (0, 1) only."""
    if not 0 < kappa < 1:
        return False
    reach = normal_quantile(0.95) * error / (kappa * (1 - kappa))
    centre = np.log(kappa / (1 - kappa))
    low, high = (1 / (1 + np.exp(-np.clip(end, -700, 700))) for end in (centre - reach, centre + reach))
    return bool(low <= truth <= high)


def rounded(mix: Floats, size: int) -> list[int]:
    """Return whole counts of a corpus of this size with about this mix."""
    return restored(mix.tolist(), size)


def of_size(size: int) -> Callable[[int, int], Interval]:
    """Return the interval for a corpus of this size."""
    return lambda count, n: hypergeometric_mid_p(count, n, size)


def cached(
    interval: Callable[[float, float, int], Interval], categories: int
) -> Callable[[int, int], Interval]:
    """Return the interval for one of so many categories."""
    return lambda count, n: interval(count, n, categories)


def holds(interval: Interval, truth: float) -> bool:
    """Return whether the interval covers the truth; the tolerance is for shares exactly at an end."""
    return bool(interval.low - 1e-12 <= truth <= interval.high + 1e-12)


@cache
def difference(count: int, other_count: int) -> Interval:
    """Compute Newcombe's interval of two counts out of 200."""
    return newcombe(count, 200, other_count, 200)


@cache
def wald(count: int, n: int) -> Interval:
    """Compute the textbook interval, for contrast."""
    reach = normal_quantile(0.95) * np.sqrt(count / n * (1 - count / n) / n)
    return Interval(count / n - reach, count / n + reach, "Wald", 0.95)


if __name__ == "__main__":
    main()
