"""Tests that a file written by `corpuscope sample` is labelled as the documents of the corpus it is from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpuscope.corpora.known import KNOWN
from corpuscope.corpora.local_source import LocalSource
from corpuscope.corpora.parse import CorpusOptions, corpus_for
from corpuscope.domain.document import Address, Document, Scalar
from corpuscope.errors import CorpusError
from corpuscope.sampling.document_records import SampleProvenance, write_jsonl, write_parquet
from corpuscope.sampling.draws import ShardRow
from corpuscope.sampling.feed.draw_reader import DrawReader, NoDocument
from corpuscope.sampling.feed.retry_policy import RetryPolicy
from corpuscope.sampling.sample import draw_sample
from corpuscope.sampling.sample_file import SampleFile


def documents() -> Iterator[Document]:
    """Yield documents of C4 with unequal probabilities, hostile texts, urls and token counts."""
    for draw, text in enumerate(("plain", "\ud800 half", "", "line\nline\ttab")):
        address = Address("allenai/c4", "en", "train", "c0ffee", "en/c4-train.00001.json.gz", 7 + draw)
        metadata: dict[str, Scalar] = {"url": f"https://example.org/{draw}", "score": 0.5}
        yield Document("c4", address, draw, 0.001 * (draw + 1), text, (), metadata, tokens=10 + draw)


def numbered_documents(first: int, count: int) -> Iterator[Document]:
    """Yield documents of C4, each of another file."""
    for n in range(first, first + count):
        address = Address("allenai/c4", "en", "train", "c0ffee", f"en/c4-train.{n:05d}.json.gz", 7)
        yield Document("c4", address, n, 0.001, f"text {n}")


PROVENANCE = SampleProvenance(5, "One of the first 48 rows of every file.")


@pytest.fixture(params=["c4.jsonl", "c4.parquet"])
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / str(request.param)
    with path.open("wb") as stream:
        (write_jsonl if path.suffix == ".jsonl" else write_parquet)(stream, documents(), PROVENANCE)
    return path


def source_of(path: Path, options: CorpusOptions | None = None) -> LocalSource:
    return LocalSource(corpus_for(str(path), options or CorpusOptions()), path.parent / "cache")


def read(source: LocalSource) -> list[Document]:
    manifest = source.manifest()
    reader = DrawReader(source, manifest, 3, RetryPolicy())
    found = [reader.read_own(draw, ()) for draw in range(manifest.shards[0].rows or 0)]
    return [document for document in found if isinstance(document, Document)]


def test_substitutes_for_a_damaged_file_of_a_sample_come_once(tmp_path: Path) -> None:
    files = [tmp_path / "samples" / name for name in ("a.jsonl", "b.jsonl", "c.jsonl")]
    files[0].parent.mkdir()
    for number, file in enumerate(files):
        with file.open("wb") as stream:
            write_jsonl(stream, numbered_documents(10 * number, 10), PROVENANCE)
    source = source_of(files[0].parent)
    reader = DrawReader(source, source.manifest(), 3, RetryPolicy())
    files[1].write_text("changed")
    taken: set[ShardRow] = set()
    drawn: list[str] = []
    for draw in range(30):
        outcome = reader.read_own(draw, taken)
        if outcome is NoDocument.PASSED_OVER:
            outcome = reader.read_substitute(draw, taken, own_first=False, rounds=0)
        if isinstance(outcome, Document):
            drawn.append(outcome.text)
            taken |= {ShardRow(outcome.address.shard, outcome.address.row)} if outcome.attempt else set()
    assert sorted(drawn) == sorted(f"text {n}" for n in (*range(10), *range(20, 30)))


def test_address_probability_tokens_and_metadata_are_those_of_the_corpus(sample: Path) -> None:
    drawn = sorted(read(source_of(sample)), key=lambda document: document.address.row)
    original = list(documents())
    assert [document.id for document in drawn] == [document.id for document in original]
    for ours, theirs in zip(drawn, original, strict=True):
        assert replace(ours, corpus="c4", draw=0) == replace(theirs, draw=0)


def test_how_many_documents_a_sample_holds_says_nothing_about_the_size_of_the_corpus(sample: Path) -> None:
    manifest = source_of(sample).manifest()
    assert manifest.revision.startswith("sample-file-")
    assert manifest.documents is None
    assert manifest.uniform == "A random order of a sample of c4. One of the first 48 rows of every file."
    assert source_of(sample, CorpusOptions(census=True)).manifest().documents == 4


def test_sections_come_back(tmp_path: Path) -> None:
    corpus = KNOWN["demo-synth"].corpus
    for name in ("synth.jsonl", "synth.parquet"):
        form = name.partition(".")[2]
        draw_sample(
            corpus,
            SampleFile(tmp_path / name, form),
            seed=1,
            first=0,
            count=3,
            cache_folder=tmp_path / "cache",
        )
        drawn = read(source_of(tmp_path / name))
        assert len(drawn) == 3
        assert {tuple(section.title for section in document.sections) for document in drawn} == {
            ("query", "reasoning", "answer")
        }


def test_an_edited_text_is_not_passed_off_as_the_document(tmp_path: Path) -> None:
    path = tmp_path / "c4.jsonl"
    with path.open("wb") as stream:
        write_jsonl(stream, documents(), PROVENANCE)
    path.write_text(path.read_text().replace('"plain"', '"plane"'))
    with pytest.raises(CorpusError, match=r"c4\.jsonl, row 0 has another text than the sample had"):
        source_of(path).manifest()
        source = source_of(path)
        source.manifest()
        source.fetch(0, 0)


def test_a_row_that_is_none_of_the_sample_is_named(tmp_path: Path) -> None:
    path = tmp_path / "c4.jsonl"
    with path.open("wb") as stream:
        write_jsonl(stream, documents(), PROVENANCE)
        stream.write(json.dumps({"text": "another"}).encode() + b"\n")
    source = source_of(path)
    source.manifest()
    with pytest.raises(CorpusError, match="row 4 is not a row of a sample, unlike the first one"):
        source.fetch(0, 4)


def test_another_column_than_text_is_read_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "c4.jsonl"
    with path.open("wb") as stream:
        write_jsonl(stream, documents(), PROVENANCE)
    source = LocalSource(corpus_for(str(path), CorpusOptions(text="dataset")), tmp_path / "cache")
    assert source.manifest().revision.startswith("file-")
    assert source.fetch(0, 0).text == (("dataset", "allenai/c4"),)


@pytest.mark.parametrize(
    "changed",
    [
        {"probability": float("nan")},
        {"probability": 0},
        {"probability": 1e-200},
        {"metadata": True},
        {"row": -1},
        {"row": 1e300},
        {"row": True},
        {"row": 1.9},
        {"tokens": False},
        {"probability": True},
        {"tokens": 1 << 63},
        {"tokens": float("inf")},
        {"revision": ""},
        {"split": ["train"]},
        {"text_bytes": {}},
    ],
)
def test_a_value_that_no_label_can_be_written_with_is_named_before_it_is_shown(
    changed: dict[str, object], tmp_path: Path
) -> None:
    path = tmp_path / "c4.jsonl"
    with path.open("wb") as stream:
        write_jsonl(stream, documents(), PROVENANCE)
    first, *others = path.read_text().splitlines()
    path.write_text("\n".join([json.dumps(json.loads(first) | changed), *others]))
    source = source_of(path)
    source.manifest()
    with pytest.raises(CorpusError, match=r"c4\.jsonl, row 0 is a damaged row of a sample"):
        source.fetch(0, 0)


def test_nested_metadata_of_a_sample_are_kept_as_text(tmp_path: Path) -> None:
    path = tmp_path / "c4.jsonl"
    with path.open("wb") as stream:
        write_jsonl(stream, documents(), PROVENANCE)
    first, *others = path.read_text().splitlines()
    nested = json.loads(first) | {"metadata": {"a": {"b": 1}}}
    path.write_text("\n".join([json.dumps(nested), *others]))
    source = source_of(path)
    source.manifest()
    assert source.fetch(0, 0).metadata == {"a": '{"b": 1}'}
