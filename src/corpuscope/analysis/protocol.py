"""Whether labels were given so that two corpora can be compared: blind, and in turns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Self

from corpuscope.domain.category import CategoryScheme
from corpuscope.ledger.read.decisions import Decisions

MAX_RUN = 10
"""Labels in a row of one corpus up to which two corpora count as interleaved; a queue makes at most two."""
STRAYS = 0.1
"""The fraction of labels that may stand in longer rows: a category changed afterwards moves its label."""


@dataclass(frozen=True, slots=True)
class LabelConditions:
    """How one label was given."""

    corpus: str
    """Key of the corpus."""
    annotator: str
    """Who."""
    blind: bool
    """True when corpus, url and scores were hidden until the key."""


@dataclass(frozen=True, slots=True)
class LabellingProtocol:
    """How the labels of a ledger were given."""

    conditions: tuple[LabelConditions, ...]
    """First looks that count as a label, in the order they were decided."""

    @classmethod
    def of(cls, decisions: Decisions, scheme: CategoryScheme, annotator: str | None = None) -> Self:
        """How the labels of this annotator were given, of all where None."""
        return cls(
            tuple(
                LabelConditions(each.corpus, each.annotator, each.blind)
                for each in decisions.recent(annotator)
                if each.look == 1 and each.category is not None and scheme.today(each.category)
            )
        )

    def warnings(self, first: str, second: str) -> tuple[str, ...]:
        """What stands against comparing these corpora, in sentences; a corpus not labelled here is published."""
        own = [corpus for corpus in (first, second) if any(each.corpus == corpus for each in self.conditions)]
        if not own:
            return (f"Nobody recorded whether {first} and {second} were labelled interleaved and blind.",)
        if len(own) == 1:
            other = second if own[0] == first else first
            return (
                f"{own[0]} and {other} were labelled by different people: a difference may be one of readers.",
            )
        return tuple(filter(None, (self._seen(first, second), self._apart(first, second))))

    def _seen(self, first: str, second: str) -> str:
        parts = []
        for corpus in (first, second):
            labels = [each for each in self.conditions if each.corpus == corpus]
            if seen := sum(not each.blind for each in labels):
                parts.append(f"{seen:,} of {len(labels):,} labels of {corpus}")
        if not parts:
            return ""
        return (
            f"Not blind: {' and '.join(parts)} were given with the corpus in sight, so expectation may show."
        )

    def _apart(self, first: str, second: str) -> str:
        labels = apart = 0
        for _, sequence in _by_annotator(self.conditions):
            rows = _rows(each.corpus for each in sequence if each.corpus in (first, second))
            labels += sum(rows)
            apart += sum(row for row in rows if row > MAX_RUN)
        if apart <= STRAYS * labels:
            return ""
        return (
            f"Not interleaved: {apart:,} of {labels:,} labels were given more than {MAX_RUN} in a row to one "
            f"corpus, so a drift of the reader may show."
        )


def _by_annotator(given: Sequence[LabelConditions]) -> list[tuple[str, list[LabelConditions]]]:
    ordered = sorted(given, key=lambda each: each.annotator)
    return [(name, list(each)) for name, each in groupby(ordered, key=lambda each: each.annotator)]


def _rows(corpora: Iterable[str]) -> list[int]:
    """Lengths of the runs of one corpus."""
    return [sum(1 for _ in run) for _, run in groupby(corpora)]
