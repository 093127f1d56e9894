"""Which files of a Hub dataset are its data."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpuscope.corpora.hub_listing import _main_kind
from corpuscope.corpora.source import Shard
from corpuscope.domain.corpus import Corpus

CORPUS = Corpus("web", "web", "hub", "owner/web")
BESIDE = [Shard(f"{name}.txt", 900) for name in ("LICENSE", "words")]
DATA = [Shard(f"{name}.jsonl", 40_000) for name in "ab"]


@pytest.mark.parametrize("shards", [[*BESIDE, *DATA], [*DATA, *BESIDE], [*BESIDE, DATA[0]]])
def test_the_kind_with_the_most_bytes_is_the_data_whatever_comes_first(shards: list[Shard]) -> None:
    assert _main_kind(CORPUS, shards) == "jsonl"


def test_a_plan_of_an_earlier_version_keeps_to_the_kind_of_most_files() -> None:
    before = replace(CORPUS, frame=1)
    assert _main_kind(before, [BESIDE[0], *DATA]) == "jsonl"
    assert _main_kind(before, [*BESIDE, DATA[0]]) == "txt"
