"""Tests of the filters of FineWeb and C4, as datatrove's own code judges."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

pytest.importorskip("spacy")

from corpuscope.annotate.quality_filters import QualityFilters
from corpuscope.annotate.second_opinions import SecondOpinions
from corpuscope.annotate.verdicts import FILTERS, VerdictCache
from corpuscope.cli import main
from corpuscope.errors import UsageError
from ledger_fakes import Scribe, damage_texts
from makers import a_document, a_scheme

PARAGRAPH = (
    "The harbour was built in the year that the railway came, and people have fished from it since. "
    "In winter the boats stay at home for weeks, because the swell breaks over the wall. "
    "A lamp that nobody has lit for fifty years still stands at its end. "
    "Children are told not to climb it, which they do all the same. "
    "From the top one sees the islands, and on clear days the mountains behind them."
)
LISTED = "\n".join(f"item {i}" for i in range(80))


@pytest.fixture(scope="module")
def judges() -> QualityFilters:
    """The filters."""
    return QualityFilters()


def test_each_filter_judges_the_text_as_it_is_stored(judges: QualityFilters) -> None:
    verdicts = judges.judge("Buy now.\n" + PARAGRAPH + "\nline without an end\n" + "{")
    assert list(verdicts) == list(FILTERS)
    assert verdicts["c4"] == verdicts["c4-fineweb"] == ""
    assert verdicts == judges.judge("Buy now.\n" + PARAGRAPH + "\nline without an end\n" + "{")


@pytest.mark.parametrize(
    ("text", "name", "reason"),
    [
        ("Too short.", "gopher-quality", "gopher_short_doc"),
        ("Too short.", "c4", "too_few_sentences"),
        ("buy it now cheap " * 60, "gopher-repetition", "top_2_gram"),
        (LISTED, "fineweb-quality", "line_punct_ratio"),
        (PARAGRAPH + "\nvar x = { y: 1 } of that", "c4-fineweb", "curly_bracket"),
        ("", "gopher-repetition", "empty"),
    ],
)
def test_a_filter_says_why_it_would_remove_a_text(
    judges: QualityFilters, text: str, name: str, reason: str
) -> None:
    assert judges.judge(text)[name] == reason


def test_texts_that_break_a_filter_are_not_judged(judges: QualityFilters) -> None:
    for text in ("", " ", "\n\n", "\ud800", "\u200b", "!", "\x00"):
        verdicts = judges.judge(text)
        assert set(verdicts) == set(FILTERS)


@pytest.fixture
def labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four documents of two categories; the filters would remove half of the News and no Creative."""
    monkeypatch.setenv("CORPUSCOPE_CACHE", str(tmp_path / "cache"))
    texts = {"News": (PARAGRAPH, "Too short."), "Creative": (PARAGRAPH + " Aye.", PARAGRAPH + " Yes.")}
    with Scribe(tmp_path / "labels") as scribe:
        pairs = [(category, text) for category, own in texts.items() for text in own]
        for draw, (category, text) in enumerate(pairs):
            scribe.label(a_document(draw, text), category, blind=True)
    return tmp_path / "labels"


def run(labels: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["filters", *arguments, "--labels", str(labels)])


def test_the_table_says_what_each_filter_removes_of_what_is_wanted_and_of_the_others(labels: Path) -> None:
    result = run(labels, "--want", "Creative")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    quality = next(line for line in lines if line.startswith("Gopher quality"))
    assert quality.split()[2:] == [
        *("1", "25.0", "%", "4.6", "to", "69.9", "%", "0", "(0-66)", "50", "(9-91)", "too", "short", "(1)")
    ]
    assert (
        "any of FineWeb's removes 0 % (0-66) of what you want and 50 % (9-91) of what you do not"
        in result.stdout
    )
    news = next(line for line in lines if line.startswith("News"))
    assert news.split()[:2] == ["News", "2"]


def test_csv_and_json_hold_the_numbers_and_a_second_run_reads_the_cache(labels: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run(labels, "--format", "csv").stdout)))
    cache = VerdictCache.in_folder(labels.parent / "cache")
    assert len(cache.read()) == 4
    size = cache.path.stat().st_size
    numbers = json.loads(run(labels, "--format", "json").stdout)
    assert cache.path.stat().st_size == size
    assert numbers["corpora"] == {"web": 4}
    (news,) = [row for row in rows if (row["filter"], row["group"]) == ("any of FineWeb's", "News")]
    assert (news["n"], news["removed"]) == ("2", "1")


def test_after_the_label_one_remark_says_what_would_remove_the_document(labels: Path) -> None:
    run(labels)
    remarks = SecondOpinions(labels, labels.parent / "cache", a_scheme("News"))
    assert remarks.about(("", ""), a_document(0, "Too short.").sha256, "News") == (
        "FineWeb's filters would drop this: too short",
    )
    assert remarks.about(("", ""), a_document(0, PARAGRAPH).sha256, "News") == ()


def test_texts_whose_lines_were_joined_are_refused(labels: Path) -> None:
    with Scribe(labels, "s2") as scribe:
        for row in range(100, 130):
            scribe.label(a_document(row, f"{PARAGRAPH} {PARAGRAPH} {PARAGRAPH} {row}"), "News")
    result = run(labels)
    assert isinstance(result.exception, UsageError)
    assert "web is left out: a line end in 0 of 30 long texts only" in result.stderr


def test_documents_whose_text_is_damaged_are_left_out_by_number(labels: Path) -> None:
    with Scribe(labels, "s2") as scribe:
        scribe.label(a_document(9, PARAGRAPH + " Whole."), "News")
    damage_texts(labels / "web" / "s1.parquet")
    result = run(labels, "--format", "json")
    assert json.loads(result.stdout)["corpora"] == {"web": 1}
    assert result.stderr.startswith("web: 4 labelled documents left out because of a damaged text\n")
    assert "saved 4 of its 4 events, 4 without text" in result.stderr


def test_an_unknown_category_is_named(labels: Path) -> None:
    assert "there is no category 'Newz'" in str(run(labels, "--want", "Newz").exception)
