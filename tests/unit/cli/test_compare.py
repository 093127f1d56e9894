"""Tests of `corpuscope compare`, and of the plans, lengths and token shares of `corpuscope summary`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from corpuscope.cli import main
from corpuscope.errors import UsageError
from published import write_published

GOLDEN = Path(__file__).parent / "golden"
Run = Callable[..., Result]


def flat(result: Result) -> str:
    """Return standard output without line breaks, which captions have anywhere."""
    return " ".join(result.stdout.split())


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Return a function that runs a command in a folder without labels, unless --labels is given."""

    def command(*arguments: str) -> Result:
        options = () if "--labels" in arguments else ("--labels", str(tmp_path / "labels"))
        return CliRunner().invoke(main, [*arguments, *options])

    return command


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of the published labels."""
    folder = tmp_path_factory.mktemp("published")
    write_published(folder)
    return str(folder)


@pytest.mark.parametrize(("form", "suffix"), [("table", "txt"), ("markdown", "md"), ("csv", "csv")])
def test_the_published_example_prints_the_same_to_the_byte(run: Run, form: str, suffix: str) -> None:
    result = run("compare", "--reference=c4", "--reference=fineweb", "--format", form)
    assert result.exit_code == 0, result.output
    assert result.stdout == (GOLDEN / f"compare_published.{suffix}").read_text("utf-8")


def test_references_compare_without_any_labels_and_leave_no_folder_behind(run: Run, tmp_path: Path) -> None:
    result = run("compare", "--reference")
    assert result.exit_code == 0
    titles = [line for line in result.stdout.splitlines() if "differ in their mix" in line]
    assert len(titles) == 3
    assert not (tmp_path / "labels").exists()


def test_json_holds_the_unrounded_numbers(run: Run, labels: str) -> None:
    result = run("compare", "c4", "fineweb", "--format", "json", "--labels", labels)
    (comparison,) = json.loads(result.stdout)["comparisons"]
    forum = next(row for row in comparison["differences"] if row["category"] == "Forum")
    assert comparison["test"]["statistic"] == pytest.approx(19.779734136932)
    assert forum["p_holm"] == pytest.approx(0.0245656652, abs=1e-8)
    assert forum["interval"]["low"] == pytest.approx(-0.125540709)
    assert comparison["provisional"] is False


def test_labelled_corpora_are_compared_in_pairs_measured_from_the_first_named(run: Run, labels: str) -> None:
    rows = list(csv.DictReader(io.StringIO(run("compare", "--format", "csv", "--labels", labels).stdout)))
    assert len(rows) == 21
    turned = run("compare", "fineweb", "c4", "--labels", labels).stdout
    assert turned.startswith("fineweb and c4 differ in their mix")


def test_a_labelled_corpus_is_set_against_published_labels_with_a_warning(run: Run, labels: str) -> None:
    result = run("compare", "c4", "--reference", "fineweb-edu", "--labels", labels)
    assert result.stdout.startswith("c4 and FineWeb-Edu (published) differ")
    assert "! c4 and FineWeb-Edu (published) were labelled by different people" in result.stdout


def test_with_fewer_than_two_corpora_the_error_says_what_to_do(run: Run, labels: str) -> None:
    alone = run("compare", "c4", "--labels", labels).exception
    assert isinstance(alone, UsageError)
    assert "only c4 has labels" in alone.message
    assert "compare c4 --reference" in alone.hint
    none = run("compare").exception
    assert isinstance(none, UsageError)
    assert "compare --reference" in none.hint


def test_the_cross_walk_is_printed_as_a_proposal_beside_the_shares_that_follow(run: Run, labels: str) -> None:
    result = run("compare", "--reference", "weborganizer")
    assert result.exit_code == 0
    assert "the seven categories: a proposal" in result.stdout
    assert "Personal Blog       22.9 %  Creative" in result.stdout
    assert "The cross-walk is a proposal" in result.stdout
    beside = run("compare", "c4", "fineweb", "--reference", "weborganizer", "--labels", labels)
    assert "c4 has no token counts" in beside.stderr
    assert "fineweb: n = 200" in beside.stdout


def test_tokens_leave_out_corpora_without_counts_with_a_sentence(run: Run, labels: str) -> None:
    result = run("compare", "--by", "tokens", "--labels", labels)
    assert result.exit_code == 0
    assert "c4 has no token counts" in result.stderr
    assert result.stdout.startswith("fineweb and fineweb-edu differ")
    assert "shares of tokens" in flat(result)
    summary = run("summary", "--by", "tokens", "--labels", labels)
    assert summary.exit_code == 0
    assert "c4 has no token counts" in summary.stderr
    refused = run("summary", "c4", "--by", "tokens", "--labels", labels).exception
    assert isinstance(refused, UsageError)


def test_summary_plans_labels_and_minutes_to_a_half_width(run: Run, labels: str) -> None:
    result = run("summary", "c4", "--to", "3", "--labels", labels)
    assert (
        "to ±3 pp: 808 more labels (1,011 in all), enough in 80 % of cases, about 2 h 1 min at 9 s per label"
        in flat(result)
    )
    summary = json.loads(run("summary", "c4", "--to", "3", "--format", "json", "--labels", labels).stdout)
    assert summary["corpora"][0]["plan"]["labels"] == 1_011


def test_summary_prints_lengths_on_request(run: Run, labels: str) -> None:
    result = run("summary", "c4", "--lengths", "--labels", labels)
    lines = result.stdout.split("c4: lengths")[1].splitlines()
    assert lines[2].split() == ["Educational", "24", "34", "62", "91"]
