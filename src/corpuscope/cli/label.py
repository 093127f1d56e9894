"""Commands that open the app to label: the list of corpora, named corpora, the demo."""

from __future__ import annotations

import click

from corpuscope.cli import completion
from corpuscope.cli.app_runner import need_terminal, open_app
from corpuscope.cli.options import corpus_options, names, on_workspace, percent
from corpuscope.cli.stderr import say_stderr
from corpuscope.corpora.known import DEMO_KEYS
from corpuscope.corpora.parse import CorpusOptions
from corpuscope.domain.corpus import MOST_LABELS
from corpuscope.errors import UsageError, nearest
from corpuscope.session.study_plan import DEMO, StudyOptions, named_mix, shown_documents
from corpuscope.session.workspace import Workspace
from corpuscope.text.quantities import quantity


@click.command()
@on_workspace()
def home(workspace: Workspace) -> None:
    """Open the list of corpora, as `corpuscope` alone does.

    Choose one to label it, or mark several to label them as one blind queue.

    Reads categories.yaml and the labels folder; writes there what you label.

    \b
    Examples:
      corpuscope
      corpuscope home --labels study/labels --annotator ben
    """
    need_terminal("corpuscope")
    open_app(workspace, to_look=True)


@click.command()
@click.argument("corpora", nargs=-1, metavar="CORPUS...", shell_complete=completion.corpora)
@corpus_options
@click.option(
    "-n",
    "--target",
    type=click.IntRange(1, MOST_LABELS),
    metavar="N",
    help="Labels to plan for each corpus, or with --for-mix the next labels in all.  "
    "[default: 200, with --for-mix 100]",
)
@click.option(
    "--for-mix",
    "mix_name",
    metavar="NAME",
    help="Label the corpora of a mix that the plan keeps, each as often as narrows the intervals of the mix most.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    metavar="N",
    help="Seed of the sample, recorded in labels/plan.json on first use.  [default: a random one]",
)
@click.option(
    "--blind/--open",
    "blind",
    default=None,
    help="Hide corpus, url and scores until you label.  [default: blind for several corpora and with second readings]",
)
@click.option(
    "--second-looks",
    metavar="PERCENT",
    callback=percent,
    help="Percentage of documents shown a second time, blind, at least 20 later; 0 for none, as with --open.  "
    "[default: 10% for several corpora as one queue, none for one corpus or the demo]",
)
@click.option(
    "--annotators",
    metavar="NAME,NAME...",
    callback=names,
    help="Share the documents among these people.  [default: everybody labels the same documents]",
)
@click.option(
    "--overlap",
    metavar="PERCENT",
    callback=percent,
    help="Documents that all --annotators label, to see how far they agree.  [default: 20%]",
)
@on_workspace()
def label(
    workspace: Workspace,
    corpora: tuple[str, ...],
    described: CorpusOptions,
    target: int | None,
    mix_name: str | None,
    seed: int | None,
    blind: bool | None,
    second_looks: int | None,
    annotators: tuple[str, ...],
    overlap: int | None,
) -> None:
    """Label documents of one or several corpora.

    CORPUS is a built-in name (see `corpuscope corpora`), a file, folder or glob, the address of a file (https://,
    s3://, gs://), or a dataset on the Hub: owner/name, owner/name:config, owner/name@revision or the address of its
    page. Several files are one corpus. Several corpora are mixed and shown without their names; NAME=CORPUS gives
    one a name.

    Reads categories.yaml and the corpora, over the network where they are on the Hub. Writes the plan to
    labels/plan.json on first use, and each label into the labels folder before the next document appears.

    Several corpora are one queue: in turns, in random order, all of it fixed by labels/plan.json. The values of -n,
    --seed, --second-looks, --annotators and --overlap are kept there too; leave them out to resume.

    With --for-mix the next 100 labels, or -n of them, are divided over the corpora of a mix as `corpuscope mix
    --next` says, and mixed; the same command resumes until all are labelled.

    \b
    Examples:
      corpuscope label c4
      corpuscope label c4 fineweb fineweb-edu
      corpuscope label c4 fineweb --second-looks 20%
      corpuscope label c4 --annotators ann,ben --overlap 25% --annotator ann
      corpuscope label crawl/*.jsonl.gz --text content
      corpuscope label before=crawl/2023 after=crawl/2024
      corpuscope label a=fineweb:CC-MAIN-2013-20 b=fineweb:CC-MAIN-2024-10
      corpuscope label --for-mix first
    """
    if not corpora and mix_name is None:
        raise click.MissingParameter(param=click.get_current_context().command.params[0])
    if corpora and mix_name is not None:
        raise UsageError("--for-mix names the corpora itself", f"leave out {' '.join(corpora)}")
    need_terminal("corpuscope label")
    if mix_name is not None:
        corpora, target = corpora_for_mix(workspace, mix_name, target), None
        if repeated := labelled_by_others(workspace, corpora):
            say_stderr(
                f"{quantity(repeated, 'document')} labelled by others and not by {workspace.annotator} may come first: "
                "labels on documents already labelled do not narrow the mix"
            )
    options = StudyOptions(target, seed, second_looks, annotators, overlap)
    study = workspace.plan.request(corpora, described=described, options=options, blind=blind)
    workspace.plan.check_annotator(study)
    open_app(workspace, study, mix=mix_name)


