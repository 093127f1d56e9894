"""The audit of the order inside a shard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from corpuscope.corpora.source import Manifest, Row
from corpuscope.doctor.shard_order import audit_order
from corpuscope.errors import CorpusError
from sampling_fakes import MemorySource


class StreamedSource(MemorySource):
    """A source whose row n has n + 1 characters and of which only the first ten rows can be drawn."""

    def manifest(self) -> Manifest:
        manifest = super().manifest()
        return Manifest(manifest.revision, manifest.shards, prefix_rows=10)

    def stream(self, shard: int) -> Iterator[Row]:
        name = self.manifest().shards[shard].name
        for row in range({"long": 25, "short": 10}[name]):
            yield Row((("text", "x" * row), ("answer", "y")), {})


def test_the_audit_separates_the_lengths_of_the_head_from_the_rest() -> None:
    counts: list[int] = []
    audit = audit_order(StreamedSource({"short": 10, "long": 25}), 1, on_row=counts.append)
    assert audit.shard == "long"
    assert list(audit.head) == list(range(1, 11))
    assert list(audit.rest) == list(range(11, 26))
    assert counts[-1] == 25


class WholeSource(StreamedSource):
    """The same source when every row can be drawn."""

    def manifest(self) -> Manifest:
        return MemorySource.manifest(self)


def test_where_every_row_can_be_drawn_the_head_is_a_tenth_unless_it_is_named() -> None:
    source = WholeSource({"short": 10, "long": 25})
    assert [len(audit_order(source, shard).head) for shard in (0, 1)] == [1, 2]
    assert len(audit_order(source, 1, head=20).head) == 20
    with pytest.raises(CorpusError, match="short has 10 rows: too few beyond its first 10 to compare"):
        audit_order(source, 0, head=10)


def test_a_shard_of_a_few_rows_has_no_head() -> None:
    class Few(WholeSource):
        def stream(self, shard: int) -> Iterator[Row]:
            yield from list(super().stream(shard))[:9]

    with pytest.raises(CorpusError, match="short has 9 rows: too few beyond its first 0 to compare"):
        audit_order(Few({"short": 10}), 0)


def test_a_shard_that_is_all_head_cannot_be_audited() -> None:
    with pytest.raises(CorpusError, match="short has 10 rows: too few beyond its first 10 to compare"):
        audit_order(StreamedSource({"short": 10}), 0)


def test_a_source_that_cannot_be_streamed_is_an_error() -> None:
    with pytest.raises(CorpusError, match="memory cannot be read from start to end"):
        audit_order(MemorySource({"a": 10}), 0)
