"""Simulate assisted shares on generated corpora of known shares, beside those of the labels alone.

    python -m benchmarks.assisted [--replicates 500] [--documents 8000] [--pool 5000] [--only documents tokens ...]

A corpus has seven categories with C4's mix. Each prefers some of 24 topics and some style words, which others use too;
one label in eight is that of another category, as people give them; lengths spread as C4's. "worth" is the number of
labels that give the same mean squared error without the classifier; "printed" is what the tool says on average. The
corpus stands for an endless one: the pool is drawn with replacement from the documents without a label.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from benchmarks.rows import BenchmarkRow, add_row
from numpy.typing import NDArray

from corpuscope.corpora.parse import corpus_for
from corpuscope.domain.clock import Clock, EventIds
from corpuscope.domain.label import Event, EventKind
from corpuscope.learning.features import features_of
from corpuscope.learning.kernel_ridge import NEAR, fit_kernel_ridge
from corpuscope.learning.ridge import cosines
from corpuscope.ledger.write.writer import LedgerWriter
from corpuscope.sampling.feed.open import draw_lookup, source_for
from corpuscope.sampling.plan import Plan
from corpuscope.sampling.plan_file import save_plan
from corpuscope.stats.assisted import assisted_shares, pool_means
from corpuscope.stats.intervals import wilson
from corpuscope.stats.mixture import mixture_interval
from corpuscope.stats.reference import SEVEN, reference_named
from corpuscope.stats.weighted import normal_over_t, weighted_shares

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]

C4: Floats = np.array(reference_named("c4").counts) / 203
COMMON, TOPICS, TOPIC_WORDS, STYLE_WORDS = 3_000, 24, 150, 30
"""Words that all share, topics, words of each topic, and style words of each category."""
SPREAD = 1.105
"""Standard deviation of log length at which 200 documents count as 59 by tokens, as they do in C4."""
LONGER: Floats = np.array([0.5, -0.3, 0.3, 0.2, 0.5, -0.6, -0.6])
"""Mean log length by category, as in `coverage`."""
OTHERWISE = 0.125
"""Fraction of labels that name another category than the text was made for."""


@dataclass(frozen=True)
class Population:
    """A corpus of which everything is known."""

    codes: Ints
    """Label of each document."""
    lengths: Floats
    """Words of each document."""
    cosines: NDArray[np.float32]
    """Similarity of each document with each."""


@dataclass(frozen=True)
class Outcome:
    """What the replicates of one design gave, a row per replicate and a column per category."""

    truth: Floats
    """True shares."""
    own: Floats
    """Shares by the labels alone."""
    assisted: Floats
    """Assisted shares."""
    own_covered: NDArray[np.bool_]
    """Whether the labels' own interval covers."""
    covered: NDArray[np.bool_]
    """Whether the assisted interval covers."""
    widths: Floats
    """Width of the assisted interval relative to the labels' own."""
    gains: Floats
    """Gain that the tool prints for all categories together, one per replicate."""
    n_effective: Floats
    """Effective n of each assisted share."""
    least: float | None = None
    """Labels that one label has to be worth; None where that is only reported."""


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--replicates", type=int, default=500)
    parser.add_argument("--documents", type=int, default=8_000)
    parser.add_argument("--pool", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=[*PARTS, "cost"], default=[*PARTS, "cost"])
    arguments = parser.parse_args()
    rng = np.random.default_rng(arguments.seed)
    began = time.perf_counter()
    if set(arguments.only) & set(PARTS):
        print(
            f"{arguments.documents:,} documents, pool {arguments.pool:,}, {arguments.replicates:,} replicates"
        )
        heading = f"{'shares of':<46}{'worth':>7}{'printed':>9}{'cover %':>9}{'worst':>7}{'best':>7}"
        print(f"{heading}{'own %':>8}{'worst':>7}{'width':>7}{'bias pp':>9}")
    for name in arguments.only:
        if name == "cost":
            cost(arguments.pool)
            continue
        for words, n, outcome in PARTS[name](rng, arguments):
            show(words, n, outcome)
    print(f"{time.perf_counter() - began:.0f} s")


