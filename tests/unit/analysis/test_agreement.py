"""Tests of agreement between annotators, read from ledgers written by sessions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from corpuscope.analysis.agreement import AgreementReport, agreement_report
from corpuscope.domain.category import Category, CategoryScheme
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.report.agreement_result import AgreementResult
from corpuscope.report.agreement_tables import effect_on_shares, measures_table, report_measures
from ledger_fakes import Scribe
from makers import a_document, a_scheme

SCHEME = a_scheme("Educational", "Forum", "News")
LETTERS = {category[0]: category for category in SCHEME.names}


def report(
    folder: Path, labels: Mapping[str, str], scheme: CategoryScheme = SCHEME, *corpora: str
) -> AgreementReport:
    """Label draws 0, 1, 2 ... by annotator with the given initials; "-" is a skip, a space no label."""
    for annotator, letters in labels.items():
        with Scribe(folder, annotator, annotator) as scribe:
            for draw, letter in enumerate(letters):
                if letter == "-":
                    scribe.skip(draw)
                elif letter != " ":
                    scribe.label(draw, LETTERS[letter])
    return agreement_report(LedgerReader(folder).read(), scheme, corpora)


def test_two_annotators_are_compared_on_the_documents_both_labelled(tmp_path: Path) -> None:
    (group,) = report(tmp_path, {"ann": "EEFFN", "ben": "EENF  N"}).whole
    assert group.name == "ann and ben"
    assert (group.measures.n, group.measures.agreeing) == (4, 3)
    assert [pair.one + pair.other for pair in group.confused_pairs] == ["ForumNews"]
    assert (group.confused_pairs[0].given_by("ann"), group.confused_pairs[0].given_by("ben")) == (1, 0)
    assert [document.document_id for document in group.disputed] == [a_document(2).id]


def test_six_readers_are_named_and_seven_are_counted(tmp_path: Path) -> None:
    names = "abcdefg"
    for count, name in ((6, "a, b, c, d, e and f"), (7, "7 readers")):
        (group,) = report(tmp_path / name, dict.fromkeys(names[:count], "EF")).whole
        assert group.name == name


def test_kappa_of_a_published_table_is_the_published_one(tmp_path: Path) -> None:
    table = [[20, 5, 0], [10, 15, 2], [1, 3, 44]]
    cells = [("EFN"[i] * n, "EFN"[j] * n) for i, row in enumerate(table) for j, n in enumerate(row)]
    labels = {"ann": "".join(cell[0] for cell in cells), "ben": "".join(cell[1] for cell in cells)}
    (group,) = report(tmp_path, labels).whole
    kappa = group.measures.kappa
    assert kappa is not None and kappa.value == pytest.approx(0.6716697936)
    row = measures_table([group]).rows[0]
    assert row == ("ann and ben", "100", "79.0 %", "70.0 to 85.8 %", "0.67", "0.54 to 0.77")


def test_skips_count_in_no_measure_and_are_counted_separately(tmp_path: Path) -> None:
    (group,) = report(tmp_path, {"ann": "EE-", "ben": "E-F"}).whole
    assert (group.measures.n, group.skipped) == (1, 2)


def test_three_annotators_have_alpha_together_and_are_compared_in_pairs(tmp_path: Path) -> None:
    agreement = report(tmp_path, {"ann": "EFNE", "ben": "EFNF", "cem": "EF N"})
    assert [group.name for group in agreement.whole] == ["ann, ben and cem"]
    assert [group.name for group in agreement.pairs] == ["ann and ben", "ann and cem", "ben and cem"]
    assert [group.measures.n for group in agreement.pairs] == [4, 3, 3]
    table = measures_table((*agreement.whole, *agreement.pairs))
    assert "alpha" in table.columns
    assert table.rows[0][-1] != "" and table.rows[1][-1] == ""
    (group,) = agreement.whole
    assert [len(pair.documents) for pair in group.confused_pairs] == [1, 1, 1], (
        "one document, three categories"
    )


def test_annotators_who_share_no_document_are_left_out(tmp_path: Path) -> None:
    before = report(tmp_path, {"ann": "EE", "ben": "EE", "cem": "  EE"})
    with Scribe(tmp_path, "again", "cem") as scribe:
        scribe.label(2, "Educational", look=2)
    after = agreement_report(LedgerReader(tmp_path).read(), SCHEME)
    assert [group.name for group in before.whole] == ["ann and ben"]
    assert [group.name for group in after.whole] == ["ann and ben", "cem, 1st and 2nd reading"]
    assert after.pairs == ()


def test_a_second_look_is_compared_with_the_first_of_the_same_annotator_only(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        for draw in range(4):
            scribe.label(draw, "News")
        scribe.label(0, "News", look=2)
        scribe.label(1, "Forum", look=2)
    (group,) = agreement_report(LedgerReader(tmp_path).read(), SCHEME).whole
    assert group.name == "ann, 1st and 2nd reading"
    assert (group.measures.n, group.measures.agreeing) == (2, 1)


def test_only_the_latest_label_counts_and_an_undone_one_does_not(tmp_path: Path) -> None:
    report(tmp_path, {"ann": "EFN"})
    with Scribe(tmp_path, "b", "ben") as scribe:
        scribe.label(0, "Forum")
        scribe.label(0, "Educational")
        scribe.undo(scribe.label(1, "News"), 1)
    (group,) = agreement_report(LedgerReader(tmp_path).read(), SCHEME).whole
    assert (group.measures.n, group.measures.agreeing) == (1, 1)


def test_a_second_reading_answers_only_with_what_was_said_before_its_disclosure(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        for draw in range(3):
            scribe.label(draw, "News", blind=True)
        for draw in range(3):
            second = scribe.label(draw, "Forum", blind=True, look=2)
            if draw == 0:
                scribe.undo(second, draw)
            if draw < 2:
                scribe.label(draw, "News", look=2)
    (group,) = agreement_report(LedgerReader(tmp_path).read(), SCHEME).whole
    assert (group.measures.n, group.measures.agreeing) == (3, 0)


def test_a_correction_in_sight_of_the_source_counts_for_shares_but_not_for_agreement(tmp_path: Path) -> None:
    with Scribe(tmp_path, "a", "ann") as scribe:
        scribe.label(0, "News", blind=True)
        scribe.label(0, "Forum")
    with Scribe(tmp_path, "b", "ben") as scribe:
        scribe.label(0, "Forum", blind=True)
    decisions = LedgerReader(tmp_path).read()
    (group,) = agreement_report(decisions, SCHEME).whole
    assert group.measures.agreeing == 0
    assert decisions.counts("web", "ann") == {"Forum": 1}


def test_a_renamed_category_agrees_with_its_old_name(tmp_path: Path) -> None:
    renamed = CategoryScheme((Category("1", "Talk", "", formerly=("Forum",)), *SCHEME.categories[::2]))
    (group,) = report(tmp_path, {"ann": "FE", "ben": "FN"}, renamed).whole
    assert [row.category for row in group.categories] == ["Talk", "Educational", "News"]
    assert group.measures.agreeing == 1


def test_definitions_that_changed_between_labels_raise_a_warning(tmp_path: Path) -> None:
    with Scribe(tmp_path, "a", "ann") as scribe:
        scribe.label(0, "News", scheme="old")
    (group,) = report(tmp_path, {"ben": "N"}).whole
    (warning,) = measures_table([group]).warnings
    assert "definitions of the categories changed between the readings of 1 of 1 documents" in warning


def test_the_readers_effect_on_the_shares_is_tested_and_not_guessed(tmp_path: Path) -> None:
    (few,) = report(tmp_path / "a", {"ann": "EEEEEEEEFF", "ben": "EEEEEEFFFF"}).whole
    assert effect_on_shares(few) == ""
    (alike,) = report(tmp_path / "b", {"ann": "EF" * 12, "ben": "EF" * 11 + "FE"}).whole
    assert effect_on_shares(alike).startswith("no category is established to depend on the reader (McNemar's")
    (apart,) = report(tmp_path / "c", {"ann": "E" * 20 + "F" * 20, "ben": "E" * 8 + "F" * 32}).whole
    assert effect_on_shares(apart).startswith(
        "the share of Educational depends on the reader: ann 20, ben 8 of the same 40 documents, -30.0 pp [-4"
    )
    (same,) = report(tmp_path / "d", {"ann": "EF", "ben": "EF"}).whole
    assert "no disagreement" in effect_on_shares(same)
    assert "at most 65.8 %" in effect_on_shares(same)


def test_ac1_is_shown_beside_kappa_only_where_one_category_dominates(tmp_path: Path) -> None:
    (even,) = report(tmp_path / "a", {"ann": "EEFFNN", "ben": "EEFFNE"}).whole
    (skewed,) = report(tmp_path / "b", {"ann": "EEEEEEEEEF", "ben": "EEEEEEEEFE"}).whole
    assert "AC1" not in measures_table([even]).columns
    assert "AC1" in measures_table([skewed]).columns


def test_the_tables_list_every_disputed_document_on_request(tmp_path: Path) -> None:
    agreement = report(tmp_path, {"ann": "EFN", "ben": "EFF"})
    assert [table.title for table in AgreementResult(agreement).tables()] == [
        "agreement",
        "ann and ben: by category",
        "ann and ben: confused",
    ]
    last = AgreementResult(agreement, documents=True).tables()[-1]
    assert [row[:3] for row in last.rows] == [
        (a_document(2).id[:12], "ann", "News"),
        (a_document(2).id[:12], "ben", "Forum"),
    ]


def test_labels_of_other_tools_raise_no_alarm_about_definitions(tmp_path: Path) -> None:
    with Scribe(tmp_path, "s1", "ann") as scribe:
        scribe.label(a_document(0), "News", scheme="now")
    with Scribe(tmp_path, "s2", "ben") as scribe:
        scribe.label(a_document(0), "News", scheme="")
    (group,) = agreement_report(LedgerReader(tmp_path).read(), SCHEME).whole
    assert (group.redefined, group.undefined) == (0, 1)


def test_pairs_stand_below_each_other_the_worst_first_and_many_are_folded(tmp_path: Path) -> None:
    few = report(tmp_path / "few", {"ann": "EFNE", "ben": "EFNF", "cem": "EFNE"})
    assert [row[0] for row in report_measures(few).rows] == [
        "ann, ben and cem",
        "ann and ben",
        "ben and cem",
        "ann and cem",
    ]
    readers = {f"reader{number:02d}": "EFN" if number else "FNE" for number in range(8)}
    table = report_measures(report(tmp_path / "many", readers))
    assert table.rows[0][0] == "8 readers"
    assert len(table.rows) == 11
    assert all("reader00" in row[0] for row in table.rows[1:8])
    assert "the 10 of 28 pairs that agree least; all of them: --format csv" in table.caption
