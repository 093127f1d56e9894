"""Tests that recompute the published tables from 604 labels written through the ledger."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from corpuscope.analysis.comparisons import CorpusComparison, compare_corpora
from corpuscope.analysis.protocol import LabellingProtocol
from corpuscope.analysis.samples import samples_of
from corpuscope.config.category_file import load_scheme
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.report.comparison_tables import comparison_table
from corpuscope.report.tables import corpus_table, side_by_side
from corpuscope.sampling.plan_file import load_plan, save_plan
from corpuscope.stats.reference import REFERENCES
from corpuscope.stats.sample import Sample
from corpuscope.stats.summarise import summarise
from ledger_fakes import Scribe
from makers import a_document
from published import write_published


def pairs(labels: Path) -> dict[tuple[str, str], CorpusComparison]:
    decisions, scheme = LedgerReader(labels).read(), load_scheme(None)
    samples = samples_of(decisions, scheme, load_plan(labels / "plan.json"))
    assert [(sample.corpus, sample.n) for sample in samples] == [
        ("c4", 203),
        ("fineweb", 200),
        ("fineweb-edu", 201),
    ]
    comparisons = compare_corpora(samples, protocol=LabellingProtocol.of(decisions, scheme))
    return {(pair.first.corpus, pair.second.corpus): pair for pair in comparisons.pairs}


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], CorpusComparison]:
    folder = tmp_path_factory.mktemp("published")
    write_published(folder)
    return pairs(folder)


def test_the_differences_of_c4_and_fineweb_are_the_published_ones(
    labelled: dict[tuple[str, str], CorpusComparison],
) -> None:
    table = comparison_table(labelled["c4", "fineweb"], shares=False)
    assert table.title == (
        "c4 and fineweb differ in their mix (chi2(6) = 19.78, p = .0030, p = .0030 over 3 pairs)."
    )
    assert table.columns == ("category", "difference", "95 % interval", "Holm p", "verdict", "n needed")
    assert table.rows == (
        ("Creative", "+11.7 pp", "+3.8 to +19.6", ".045", "higher", ""),
        ("Forum", "-7.3 pp", "-12.6 to -2.5", ".042", "lower", ""),
        ("Advertising", "-5.5 pp", "-14.5 to +3.7", ".935", "not established", "1,980"),
        ("News", "+5.3 pp", "-2.5 to +12.9", ".935", "not established", "1,507"),
        ("Educational", "-3.3 pp", "-9.4 to +2.7", ".935", "not established", "2,201"),
        ("Nonsensical", "-2.4 pp", "-7.4 to +2.5", ".935", "not established", "2,709"),
        ("Boilerplate", "+1.5 pp", "-2.2 to +5.5", ".935", "not established", "3,524"),
    )
    assert table.findings == (
        "2 of 7 differences are established: Creative higher, Forum lower",
        "total variation .185 [.090, .280], noise floor .142",
    )
    assert table.warnings == ()


def test_the_caption_names_n_corpus_revision_seed_design_and_annotator(
    labelled: dict[tuple[str, str], CorpusComparison],
) -> None:
    c4, fineweb = comparison_table(labelled["c4", "fineweb"]).caption[-2:]
    drawn = "revision 0123456789ab, seed 7, simple random sample, as read by ann"
    assert c4 == f"c4: n = 203, allenai/c4 en train, {drawn}"
    assert fineweb == f"fineweb: n = 200, HuggingFaceFW/fineweb sample-10BT train, {drawn}"


def test_the_difference_of_fineweb_and_fineweb_edu_is_the_published_one(
    labelled: dict[tuple[str, str], CorpusComparison],
) -> None:
    table = comparison_table(labelled["fineweb", "fineweb-edu"])
    assert "chi2(6) = 185.32" in table.title
    assert "total variation .661" in table.findings[-1]
    assert table.rows[0] == (
        "Educational",
        "8.5 (5.4-13.2)",
        "74.6 (68.2-80.1)",
        "+66.1 pp",
        "+58.2 to +72.5",
        "< .001",
        "higher",
        "",
    )


@pytest.mark.slow
def test_labels_that_are_neither_blind_nor_interleaved_raise_warnings(tmp_path: Path) -> None:
    write_published(tmp_path, blind=False, in_turns=False)
    warnings = comparison_table(pairs(tmp_path)["c4", "fineweb"]).warnings
    assert [warning.split(":")[0] for warning in warnings] == ["Not blind", "Not interleaved"]
    assert "203 of 203 labels of c4 and 200 of 200 labels of fineweb" in warnings[0]


def test_no_difference_is_printed_before_both_corpora_have_labels() -> None:
    own = [Sample.of_counts(name, ("a", "b"), counts) for name, counts in (("x", (0, 0)), ("y", (3, 1)))]
    table = comparison_table(compare_corpora(own).pairs[0])
    assert table.title == "Nothing to compare yet: no labels of x."
    assert table.rows == (
        ("a", "no labels", "75.0 (30.1-95.4)", "", "", "", "", ""),
        ("b", "no labels", "25.0 (4.6-69.9)", "", "", "", "", ""),
    )
    assert len(table.findings) == 1


def test_token_shares_side_by_side_state_the_effective_n() -> None:
    sample = replace(REFERENCES[1].sample, tokens=tuple(float(1 + i % 9) for i in range(200)))
    assert side_by_side(summarise([sample])).rows[-1][0] == "labels"
    table = side_by_side(summarise([sample], weighting="tokens"))
    assert table.rows[-1] == ("count as", "157")


def test_a_number_of_labels_changed_on_the_way_is_warned_of(tmp_path: Path) -> None:
    write_published(tmp_path)
    path = tmp_path / "plan.json"
    save_plan(load_plan(path).with_target("c4", 300, 150).with_target("c4", 203, 200), path)
    comparisons = pairs(tmp_path)
    assert comparisons["c4", "fineweb"].warnings == (
        (
            "Replanned: 203, then 300 labels of c4 were planned at first, 203 after 200 labels: a verdict is as "
            "sure as it says only with a number fixed beforehand."
        ),
    )
    assert comparisons["fineweb", "fineweb-edu"].warnings == ()


def test_a_caption_names_the_annotators_of_that_corpus(tmp_path: Path) -> None:
    write_published(tmp_path)
    with Scribe(tmp_path, "s3", annotator="bea") as scribe:
        scribe.label(a_document(999, corpus="c4"))
    decisions = LedgerReader(tmp_path).read()
    samples = samples_of(decisions, load_scheme(None), load_plan(tmp_path / "plan.json"))
    assert [sample.provenance.annotators for sample in samples] == [("ann", "bea"), ("ann",), ("ann",)]


def test_substitutes_are_counted_in_the_caption(tmp_path: Path) -> None:
    write_published(tmp_path)
    with Scribe(tmp_path, "s3") as scribe:
        scribe.label(replace(a_document(999, corpus="c4"), attempt=2))
    decisions = LedgerReader(tmp_path).read()
    summary = summarise(samples_of(decisions, load_scheme(None), load_plan(tmp_path / "plan.json")))
    design = "simple random sample, 1 of 204 standing in for documents that could not be drawn"
    assert design in summary.of("c4").caption
    assert "simple random sample" in summary.of("fineweb").caption


def test_a_budget_aims_at_the_interval_that_is_shown() -> None:
    def finding(interval: str) -> str:
        corpus = summarise([REFERENCES[0].sample], interval=interval).corpora[0]
        return corpus_table(corpus, 0.03).findings[0]

    assert finding("wilson").startswith("to ±3 pp: 808 more labels (1,011 in all), enough in 80 % of cases")
    assert finding("exact").startswith("to ±3 pp: 842 more")
    assert finding("anytime").startswith("to ±3 pp: 3,430 more")


def test_a_comparison_is_provisional_until_both_corpora_have_the_planned_labels(tmp_path: Path) -> None:
    write_published(tmp_path, planned=203)
    table = comparison_table(pairs(tmp_path)["c4", "fineweb"])
    assert table.title.startswith("Provisional: so far, c4 and fineweb differ")
    assert "so far" in table.columns
    assert table.findings[:2] == (
        "provisional until fineweb has 203 labels (200 now)",
        "2 of 7 differences are significant so far: Creative higher, Forum lower",
    )


def test_labels_beyond_the_plan_are_counted_and_decide_no_verdict(tmp_path: Path) -> None:
    write_published(tmp_path, planned=140)
    pair = pairs(tmp_path)["c4", "fineweb"]
    assert pair.comparison.decided_by == (140, 140)
    assert "63 beyond the 140 planned" in pair.first.caption
    decided = next(part for part in comparison_table(pair).caption if part.startswith("verdicts decided"))
    assert decided == (
        "verdicts decided by the first 140 of c4 (63 beyond the plan) and the first 140 of fineweb "
        "(60 beyond the plan)"
    )
