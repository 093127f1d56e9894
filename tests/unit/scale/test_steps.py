"""Tests of the pipeline in this process: rows, texts to keep, counts, and what is read of them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import fsspec
import numpy as np
import pyarrow.parquet as pq
import pytest
from datatrove.data import Document

from corpuscope.corpora.corpus_files import list_files
from corpuscope.corpora.hub_source import HubSource
from corpuscope.corpora.known import KNOWN
from corpuscope.errors import CorpuscopeError, UsageError
from corpuscope.learning.features import features_of
from corpuscope.scale.counts import total
from corpuscope.scale.rank import run_rank
from corpuscope.scale.run_folder import Run, RunFolder, whole_counts
from corpuscope.scale.run_result import whole_corpus
from corpuscope.scale.steps import batches, pipeline
from hub.layouts import C4
from scale_fakes import a_model, a_run

FILES = {"a.jsonl": ["news", "ads", ""], "b.jsonl": [], "c.jsonl": ["\ud800 ads", "news " * 30_000]}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORPUSCOPE_CACHE", str(tmp_path / "cache"))


def run_ranks(folder: RunFolder, *ranks: int) -> None:
    for rank in ranks:
        output = io.StringIO()
        assert run_rank(folder.where, rank, output) == 0, output.getvalue()


def test_every_document_is_a_row_with_its_address_also_one_without_text(tmp_path: Path) -> None:
    folder = a_run(tmp_path, FILES, tasks=2)
    run_ranks(folder, 0, 1)
    rows = [
        row for path in sorted((tmp_path / "out/rows").iterdir()) for row in pq.read_table(path).to_pylist()
    ]
    assert [(row["shard"], row["row"], row["label"], row["characters"]) for row in rows] == [
        ("a.jsonl", 0, "News", 4),
        ("a.jsonl", 1, "Ads", 3),
        ("a.jsonl", 2, "Ads", 0),
        ("c.jsonl", 0, "Ads", 5),
        ("c.jsonl", 1, "News", 150_000),
    ]
    assert (rows[0]["score_News"], rows[0]["score_Ads"], rows[0]["tokens"]) == (1.0, 0.25, 2)
    schema = pq.read_schema(tmp_path / "out/rows/00000.parquet")
    assert str(schema.field("score_News").type) == "halffloat"
    facts = json.loads(schema.metadata[b"corpuscope"])
    assert facts["revision"] == folder.run().listed.revision
    assert not (tmp_path / "out/kept").exists()


def test_texts_are_kept_by_the_rule_only(tmp_path: Path) -> None:
    folder = a_run(tmp_path, FILES, keep="Ads>=0.5")
    run_ranks(folder, 0)
    rows = pq.read_table(tmp_path / "out/kept/00000.parquet").to_pylist()
    assert [(row["shard"], row["row"], row["text"]) for row in rows] == [
        ("a.jsonl", 1, "ads"),
        ("c.jsonl", 0, "\ufffd ads"),
    ]
    counts = total(folder.counts(), "web", 2)
    assert (counts.documents, counts.kept, counts.kept_characters, counts.kept_tokens) == (5, 2, 8, 4)


def test_sums_are_those_of_the_scores_before_they_were_rounded(tmp_path: Path) -> None:
    folder = a_run(tmp_path, FILES, tasks=3, heads=1)
    run_ranks(folder, 0, 1, 2)
    counts = total(whole_counts(folder, folder.run()), "web", 2)
    texts = [text for file in FILES.values() for text in file]
    expected = folder.model().predict(features_of(texts))
    lengths = np.array([len(text) for text in texts])
    assert counts.sums == pytest.approx(expected.sum(axis=0))
    assert counts.squares == pytest.approx((expected**2).sum(axis=0))
    assert counts.character_sums == pytest.approx(lengths @ expected)
    assert counts.token_sums == pytest.approx(2 * expected.sum(axis=0))
    assert counts.head_sums == pytest.approx(expected[[0, 3]].sum(axis=0))
    assert (counts.heads, counts.tokens, counts.without_tokens) == (2, 10, 0)


@pytest.mark.usefixtures("hub")
def test_files_of_the_hub_are_read_whole_and_their_heads_are_compared(tmp_path: Path) -> None:
    listed = list_files(HubSource(KNOWN["c4"].corpus, None, tmp_path / "cache" / "hub"))
    folder = RunFolder.begin(tmp_path / "out", Run("c4", listed, 2, None), a_model())
    run_ranks(folder, 0, 1)
    whole = whole_corpus(folder, folder.run(), None)
    assert whole.documents == sum(C4.rows)
    assert whole.order is not None
    assert (whole.order.files, whole.order.heads) == (7, 7 * 48)


def test_only_finished_ranks_are_read_and_missing_files_are_said(tmp_path: Path) -> None:
    folder = a_run(tmp_path, FILES, tasks=3)
    run_ranks(folder, 1, 2)
    (tmp_path / "out/rows/00000.parquet").write_bytes(b"PAR1 of a process that died")
    assert folder.finished_ranks() == [1, 2]
    assert [file.name for file in folder.counts()] == ["b.jsonl", "c.jsonl"]
    with pytest.raises(UsageError, match=r"it lacks 1 of 3 files, the first of them a\.jsonl"):
        whole_corpus(folder, folder.run(), None)
    run_ranks(folder, 0)
    assert whole_corpus(folder, folder.run(), None).documents == 5
    assert pq.read_table(tmp_path / "out/rows/00000.parquet").num_rows == 3


def test_batches_are_bounded_in_number_and_in_characters() -> None:
    texts = ["x"] * 300 + ["y" * (5 << 20)] * 3
    sizes = [len(batch) for batch in batches(Document(text, str(i)) for i, text in enumerate(texts))]
    assert sizes == [256, 46, 1]


def test_a_run_may_lie_wherever_fsspec_can_write(tmp_path: Path) -> None:
    here = a_run(tmp_path, FILES, keep="Ads>=0.5")
    memory = fsspec.filesystem("memory")
    memory.put(f"{here.where}/", "/run/", recursive=True)
    folder = RunFolder("memory://run")
    assert (folder.exists, folder.finished_ranks()) == (True, [])
    run_ranks(folder, 0)
    assert whole_corpus(folder, folder.run(), None).documents == 5
    with memory.open("/run/kept/00000.parquet", "rb") as file:
        assert pq.read_table(file).num_rows == 2
    memory.rm("/run", recursive=True)


def test_a_step_that_drops_documents_before_they_are_counted_is_an_error(tmp_path: Path) -> None:
    folder = a_run(tmp_path, FILES)
    reader, scorer, writer = pipeline(folder.where)
    some = (document for document in reader() if document.text != "ads")
    with pytest.raises(UsageError, match=r"not every document of a\.jsonl after row 0"):
        list(writer(scorer(some)))
    assert folder.finished_ranks() == []
    assert [path.name for path in (tmp_path / "out" / "rows").iterdir()] == []


def test_files_that_two_ranks_have_read_are_an_error(tmp_path: Path) -> None:
    folder = a_run(tmp_path, FILES, tasks=3)
    run_ranks(folder, 0, 1, 2)
    folder.write_counts(3, folder.counts_of(0))
    with pytest.raises(CorpuscopeError, match=r"has a\.jsonl 2 times"):
        whole_counts(folder, folder.run())


def test_a_rank_that_is_done_again_gives_the_same_and_no_row_twice(tmp_path: Path) -> None:
    folder = a_run(tmp_path, FILES)
    run_ranks(folder, 0)
    before = folder.counts(), pq.read_table(tmp_path / "out/rows/00000.parquet")
    run_ranks(folder, 0)
    assert str(folder.counts()) == str(before[0])
    assert pq.read_table(tmp_path / "out/rows/00000.parquet").equals(before[1])


def test_a_damaged_file_is_named_and_no_second_try_is_wanted(tmp_path: Path) -> None:
    folder = a_run(tmp_path, FILES, tasks=3)
    (tmp_path / "web/c.jsonl").write_text("")
    output = io.StringIO()
    assert run_rank(folder.where, 2, output) == 2
    assert "c.jsonl is not the file that was listed" in json.loads(output.getvalue())["fault"]
    assert folder.finished_ranks() == []


def test_a_fault_of_the_disk_is_named_and_worth_another_try(tmp_path: Path) -> None:
    folder = a_run(tmp_path, FILES)
    (tmp_path / "out" / "rows").write_text("")
    output = io.StringIO()
    assert run_rank(folder.where, 0, output) == 1
    fault = json.loads(output.getvalue())["fault"]
    assert fault.startswith(f"{folder.where}/rows")
    assert fault.endswith((": File exists", ": Not a directory"))


@pytest.mark.parametrize("name", ["run.json", "model.safetensors", "counts/00000.json"])
def test_a_damaged_file_of_the_run_is_named(tmp_path: Path, name: str) -> None:
    folder = a_run(tmp_path, FILES)
    run_ranks(folder, 0)
    (tmp_path / "out" / name).write_bytes(b"{}")
    with pytest.raises(UsageError) as fault:
        folder.run(), folder.model(), folder.counts()
    assert "model" in str(fault.value) or name in str(fault.value)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("run.json", '"tasks": 1', '"tasks": 1000000000000'),
        ("run.json", '"kind": "local"', '"kind": "elsewhere"'),
        ("run.json", '"files": [', '"files": 3, "x": ['),
        ("counts/00000.json", '"documents": 3', '"documents": "3"'),
        ("counts/00000.json", '"documents": 3', '"documents": -3'),
        ("counts/00000.json", '"sums": [', '"sums": ["a", '),
        ("counts/00000.json", '"sums": [', '"sums": [1.0, '),
    ],
)
def test_a_file_of_the_run_that_somebody_edited_is_named(
    tmp_path: Path, name: str, before: str, after: str
) -> None:
    folder = a_run(tmp_path, FILES)
    run_ranks(folder, 0)
    path = tmp_path / "out" / name
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after, 1))
    with pytest.raises(UsageError, match=name):
        whole_corpus(folder, folder.run(), None)


def test_tokens_of_a_corpus_without_counts_are_refused(tmp_path: Path) -> None:
    folder = a_run(tmp_path, {"a.jsonl": ["news"]})
    run_ranks(folder, 0)
    (file,) = folder.counts()
    file.without_tokens = 1
    folder.write_counts(0, [file])
    with pytest.raises(UsageError, match="web has no token count for 1 of 1 document"):
        whole_corpus(folder, folder.run(), None, "tokens")


@pytest.mark.parametrize("lost", ["rows", "kept"])
def test_a_finished_rank_without_its_rows_or_texts_has_no_output(tmp_path: Path, lost: str) -> None:
    folder = a_run(tmp_path, {"a.jsonl": ["news"]}, keep="News>=0.5")
    assert run_rank(folder.where, 0, io.StringIO()) == 0
    assert (folder.is_finished(0), folder.has_output(0)) == (True, True)
    (tmp_path / "out" / lost / "00000.parquet").unlink()
    assert (folder.is_finished(0), folder.has_output(0)) == (True, False)
