"""The decisions of earlier sittings, as turns to go back to."""

from collections.abc import Iterator, Sequence

from corpuscope.domain.category import CategoryScheme
from corpuscope.ledger.read.decisions import Decision, Decisions
from corpuscope.session.history import Turn

PAGE = 500
"""Decisions fetched at a time when a reader goes far back."""


def earlier_turns(
    decisions: Decisions,
    scheme: CategoryScheme,
    annotator: str,
    corpora: Sequence[str],
    looks: Sequence[int] = (1, 2),
) -> Iterator[Sequence[Turn]]:
    """Pages of an annotator's turns in these corpora, the latest page first, oldest turn first in each.

    Documents whose category was split up since are left out: they are queued again.
    """
    seen = 0
    while True:
        page = decisions.recent(annotator, seen + PAGE)
        page = page[: len(page) - seen]
        if not page:
            return
        seen += len(page)
        wanted = (each for each in page if each.corpus in corpora and each.look in looks)
        yield [turn for each in wanted if (turn := _turn(each, scheme))]


def _turn(decision: Decision, scheme: CategoryScheme) -> Turn | None:
    today = None if decision.category is None else scheme.today(decision.category)
    if decision.category is not None and today is None:
        return None
    return Turn(decision.event_id, decision.document_id, decision.corpus, today, look=decision.look)
