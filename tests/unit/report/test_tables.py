"""Test the tables of several corpora."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpuscope.report.summary_result import SummaryResult
from corpuscope.report.tables import (
    Table,
    budget_words,
    ends_words,
    fraction_words,
    numbers_table,
    points,
    points_range,
    side_by_side,
    signed_points,
    signed_range,
)
from corpuscope.stats.intervals import Interval
from corpuscope.stats.sample import Sample
from corpuscope.stats.summarise import summarise

WEB = Sample.of_counts("web", ("News", "Forum"), (70, 30))
UNKNOWN = "; time unknown before there is a pace"
DEMO = replace(Sample.of_counts("demo", ("News", "Forum"), (15, 7)), documents=44)


def test_the_captions_name_the_method_of_each_corpus_where_they_differ() -> None:
    both = summarise([WEB, DEMO])
    words = "web: Wilson; demo: hypergeometric mid-p, N = 44"
    assert side_by_side(both).caption[0] == f"percent with 95 % interval ({words})"
    assert numbers_table(both).caption[1] == f"intervals {words}"
    alone = summarise([WEB, replace(WEB, corpus="other")])
    assert side_by_side(alone).caption[0] == "percent with 95 % interval (Wilson)"
    assert numbers_table(alone).caption[1] == "intervals Wilson"


def test_rounded_shares_that_do_not_add_up_to_a_hundred_say_so() -> None:
    thirds, halves, sevenths = (
        Sample.of_counts(name, ("News", "Forum", "Other"), counts)
        for name, counts in (("thirds", (1, 1, 1)), ("halves", (2, 2, 0)), ("sevenths", (3, 2, 2)))
    )
    words = "rounded, so the shares add up to 99.9 in thirds and 100.1 in sevenths"
    assert words in numbers_table(summarise([thirds, halves, sevenths])).caption
    assert len(numbers_table(summarise([halves])).caption) == 2


@pytest.mark.parametrize(
    ("sample", "half_width", "words"),
    [
        (Sample.of_counts("web", ("A", "B"), (500, 500)), 0.05, "±5 pp reached (widest interval ±3.1 pp)"),
        (
            Sample.of_counts("web", ("A", "B"), (5, 5)),
            0.025,
            "to ±2.5 pp: 1,523 more labels (1,533 in all), enough in 80 % of cases" + UNKNOWN,
        ),
        (
            replace(Sample.of_counts("web", ("A", "B"), (50, 50)), reading_seconds=(0.5,) * 100),
            0.09,
            "to ±9 pp: 15 more labels (115 in all), enough in 80 % of cases, about a minute at under 1 s per label",
        ),
        (
            replace(Sample.of_counts("web", ("A", "B"), (15, 7)), documents=60),
            0.001,
            "to ±0.1 pp: 38 more, all 60 documents" + UNKNOWN,
        ),
        (
            replace(Sample.of_counts("web", ("A", "B"), (15, 7)), documents=22),
            0.05,
            "every document was read: no label can be added",
        ),
    ],
)
def test_the_labels_to_a_half_width_are_given_with_their_time(
    sample: Sample, half_width: float, words: str
) -> None:
    (corpus,) = summarise([sample]).corpora
    assert budget_words(corpus, half_width) == words


def test_differences_have_a_sign_unless_they_round_to_nothing() -> None:
    assert [points(share) for share in (0.1171, -0.0734, 0.0004, -0.0004, 0.0)] == [
        "+11.7",
        "-7.3",
        "0.0",
        "0.0",
        "0.0",
    ]
    assert signed_points(-0.0734) == "−7.3"
    assert points_range(Interval(-0.073, 0.012, "", 0.95)) == "-7.3 to +1.2"
    assert signed_range(Interval(-0.073, 0.012, "", 0.95)) == "−7.3 to +1.2"
    assert points_range(Interval(0.1, 0.1, "", 0.95)) == "exact"


def test_the_ends_of_an_interval_at_nothing_and_at_the_whole_are_said_in_words() -> None:
    ends = ((0.254, 0.746), (0.0, 0.019), (0.981, 1.0), (0.5, 0.5), (0.0, 1.0))
    assert [ends_words(Interval(low, high, "", 0.95)) for low, high in ends] == [
        "25.4 to 74.6 %",
        "at most 1.9 %",
        "at least 98.1 %",
        "exact",
        "at most 100.0 %",
    ]
    assert [fraction_words(share) for share in (0, 1, 0.5)] == ["0", "all", "50.0 %"]


def test_columns_are_numbers_unless_they_are_said_to_be_text() -> None:
    table = Table("t", ("a", "b", "c"), (), (), text_columns=("c",))
    assert table.is_text == (True, False, True)
    assert replace(table, prose=True).is_text == (True, True, True)
    assert table.flat is table
    grouped = Table("t", ("a", "n", "%", "n", "%"), (), (), groups=("web", "demo"))
    assert grouped.flat.columns == ("a", "web n", "web %", "demo n", "demo %")
    assert grouped.flat.groups == ()


def test_a_single_corpus_has_nothing_beside_it() -> None:
    assert [table.title for table in SummaryResult(summarise([WEB])).tables()] == ["web"]
    both = SummaryResult(summarise([WEB, DEMO]), lengths=True).tables()
    assert [table.title for table in both] == ["web", "web: lengths", "demo", "demo: lengths", "side by side"]
