"""Tests of the pool: the next draws of a plan, resumed and extended without a loss or a repetition."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpuscope.corpora.known import KNOWN
from corpuscope.corpora.parse import corpus_for
from corpuscope.domain.document import MOST_CHARACTERS
from corpuscope.errors import CorpuscopeError, UsageError
from corpuscope.sampling.feed.open import draw_lookup
from corpuscope.sampling.plan import PlannedCorpus
from corpuscope.sampling.pool import (
    Pool,
    draw_pool,
    find_pool,
    pool_path,
    why_not_of_plan,
)
from hub.faults import Fault
from hub.server import StandIn

SIZE = 60
"""Documents of the corpus."""
FIRST = 10
"""First draw of the pool."""


class Stop(Exception):
    """Stands for ctrl-c."""


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A local corpus of 60 documents, of which one has half a surrogate pair and one is very long."""
    path = tmp_path / "web.jsonl"
    texts = [f"document {n}" for n in range(SIZE - 2)] + ["half \ud83d", "x" * (MOST_CHARACTERS + 5)]
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    return path


def draw(web: Path, size: int, *, stop_at: int | None = None, seed: int = 7, first: int = FIRST) -> Pool:
    def on_document(drawn: int) -> None:
        if drawn == stop_at:
            raise Stop

    return draw_pool(
        PlannedCorpus(corpus_for(str(web))),
        pool_path(web.parent / "labels", "web"),
        seed=seed,
        first=first,
        size=size,
        cache_folder=web.parent / "cache",
        on_document=on_document,
    )


def draws(pool: Pool) -> list[int]:
    numbers: list[int] = pool.facts["draw"].to_pylist()
    return numbers


def test_a_pool_holds_the_draws_after_the_labelled_ones(web: Path) -> None:
    pool = draw(web, 20)
    assert draws(pool) == list(range(FIRST, FIRST + 20))
    assert (len(pool), pool.first, pool.exhausted) == (20, FIRST, False)
    assert [len(batch) for batch in pool.texts()] == [20]
    assert find_pool(pool.path) == pool


def test_a_pool_lies_deeper_than_the_files_of_labels(web: Path) -> None:
    pool = draw(web, 5)
    assert pool.path not in set((web.parent / "labels").glob("*/*.parquet"))


def test_a_larger_pool_extends_the_smaller_one(web: Path) -> None:
    whole = pq.read_table(draw(web, 30).path)
    other = web.with_name("other")
    other.mkdir()
    same = other / web.name
    same.write_bytes(web.read_bytes())
    draw(same, 12)
    extended = draw(same, 30, first=25)
    assert draws(extended) == list(range(FIRST, FIRST + 30))
    columns = ["draw", "row", "text"]
    assert pq.read_table(extended.path).select(columns) == whole.select(columns)


@pytest.mark.parametrize("stop_at", [1, 7, 19])
def test_an_interrupted_pool_keeps_what_was_drawn_and_goes_on(web: Path, stop_at: int) -> None:
    with pytest.raises(Stop):
        draw(web, 20, stop_at=stop_at)
    kept = find_pool(pool_path(web.parent / "labels", "web"))
    assert kept is not None
    assert draws(kept) == list(range(FIRST, FIRST + stop_at))
    assert draws(draw(web, 20)) == list(range(FIRST, FIRST + 20))


def test_what_a_killed_run_left_is_used_without_its_torn_line(web: Path) -> None:
    whole = draw(web, 20)
    lines = partial_lines(web)
    whole.path.unlink()
    whole.path.with_suffix(".partial").write_bytes(b"".join(lines[:8]) + lines[8][:30])
    fetched: list[int] = []
    again = draw_pool(
        PlannedCorpus(corpus_for(str(web))),
        whole.path,
        seed=7,
        first=FIRST,
        size=20,
        cache_folder=web.parent / "cache",
        on_document=fetched.append,
    )
    assert fetched[0] == 7
    assert draws(again) == list(range(FIRST, FIRST + 20))


def test_a_run_killed_between_publishing_and_removing_its_partial_file_doubles_no_document(web: Path) -> None:
    pool = draw(web, 20)
    pool.path.with_suffix(".partial").write_bytes(b"".join(partial_lines(web)))
    assert draws(draw(web, 30)) == list(range(FIRST, FIRST + 30))


def test_documents_that_such_a_run_left_twice_do_not_hide_the_end_of_the_corpus(web: Path) -> None:
    draw(web, 20).path.with_suffix(".partial").write_bytes(b"".join(partial_lines(web)))
    whole = draw(web, SIZE)
    assert (len(whole), whole.exhausted) == (SIZE - FIRST, True)


def partial_lines(web: Path) -> list[bytes]:
    """Return the lines of the partial file of a run over 20 documents, before it was published."""
    path = pool_path(web.parent / "labels", "copy")
    lines: list[bytes] = []

    def on_document(drawn: int) -> None:
        if drawn == 20:
            lines.extend(path.with_suffix(".partial").read_bytes().splitlines(keepends=True))

    draw_pool(
        PlannedCorpus(corpus_for(str(web))),
        path,
        seed=7,
        first=FIRST,
        size=20,
        cache_folder=web.parent / "cache",
        on_document=on_document,
    )
    return lines


def test_a_small_corpus_ends_its_pool_and_says_so(web: Path) -> None:
    pool = draw(web, 500)
    assert (len(pool), pool.exhausted) == (SIZE - FIRST, True)
    assert draw(web, 600).exhausted


