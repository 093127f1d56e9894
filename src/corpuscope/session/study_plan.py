"""The plan of a labels folder: what a sitting asks for, held against it, and how far its corpora have come."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from corpuscope.config.settings import Paths, Settings
from corpuscope.corpora.known import KNOWN, uniformity
from corpuscope.corpora.parse import corpus_for
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import PlanError
from corpuscope.sampling.plan import Plan, PlannedCorpus
from corpuscope.sampling.plan_file import find_plan, load_plan, open_plan, save_plan

if TYPE_CHECKING:  # the list of corpora is shown before the ledger is read
    from corpuscope.ledger.read.decisions import Decisions
    from corpuscope.sampling.assignment import Assignment


@dataclass(frozen=True, slots=True)
class CorpusStatus:
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


def corpus_statuses(
    plan: Plan | None, decisions: "Decisions | None", scheme: CategoryScheme
) -> tuple[CorpusStatus, ...]:
    """Every corpus that is known or planned, known ones first; counted where `decisions` are given."""
    planned: dict[str, PlannedCorpus] = dict(plan.corpora) if plan else {}
    corpora = {key: known.corpus for key, known in KNOWN.items()}
    corpora |= {key: each.corpus for key, each in planned.items()}
    return tuple(
        CorpusStatus(
            corpus,
            decisions.documents(key, scheme) if decisions is not None else None,
            planned[key].target if key in planned else None,
            planned[key].revision if key in planned else None,
            uniformity(corpus),
        )
        for key, corpus in corpora.items()
    )


SECOND_LOOKS = 10
"""Percent of the labelled documents that come a second time in a planned study."""

OVERLAP = 20
"""Percent of the documents that everybody reads where annotators share them and nothing else was said."""


@dataclass(frozen=True, slots=True)
class StudyOptions:
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

    def assignment(self, plan: Plan | None) -> "Assignment | None":
        """Who labels what as asked for, None where nothing was.

        An overlap alone is held against the annotators of the plan. Raises PlanError where there are none.
        """
        planned = plan.assignment if plan else None
        if not self.annotators and self.overlap is None:
            return None
        if not self.annotators and planned is None:
            raise PlanError(
                "an overlap needs annotators who share the documents", "name them: --annotators ann,ben"
            )
        from corpuscope.sampling.assignment import Assignment

        annotators = self.annotators or (planned.annotators if planned else ())
        default = planned.overlap if planned else OVERLAP
        return Assignment(annotators, default if self.overlap is None else self.overlap)

    def apply_to(self, plan: Plan) -> Plan:
        """The plan with what was asked for. Raises PlanError where it says something else."""
        return plan.with_terms(second_looks=self.second_looks, assignment=self.assignment(plan))


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


DEMO_TARGETS = {"demo-synth": 12}

DEMO_TARGET = 40
"""Labels planned for the bundled corpora, which hold little more."""


class StudyPlan:
    """Reads and writes plan.json for one annotator. Methods may block on the disk."""

    def __init__(self, paths: Paths, settings: Settings, scheme: CategoryScheme, annotator: str) -> None:
        self.paths = paths
        self.settings = settings
        self.scheme = scheme
        self.annotator = annotator
        self._plan_lock = Lock()
        self._blind: bool | None = None
        self._options = StudyOptions()
        self._current = Plan(0)

    @property
    def plan_path(self) -> Path:
        """Where the plan is kept."""
        return self.paths.labels / "plan.json"

    def plan(self) -> Plan | None:
        """The plan, None before the first use. Raises PlanError when it is damaged."""
        return find_plan(self.plan_path, self.paths.cache)

    def plan_corpora(
        self,
        names: Sequence[str],
        *,
        path: str | None = None,
        name: str | None = None,
        split: str | None = None,
        text: str | None = None,
        target: int | None = None,
        seed: int | None = None,
        second_looks: int | None = None,
        annotators: Sequence[str] = (),
        overlap: int | None = None,
    ) -> tuple[Corpus, ...]:
        """The corpora meant by `names`, checked against the plan; nothing is written yet.

        A name the plan knows needs no further options. What the last five mean is said in `StudyOptions`. Raises
        CorpusError and PlanError.
        """
        plan = self.plan()
        own = {key: planned.corpus for key, planned in plan.corpora.items()} if plan else {}
        plain = not any((path, name, split, text))
        chosen = tuple(
            own[each]
            if plain and each in own
            else corpus_for(each, path=path, name=name, split=split, text=text)
            for each in dict.fromkeys(names)
        )
        self._options = StudyOptions(target, seed, second_looks, tuple(annotators), overlap)
        checked = plan or Plan(seed or 0)
        if plan and seed is not None:
            open_plan(self.plan_path, seed=seed, cache=self.paths.cache)
        for corpus in chosen:
            if corpus.kind == "local" and corpus.key not in own:
                from corpuscope.corpora.local_files import check_path_exists

                check_path_exists(corpus.path)  # a mistyped name leaves no plan behind
            checked = checked.with_corpus(corpus, target=target)
        self._options.apply_to(checked)
        return chosen

    def check_annotator(self) -> None:
        """Raises PlanError when the documents are divided, by the plan or as asked, among others than this one."""
        plan = self.plan()
        if assignment := (plan.assignment if plan else None) or self._options.assignment(plan):
            assignment.check(self.annotator)

    def ensure_planned(self, corpora: Sequence[Corpus]) -> Plan:
        """The plan with these corpora; its seed is on disk then, the rest once every new corpus is pinned.

        A mistyped corpus thus leaves no trace. Raises PlanError.
        """
        with self._plan_lock:
            before = open_plan(
                self.plan_path, seed=self._options.seed, scheme=self.scheme.hash, cache=self.paths.cache
            )
            blind = len(corpora) > 1 if self._blind is None else self._blind
            plan = self._options.apply_to(before)
            if blind and is_study(corpora) and plan.second_looks is None:
                plan = plan.with_terms(second_looks=SECOND_LOOKS)
            for corpus in corpora:
                new = corpus.key not in plan.corpora
                target = self._options.target or self._default_target(plan, corpus)
                plan = plan.with_corpus(corpus, target=target, blind=blind if new else None)
            if plan != before and all(plan.corpora[corpus.key].revision for corpus in corpora):
                save_plan(plan, self.plan_path)
            self._current = plan
            return plan

    def pin_revision(self, planned: PlannedCorpus, revision: str) -> None:
        """Writes a corpus and the revision it was first opened at into the plan; one that is pinned stays.

        Raises PlanError when somebody took up another seed since `planned`, under which it draws other documents.
        """
        with self._plan_lock:
            before, key = load_plan(self.plan_path, self.paths.cache), planned.corpus.key
            if before.seed != self._current.seed:
                raise PlanError(
                    f"plan.json was given seed {before.seed} while {key} was opened with {self._current.seed}",
                    "nothing was drawn yet: start again to go on with that seed",
                )
            blind = None if key in before.corpora else planned.blind
            plan = before.with_corpus(planned.corpus, target=planned.target, blind=blind)
            plan = plan.with_revision(key, revision)
            if plan is not before:
                plan = plan.with_terms(
                    second_looks=self._current.second_looks, assignment=self._current.assignment
                )
                # feeds open in any order; tables follow the one in which the corpora were named
                save_plan(plan.ordered(tuple(self._current.corpora)), self.plan_path)

    def _default_target(self, plan: Plan, corpus: Corpus) -> int | None:
        if corpus.key in plan.corpora:
            return None
        return DEMO_TARGETS.get(corpus.key, DEMO_TARGET) if corpus.kind == "demo" else self.settings.target
