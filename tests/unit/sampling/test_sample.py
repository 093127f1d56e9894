"""Drawing a sample into a file: the same draws, however often it is interrupted."""

from __future__ import annotations

import base64
import json
import threading
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from corpuscope.corpora.local_source import LocalSource
from corpuscope.corpora.parse import CorpusOptions, corpus_for
from corpuscope.domain.corpus import Corpus
from corpuscope.domain.document import Document
from corpuscope.errors import CorpuscopeError, CorpusError, SourceUnavailable, UsageError
from corpuscope.sampling.document_records import SampleProvenance
from corpuscope.sampling.feed.feed import Feed
from corpuscope.sampling.feed.status import FeedState, FeedStatus
from corpuscope.sampling.sample import documents, draw_sample, sample_identity
from corpuscope.sampling.sample_file import SampleFile
from sampling_fakes import LeapClock, MemorySource, fails, refuses, texts

PARTS = {f"part-{n}": 500 for n in range(6)}
HALF = "half \ud83d a pair"
REPLACED = "half \ufffd a pair"


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A local corpus of 40 documents, one of which is not valid UTF-8."""
    path = tmp_path / "web.jsonl"
    rows = [{"text": f"document {n}" if n else HALF, "url": f"https://example.org/{n}"} for n in range(40)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def drawn(
    web: Path, name: str, *, first: int = 0, count: int = 10, form: str = "jsonl", seed: int = 7
) -> list[dict[str, object]]:
    path = web.with_name(name)
    draw_sample(
        corpus_for(str(web)),
        SampleFile(path, form),
        seed=seed,
        first=first,
        count=count,
        cache_folder=web.parent,
    )
    if form == "parquet":
        rows: list[dict[str, object]] = pq.read_table(path).to_pylist()
        return rows
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_sample_holds_the_draws_from_the_requested_one_on(web: Path) -> None:
    whole = drawn(web, "whole.jsonl", count=40)
    assert [row["draw"] for row in whole] == list(range(40))
    assert drawn(web, "later.jsonl", first=12, count=5) == whole[12:17]
    assert len({row["document_id"] for row in whole}) == 40


def test_a_line_holds_the_document_and_its_address(web: Path) -> None:
    row = drawn(web, "one.jsonl", count=1)[0]
    assert row["corpus"] == "web"
    assert row["dataset"] == str(web)
    assert row["shard"] == "web.jsonl"
    assert row["probability"] == 1 / 40
    assert row["metadata"] == {"url": f"https://example.org/{row['row']}"}
    assert row["text"] == (f"document {row['row']}" if row["row"] else REPLACED)


def test_parquet_holds_the_same_documents_and_exact_bytes_for_invalid_utf8(web: Path) -> None:
    lines = drawn(web, "a.jsonl", count=40)
    rows = drawn(web, "a.parquet", count=40, form="parquet")
    for line, row in zip(lines, rows, strict=True):
        assert row["metadata"] == json.dumps(line["metadata"])
        assert {key: row[key] for key in row.keys() - {"text", "text_bytes", "metadata"}} == {
            key: line[key] for key in line.keys() - {"text", "text_bytes", "metadata"}
        }
        exact = HALF.encode("utf-8", "surrogatepass")
        if line["text"] == REPLACED:
            assert (row["text"], row["text_bytes"], base64.b64decode(str(line["text_bytes"]))) == (
                REPLACED,
                exact,
                exact,
            )
        else:
            assert (row["text"], row["text_bytes"], line["text_bytes"]) == (line["text"], None, "")


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_a_sample_holds_the_exact_text_beside_one_that_every_reader_takes(web: Path, form: str) -> None:
    sink = SampleFile(web.with_name(f"a.{form}"), form)
    corpus = corpus_for(str(web))
    draw_sample(corpus, sink, seed=7, first=0, count=40, cache_folder=web.parent)
    assert sink.replaced == 1
    assert b"\\ud83d" not in sink.path.read_bytes()
    again = LocalSource(corpus_for(str(sink.path)), web.parent / "cache")
    again.manifest()
    assert sum(again.fetch(0, row).text == (("text", HALF),) for row in range(40)) == 1


def test_a_sample_of_an_earlier_version_holds_the_exact_text_as_an_escape(web: Path) -> None:
    drawn(web, "a.jsonl", count=40)
    rows = [json.loads(line) for line in web.with_name("a.jsonl").read_text().splitlines()]
    for row in rows:
        row["text"] = HALF if row.pop("text_bytes") else row["text"]
    earlier = web.with_name("earlier.jsonl")
    earlier.write_text("".join(json.dumps(row) + "\n" for row in rows))
    source = LocalSource(corpus_for(str(earlier)), web.parent / "cache")
    source.manifest()
    assert sum(source.fetch(0, row).text == (("text", HALF),) for row in range(40)) == 1


def test_every_format_records_the_seed_and_what_is_uniform(web: Path) -> None:
    exact = "Exact: every document is equally likely."
    for row in (*drawn(web, "a.jsonl", count=3), *drawn(web, "a.parquet", count=3, form="parquet")):
        assert (row["seed"], row["uniform"]) == (7, exact)
    provenance = json.loads(pq.read_schema(web.with_name("a.parquet")).metadata[b"corpuscope"])
    assert provenance == {"seed": 7, "uniform": exact, "warnings": [], "set_aside": 0.0, "notes": []}


class Interrupted(Exception):
    """Raised in place of a person's ctrl-c."""


