"""Tests of `corpuscope mix`: the published mixture, stand-ins, corpora without labels, and what cannot be mixed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from corpuscope.cli import main
from corpuscope.errors import UsageError
from published import write_published

Run = Callable[..., Result]
MIX = ("c4=30", "fineweb=20", "fineweb-edu=50")


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the published labels."""
    folder = tmp_path_factory.mktemp("published")
    write_published(folder)
    return folder


@pytest.fixture
def run(labels: Path) -> Run:
    """Return a function that runs `corpuscope mix` on the published labels, unless --labels is given."""

    def command(*arguments: str) -> Result:
        options = () if "--labels" in arguments else ("--labels", str(labels))
        return CliRunner().invoke(main, ["mix", *arguments, *options])

    return command


def test_the_published_mixture_has_its_golden_values(run: Run) -> None:
    result = run(*MIX, "--budget", "20B", "--by", "documents", "--format", "json")
    mixture = json.loads(result.stdout)
    educational = mixture["shares"][0]
    assert educational["category"] == "Educational"
    assert educational["share"] == pytest.approx(0.4256023087, abs=5e-11)
    assert educational["low"] == pytest.approx(0.3909336441, abs=5e-11)
    assert educational["high"] == pytest.approx(0.4585953532, abs=5e-11)
    assert educational["amount"] == pytest.approx(8.512046174e9)
    assert mixture["n"] == 604
    assert mixture["warnings"] == []


def test_published_shares_need_no_labels_and_carry_their_doubts(run: Run, tmp_path: Path) -> None:
    result = run(*MIX, "--reference", "--budget", "20B", "--labels", str(tmp_path / "none"))
    assert (
        "Of 20 B tokens, 8.5 B (7.8-9.2 B) would be Educational and 4.4 B (3.9-5.1 B) Advertising."
        in result.stdout
    )
    assert "shares of documents stand in for shares of tokens" in result.stdout
    assert "not a random sample" in result.stdout
    assert "shares of documents in place of tokens" in result.stdout
    assert not (tmp_path / "none").exists()


def test_shares_of_tokens_come_from_what_the_labels_carry(run: Run) -> None:
    mixture = json.loads(run(*MIX, "--format", "json").stdout)
    assert [corpus["shares_of"] for corpus in mixture["corpora"]] == ["characters", "tokens", "tokens"]
    assert any("c4: shares of characters stand in" in warning for warning in mixture["warnings"])


def test_a_corpus_without_labels_is_a_question_mark_of_its_weight(run: Run) -> None:
    mixture = json.loads(run("c4=75", "synth=25", "--by", "documents", "--format", "json").stdout)
    forum = next(share for share in mixture["shares"] if share["category"] == "Forum")
    assert forum["share"] is None
    assert (forum["least"], forum["most"]) == pytest.approx((0.75 * 21 / 203, 0.75 * 21 / 203 + 0.25))
    assert forum["contributions"]["synth"] is None
    assert forum["low"] < forum["least"] < forum["most"] < forum["high"]
    assert "synth has no labels: its 25.0 %" in mixture["warnings"][0]


def test_epochs_follow_from_the_budget_and_the_size(run: Run) -> None:
    mixture = json.loads(
        run("c4=30", "fineweb=70", "--budget", "20B", "--size", "fineweb=7B", "--format", "json").stdout
    )
    assert [corpus["epochs"] for corpus in mixture["corpora"]] == pytest.approx([6 / 156, 2])
    assert mixture["corpora"][0]["size_source"].startswith("Dodge et al. 2021")


def test_the_next_labels_go_where_they_narrow_the_mixture(run: Run) -> None:
    result = run(*MIX, "--next", "100", "--narrow", "Educational", "--by", "documents", "--format", "json")
    divided = json.loads(result.stdout)["next_labels"]
    assert sum(divided.values()) == 100
    assert divided["fineweb-edu"] > 90


def test_weights_in_proportion_are_said(run: Run) -> None:
    result = run("c4=3", "fineweb=2", "--format", "json")
    assert json.loads(result.stdout)["corpora"][0]["weight"] == pytest.approx(0.6)
    assert "the weights add up to 5" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("c4",), "'c4' has no weight"),
        (("c4=x",), "'c4=x': the weight 'x' is no number"),
        (("c4=-3",), "is no number of 0 or more"),
        (("c4=1", "c4=2"), "c4 has two weights"),
        (("c4=0",), "every weight is 0"),
        (("fineweb-ed=1",), "no corpus called 'fineweb-ed'"),
        (("c4=1", "--size", "fineweb=2B"), "which has no weight"),
        (("c4=1", "--narrow", "News"), "--narrow says what"),
        (("c4=1", "--next", "5", "--narrow", "New"), "there is no category 'New'"),
    ],
)
def test_a_mistake_is_named(run: Run, arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)
    assert isinstance(result.exception, UsageError)
    assert message in str(result.exception)


def test_a_mix_is_kept_shown_by_summary_and_report_and_forgotten(tmp_path: Path) -> None:
    folder = tmp_path / "labels"
    write_published(folder)

    def command(*arguments: str) -> Result:
        result = CliRunner().invoke(main, [*arguments, "--labels", str(folder)], catch_exceptions=False)
        assert result.exit_code == 0
        return result

    named = command(
        "mix", *MIX, "--budget", "20B", "--size", "fineweb=9T", "--save", "first", "--format", "json"
    )
    assert command("mix", "first", "--format", "json").stdout == named.stdout
    assert "mix first: 20 B tokens" in command("summary").stdout
    assert json.loads(command("summary", "--format", "json").stdout)["mixtures"][0]["name"] == "first"
    assert "mixes (first)" in command("summary", "--format", "csv").stderr
    assert "## Mixtures" in command("report", "-").stdout
    command("mix", "first", "--forget")
    assert "mixtures" not in json.loads(command("summary", "--format", "json").stdout)


def test_an_unknown_name_of_a_mix_lists_those_that_are_kept(tmp_path: Path) -> None:
    folder = str(tmp_path / "labels")
    CliRunner().invoke(main, ["mix", "c4=1", "--save", "first", "--labels", folder], catch_exceptions=False)
    result = CliRunner().invoke(main, ["mix", "frist", "--labels", folder])
    assert "did you mean first?" in str(result.exception)
