"""Test the sentences above the chart of shares."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from corpuscope.report.sentences import Phrase, leading_sentence, leading_words
from corpuscope.stats.sample import Sample
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
