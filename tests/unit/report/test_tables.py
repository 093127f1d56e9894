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
