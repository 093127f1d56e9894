"""Tests of `corpuscope import`: labels come back from every format that holds their addresses, each once."""

from __future__ import annotations

import bz2
import csv
import gzip
import json
import lzma
import os
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from command_lines import run
from corpuscope.config.category_file import load_scheme
from corpuscope.corpora.parse import CorpusOptions, corpus_for
from corpuscope.domain.document import Document
from corpuscope.errors import CorpuscopeError, UsageError
from corpuscope.export.tasks import QUESTION
from corpuscope.ledger.read.decisions import Decision
from corpuscope.sampling.feed.open import draw_lookup
from corpuscope.sampling.plan_file import load_plan, open_plan, save_plan
from ledger_fakes import Scribe, a_reader, damage_texts, parts, read

FORMATS = {
    "csv": "l.csv",
    "jsonl": "l.jsonl",
    "parquet": "l.parquet",
    "dataset": "folder",
    "labelstudio": "tasks.json",
    "argilla": "records.json",
    "prodigy": "examples.jsonl",
}
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".bz2": bz2.compress,
    ".zst": zstandard.compress,
}
NAMES = load_scheme(None).names
CHOICE = f'"result": [{{"from_name": "{QUESTION}", "value": {{"choices": ["News"]}}}}]'
"""A category chosen in Label Studio."""
Change = Callable[[list[dict[str, object]]], None]


@pytest.fixture
def web(tmp_path: Path) -> Path:
    path = tmp_path / "web.jsonl"
    path.write_text(
        "".join(json.dumps({"text": f"text {n} [x] \x1b", "url": f"u{n}"}) + "\n" for n in range(40))
    )
    return path


def a_plan(folder: Path, web: Path, *, seed: int = 7, key: str = "web") -> list[Document]:
    """Write the plan of a study into a folder and return its first documents."""
    corpus = corpus_for(f"{key}={web}")
    draw = draw_lookup(corpus, seed=seed, cache_folder=folder / "cache")
    documents = [document for k in range(12) if (document := draw(k))]
    plan = open_plan(folder / "plan.json", seed=seed).with_corpus(corpus)
    save_plan(plan.with_revision(corpus.key, documents[0].address.revision), folder / "plan.json")
    return documents


def a_study(folder: Path, web: Path) -> Path:
    documents = a_plan(folder, web)
    with Scribe(folder, annotator="ann") as scribe:
        for document in documents[:6]:
            scribe.clock.wait(3)  # type: ignore[attr-defined]  # a SetClock
            scribe.label(document, NAMES[document.draw % 7], reading_ms=4_000 + document.draw, blind=True)
        scribe.label(documents[2], "News", look=2)
        scribe.skip(documents[6])
        scribe.note(documents[1], 'two\nlines, "quoted" [/nope]')
        scribe.bookmark(documents[3])
    with Scribe(folder, "s2", "zoë") as scribe:
        scribe.label(documents[0], "Forum")
    return folder


@pytest.fixture
def study(tmp_path: Path, web: Path) -> Path:
    return a_study(tmp_path / "study", web)


@pytest.fixture
def empty(tmp_path: Path, web: Path) -> Path:
    """A folder with the same plan, and no labels."""
    a_plan(tmp_path / "empty", web)
    return tmp_path / "empty"


def exported(study: Path, form: str, *options: str) -> Path:
    out = study.parent / FORMATS[form]
    arguments = [
        "export",
        "--labels",
        str(study),
        "--format",
        form,
        "--text",
        "--every-label",
        "-o",
        str(out),
    ]
    result = run(*arguments, *options)
    assert result.exit_code == 0, result.output
    return out


def decided(folder: Path) -> dict[tuple[object, ...], Decision]:
    return {(d.document_id, d.annotator, d.look): d for d in read(folder).recent() if d.category is not None}


@pytest.mark.parametrize("form", FORMATS)
def test_labels_of_every_format_come_back_into_a_folder_with_the_same_plan(
    study: Path, empty: Path, form: str
) -> None:
    file = exported(study, form)
    result = run("import", str(file), "--labels", str(empty))
    assert result.exit_code == 0, result.output
    original, imported = decided(study), decided(empty)
    assert imported.keys() == original.keys()
    for key, label in original.items():
        assert imported[key].category == label.category
        assert imported[key].draw == label.draw
        assert imported[key].note == label.note
    assert [(d.event_id, d.at, d.reading_ms, d.blind, d.bookmarked, d.scheme) for d in imported.values()] == [
        (d.event_id, d.at, d.reading_ms, d.blind, d.bookmarked, d.scheme) for d in original.values()
    ]
    if form in ("argilla", "prodigy"):
        assert f"{form} does not hold" in result.stderr


