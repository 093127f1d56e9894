"""The labelling protocol: whether labels were given blind and interleaved, so that corpora can be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from types import MappingProxyType
from typing import Self

from corpuscope.domain.category import CategoryScheme
from corpuscope.ledger.read.decisions import Decision, Decisions
from corpuscope.sampling.plan import ORDER_VERSION, Plan
from corpuscope.sampling.queue_order import parts_of
from corpuscope.text.quantities import quantity

MAX_RUN = 10
"""Longest run of labels of one corpus at which two corpora count as interleaved; a queue makes runs of at most 2."""
STRAYS = 0.1
"""Fraction of labels that may lie in longer runs, since a label that is changed later moves to the end."""


@dataclass(frozen=True, slots=True)
class LabelConditions:
    """The conditions under which one label was given."""

    corpus: str
    """Key of the corpus."""
    annotator: str
    """Name of the annotator."""
    blind: bool
    """True when corpus, url and scores were hidden until the label was given."""


@dataclass(frozen=True, slots=True)
class LabellingProtocol:
    """The conditions under which the labels of a ledger were given."""

    conditions: tuple[LabelConditions, ...]
    """One entry per first look that counts as a label, in the order of the decisions."""
    order: int = ORDER_VERSION
    """Version of the queue's order."""
    is_replanned: bool = False
    """True when a number of planned labels was replaced after labelling began."""
    alone: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Number of the first document of each corpus whose further documents come without those of others, from 0."""

    @classmethod
    def of(
        cls,
        decisions: Decisions,
        scheme: CategoryScheme,
        annotator: str | None = None,
        plan: Plan | None = None,
    ) -> Self:
        """Collect the conditions of this annotator's labels, or of all labels where `annotator` is None.

        A label that replaced a blind one was given with the document disclosed, so it does not count as blind; one
        that was only marked as unsure was given before.
        """
        corrected = decisions.blind_first_answers(scheme)
        plan = plan or Plan(0)
        return cls(
            tuple(
                LabelConditions(
                    decision.corpus,
                    decision.annotator,
                    decision.blind and _is_first_answer(decision, corrected.get(decision.event_id)),
                )
                for decision in decisions.recent(annotator)
                if decision.look == 1 and decision.category is not None and scheme.today(decision.category)
            ),
            plan.order,
            plan.is_replanned,
            documents_alone(plan),
        )

    def warnings(self, first: str, second: str) -> tuple[str, ...]:
        """List reasons to doubt a comparison of these corpora; one without labels is taken for a published one."""
        labelled = {label.corpus for label in self.conditions}
        own = [corpus for corpus in (first, second) if corpus in labelled]
        if not own:
            return (f"Nobody recorded whether {first} and {second} were labelled interleaved and blind.",)
        if len(own) == 1:
            other = second if own[0] == first else first
            return (
                f"{own[0]} and {other} were labelled by different people: a difference may be one of readers.",
            )
        doubts = (
            self._not_blind(first, second),
            self._guessable(first, second),
            self._not_interleaved(first, second),
        )
        return tuple(filter(None, doubts))

    def _guessable(self, first: str, second: str) -> str:
        blind = Counter(label.corpus for label in self.conditions if label.blind)
        if not {first, second} <= blind.keys():
            return ""
        if self.order == 1:
            return (
                "Guessable: the plan is of an earlier version, whose queue holds every corpus once in each short "
                "block, so the corpus of the next document could often be guessed."
            )
        if self.order == 2 and self.is_replanned:
            return (
                "Guessable: an earlier version changed the plan, and showed what it added to one corpus without the "
                "others, so the corpus of those documents could be guessed."
            )
        alone = [key for key in (first, second) if key in self.alone and blind[key] > self.alone[key]]
        if alone:
            return (
                f"Guessable: documents were added to {' and '.join(alone)} alone after those of the others were read, "
                "so the corpus of these could be guessed."
            )
        return ""

    def _not_blind(self, first: str, second: str) -> str:
        parts = []
        for corpus in (first, second):
            labels = [label for label in self.conditions if label.corpus == corpus]
            if not_blind := sum(not label.blind for label in labels):
                parts.append(f"{not_blind:,} of {quantity(len(labels), 'label')} of {corpus}")
        if not parts:
            return ""
        return f"Not blind: the corpus was in sight for {' and '.join(parts)}, so expectation may show."

    def _not_interleaved(self, first: str, second: str) -> str:
        labels = in_long_runs = 0
        for sequence in _by_annotator(self.conditions):
            runs = _run_lengths(label.corpus for label in sequence if label.corpus in (first, second))
            labels += sum(runs)
            in_long_runs += sum(run for run in runs if run > MAX_RUN)
        if in_long_runs <= STRAYS * labels:
            return ""
        return (
            f"Not interleaved: {in_long_runs:,} of {labels:,} labels were given in runs of more than {MAX_RUN} of one "
            f"corpus, so a drift of the reader may show."
        )


def _is_first_answer(label: Decision, replaced: Decision | None) -> bool:
    """Tell whether a label replaced no other one, or only marks it as unsure, which keeps its reading time."""
    if replaced is None:
        return True
    return label.reading_ms is not None and (label.category, label.reading_ms) == (
        replaced.category,
        replaced.reading_ms,
    )


def documents_alone(plan: Plan) -> dict[str, int]:
    """Return the corpora whose further documents come without those of others, with the number of the first one.

    They were added after the planned documents of all others were read, so whoever labels them knows the corpus.
    """
    parts = parts_of({key: planned.labels for key, planned in plan.corpora.items()}, plan.blocks)[:-1]
    alone: dict[str, int] = {}
    for part in parts[1:]:
        corpora = [key for key, end in part.ends.items() if end > part.starts[key]]
        if len(corpora) == 1 < len(part.ends):
            alone.setdefault(corpora[0], part.starts[corpora[0]])
    return alone


def _by_annotator(conditions: Sequence[LabelConditions]) -> list[list[LabelConditions]]:
    ordered = sorted(conditions, key=lambda label: label.annotator)
    return [list(labels) for _, labels in groupby(ordered, key=lambda label: label.annotator)]


def _run_lengths(corpora: Iterable[str]) -> list[int]:
    return [sum(1 for _ in run) for _, run in groupby(corpora)]
