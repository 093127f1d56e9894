"""How far the corpora of a workspace have come."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpuscope.corpora.known import KNOWN, uniformity
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.corpus import Corpus
from corpuscope.sampling.plan import Plan, PlannedCorpus

if TYPE_CHECKING:  # the list of corpora is shown before the ledger is read
    from corpuscope.ledger.read.decisions import Decisions


@dataclass(frozen=True, slots=True)
class CorpusStanding:
    """One line of the list of corpora."""

    corpus: Corpus
    """Which."""
    labelled: int | None
    """Documents labelled, whoever did it, second looks not counted; None before the ledger was read."""
    target: int | None
    """Labels planned; None when it is not in the plan."""
    revision: str | None
    """The pinned commit or digest; None before the first use."""
    uniform: str
    """What is and what is not uniform about a sample of it."""


def standings_of(
    plan: Plan | None, decisions: "Decisions | None", scheme: CategoryScheme
) -> tuple[CorpusStanding, ...]:
    """Every corpus that is known or planned, known ones first; counted where `decisions` are given."""
    planned: dict[str, PlannedCorpus] = dict(plan.corpora) if plan else {}
    corpora = {key: known.corpus for key, known in KNOWN.items()}
    corpora |= {key: each.corpus for key, each in planned.items()}
    return tuple(
        CorpusStanding(
            corpus,
            decisions.documents(key, scheme) if decisions is not None else None,
            planned[key].target if key in planned else None,
            planned[key].revision if key in planned else None,
            uniformity(corpus),
        )
        for key, corpus in corpora.items()
    )