def test_skips_and_columns_of_the_row_in_a_table_are_no_labels(study: Path, empty: Path) -> None:
    file = exported(study, "csv", "--skips", "--columns", "url", "--metadata")
    result = run("import", str(file), "--labels", str(empty))
    assert "8 imported from" in result.stdout
    assert "1 left out: a skip, which is not a label" in result.stderr


@pytest.mark.parametrize("form", FORMATS)
def test_importing_twice_or_into_the_original_folder_adds_nothing(
    study: Path, empty: Path, form: str
) -> None:
    file = exported(study, form)
    run("import", str(file), "--labels", str(empty))
    for folder in (study, empty):
        before = len(read(folder).recent())
        result = run("import", str(file), "--labels", str(folder))
        assert result.stdout == f"0 imported from {file}; 8 already present\n"
        assert len(read(folder).recent()) == before


def test_a_label_that_stands_twice_in_a_file_is_counted_once(study: Path, empty: Path) -> None:
    file = exported(study, "jsonl")
    file.write_text(file.read_text() * 2)
    result = run("import", str(file), "--labels", str(empty))
    assert result.stdout.splitlines()[-1] == f"8 imported from {file}; 8 already present"
    assert len(decided(empty)) == 8


def test_another_label_under_the_event_id_of_one_before_it_is_refused(study: Path, empty: Path) -> None:
    file = exported(study, "jsonl")
    first, *others = map(json.loads, file.read_text().splitlines())
    rows = (first, first | {"category": "News"}, *others)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    result = run("import", str(file), "--labels", str(empty))
    assert result.exit_code == 1
    assert "1 refused: another label before it in the file has the same event_id" in result.stderr
    assert next(iter(decided(empty).values())).category == first["category"]


def test_a_label_goes_to_its_own_corpus_where_another_one_reads_the_same_rows(study: Path, web: Path) -> None:
    urls = corpus_for(f"urls={web}", CorpusOptions(text="url"))
    plan = load_plan(study / "plan.json")
    revision = plan.corpora["web"].revision
    assert revision is not None
    save_plan(plan.with_corpus(urls).with_revision("urls", revision), study / "plan.json")
    first = json.loads(exported(study, "jsonl").read_text().splitlines()[0])
    file = study.parent / "urls.jsonl"
    file.write_text(json.dumps(first | {"corpus": "urls", "event_id": None}))
    result = run("import", str(file), "--labels", str(study))
    assert "1 label of ann about urls" in result.stdout, result.output
    reader = a_reader(study)
    (decision,) = reader.read().by_draw(["urls"])
    assert reader.document(decision.event_id).text.startswith("u")


def test_labels_come_back_exactly_from_csv_for_a_spreadsheet(study: Path, empty: Path, web: Path) -> None:
    with Scribe(study, "s3") as scribe:
        scribe.note(a_plan(study, web)[0], "=1+1")
    file = exported(study, "csv", "--spreadsheet")
    assert run("import", str(file), "--labels", str(empty)).exit_code == 0
    assert {key: label.note for key, label in decided(empty).items()} == {
        key: label.note for key, label in decided(study).items()
    }
    assert "=1+1" in {label.note for label in decided(empty).values()}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("deep.json", "[" * 100_000),
        ("digits.jsonl", '{"row": ' + "9" * 5_000 + "}"),
        ("lead.json", f'[{{"data": {{}}, "annotations": [{{"lead_time": 1e400, {CHOICE}}}]}}]'),
    ],
)
def test_a_file_with_absurd_nesting_or_numbers_is_named(study: Path, name: str, content: str) -> None:
    (study / name).write_text(content)
    result = run("import", str(study / name), "--labels", str(study))
    assert isinstance(result.exception, UsageError)
    assert name in result.exception.message


def test_labels_without_texts_get_the_text_the_plan_draws(study: Path, empty: Path) -> None:
    file = study.parent / "addresses.csv"
    assert run("export", "--labels", str(study), "-o", str(file)).exit_code == 0
    assert run("import", str(file), "--labels", str(empty)).exit_code == 0
    texts = run("export", "--labels", str(empty), "--text", "--format", "jsonl").stdout
    assert texts == run("export", "--labels", str(study), "--text", "--format", "jsonl").stdout


