"""Test the sentences above charts of shares and differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from corpuscope.analysis.agreement import AnnotatorLabel, MultiplyReadDocument, agreement_group
from corpuscope.analysis.comparisons import compare_corpora
from corpuscope.report.sentences import (
    Phrase,
    agreement_sentences,
    difference_sentence,
    headline,
    leading_sentence,
    leading_words,
    limit_sentences,
)
from corpuscope.stats.sample import Provenance, Sample
from corpuscope.stats.summarise import summarise
from corpuscope.stats.summary import CorpusSummary
from makers import a_scheme

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
        (
            (30, 30, 30, 2),
            "web: no single largest; News 33 % (24-43), Forum 33 % (24-43) and Creative 33 % (24-43) are tied.",
            "web: a tie",
        ),
        ((40, 0, 0, 0), "web: News is the largest category, 100 % (91-100).", "web: News largest"),
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


@pytest.mark.parametrize(
    ("counts", "skips", "sentences"),
    [
        (
            (70, 30, 5, 0),
            0,
            ["A category with no labels is not necessarily absent: Spam is at most 3.5 % of one."],
        ),
        (
            (70, 30, 5, 1),
            1,
            ["The skipped document of one could move a share by at most 0.9 points."],
        ),
        ((70, 30, 5, 1), 20, []),
        ((0, 0, 0, 0), 0, []),
    ],
)
def test_the_limits_are_of_what_has_no_labels_and_of_a_few_skips(
    counts: Sequence[int], skips: int, sentences: list[str]
) -> None:
    (sample,) = samples(one=counts)
    *limits, last = [
        text(phrases) for phrases in limit_sentences(summarise([replace(sample, skips=skips)]).corpora)
    ]
    assert limits == sentences
    assert last.startswith("An interval covers sampling error only")


def test_of_many_categories_without_labels_three_are_named() -> None:
    sample = Sample.of_counts("one", ("A", "B", "C", "D", "E"), (9, 0, 0, 0, 0))
    first, _ = limit_sentences(summarise([sample]).corpora)
    assert text(first).startswith(
        "A category with no labels is not necessarily absent: B, C, D and 1 more are each"
    )


def test_a_census_and_labels_that_await_a_new_reading_have_no_limits_of_their_own() -> None:
    (sample,) = samples(one=(7, 3, 0, 0))
    for other in (replace(sample, documents=10), replace(sample, pending=3, skips=1)):
        assert len(limit_sentences(summarise([other]).corpora)) == 1
    (bounds,) = summarise([replace(sample, pending=3)]).corpora
    assert text(leading_words(bounds)) == "web: only bounds".replace("web", "one")
    assert (
        text(leading_sentence(bounds))
        == "one: only bounds until the labels that await a new reading are given."
    )
    assert headline([bounds]) == ""
    (census,) = summarise([replace(sample, documents=10)]).corpora
    assert text(leading_sentence(census)) == "one: News is the largest category, 70 % (exact)."


def test_the_scale_of_an_ordinal_scheme_is_stated_by_its_mean() -> None:
    one = replace(Sample.of_counts("one", ("0", "1", "2"), (10, 5, 5)), values=(0, 1, 2))
    (corpus,) = summarise([one]).corpora
    assert text(leading_words(corpus)) == "one: mean 0.8 (0.4-1.1)"
    assert headline([corpus]) == "one has a mean of 0.75"
    assert text(leading_sentence(corpus)) == "one: mean 0.75 (0.44-1.13); 2 or more: 25 % (11-47)."
    census = replace(one, documents=20, scores=(2.0,) * 18 + (None,) * 2)
    (whole,) = summarise([census]).corpora
    assert text(leading_sentence(whole)) == (
        "one: mean 0.75 (exact); 2 or more: 25 % (exact); own score: mean 2.00, 2 or more: 100 %."
    )


def test_four_differences_at_most_are_named_and_a_provisional_sentence_says_so() -> None:
    names = ("A", "B", "C", "D", "E", "F")
    counts = {"one": (900, 400, 300, 200, 100, 50), "two": (100, 900, 100, 400, 300, 150)}
    many = [
        Sample.of_counts(key, names, numbers, Provenance(planned=5_000)) for key, numbers in counts.items()
    ]
    (pair,) = compare_corpora(many).pairs
    assert text(difference_sentence(pair)) == (
        "Provisional: so far, two and one differ: two holds less A (−41.0 points), more B (+25.6), less C (−10.3), "
        "more E (+10.3), and 2 more."
    )
    (some,) = compare_corpora(samples(one=(500, 300, 150, 50), two=(300, 500, 150, 50))).pairs
    unknown = replace(some, second=replace(some.second, provenance=Provenance(random=False)))
    assert text(difference_sentence(unknown)).endswith(
        "The other 2 differences are not established. This would hold if both were random samples."
    )
    (three,) = compare_corpora(samples(one=(500, 300, 150, 50), two=(300, 400, 250, 50))).pairs
    assert text(difference_sentence(three)).endswith("(+10.0). The other difference is not established.")


def agreement_of(*letters: str) -> list[str]:
    documents = [
        MultiplyReadDocument(
            str(number),
            "web",
            tuple(
                AnnotatorLabel(f"r{i}", NAMES["NFCS".index(sign)], "", "s") for i, sign in enumerate(signs)
            ),
        )
        for number, signs in enumerate(letters)
    ]
    readers = [f"r{i}" for i in range(len(letters[0]))]
    group = agreement_group("they", readers, documents, a_scheme(*NAMES), 0.95)
    return [text(phrases) for phrases in agreement_sentences(group)]


def test_agreement_is_stated_with_the_categories_that_are_confused_most() -> None:
    same = ["NN"] * 8
    assert agreement_of(*same) == ["they: the same category for 8 of 8 documents, 100 % (68-100)."]
    assert agreement_of(*["NN"] * 100) == [
        "they: the same category for 100 of 100 documents, 100 % (96-100)."
    ]
    assert agreement_of(*same, "NF", "NF", "NC")[1] == "Most confused: News with Forum, 2 documents."
    assert agreement_of("NNN", "NNF", "NNC", "NNS") == [
        "they: all the same category for 1 of 4 documents, 25 % (5-70).",
        "Most confused: News with Forum, News with Creative, 1 document each.",
    ]


def test_the_limits_leave_out_what_skips_could_change_where_documents_do_not_count_alike() -> None:
    (sample,) = samples(one=(70, 30, 1, 1))
    weighted = replace(sample, skips=4, weights=tuple(1.0 + i % 3 for i in range(sample.n)))
    assert len(limit_sentences(summarise([weighted]).corpora)) == 1
