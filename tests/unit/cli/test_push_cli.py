"""Tests of `corpuscope export --push-to-hub`: one commit, private by default, each refusal in one sentence."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from corpuscope.cli import main
from corpuscope.errors import CorpuscopeError
from hub.faults import Fault
from hub.server import StandIn
from hub.state import Access
from ledger_fakes import Scribe
from makers import a_document

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content")  # huggingface_hub's own call of httpx

TOKEN = "hf_of_ann"


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    with Scribe(tmp_path / "labels") as scribe:
        for draw in range(3):
            scribe.label(a_document(draw, f"the text of {draw}", url="http://x.example/"), "News")
    return tmp_path / "labels"


@pytest.fixture
def ann(hub: StandIn) -> Iterator[StandIn]:
    """The Hub with a token that may write datasets of ann."""
    hub.writers[TOKEN] = {"ann"}
    yield hub
    shutil.rmtree(hub.root / "ann", ignore_errors=True)


def push(labels: Path, repository: str, *options: str, token: str = TOKEN) -> Result:
    return CliRunner().invoke(
        main,
        ["export", "--labels", str(labels), "--push-to-hub", repository, *options],
        env={"HF_TOKEN": token},
    )


def fault(result: Result) -> CorpuscopeError:
    assert isinstance(result.exception, CorpuscopeError), result.output
    assert "\n" not in result.exception.message
    return result.exception


def test_labels_arrive_privately_with_their_card_and_without_texts(ann: StandIn, labels: Path) -> None:
    result = push(labels, "ann/labels")
    assert result.exit_code == 0, result.exception
    assert f"published privately at {ann.endpoint}/datasets/ann/labels" in result.stderr
    assert ann.access["ann/labels"].private
    table = pq.read_table(io.BytesIO((ann.root / "ann/labels/data/labels.parquet").read_bytes()))
    assert table["draw"].to_pylist() == [0, 1, 2]
    assert "text" not in table.column_names
    card = (ann.root / "ann/labels/README.md").read_text()
    assert "3 labels" in card
    assert sorted(path.name for path in labels.parent.iterdir()) == ["labels"]


def test_texts_and_public_access_are_opt_in(ann: StandIn, labels: Path) -> None:
    result = push(labels, "ann/labels", "--public", "--text", "-o", str(labels.parent / "kept"))
    assert "published for everybody" in result.stderr
    assert not ann.access["ann/labels"].private
    file = ann.root / "ann/labels/data/labels.parquet"
    assert pq.read_table(file)["text"].to_pylist()[1] == "the text of 1"
    assert file.read_bytes() == (labels.parent / "kept/data/labels.parquet").read_bytes()


def test_all_files_are_one_commit_and_a_second_push_replaces_them(ann: StandIn, labels: Path) -> None:
    for _ in range(2):
        assert push(labels, "ann/labels").exit_code == 0
    calls = [f"{call.method} {call.path}" for call in ann.finished_calls()]
    assert calls.count("POST /api/datasets/ann/labels/commit/main") == 2
    assert calls.count("POST /api/repos/create") == 1


def test_a_public_dataset_accepts_labels_only_with_public(ann: StandIn, labels: Path) -> None:
    (ann.root / "ann/open").mkdir(parents=True)
    ann.access["ann/open"] = Access(private=False)
    assert "ann/open is public" in fault(push(labels, "ann/open")).message
    assert not list((ann.root / "ann/open").iterdir())
    assert push(labels, "ann/open", "--public").exit_code == 0


@pytest.mark.parametrize(
    ("repository", "token", "message"),
    [
        ("ann/labels", "hf_of_nobody", "does not accept your token"),
        ("ben/labels", TOKEN, "your token may not write datasets of ben"),
        ("nobody/labels", TOKEN, "knows no nobody"),
    ],
)
def test_a_refusal_of_the_hub_is_one_sentence(
    ann: StandIn, labels: Path, repository: str, token: str, message: str
) -> None:
    error = fault(push(labels, repository, token=token))
    assert error.message.startswith(f"{repository} was not published: ")
    assert message in error.message
    assert not (ann.root / repository).exists()


@pytest.mark.parametrize(
    "call", ["repos/create", "preupload", "lfs/objects/batch", "/upload/", "commit/main"]
)
def test_network_trouble_leaves_nothing_half_published(ann: StandIn, labels: Path, call: str) -> None:
    ann.faults.add(Fault("drop", call))
    error = fault(push(labels, "ann/labels"))
    assert error.exit_code == 1
    assert error.message.startswith("ann/labels was not published: ")
    assert "run it again" in error.hint
    assert not list((ann.root / "ann").rglob("*.*"))
    ann.faults.clear()
    assert push(labels, "ann/labels").exit_code == 0


@pytest.mark.parametrize(
    ("repository", "options", "message"),
    [
        ("labels", (), "'labels' cannot be a dataset"),
        ("a/b/c", (), "'a/b/c' cannot be a dataset"),
        ("ann/labels", ("--format", "csv"), "csv is not published"),
    ],
)
def test_what_cannot_be_published_is_refused_before_any_request(
    ann: StandIn, labels: Path, repository: str, options: tuple[str, ...], message: str
) -> None:
    assert message in fault(push(labels, repository, *options)).message
    assert not ann.finished_calls()


def test_without_a_token_the_error_says_how_to_log_in(ann: StandIn, labels: Path) -> None:
    error = fault(push(labels, "ann/labels", token=""))
    assert "hf auth login" in error.hint
    assert not ann.finished_calls()


def test_public_without_a_repository_is_refused(labels: Path) -> None:
    result = CliRunner().invoke(main, ["export", "--labels", str(labels), "--public"])
    assert "--public applies only to publishing" in fault(result).message


def test_the_card_names_the_selection(ann: StandIn, labels: Path) -> None:
    assert push(labels, "ann/labels", "--who", "ann", "--look", "1").exit_code == 0
    card = (ann.root / "ann/labels/README.md").read_text()
    assert "only those given by ann, those of look 1: the rows are not a random sample" in card
