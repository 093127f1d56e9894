"""Tests of what another mix would change: the overall test stands before every verdict."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpuscope.analysis.mixture_plans import MixtureComparison, compare_mixes
from corpuscope.analysis.mixtures import mixture_from, next_labels, summaries_for
from corpuscope.domain.mix import Mix
from corpuscope.report.mixture_tables import overall_words
from corpuscope.stats.comparison import Verdict
from corpuscope.stats.sample import Provenance, Sample

TWELVE = tuple("abcdefghijkl")


def compared(one: tuple[int, ...], two: tuple[int, ...]) -> MixtureComparison:
    samples = {key: Sample.of_counts(key, TWELVE, counts) for key, counts in (("one", one), ("two", two))}
    summaries = summaries_for("tokens", samples, TWELVE)
    return compare_mixes(mixture_from(Mix({"one": 1}), summaries, TWELVE), Mix({"two": 1}), summaries, TWELVE)


def test_no_category_has_a_verdict_where_the_mixes_are_not_told_apart_as_a_whole() -> None:
    result = compared((40,) + (33,) * 11, (76,) + (30,) * 10 + (27,))
    assert result.p == pytest.approx(0.277, abs=0.001)
    assert result.differences[0].p_holm < 0.005
    assert {row.verdict for row in result.differences} == {Verdict.NOT_ESTABLISHED}


def test_mixes_that_are_told_apart_have_verdicts_by_category() -> None:
    result = compared((40,) + (33,) * 11, (150,) + (23,) * 11)
    assert result.p < 0.001
    assert result.differences[0].verdict is Verdict.HIGHER


def test_below_the_least_level_neither_a_category_nor_the_whole_has_a_verdict() -> None:
    samples = {
        "one": Sample.of_counts("one", ("a", "b"), (80, 20)),
        "two": Sample.of_counts("two", ("a", "b"), (20, 80)),
    }
    summaries = summaries_for("documents", samples, ("a", "b"), 0.5)
    first = mixture_from(Mix({"one": 1}, by="documents"), summaries, ("a", "b"), level=0.5)
    result = compare_mixes(first, Mix({"two": 1}, by="documents"), summaries, ("a", "b"))
    assert {row.verdict for row in result.differences} == {Verdict.NOT_ESTABLISHED}
    assert (
        overall_words(result) == "no verdict at a level below 80 %: chi-square over all categories, p < .001"
    )


def test_labels_beyond_the_plan_change_the_difference_and_not_its_p_value() -> None:
    other = Sample.of_counts("two", ("a", "b"), (30, 70))
    results = []
    for extra in (0, 100):
        codes = (0,) * 45 + (1,) * 55 + (0,) * extra
        one = Sample(
            "one", ("a", "b"), codes, draws=tuple(range(len(codes))), provenance=Provenance(planned=100)
        )
        summaries = summaries_for("tokens", {"one": one, "two": other}, ("a", "b"))
        first = mixture_from(Mix({"two": 1}), summaries, ("a", "b"))
        results.append(compare_mixes(first, Mix({"one": 1}), summaries, ("a", "b")))
    planned, beyond = results
    assert [result.differences[0].difference for result in results] == pytest.approx([0.15, 0.425])
    assert beyond.p == planned.p
    assert beyond.differences[0].p == planned.differences[0].p
    assert 0.001 < planned.differences[0].p < 0.05


def test_the_next_labels_of_a_small_corpus_are_those_that_its_unread_documents_can_get() -> None:
    small = replace(Sample.of_counts("small", TWELVE, (40,) + (0,) * 11), documents=100, skips=10)
    mixture = mixture_from(Mix({"small": 1}), summaries_for("documents", {"small": small}, TWELVE), TWELVE)
    assert next_labels(mixture) == {"small": 40}  # a fifth of the 50 unread documents will be skipped too


def test_a_corpus_without_labels_gets_as_many_as_its_like_before_both_get_more() -> None:
    samples = {"read": Sample.of_counts("read", ("a", "b", "c", "d"), (25, 25, 25, 25))}
    summaries = summaries_for("documents", samples, ("a", "b", "c", "d"))
    mixture = mixture_from(Mix({"read": 1, "new": 1}), summaries, ("a", "b", "c", "d"))
    assert next_labels(mixture) == {"read": 0, "new": 100}
    assert next_labels(mixture, 120, "c") == {"read": 10, "new": 110}


def test_published_labels_and_corpora_of_no_weight_get_none() -> None:
    published = Sample.of_counts("read", ("a", "b"), (25, 25), Provenance(published=True))
    summaries = summaries_for("documents", {"read": published}, ("a", "b"))
    mixture = mixture_from(Mix({"read": 1, "new": 0}), summaries, ("a", "b"))
    assert next_labels(mixture) == {}


def test_skips_bound_a_mixture_only_where_those_of_every_corpus_can_be_bounded() -> None:
    documents = replace(Sample.of_counts("documents", ("a", "b"), (30, 10)), skips=10)
    tokens = replace(documents, corpus="tokens", tokens=(5.0,) * 40)
    samples = {"documents": documents, "tokens": tokens}
    summaries = summaries_for("tokens", samples, ("a", "b"))
    for weights, is_bounded in (({"documents": 1}, True), ({"documents": 1, "tokens": 1}, False)):
        mixture = mixture_from(Mix(weights), summaries, ("a", "b"))
        assert (mixture.shares[0].bounds is not None) is is_bounded
        assert sum("were skipped" in warning for warning in mixture.warnings) == 1
