"""The study plan of a labels folder: its options, corpora and their status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from corpuscope.config.settings import Paths
from corpuscope.corpora.known import KNOWN, uniformity
from corpuscope.corpora.parse import STDIN, UNDESCRIBED, CorpusOptions, corpora_for, relative_to
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.corpus import Corpus, is_content
from corpuscope.domain.mix import Mix, is_mix_name
from corpuscope.errors import CorpusError, PlanError, nearest
from corpuscope.sampling.plan import ALL, Plan, PlannedCorpus
from corpuscope.sampling.plan_file import find_plan, load_plan, open_plan, save_plan
from corpuscope.session.pace import PACE_LABELS, median_seconds

if TYPE_CHECKING:  # the list of corpora appears before the ledger is read
    from datetime import datetime

    from corpuscope.ledger.read.decisions import Decisions
    from corpuscope.sampling.assignment import Assignment


class CorpusStatus(NamedTuple):
    """The status of one corpus, as the list of corpora shows it."""

    corpus: Corpus
    """The corpus."""
    labelled: int | None
    """Number of documents labelled by any annotator, second looks excluded; None before the ledger is read."""
    target: int | None
    """Number of labels planned; None when the corpus is not in the plan."""
    revision: str | None
    """The pinned commit or digest; None before the corpus is first opened."""
    uniform: str
    """Statement on the uniformity of a sample of the corpus."""
    pace: float | None = None
    """Median seconds per label of the annotator's last labels; None before the third."""
    last_used: datetime | None = None
    """Time of the annotator's last decision, UTC; None without one."""


def corpus_statuses(
    plan: Plan | None, decisions: Decisions | None, scheme: CategoryScheme, annotator: str = ""
) -> tuple[CorpusStatus, ...]:
    """Return the status of every known or planned corpus, known first.

    `decisions` add the counts, and pace and last use by `annotator`.
    """
    planned: dict[str, PlannedCorpus] = dict(plan.corpora) if plan else {}
    corpora = {key: entry.corpus for key, entry in KNOWN.items()}
    corpora |= {key: entry.corpus for key, entry in planned.items()}

    def status(key: str, corpus: Corpus) -> CorpusStatus:
        recent = decisions.recent(annotator, PACE_LABELS, key) if decisions and key in planned else []
        return CorpusStatus(
            corpus,
            decisions.documents(key, scheme) if decisions is not None else None,
            planned[key].labels if key in planned else None,
            planned[key].revision if key in planned else None,
            uniformity(corpus),
            median_seconds(decision.reading_ms for decision in recent),
            recent[-1].at if recent else None,
        )

    return tuple(status(key, corpus) for key, corpus in corpora.items())


SECOND_LOOKS = 10
"""Default percentage of the labelled documents that get a second look in a planned study."""

OVERLAP = 20
"""Default percentage of the documents that all annotators label when they share the work."""


