"""The plan of a study: its seed and its corpora, enough for anyone to draw the same documents."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from corpuscope.domain.corpus import Corpus
from corpuscope.errors import PlanError

if TYPE_CHECKING:  # few plans divide anything
    from corpuscope.sampling.assignment import Assignment

_CORPUS_FIELDS = ("path", "name", "split", "files", "text")


@dataclass(frozen=True, slots=True)
class PlannedCorpus:
    """One corpus of a study."""

    corpus: Corpus
    """Where it is and how it is read."""
    target: int = 200
    """Labels planned."""
    blind: bool = False
    """True when its name, urls and scores are hidden until the key."""
    revision: str | None = None
    """The pinned commit, or digest of local files; None until it was opened once."""
    replanned: tuple[tuple[int, int], ...] = ()
    """Each target given up after labelling had begun, with the labels there were then: no test knows of it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a study draws, as kept in labels/plan.json. Changes give a new plan; `save_plan` writes it."""

    seed: int
    """Decides every draw, together with a corpus's revision; from 0 to 2**64 - 1."""
    corpora: Mapping[str, PlannedCorpus] = field(default_factory=lambda: MappingProxyType({}))
    """By corpus key, in the order they were added."""
    scheme: str = ""
    """Hash of the category scheme it was made for; "" when none was."""
    second_looks: int | None = None
    """Percent of the labelled documents that come a second time, blind; None when nothing was decided."""
    assignment: "Assignment | None" = None
    """Who labels what; None when everybody labels the same documents."""

    def with_seed(self, seed: int) -> "Plan":
        """The plan with another seed. Raises PlanError once a corpus was opened, since its draws follow from it."""
        if any(planned.revision for planned in self.corpora.values()):
            raise _disagreement("seed", self.seed, seed)
        return replace(self, seed=seed)

    def with_corpus(self, corpus: Corpus, *, target: int | None = None, blind: bool | None = None) -> "Plan":
        """The plan with this corpus: added when new, compared when known. None leaves a field as it is.

        Raises PlanError naming the first field in which the plan says something else.
        """
        known = self.corpora.get(corpus.key)
        if known is None:
            planned = PlannedCorpus(corpus)
            return self._with(replace(planned, target=target or planned.target, blind=bool(blind)))
        asked = {name: (getattr(known.corpus, name), getattr(corpus, name)) for name in _CORPUS_FIELDS}
        asked |= {"target": (known.target, target or known.target)}
        asked |= {"blind": (known.blind, known.blind if blind is None else blind)}
        for name, (planned_value, value) in asked.items():
            if planned_value != value:
                hint = _HINTS.get(name, _GO_ON).format(key=corpus.key, value=value)
                raise _disagreement(f"corpora.{corpus.key}.{name}", planned_value, value, hint)
        return self

    def with_revision(self, key: str, revision: str) -> "Plan":
        """The plan with the revision at which a corpus was first opened; one that is pinned stays."""
        planned = self.corpora[key]
        return self if planned.revision else self._with(replace(planned, revision=revision))

    def ordered(self, keys: Sequence[str]) -> "Plan":
        """The plan with the corpora in `keys` at their places there, and the others behind them."""
        first = {key: self.corpora[key] for key in keys if key in self.corpora}
        return replace(self, corpora=MappingProxyType(first | dict(self.corpora)))

    def with_target(self, key: str, target: int, labelled: int) -> "Plan":
        """The plan with another number of labels planned for a corpus, `labelled` of which are there already.

        What was planned before is kept once there are labels, since a verdict counts on a number fixed beforehand.
        """
        planned = self.corpora[key]
        if target == planned.target:
            return self
        before = ((planned.target, labelled),) if labelled else ()
        return self._with(replace(planned, target=target, replanned=planned.replanned + before))

    def with_terms(
        self, *, second_looks: int | None = None, assignment: "Assignment | None" = None
    ) -> "Plan":
        """The plan with these terms; None leaves one as it is.

        Another percentage of second looks draws the same documents and may be taken up at any time. Who labels
        what may not: raises PlanError naming what the plan says otherwise.
        """
        for name, planned, asked in (
            (
                "annotators",
                self.assignment and set(self.assignment.annotators),
                assignment and set(assignment.annotators),
            ),
            ("overlap", self.assignment and self.assignment.overlap, assignment and assignment.overlap),
        ):
            if None not in (planned, asked) and planned != asked:
                raise _disagreement(name, planned, asked)
        if second_looks in (None, self.second_looks) and (assignment is None or self.assignment is not None):
            return self
        return replace(
            self,
            second_looks=self.second_looks if second_looks is None else second_looks,
            assignment=self.assignment or assignment,
        )

    def target_of(self, key: str, annotator: str) -> int:
        """Labels planned for a corpus, of those draws that are this annotator's."""
        target = self.corpora[key].target
        return (
            self.assignment.annotator_draws(self.seed, key, annotator).size(target)
            if self.assignment
            else target
        )

    def joined(self, other: "Plan", where: str) -> "Plan":
        """This plan with the corpora and pinned revisions of `other`, the plan in the file `where`.

        Targets stay as they are here, and so do second looks and annotators where they are decided. Raises
        PlanError naming the first field in which the two would draw different documents.
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
            for name in _CORPUS_FIELDS:
                values = getattr(ours.corpus, name), getattr(theirs.corpus, name)
                if values[0] != values[1]:
                    raise _different(f"corpora.{key}.{name}", *values, where)
            if ours.revision and theirs.revision and ours.revision != theirs.revision:
                raise _different(f"corpora.{key}.revision", ours.revision, theirs.revision, where)
            if theirs.revision:
                joined = joined.with_revision(key, theirs.revision)
        return joined

    def _with(self, planned: PlannedCorpus) -> "Plan":
        corpora = dict(self.corpora) | {planned.corpus.key: planned}
        return replace(self, corpora=MappingProxyType(corpora))


def queue_order(seed: int, corpora: Collection[str], i: int) -> str:
    """Whose turn it is at place `i` of a queue through several corpora.

    Balanced blocks: every run of n places from a multiple of n holds each of the n corpora once, in an order
    the seed decides. The order in which `corpora` are given does not matter.
    """
    from corpuscope.sampling.keyed_random import permuted_block

    return permuted_block("corpuscope queue", seed, corpora, i)


_GO_ON = "leave it out to go on with the plan, or choose another labels folder"
_HINTS = {
    "path": "give this one a name of its own (NAME --path PATH), or choose another labels folder",
    "target": f"{_GO_ON}; to change it on purpose: corpuscope plan {{key}} -n {{value}}",
}
"""What to do about a field in which plan and command line disagree, by its name."""


def _disagreement(field: str, planned: object, asked: object, hint: str = _GO_ON) -> PlanError:
    return PlanError(
        f"plan.json says {field} is {_shown(planned)}, but {_shown(asked)} was asked for",
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
            return ",".join(f"{text.title}={text.column}" for text in value)
        case set():
            return ", ".join(sorted(value))
        case _:
            return str(value)