def test_a_pool_that_holds_all_documents_learns_that_there_are_no_more(web: Path) -> None:
    whole = draw(web, SIZE - FIRST)
    assert (len(whole), whole.exhausted) == (SIZE - FIRST, False)
    assert not (again := draw(web, SIZE - FIRST)).exhausted
    assert again == whole
    more = draw(web, SIZE)
    assert (len(more), more.exhausted) == (SIZE - FIRST, True)


def test_a_corpus_without_further_draws_has_no_pool(web: Path) -> None:
    with pytest.raises(UsageError, match=f"planned, from draw {SIZE} on there is none"):
        draw(web, 5, first=SIZE)


def test_a_pool_is_drawn_from_the_hub_and_goes_on_after_an_outage(hub: StandIn, tmp_path: Path) -> None:
    planned = PlannedCorpus(KNOWN["fineweb"].corpus)

    def drawn(size: int, stop_at: int | None = None) -> Pool:
        def on_document(number: int) -> None:
            if number == stop_at:
                raise Stop

        return draw_pool(
            planned,
            pool_path(tmp_path / "labels", "fineweb"),
            seed=7,
            first=5,
            size=size,
            cache_folder=tmp_path / "cache",
            on_document=on_document,
        )

    with pytest.raises(Stop):
        drawn(8, stop_at=3)
    hub.faults.add(Fault("drop", times=1))
    pool = drawn(8)
    assert draws(pool) == list(range(5, 13))
    last = draw_lookup(planned.corpus, seed=7, cache_folder=tmp_path / "cache")(12)
    assert last is not None
    assert pool.facts["document_id"].to_pylist()[-1] == last.id
    (revision,) = set(pool.facts["revision"].to_pylist())
    assert why_not_of_plan(pool, replace(planned, revision=revision), 7) == ""
    assert "the plan of abc" in why_not_of_plan(pool, replace(planned, revision="abc"), 7)


def test_texts_are_cut_off_but_their_length_is_kept(web: Path) -> None:
    pool = draw(web, 500, first=0)
    texts = [text for batch in pool.texts() for text in batch]
    assert max(map(len, texts)) == MOST_CHARACTERS
    assert max(pool.facts["characters"].to_pylist()) == MOST_CHARACTERS + 5
    assert "half \ufffd" in texts


def test_a_pool_of_another_seed_is_refused(web: Path) -> None:
    draw(web, 5)
    with pytest.raises(UsageError, match="another plan"):
        draw(web, 8, seed=8)


def test_a_file_that_is_no_pool_is_refused_in_words(web: Path) -> None:
    path = pool_path(web.parent / "labels", "web")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"PAR1")
    with pytest.raises(UsageError, match="is not a pool"):
        draw(web, 5)


@pytest.mark.parametrize(
    ("facts", "columns", "message"),
    [
        ({"first": "10"}, {}, "is the pool of another version"),
        ({"first": -1}, {}, "is the pool of another version"),
        ({"sample": None}, {}, "is the pool of another version"),
        ({"exhausted": 1}, {}, "is the pool of another version"),
        ({}, {"document_id": ["a"] * 5}, "holds documents twice"),
        ({}, {"probability": [0.0] * 5}, "probability is not a number from 1e-30"),
        ({}, {"probability": [1e-200] * 5}, "probability is not a number from 1e-30"),
        ({}, {"probability": [None] * 5}, "probability is missing in 5 rows"),
        ({}, {"text": [None] * 5}, "text is missing in 5 rows"),
    ],
)
def test_a_pool_of_a_stranger_that_would_change_the_estimate_is_refused(
    web: Path, facts: dict[str, object], columns: dict[str, list[object]], message: str
) -> None:
    path = draw(web, 5).path
    table = pq.read_table(path)
    for name, values in columns.items():
        column = pa.array(values, table.schema.field(name).type)
        table = table.set_column(table.column_names.index(name), name, column)
    (key,) = table.schema.metadata
    metadata = {key: json.dumps(json.loads(table.schema.metadata[key]) | facts)}
    pq.write_table(table.replace_schema_metadata(metadata), path)
    with pytest.raises(UsageError, match=message) as refused:
        read_whole(path)
    assert str(path) in refused.value.message
    assert refused.value.hint == "remove it; it is drawn again"


def test_a_damaged_pool_is_named_and_not_extended(web: Path) -> None:
    path = draw(web, 5).path
    stored = bytearray(path.read_bytes())
    chunk = pq.read_metadata(path).row_group(0).column(10)
    stored[chunk.data_page_offset + chunk.total_compressed_size // 2] ^= 1
    path.write_bytes(stored)
    with pytest.raises(UsageError, match=r"draws\.parquet is damaged"):
        read_whole(path)
    with pytest.raises(UsageError, match=r"draws\.parquet is damaged"):
        draw(web, 10)
    assert path.read_bytes() == stored


def read_whole(path: Path) -> tuple[int, int]:
    pool = find_pool(path)
    assert pool is not None
    return len(pool), sum(map(len, pool.texts()))


def test_a_folder_that_cannot_be_written_is_an_error_in_words(web: Path) -> None:
    (web.parent / "labels").write_text("a file in the way")
    with pytest.raises(CorpuscopeError, match="cannot be written"):
        draw(web, 5)
