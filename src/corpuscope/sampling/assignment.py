"""Task assignment with overlap: each draw is assigned to all annotators of a study or to exactly one."""

from __future__ import annotations

from dataclasses import dataclass

from corpuscope.errors import PlanError, nearest
from corpuscope.files import digest
from corpuscope.sampling.keyed_random import StratifiedSubset, permuted_block


@dataclass(frozen=True, slots=True)
class Assignment:
    """The annotators who share the documents of a study, and the percentage that all of them label."""

    annotators: tuple[str, ...]
    """Names of two or more annotators; their order has no effect."""
    overlap: int
    """Percent of each corpus that all annotators label, spread evenly; one of them labels each other document."""

    def annotator_draws(self, seed: int, corpus: str, annotator: str) -> AnnotatorDraws:
        """Return the draws of a corpus assigned to an annotator. Raises PlanError for one who is not in the plan."""
        self.check(annotator)
        return AnnotatorDraws(self, seed, corpus, annotator)

    def check(self, annotator: str) -> None:
        """Raise PlanError with the nearest name for an annotator who is not in the plan."""
        if annotator not in self.annotators:
            raise PlanError(
                f"you are {annotator!r}, but the documents are shared between "
                f"{' and '.join((', '.join(self.annotators[:-1]), self.annotators[-1]))}",
                f"name yourself with --annotator; {nearest(annotator, self.annotators)}",
            )


class AnnotatorDraws:
    """The draws of one corpus assigned to one annotator: a pure function of seed, corpus and draw."""

    def __init__(self, assignment: Assignment, seed: int, corpus: str, annotator: str) -> None:
        self._annotators = assignment.annotators
        self._overlap = StratifiedSubset(digest("corpuscope overlap", seed, corpus), assignment.overlap)
        self._block_key = (f"corpuscope part of {corpus}", seed)
        self._annotator = annotator

    def __contains__(self, draw: object) -> bool:
        """Tell whether the draw is assigned to this annotator, alone or along with all others."""
        if not isinstance(draw, int):
            return False
        return draw in self._overlap or self._owner(draw - self._overlap.before(draw)) == self._annotator

    def size(self, draws: int) -> int:
        """Return how many of the first `draws` draws are assigned to this annotator."""
        overlapping = self._overlap.before(draws)
        blocks, rest = divmod(draws - overlapping, len(self._annotators))
        start = blocks * len(self._annotators)
        in_last_block = sum(self._owner(start + i) == self._annotator for i in range(rest))
        return overlapping + blocks + in_last_block

    def _owner(self, i: int) -> str:
        """Return the annotator of the `i`-th draw outside the overlap, from 0."""
        return permuted_block(*self._block_key, self._annotators, i)