def test_labels_come_back_into_a_study_that_has_the_file_in_another_place(
    study: Path, web: Path, tmp_path: Path
) -> None:
    file = exported(study, "csv")
    moved = tmp_path / "moved" / "copy.jsonl"
    moved.parent.mkdir()
    web.rename(moved)
    a_plan(tmp_path / "other", moved, key="web")
    result = run("import", str(file), "--labels", str(tmp_path / "other"))
    assert result.exit_code == 0, result.output
    assert decided(tmp_path / "other").keys() == decided(study).keys()


def test_a_number_of_a_scale_comes_back_however_another_program_writes_it(
    tmp_path: Path, web: Path, empty: Path
) -> None:
    scheme = tmp_path / "categories.yaml"
    scheme.write_text(
        "scale: ordinal\ncategories:\n" + "".join(f"  - {{name: {n}, definition: d}}\n" for n in range(4))
    )
    documents = a_plan(tmp_path / "scale", web)
    with Scribe(tmp_path / "scale", annotator="ann") as scribe:
        for number in range(4):
            scribe.label(documents[number], str(number))
    out = tmp_path / "l.csv"
    options = ("--categories", str(scheme))
    assert run("export", "--labels", str(tmp_path / "scale"), "-o", str(out), *options).exit_code == 0
    rows = list(csv.reader(out.read_text().splitlines()))
    for row in rows[1:]:
        row[1] += ".0"
    with out.open("w", newline="") as stream:
        csv.writer(stream).writerows(rows)
    result = run("import", str(out), "--labels", str(empty), *options)
    assert result.exit_code == 0, result.output
    assert read(empty).counts("web") == {str(number): 1 for number in range(4)}


def test_a_dry_run_says_what_would_come_and_writes_nothing(study: Path, empty: Path) -> None:
    result = run("import", str(exported(study, "csv")), "--labels", str(empty), "--dry-run")
    assert result.stdout.splitlines()[-1].startswith("8 would be imported from")
    assert not decided(empty)


def test_a_dry_run_of_several_files_says_that_their_labels_may_count_twice(study: Path, empty: Path) -> None:
    file = str(exported(study, "csv"))
    result = run("import", file, file, "--labels", str(empty), "--dry-run")
    assert "labels in two of the files count twice" in result.stderr


def test_a_category_changed_in_a_spreadsheet_is_a_new_label_of_the_same_person(study: Path) -> None:
    file = exported(study, "csv")
    file.write_text(file.read_text().replace("web,Educational,,ann", "web,Creative,,ann", 1))
    result = run("import", str(file), "--labels", str(study))
    assert "1 imported from" in result.stdout, result.output
    (changed,) = [d for d in decided(study).values() if (d.draw, d.annotator) == (0, "ann")]
    assert changed.category == "Creative"
    assert "0 imported from" in run("import", str(file), "--labels", str(study)).stdout


def test_labels_under_the_former_name_of_a_category_are_not_added_again(study: Path) -> None:
    file = exported(study, "csv")
    lines = "".join(
        f"  - {{key: '{key}', name: {'Press' if name == 'News' else name}, definition: as before"
        f"{', formerly: [News]' if name == 'News' else ''}}}\n"
        for key, name in enumerate(NAMES, 1)
    )
    (study.parent / "renamed.yaml").write_text(f"categories:\n{lines}")
    result = run(
        "import", str(file), "--labels", str(study), "--categories", str(study.parent / "renamed.yaml")
    )
    assert "0 imported from" in result.stdout, result.output


def test_a_category_that_is_changed_twice_in_a_spreadsheet_counts_as_it_was_saved_last(study: Path) -> None:
    file = exported(study, "csv")
    for time, category in enumerate(("Creative", "Forum", "Forum"), 1_900_000_000):
        rows = list(csv.DictReader(file.open(newline="")))
        rows[0]["category"] = category
        os.utime(saved(rows, file), (time, time))
        result = run("import", str(file), "--labels", str(study))
        assert f"{int(time < 1_900_000_002)} imported from" in result.stdout
        assert decided(study)[rows[0]["document_id"], "ann", 1].category == category


def test_a_category_changed_in_a_file_that_was_saved_by_a_slow_clock_counts(study: Path) -> None:
    file = exported(study, "csv")
    file.write_text(file.read_text().replace("web,Educational,,ann", "web,Creative,,ann", 1))
    os.utime(file, (1_000_000_000, 1_000_000_000))  # as an archive without time zones may set it
    assert "1 imported from" in run("import", str(file), "--labels", str(study)).stdout
    (changed,) = [d for d in decided(study).values() if (d.draw, d.annotator) == (0, "ann")]
    assert changed.category == "Creative"
    assert "0 imported from" in run("import", str(file), "--labels", str(study)).stdout


