"""Tests of what is said about a corpus of which not everything can be drawn."""

from __future__ import annotations

import pytest

from corpuscope.corpora.source import Manifest, Shard, percent


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.00002, "less than 0.1 %"),
        (0.0012, "0.1 %"),
        (0.5, "50 %"),
        (0.3333, "33.3 %"),
        (0.99999, "more than 99.9 %"),
        (1.0, "100 %"),
    ],
)
def test_a_share_is_written_for_people(share: float, words: str) -> None:
    assert percent(share) == words


def test_nothing_is_exact_about_a_corpus_with_a_file_set_aside() -> None:
    manifest = Manifest("c0ffee", (Shard("a", 1),), uniform="Exact: every document is equally likely.")
    assert manifest.uniform_without(0.0) == manifest.uniform
    assert manifest.uniform_without(0.25) == "Not a sample of the whole corpus: 25 % of it was set aside."
