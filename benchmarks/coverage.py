"""Simulate the coverage of the intervals, beside that of simpler methods.

    python benchmarks/coverage.py [--quick]

Each row draws samples from a corpus whose mix is known, C4's or one between two published ones, and counts
how often its intervals cover the true shares: on average over the categories, in the worst category, and in
all of them at once. The ± is the Monte-Carlo standard error of the average; that of the others is printed below.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from benchmarks import rows
from benchmarks.rows import add_row
from numpy.typing import NDArray

from corpuscope.stats.comparison import Verdict, compare
from corpuscope.stats.distance import total_variation
from corpuscope.stats.distribution import distribution_of
from corpuscope.stats.intervals import Interval, goodman, newcombe, normal_quantile, wilson
from corpuscope.stats.reference import SEVEN, reference_named
from corpuscope.stats.weighted import weighted_shares

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

C4: Floats = np.array(reference_named("c4").counts) / 203
FINEWEB: Floats = np.array(reference_named("fineweb").counts) / 200
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
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    replicates = 2_000 if arguments.quick else 50_000
    rng = np.random.default_rng(arguments.seed)
    start = time.perf_counter()
    print(f"{replicates:,} replicates, level 95 %, seed {arguments.seed}\n")
    print(f"{'drawn':<48}{'interval':<26}{'average':>15}{'worst':>8}{'all':>8}")
    for study in (simple, tokens, clusters, differences):
        for row in study(rng, replicates):
            average = row.covered.mean(axis=1)
            error = average.std() / np.sqrt(replicates)
            add_row(_benchmark_row(row, 100 * average.mean()))
            print(
                f"{row.scenario:<48}{row.method:<26}{100 * average.mean():>8.2f} ± {100 * error:.2f}"
                f"{100 * row.covered.mean(axis=0).min():>8.1f}{100 * row.covered.all(axis=1).mean():>8.1f}"
            )
    print(f"\nstandard error of a 'worst' or 'all' of 95 %: {100 * np.sqrt(0.95 * 0.05 / replicates):.2f}")
    print(f"false alarms: {false_alarms(rng, replicates // 10)}")
    print(f"{time.perf_counter() - start:.0f} s")


def _benchmark_row(row: CoverageRow, average: float) -> rows.BenchmarkRow:
    """Convert to a benchmark row; the intervals that corpuscope prints need 93.5 % coverage, the others nothing."""
    ours = not row.method.endswith(("Wald", "at n", "pooled n"))
    what = f"{row.scenario}: % covered by {row.method}"
    return rows.BenchmarkRow(what, "nominal 95", average, ">=", 93.5 if ours else None)


def simple(rng: np.random.Generator, replicates: int) -> Iterator[CoverageRow]:
    """Simulate simple random samples: Wilson against Wald, and Goodman for all categories at once."""
    for n in (50, 200, 600):
        counts = rng.multinomial(n, C4, replicates)
        for method, interval in (("Wilson", wilson), ("Goodman", goodman_of_seven), ("Wald", wald)):
            yield CoverageRow(f"{n} documents of C4", method, covered(counts, n, interval))


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


def clusters(rng: np.random.Generator, replicates: int) -> Iterator[CoverageRow]:
    """Simulate documents drawn by row groups whose mixes differ: at the effective n, and at the number of documents."""
    for groups, size, icc in ((20, 10, 0.05), (20, 10, 0.2), (100, 2, 0.2)):
        n = groups * size
        ours, plain = np.empty((2, replicates, 7), dtype=bool)
        members = np.repeat(np.arange(groups), size).tolist()
        for index in range(replicates):
            mixes = rng.dirichlet(C4 * (1 / icc - 1), groups)
            by_group = rng.multinomial(size, mixes)
            codes = np.concatenate([np.repeat(np.arange(7), counts) for counts in by_group]).tolist()
            estimate = weighted_shares(codes, 7, clusters=members)
            pairs = zip(estimate.shares, estimate.n_effective_by_category, strict=True)
            for k, (share, effective) in enumerate(pairs):
                ours[index, k] = holds(wilson(share * effective, effective), C4[k])
                plain[index, k] = holds(wilson(share * n, n), C4[k])
        yield CoverageRow(f"{groups} row groups x {size}, ICC {icc}", "Wilson at effective n", ours)
        yield CoverageRow(f"{groups} row groups x {size}, ICC {icc}", "Wilson at n", plain)


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


def false_alarms(rng: np.random.Generator, replicates: int) -> str:
    """Simulate how often two samples of one corpus get a verdict, or a headline, of a difference."""
    verdicts = headlines = 0
    for seed in range(replicates):
        first, second = (distribution_of(SEVEN, rng.multinomial(200, C4).tolist()) for _ in range(2))
        comparison = compare(first, second, names=("a", "b"), provisional=False, resamples=999, seed=seed)
        verdicts += any(row.verdict is not Verdict.NOT_SHOWN for row in comparison.differences)
        headlines += comparison.test.p < 0.05
    rates = [100 * count / replicates for count in (verdicts, headlines)]
    error = 100 * np.sqrt(0.05 * 0.95 / replicates)
    return (
        f"a verdict in {rates[0]:.1f} %, a headline in {rates[1]:.1f} % "
        f"of {replicates:,} pairs of equal corpora (± {error:.1f})"
    )


def covered(counts: NDArray[np.int64], n: int, interval: Callable[[int, int], Interval]) -> Bools:
    """Return whether the interval of each count covers C4's share."""
    return np.array(
        [[holds(interval(c, n), share) for c, share in zip(row, C4, strict=True)] for row in counts.tolist()]
    )


def holds(interval: Interval, truth: float) -> bool:
    """Return whether the interval covers the truth; the tolerance is for shares exactly at an end."""
    return bool(interval.low - 1e-12 <= truth <= interval.high + 1e-12)


@cache
def difference(count: int, other_count: int) -> Interval:
    """Compute Newcombe's interval of two counts out of 200."""
    return newcombe(count, 200, other_count, 200)


@cache
def goodman_of_seven(count: int, n: int) -> Interval:
    """Compute Goodman's interval for one of seven categories."""
    return goodman(count, n, 7)


@cache
def wald(count: int, n: int) -> Interval:
    """Compute the textbook interval, for contrast."""
    reach = normal_quantile(0.95) * np.sqrt(count / n * (1 - count / n) / n)
    return Interval(count / n - reach, count / n + reach, "Wald", 0.95)


if __name__ == "__main__":
    main()
