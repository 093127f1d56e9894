"""Draw the pools of a study: where they begin, and how many of their documents are decided already."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from corpuscope.errors import CorpusError
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.sampling.draws import ShardRow
from corpuscope.sampling.feed.status import FeedStatus
from corpuscope.sampling.plan import Plan
from corpuscope.sampling.pool import Pool, draw_pool, find_pool, pool_path


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
    planned = plan.corpora.get(corpus) if plan else None
    if plan is None or planned is None:
        raise CorpusError(
            f"{corpus} is not in the plan, so its next draws are not known",
            f"open it once: corpuscope label {corpus}",
        )
    path = pool_path(labels, corpus)
    draws = {decision.draw for decision in decisions.by_draw([corpus])}
    present = find_pool(path)
    first = present.first if present else planned.target
    taken = [
        ShardRow(shard, row)
        for annotator in decisions.annotators(corpus)
        for shard, row in decisions.substitutes(corpus, annotator)
    ]
    return draw_pool(
        planned,
        path,
        seed=plan.seed,
        first=first,
        size=size + sum(draw >= first for draw in draws),
        cache_folder=cache,
        taken=taken,
        on_document=on_document,
        on_status=on_status,
    )