def test_a_note_and_a_bookmark_added_in_a_spreadsheet_come_to_a_label_that_is_here(study: Path) -> None:
    rows = list(csv.DictReader(exported(study, "csv").open(newline="")))
    assert rows[0]["note"] == ""
    rows[0] |= {"note": "a second thought", "bookmarked": "True"}
    file = saved(rows, study.parent / "noted.csv")
    dry = run("import", str(file), "--labels", str(study), "--dry-run")
    assert "2 notes and bookmarks on labels already present would be added" in dry.stdout
    result = run("import", str(file), "--labels", str(study))
    assert "0 imported from" in result.stdout
    assert "2 notes and bookmarks on labels already present added" in result.stdout
    label = decided(study)[rows[0]["document_id"], rows[0]["annotator"], 1]
    assert (label.note, label.bookmarked) == ("a second thought", True)
    assert "notes" not in run("import", str(file), "--labels", str(study)).stdout


def test_a_changed_label_whose_text_was_lost_gets_the_text_the_plan_draws(study: Path) -> None:
    file = exported(study, "csv")
    rows = list(csv.DictReader(file.open(newline="")))
    for part in parts(study):
        damage_texts(part)
    rows[0]["category"] = "Creative"
    next(row for row in rows[1:] if not row["note"])["note"] = "a second thought"
    result = run("import", str(saved(rows, file)), "--labels", str(study))
    assert "1 imported from" in result.stdout
    assert "damage took the text that the note is about" in result.output
    reader = a_reader(study)
    reader.read()
    changed = decided(study)[rows[0]["document_id"], "ann", 1]
    assert changed.category == "Creative"
    assert reader.document(changed.event_id).text == rows[0]["text"]


def test_what_differs_in_a_label_that_is_here_is_said(study: Path) -> None:
    rows = list(csv.DictReader(exported(study, "csv").open(newline="")))
    noted = next(row for row in rows if row["note"])
    noted["note"] = "other words"
    rows[0]["unsure"] = "True"
    file = saved(rows, study.parent / "edited.csv")
    result = run("import", str(file), "--labels", str(study))
    assert "1 label already present with another note in the file stays as it is" in result.stderr
    assert "1 label already present that the file marks as unsure stays as it is" in result.stderr
    assert decided(study)[noted["document_id"], noted["annotator"], 1].note != "other words"


def test_two_categories_without_times_for_one_document_are_refused(study: Path, empty: Path) -> None:
    rows = list(csv.DictReader(exported(study, "csv").open(newline="")))
    bare = [{**row, "event_id": "", "at": ""} for row in rows[:1]]
    file = saved([*bare, {**bare[0], "category": "Creative"}], study.parent / "both.csv")
    result = run("import", str(file), "--labels", str(empty))
    assert result.exit_code == 1
    assert "1 imported from" in result.stdout
    assert "1 refused: another category for the same document, annotator, look and time comes before it" in (
        result.stderr
    )


def answers(study: Path, form: str, change: Change) -> Path:
    file = exported(study, form)
    content = file.read_text()
    entries = (
        [json.loads(line) for line in content.splitlines()] if form == "prodigy" else json.loads(content)
    )
    change(entries)
    file.write_text("\n".join(map(json.dumps, entries)) if form == "prodigy" else json.dumps(entries))
    return file


def test_label_studio_answers_belong_to_the_person_who_completed_them(study: Path) -> None:
    def answer(tasks: list[dict[str, object]]) -> None:
        choice = {
            "from_name": "category",
            "to_name": "text",
            "value": {"choices": ["Boilerplate"]},
            "id": "x1",
        }
        person = {"id": 3, "email": "ben@example.org"}
        tasks[0]["annotations"] = [
            {
                "result": [choice],
                "completed_by": person,
                "created_at": "2026-02-01T10:00:00Z",
                "lead_time": 4.2,
            },
            {"result": [], "completed_by": person, "was_cancelled": True},
        ]

    result = run("import", str(answers(study, "labelstudio", answer)), "--labels", str(study))
    assert "1 label of ben@example.org about web" in result.stdout
    (label,) = [d for d in decided(study).values() if d.annotator == "ben@example.org"]
    assert (label.category, label.reading_ms, label.look) == ("Boilerplate", 4_200, 1)


