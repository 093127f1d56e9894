"""The plan of a study: its seed and corpora, enough for anyone to draw the same documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from corpuscope.domain.corpus import Corpus, TextColumn, is_content
from corpuscope.domain.mix import Mix
from corpuscope.errors import PlanError

if TYPE_CHECKING:  # few plans have an assignment
    from corpuscope.sampling.assignment import Assignment

ALL = 2**31 - 1
"""Number of labels planned for a corpus that is labelled whole, until it is opened and its size is known."""

ORDER_VERSION = 3
"""Version of a new plan's queue order: 3 permutes the whole plan, and what is left of it anew when it is changed.

2 permuted the whole plan, but documents added to one corpus came alone. 1 permuted short blocks.
"""

_CORPUS_FIELDS = ("path", "paths", "name", "split", "files", "requested", "text", "in_order", "census")

_DESIGN = ("in_order", "census")
"""Fields that the command line can only ask for: without the option, what is planned goes on."""

_PLACE = ("path", "paths")
"""Fields that say where a local corpus is, and not what it is."""


class Replanned(NamedTuple):
    """A number of planned labels that was replaced after labelling began."""

    target: int
    """Labels planned until then."""
    labels: int
    """Labels that were given by then."""
    at: str = ""
    """UTC time of the change in ISO format; "" in plans of earlier versions, which did not record it."""


class QueueBlock(NamedTuple):
    """A part of the queue that ends where the plan was changed; the documents of one part are permuted together."""

    ends: Mapping[str, int]
    """Documents of each corpus, by key, that belong to this part or an earlier one."""
    planned: Mapping[str, int]
    """Documents of each corpus that the order of this part was drawn for, the earlier ones included."""
    mix: str = ""
    """Name of the mix that the documents of this part were divided for; "" for the plan itself."""


@dataclass(frozen=True, slots=True)
class PlannedCorpus:
    """One corpus of a study and what is planned for it."""

    corpus: Corpus
    """Location of the corpus and how its rows become text."""
    target: int = 200
    """Number of labels planned."""
    blind: bool = False
    """True when name, urls and scores are hidden until a category is chosen."""
    revision: str | None = None
    """The pinned commit, or a digest of local files; None until the corpus was first opened."""
    replanned: tuple[Replanned, ...] = ()
    """Each target replaced after labelling began, since statistical tests assume a sample size fixed beforehand."""
    documents: int | None = None
    """Documents of the corpus at its revision; None when not known, or when not all of them can be drawn."""

    @property
    def labels(self) -> int:
        """Number of labels planned, at most one for each document of the corpus."""
        return self.target if self.documents is None else min(self.target, self.documents)

    @property
    def identifying_fields(self) -> tuple[str, ...]:
        """Fields in which another corpus of the same key must agree; a place counts where it once was the identity."""
        is_by_content = self.corpus.kind == "local" and (not self.revision or is_content(self.revision))
        return tuple(name for name in _CORPUS_FIELDS if not (is_by_content and name in _PLACE))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a study draws, as stored in labels/plan.json. Changes return a new plan; `save_plan` writes it."""

    seed: int
    """The seed which, with a corpus's revision, determines every draw; from 0 to 2**64 - 1."""
    corpora: Mapping[str, PlannedCorpus] = field(default_factory=lambda: MappingProxyType({}))
    """Corpora by key, in the order in which they were added."""
    scheme: str = ""
    """Hash of the category scheme the plan was made for; "" when unknown."""
    second_looks: int | None = None
    """Percent of the labelled documents that are shown a second time, blind; None when undecided."""
    assignment: Assignment | None = None
    """The assignment of documents to annotators; None when all annotators label the same documents."""
    order: int = ORDER_VERSION
    """Version of the queue's order; plans of earlier versions keep 1, in which the next corpus can be guessed."""
    mixes: Mapping[str, Mix] = field(default_factory=lambda: MappingProxyType({}))
    """Mixtures of corpora by name; they decide no draw."""
    blocks: tuple[QueueBlock, ...] = ()
    """Parts of the queue in their order, without the last one, which holds what else is planned."""

    def with_mix(self, name: str, mix: Mix | None) -> Plan:
        """Return the plan with this mix under a name, in place of any other; None removes it."""
        mixes = {other: kept for other, kept in self.mixes.items() if other != name}
        return replace(self, mixes=MappingProxyType(mixes if mix is None else mixes | {name: mix}))

    @property
    def is_replanned(self) -> bool:
        """Whether a number of planned labels was replaced after labelling began."""
        return any(planned.replanned for planned in self.corpora.values())

    @property
    def order_kept(self) -> int:
        """Version of the queue's order that tells how its documents came: one never changed came as in version 3."""
        return ORDER_VERSION if self.order == ORDER_VERSION - 1 and not self.is_replanned else self.order

    def blocks_of(self, annotator: str) -> tuple[QueueBlock, ...]:
        """Return the parts of the queue, counted in the documents that are assigned to this annotator."""
        if self.assignment is None:
            return self.blocks
        draws = {
            key: self.assignment.annotator_draws(self.seed, key, annotator)
            for block in self.blocks
            for key in (*block.ends, *block.planned)
        }
        return tuple(
            block._replace(
                ends={key: draws[key].size(end) for key, end in block.ends.items()},
                planned={key: draws[key].size(count) for key, count in block.planned.items()},
            )
            for block in self.blocks
        )

    def with_seed(self, seed: int) -> Plan:
        """Return the plan with another seed. Raises PlanError once a corpus was opened and its draws are fixed."""
        if any(planned.revision for planned in self.corpora.values()):
            raise _disagreement("seed", self.seed, seed)
        return replace(self, seed=seed)

    def with_corpus(self, corpus: Corpus, *, target: int | None = None, blind: bool | None = None) -> Plan:
        """Return the plan with this corpus: added when new, checked against the plan otherwise.

        None as `target` or `blind` accepts what is planned. A local corpus that is its content may be in another
        place, which is then the plan's. Raises PlanError naming the first field that differs from the plan.
        """
        planned = self.corpora.get(corpus.key)
        if planned is None:
            new = PlannedCorpus(corpus)
            return self._with(replace(new, target=target or new.target, blind=bool(blind)))
        fields = planned.identifying_fields
        values = {name: (getattr(planned.corpus, name), getattr(corpus, name)) for name in fields}
        values |= {"target": (planned.target, target or planned.target)}
        values |= {"blind": (planned.blind, planned.blind if blind is None else blind)}
        if planned.corpus.census:  # its target is what there is
            del values["target"]
        for name, (planned_value, value) in values.items():
            if planned_value != value and not (name in _DESIGN and value is False):
                hint = _HINTS.get(name, _GO_ON).format(key=corpus.key, value=value)
                raise _disagreement(f"corpora.{corpus.key}.{name}", planned_value, value, hint)
        changes: dict[str, Any] = {}
        if not planned.corpus.is_at(corpus):
            changes = {name: getattr(corpus, name) for name in (*_PLACE, "folder", "title")}
        if corpus.tokens is not None:  # which column counts tokens decides no draw
            changes["tokens"] = corpus.tokens
        counted = replace(planned.corpus, **changes)
        return self if counted == planned.corpus else self._with(replace(planned, corpus=counted))

    def with_places_of(self, other: Plan) -> Plan:
        """Return the plan with every corpus where `other` has it."""
        moved = (
            replace(planned, corpus=other.corpora[key].corpus)
            for key, planned in self.corpora.items()
            if key in other.corpora and not planned.corpus.is_at(other.corpora[key].corpus)
        )
        plan = self
        for planned in moved:
            plan = plan._with(planned)
        return plan

    def with_revision(self, key: str, revision: str, documents: int | None = None, uniform: str = "") -> Plan:
        """Return the plan with a corpus pinned to `revision`; one that is pinned already keeps its revision.

        `documents` is its size at that revision, None when not known, and `uniform` says what is uniform in a
        sample of its files.
        """
        planned = self.corpora[key]
        if planned.revision == revision and planned.documents is None and documents is not None:
            return self._with(replace(planned, documents=documents))
        if planned.revision:
            return self
        corpus = replace(planned.corpus, uniform=uniform)
        target = documents if corpus.census and documents else planned.target
        return self._with(
            replace(planned, corpus=corpus, revision=revision, documents=documents, target=target)
        )

    def ordered(self, keys: Sequence[str]) -> Plan:
        """Return the plan with its corpora in the order of `keys`, followed by the others."""
        first = {key: self.corpora[key] for key in keys if key in self.corpora}
        return replace(self, corpora=MappingProxyType(first | dict(self.corpora)))

    def with_target(
        self,
        key: str,
        target: int,
        labelled: int,
        at: str = "",
        decided: Mapping[str, int] = MappingProxyType({}),
    ) -> Plan:
        """Return the plan with another number of labels planned for a corpus that has `labelled` labels already.

        Once there are labels the former target is recorded with the time `at`, since a verdict assumes a sample
        size fixed in advance. `decided` counts the documents of every corpus that were shown by then: what is left of
        the plan is permuted anew as one part of the queue.
        """
        planned = self.corpora[key]
        if target == planned.target:
            return self
        replaced = (Replanned(planned.target, labelled, at),) if labelled else ()
        plan: Plan = self._with_part_ended(decided) if _exceeds(decided, self.last_end) else self
        return plan._with(replace(planned, target=target, replanned=planned.replanned + replaced))

    def with_mix_block(self, mix: str, further: Mapping[str, int], decided: Mapping[str, int]) -> Plan:
        """Return the plan with a part of the queue for a mix, which begins now: `further` documents of each corpus.

        `decided` counts the documents of every corpus that were shown already. Parts that had not begun are dropped,
        and what was planned before follows.
        """
        plan: Plan = self._with_part_ended(decided)
        starts = dict(plan.last_end) | dict(decided)
        ends = {key: starts.get(key, 0) + further.get(key, 0) for key in {**starts, **further}}
        return replace(plan, blocks=(*plan.blocks, QueueBlock(ends, ends, mix)))

    def mix_block(self, decided: Mapping[str, int]) -> QueueBlock | None:
        """Return the last part of the queue that belongs to a mix and is not through; None when there is none."""
        if not self.blocks or not self.blocks[-1].mix:
            return None
        block = self.blocks[-1]
        return block if any(decided.get(key, 0) < end for key, end in block.ends.items()) else None

    @property
    def last_end(self) -> Mapping[str, int]:
        """Documents of each corpus that belong to a part of the queue before the last."""
        return self.blocks[-1].ends if self.blocks else MappingProxyType({})

    def _with_part_ended(self, decided: Mapping[str, int]) -> Plan:
        """Return the plan with the part of the queue that is being read ended at the documents shown so far."""
        if self.order == 1:  # its corpora come in turns, whatever is planned
            return self
        blocks = list(self.blocks)
        ended = QueueBlock({}, {key: planned.labels for key, planned in self.corpora.items()})
        while blocks and _exceeds(blocks[-1].ends, decided):
            ended = blocks.pop()
        earlier = blocks[-1].ends if blocks else {}
        if _exceeds(decided, earlier):
            blocks.append(ended._replace(ends=dict(decided)))
        return replace(self, blocks=tuple(blocks), order=self.order_kept)

    def with_terms(self, *, second_looks: int | None = None, assignment: Assignment | None = None) -> Plan:
        """Return the plan with these terms; None leaves a term as it is.

        The percentage of second looks may change at any time, since it does not affect which documents are
        drawn. The assignment may not: raises PlanError naming the term that differs from the plan.
        """
        for name, planned, requested in (
            (
                "annotators",
                self.assignment and set(self.assignment.annotators),
                assignment and set(assignment.annotators),
            ),
            ("overlap", self.assignment and self.assignment.overlap, assignment and assignment.overlap),
        ):
            if None not in (planned, requested) and planned != requested:
                raise _disagreement(name, planned, requested)
        if second_looks in (None, self.second_looks) and (assignment is None or self.assignment is not None):
            return self
        return replace(
            self,
            second_looks=self.second_looks if second_looks is None else second_looks,
            assignment=self.assignment or assignment,
        )

    def target_of(self, key: str, annotator: str) -> int:
        """Return the number of labels planned for a corpus among the draws assigned to this annotator."""
        target = self.corpora[key].labels
        return (
            self.assignment.annotator_draws(self.seed, key, annotator).size(target)
            if self.assignment
            else target
        )

    def with_revision_of(self, theirs: PlannedCorpus) -> Plan:
        """Return the plan with a corpus pinned as in another plan; one that is pinned already keeps its revision."""
        ours = self.corpora[theirs.corpus.key]
        frame = ours.corpus.frame if ours.revision else theirs.corpus.frame
        plan = self._with(replace(ours, corpus=replace(ours.corpus, frame=frame)))
        return plan.with_revision(
            theirs.corpus.key, theirs.revision or "", theirs.documents, theirs.corpus.uniform
        )

    def joined(self, other: Plan, where: str) -> Plan:
        """Return this plan with the corpora and pinned revisions of `other`, the plan in the file `where`.

        This plan's targets and mixes stay, and so do second looks and annotators when they are decided. Raises
        PlanError naming the first field in which the two plans would draw different documents.
        """
        if other.seed != self.seed:
            raise _different("seed", self.seed, other.seed, where)
        joined: Plan = self.with_terms(
            second_looks=other.second_looks if self.second_looks is None else None,
            assignment=None if self.assignment else other.assignment,
        )
        for key, theirs in other.corpora.items():
            ours = joined.corpora.get(key)
            if ours is None:
                joined = joined._with(theirs)
                continue
            for name in ours.identifying_fields:
                values = getattr(ours.corpus, name), getattr(theirs.corpus, name)
                if values[0] != values[1]:
                    raise _different(f"corpora.{key}.{name}", *values, where)
            if ours.revision and theirs.revision and ours.revision != theirs.revision:
                raise _different(f"corpora.{key}.revision", ours.revision, theirs.revision, where)
            frames = ours.corpus.frame, theirs.corpus.frame
            if (
                ours.revision
                and theirs.revision
                and frames[0] != frames[1]
                and ours.documents != theirs.documents
            ):
                raise _different(f"corpora.{key}.frame", *frames, where)
            if theirs.revision:
                joined = joined.with_revision_of(theirs)
        mixes = MappingProxyType(dict(other.mixes) | dict(self.mixes))
        return replace(joined, order=min(self.order_kept, other.order_kept), mixes=mixes)

    def _with(self, planned: PlannedCorpus) -> Plan:
        corpora = dict(self.corpora) | {planned.corpus.key: planned}
        return replace(self, corpora=MappingProxyType(corpora))


