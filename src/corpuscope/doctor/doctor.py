"""Examine whether a study is sound: its files, the Hub, and the draws of its labelled documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpuscope.config.category_cache import scheme_in_force
from corpuscope.config.settings import Paths, Settings, load_settings
from corpuscope.corpora.hub_source import HubSource
from corpuscope.doctor.checks import Check, State, error_checks
from corpuscope.doctor.uniformity import sampling_frame, uniformity_checks
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.corpus import Corpus, is_sample, short_revision
from corpuscope.errors import CorpuscopeError, HubOffline, PlanError, SourceUnavailable
from corpuscope.files import is_writable
from corpuscope.ledger.check import check as check_ledger
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.sampling.plan import Plan, PlannedCorpus
from corpuscope.sampling.plan_file import find_plan
from corpuscope.text.quantities import inflected, quantity

HUB_SECONDS = 5.0
"""Seconds within which the Hub must answer."""

_NETWORK = "check the network and HF_ENDPOINT; labelling shows what it has and keeps trying"


@dataclass(frozen=True, slots=True)
class LedgerExamination:
    """The result of checking the ledger, on which later checks depend."""

    checks: tuple[Check, ...]
    """The checks to report."""
    sound: bool
    """False when later checks cannot rely on the ledger."""


def examine(paths: Paths, *, offline: bool) -> Iterator[Check]:
    """Yield every check of the study in `paths` as it completes; no label is changed.

    `offline` leaves out the checks that need the network.
    """
    settings = Settings()
    try:
        settings = load_settings(paths.config)
        validity = "valid" if paths.config.exists() else "no such file, so the defaults apply"
        yield Check("config", State.OK, f"{paths.config}: {validity}")
    except CorpuscopeError as fault:
        yield from error_checks("config", fault)
    scheme: CategoryScheme | None = None
    try:
        scheme = scheme_in_force(paths, settings.keys)
        yield Check(
            "categories",
            State.OK,
            f"{paths.categories or 'built-in'}: {quantity(len(scheme.names), 'category', 'categories')}",
        )
    except CorpuscopeError as fault:
        yield from error_checks("categories", fault)
    plan: Plan | None = None
    try:
        plan = find_plan(paths.labels / "plan.json")
    except PlanError as fault:
        yield from error_checks("plan", fault)
    else:
        yield _on_plan(paths.labels, plan, scheme)
    yield from _on_folders(paths)
    ledger = _on_ledger(paths.labels)
    yield from ledger.checks
    if plan:
        yield from _on_left_out_files(plan, paths.cache)
    if plan and not offline:
        yield from _on_hub(plan, paths.cache)
    if not ledger.sound:
        yield Check("draws", State.UNKNOWN, "the ledger has to be whole first")
        return
    decisions = LedgerReader(paths.labels).read()
    if scheme:
        yield from _on_labels(decisions, scheme, paths)
    yield from _on_draws(decisions, plan, paths)


def _on_plan(labels: Path, plan: Plan | None, scheme: CategoryScheme | None) -> Check:
    if plan is None:
        return Check("plan", State.OK, f"{labels / 'plan.json'}: none yet; it is written on first use")
    if plan.scheme and scheme and plan.scheme != scheme.hash:
        message = f"made for categories {plan.scheme}, in force are {scheme.hash}"
        hint = "if you changed them on purpose all is well; else restore categories.yaml"
        return Check("plan", State.WARNING, message, hint)
    pinned = sum(planned.revision is not None for planned in plan.corpora.values())
    corpora = quantity(len(plan.corpora), "corpus", "corpora")
    return Check("plan", State.OK, f"seed {plan.seed}, {corpora}, {pinned} pinned to a revision")


def _on_folders(paths: Paths) -> Iterator[Check]:
    """Yield a warning for each place that cannot be written, and what that means."""
    places = (
        (paths.labels, "labels can only be looked at", "make it writable, or choose another with --labels"),
        (paths.cache, "what was fetched is fetched again at every start", "set CORPUSCOPE_CACHE to a folder with room"),
        (paths.log, "messages of libraries and crashes are not kept", "set XDG_STATE_HOME to a folder with room"),
    )  # fmt: skip
    unwritable = [place for place in places if not is_writable(place[0])]
    for path, meaning, hint in unwritable:
        yield Check("folders", State.WARNING, f"{path} cannot be written: {meaning}", hint)
    if not unwritable:
        yield Check("folders", State.OK, "labels, cache and log can be written")


def _on_ledger(labels: Path) -> LedgerExamination:
    try:
        report = check_ledger(labels)
    except CorpuscopeError as fault:
        return LedgerExamination(tuple(error_checks("ledger", fault)), sound=False)
    if report.problems:
        hint = "restore that file from a copy; `corpuscope ledger compact` saves what it can"
        errors = (Check("ledger", State.ERROR, problem, hint) for problem in report.problems)
        return LedgerExamination(tuple(errors), sound=False)
    damaged = [file.path.name for file in report.files if file.kind == "set aside"]
    whole = (
        f"{quantity(report.events, 'event')} of {quantity(report.documents, 'document')} "
        f"in {quantity(len(report.files), 'file')}, undamaged"
    )
    if not damaged:
        return LedgerExamination((Check("ledger", State.OK, whole),), sound=True)
    message = f"{whole}, but {', '.join(damaged)} was damaged and set aside earlier"
    hint = "; ".join(
        (*report.losses, "what could be read of it was saved; remove it once you need no more of it")
    )
    return LedgerExamination((Check("ledger", State.WARNING, message, hint),), sound=True)


def _on_left_out_files(plan: Plan, cache: Path) -> Iterator[Check]:
    for planned in plan.corpora.values():
        source = HubSource(planned.corpus, planned.revision, cache / "hub")
        manifest = source.cached_manifest() if planned.corpus.kind == "hub" else None
        if manifest and manifest.left_out:
            hint = "shares are those of the other files: say so, or choose the files with --data-files"
            message = manifest.left_out.removeprefix("Left out: ").rstrip(".")
            yield Check(f"{planned.corpus.key} files left out", State.WARNING, message, hint)


def _on_hub(plan: Plan, cache: Path) -> Iterator[Check]:
    for planned in plan.corpora.values():
        if planned.corpus.kind != "hub":
            continue
        name = f"{planned.corpus.key} on the Hub"
        try:
            hops = HubSource(planned.corpus, planned.revision, cache / "hub").probe(HUB_SECONDS)
        except HubOffline as fault:
            yield Check(name, State.UNKNOWN, fault.message, fault.hint)
        except SourceUnavailable as fault:
            yield Check(
                name, State.ERROR, fault.message, f"{fault.hint}; {_NETWORK}" if fault.hint else _NETWORK
            )
            return
        except CorpuscopeError as fault:
            yield from error_checks(name, fault)
        else:
            way = ", then ".join(f"{hop.host} in {hop.seconds:.1f} s" for hop in hops)
            yield Check(name, State.OK, f"the first byte of {planned.corpus.path} came from {way}")


def _on_labels(decisions: Decisions, scheme: CategoryScheme, paths: Paths) -> Iterator[Check]:
    for name, count in decisions.unknown(scheme).items():
        where = paths.categories or "the built-in categories"
        says = inflected(count, "says", "say")
        message = f"{quantity(count, 'label')} {says} {name!r}, which is not a category of {where}"
        hint = "bring it back, name it under `formerly:` of the one that took over, or under `split:`"
        yield Check("labels", State.ERROR, message, hint)


def _on_draws(decisions: Decisions, plan: Plan | None, paths: Paths) -> Iterator[Check]:
    for key in decisions.corpora():
        name = f"{key} draws"
        planned = plan.corpora.get(key) if plan else None
        if planned is None:
            hint = "restore the plan.json they were made with: without it nobody can draw this sample again"
            yield Check(name, State.ERROR, "there are labels, but the plan has no such corpus", hint)
        else:
            yield from _on_corpus(decisions, planned, paths.cache)


def _on_corpus(decisions: Decisions, planned: PlannedCorpus, cache: Path) -> Iterator[Check]:
    key = planned.corpus.key
    name = f"{key} draws"
    decisions_made = decisions.recent(corpus=key)
    if planned.corpus.in_order or is_sample(planned.revision):
        documents = len({decision.document_id for decision in decisions_made})
        message = f"{quantity(documents, 'document')} {inflected(documents, 'was', 'were')} not drawn at random here"
        yield Check(name, State.OK, message)
        return
    elsewhere = Counter(
        decision.revision for decision in decisions_made if decision.revision != planned.revision
    )
    for revision, count in elsewhere.items():
        of_plan = short_revision(planned.revision) or "none"
        message = f"{quantity(count, 'label')} of revision {short_revision(revision)}, the plan has {of_plan}"
        hint = "one sample is of one revision: restore the plan.json it was made with"
        yield Check(name, State.ERROR, message, hint)
    of_the_plan = [decision for decision in decisions_made if decision.revision == planned.revision]
    try:
        frame = sampling_frame(
            planned.corpus, planned.revision, cache, {decision.shard for decision in of_the_plan}
        )
    except CorpuscopeError as fault:
        yield from error_checks(name, fault)
        return
    if frame is None:
        message = "the list of its files is not in the cache"
        yield Check(name, State.UNKNOWN, message, f"`{_draw_one(planned.corpus)}` brings it back")
        return
    yield from uniformity_checks(key, of_the_plan, frame)


def _draw_one(corpus: Corpus) -> str:
    return f"corpuscope sample {corpus.key} -n 1"
