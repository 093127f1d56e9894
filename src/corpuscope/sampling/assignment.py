"""Who labels what: every draw belongs to all annotators of a study, or to exactly one of them."""

from dataclasses import dataclass

from corpuscope.errors import PlanError, nearest
from corpuscope.files import digest
from corpuscope.sampling.keyed_random import StratifiedSubset, permuted_block


@dataclass(frozen=True, slots=True)
class Assignment:
    """The annotators that share the documents of a study, and how many all of them read."""

    annotators: tuple[str, ...]
    """Their names; two or more, in the order they were named, which decides nothing."""
    overlap: int
    """Percent of each corpus that everybody reads, spread evenly; the rest is read by one of them."""

    def annotator_draws(self, seed: int, corpus: str, annotator: str) -> "AnnotatorDraws":
        """The draws of a corpus that are an annotator's. Raises PlanError for one who is not in the plan."""
        self.check(annotator)
        return AnnotatorDraws(self, seed, corpus, annotator)

    def check(self, annotator: str) -> None:
        """Raises PlanError, with the nearest names, for an annotator who is not in the plan."""
        if annotator not in self.annotators:
            raise PlanError(
                f"plan.json divides the documents among {len(self.annotators)} annotators, "
                f"and {annotator!r} is none of them",
                f"say who you are with --annotator; {nearest(annotator, self.annotators)}",
            )


class AnnotatorDraws:
    """One annotator's draws of one corpus: a pure function of seed, corpus and draw."""

    def __init__(self, assignment: Assignment, seed: int, corpus: str, annotator: str) -> None:
        self._annotators = assignment.annotators
        self._everybody = StratifiedSubset(digest("corpuscope overlap", seed, corpus), assignment.overlap)
        self._turns = (f"corpuscope part of {corpus}", seed)
        self._annotator = annotator

    def __contains__(self, draw: object) -> bool:
        """Whether that draw is this annotator's, alone or with everybody."""
        if not isinstance(draw, int):
            return False
        return draw in self._everybody or self._owner(draw - self._everybody.before(draw)) == self._annotator

    def size(self, draws: int) -> int:
        """How many of the first so many draws are this annotator's."""
        together = self._everybody.before(draws)
        whole, rest = divmod(draws - together, len(self._annotators))
        first = whole * len(self._annotators)
        mine = sum(self._owner(first + i) == self._annotator for i in range(rest))
        return together + whole + mine

    def _owner(self, i: int) -> str:
        """Whose the i-th draw is that is read by one."""
        return permuted_block(*self._turns, self._annotators, i)
