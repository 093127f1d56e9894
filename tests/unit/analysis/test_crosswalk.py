"""Labels of other schemes counted among the seven built-in categories."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpuscope.analysis.comparisons import compare_corpora
from corpuscope.analysis.references import references_named
from corpuscope.config.category_file import load_scheme
from corpuscope.config.named_schemes import scheme_file
from corpuscope.report.crosswalk_table import crosswalk_table
from corpuscope.report.summary_result import SummaryResult
from corpuscope.stats.crosswalk import crossed_sample
from corpuscope.stats.intervals import wilson
from corpuscope.stats.reference import SEVEN
from corpuscope.stats.sample import Sample
from corpuscope.stats.summarise import summarise
from corpuscope.stats.summary import Summary


def a_sample(counts: dict[str, int], scheme: str = "core", name: str = "web") -> Sample:
    """Make a sample of a named scheme from the counts of some of its categories."""
    named = load_scheme(scheme_file(scheme))
    all_counts = [counts.get(category, 0) for category in named.names]
    return replace(Sample.of_counts(name, named.names, all_counts), crosswalk=named.crosswalk)


WEB = a_sample({"Narrative": 30, "Interactive Discussion": 20, "Opinion": 10, "Lyrical": 5})


def crossed_rows(summary: Summary) -> dict[str, tuple[str, ...]]:
    table = SummaryResult(summary).tables()[1]
    assert table.title == "web: crossed to the seven categories"
    return {row[0]: row[1:] for row in table.rows}


def test_each_label_counts_as_the_category_proposed_for_its_own() -> None:
    crossed = crossed_sample(WEB)
    assert crossed.categories == SEVEN
    assert dict(zip(SEVEN, crossed.counts, strict=True)) == {
        **dict.fromkeys(SEVEN, 0),
        "News": 30,
        "Forum": 20,
        "Creative": 15,
    }


def test_a_summary_gives_crossed_shares_with_intervals_and_what_is_in_doubt() -> None:
    summary = summarise([WEB])
    rows = crossed_rows(summary)
    interval = wilson(20, 65)
    assert rows["Forum"][:3] == (
        "20",
        "30.8 %",
        f"{100 * interval.low:.1f} to {100 * interval.high:.1f} %",
    )
    # opinions may be Forum, but no discussion may be anything else
    assert rows["Forum"][3] == "30.8 to 46.2 %"
    assert rows["News"][3] == "0.0 to 61.5 %"
    json = SummaryResult(summary).as_json()["corpora"][0]["crossed"]  # type: ignore[index]
    assert json["doubtful"] == 40
    assert next(share for share in json["shares"] if share["category"] == "Forum")["count"] == 20


def test_the_seven_and_schemes_without_a_crosswalk_are_not_crossed() -> None:
    for scheme in ("seven", "fineweb-edu"):
        assert load_scheme(scheme_file(scheme)).crosswalk is None
    nothing_crossed = summarise([replace(WEB, crosswalk=None), replace(WEB, pending=3)])
    assert [corpus.crossed for corpus in nothing_crossed.corpora] == [None, None]
    with pytest.raises(ValueError, match="no cross-walk"):
        crossed_sample(replace(WEB, crosswalk=None))


def test_labels_of_another_scheme_are_compared_with_published_ones_by_the_crosswalk() -> None:
    other = replace(WEB, corpus="other")
    compared = compare_corpora([WEB, other], references_named(["c4"]))
    assert not compared.left_out
    names = [(pair.comparison.first, pair.comparison.second) for pair in compared.pairs]
    assert names == [
        ("web", "other"),
        ("web (crossed)", "C4 (published)"),
        ("other (crossed)", "C4 (published)"),
    ]
    crossed = compared.pairs[1]
    assert [row.category for row in crossed.comparison.differences] == list(SEVEN)
    assert any(
        text.startswith("web was labelled in other") and "40 of its 65 labels" in text
        for text in crossed.warnings
    )
    assert not any("crossed" in text and "different people" in text for text in crossed.warnings)


def test_the_crosswalk_takes_a_reference_with_the_seven_in_any_order() -> None:
    backwards = Sample.of_counts("ours", SEVEN[::-1], range(1, 8))
    compared = compare_corpora([WEB], [backwards])
    assert not compared.left_out
    assert [pair.comparison.first for pair in compared.pairs] == ["web (crossed)"]
    assert compared.pairs[0].second.distribution.shares[0].count == 7


def test_labels_in_weborganizers_formats_stand_beside_its_own_shares() -> None:
    formats = a_sample({"Personal Blog": 6, "Tutorial": 2}, "weborganizer-formats")
    sample = replace(formats, tokens=tuple([100.0] * 8))
    table = crosswalk_table(summarise([sample], weighting="tokens"))
    assert table.columns[:3] == ("format", "tokens", "web")
    assert table.rows[0][:2] == ("Personal Blog", "22.9 %")
    assert table.rows[0][2].startswith("75.0 (")
