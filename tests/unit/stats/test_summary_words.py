"""Tests of the words about how a sample was drawn, read and counted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpuscope.stats.distribution import distribution_of
from corpuscope.stats.sample import Provenance, Sample
from corpuscope.stats.summary_words import (
    aggregation_words,
    design_words,
    mixed_readings_warning,
    not_random_warning,
    precision_words,
    skipped_words,
    skips_warning,
)

SAMPLE = Sample.of_counts("web", ("News", "Forum"), (30, 20))


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({}, ""),
        (
            {"shared": 1, "by_majority": 1},
            "1 document read by several counts once (by majority, else first label)",
        ),
        (
            {"shared": 3, "by_majority": 3},
            "3 documents read by several count once (by majority, else first label)",
        ),
        (
            {"shared": 3, "by_majority": 1, "settled": 2},
            "3 documents read by several count once (2 by final decision, else majority, else first label)",
        ),
        ({"settled": 1}, "1 document of one reader by final decision"),
        (
            {"shared": 2, "by_majority": 1, "settled": 4},
            (
                "2 documents read by several count once (1 by final decision, else majority, else first label), "
                "3 documents of one reader by final decision"
            ),
        ),
    ],
)
def test_the_rule_by_which_documents_count_is_said_where_it_was_needed(
    counts: dict[str, int], words: str
) -> None:
    assert aggregation_words(Provenance(**counts)) == words  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({}, ""),
        ({"by_majority": 9}, ""),
        ({"settled": 9}, ""),
        ({"by_majority": 1}, "8 documents by one reader, 1 document by the majority of their readers: "),
        ({"settled": 8}, "1 document by one reader, 8 documents by final decision: "),
        (
            {"by_majority": 4, "settled": 5},
            "4 documents by the majority of their readers, 5 documents by final decision: ",
        ),
    ],
)
def test_shares_that_mix_ways_of_reading_are_said_to(counts: dict[str, int], words: str) -> None:
    warning = mixed_readings_warning(Provenance(**counts), 9)  # type: ignore[arg-type]
    assert warning.startswith(words)
    assert bool(warning) is bool(words)
    assert ("Final decisions are partial" in warning) is ("final decision:" in words)


def test_skips_of_one_corpus_are_said_with_what_they_could_change() -> None:
    one, many = (distribution_of(("A", "B"), (30, 20), skipped=skipped) for skipped in (1, 10))
    assert skips_warning({"web": one}) == (
        "1 of 51 documents of web was skipped (2.0 %): shares and intervals are of the documents that were not "
        "skipped. The skipped ones could move a share by at most 1.2 points."
    )
    assert skips_warning({"web": many}).startswith("10 of 60 documents of web were skipped (16.7 %): ")
    assert (skipped_words(many), skipped_words(distribution_of(("A",), (3,)))) == (
        "of the documents not skipped (10 skipped)",
        "",
    )


def test_what_is_said_of_precision_is_what_there_is_to_say() -> None:
    census = distribution_of(("A", "B"), (30, 20), population=50, level=0.9)
    assert precision_words(census) == ("every document was read (50): shares are exact",)
    pending = distribution_of(("A", "B"), (30, 20), pending=5, level=0.9)
    assert precision_words(pending) == ("90 % bounds, 5 of 55 await a new reading",)
    level, widest, ranks = precision_words(distribution_of(("A", "B"), (30, 20), level=0.9))
    assert (level, widest) == ("90 % intervals (Wilson)", "widest interval ±11.1 pp")
    assert ranks.endswith("at 90 %")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "simple random sample"),
        ({"weights": (1.0,) * 50}, "unequal inclusion probabilities"),
        (
            {"substitutes": 3},
            "simple random sample, 3 of 50 standing in for documents that could not be drawn",
        ),
    ],
)
def test_a_design_is_said_in_words(changes: dict[str, object], words: str) -> None:
    assert design_words(replace(SAMPLE, **changes)) == words  # type: ignore[arg-type]


def test_only_a_sample_that_is_not_random_is_warned_of() -> None:
    assert not_random_warning(Provenance()) == ""
    assert not_random_warning(Provenance(random=False, design="first rows")) == (
        "first rows. Intervals and verdicts would hold if it were a random sample."
    )
