"""Test that one damaged text costs no other text, and that each result names the texts that are missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import corpuscope
from corpuscope.cli import main
from corpuscope.domain.document import TextlessDocument
from corpuscope.errors import LedgerError
from corpuscope.ledger.check import check, compact
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.session.workspace import Workspace
from ledger_fakes import Scribe, a_reader, damage_texts
from makers import a_document

URL = "https://x.example/"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Labels of draws 0 to 3 by ann, whose texts are damaged, and of 0 and 4 by ben."""
    folder = tmp_path / "labels"
    for annotator, draws in (("ann", range(4)), ("ben", (0, 4))):
        with Scribe(folder, annotator, annotator) as scribe:
            for draw in draws:
                scribe.label(a_document(draw, f"text {draw}", url=URL, score=draw))
            if annotator == "ann":
                scribe.bookmark(a_document(2, "text 2", url=URL))
    damage_texts(folder / "web" / "ann.parquet")
    return folder


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--labels", str(folder)])


@pytest.mark.parametrize("reading", [LedgerReader, a_reader], ids=["left in place", "set aside"])
def test_documents_without_a_text_have_their_address_and_columns(
    folder: Path, reading: type[LedgerReader]
) -> None:
    reader = reading(folder)
    decisions = list(reader.read().by_draw())
    documents = list(reader.documents(decision.event_id for decision in decisions))
    assert [(document.address.row, document.text) for document in documents] == [
        (0, None), (0, "text 0"), (1, None), (2, None), (3, None), (4, "text 4"),
    ]  # fmt: skip
    assert documents[3] == TextlessDocument("web", a_document(2).address, 2, {"url": URL, "score": 2})
    assert "ann.parquet is damaged" in " ".join(reader.problems)
    with pytest.raises(LedgerError, match="damage took the text") as lost:
        reader.document(decisions[2].event_id)
    assert "row 1" in lost.value.hint


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_table_keeps_the_rows_whose_text_is_lost_and_says_how_many(folder: Path, form: str) -> None:
    result = run(folder, "export", "--text", "--format", form)
    assert result.exit_code == 1
    assert result.stdout.count(URL) == 6
    assert result.stdout.count("text 0") == 2  # that of ann's label is ben's, who read the same document
    assert "damage took the text of 3 documents (web draw 1, web draw 2, web draw 3)" in result.stderr
    assert "3 labels written without it" in result.stderr
    assert "`corpuscope sample web --from 1 -n 1`" in result.stderr
    assert run(folder, "export", "--text", "--format", form).exit_code == 1  # the damaged file was set aside


@pytest.mark.parametrize("form", ["labelstudio", "argilla", "prodigy", "fasttext", "markdown"])
def test_a_format_of_texts_leaves_out_the_labels_whose_text_is_lost(folder: Path, form: str) -> None:
    result = run(folder, "export", "--text", "--every-label", "--format", form)
    assert result.exit_code == 1
    assert "3 labels in" not in result.stderr
    assert f"3 labels left out: {form} needs texts" in result.stderr
    assert "text 0" in result.stdout
    assert "row 1" not in result.stdout


def test_an_export_without_texts_is_whole(folder: Path) -> None:
    assert run(folder, "export").exit_code == 0
    result = run(folder, "export", "--columns", "score", "--format", "jsonl")
    assert result.exit_code == 0
    assert [json.loads(line)["score"] for line in result.stdout.splitlines()] == [0, 0, 1, 2, 3, 4]


def test_the_card_of_a_dataset_says_how_many_texts_are_lost(folder: Path, tmp_path: Path) -> None:
    assert run(folder, "export", "--text", "--format", "dataset", "-o", str(tmp_path / "out")).exit_code == 1
    assert "3 rows without a text: it was lost to damage" in (tmp_path / "out" / "README.md").read_text()


@pytest.mark.parametrize("name", ["page.md", "page.html"])
def test_a_report_says_in_place_of_a_quote_that_it_is_lost(folder: Path, tmp_path: Path, name: str) -> None:
    result = run(folder, "report", str(tmp_path / name))
    assert result.exit_code == 0
    assert "damage took the texts of 1 quoted document" in result.stderr
    assert "Damage took the text; the address leads to it." in (tmp_path / name).read_text()


def test_a_table_for_python_has_nulls_and_a_warning(folder: Path) -> None:
    study = corpuscope.open_study(folder)
    with pytest.warns(UserWarning, match="damage took the texts of 3 labels"):
        texts = study.labels(text=True)["text"].to_pylist()
    assert texts == ["text 0", "text 0", None, None, None, "text 4"]
    assert "ann.parquet is damaged" in study.problems[0]


def test_a_lost_text_is_compared_with_none_when_another_reader_is_shown_the_document(folder: Path) -> None:
    ledger = Workspace.at(labels=folder).ledger
    lost, whole = (decision.event_id for decision in list(ledger.decisions().by_draw())[-2:])
    assert ledger.whole_document(lost) is None
    assert ledger.whole_document(whole) == a_document(4, "text 4", url=URL, score=4)


def test_merging_keeps_the_copy_of_an_event_that_has_its_text(folder: Path) -> None:
    part = folder / "web" / "ann.parquet"
    flipped = part.read_bytes()
    damage_texts(part)  # a second time: the bit is as it was
    whole = part.read_bytes()
    part.write_bytes(flipped)
    compact(folder)
    (folder / "web" / "zoe.parquet").write_bytes(whole)
    assert check(folder).repeated == 5
    compact(folder)
    assert check(folder).repeated == 0
    assert run(folder, "export", "--text").exit_code == 0
