"""Command that prints shares assisted by a classifier: data on standard output, remarks on standard error."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpuscope.cli.options import (
    format_option,
    labelled_corpora,
    level_option,
    on_workspace,
    require_labelled,
    weighting_option,
)
from corpuscope.cli.sample import sample_progress
from corpuscope.cli.stderr import say_stderr
from corpuscope.errors import CorpuscopeError, UsageError
from corpuscope.learning import require_assist
from corpuscope.session.workspace import Workspace

if TYPE_CHECKING:
    from corpuscope.analysis.assisted import AssistedCorpus, AssistedStudy
    from corpuscope.stats.distribution import Weighting
    from corpuscope.stats.sample import Sample

POOL = 5_000
"""Documents of a pool unless --pool says otherwise."""


@click.command()
@labelled_corpora
@click.option(
    "--pool",
    "size",
    type=click.IntRange(min=100),
    default=POOL,
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
    help="Where to write the classifier [default: model.safetensors in the labels folder].",
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
) -> None:
    """Print narrower intervals, with the help of a classifier.

    Trained on the labels, the classifier reads the next documents of the sampling plan, and the labels correct
    what it gets wrong. 200 labels are often worth 250 to 330. The labels' own shares stand beside the assisted ones.

    Of all corpora with labels, unless some are named. It needs 50 labels of a corpus, and is trained on all.

    Needs the extra: pip install 'corpuscope[assist]'. Reads the labels folder and, for documents that are not drawn
    yet, the corpus; writes tables to standard output, remarks to standard error, the pool to labels/pool and the
    classifier to labels/model.safetensors. Stopped with ctrl-c, the same command goes on where it was.

    \b
    Examples:
      corpuscope estimate c4
      corpuscope estimate c4 fineweb --by tokens
      corpuscope estimate --pool 10000 --format json
    """
    require_assist("corpuscope estimate")
    from corpuscope.analysis.assisted import assisted_study, refusal
    from corpuscope.analysis.samples import samples_of

    decisions = workspace.ledger.decisions()
    require_labelled(corpora, decisions.corpora())
    plan = workspace.plan.read()
    samples = samples_of(decisions, workspace.scheme, plan, corpora or None)
    for sentence in workspace.ledger.problems:
        say_stderr(sentence)
    try:
        _draw_pools(workspace, [sample for sample in samples if not refusal(sample, weighting)], size)
    except KeyboardInterrupt:
        say_stderr("stopped; the documents drawn are kept, and the same command goes on from there")
        context.exit(130)
    study = assisted_study(
        decisions,
        workspace.scheme,
        plan,
        samples,
        workspace.ledger.texts,
        workspace.paths.labels,
        level=level,
        weighting=weighting,
    )
    for sentence in study.refused:
        say_stderr(sentence)
    if study.classifier is None:
        raise UsageError("no corpus has assisted shares", "the labels' own: corpuscope summary")
    print_assisted(study, form)
    _write_model(workspace, study, model)


def _draw_pools(workspace: Workspace, samples: Sequence[Sample], size: int) -> None:
    """Draw the pools that are missing; when one cannot be completed, say so and go on with what there is."""
    from corpuscope.analysis.pools import draw_study_pool

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
            say_stderr(f"the pool of {sample.corpus} is not complete: {fault}")


def print_assisted(study: AssistedStudy, form: str) -> None:
    """Print one table per corpus and the classifier's; CSV has the cells of the tables, JSON has unrounded numbers."""
    from corpuscope.cli.output import print_tables
    from corpuscope.cli.stdout import print_csv, print_json
    from corpuscope.report.assisted_tables import assisted_table, classifier_table

    match form:
        case "json":
            print_json(assisted_json(study))
        case "csv":
            print_csv(_csv_rows(study))
        case _:
            assert study.classifier is not None, "there is a corpus"
            tables = [assisted_table(corpus) for corpus in study.corpora]
            print_tables([*tables, classifier_table(study.classifier, study.level)], form)


def _csv_rows(study: AssistedStudy) -> Iterator[Sequence[str]]:
    """Yield one row per corpus and category, with the cells of the tables."""
    from corpuscope.report.assisted_tables import assisted_table

    for i, corpus in enumerate(study.corpora):
        table = assisted_table(corpus)
        if i == 0:
            yield ["corpus", *table.columns, "pool", "warnings", "caption"]
        texts = (" ".join(table.warnings), "; ".join((*table.findings, *table.caption)))
        for row in table.rows:
            yield [corpus.corpus, *row, str(corpus.pool), *texts]


def assisted_json(study: AssistedStudy) -> dict[str, object]:
    """Return the numbers of assisted shares and of the classifier, unrounded."""
    classifier = study.classifier
    if classifier is None:
        return {"refused": list(study.refused), "corpora": []}
    accuracy = classifier.accuracy(study.level)
    return {
        "level": study.level,
        "weighting": study.weighting,
        "refused": list(study.refused),
        "corpora": [_corpus_json(corpus) for corpus in study.corpora],
        "classifier": {
            "ridge": classifier.ridge.strength,
            "labels": {corpus: len(rows) for corpus, rows in classifier.rows.items()},
            "accuracy": {
                "correct": accuracy.correct,
                "n": accuracy.n,
                "low": accuracy.interval.low,
                "high": accuracy.interval.high,
            },
            "categories": list(classifier.categories),
            "confusion": [list(counts) for counts in accuracy.confusion],
            "odd_labels": [
                {
                    "document_id": label.document_id,
                    "corpus": label.corpus,
                    "given": label.given,
                    "expected": label.expected,
                    "margin": label.margin,
                }
                for label in classifier.odd_labels()
            ],
        },
    }


def _corpus_json(corpus: AssistedCorpus) -> dict[str, object]:
    own, assisted = corpus.labels.distribution, corpus.assisted
    return {
        "corpus": corpus.corpus,
        "n": own.n,
        "pool": corpus.pool,
        "gain": corpus.gain,
        "worth": corpus.worth,
        "method": f"cross-fitted difference estimator (GREG), {assisted.method}",
        "design": corpus.labels.design,
        "warnings": list(corpus.warnings),
        "shares": [
            {
                "category": share.category,
                "count": share.count,
                "labels": {"share": share.share, "low": share.interval.low, "high": share.interval.high},
                "assisted": {"share": other.share, "low": other.interval.low, "high": other.interval.high},
                "gain": gain,
                "n_effective": other.n_effective,
            }
            for share, other, gain in zip(own.shares, assisted.shares, corpus.gains, strict=True)
        ],
    }


def _write_model(workspace: Workspace, study: AssistedStudy, file: Path | None) -> None:
    """Write the classifier as a model file, and say where it is."""
    from corpuscope.files import whole_file
    from corpuscope.learning.model_file import to_bytes

    assert study.classifier is not None, "there is a corpus"
    file = file or workspace.paths.labels / "model.safetensors"
    data = to_bytes(study.classifier.model(workspace.scheme, workspace.plan.read()))
    with whole_file(file) as stream:
        stream.write(data)
    say_stderr(f"the classifier is in {file}")
