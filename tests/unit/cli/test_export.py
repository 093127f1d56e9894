"""The export command: formats, filters, order, and clear refusals."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from corpuscope.cli import main
from corpuscope.domain.label import EventKind
from corpuscope.errors import UsageError
from ledger_fakes import Scribe
from makers import a_document


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


def test_the_order_is_that_of_corpora_and_draws_whatever_the_order_of_labels(labels: Path) -> None:
    found = rows(export(labels, "--format", "jsonl", "--text"))
    assert [(row["corpus"], row["draw"], row["text"]) for row in found] == [
        ("talk", 0, "first"), ("web", 1, "text 1"), ("web", 2, "text 2"), ("web", 3, "text 3"),
    ]  # fmt: skip


def test_filters_keep_only_what_was_asked_for(labels: Path) -> None:
    def draws(*arguments: str) -> list[object]:
        return [row["draw"] for row in rows(export(labels, "--format", "jsonl", *arguments))]

    assert draws("--category", "Forum") == [0]
    assert draws("--category", "Forum", "--category", "News", "web") == [1, 2, 3]
    assert draws("--bookmarked") == [2]
    assert draws("--bookmarked", "--category", "Forum") == []
    assert draws("--mine", "--annotator", "somebody") == []


def test_an_unknown_category_is_refused_with_the_known_ones(labels: Path) -> None:
    with pytest.raises(UsageError, match="there is no category 'Newz'") as fault:
        export(labels, "--category", "Newz")
    assert "did you mean News?" in fault.value.hint


def test_a_format_that_needs_texts_says_so_before_anything_is_written(labels: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="of no use without texts"):
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
