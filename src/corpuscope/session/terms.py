"""On what terms a study is labelled: blind or not, with second looks, by whom. What is decided stays in the plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpuscope.domain.corpus import Corpus
from corpuscope.errors import PlanError
from corpuscope.sampling.plan import Plan

if TYPE_CHECKING:  # few plans divide anything
    from corpuscope.sampling.assignment import Division

SECOND_LOOKS = 10
"""Percent of the labelled documents that come a second time in a planned study."""
OVERLAP = 20
"""Percent of the documents that everybody reads where annotators share them and nothing else was said."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for on the command line; None goes with the plan, or with the default where it says nothing."""

    target: int | None = None
    """Labels planned for each corpus."""
    seed: int | None = None
    """Seed of the sample."""
    second_looks: int | None = None
    """Percent of the labelled documents that come a second time."""
    annotators: tuple[str, ...] = ()
    """Who shares the documents; none for everybody the same ones."""
    overlap: int | None = None
    """Percent of the documents that all of them label."""

    def division(self, plan: Plan | None) -> "Division | None":
        """Who labels what as asked for, None where nothing was.

        An overlap alone is held against the annotators of the plan. Raises PlanError where there are none.
        """
        planned = plan.division if plan else None
        if not self.annotators and self.overlap is None:
            return None
        if not self.annotators and planned is None:
            raise PlanError(
                "an overlap needs annotators who share the documents", "name them: --annotators ann,ben"
            )
        from corpuscope.sampling.assignment import Division

        annotators = self.annotators or (planned.annotators if planned else ())
        default = planned.overlap if planned else OVERLAP
        return Division(annotators, default if self.overlap is None else self.overlap)

    def agreed(self, plan: Plan) -> Plan:
        """The plan with what was asked for. Raises PlanError where it says something else."""
        return plan.with_terms(second_looks=self.second_looks, division=self.division(plan))


def is_study(corpora: Sequence[Corpus]) -> bool:
    """Whether these corpora, labelled together, are a planned study: several, and not just the bundled demo."""
    return len(corpora) > 1 and any(corpus.kind != "demo" for corpus in corpora)


def is_blind(corpora: Sequence[Corpus], plan: Plan, asked: bool | None) -> bool:
    """Whether corpus, url and scores are hidden: as asked, else for several corpora and where the plan says so.

    A second look that could be told by its draw or url would be none, so that they are blind too.
    """
    if asked is not None:
        return asked
    return (
        len(corpora) > 1 or bool(plan.second_looks) or any(plan.corpora[each.key].blind for each in corpora)
    )