def show(words: str, n: int, outcome: Outcome) -> None:
    """Print one row and hand it to `make bench`."""
    used = outcome.truth > 0
    own_error = ((outcome.own - outcome.truth) ** 2)[:, used].mean()
    error = ((outcome.assisted - outcome.truth) ** 2)[:, used].mean()
    covered, own = 100 * outcome.covered.mean(axis=0)[used], 100 * outcome.own_covered.mean(axis=0)[used]
    bias = 100 * np.abs(outcome.assisted.mean(axis=0) - outcome.truth).max()
    worth = n * own_error / error
    print(
        f"{words:<46}{worth:>7.0f}{n * outcome.gains.mean():>9.0f}{covered.mean():>9.1f}{covered.min():>7.1f}"
        f"{covered.max():>7.1f}{own.mean():>8.1f}{own.min():>7.1f}{outcome.widths.mean():>7.2f}{bias:>9.2f}",
        flush=True,
    )
    add_row(BenchmarkRow(f"{words}: labels worth", f"{n} labels", worth / n, ">=", outcome.least))
    add_row(BenchmarkRow(f"{words}: % covered, worst category", "nominal 95", covered.min(), ">=", 92.0))


def generated(rng: np.random.Generator, documents: int, signal: float) -> tuple[list[str], Ints, Floats]:
    """Generate texts with their labels and lengths; `signal` scales how much words say about the category."""
    made_for = rng.choice(7, documents, p=C4 / C4.sum())
    preferences = rng.dirichlet(np.full(TOPICS, 0.4), 7)
    lengths = (
        np.exp(np.log(160) + LONGER[made_for] + rng.normal(0, SPREAD, documents)).clip(8, 2_500).astype(int)
    )
    zipf = 1 / (np.arange(COMMON) + 3.0)
    common = rng.choice(COMMON, int(lengths.sum()), p=zipf / zipf.sum())
    texts, start = [], 0
    for category, length in zip(made_for.tolist(), lengths.tolist(), strict=True):
        words = common[start : start + length].astype(object)
        start += length
        kind = rng.random(length)
        topics = rng.choice(TOPICS, length, p=preferences[category])
        # a document keeps to two topics
        topics = np.where(rng.random(length) < 0.6, topics[0], topics[-1])
        number = rng.integers(TOPIC_WORDS, size=length)
        words = np.where(kind < 0.15, COMMON + topics * TOPIC_WORDS + number, words)
        style = rng.integers(STYLE_WORDS, size=length) + STYLE_WORDS * category
        words = np.where(kind > 1 - 0.03 * signal, COMMON + TOPICS * TOPIC_WORDS + style, words)
        texts.append(" ".join(f"w{word}" for word in words))
    codes = np.where(rng.random(documents) < OTHERWISE, rng.choice(7, documents, p=C4 / C4.sum()), made_for)
    return texts, codes, lengths.astype(float)


def population(
    rng: np.random.Generator, documents: int, signal: float = 1.0, copies: float = 0.0
) -> Population:
    """Generate a corpus, of which a fraction `copies` are the same short text of category 5."""
    texts, codes, lengths = generated(rng, documents, signal)
    for i in np.flatnonzero(rng.random(documents) < copies).tolist():
        texts[i], codes[i], lengths[i] = "the page that you asked for could not be found", 5, 10
    rows = features_of(texts)
    similar = np.empty((documents, documents), np.float32)
    for start in range(0, documents, 1_000):
        similar[start : start + 1_000] = cosines(rows[start : start + 1_000], rows)
    return Population(codes, lengths, similar)


