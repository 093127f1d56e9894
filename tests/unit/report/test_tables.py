"""Test the tables of several corpora."""

from __future__ import annotations

from dataclasses import replace

from corpuscope.report.tables import numbers_table, side_by_side
from corpuscope.stats.sample import Sample
from corpuscope.stats.summary import summarise

WEB = Sample.of_counts("web", ("News", "Forum"), (70, 30))
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