def interrupt_after(count: int, web: Path, sink: SampleFile) -> None:
    def count_down(drawn: int) -> None:
        if drawn == count:
            raise Interrupted

    with pytest.raises(Interrupted):
        draw_sample(
            corpus_for(str(web)),
            sink,
            seed=7,
            first=0,
            count=30,
            cache_folder=web.parent,
            on_document=count_down,
        )


def test_an_interrupted_sample_resumes_where_it_stopped(web: Path) -> None:
    whole = drawn(web, "whole.jsonl", count=30)
    sink = SampleFile(web.with_name("again.jsonl"), "jsonl")
    interrupt_after(11, web, sink)
    assert not sink.path.exists()
    with sink.partial.open("ab") as file:
        file.write(b"0000 torn")
    assert drawn(web, "again.jsonl", count=30) == whole
    assert not sink.partial.exists()
    assert sorted(path.name for path in web.parent.glob("again*")) == ["again.jsonl"]


def test_the_partial_file_of_another_sample_is_not_resumed(web: Path) -> None:
    interrupt_after(3, web, SampleFile(web.with_name("x.jsonl"), "jsonl"))
    with pytest.raises(UsageError, match="belongs to another sample"):
        drawn(web, "x.jsonl", seed=8)


def test_an_existing_file_is_not_overwritten(web: Path) -> None:
    drawn(web, "x.jsonl")
    with pytest.raises(UsageError, match="is there already"):
        drawn(web, "x.jsonl")


def test_a_sample_that_cannot_be_written_keeps_its_documents(web: Path) -> None:
    sink = SampleFile(web.with_name("x.jsonl"), "jsonl")
    sink.resume("it")
    sink.path.mkdir()
    (sink.path / "in the way").write_text("")
    with pytest.raises(CorpuscopeError, match="cannot be written"):
        sink.finish(10, SampleProvenance(7, "Exact."))
    assert sink.partial.exists()


def test_the_end_of_a_small_corpus_ends_the_sample(web: Path) -> None:
    assert len(drawn(web, "all.jsonl", count=1000)) == 40


def test_a_fault_of_the_corpus_is_raised(web: Path) -> None:
    with pytest.raises(CorpusError, match="has no column body"):
        draw_sample(
            corpus_for(str(web), CorpusOptions(text="body")),
            SampleFile(web.with_name("x.jsonl"), "jsonl"),
            seed=1,
            first=0,
            count=1,
            cache_folder=web.parent,
        )


def from_memory(
    source: MemorySource, end: int, clock: LeapClock, statuses: list[FeedStatus]
) -> list[Document]:
    changed = threading.Event()
    feed = Feed(source, seed=7, on_change=changed.set, clock=clock, pause=clock.pause)
    return list(documents(feed, changed, end=end, on_status=statuses.append, clock=clock))


def test_on_status_receives_the_status_of_the_feed() -> None:
    statuses: list[FeedStatus] = []
    source = MemorySource(PARTS, delay=0.002, trouble=refuses("part-1"))
    drawn_documents = from_memory(source, 30, LeapClock(), statuses)
    assert len(set(texts(drawn_documents))) == 30
    assert {status.state for status in statuses} <= {FeedState.OPENING, FeedState.STREAMING}
    assert statuses
    assert source.closed.wait(1)


def test_five_minutes_offline_end_the_sample_with_an_error_naming_the_fault() -> None:
    with pytest.raises(SourceUnavailable) as fault:
        from_memory(MemorySource(PARTS, trouble=fails("", *PARTS)), 30, LeapClock(), [])
    assert "the Hub did not answer" in fault.value.message
    assert "again" in fault.value.hint


def test_four_minutes_offline_do_not_end_the_sample() -> None:
    flaky = MemorySource(PARTS, trouble=fails("", times=12))
    assert len(from_memory(flaky, 3, LeapClock(), [])) == 3


def test_a_sample_goes_on_only_by_the_rules_it_was_begun_by() -> None:
    corpus = Corpus("web", "web", "hub", "owner/web")
    others = (replace(corpus, frame=2), replace(corpus, files="a/*"), replace(corpus, split="test"))
    assert len({sample_identity(one, 7, 0) for one in (corpus, *others)}) == 4
    assert sample_identity(others[0], 7, 0) == "web: owner/web None train text, seed 7, from draw 0"
