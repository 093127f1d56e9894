"""Tests of summaries of samples."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from corpuscope.errors import UsageError
from corpuscope.report.tables import bounds_words, share_cell, share_words
from corpuscope.stats.distribution import Weighting, distribution_of
from corpuscope.stats.reference import SEVEN, reference_named
from corpuscope.stats.sample import Provenance, Sample
from corpuscope.stats.summarise import summarise, why_not_counted
from corpuscope.stats.summary import Lengths, shared_warnings
from corpuscope.tui.charts.shares import share_numbers

C4 = reference_named("c4").counts
FINEWEB = reference_named("fineweb").counts

PROVENANCE = Provenance(
    dataset="allenai/c4 en train",
    revision="1588ec4",
    seed="17",
    uniformity="uniform over the first 48 rows of every shard",
    annotators=("ada",),
    planned=200,
)


def sample(**changes: object) -> Sample:
    """Make a sample of 203 labels of C4 with every field set."""
    rng = np.random.default_rng(5)
    counts_only = Sample.of_counts("C4", SEVEN, C4, PROVENANCE)
    lengths = np.exp(rng.normal(7, 1.1, 203)).astype(int)
    full = replace(
        counts_only,
        tokens=tuple((lengths / 4).tolist()),
        lengths=tuple(lengths.tolist()),
        reading_seconds=(6.0, 12.0),
        skips=3,
        bookmarks=2,
        draws=tuple(range(203)),
    )
    return replace(full, **changes)  # type: ignore[arg-type]


def test_a_summary_needs_only_counts() -> None:
    summary = summarise([Sample.of_counts("C4", SEVEN, C4)])
    (c4,) = summary.corpora
    assert c4.distribution == distribution_of(SEVEN, C4)
    assert c4.lengths == (None,) * 7
    assert c4.seconds_per_label is None
    assert c4.caption == (
        "n = 203",
        "shares of documents",
        "95 % intervals (Wilson)",
        "widest interval ±6.5 pp",
        "ranks tied unless an exact binomial test of the two counts separates them at 95 %",
        "simple random sample",
    )


def test_the_caption_states_n_dataset_revision_seed_method_precision_design_and_annotator() -> None:
    (c4,) = summarise([sample()], level=0.9, interval="simultaneous").corpora
    assert c4.caption == (
        "n = 203",
        "allenai/c4 en train",
        "revision 1588ec4",
        "seed 17",
        "shares of documents",
        "3 beyond the 200 planned",
        "of the documents not skipped (3 skipped)",
        "90 % intervals (Clopper-Pearson, all categories at once)",
        "widest interval ±8.4 pp",
        "ranks tied unless an exact binomial test of the two counts separates them at 90 %",
        "simple random sample",
        "uniform over the first 48 rows of every shard",
        "as read by ada",
    )
    assert (c4.skips, c4.bookmarks) == (3, 2)


def test_shares_of_tokens_state_the_effective_n() -> None:
    (c4,) = summarise([sample()], weighting="tokens").corpora
    assert c4.distribution.weighting == "tokens"
    assert c4.distribution.n == 203
    assert 30 < c4.distribution.n_effective < 120
    assert c4.caption[0] == f"n = 203 (counts as {c4.distribution.n_effective:.0f})"
    assert "shares of tokens" in c4.caption


def test_a_document_counts_by_its_size_times_its_weight() -> None:
    two = replace(Sample.of_counts("web", ("News", "Forum"), (1, 1)), tokens=(30.0, 10.0), weights=(1.0, 3.0))
    for weighting, shares in (("documents", [0.25, 0.75]), ("tokens", [0.5, 0.5])):
        (corpus,) = summarise([two], weighting=weighting).corpora  # type: ignore[arg-type]
        assert [share.share for share in corpus.distribution.shares] == pytest.approx(shares)


@pytest.mark.parametrize(("heaviest", "is_doubted"), [(0.049, False), (0.051, True)])
def test_one_document_that_holds_a_twentieth_of_all_tokens_is_doubted(
    heaviest: float, is_doubted: bool
) -> None:
    tokens = (heaviest, *((1 - heaviest) / 99,) * 99)
    one = replace(Sample.of_counts("web", ("News", "Forum"), (50, 50)), tokens=tokens)
    (corpus,) = summarise([one], weighting="tokens").corpora
    assert corpus.heaviest == pytest.approx(heaviest)
    assert any("One document holds" in warning for warning in corpus.warnings) is is_doubted
    (census,) = summarise([replace(one, documents=100)], weighting="tokens").corpora
    assert census.warnings == ()


@pytest.mark.parametrize(
    ("changes", "weighting", "words"),
    [
        ({}, "documents", ""),
        ({}, "tokens", ""),
        (
            {"tokens": None},
            "tokens",
            "C4 has no token counts (--tokens names their column when labelling begins), so",
        ),
        (
            {"tokens": None, "uncounted": 203},
            "tokens",
            "C4 has no token counts (--tokens names their column when",
        ),
        (
            {"tokens": None, "uncounted": 1},
            "tokens",
            "1 of 203 labelled documents of C4 has no token count, so its",
        ),
        (
            {"tokens": None, "uncounted": 2},
            "tokens",
            "2 of 203 labelled documents of C4 have no token count, so its",
        ),
        (
            {"lengths": None},
            "characters",
            "C4 has no lengths, so its shares can be counted in documents only",
        ),
        ({"pending": 3}, "documents", ""),
        (
            {"pending": 3},
            "tokens",
            "C4 has labels that await a new reading, so its shares can be bounded in documents",
        ),
    ],
)
def test_why_a_sample_cannot_be_counted_in_a_unit_is_said(
    changes: dict[str, object], weighting: Weighting, words: str
) -> None:
    reason = why_not_counted(sample(**changes), weighting)
    assert reason.startswith(words) if words else reason == ""


def test_without_labels_there_is_nothing_to_count() -> None:
    empty = Sample("web", ("News",), ())
    assert why_not_counted(empty, "tokens") == "web has no labels, so there are no tokens to count"
    assert why_not_counted(empty, "documents") == ""


def test_skips_have_bounds_in_shares_of_documents_that_count_alike() -> None:
    skipped = sample(skips=20)
    (c4,) = summarise([skipped]).corpora
    assert c4.distribution.shares[1].bounds == (73 / 223, 93 / 223)
    assert c4.with_bounds
    assert c4.warnings[0].endswith("The skipped ones could move a share by at most 8.7 points.")
    weighted = summarise([sample(skips=20, weights=tuple(1 + i % 3 for i in range(203)))]).corpora[0]
    for corpus in (*summarise([skipped], weighting="tokens").corpora, weighted):
        assert not corpus.with_bounds
        assert corpus.warnings[0].endswith(
            "were skipped (9.0 %): shares and intervals are of the documents that were not skipped. How far the "
            "skipped ones could move them is not known, since documents do not count alike."
        )


def test_skips_of_several_corpora_are_one_warning() -> None:
    first, second = sample(skips=20), replace(sample(skips=30), corpus="web")
    weighted = replace(sample(skips=20, weights=tuple(1 + i % 3 for i in range(203))), corpus="books")
    (warning,) = shared_warnings(summarise([first, sample(), second]).corpora)
    assert warning == (
        "20 of 223 documents of C4 (9.0 %) and 30 of 233 of web (12.9 %) were skipped: shares and intervals are of the "
        "documents that were not skipped. The skipped ones could move a share by at most 8.7 points in C4 and "
        "12.6 points in web."
    )
    (warning,) = shared_warnings(summarise([first, weighted]).corpora)
    assert warning.endswith(
        "by at most 8.7 points in C4. How far the skipped ones of books could move them is not known, since documents "
        "do not count alike."
    )


def test_labels_that_await_a_new_reading_were_shown_and_not_skipped() -> None:
    (c4,) = summarise([sample(skips=20, pending=177)]).corpora
    assert c4.warnings[0].startswith("20 of 400 documents of C4 were skipped (5.0 %)")
    educational = c4.distribution.shares[0]
    assert share_words(educational, c4.distribution) == "6.3 to 52.9 %"  # 24 and 24 + 177 of 380
    assert share_cell(educational, c4.distribution) == "between 6.3 and 52.9"
    assert share_numbers(educational, c4.distribution) == ("24", "within", "6.3-52.9")
    assert bounds_words(educational) == "6.0 to 55.2 %"  # 24 and 24 + 177 + 20 of 400


def test_equal_tokens_give_the_shares_of_documents() -> None:
    documents = summarise([sample()]).corpora[0].distribution
    tokens = summarise([sample(tokens=(7.0,) * 203)], weighting="tokens").corpora[0].distribution
    for one, other in zip(documents.shares, tokens.shares, strict=True):
        assert one.share == pytest.approx(other.share)
        assert (one.interval.low, one.interval.high) == pytest.approx(
            (other.interval.low, other.interval.high)
        )


def test_weights_are_named_in_the_design() -> None:
    weights = tuple(1 + i % 3 for i in range(203))
    designs = [
        summarise([variant]).corpora[0].design
        for variant in (
            sample(),
            sample(weights=weights),
            sample(weights=weights, provenance=Provenance(design="first rows of a few shards")),
        )
    ]
    assert designs == [
        "simple random sample",
        "unequal inclusion probabilities",
        "first rows of a few shards",
    ]


def test_lengths_are_the_quartiles_of_each_category() -> None:
    codes, lengths = (0, 0, 0, 0, 1), (10, 20, 30, 40, 7)
    (corpus,) = summarise([Sample("C4", ("a", "b", "c"), codes, lengths=lengths)]).corpora
    assert corpus.lengths == (Lengths(17.5, 25, 32.5), Lengths(7, 7, 7), None)


def test_the_budget_for_a_half_width_uses_the_annotators_own_pace() -> None:
    budget = summarise([sample()]).corpora[0].budget_for(0.05)
    # 351 at the share of .36 itself, which in one case of five is nearer to one half than .388
    assert (budget.labels, budget.left) == (362, 159)
    assert budget.minutes == 159 * 9 / 60


@pytest.mark.parametrize("n", [0, 1, 19])
def test_the_budget_at_few_labels_assumes_a_share_of_one_half(n: int) -> None:
    assert summarise([Sample("C4", SEVEN, (0,) * n)]).corpora[0].budget_for(0.05).labels == 381


def test_intervals_for_all_categories_at_once_need_more_labels() -> None:
    wilson, simultaneous = (
        summarise([sample()], interval=kind).corpora[0].budget_for(0.05).labels
        for kind in ("wilson", "simultaneous")
    )
    assert simultaneous > 1.5 * wilson


def test_comparisons_are_provisional_until_both_corpora_have_the_planned_labels() -> None:
    fineweb = Sample.of_counts("FineWeb", SEVEN, FINEWEB, PROVENANCE)
    assert not summarise([sample(), fineweb]).compare()[0].provisional
    short = replace(fineweb, provenance=replace(PROVENANCE, planned=201))
    assert summarise([sample(), short]).compare()[0].provisional
    unplanned = replace(fineweb, provenance=replace(PROVENANCE, planned=None))
    assert summarise([sample(), unplanned]).compare()[0].provisional


def test_the_planned_labels_stand_for_as_many_documents_as_all_labels() -> None:
    (c4,) = summarise([sample(documents=900, skips=97, provenance=replace(PROVENANCE, planned=100))]).corpora
    assert (c4.distribution.n, c4.distribution.population) == (203, 609)
    assert (c4.decisive.n, c4.decisive.population) == (100, 609)


def test_every_pair_of_corpora_is_compared_once_in_order() -> None:
    samples = [Sample.of_counts(name, "ab", (5, 6)) for name in ("x", "y", "z")]
    pairs = [(comparison.first, comparison.second) for comparison in summarise(samples).compare()]
    assert pairs == [("x", "y"), ("x", "z"), ("y", "z")]


def test_a_corpus_without_labels_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"(?s)no labels of 'c44'.*did you mean C4"):
        summarise([sample()]).of("c44")


def test_weighting_by_unknown_tokens_is_an_error() -> None:
    with pytest.raises(UsageError, match="C4 has no token counts"):
        summarise([sample(tokens=None)], weighting="tokens")


def test_an_unknown_interval_is_an_error_even_without_samples() -> None:
    with pytest.raises(UsageError, match="no interval called 'wald'"):
        summarise([], interval="wald")


def test_a_summary_is_immutable() -> None:
    with pytest.raises(FrozenInstanceError):
        summarise([sample()]).corpora[0].skips = 4  # type: ignore[misc]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"codes": (7,) * 203}, "beyond its 7 categories"),
        ({"tokens": (1.0,)}, "203 labels but 1 tokens"),
        ({"categories": ()}, "no categories"),
    ],
)
def test_an_inconsistent_sample_is_an_error(changes: dict[str, object], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        sample(**changes)


def test_a_summary_of_documents_loads_neither_numpy_nor_scipy() -> None:
    program = (
        "import sys; from corpuscope.stats.summarise import summarise; "
        "from corpuscope.stats.sample import Sample; "
        "summarise([Sample.of_counts('x', 'ab', (3, 4))]); "
        "print({'numpy', 'scipy'} & set(sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert result.stdout == "set()\n"
