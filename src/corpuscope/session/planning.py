"""The plan of a labels folder: what a sitting asks for, held against it and written into it."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from corpuscope.config.settings import Paths, Settings
from corpuscope.corpora.parse import corpus_for
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import PlanError
from corpuscope.sampling.plan import Plan, PlannedCorpus
from corpuscope.sampling.plan_file import find_plan, load_plan, open_plan, save_plan
from corpuscope.session.terms import SECOND_LOOKS, Asked, is_study

DEMO_TARGETS = {"demo-synth": 12}
DEMO_TARGET = 40
"""Labels planned for the bundled corpora, which hold little more."""


class Planning:
    """Reads and writes plan.json for one annotator. Methods may block on the disk."""

    def __init__(self, paths: Paths, settings: Settings, scheme: CategoryScheme, annotator: str) -> None:
        self.paths = paths
        self.settings = settings
        self.scheme = scheme
        self.annotator = annotator
        self._planning = Lock()
        self._blind: bool | None = None
        self._asked = Asked()
        self._agreed = Plan(0)

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

        A name the plan knows needs no further options. What the last five mean is said in `Asked`. Raises
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
        self._asked = Asked(target, seed, second_looks, tuple(annotators), overlap)
        checked = plan or Plan(seed or 0)
        if plan and seed is not None:
            open_plan(self.plan_path, seed=seed, cache=self.paths.cache)
        for corpus in chosen:
            if corpus.kind == "local" and corpus.key not in own:
                from corpuscope.corpora.local_files import check_there

                check_there(corpus.path)  # a mistyped name leaves no plan behind
            checked = checked.with_corpus(corpus, target=target)
        self._asked.agreed(checked)
        return chosen

    def check_annotator(self) -> None:
        """Raises PlanError when the documents are divided, by the plan or as asked, among others than this one."""
        plan = self.plan()
        if division := (plan.division if plan else None) or self._asked.division(plan):
            division.check(self.annotator)

    def planned(self, corpora: Sequence[Corpus]) -> Plan:
        """The plan with these corpora; its seed is on disk then, the rest once every new corpus is pinned.

        A mistyped corpus thus leaves no trace. Raises PlanError.
        """
        with self._planning:
            before = open_plan(
                self.plan_path, seed=self._asked.seed, scheme=self.scheme.hash, cache=self.paths.cache
            )
            blind = len(corpora) > 1 if self._blind is None else self._blind
            plan = self._asked.agreed(before)
            if blind and is_study(corpora) and plan.second_looks is None:
                plan = plan.with_terms(second_looks=SECOND_LOOKS)
            for corpus in corpora:
                new = corpus.key not in plan.corpora
                target = self._asked.target or self._default_target(plan, corpus)
                plan = plan.with_corpus(corpus, target=target, blind=blind if new else None)
            if plan != before and all(plan.corpora[corpus.key].revision for corpus in corpora):
                save_plan(plan, self.plan_path)
            self._agreed = plan
            return plan

    def pin(self, planned: PlannedCorpus, revision: str) -> None:
        """Writes a corpus and the revision it was first opened at into the plan; one that is pinned stays.

        Raises PlanError when somebody took up another seed since `planned`, under which it draws other documents.
        """
        with self._planning:
            before, key = load_plan(self.plan_path, self.paths.cache), planned.corpus.key
            if before.seed != self._agreed.seed:
                raise PlanError(
                    f"plan.json was given seed {before.seed} while {key} was opened with {self._agreed.seed}",
                    "nothing was drawn yet: start again to go on with that seed",
                )
            blind = None if key in before.corpora else planned.blind
            plan = before.with_corpus(planned.corpus, target=planned.target, blind=blind)
            plan = plan.with_revision(key, revision)
            if plan is not before:
                plan = plan.with_terms(second_looks=self._agreed.second_looks, division=self._agreed.division)
                # feeds open in any order; tables follow the one in which the corpora were named
                save_plan(plan.ordered(tuple(self._agreed.corpora)), self.plan_path)

    def _default_target(self, plan: Plan, corpus: Corpus) -> int | None:
        if corpus.key in plan.corpora:
            return None
        return DEMO_TARGETS.get(corpus.key, DEMO_TARGET) if corpus.kind == "demo" else self.settings.target