class StudyOptions(NamedTuple):
    """Options of the command line for the plan; None means the value of the plan, or else the default."""

    target: int | None = None
    """Number of labels planned for each corpus."""
    seed: int | None = None
    """Seed of the sampling plan."""
    second_looks: int | None = None
    """Percentage of the labelled documents that get a second look."""
    annotators: tuple[str, ...] = ()
    """Annotators who share the documents; empty when every annotator labels all of them."""
    overlap: int | None = None
    """Percentage of the documents that all of them label."""

    def assignment(self, plan: Plan | None) -> Assignment | None:
        """Return the assignment that the options ask for; None without such an option.

        An overlap alone applies to the annotators of the plan. Raises PlanError when the plan has none.
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
        """Return the plan with the options applied. Raises PlanError when it contradicts them."""
        return plan.with_terms(second_looks=self.second_looks, assignment=self.assignment(plan))


NO_OPTIONS = StudyOptions()
"""Everything as the plan has it."""


class StudyRequest(NamedTuple):
    """What a run was asked to label."""

    corpora: tuple[Corpus, ...] = ()
    """The corpora."""
    options: StudyOptions = NO_OPTIONS
    """Its options for the plan."""
    blind: bool | None = None
    """Whether corpus, url and scores are hidden; None leaves that to the plan."""


ANY_CORPUS = StudyRequest()
"""Nothing yet: the list of corpora lets the annotator choose."""


def is_study(corpora: Sequence[Corpus]) -> bool:
    """Return whether these corpora together are a planned study: several, and not only demo corpora."""
    return len(corpora) > 1 and any(corpus.kind != "demo" for corpus in corpora)


def is_blind(corpora: Sequence[Corpus], plan: Plan, override: bool | None) -> bool:
    """Return whether corpus, url and scores are hidden.

    `override` decides unless it is None. Otherwise they are hidden for several corpora, for a plan with
    second looks, which draw or url would give away, and for corpora that the plan says are blind.
    """
    if override is not None:
        return override
    return (
        len(corpora) > 1
        or bool(plan.second_looks)
        or any(plan.corpora[corpus.key].blind for corpus in corpora)
    )


def named_mix(plan: Plan | None, name: str) -> Mix:
    """Return the mix that the plan keeps under this name. Raises PlanError, which lists the names."""
    mixes = plan.mixes if plan else {}
    if name not in mixes:
        hint = nearest(name, mixes) if mixes else "keep one: corpuscope mix c4=30 fineweb=70 --save NAME"
        raise PlanError(f"the plan has no mix called {name!r}", hint)
    return mixes[name]


def shown_documents(plan: Plan, decisions: Decisions) -> dict[str, int]:
    """Count the documents of each planned corpus up to the last one that an annotator decided on."""
    draws = {
        key: [draw for name in decisions.annotators(key) for draw in decisions.draws(key, name)]
        for key in plan.corpora
    }
    return {key: max(numbers) + 1 for key, numbers in draws.items() if numbers}


DEMO = ("demo-crawl", "demo-filtered", "demo-edu")
"""Keys of the demo corpora that are labelled as one queue when none is named, and for practice."""

DEMO_TARGETS = {"demo-synth": 12}
"""Numbers of labels planned for demo corpora that hold fewer than DEMO_TARGET documents."""

DEMO_TARGET = 40
"""Number of labels planned for a demo corpus, which holds few more documents."""


class StudyPlan:
    """The plan.json of a labels folder, for one annotator. Methods that read or write it block."""

    def __init__(self, paths: Paths, scheme: CategoryScheme, annotator: str, target: int) -> None:
        """Plan in `paths.labels`; `target` is the number of labels planned for a corpus by default."""
        self.path = paths.labels / "plan.json"
        """Path of plan.json."""
        self._cache = paths.cache
        self._scheme = scheme
        self._annotator = annotator
        self._target = target
        self._lock = Lock()

    def read(self) -> Plan | None:
        """Read the plan; None before the first use. Raises PlanError when it is damaged."""
        return find_plan(self.path)

    def request(
        self,
        names: Sequence[str],
        *,
        described: CorpusOptions = UNDESCRIBED,
        options: StudyOptions = NO_OPTIONS,
        blind: bool | None = None,
    ) -> StudyRequest:
        """Resolve `names` to corpora and check the options against the plan; nothing is written yet.

        `described` says what the corpora are; a name in the plan needs no description. Raises CorpusError and
        PlanError.
        """
        plan = self.read()
        planned_corpora = {key: planned.corpus for key, planned in plan.corpora.items()} if plan else {}
        folder = self.path.parent.parent
        corpora = tuple(
            replace(
                relative_to(self._piped(corpus), folder), frame=planned_corpora.get(corpus.key, corpus).frame
            )
            for corpus in corpora_for(names, planned_corpora, described)
        )
        if options.target is not None and any(corpus.census for corpus in corpora):
            raise PlanError(
                "all documents are planned, so -n has no meaning", "leave out -n, or --all and --in-order"
            )
        checked = plan or Plan(options.seed or 0)
        if options.seed is not None and options.seed != checked.seed:
            checked = checked.with_seed(options.seed)
        for corpus in corpora:
            if corpus.kind == "local" and corpus.key not in planned_corpora:
                from corpuscope.corpora.local_files import check_paths_exist

                check_paths_exist(corpus)  # a mistyped name leaves no plan behind
            checked = checked.with_corpus(corpus, target=options.target)
        options.apply_to(checked)
        return StudyRequest(corpora, options, blind)

    def _piped(self, corpus: Corpus) -> Corpus:
        """Return a corpus that is piped into the command as one of a copy; any other as it is."""
        if corpus.path != STDIN:
            return corpus
        from corpuscope.corpora.remote_files import copy_standard_input

        return replace(corpus, path=str(copy_standard_input(self._cache / "local")))

    def check_annotator(self, study: StudyRequest) -> None:
        """Raise PlanError when the plan or the options assign the documents only to other annotators."""
        plan = self.read()
        if assignment := (plan.assignment if plan else None) or study.options.assignment(plan):
            assignment.check(self._annotator)

    def ensure_planned(self, study: StudyRequest) -> Plan:
        """Return the plan with the corpora of a study.

        The seed is written now, the rest once every new corpus is pinned, so that a mistyped corpus leaves no
        trace. Raises PlanError.
        """
        corpora, options = study.corpora, study.options
        with self._lock:
            before = open_plan(self.path, seed=options.seed, scheme=self._scheme.hash)
            blind = len(corpora) > 1 if study.blind is None else study.blind
            plan = options.apply_to(before)
            if blind and is_study(corpora) and plan.second_looks is None:
                plan = plan.with_terms(second_looks=SECOND_LOOKS)
            for corpus in corpora:
                new = corpus.key not in plan.corpora
                target = options.target or self._default_target(plan, corpus)
                plan = plan.with_corpus(corpus, target=target, blind=blind if new else None)
            # a corpus in another place counts as moved once its content was compared
            unmoved = plan.with_places_of(before)
            if unmoved != before and all(plan.corpora[corpus.key].revision for corpus in corpora):
                save_plan(unmoved, self.path)
            return plan

    def pin_revision(
        self, agreed: Plan, key: str, revision: str, documents: int | None = None, uniform: str = ""
    ) -> str:
        """Write a corpus of `agreed` into plan.json with the revision it was opened at, and its size if known.

        `uniform` says what is uniform in a sample of its files. A pinned revision stays. Return a sentence when the
        corpus is new to the plan, but another one has the same files; "" otherwise. Raises PlanError when plan.json
        was given another seed than `agreed`: it draws other documents.
        """
        planned = agreed.corpora[key]
        with self._lock:
            before = load_plan(self.path)
            if before.seed != agreed.seed:
                raise PlanError(
                    f"plan.json got the seed {before.seed} while {key} was being opened with {agreed.seed}",
                    "nothing was drawn yet: start again to use that seed",
                )
            blind = None if key in before.corpora else planned.blind
            plan = before.with_corpus(planned.corpus, target=planned.target, blind=blind)
            plan = plan.with_revision(key, revision, documents, uniform)
            if plan is not before:
                plan = plan.with_terms(second_looks=agreed.second_looks, assignment=agreed.assignment)
                # feeds open in any order; tables list the corpora in the order in which they were named
                save_plan(plan.ordered(tuple(agreed.corpora)), self.path)
        is_new = key not in before.corpora or before.corpora[key].revision is None
        return _note_on_same_files(before, planned.corpus, revision) if is_new else ""

    def change_target(self, key: str, target: int, at: datetime, decisions: Decisions) -> PlannedCorpus:
        """Change the number of labels planned for a corpus at the time `at`; the queue mixes what is left anew.

        Raises CorpusError when the plan has no such corpus, and PlanError.
        """
        with self._lock:
            plan = self.read()
            if plan is None or key not in plan.corpora:
                hint = (
                    nearest(key, plan.corpora)
                    if plan and plan.corpora
                    else f"plan one: corpuscope label {key}"
                )
                raise CorpusError(f"the plan has no corpus {key}", hint)
            labelled = decisions.documents(key, self._scheme)
            shown = shown_documents(plan, decisions)
            plan = plan.with_target(key, target, labelled, at.isoformat(timespec="seconds"), shown)
            save_plan(plan, self.path)
            return plan.corpora[key]

    def begin_mix_block(
        self, name: str, further: Mapping[str, int], at: datetime, decisions: Decisions
    ) -> None:
        """Let the queue go on with `further` documents of each corpus, mixed, for the mix `name`.

        Where these are more labels than a corpus has planned, its target grows. Raises PlanError, also for a plan of an
        earlier version whose corpora come in turns.
        """
        with self._lock:
            plan = open_plan(self.path, scheme=self._scheme.hash)
            if plan.order == 1:
                raise PlanError(
                    f"{self.path} is of an earlier version, whose queue shows the corpora in turns",
                    "plan the labels of each corpus: corpuscope plan CORPUS -n N; corpuscope mix --next says how many",
                )
            plan = plan.with_mix_block(name, further, shown_documents(plan, decisions))
            for key in further.keys() & plan.corpora.keys():
                labelled = decisions.documents(key, self._scheme)
                target = max(plan.corpora[key].target, labelled + further[key])
                plan = plan.with_target(key, target, labelled, at.isoformat(timespec="seconds"))
            save_plan(plan, self.path)

    def keep_mix(self, name: str, mix: Mix) -> None:
        """Keep a mix under this name in plan.json, in place of any other. Raises PlanError."""
        if not is_mix_name(name):
            raise PlanError(f"{name!r} cannot be the name of a mix", "use letters, digits and . _ -")
        with self._lock:
            plan = open_plan(self.path, scheme=self._scheme.hash)
            save_plan(plan.with_mix(name, mix), self.path)

    def forget_mix(self, name: str) -> None:
        """Remove the mix of this name from plan.json. Raises PlanError when there is none."""
        with self._lock:
            plan = self.read()
            named_mix(plan, name)
            assert plan is not None
            save_plan(plan.with_mix(name, None), self.path)

    def _default_target(self, plan: Plan, corpus: Corpus) -> int | None:
        if corpus.key in plan.corpora:
            return None
        if corpus.census:
            return ALL
        return DEMO_TARGETS.get(corpus.key, DEMO_TARGET) if corpus.kind == "demo" else self._target


def _note_on_same_files(plan: Plan, corpus: Corpus, revision: str) -> str:
    """Return a sentence when the plan has the files and the text columns of `corpus` by another name; "" otherwise."""
    for key, other in plan.corpora.items():
        if other.revision == revision and other.corpus.text == corpus.text and key != corpus.key:
            same = (
                f"{corpus.key} has the same files as {key}, which is in plan.json: to go on with its labels, "
            )
            return f"{same}name it {key}={corpus.path}" if is_content(revision) else ""
    return ""
