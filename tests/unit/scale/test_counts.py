"""Tests of the counts of a run by file."""

from __future__ import annotations

import json

import numpy as np
import pytest

from corpuscope.scale.counts import FileCounts, from_bytes, to_bytes, total


def a_file(name: str = "a.jsonl") -> FileCounts:
    """Return the counts of two batches: of three documents of which one is kept, and of one without tokens."""
    counts = FileCounts.empty(name, 2)
    scores = np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]])
    kept, heads = np.array([True, False, False]), np.array([True, True, False])
    counts.add(scores, (10, 20, 40), (1, 2, 4), kept, heads)
    counts.add(np.array([[0.25, 0.75]]), (80,), (None,), np.array([True]), np.array([False]))
    return counts


def test_batches_add_up() -> None:
    counts = a_file()
    assert (counts.documents, counts.heads, counts.kept) == (4, 2, 2)
    assert (counts.characters, counts.kept_characters) == (150, 90)
    assert (counts.tokens, counts.kept_tokens, counts.without_tokens) == (7, 1, 1)
    assert counts.sums.tolist() == [1.75, 2.25]
    assert counts.squares.tolist() == [1 + 0.25 + 0.0625, 0.25 + 1 + 0.5625]
    assert counts.head_sums.tolist() == [1.5, 0.5]
    assert counts.character_sums.tolist() == [10 + 10 + 20, 10 + 40 + 60]
    assert counts.token_sums.tolist() == [2, 5]


def test_counts_come_back_as_they_were_written() -> None:
    files = [a_file(), FileCounts.empty("b.jsonl", 2)]
    again = from_bytes(to_bytes(files))
    assert to_bytes(again) == to_bytes(files)
    assert again[0].sums.tolist() == [1.75, 2.25]


def test_files_add_up_under_a_name_of_their_own() -> None:
    both = total([a_file(), a_file("b.jsonl")], "all", 2)
    assert (both.name, both.documents, both.tokens, both.kept_tokens) == ("all", 8, 14, 2)
    assert both.sums.tolist() == [3.5, 4.5]
    assert total([], "all", 2).documents == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("documents", -1),
        ("documents", 1.5),
        ("name", 7),
        ("sums", [1.0, float("nan")]),
        ("squares", [1.0]),
        ("head_sums", "much"),
        ("tokens", None),
        ("unknown", 1),
    ],
)
def test_counts_that_nobody_wrote_so_are_refused(field: str, value: object) -> None:
    content = json.loads(to_bytes([a_file()]))
    content["files"][0][field] = value
    with pytest.raises(ValueError, match=r"."):
        from_bytes(json.dumps(content).encode())


def test_counts_of_no_documents_are_right() -> None:
    assert from_bytes(to_bytes([FileCounts.empty("a", 1)]))[0].documents == 0
    with pytest.raises(ValueError, match=r"."):
        from_bytes(b"{}")