@pytest.mark.parametrize("person", [7, "7", {"id": 7, "first_name": ""}, None])
def test_a_number_for_a_person_is_no_annotator(study: Path, person: object) -> None:
    choice = {"from_name": "category", "value": {"choices": "Boilerplate"}}

    def answer(tasks: list[dict[str, object]]) -> None:
        for task in tasks[:2]:
            task["annotations"] = [{"result": [choice], "completed_by": person}]

    result = run(
        "import", str(answers(study, "labelstudio", answer)), "--labels", str(study), "--annotator", "ben"
    )
    assert result.stdout.splitlines()[0] == "2 labels of ben about web"


def test_several_numbers_for_people_are_refused_and_the_others_come(study: Path) -> None:
    choice = {"from_name": "category", "value": {"choices": "Boilerplate"}}

    def answer(tasks: list[dict[str, object]]) -> None:
        for task, person in zip(tasks, (7, {"id": 3}, {"id": 4, "username": "ben"}), strict=False):
            task["annotations"] = [{"result": [choice], "completed_by": person}]

    result = run("import", str(answers(study, "labelstudio", answer)), "--labels", str(study))
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == "1 label of ben about web"
    assert "2 refused: 2 people are named by numbers only (3, 7)" in result.stderr


def test_argilla_responses_without_a_user_belong_to_the_annotator(study: Path) -> None:
    def answer(records: list[dict[str, object]]) -> None:
        records[0]["responses"] = {
            "category": [{"value": "Nonsensical", "user_id": None, "status": "submitted"}]
        }
        records[1]["responses"] = {"category": [{"value": "News", "status": "discarded"}]}

    file = answers(study, "argilla", answer)
    result = run("import", str(file), "--labels", str(study), "--annotator", "ben")
    assert result.stdout.splitlines()[0] == "1 label of ben about web"


def test_labels_of_several_annotators_are_counted_together_and_each(study: Path) -> None:
    choice = {"from_name": "category", "value": {"choices": "Boilerplate"}}

    def answer(tasks: list[dict[str, object]]) -> None:
        for task, name in zip(tasks, ("ben", "cas", "ben"), strict=False):
            task["annotations"] = [{"result": [choice], "completed_by": {"username": name}}]

    file = answers(study, "labelstudio", answer)
    for options, came, imported in (
        (["--dry-run"], "would come", "would be imported"),
        ([], "came", "imported"),
    ):
        *counts, result = run("import", str(file), "--labels", str(study), *options).stdout.splitlines()
        assert counts == [
            f"3 {came} from 2 annotators about 1 corpus",
            "2 labels of ben about web",
            "1 label of cas about web",
        ]
        assert result.startswith(f"3 {imported} from {file}; ")


def saved(rows: list[dict[str, str]], file: Path, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with file.open("w", newline="", encoding=encoding) as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows([*rows, dict.fromkeys(rows[0], "")])
    return file


def test_labels_come_back_from_a_workbook_that_somebody_saved(study: Path, empty: Path) -> None:
    pytest.importorskip("xlsxwriter")
    openpyxl = pytest.importorskip("openpyxl")
    file = study.parent / "l.xlsx"
    run("export", "--labels", str(study), "-o", str(file))
    book = openpyxl.load_workbook(file)
    sheet = book["labels"]
    header = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        at = row[header.index("at")]
        at.value = datetime.fromisoformat(at.value).replace(tzinfo=None)
        row[header.index("row")].value = float(row[header.index("row")].value)
    sheet.append([None] * len(header))
    book.create_sheet("notes", 0)["A1"] = "another sheet"
    book.save(file)
    result = run("import", str(file), "--labels", str(empty))
    assert result.exit_code == 0, result.output
    assert {key: (d.event_id, d.category, d.at) for key, d in decided(empty).items()} == {
        key: (d.event_id, d.category, d.at) for key, d in decided(study).items()
    }


@pytest.mark.parametrize("size", [b"A1:A1", b"A1:Z2"])
def test_a_workbook_that_states_a_wrong_size_is_read_to_its_end(
    study: Path, empty: Path, size: bytes
) -> None:
    pytest.importorskip("xlsxwriter")
    pytest.importorskip("openpyxl")
    file, wrong = study.parent / "l.xlsx", study.parent / "wrong.xlsx"
    run("export", "--labels", str(study), "-o", str(file))
    with zipfile.ZipFile(file) as right, zipfile.ZipFile(wrong, "w") as archive:
        for name in right.namelist():
            stated = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="%b"' % size, right.read(name))
            archive.writestr(name, stated)
    assert "8 imported from" in run("import", str(wrong), "--labels", str(empty)).stdout


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("header", "cell", "fault"),
    [
        ("category", "Forum", "the header names category 2 times"),
        (None, "Forum", "row 1 has more cells than the header"),
    ],
)
def test_a_table_with_a_second_category_or_a_cell_too_many_is_refused(
    study: Path, empty: Path, form: str, header: str | None, cell: str, fault: str
) -> None:
    pytest.importorskip("openpyxl")
    rows = list(csv.reader(exported(study, "csv").open(newline="")))
    table: list[list[str]] = [rows[0] + ([header] if header else []), *([*row, cell] for row in rows[1:])]
    file = study.parent / f"wide.{form}"
    if form == "csv":
        with file.open("w", newline="") as stream:
            csv.writer(stream).writerows(table)
    else:
        import openpyxl

        book = openpyxl.Workbook()
        for row in table:
            book.active.append([re.sub(r"[\0-\x1f]", "", cell) for cell in row])
        book.save(file)
    refused = run("import", str(file), "--labels", str(empty)).exception
    assert isinstance(refused, UsageError)
    assert fault in refused.message