def simulate(
    rng: np.random.Generator,
    corpus: Population,
    n: int,
    arguments: argparse.Namespace,
    *,
    tokens: bool = False,
    near: float = NEAR,
    without_texts_of_labels: bool = False,
    accuracy: float | None = None,
) -> Outcome:
    """Draw labels and pools again and again, and estimate.

    `near` above 1 treats every document as one of its own; `without_texts_of_labels` leaves copies of labelled texts
    out of the pool; `accuracy` adds the answers of a reader who is right that often.
    """
    weight = corpus.lengths if tokens else np.ones(len(corpus.codes))
    truth = np.bincount(corpus.codes, weight, 7) / weight.sum()
    size, replicates = len(corpus.codes), arguments.replicates
    answers = None
    if accuracy is not None:
        answered = np.where(rng.random(size) < accuracy, corpus.codes, rng.integers(0, 7, size))
        answers = np.eye(7)[answered]
    own, assisted, widths, effective = np.empty((4, replicates, 7))
    own_covered, covered = np.empty((2, replicates, 7), bool)
    gains = np.empty(replicates)
    for i in range(replicates):
        labelled, pool = drawn(rng, corpus, n, arguments.pool)
        if without_texts_of_labels:
            pool = pool[corpus.cosines[np.ix_(pool, labelled)].max(axis=1) < 0.9999]
        codes = corpus.codes[labelled].tolist()
        ridge = fit_kernel_ridge(
            corpus.cosines[np.ix_(labelled, labelled)].astype(float),
            codes,
            7,
            answers=None if answers is None else answers[labelled],
            near=near,
        )
        distinct, which = np.unique(pool, return_inverse=True)
        scores = ridge.predict(
            corpus.cosines[np.ix_(distinct, labelled)].astype(float),
            None if answers is None else answers[distinct],
        )[which]
        weights = weight[labelled].tolist() if tokens else None
        labels = weighted_shares(codes, 7, weights=weights)
        result = assisted_shares(
            codes,
            ridge.held_out,
            pool_means(scores, weights=weight[pool] if tokens else None),
            labels.n_effective_by_category,
            weights=weights,
        )
        if tokens:
            result = result.with_gains_times(normal_over_t(labels.n_kish - 1, 0.95))
        own[i], assisted[i], gains[i] = labels.shares, result.shares, result.gain
        effective[i] = result.n_effective
        for k in range(7):
            before = wilson(
                labels.shares[k] * labels.n_effective_by_category[k], labels.n_effective_by_category[k]
            )
            after = wilson(result.shares[k] * result.n_effective[k], result.n_effective[k])
            own_covered[i, k] = before.low <= truth[k] <= before.high
            covered[i, k] = after.low <= truth[k] <= after.high
            widths[i, k] = after.half_width / before.half_width
    return Outcome(truth, own, assisted, own_covered, covered, widths, gains, effective)


def mixed(parts: Sequence[tuple[Outcome, int]], weights: Sequence[float]) -> Outcome:
    """Mix corpora, each with its number of labels, by MOVER of their own intervals."""

    def total(rows: Sequence[Floats]) -> Floats:
        return sum((weight * row for weight, row in zip(weights, rows, strict=True)), np.zeros(()))

    truth = total([outcome.truth for outcome, _ in parts])
    own = total([outcome.own for outcome, _ in parts])
    assisted = total([outcome.assisted for outcome, _ in parts])
    covers, widths = np.empty((2, *own.shape), bool), np.empty((2, *own.shape))
    for i, k in np.ndindex(own.shape):
        alone = [(float(outcome.own[i, k]), float(n)) for outcome, n in parts]
        helped = [(float(outcome.assisted[i, k]), float(outcome.n_effective[i, k])) for outcome, _ in parts]
        for j, of in enumerate((alone, helped)):
            intervals = [wilson(share * n, n) for share, n in of]
            interval = mixture_interval(weights, [share for share, _ in of], intervals)
            covers[j, i, k] = interval.low <= truth[k] <= interval.high
            widths[j, i, k] = interval.half_width
    gains = np.mean([outcome.gains for outcome, _ in parts], axis=0)
    return Outcome(truth, own, assisted, covers[0], covers[1], widths[1] / widths[0], gains, np.empty(0))


def drawn(rng: np.random.Generator, corpus: Population, n: int, pool: int) -> tuple[Ints, Ints]:
    """Draw the labelled documents, and the pool from the others with replacement."""
    order = rng.permutation(len(corpus.codes))
    return order[:n], rng.choice(order[n:], pool)


Rows = Iterator[tuple[str, int, Outcome]]


def by_documents(rng: np.random.Generator, arguments: argparse.Namespace) -> Rows:
    """Simulate shares of documents, in corpora that words tell apart less and more."""
    for words, signal in (("as people's labels of web pages", 1.0), ("clearer", 3.0)):
        corpus = population(rng, arguments.documents, signal)
        for n in (100, 200, 400) if signal == 1 else (200,):
            yield f"documents, {words}, n = {n}", n, simulate(rng, corpus, n, arguments)


def by_tokens(rng: np.random.Generator, arguments: argparse.Namespace) -> Rows:
    """Simulate shares of tokens."""
    corpus = population(rng, arguments.documents)
    for n in (100, 200, 400):
        yield f"tokens, n = {n}", n, simulate(rng, corpus, n, arguments, tokens=True)


