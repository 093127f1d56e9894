"""Test what is stored in a part, column by column: what a version wrote, every later one and every other tool reads."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from corpuscope.ledger.parquet_schema import VERSION, arrow_schema, migrated
from ledger_fakes import Scribe, parts, read
from makers import a_document

FEW_VALUES = {
    "session", "annotator", "kind", "category", "scheme", "corpus", "dataset", "name", "split", "revision", "shard",
}  # fmt: skip
CONTENT = {"sha256", "text", "text_bytes", "sections", "metadata", "url"}


def test_each_version_added_its_columns() -> None:
    assert VERSION == 2
    assert arrow_schema(0).names == [
        "event_id", "session", "annotator", "at", "kind", "category", "scheme", "target", "note", "reading_ms", "blind",
        "document_id", "corpus", "dataset", "name", "split", "revision", "shard", "row", "draw", "probability",
        "sha256", "text", "text_bytes", "sections", "metadata", "url", "tokens", "characters",
    ]  # fmt: skip
    added = [set(arrow_schema(later).names) - set(arrow_schema(later - 1).names) for later in (1, 2)]
    assert added == [{"look", "attempt", "words", "originals"}, {"unsure"}]


def test_columns_have_the_types_of_every_version() -> None:
    types: dict[str, set[str]] = {}
    for field in arrow_schema():
        types.setdefault(str(field.type), set()).add(field.name)
    assert {kind: names for kind, names in types.items() if kind != "string"} == {
        "timestamp[us, tz=UTC]": {"at"},
        "int64": {"reading_ms", "look", "row", "draw", "attempt", "tokens", "characters", "words"},
        "double": {"probability"},
        "bool": {"blind", "unsure"},
        "binary": {"text_bytes"},
    }


def test_events_of_older_versions_are_first_looks_without_a_doubt_at_their_own_document() -> None:
    older = pa.table({"event_id": ["a"]})
    (row,) = migrated(older, ("event_id", "look", "unsure", "attempt", "words", "originals")).to_pylist()
    assert row == {
        "event_id": "a",
        "look": 1,
        "unsure": False,
        "attempt": 0,
        "words": None,
        "originals": None,
    }


def test_columns_of_few_values_are_coded_and_only_columns_without_content_have_statistics(
    tmp_path: Path,
) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(a_document(1, tokens=5))
    metadata = pq.ParquetFile(parts(tmp_path)[0]).metadata
    stored = [metadata.row_group(0).column(place) for place in range(metadata.num_columns)]
    assert {column.path_in_schema for column in stored if column.has_dictionary_page} == FEW_VALUES
    assert {column.path_in_schema for column in stored if not column.is_stats_set} == CONTENT
    assert {column.compression for column in stored} == {"ZSTD"}


def test_what_a_part_has_as_null_is_none_in_a_decision(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.skip(1)
        scribe.label(2, reading_ms=7)
    skip, label = read(tmp_path).recent()
    for decision, category, reading_ms in ((skip, None, None), (label, "News", 7)):
        assert (decision.category, decision.reading_ms) == (category, reading_ms)
        assert (decision.note, decision.name, decision.tokens) == (None, None, None)
        assert (decision.words, decision.characters) == (2, 10)
