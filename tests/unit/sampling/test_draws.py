"""The sampling design: which document each draw selects."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from corpuscope.corpora.source import Manifest
from corpuscope.errors import CorpusError
from corpuscope.sampling.draws import Draws, ShardRow, draws_of
from sampling_fakes import a_manifest

MANY = {f"part-{n:03}": 40 + n for n in range(100)}


def row_of(
    draws: Draws, manifest: Manifest, rows: dict[str, int], draw: int, taken: set[ShardRow]
) -> ShardRow | None:
    """Return the document that a draw selects when every shard is readable."""
    target = draws.first(draw)
    if target is None:
        return None
    name = manifest.shards[target.shard].name
    row = draws.row(target, rows[name], taken)
    if row is not None:
        return ShardRow(name, row)
    for substitute in draws.substitutes(draw, taken):
        name = manifest.shards[substitute.shard].name
        row = draws.row(substitute, rows[name], taken)
        if row is not None:
            taken.add(ShardRow(name, row))
            return ShardRow(name, row)
    return None


def run(rows: dict[str, int], seed: int, count: int, *, counted: bool) -> list[ShardRow | None]:
    manifest = a_manifest(rows, counted=counted)
    draws = draws_of(manifest, seed)
    taken: set[ShardRow] = set()
    return [row_of(draws, manifest, rows, draw, taken) for draw in range(count)]


@pytest.mark.parametrize("counted", [True, False])
def test_a_draw_does_not_depend_on_the_order_of_look_ups(counted: bool) -> None:
    manifest = a_manifest(MANY, counted=counted)
    in_order = [draws_of(manifest, 5).first(draw) for draw in range(300)]
    backwards = draws_of(manifest, 5)
    assert [backwards.first(draw) for draw in reversed(range(300))] == in_order[::-1]


@pytest.mark.parametrize("counted", [True, False])
def test_each_seed_and_revision_draws_other_documents(counted: bool) -> None:
    manifest = a_manifest(MANY, counted=counted)
    later = Manifest("rev2", manifest.shards)
    sequences = [
        tuple(draws_of(m, seed).first(k) for k in range(20))
        for m, seed in ((manifest, 1), (manifest, 2), (later, 1))
    ]
    assert len(set(sequences)) == 3


@given(
    sizes=st.lists(st.integers(0, 12), min_size=1, max_size=8).filter(any),
    seed=st.integers(0, 1000),
    counted=st.booleans(),
)
def test_a_small_corpus_is_drawn_completely_and_then_ends(sizes: list[int], seed: int, counted: bool) -> None:
    rows = {f"part-{n}": size for n, size in enumerate(sizes)}
    selected = run(rows, seed, sum(sizes) + 3, counted=counted)
    drawn = [row for row in selected if row is not None]
    assert len(drawn) == len(set(drawn)) == sum(sizes)
    assert selected[sum(sizes) :] == [None, None, None]


def test_no_document_is_drawn_twice() -> None:
    selected = run({f"part-{n}": 2000 for n in range(10)}, 3, 15_000, counted=False)
    assert len(set(selected)) == 15_000
    assert None not in selected


def test_with_known_row_counts_every_row_is_equally_likely_at_every_draw() -> None:
    rows = {"large": 7, "small": 1, "middle": 4}
    for draw in (0, 5, 11):
        hits = Counter(run(rows, seed, draw + 1, counted=True)[draw] for seed in range(6_000))
        assert len(hits) == 12
        assert stats.chisquare(list(hits.values())).pvalue > 0.001


def test_shards_are_drawn_in_proportion_to_their_bytes_and_rows_uniformly() -> None:
    rows, sizes = {"a": 5000, "b": 5000, "c": 5000}, {"a": 1, "b": 3, "c": 6}
    manifest = a_manifest(rows, sizes=sizes)
    draws = draws_of(manifest, 11)
    selected = [row_of(draws, manifest, rows, draw, set()) for draw in range(6_000)]
    counts = Counter(row.shard for row in selected if row)
    assert stats.chisquare([counts[name] for name in rows], [600, 1800, 3600]).pvalue > 0.001
    in_c = [row.row for row in selected if row and row.shard == "c"]
    assert stats.kstest(in_c, stats.uniform(0, 5000).cdf).pvalue > 0.001


def test_shards_of_equal_weight_are_drawn_equally_often() -> None:
    rows = {f"part-{n:04}": 48 for n in range(1024)}
    draws = draws_of(a_manifest(rows, equal=True, sizes={name: n + 1 for n, name in enumerate(rows)}), 7)
    hits = Counter(target.shard for draw in range(2000) if (target := draws.first(draw)))
    assert 840 < len(hits) < 915  # 879 are expected of 1,024
    assert draws.probability(3, 48) == pytest.approx(1 / 1024 / 48)


@pytest.mark.parametrize("counted", [True, False])
def test_probabilities_of_all_documents_add_up_to_one(counted: bool) -> None:
    draws = draws_of(a_manifest(MANY, counted=counted), 1)
    total = sum(rows * draws.probability(shard, rows) for shard, rows in enumerate(MANY.values()))
    assert total == pytest.approx(1)
    assert sum(draws.inclusion_share(shard) for shard in range(len(MANY))) == pytest.approx(1)


def test_substitutes_try_every_shard_once() -> None:
    manifest = a_manifest(MANY)
    draws = draws_of(manifest, 1)
    shards = [target.shard for target in draws.substitutes(9, set())]
    assert sorted(shards) == list(range(100))
    assert [target.shard for target in islice(draws_of(manifest, 1).substitutes(9, set()), 100)] == shards
    assert [target.shard for target in draws.substitutes(10, set())] != shards


def test_a_shard_without_bytes_is_never_drawn_first() -> None:
    draws = draws_of(a_manifest({"empty": 0, "full": 9}, sizes={"empty": 0, "full": 50}), 1)
    assert {target.shard for draw in range(200) if (target := draws.first(draw))} == {1}


def first_six(draws: Draws) -> list[tuple[int, int]]:
    return [(target.shard, target.position) for draw in range(6) if (target := draws.first(draw))]


def test_the_first_draws_are_the_same_on_every_machine() -> None:
    by_shard = draws_of(a_manifest(MANY), 2026)
    assert first_six(by_shard) == [(70, 0), (81, 0), (5, 0), (23, 0), (60, 0), (82, 0)]
    by_row = draws_of(a_manifest(MANY, counted=True), 2026)
    assert first_six(by_row) == [(94, 100), (73, 56), (27, 17), (64, 86), (49, 6), (62, 90)]


def test_the_substitutes_of_a_draw_are_the_same_on_every_machine() -> None:
    substitutes = [target.shard for target in draws_of(a_manifest(MANY), 2026).substitutes(3, set())]
    assert substitutes[:4] == [68, 78, 76, 77]
    assert substitutes[45:55] == [5, 6, 7, 8, 9, 11, 12, 13, 14, 15]  # in order, behind 64 at random


def test_documents_in_order_are_the_rows_themselves() -> None:
    rows = {"a": 2, "b": 3}
    manifest = a_manifest(rows, counted=True)
    draws = draws_of(manifest, 1, in_order=True)
    selected = [row_of(draws, manifest, rows, draw, set()) for draw in range(6)]
    assert selected == [*(ShardRow("a", n) for n in range(2)), *(ShardRow("b", n) for n in range(3)), None]
    with pytest.raises(CorpusError, match="only where the number of rows"):
        draws_of(a_manifest(rows), 1, in_order=True)