def with_copies(rng: np.random.Generator, arguments: argparse.Namespace) -> Rows:
    """Simulate a corpus in which one document in ten is the same text, under three rules for copies."""
    corpus = population(rng, arguments.documents, copies=0.1)
    for words, rule in (
        ("in one fold on both sides", {}),
        ("each on its own", {"near": 2.0}),
        ("out of the pool", {"without_texts_of_labels": True}),
    ):
        yield f"10 % copies, {words}", 200, simulate(rng, corpus, 200, arguments, **rule)


def with_answers(rng: np.random.Generator, arguments: argparse.Namespace) -> Rows:
    """Simulate the answers of a language model as further features, right as often as said, else at random."""
    corpus = population(rng, arguments.documents)
    for accuracy, least in ((0.67, 1.6), (0.83, 2.3), (0.92, 3.5)):
        outcome = simulate(rng, corpus, 200, arguments, accuracy=accuracy)
        words = f"with answers right in {100 * accuracy:.0f} %, n = 200"
        yield words, 200, replace(outcome, least=least)


def in_mixtures(rng: np.random.Generator, arguments: argparse.Namespace) -> Rows:
    """Simulate mixtures of three corpora, each with a classifier of its own."""
    parts = []
    for signal, n in ((1.0, 200), (2.0, 100), (1.0, 200)):
        parts.append((simulate(rng, population(rng, arguments.documents, signal), n, arguments), n))
    for weights in ((0.3, 0.2, 0.5), (0.1, 0.1, 0.8), (0.45, 0.45, 0.1)):
        words = "/".join(f"{100 * weight:.0f}" for weight in weights)
        yield f"mixture {words}, n = 200, 100, 200", 500, mixed(parts, weights)


PARTS: dict[str, Callable[[np.random.Generator, argparse.Namespace], Rows]] = {
    "documents": by_documents,
    "tokens": by_tokens,
    "copies": with_copies,
    "answers": with_answers,
    "mixtures": in_mixtures,
}
"""Parts of the table by their name on the command line."""


def cost(pool: int) -> None:
    """Measure `corpuscope estimate` with 200 labels: first with an empty pool, then with the pool drawn."""
    with tempfile.TemporaryDirectory(prefix="corpuscope-assisted-") as name:
        folder = Path(name)
        study(folder, pool + 200)
        print(f"\n{'corpuscope estimate, 200 labels':<46}{'s':>7}{'CPU s':>7}{'MB':>7}")
        for words in (f"drawing {pool:,} documents of a local file", "with the pool drawn"):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            began = time.perf_counter()
            command = [
                "-m",
                "corpuscope",
                "estimate",
                "web",
                "--pool",
                str(pool),
                "--labels",
                str(folder / "labels"),
            ]
            subprocess.run([sys.executable, *command], check=True, capture_output=True, cwd=folder)
            seconds = time.perf_counter() - began
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            megabytes = after.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
            print(f"{words:<46}{seconds:>7.1f}{cpu:>7.1f}{megabytes:>7.0f}", flush=True)
        add_row(BenchmarkRow(f"estimate, 200 labels and a pool of {pool:,}: CPU seconds", "", cpu, "<=", 10))
        add_row(BenchmarkRow("estimate: peak MB", "", megabytes, "<=", 450))


def study(folder: Path, documents: int, files: int = 1) -> int:
    """Write a generated corpus called web and the labels of its first 200 draws; return its characters."""
    texts, codes, _ = generated(np.random.default_rng(1), documents, 1.0)
    (folder / "web").mkdir()
    for number in range(files):
        lines = (json.dumps({"text": text}) + "\n" for text in texts[number::files])
        (folder / "web" / f"{number:02d}.jsonl").write_text("".join(lines))
    label = dict(zip(texts, codes.tolist(), strict=True))
    corpus = corpus_for(str(folder / "web"))
    document = draw_lookup(corpus, seed=1, cache_folder=folder / "cache")
    revision = source_for(corpus, None, folder / "cache").manifest().revision
    clock = Clock()
    ids, now = EventIds(clock), clock.now()
    with LedgerWriter.open(folder / "labels", "s", clock) as writer:
        for draw in range(200):
            shown = document(draw)
            assert shown is not None
            category = SEVEN[label[shown.text]]
            event = Event(ids.next(), "s", "ann", now, EventKind.LABEL, shown, category=category)
            writer.append(event)
    plan = Plan(1).with_corpus(corpus, target=200).with_revision(corpus.key, revision)
    save_plan(plan, folder / "labels" / "plan.json")
    return sum(map(len, texts))


if __name__ == "__main__":
    main()
