"""Tests of what is said about a comparison whose number of labels was changed, or that goes through a cross-walk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpuscope.analysis.comparisons import compare_corpora, summarise_countable
from corpuscope.analysis.protocol import LabelConditions, LabellingProtocol
from corpuscope.analysis.references import references_named
from corpuscope.stats.reference import SEVEN
from corpuscope.stats.sample import Provenance, Sample

BLIND = LabellingProtocol(tuple(LabelConditions(corpus, "ann", True) for corpus in ("web", "books") * 30))


def a_sample(corpus: str = "web", **provenance: object) -> Sample:
    return Sample.of_counts(corpus, ("News", "Forum"), (30, 20), Provenance(**provenance))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("replanned", "words"),
    [
        (
            ((100, 40, "2026-01-31T10:00:00Z"),),
            "100 labels of web were planned at first, 50 since 2026-01-31, after 40 labels",
        ),
        (((100, 1, ""),), "100 labels of web were planned at first, 50 after 1 label"),
        (
            ((1_000, 10, ""), (200, 40, "2026-01-31")),
            "1,000, then 200 labels of web were planned at first, 50 since 2026-01-31, after 40 labels",
        ),
    ],
)
def test_a_number_of_labels_that_was_planned_anew_is_said_with_those_before(
    replanned: tuple[tuple[int, int, str], ...], words: str
) -> None:
    samples = [a_sample(planned=50, replanned=replanned), a_sample("books", planned=50)]
    (pair,) = compare_corpora(samples, protocol=BLIND).pairs
    assert pair.warnings == (
        f"Replanned: {words}: a verdict is as sure as it says only with a number fixed beforehand.",
    )


def test_two_blind_random_samples_leave_nothing_to_doubt() -> None:
    (pair,) = compare_corpora([a_sample(planned=50), a_sample("books", planned=50)], protocol=BLIND).pairs
    assert pair.warnings == ()


def test_without_a_label_of_one_corpus_nothing_is_said_of_how_they_were_given() -> None:
    (pair,) = compare_corpora([a_sample(), Sample("empty", ("News", "Forum"), ())]).pairs
    assert pair.warnings == ()


def test_own_categories_are_crossed_to_those_of_a_reference_and_kept_among_each_other() -> None:
    crosswalk = (("News",), ("Forum", "Creative"))
    own = [replace(a_sample(name), crosswalk=crosswalk) for name in ("web", "books")]
    comparisons = compare_corpora(own, references_named(["c4"]))
    assert [(pair.first.corpus, pair.second.corpus) for pair in comparisons.pairs] == [
        ("web", "books"),
        ("web (crossed)", "C4 (published)"),
        ("books (crossed)", "C4 (published)"),
    ]
    assert [pair.first.distribution.categories for pair in comparisons.pairs] == [
        ("News", "Forum"),
        SEVEN,
        SEVEN,
    ]
    assert (
        "web was labelled in other categories, of which some may belong elsewhere among the seven: that concerns "
        "20 of its 50 labels. The cross-walk is a proposal."
    ) in comparisons.pairs[1].warnings
    assert not any("cross-walk" in warning for warning in comparisons.pairs[0].warnings)
    assert comparisons.left_out == ()


def test_a_corpus_that_cannot_be_counted_is_left_out_with_a_sentence() -> None:
    by_tokens = replace(a_sample("books"), tokens=(7.0,) * 50)
    shown = summarise_countable([a_sample(), by_tokens], weighting="tokens")
    assert [corpus.corpus for corpus in shown.summary.corpora] == ["books"]
    (sentence,) = shown.left_out
    assert sentence.startswith("web ")
    assert sentence.endswith(".")
