"""Command that prints shares assisted by a classifier: data on standard output, remarks on standard error."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from corpuscope.cli.options import (
    format_option,
    labelled_corpora,
    level_option,
    on_workspace,
    require_labelled,
    weighting_option,
)
from corpuscope.cli.sample import sample_progress
from corpuscope.cli.stderr import say_problems, say_stderr
from corpuscope.errors import CorpuscopeError, UsageError, nearest
from corpuscope.extras import require_extra
from corpuscope.session.pool_drawer import POOL_SIZE
from corpuscope.session.workspace import Workspace

if TYPE_CHECKING:
    from corpuscope.analysis.assisted import AssistedStudy
    from corpuscope.analysis.classifier import Classifier
    from corpuscope.analysis.study_reading import StudyReading
    from corpuscope.domain.answer import ModelAnswers
    from corpuscope.stats.distribution import Weighting
    from corpuscope.stats.sample import Sample


@click.command()
@labelled_corpora
@click.option(
    "--pool",
    "size",
    type=click.IntRange(min=100),
    default=POOL_SIZE,
    show_default=True,
    metavar="N",
    help="Documents that the classifier reads for each corpus; drawn once and kept in labels/pool.",
)
@format_option
@level_option
@weighting_option
@click.option(
    "--model",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to write the classifier.  [default: model.safetensors in the labels folder]",
)
@click.option(
    "--llm",
    metavar="NAME",
    help="Also use the answers of this model, from `corpuscope annotate`.",
)
@click.option(
    "--from",
    "runs",
    type=click.Path(path_type=Path, file_okay=False),
    multiple=True,
    metavar="DIR",
    help="Take the whole corpus from a run of `corpuscope classify` instead of a pool; once for each corpus.",
)
@on_workspace(annotator=False, labels_must_exist=True)
@click.pass_context
def estimate(
    context: click.Context,
    workspace: Workspace,
    corpora: tuple[str, ...],
    size: int,
    form: str,
    level: float,
    weighting: Weighting,
    model: Path | None,
    llm: str | None,
    runs: tuple[Path, ...],
) -> None:
    """Print narrower intervals, with the help of a classifier.

    Trained on the labels, the classifier reads the next documents of the sampling plan, and the labels correct
    what it gets wrong. 200 labels are often worth 250 to 330. The labels' own shares stand beside the assisted ones.

    With --from, the classifier has read the whole corpus, and the shares are those of all its documents. Its counts
    alone can be off by 20 points, so they are never printed without the correction by the labels.

    Estimates all corpora with labels, unless some are named. The classifier is trained on all labels; a corpus needs
    50 of them.

    With --llm, it also uses the answers of a language model on the labelled documents and the pool. The worth of the
    labels is then given with and without these answers, and no classifier is written.

    Needs the extra: pip install 'corpuscope[assist]'. Reads the labels folder and, for documents that are not drawn
    yet, the corpus; writes tables to standard output, messages to standard error, the pool to labels/pool and the
    classifier to labels/model.safetensors. After ctrl-c, the same command resumes where it stopped.

    \b
    Examples:
      corpuscope estimate c4
      corpuscope estimate c4 fineweb --by tokens
      corpuscope estimate --pool 10000 --format json
      corpuscope estimate c4 --llm qwen3-8b
      corpuscope estimate c4 --from out
    """
    require_extra("assist", "corpuscope estimate")
    from corpuscope.analysis.samples import samples_of
    from corpuscope.analysis.study_reading import refusal
    from corpuscope.cli.output import print_result
    from corpuscope.report.assisted_result import AssistedResult

    if llm and model:
        raise UsageError("--llm and --model exclude each other", "a classifier with answers is not written")
    answers = None
    if llm:
        from corpuscope.annotate.answers import read_answers

        answers = read_answers(workspace.paths.labels, llm, workspace.scheme)
    decisions = workspace.ledger.decisions()
    require_labelled(corpora, decisions.corpora())
    plan = workspace.plan.read()
    samples = samples_of(decisions, workspace.scheme, plan, corpora or None)
    say_problems(workspace.ledger)
    if runs:
        for option, name in (("--pool", "size"), ("--model", "model"), ("--llm", "llm")):
            if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
                raise UsageError(f"{option} and --from exclude each other", f"leave {option} out")
        whole = _whole_study(workspace, samples, runs, level, weighting)
        for sentence in whole.refused:
            say_stderr(sentence)
        print_result(AssistedResult(whole), form)
        return
    try:
        _draw_pools(workspace, [sample for sample in samples if not refusal(sample, weighting)], size)
    except KeyboardInterrupt:
        say_stderr("stopped; the documents drawn are kept, and the same command resumes from there")
        context.exit(130)
    if answers is not None:
        answers = _about_these_texts(workspace, samples, answers)
    study = assisted_study(workspace, samples, level, weighting, answers)
    if study.classifier is None:
        raise UsageError("no corpus has assisted shares", "the labels' own: corpuscope summary")
    print_result(AssistedResult(study), form)
    if answers is None:
        _write_model(workspace, study.classifier, model)


def _about_these_texts(
    workspace: Workspace, samples: Sequence[Sample], answers: ModelAnswers
) -> ModelAnswers:
    """Return the answers about the texts that were labelled or drawn, and say how many are about others."""
    from corpuscope.annotate.documents import answers_about_labelled, answers_about_pools, other_texts_words
    from corpuscope.sampling.pool import pools_of

    pools = pools_of(workspace.paths.labels, [sample.corpus for sample in samples])
    own = answers_about_labelled(answers, workspace.ledger.decisions(), workspace.ledger.texts)
    own = answers_about_pools(own, pools)
    if words := other_texts_words(answers, own):
        say_stderr(f"{words}, and not counted; corpuscope annotate --model {answers.model} asks about these")
    return own


def assisted_study(
    workspace: Workspace,
    samples: Sequence[Sample],
    level: float,
    weighting: Weighting = "documents",
    answers: ModelAnswers | None = None,
) -> AssistedStudy:
    """Estimate assisted shares of `samples` with the pools that are drawn, and say why others have none.

    Raises UsageError when the extra is not installed.
    """
    reading = study_reading(workspace, samples, answers)
    from corpuscope.analysis.assisted import estimate as estimate_shares

    decisions = workspace.ledger.decisions()
    study = estimate_shares(decisions, samples, reading, level=level, weighting=weighting)
    for sentence in study.refused:
        say_stderr(sentence)
    return study


def study_reading(
    workspace: Workspace, samples: Sequence[Sample], answers: ModelAnswers | None = None
) -> StudyReading:
    """Let the classifier read the pools of `samples`, and a model's `answers` with them.

    Raises UsageError when the extra is not installed.
    """
    require_extra("assist", "an assisted share")
    from corpuscope.analysis.study_reading import read_study

    if sys.stderr.isatty():
        say_stderr("the classifier is reading ...")
    return read_study(
        workspace.ledger.decisions(),
        workspace.scheme,
        workspace.plan.read(),
        samples,
        workspace.ledger.texts,
        workspace.paths.labels,
        answers,
    )


def _whole_study(
    workspace: Workspace, samples: Sequence[Sample], runs: Sequence[Path], level: float, weighting: Weighting
) -> AssistedStudy:
    """Estimate the shares of the whole corpora that runs have read. Raises UsageError for one without labels."""
    require_extra("scale", "an estimate from a run")
    from corpuscope.analysis.assisted import AssistedCorpus, AssistedStudy
    from corpuscope.analysis.filter_forecast import labelled_scores
    from corpuscope.analysis.whole_corpus import corrected_shares
    from corpuscope.scale.run_folder import RunFolder
    from corpuscope.scale.run_result import whole_corpus

    decisions, plan = workspace.ledger.decisions(), workspace.plan.read()
    by_key = {sample.corpus: sample for sample in samples}
    corpora: list[AssistedCorpus] = []
    for path in runs:
        folder = RunFolder(path.absolute())
        run = folder.run()
        sample = by_key.pop(run.key, None)
        if sample is None and run.key in (corpus.corpus for corpus in corpora):
            raise UsageError(f"{path} is a second run over {run.key}", "name one run for each corpus")
        if sample is None:
            raise UsageError(
                f"{path} is a run over {run.key}, which is not among the labelled corpora asked for",
                nearest(run.key, [sample.corpus for sample in samples]),
            )
        planned = plan.corpora.get(run.key) if plan else None
        whole = whole_corpus(folder, run, planned, weighting)
        scores = labelled_scores(folder.model(), decisions, workspace.scheme, sample, workspace.ledger.texts)
        corpora.append(corrected_shares(sample, scores, whole, level=level, weighting=weighting))
    refused = tuple(f"{key} has no run among those named." for key in by_key)
    return AssistedStudy(tuple(corpora), refused, (), None, level, weighting)


def _draw_pools(workspace: Workspace, samples: Sequence[Sample], size: int) -> None:
    """Draw the pools that are missing; when one cannot be completed, say so and go on with what there is."""
    from corpuscope.session.study_pools import draw_study_pool

    decisions, plan = workspace.ledger.decisions(), workspace.plan.read()
    for sample in samples:
        progress = sample_progress(f"pool of {sample.corpus}", size, screen_is_free=True)
        try:
            with progress:
                draw_study_pool(
                    decisions,
                    plan,
                    sample.corpus,
                    labels=workspace.paths.labels,
                    cache=workspace.paths.cache,
                    size=size,
                    on_document=progress.document,
                    on_status=progress.status,
                )
        except CorpuscopeError as fault:
            say_stderr(f"the pool of {sample.corpus} is not complete: {fault.message}")
            if fault.hint:
                say_stderr(fault.hint)


def _write_model(workspace: Workspace, classifier: Classifier, file: Path | None) -> None:
    """Write the classifier as a model file, and say where it is."""
    from corpuscope.files import whole_file
    from corpuscope.learning.model_file import to_bytes

    file = file or workspace.paths.labels / "model.safetensors"
    data = to_bytes(classifier.model(workspace.scheme, workspace.plan.read()))
    with whole_file(file) as stream:
        stream.write(data)
    say_stderr(f"the classifier was written to {file}")