def test_a_parquet_file_that_datasets_saved_has_names_for_its_numbers(study: Path, empty: Path) -> None:
    table = pq.read_table(exported(study, "parquet"))
    names = list(reversed(NAMES))
    codes = pa.array([names.index(name) for name in table["category"].to_pylist()])
    features = {"category": {"names": names, "_type": "ClassLabel"}, "row": {"_type": "Value"}}
    table = table.set_column(table.column_names.index("category"), "category", codes)
    file = study.parent / "from-datasets.parquet"
    metadata = {"huggingface": json.dumps({"info": {"features": features}})}
    pq.write_table(table.replace_schema_metadata(metadata), file)
    result = run("import", str(file), "--labels", str(empty))
    assert result.exit_code == 0, result.output
    assert {key: d.category for key, d in decided(empty).items()} == {
        key: d.category for key, d in decided(study).items()
    }


@pytest.mark.parametrize("content", [b"not packed", b"PK\5\6" + b"\0" * 18])
def test_what_is_no_workbook_is_named(empty: Path, content: bytes) -> None:
    pytest.importorskip("openpyxl")
    file = empty.parent / "broken.xlsx"
    file.write_bytes(content)
    fault = run("import", str(file), "--labels", str(empty)).exception
    assert isinstance(fault, UsageError)
    assert "broken.xlsx: not what xlsx exports look like: it is not a workbook" in fault.message


Row = dict[str, str]
AS_OTHERS_SAVE_IT: dict[str, Callable[[Row], Row]] = {
    "pandas": lambda row: row | {"reading_ms": row["reading_ms"] and row["reading_ms"] + ".0"},
    "R": lambda row: {name: value or "NA" for name, value in row.items()},
    "a spreadsheet": lambda row: (
        row | {"blind": row["blind"].upper(), "at": f"{datetime.fromisoformat(row['at']):%d/%m/%Y %H:%M}"}
    ),
    "epoch milliseconds": lambda row: (
        row | {"at": str(int(datetime.fromisoformat(row["at"]).timestamp() * 1000))}
    ),
}


@pytest.mark.parametrize("program", AS_OTHERS_SAVE_IT)
def test_labels_come_back_as_another_program_saves_them(study: Path, empty: Path, program: str) -> None:
    rows = list(csv.DictReader(exported(study, "csv").open(newline="")))
    file = saved([AS_OTHERS_SAVE_IT[program](row) for row in rows], study.parent / "saved.csv")
    result = run("import", str(file), "--labels", str(empty))
    assert result.exit_code == 0, result.output
    original, imported = decided(study), decided(empty)
    assert [(d.event_id, d.category, d.reading_ms, d.note, d.blind) for d in imported.values()] == [
        (d.event_id, d.category, d.reading_ms, d.note, d.blind) for d in original.values()
    ]
    assert all(abs(imported[key].at - original[key].at).seconds < 60 for key in original)


@pytest.mark.parametrize(
    ("name", "delimiter", "encoding"),
    [
        ("l.csv", ";", "utf-16"),
        ("l.tsv", "\t", "utf-8"),
        *((f"l.csv.{ending}", ",", "") for ending in ("gz", "xz", "bz2", "zst")),
    ],
)
def test_delimiters_encodings_and_compression_of_a_table_are_recognised(
    study: Path, empty: Path, name: str, delimiter: str, encoding: str
) -> None:
    exact = exported(study, "csv")
    file = study.parent / f"other-{name}"
    if encoding:
        saved(list(csv.DictReader(exact.open(newline=""))), file, delimiter, encoding)
    else:
        file.write_bytes(COMPRESS[file.suffix](exact.read_bytes()))
    assert "8 imported from" in run("import", str(file), "--labels", str(empty)).stdout