def _exceeds(counts: Mapping[str, int], others: Mapping[str, int]) -> bool:
    """Tell whether a corpus has more documents in `counts` than in `others`."""
    return any(count > others.get(key, 0) for key, count in counts.items())


_GO_ON = "leave it out to go on with the plan, or choose another labels folder"
_HINTS = {
    "path": "give this one a name of its own (NAME=PATH), or choose another labels folder",
    "in_order": "the planned documents are a random sample: give these a name of their own (NAME=PATH)",
    "census": "the planned documents are a random sample: give these a name of their own (NAME=PATH)",
    "target": f"{_GO_ON}; to change it on purpose: corpuscope plan {{key}} -n {{value}}",
}
"""What to do when plan and command line disagree, by the name of the field."""


def _disagreement(field: str, planned: object, requested: object, hint: str = _GO_ON) -> PlanError:
    return PlanError(
        f"plan.json says {field} is {_shown(planned)}, but {_shown(requested)} was asked for",
        hint,
    )


def _different(field: str, ours: object, theirs: object, where: str) -> PlanError:
    return PlanError(
        f"plan.json says {field} is {_shown(ours)}, but {where} says {_shown(theirs)}",
        "the two drew different documents and cannot become one study; nothing was changed",
    )


def _shown(value: object) -> str:
    match value:
        case None:
            return "not set"
        case bool():
            return "on" if value else "off"
        case tuple():
            return ",".join(map(_shown, value))
        case TextColumn():
            return f"{value.title}={value.column}"
        case set():
            return ", ".join(sorted(value))
        case _:
            return str(value)
