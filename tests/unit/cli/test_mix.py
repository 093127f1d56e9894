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
from study_fakes import a_labelled_study

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
        "Of 20 B tokens, 8.5 B (7.8-9.2) would be Educational and 4.4 B (3.9-5.1) Advertising."
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
    assert result.stderr == "the weights add up to 5; they are taken in proportion\n"


@pytest.mark.parametrize(
    "weights",
    [("c4=30", "fineweb=70"), ("c4=.25", "fineweb=.75"), ("c4=33.3333333", "fineweb=66.6666666")],
)
def test_a_mix_of_which_nothing_has_to_be_said_is_printed_alone(run: Run, weights: tuple[str, ...]) -> None:
    result = run(*weights, "--next", "10", "--reach", "News=10")
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--size", "2B"), "'2B' is not a size, as in mine=75B"),
        (("--size", "c4=much"), "'c4=much' is not a size"),
        (("--size", "=2B"), "'=2B' is not a size"),
        (("--budget", "much"), "'much' is not a positive number, as in 750M, 20B or 1.3T"),
    ],
)
def test_an_amount_that_is_none_is_named(run: Run, arguments: tuple[str, str], message: str) -> None:
    result = run("c4=1", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_labels_that_no_corpus_can_get_are_said(run: Run, tmp_path: Path) -> None:
    result = run("c4=1", "--reference", "--next", "5", "--labels", str(tmp_path / "none"))
    assert result.stderr == "no corpus of the mixture can get labels: published ones do not grow\n"


def test_a_corpus_that_has_fewer_documents_than_labels_were_asked_for_is_said(
    run: Run, tmp_path: Path
) -> None:
    labels = str(a_labelled_study(tmp_path, labels=6, documents=30, target=9).labels)
    assert run("web=1", "--next", "24", "--labels", labels).stderr == ""
    result = run("web=1", "--next", "25", "--labels", labels)
    assert result.stderr == "these corpora have only 24 more documents to label, not 25\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("c4",), "'c4' has no weight"),
        (("c4=x",), "'c4=x': the weight 'x' is not a number"),
        (("c4=-3",), "is not a number of 0 or more"),
        (("c4=1", "c4=2"), "c4 has two weights"),
        (("c4=0",), "every weight is 0"),
        (("=3",), "'=3' has no weight"),
        (("c4=1", "--assisted", "--mine"), "--assisted and --mine exclude each other"),
        (("c4=1", "--forget"), "--forget takes the name of a mix"),
        (("first", "second", "--forget"), "--forget takes the name of a mix"),
        (("fineweb-ed=1",), "no corpus called 'fineweb-ed'"),
        (("c4=1", "--size", "fineweb=2B"), "which has no weight"),
        (("c4=1", "--size", "c4=2B", "--size", "c4=3B"), "c4 has two sizes"),
        (("c4=1", "--reach", "News"), "--reach 'News' is not a category with a percentage"),
        (("c4=1", "--reach", "New=5"), "there is no category 'New'"),
        (("c4=1", "--against", "c5=1"), "no corpus called 'c5'"),
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
    divided = " ".join(command("mix", "first", "--next", "100").stdout.split())
    assert "to label them: corpuscope label --for-mix first" in divided
    assert command("mix", "first", "--forget").stderr == f"first is no longer in {folder / 'plan.json'}\n"
    assert "mixtures" not in json.loads(command("summary", "--format", "json").stdout)


def test_an_unknown_name_of_a_mix_lists_those_that_are_kept(tmp_path: Path) -> None:
    folder = str(tmp_path / "labels")
    CliRunner().invoke(main, ["mix", "c4=1", "--save", "first", "--labels", folder], catch_exceptions=False)
    result = CliRunner().invoke(main, ["mix", "frist", "--labels", folder])
    assert "did you mean first?" in str(result.exception)


def test_a_mix_saved_over_another_says_what_that_was(tmp_path: Path) -> None:
    def save(*mix: str) -> str:
        arguments = ["mix", *mix, "--save", "first", "--labels", str(tmp_path / "labels")]
        return CliRunner().invoke(main, arguments, catch_exceptions=False).stderr

    assert "was another mix before" not in save("c4=1", "fineweb=2") + save("c4=1", "fineweb=2")
    place = f"first is saved in {tmp_path / 'labels' / 'plan.json'}\n"
    assert save("c4=3").endswith(f"first was another mix before: c4=1 fineweb=2\n{place}")


def test_mixes_of_one_corpus_each_differ_as_the_corpora_do(run: Run) -> None:
    result = run("c4=1", "--against", "fineweb=1", "--by", "documents", "--format", "json")
    rows = {row["category"]: row for row in json.loads(result.stdout)["against"]["differences"]}
    assert rows["Forum"]["verdict"] == "lower"
    assert (rows["Forum"]["low"], rows["Forum"]["high"]) == pytest.approx((-0.126, -0.025), abs=5e-4)
    assert rows["Creative"]["verdict"] == "higher"
    assert [name for name, row in rows.items() if row["verdict"] != "not established"] == [
        "Forum",
        "Creative",
    ]


def test_a_comparison_names_the_mix_that_is_saved_or_was_saved_before(tmp_path: Path) -> None:
    folder = tmp_path / "labels"
    write_published(folder)

    def compared(*mix: str) -> str:
        arguments = ["mix", *mix, "--against", "fineweb=1", "--labels", str(folder)]
        return CliRunner().invoke(main, arguments, catch_exceptions=False).stdout

    named = compared("c4=1", "--save", "first")
    assert named.startswith("mix first\n")
    assert "the other mix minus first" in named
    assert compared("first") == named


def test_the_next_labels_are_for_the_category_that_was_named(run: Run) -> None:
    assert "narrow the interval of News most" in run("c4=1", "--next", "9", "--narrow", "News").stdout


def test_a_corpus_of_the_same_weight_in_both_mixes_decides_no_difference(run: Run) -> None:
    result = run(
        "c4=50", "synth=50", "--against", "fineweb=50 synth=50", "--by", "documents", "--format", "json"
    )
    against = json.loads(result.stdout)["against"]
    forum = next(row for row in against["differences"] if row["category"] == "Forum")
    assert forum["difference"] == pytest.approx((6 / 200 - 21 / 203) / 2)
    mixed = run("c4=50", "synth=50", "--against", "c4=60 synth=40", "--by", "documents", "--format", "json")
    rows = json.loads(mixed.stdout)["against"]["differences"]
    assert all(row["difference"] is None for row in rows)
    assert all(row["verdict"] == "not established" for row in rows)


def test_the_nearest_weights_that_reach_a_share_reach_it(run: Run) -> None:
    result = run(*MIX, "--reach", "Educational=60", "--by", "documents", "--format", "json")
    reach = json.loads(result.stdout)["reach"]
    weights = [f"{key}={100 * weight}" for key, weight in reach["weights"].items()]
    reached = json.loads(run(*weights, "--by", "documents", "--format", "json").stdout)["shares"][0]
    assert 0.6 <= reached["low"] < 0.602


def test_weights_that_reach_a_share_stand_beside_rows_for_programs(run: Run) -> None:
    """A CSV has one table."""
    result = run("c4=1", "fineweb=1", "--reach", "News=90", "--by", "documents", "--format", "csv")
    assert result.stderr.splitlines()[-1].startswith("At least 90 % News: no weights")
    assert result.stdout.startswith("category,share,")


def test_a_share_that_no_weights_reach_is_said_with_the_highest(run: Run) -> None:
    result = run(*MIX, "--reach", "Educational=90", "--by", "documents")
    assert "no weights of these corpora reach it; the highest lower end is 68.2 %" in result.stdout