def test_a_compressed_file_that_is_damaged_is_refused_by_name(study: Path, empty: Path) -> None:
    file = study.parent / "cut.csv.xz"
    file.write_bytes(lzma.compress(exported(study, "csv").read_bytes())[:-20])
    result = run("import", str(file), "--labels", str(empty))
    assert isinstance(result.exception, CorpuscopeError)
    assert "cut.csv.xz ends in the middle" in result.exception.message


@pytest.mark.parametrize("name", ["l.jsonl", "l.json"])
@pytest.mark.parametrize("separator", ["\n", "array"])
def test_objects_that_jq_gave_several_lines_are_read_as_they_are(
    study: Path, empty: Path, name: str, separator: str
) -> None:
    rows = [json.loads(line) for line in exported(study, "jsonl").read_text().splitlines()]
    file = study.parent / f"pretty-{name}"
    pretty = (
        json.dumps(rows, indent=2)
        if separator == "array"
        else "\n".join(json.dumps(row, indent=2) for row in rows)
    )
    file.write_text(f"\n{pretty}\n")
    assert "8 imported from" in run("import", str(file), "--labels", str(empty)).stdout


def test_a_label_without_its_event_id_is_known_and_an_edit_of_it_counts(study: Path) -> None:
    rows = list(csv.DictReader(exported(study, "csv").open(newline="")))
    bare = [{name: value for name, value in row.items() if name != "event_id"} for row in rows]
    file = saved(bare, study.parent / "bare.csv")
    assert "0 imported from" in run("import", str(file), "--labels", str(study)).stdout
    bare[0]["category"] = "Creative"
    assert "1 imported from" in run("import", str(saved(bare, file)), "--labels", str(study)).stdout
    assert decided(study)[bare[0]["document_id"], "ann", 1].category == "Creative"


@pytest.mark.parametrize(("column", "value"), [("row", "39"), ("draw", "11"), ("annotator", "cem")])
def test_an_edited_address_does_not_pass_for_a_label_that_is_here(
    study: Path, column: str, value: str
) -> None:
    rows = list(csv.DictReader(exported(study, "csv").open(newline="")))
    rows[3][column] = value
    result = run("import", str(saved(rows, study.parent / "edited.csv")), "--labels", str(study))
    assert result.exit_code == 1
    assert "1 refused" in result.stderr
    assert "label with this event_id" in result.stderr


def test_label_studio_answers_that_give_no_label_are_named_with_their_task(study: Path) -> None:
    def answer(tasks: list[dict[str, object]]) -> None:
        def annotation(name: str, *choices: str) -> dict[str, object]:
            return {"completed_by": 7, "result": [{"from_name": name, "value": {"choices": choices}}]}

        tasks[0]["annotations"] = []
        tasks[1]["annotations"] = [annotation("genre", "News")]
        tasks[2]["annotations"] = [annotation("category", "News", "Forum")]
        tasks[3]["annotations"] = [annotation("category")]

    result = run("import", str(answers(study, "labelstudio", answer)), "--labels", str(study))
    assert result.exit_code == 1
    for sentence in (
        "1 left out: not answered in Label Studio (task 1)",
        "1 refused: the answer is to genre, not to category (task 2)",
        "1 refused: several categories where one is wanted: News, Forum (task 3)",
        "1 refused: an answer without a category (task 4)",
    ):
        assert sentence in result.stderr


def test_a_short_form_of_label_studio_is_refused_as_what_it_is(empty: Path) -> None:
    row = {"annotation_id": 3, "annotator": 1, "category": "News", "corpus": "web", "lead_time": 2.5}
    table = saved([{name: str(value) for name, value in row.items()}], empty.parent / "answers.csv")
    array = empty.parent / "answers.json"
    array.write_text(json.dumps([row]))
    for file in (table, array):
        fault = run("import", str(file), "--labels", str(empty)).exception
        assert isinstance(fault, UsageError)
        assert "does not say who gave which label" in fault.message


