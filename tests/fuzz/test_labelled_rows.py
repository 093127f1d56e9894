"""Fuzz tests of rows of any values: a document that is shown can be labelled, and its label stays."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from corpuscope.corpora.local_source import LocalSource
from corpuscope.corpora.parse import CorpusOptions, corpus_for
from corpuscope.domain.document import Document
from corpuscope.errors import CorpusError
from corpuscope.ledger.check import check
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.sampling.document_records import SampleProvenance, write_jsonl
from corpuscope.sampling.feed.draw_reader import DrawReader
from corpuscope.sampling.feed.retry_policy import RetryPolicy
from fuzz.profiles import examples
from ledger_fakes import Scribe, labels
from makers import a_document

EXAMPLES = examples(suite=25, bench=250, whole=1_000)
"""Examples of a test that opens a ledger for each."""
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(1 << 70), 1 << 70)
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from([5e-324, 1e-200, 1e308, -1, 0, 1 << 63]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


def a_sample() -> list[dict[str, object]]:
    """Return the rows of a file that `corpuscope sample` wrote."""
    stream = io.BytesIO()
    write_jsonl(stream, (a_document(draw, f"text {draw}") for draw in range(3)), SampleProvenance(5, "All."))
    return [json.loads(line) for line in stream.getvalue().splitlines()]


SAMPLE = a_sample()
columns_of_a_sample = st.sampled_from([name for name in SAMPLE[0] if name not in ("text", "sha256")])


@contextmanager
def documents(rows: list[dict[str, object]]) -> Iterator[tuple[Path, list[Document]]]:
    """Yield an empty folder and the documents of a file with these rows."""
    folder = Path(tempfile.mkdtemp())
    try:
        path = folder / "web.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        source = LocalSource(corpus_for(str(path), CorpusOptions()), folder / "cache")
        read: list[Document] = []
        try:
            manifest = source.manifest()
            reader = DrawReader(source, manifest, 3, RetryPolicy())
            draws = range(manifest.shards[0].rows or 0)
            read.extend(
                document for draw in draws if isinstance(document := reader.read_own(draw, ()), Document)
            )
        except CorpusError as fault:
            assert "web.jsonl" in fault.message
        yield folder / "labels", read
    finally:
        shutil.rmtree(folder)


def label_and_read(folder: Path, shown: list[Document]) -> None:
    """Label every document, and check that the ledger has each label and text.

    Rows with the same address are one document, of which the last label counts.
    """
    last = {document.id: document for document in shown}
    with Scribe(folder) as scribe:
        for document in shown:
            scribe.label(document, "News")
        assert len(LedgerReader(folder).read()) == len(last)
    reader = LedgerReader(folder)
    assert labels(reader.read()).keys() == {document.draw for document in last.values()}
    for decision in reader.read().recent():
        assert reader.document(decision.event_id).text == last[decision.document_id].text
    assert check(folder).problems == ()


@settings(max_examples=EXAMPLES)
@given(st.dictionaries(columns_of_a_sample, json_values, min_size=1, max_size=3))
def test_a_row_of_a_sample_with_any_values_keeps_its_label(changed: dict[str, object]) -> None:
    with documents([SAMPLE[0] | changed, *SAMPLE[1:]]) as (folder, shown):
        label_and_read(folder, shown)


@settings(max_examples=EXAMPLES)
@given(st.dictionaries(st.text(max_size=6) | st.just("token_count"), json_values, max_size=4))
def test_a_row_of_any_corpus_keeps_its_label(columns: dict[str, object]) -> None:
    with documents([{"text": "one", **columns}, {"text": "two"}]) as (folder, shown):
        label_and_read(folder, shown)
