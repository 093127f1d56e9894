"""Draw the pools of a study: where they begin, and how many of their documents are decided already."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from pathlib import Path

from corpuscope.errors import CorpusError
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.sampling.draws import ShardRow
from corpuscope.sampling.feed.status import FeedStatus
from corpuscope.sampling.plan import Plan, PlannedCorpus
from corpuscope.sampling.pool import NoDrawsLeft, Pool, draw_pool, find_pool, pool_path


def draw_study_pool(
    decisions: Decisions,
    plan: Plan | None,
    corpus: str,
    *,
    labels: Path,
    cache: Path,
    size: int,
    on_document: Callable[[int], None] = lambda _: None,
    on_status: Callable[[FeedStatus], None] = lambda _: None,
) -> Pool:
    """Draw the pool of a corpus until it holds `size` documents that nobody decided on, and return it.

    It begins after the planned draws, so that labelling goes on without entering it. Decided documents in it do not
    count, and are replaced by further draws. `on_document` receives the number of documents drawn.

    Raises CorpusError for a corpus that is not in the plan, whose next draws are not known, and like `draw_pool`.
    """
    planned, seed = _planned(plan, corpus)
    path = pool_path(labels, corpus)
    present = find_pool(path)
    first = present.first if present else planned.target
    return draw_pool(
        planned,
        path,
        seed=seed,
        first=first,
        size=size + sum(draw >= first for draw in _decided(decisions, corpus)),
        cache_folder=cache,
        taken=_substitutes(decisions, corpus),
        on_document=on_document,
        on_status=on_status,
    )


def draw_next(
    decisions: Decisions,
    plan: Plan | None,
    corpus: str,
    *,
    labels: Path,
    cache: Path,
    count: int,
    on_document: Callable[[int], None] = lambda _: None,
    on_status: Callable[[FeedStatus], None] = lambda _: None,
) -> tuple[Pool, ...]:
    """Draw the next `count` documents of the plan that nobody decided on, and return what holds them.

    These are the planned draws that are still to be labelled, in a file of their own, and then as many of the pool as
    it takes; fewer where the corpus ends. The parameters and errors are those of `draw_study_pool`.
    """
    planned, seed = _planned(plan, corpus)
    pool = find_pool(pool_path(labels, corpus))
    decided = _decided(decisions, corpus)
    end = pool.first if pool else planned.target
    upcoming = list(islice((draw for draw in range(end) if draw not in decided), count))
    pools = []
    if upcoming:
        pools.append(
            draw_pool(
                planned,
                _planned_path(labels, corpus),
                seed=seed,
                first=0,  # decided draws too, for one of them may be undone
                size=upcoming[-1] + 1,
                cache_folder=cache,
                taken=_substitutes(decisions, corpus),
                on_document=on_document,
                on_status=on_status,
            )
        )
    rest = count - len(upcoming)
    if rest and not any(pool.exhausted for pool in pools):
        with suppress(NoDrawsLeft):
            pools.append(
                draw_study_pool(
                    decisions,
                    plan,
                    corpus,
                    labels=labels,
                    cache=cache,
                    size=rest,
                    on_document=lambda drawn: on_document(len(upcoming) + drawn),
                    on_status=on_status,
                )
            )
    return tuple(pools)


def drawn_pools(labels: Path, corpus: str) -> tuple[Pool, ...]:
    """Return what `draw_next` and `draw_study_pool` have drawn of a corpus; nothing is drawn."""
    paths = _planned_path(labels, corpus), pool_path(labels, corpus)
    return tuple(pool for path in paths if (pool := find_pool(path)) is not None)


def _planned_path(labels: Path, corpus: str) -> Path:
    return pool_path(labels, corpus).with_name("planned.parquet")


def _planned(plan: Plan | None, corpus: str) -> tuple[PlannedCorpus, int]:
    """Return the entry of a corpus in the plan, and the plan's seed. Raises CorpusError."""
    planned = plan.corpora.get(corpus) if plan else None
    if plan is None or planned is None:
        raise CorpusError(
            f"{corpus} is not in the plan, so its next draws are not known",
            f"open it once: corpuscope label {corpus}",
        )
    return planned, plan.seed


def _decided(decisions: Decisions, corpus: str) -> frozenset[int]:
    """Return the draws of a corpus that somebody decided on."""
    return frozenset(decision.draw for decision in decisions.by_draw([corpus]))


def _substitutes(decisions: Decisions, corpus: str) -> list[ShardRow]:
    """Return the locations of substitutes among the decided documents of a corpus."""
    return [
        ShardRow(shard, row)
        for annotator in decisions.annotators(corpus)
        for shard, row in decisions.substitutes(corpus, annotator)
    ]