def test_rows_without_a_category_are_counted_and_the_others_imported(study: Path, empty: Path) -> None:
    file = exported(study, "csv")
    header, *rows = csv.reader(file.read_text().splitlines())
    rows[0][header.index("category")] = ""
    with file.open("w", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    result = run("import", str(file), "--labels", str(empty))
    assert f"{file}: 1 left out: no category (label 1)" in result.stderr
    assert len(decided(empty)) == 7


def test_json_lines_are_imported_from_a_file_that_ends_in_json(study: Path, empty: Path) -> None:
    file = exported(study, "jsonl")
    result = run("import", str(file.rename(file.with_suffix(".json"))), "--labels", str(empty))
    assert "8 imported" in result.stdout


def test_rejected_prodigy_examples_are_not_labels(study: Path) -> None:
    def answer(examples: list[dict[str, object]]) -> None:
        examples[0] |= {"answer": "reject", "accept": ["News"]}
        examples[1] |= {"accept": ["News"], "_annotator_id": "ben"}

    result = run("import", str(answers(study, "prodigy", answer)), "--labels", str(study))
    assert result.stdout.splitlines()[0] == "1 label of ben about web"
    assert "6 already present" in result.stdout


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('"corpus": "web"', '"corpus": "books"', "8 refused: books is not in plan.json"),
        (
            '"category": "News"',
            '"category": "Nws"',
            "2 refused: there is no category 'Nws'; did you mean News?",
        ),
        (
            '"split": "train"',
            '"split": "test"',
            "8 refused: web: plan.json says split is train, the file test",
        ),
        ('"revision": "', '"revision": "0', "8 refused: web: plan.json says revision is "),
        ('"draw": 0,', '"draw": 30,', "2 refused: web: the plan draws other documents"),
    ],
)
def test_labels_that_the_plan_does_not_draw_are_refused_by_reason_and_the_rest_imported(
    study: Path, empty: Path, before: str, after: str, message: str
) -> None:
    file = exported(study, "jsonl")
    file.write_text(file.read_text().replace(before, after))
    result = run("import", str(file), "--labels", str(empty))
    assert result.exit_code == 1
    assert message in result.stderr
    assert len(decided(empty)) == 8 - int(message[0])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.jsonl", '{"corpus": "web"}\n', "label 1: dataset is missing"),
        ("x.jsonl", "[1]\n", "not what jsonl exports look like: '1' is not a JSON object"),
        ("x.csv", "corpus,category\nweb,News\n", "label 1: dataset is missing; known: corpus, category"),
        ("x.csv", "dataset,corpus\n,web\n", "label 1: dataset is empty"),
        ("x.json", "{}", "not what JSON exports look like"),
        ("x.json", '[{"data": 3, "annotations": []}]', "not what labelstudio exports look like"),
        ("x.jsonl", '{"answer": "accept", "accept": ["News"]}', "look like: 'meta' is missing"),
        ("x.parquet", "PAR1", "not what parquet exports look like"),
        ("x.txt", "__label__news x", "cannot be imported from fasttext files"),
        ("x.md", "", "cannot be imported from markdown files"),
        ("x.doc", "", "unknown file type .doc"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
    empty: Path, name: str, content: str, message: str
) -> None:
    file = empty.parent / name
    file.write_text(content)
    fault = run("import", str(file), "--labels", str(empty)).exception
    assert isinstance(fault, UsageError)
    assert str(file) in fault.message
    assert message in str(fault)


def test_without_a_plan_there_is_nothing_to_apply_labels_to(study: Path, tmp_path: Path) -> None:
    fault = run("import", str(exported(study, "csv")), "--labels", str(tmp_path / "new")).exception
    assert isinstance(fault, UsageError)
    assert "plan.json" in fault.message


@pytest.mark.slow
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), form=st.sampled_from(sorted(set(FORMATS) - {"dataset"})))
def test_any_labels_survive_the_round_trip(
    tmp_path_factory: pytest.TempPathFactory, web: Path, data: st.DataObject, form: str
) -> None:
    folder = tmp_path_factory.mktemp("round")
    documents = a_plan(folder / "study", web)
    notes = (
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
        if form != "csv"
        else st.text("a,\n\"'", max_size=9)
    )
    with Scribe(folder / "study", annotator=data.draw(st.sampled_from(["ann", "Zoë B.", "=1+1"]))) as scribe:
        for document in data.draw(
            st.lists(st.sampled_from(documents), unique_by=lambda d: d.draw, min_size=1)
        ):
            scribe.label(document, data.draw(st.sampled_from(NAMES)), look=data.draw(st.integers(1, 2)))
            scribe.note(document, data.draw(notes))
    a_plan(folder / "copy", web)
    file = exported(folder / "study", form)
    result = run("import", str(file), "--labels", str(folder / "copy"))
    assert result.exit_code == 0, result.output
    original, imported = decided(folder / "study"), decided(folder / "copy")
    assert {key: (d.category, d.note) for key, d in imported.items()} == {
        key: (d.category, d.note) for key, d in original.items()
    }
