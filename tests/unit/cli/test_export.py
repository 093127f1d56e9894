"""Tests of `corpuscope export`: formats, filters, order, refusals."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from corpuscope import open_study
from corpuscope.cli import main
from corpuscope.domain.label import EventKind
from corpuscope.errors import UsageError
from ledger_fakes import Scribe
from makers import SetClock, a_document


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    folder = tmp_path / "labels"
    with Scribe(folder, "s1") as scribe:
        for draw in (3, 1, 2):
            scribe.label(a_document(draw, f"text {draw}", url="http://x.example/"), "News")
        scribe.label(a_document(0, "first", corpus="talk"), "Forum")
        scribe.write(EventKind.BOOKMARK, a_document(2, "text 2"))
        scribe.write(EventKind.SKIP, a_document(9, "skipped"))
    return folder


def export(labels: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(main, ["export", "--labels", str(labels), *arguments], catch_exceptions=True)
    if isinstance(result.exception, UsageError):
        raise result.exception
    return result


def rows(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_order_is_by_corpus_and_draw_whatever_the_order_of_labels(labels: Path) -> None:
    exported = rows(export(labels, "--format", "jsonl", "--text"))
    assert [(row["corpus"], row["draw"], row["text"]) for row in exported] == [
        ("talk", 0, "first"), ("web", 1, "text 1"), ("web", 2, "text 2"), ("web", 3, "text 3"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1"])
def test_standard_output_may_be_named(labels: Path, name: str) -> None:
    assert export(labels, "-o", name).stdout == export(labels).stdout
    markdown = CliRunner().invoke(main, ["report", name, "--labels", str(labels)])
    assert markdown.stdout.startswith("# ")
    assert markdown.stderr == "4 labels reported\n"


def test_a_file_may_be_called_like_standard_output(
    labels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert export(labels, "-o", "./-").stdout == ""
    assert Path("./-").read_text() == export(labels).stdout


def test_half_characters_are_replaced_and_counted(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(a_document(0, "one \ud800 half"), "News")
        scribe.label(a_document(1, "whole"), "News")
    result = export(tmp_path, "--text", "--format", "jsonl")
    assert rows(result)[0]["text"] == "one \ufffd half"
    assert "1 document with bytes that are not UTF-8 or half characters" in result.stderr


def scored(folder: Path) -> Path:
    """Label three documents with scores, two of them by two people; one is skipped by the second."""
    with Scribe(folder, "s1", "ann") as scribe:
        for draw, score in enumerate((1, 2.5, 4)):
            document = a_document(draw, score=score, dump=f"CC-{draw}", name="row", mixed=score or None)
            scribe.label(document, "News" if draw else "Forum")
    with Scribe(folder, "s2", "ben") as scribe:
        scribe.label(a_document(0), "News")
        scribe.write(EventKind.SKIP, a_document(2))
    return folder


def test_columns_of_the_row_go_along_with_their_types(tmp_path: Path) -> None:
    folder, file = scored(tmp_path / "labels"), tmp_path / "scores.parquet"
    export(folder, "--columns", "score, dump,name", "-o", str(file))
    table = pq.read_table(file)
    assert table["score"].to_pylist() == [1.0, None, 2.5, 4.0]
    assert table["dump"].to_pylist() == ["CC-0", None, "CC-1", "CC-2"]
    assert table["metadata_name"].to_pylist() == ["row", None, "row", "row"]
    assert "text" not in table.column_names
    (first, *_) = rows(export(folder, "--metadata", "--format", "jsonl"))
    assert first["metadata"] == {"score": 1, "dump": "CC-0", "name": "row", "mixed": 1}


def test_columns_whose_names_would_clash_are_all_written(tmp_path: Path) -> None:
    columns = {"url": "one", "metadata_url": "two", "metadata": "three", "address": "four", "extra": "five"}
    with Scribe(tmp_path) as scribe:
        scribe.label(replace(a_document(0), metadata=columns))
    named = ("--columns", ",".join(columns), "--metadata")
    (row,) = rows(export(tmp_path, "--format", "jsonl", *named))
    names = ("metadata_metadata_url", "metadata_url", "metadata_metadata", "metadata_address", "extra")
    assert [row[name] for name in names] == [*columns.values()]
    assert row["metadata"] == columns
    (task,) = json.loads(export(tmp_path, "--format", "labelstudio", *named).stdout)
    assert task["data"]["metadata_address"] == "four"
    assert "row 0" in task["data"]["address"]


def test_a_column_that_no_document_has_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as fault:
        export(scored(tmp_path), "--columns", "scroe")
    assert "scroe" in fault.value.message
    assert "score" in fault.value.hint


def test_skips_are_written_on_request_and_told_apart(tmp_path: Path) -> None:
    exported = rows(export(scored(tmp_path), "--skips", "--format", "jsonl"))
    assert [(row["kind"], row["category"]) for row in exported if row["kind"] == "skip"] == [("skip", None)]
    assert len(exported) == 5
    with pytest.raises(UsageError, match="no place for skips"):
        export(tmp_path, "--skips", "--format", "labelstudio")


@pytest.mark.parametrize("form", ["prodigy", "fasttext"])
def test_a_format_with_one_label_a_document_says_what_it_left_out(tmp_path: Path, form: str) -> None:
    folder = scored(tmp_path)
    result = export(folder, "--text", "--format", form)
    assert len(result.stdout.splitlines()) == 3
    assert "1 further label of the same documents left out" in result.stderr
    every = export(folder, "--text", "--format", form, "--every-label")
    assert "left out" not in every.stderr
    assert "4 labels" in every.stderr


def answered(folder: Path) -> Path:
    """Let three people read four documents, one of which settle, skip and reread some of them."""
    first, second, third, fourth = (a_document(draw, f"text {draw}") for draw in range(4))
    with Scribe(folder, "s1", "ann") as scribe:
        scribe.label(first, "News")
        scribe.label(second, "News")
        scribe.label(third, "News")
        scribe.label(third, "Forum", look=2)
        scribe.skip(third)
        scribe.label(fourth, "News")
        scribe.label(fourth, "Forum", look=2)
        scribe.skip(fourth)
    for person in ("ben", "cat"):
        with Scribe(folder, person, person) as scribe:
            scribe.label(first, "Forum")
            scribe.bookmark(first)
            scribe.label(second, "News")
            scribe.skip(third)
    with Scribe(folder, "s4", "ben") as scribe:
        scribe.label(fourth, "Educational")
        scribe.write(EventKind.ADJUDICATE, second, category="Forum")
    return folder


@pytest.mark.parametrize(
    ("arguments", "answers"),
    [
        ((), ["forum text 0", "forum text 1", "educational text 3"]),
        (("--category", "News"), []),
        (("--category", "Forum"), ["forum text 0", "forum text 1"]),
        (("--bookmarked",), ["forum text 0"]),
        (("--mine", "--annotator", "ann"), ["news text 0", "news text 1"]),
        (("--who", "ben", "--who", "cat"), ["forum text 0", "news text 1", "educational text 3"]),
        (("--look", "2"), ["forum text 2", "forum text 3"]),
    ],
)
def test_the_one_label_of_a_document_is_the_one_that_counts_in_its_shares(
    tmp_path: Path, arguments: tuple[str, ...], answers: list[str]
) -> None:
    folder = answered(tmp_path / "labels")
    exported = export(folder, "--text", "--format", "fasttext", *arguments).stdout.splitlines()
    assert exported == [f"__label__{answer}" for answer in answers]


@pytest.mark.parametrize("mine", [(), ("--mine",)])
def test_fasttext_has_as_many_lines_of_a_category_as_the_summary_counts(
    tmp_path: Path, mine: tuple[str, ...]
) -> None:
    folder = answered(tmp_path / "labels")
    result = export(folder, "--text", "--format", "fasttext", "--annotator", "ann", *mine)
    labels = Counter(line.split()[0].removeprefix("__label__") for line in result.stdout.splitlines())
    summary = open_study(folder).summary(annotator="ann" if mine else None).corpora[0].distribution
    assert labels == {share.category.lower(): share.count for share in summary.shares if share.count}


def test_a_document_that_only_a_second_reading_labels_is_left_out_and_counted(tmp_path: Path) -> None:
    folder = answered(tmp_path / "labels")
    result = export(folder, "--text", "--format", "prodigy")
    assert "1 document left out that only second readings label" in result.stderr
    assert "left out" not in export(folder, "--text", "--format", "prodigy", "--every-label").stderr
    assert "left out" not in export(folder, "--text", "--format", "prodigy", "--category", "Creative").stderr


def test_a_quoted_second_reading_is_named_as_one(tmp_path: Path) -> None:
    folder = answered(tmp_path / "labels")
    quoted = export(folder, "--text", "--format", "markdown").stdout
    assert "Category: Forum (ann, 2nd reading)" in quoted
    with Scribe(folder, "s5", "ann") as scribe:
        scribe.bookmark(a_document(2, "text 2"))
        scribe.label(a_document(2, "text 2"), "News")
    report = CliRunner().invoke(main, ["report", "-", "--labels", str(folder)])
    assert "Category: News (ann), Forum (ann, 2nd reading)" in report.stdout


def test_filters_keep_only_the_matching_labels(labels: Path) -> None:
    def draws(*arguments: str) -> list[object]:
        return [row["draw"] for row in rows(export(labels, "--format", "jsonl", *arguments))]

    assert draws("--category", "Forum") == [0]
    assert draws("--category", "Forum", "--category", "News", "web") == [1, 2, 3]
    assert draws("--bookmarked") == [2]
    assert draws("--bookmarked", "--category", "Forum") == []
    assert draws("--mine", "--annotator", "somebody") == []


def test_labels_are_filtered_by_annotator_look_and_day(tmp_path: Path) -> None:
    for person, day in (("ann", 2), ("zoë", 4)):
        clock = SetClock(datetime(2026, 1, day, 23, 59, 59, 999_999, tzinfo=UTC))
        with Scribe(tmp_path / "labels", f"s{day}", person, clock=clock) as scribe:
            scribe.label(a_document(day), "News")
            scribe.label(a_document(day + 10), "News", look=2)

    def draws(*arguments: str) -> list[object]:
        return [row["draw"] for row in rows(export(tmp_path / "labels", "--format", "jsonl", *arguments))]

    assert draws("--who", "zoë") == [4, 14]
    assert draws("--who", "zoë", "--who", "ann") == [2, 4, 12, 14]
    assert draws("--look", "2") == [12, 14]
    assert draws("--since", "2026-01-03") == [4, 14]
    assert draws("--until", "2026-01-02") == [2, 12]
    assert draws("--since", "2026-01-02", "--until", "2026-01-04", "--look", "1") == [2, 4]
    assert draws("--since", "2026-01-05") == []


def test_a_filter_that_cannot_match_is_refused_by_name(labels: Path) -> None:
    with pytest.raises(UsageError, match="no labels of 'anna'") as fault:
        export(labels, "--who", "anna")
    assert "did you mean ann?" in fault.value.hint
    with pytest.raises(UsageError, match="--since 2026-02-01 is after --until 2026-01-01"):
        export(labels, "--since", "2026-02-01", "--until", "2026-01-01")


def test_the_format_is_inferred_from_the_file_extension(labels: Path, tmp_path: Path) -> None:
    beginnings = {
        "a.csv": b"corpus,category,",
        "a.jsonl": b'{"corpus"',
        "a.PARQUET": b"PAR1",
        "a": b"corpus,category,",
    }
    for name, beginning in beginnings.items():
        assert export(labels, "-o", str(tmp_path / name)).exit_code == 0
        assert (tmp_path / name).read_bytes().startswith(beginning)
    assert export(labels, "-o", str(tmp_path / "a.json"), "--format", "argilla").exit_code == 0
    with pytest.raises(UsageError, match=r"b\.json: unknown file type \.json") as fault:
        export(labels, "-o", str(tmp_path / "b.json"))
    assert "choose with --format: csv, jsonl" in fault.value.hint
    assert not (tmp_path / "b.json").exists()


def test_an_invalid_day_is_refused_with_an_example(labels: Path) -> None:
    result = export(labels, "--since", "yesterday")
    assert result.exit_code == 2
    assert "--since" in result.output
    assert "'yesterday' is not a day, as in 2026-01-31" in result.output


def test_no_text_breaks_out_of_the_markdown_that_quotes_bookmarked_documents(tmp_path: Path) -> None:
    hostile = "```\n<script>alert(1)</script>\n# no heading\n" + "x" * 800
    with Scribe(tmp_path / "labels") as scribe:
        odd = a_document(5, hostile, url="https://example.org/[x](y)")
        scribe.label(odd, "News")
        scribe.note(odd, "<b>look</b>")
        scribe.bookmark(odd)
        scribe.label(a_document(6), "News")
    out = export(tmp_path / "labels", "--format", "markdown", "--bookmarked", "--text").stdout
    assert out.startswith(
        "**web**, owner/web train @ c0ffee part-0.jsonl row 5  \n"
        "URL: https://example.org/\\[x\\](y)  \nCategory: News  \nNote by ann: \\<b\\>look\\</b\\>\n\n"
        "````text\n```\n<script>alert(1)</script>\n# no heading\n"
    )
    assert out.endswith("x\n````\n\n43 more characters\n")
    assert "row 6" not in out


def test_an_unknown_category_is_refused_with_the_known_ones(labels: Path) -> None:
    with pytest.raises(UsageError, match="there is no category 'Newz'") as fault:
        export(labels, "--category", "Newz")
    assert "did you mean News?" in fault.value.hint


def test_a_format_that_needs_texts_says_so_before_anything_is_written(labels: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="needs the texts"):
        export(labels, "--format", "fasttext", "-o", str(tmp_path / "train.txt"))
    assert not (tmp_path / "train.txt").exists()
    export(labels, "--format", "fasttext", "--text", "-o", str(tmp_path / "train.txt"))
    assert (tmp_path / "train.txt").read_text() == (
        "__label__forum first\n__label__news text 1\n__label__news text 2\n__label__news text 3\n"
    )


def test_in_a_pipe_there_is_no_progress_bar(labels: Path) -> None:
    result = export(labels, "--format", "labelstudio", "--text")
    assert result.stderr == "4 labels\n"
    assert len(json.loads(result.stdout)) == 4
