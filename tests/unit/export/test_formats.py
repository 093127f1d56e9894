"""Tests of every export format against golden files; run this file as a script to write them."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pytest

from corpuscope.errors import UsageError
from corpuscope.export.fasttext import one_line_text, slugs
from corpuscope.export.formats import FORMATS, NAMES, Format, format_named, format_of, format_to_import
from corpuscope.export.label_records import ExportOptions, LabelRecord
from corpuscope.text.safe_json import without_surrogates
from export_fakes import a_record
from hostile import PAYLOADS, Payload

GOLDEN = Path(__file__).with_name("golden")
CATEGORIES = ("Educational", "News", "Q & A / Forum")
PLAIN = [form for form in FORMATS if not form.binary]


def records() -> Iterator[LabelRecord]:
    yield a_record(0, "News", text="Rain in Ghent.\n\nMore\ttomorrow.")
    yield a_record(
        1, "Q & A / Forum", text='"Quotes", <b>tags</b> & [markup] \u2028 \x1b[31m \ud800 __label__x </s>'
    )
    yield a_record(
        1, "News", "zoë", text='"Quotes", <b>tags</b> & [markup] \u2028 \x1b[31m \ud800 __label__x </s>'
    )
    yield a_record(2, "Educational", text="日本語のテキスト")


def written(form: Format, *, text: bool, labels: Iterator[LabelRecord] | None = None) -> bytes:
    stream = io.BytesIO()
    batch = list(labels if labels is not None else records())
    if not text:
        batch = [replace(record, text=None, url=None) for record in batch]
    assert form.write(iter(batch), ExportOptions(CATEGORIES, text), stream) == len(batch)
    return stream.getvalue()


def golden_file(form: Format, *, text: bool) -> Path:
    return GOLDEN / f"{form.name}{'_text' if text else ''}{form.ending}"


def cases() -> list[tuple[Format, bool]]:
    return [(form, text) for form in PLAIN for text in (False, True) if text or not form.needs_text]


@pytest.mark.parametrize(("form", "text"), cases(), ids=lambda value: getattr(value, "name", str(value)))
def test_a_format_writes_exactly_its_golden_file(form: Format, text: bool) -> None:
    assert written(form, text=text) == golden_file(form, text=text).read_bytes()


def test_parquet_keeps_types_and_the_order_of_rows() -> None:
    table = pq.read_table(io.BytesIO(written(format_named("parquet"), text=True)))
    assert table["draw"].to_pylist() == [0, 1, 1, 2]
    assert table["text"][3].as_py() == "日本語のテキスト"
    assert str(table.schema.field("at").type) == "timestamp[us, tz=UTC]"


@pytest.mark.parametrize("form", [f for f in FORMATS if f.name != "xlsx"], ids=lambda form: form.name)
def test_no_labels_are_a_valid_empty_export(form: Format) -> None:
    content = written(form, text=True, labels=iter(()))
    if form.ending == ".json":
        assert json.loads(content) == []


@pytest.mark.parametrize(
    "form", [f for f in PLAIN if f.name not in ("csv", "fasttext", "markdown")], ids=lambda f: f.name
)
def test_hostile_texts_come_back_from_json_as_they_were(form: Format) -> None:
    texts = [without_surrogates(p.text) for p in PAYLOADS]
    labels = [a_record(draw, "News", text=text) for draw, text in enumerate(texts)]
    content = written(form, text=True, labels=iter(labels))
    values = json.loads(content) if form.ending == ".json" else list(map(json.loads, content.splitlines()))
    assert [(entry.get("data") or entry.get("fields") or entry)["text"] for entry in values] == texts


@pytest.mark.parametrize(
    "form", [f for f in FORMATS if f.name not in ("markdown", "xlsx")], ids=lambda form: form.name
)
def test_no_format_writes_half_a_character(form: Format) -> None:
    content = written(form, text=True, labels=iter([a_record(0, "News", text="one \ud800 half")]))
    texts = pq.read_table(io.BytesIO(content))["text"].to_pylist() if form.binary else [content.decode()]
    assert "one \ufffd half" in texts[0]
    assert "ud800" not in texts[0]


def test_a_workbook_has_texts_as_texts_and_cuts_what_no_cell_holds() -> None:
    pytest.importorskip("xlsxwriter")
    pytest.importorskip("openpyxl")
    labels = [a_record(0, "News", text="=1+1 \ud800"), a_record(1, "News", text="\U0001f600" * 20_000)]
    with zipfile.ZipFile(io.BytesIO(written(format_named("xlsx"), text=True, labels=iter(labels)))) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    assert not list(sheet.iter(f"{space}f")), "no cell is a formula"
    texts = [cell.text or "" for cell in sheet.iter(f"{space}t")]
    assert "=1+1 \ufffd" in texts
    (cut,) = [text for text in texts if text.endswith("[cut: a cell holds no more]")]
    assert len(cut.encode("utf-16-le")) // 2 <= 32_767


def test_a_workbook_keeps_every_digit_of_a_long_number() -> None:
    pytest.importorskip("xlsxwriter")
    openpyxl = pytest.importorskip("openpyxl")
    label = replace(a_record(0, "News"), extra={"id": 12_345_678_901_234_567, "tokens_seen": 10**15})
    options = ExportOptions(("News",), extra={"id": int, "tokens_seen": int})
    stream = io.BytesIO()
    format_named("xlsx").write([label], options, stream)
    _, cells = openpyxl.load_workbook(stream).active.values
    assert cells[-2:] == ("12345678901234567", 10**15)


def test_label_studio_has_one_task_per_document_and_one_annotation_per_label() -> None:
    tasks = json.loads(written(format_named("labelstudio"), text=True))
    assert [len(task["annotations"]) for task in tasks] == [1, 2, 1]
    result = tasks[1]["annotations"][1]["result"][0]
    assert (result["type"], result["value"]) == ("choices", {"choices": ["News"]})
    assert tasks[1]["annotations"][1]["annotator"] == "zoë"


def test_a_final_decision_is_in_every_format_with_metadata() -> None:
    for name in ("jsonl", "labelstudio", "argilla", "prodigy"):
        content = written(format_named(name), text=True).decode()
        assert content.count('"final":"News"') + content.count('"final": "News"') == 1, name


def test_fasttext_takes_the_final_category_of_a_document_that_has_one() -> None:
    lines = written(format_named("fasttext"), text=True).decode().splitlines()
    assert lines[2].split()[0] == "__label__news"


def test_fasttext_has_one_line_per_document_with_every_category_it_was_given() -> None:
    lines = written(format_named("fasttext"), text=True).decode().splitlines()
    assert lines[0] == "__label__news Rain in Ghent. More tomorrow."
    assert lines[1].split()[:2] == ["__label__news", "__label__q-a-forum"]
    assert len(lines) == 3


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload.name)
def test_no_text_adds_a_line_or_a_label_to_fasttext(payload: Payload) -> None:
    text = payload.text + " __label__a __label____label__b </s> \x85 \0__label__c"
    content = written(format_named("fasttext"), text=True, labels=iter([a_record(0, "News", text=text)]))
    assert content.count(b"\n") == 1
    words = content.decode().split()
    assert [word for word in words if word.startswith("__label__")] == ["__label__news"]
    assert "</s>" not in words


def test_a_text_cut_into_words_keeps_what_only_looks_like_a_label() -> None:
    assert one_line_text("x__label__y a__label__ <s>") == ["x__label__y", "a__label__", "<s>"]


def test_slugs_are_unique_words() -> None:
    words = slugs(("C++", "C#", "C", "Ünï Çode", "!!!", "c_2"))
    assert list(words.values()) == ["c", "c-2", "c-3", "ünï-çode", "category", "c-2-2"]


@pytest.mark.parametrize("name", ["prodigy", "fasttext", "markdown"])
def test_a_format_that_shows_texts_refuses_to_be_written_without_them(name: str) -> None:
    with pytest.raises(UsageError, match="needs the texts"):
        format_named(name).check(text=False)
    format_named(name).check(text=True)


def test_an_unknown_format_lists_the_known_ones_nearest_first() -> None:
    with pytest.raises(UsageError) as fault:
        format_named("label-studio")
    assert fault.value.hint.startswith("did you mean labelstudio?")
    assert all(name in fault.value.hint for name in NAMES)


def test_csv_for_a_spreadsheet_is_marked_as_utf_8_and_runs_nothing() -> None:
    stream = io.BytesIO()
    options = ExportOptions(CATEGORIES, text=True, spreadsheet=True)
    format_named("csv").write(
        [a_record(0, "News", text="=cmd|' /C calc'!A0"), a_record(1, "News", text="- é")], options, stream
    )
    assert stream.getvalue().startswith(b"\xef\xbb\xbfcorpus,")
    rows = list(csv.DictReader(io.StringIO(stream.getvalue().decode("utf-8-sig"), newline="")))
    assert [row["text"] for row in rows] == ["'=cmd|' /C calc'!A0", "'- é"]
    assert [row["draw"] for row in rows] == ["0", "1"]


def test_each_format_says_what_export_and_import_may_do_with_it() -> None:
    assert {
        flag: [form.name for form in FORMATS if getattr(form, flag)]
        for flag in ("binary", "needs_text", "tabular", "single", "skips", "folder", "reader")
    } == {
        "binary": ["parquet", "xlsx", "dataset"],
        "needs_text": ["prodigy", "fasttext", "markdown"],
        "tabular": ["csv", "jsonl", "parquet", "xlsx", "dataset"],
        "single": ["prodigy", "fasttext"],
        "skips": ["csv", "jsonl", "parquet", "xlsx"],
        "folder": ["dataset"],
        "reader": ["csv", "jsonl", "parquet", "xlsx", "dataset", "labelstudio", "argilla", "prodigy"],
    }


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("labels", "csv"),
        ("labels.CSV", "csv"),
        ("labels.ndjson", "jsonl"),
        ("labels.parquet", "parquet"),
        ("labels.xlsx", "xlsx"),
        ("labels.md", "markdown"),
    ],
)
def test_the_format_of_an_export_is_inferred_from_its_file(name: str, form: str) -> None:
    assert format_of(Path(name)).name == form


@pytest.mark.parametrize("name", ["labels.json", "labels.txt"])
def test_an_ending_that_says_nothing_of_the_format_is_not_guessed(name: str) -> None:
    with pytest.raises(UsageError, match="unknown file type"):
        format_of(Path(name))


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("l.csv", "corpus,draw", "csv"),
        ("l.TSV", "corpus\tdraw", "csv"),
        ("l.jsonl", '{"corpus": "web", "accept": 1}', "jsonl"),
        ("l.jsonl", "", "jsonl"),
        ("l.ndjson", '{"category": "News"}', "jsonl"),
        ("l.jsonl", '{"answer": "accept"}', "prodigy"),
        ("l.jsonl", '{"accept": []}', "prodigy"),
        ("l.json", '[{"corpus": "web"}]', "jsonl"),
        ("l.json", '[{"data": {}}]', "labelstudio"),
        ("l.json", '[{"annotation_id": 1, "corpus": "web"}]', "labelstudio"),
        ("l.json", "[]", "labelstudio"),
        ("l.json", '[{"fields": {}}]', "argilla"),
        ("l.parquet", "", "parquet"),
        ("l.xlsx", "", "xlsx"),
    ],
)
def test_a_file_is_imported_as_what_its_ending_and_its_first_entry_say(
    tmp_path: Path, name: str, content: str, form: str
) -> None:
    (tmp_path / name).write_text(content)
    assert format_to_import(tmp_path / name).name == form
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress(content.encode()))
    assert format_to_import(packed).name == form


def test_a_folder_is_imported_as_a_dataset(tmp_path: Path) -> None:
    assert format_to_import(tmp_path).name == "dataset"


def test_files_that_hold_no_addresses_are_refused_with_what_can_be_imported(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        format_to_import(tmp_path / "l.md")
    assert refused.value.message == f"{tmp_path / 'l.md'}: labels cannot be imported from markdown files"
    assert refused.value.hint == (
        "import the export they were made beside; known: .csv, .tsv, .jsonl, .ndjson, .json, .parquet, .xlsx, "
        "or a dataset folder"
    )


@pytest.mark.parametrize(("name", "kind"), [("web.xyz", ".xyz"), ("web", "without extension")])
def test_a_file_of_no_known_type_is_not_imported(name: str, kind: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        format_to_import(tmp_path / name)
    assert refused.value.message == f"{tmp_path / name}: unknown file type {kind}"
    assert refused.value.hint.startswith("known: .csv, ")


def test_a_file_of_no_known_type_is_not_written() -> None:
    with pytest.raises(UsageError) as refused:
        format_of(Path("web.xyz"))
    assert refused.value.message == "web.xyz: unknown file type .xyz"
    assert refused.value.hint.startswith("choose with --format: csv, ")


if __name__ == "__main__":
    for form, with_text in cases():
        golden_file(form, text=with_text).write_bytes(written(form, text=with_text))
