"""Test the sentences above charts of shares and differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from corpuscope.analysis.comparisons import compare_corpora
from corpuscope.report.sentences import (
    Phrase,
    difference_sentence,
    headline,
    leading_sentence,
    leading_words,
    limit_sentences,
)
from corpuscope.stats.sample import Provenance, Sample
from corpuscope.stats.summary import CorpusSummary, summarise

NAMES = ("News", "Forum", "Creative", "Spam")


def labelled(*counts: int) -> CorpusSummary:
    (corpus,) = summarise([Sample.of_counts("web", NAMES, counts)]).corpora
    return corpus


def text(phrases: Sequence[Phrase]) -> str:
    return "".join(phrase.text for phrase in phrases)


@pytest.mark.parametrize(
    ("counts", "sentence", "words"),
    [
        ((70, 20, 5, 5), "web: News is the largest category, 70 % (60-78).", "web: News largest"),
        (
            (40, 38, 11, 11),
            "web: no single largest; News 40 % (31-50) and Forum 38 % (29-48) are tied.",
            "web: a tie",
        ),
        ((3, 3, 3, 3), "web: no category leads yet: 4 are tied for the first place.", "web: a tie"),
        ((0, 0, 0, 0), "web: no labels yet.", "web: no labels yet"),
    ],
)
def test_a_sentence_names_the_largest_category_or_the_tie(
    counts: Sequence[int], sentence: str, words: str
) -> None:
    corpus = labelled(*counts)
    assert text(leading_sentence(corpus)) == sentence
    assert text(leading_words(corpus)) == words


def test_categories_and_corpus_are_marked_as_such() -> None:
    roles = [phrase.role for phrase in leading_sentence(labelled(70, 20, 5, 5))]
    assert roles == ["corpus", "", "category", ""]


def samples(**counts: Sequence[int]) -> list[Sample]:
    return [
        Sample.of_counts(name, NAMES, numbers, Provenance(planned=sum(numbers)))
        for name, numbers in counts.items()
    ]


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"one": (70, 10, 10, 10)}, "News leads one"),
        ({"one": (70, 10, 10, 10), "two": (70, 10, 10, 10)}, "News leads one and two"),
        (
            {"one": (70, 10, 10, 10), "two": (5, 80, 5, 10), "three": (30, 30, 20, 20)},
            "News leads one and Forum leads two; nothing leads three",
        ),
        ({"one": (30, 30, 20, 20)}, "No category leads one"),
        ({"one": (0, 0, 0, 0)}, ""),
    ],
)
def test_the_headline_groups_corpora_by_the_category_that_leads_them(
    counts: dict[str, Sequence[int]], words: str
) -> None:
    assert headline(summarise(samples(**counts)).corpora) == words


def test_a_difference_names_the_largest_established_ones_and_counts_the_others() -> None:
    (pair,) = compare_corpora(samples(one=(80, 10, 5, 5), two=(20, 70, 5, 5))).pairs
    assert text(difference_sentence(pair)) == (
        "two and one differ: two holds less News (−60.0 points) and more Forum (+60.0). "
        "The other 2 differences are not established."
    )
    (same,) = compare_corpora(samples(one=(25, 25, 25, 25), two=(25, 25, 25, 25))).pairs
    assert text(difference_sentence(same)).startswith(
        "No difference between one and two is established (chi2(3)"
    )


def test_the_limits_name_categories_without_labels_and_what_skips_could_change() -> None:
    (sample,) = samples(one=(70, 30, 0, 0))
    sentences = [text(phrases) for phrases in limit_sentences(summarise([replace(sample, skips=2)]).corpora)]
    assert sentences == [
        "A category with no labels is not necessarily absent: Creative and Spam are each at most 3.7 % of one.",
        "The 2 skipped documents of one could move a share by at most 2.0 points.",
        "An interval covers sampling error only, not how another reader would label.",
    ]


def test_the_limits_leave_out_what_skips_could_change_where_documents_do_not_count_alike() -> None:
    (sample,) = samples(one=(70, 30, 1, 1))
    weighted = replace(sample, skips=4, weights=tuple(1.0 + i % 3 for i in range(sample.n)))
    assert len(limit_sentences(summarise([weighted]).corpora)) == 1