def labelled_by_others(workspace: Workspace, corpora: tuple[str, ...]) -> int:
    """Count the documents that others labelled and that the annotator has yet to read; 0 where they are assigned."""
    plan, decisions = workspace.plan.read(), workspace.ledger.decisions()
    if plan is None or plan.assignment is not None or set(decisions.annotators()) <= {workspace.annotator}:
        return 0
    own, others = set(), set()
    for decision in decisions.by_draw(corpora):
        if decision.annotator == workspace.annotator:
            own.add(decision.document_id)
        elif decision.category is not None:
            others.add(decision.document_id)
    return len(others - own)


def corpora_for_mix(workspace: Workspace, name: str, labels: int | None) -> tuple[str, ...]:
    """Return the corpora of the labels that come next for a mix, and plan them unless those planned go on.

    Raises PlanError, and UsageError where no corpus of the mix can get labels.
    """
    from corpuscope.analysis.mixtures import NEXT_LABELS, mixture_of, next_labels
    from corpuscope.analysis.samples import samples_of

    plan = workspace.plan.read()
    mix = named_mix(plan, name)
    assert plan is not None, "it has the mix"
    decisions = workspace.ledger.decisions()
    shown = shown_documents(plan, decisions)
    block = plan.mix_block(shown)
    if block is not None and block.mix == name and labels is None:
        left = tuple(key for key in mix.weights if shown.get(key, 0) < block.ends.get(key, 0))
        if left:
            return left
    samples = {sample.corpus: sample for sample in samples_of(decisions, workspace.scheme, plan)}
    mixture = mixture_of(mix, samples, workspace.scheme.names, name=name)
    divided = next_labels(mixture, labels or NEXT_LABELS)
    further = {key: number for key, number in divided.items() if number}
    if not further:
        raise UsageError(f"no corpus of the mix {name} can get more labels", "see: corpuscope corpora")
    corpora = workspace.plan.request(tuple(further)).corpora  # a corpus that cannot be found leaves no plan
    workspace.plan.begin_mix_block(name, further, workspace.clock.now(), decisions)
    if len(further) == 1:
        say_stderr(
            f"all of the next labels for {name} belong to {corpora[0].key}, so the annotator will know the corpus"
        )
    return tuple(further)


@click.command()
@click.argument("corpora", nargs=-1, metavar="[CORPUS]...", shell_complete=completion.demos)
@on_workspace()
def demo(
    workspace: Workspace,
    corpora: tuple[str, ...],
) -> None:
    """Label the bundled demo corpora; needs no network.

    Without a name, all three web-like ones as one blind queue. CORPUS is crawl, filtered, edu or synth.

    Reads categories.yaml; writes plan.json and labels into the labels folder, like `corpuscope label`. To try
    keys without keeping anything: corpuscope practice.

    \b
    Examples:
      corpuscope demo
      corpuscope demo synth
      corpuscope demo crawl edu --labels /tmp/try
    """
    need_terminal("corpuscope demo")
    study = workspace.plan.request([demo_key(name) for name in corpora] or DEMO)
    workspace.plan.check_annotator(study)
    open_app(workspace, study)


def demo_key(name: str) -> str:
    """Return the key of a demo corpus, which may be named without `demo-`. Raises UsageError."""
    key = name if name.startswith("demo-") else f"demo-{name}"
    if key not in DEMO_KEYS:
        names = [key.removeprefix("demo-") for key in DEMO_KEYS]
        raise UsageError(f"there is no demo corpus {name!r}", nearest(name, names))
    return key
