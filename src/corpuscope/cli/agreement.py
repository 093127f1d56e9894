"""Command that prints how far annotators of the same documents agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from corpuscope.cli.options import (
    Number,
    format_option,
    labelled_corpora,
    level_option,
    on_workspace,
    require_labelled,
)
from corpuscope.cli.stderr import say_awaiting, say_problems, say_stderr
from corpuscope.errors import UsageError
from corpuscope.session.workspace import Workspace

if TYPE_CHECKING:
    from corpuscope.analysis.second_reader import ScoreReading
    from corpuscope.report.forms import Result


@click.command()
@labelled_corpora
@format_option
@level_option
@click.option(
    "--documents",
    is_flag=True,
    help="Also list the documents on which readers do not agree; with csv, only them.",
)
@click.option(
    "--model",
    metavar="NAME",
    help="Compare with the answers of a model that `corpuscope annotate` asked, instead of with each other.",
)
@click.option(
    "--score",
    metavar="COLUMN",
    help="Compare with a column that the corpus publishes, such as int_score of FineWeb-Edu.",
)
@click.option(
    "--at",
    "thresholds",
    type=Number(),
    multiple=True,
    metavar="SCORE",
    help="With --score: documents with at least this score are kept. May be repeated.",
)
@on_workspace(labels_must_exist=True, annotator=False)
def agreement(
    workspace: Workspace,
    corpora: tuple[str, ...],
    form: str,
    level: float,
    documents: bool,
    model: str | None,
    score: str | None,
    thresholds: tuple[float, ...],
) -> None:
    """Print how far readers of the same documents agree.

    First readings are compared between annotators, and first and second readings of each annotator: percent with its
    interval, kappa, the categories most confused, and what that means for the shares.

    With --model, a language model takes the place of the second person: also recall and precision of each category.
    With --score, a published score does: what a threshold keeps of each category. People's first answers count.

    Reads the labels folder and categories.yaml; writes tables to standard output and messages to standard error.

    \b
    Examples:
      corpuscope agreement
      corpuscope agreement c4 --documents
      corpuscope agreement --documents --format csv > disputed.csv
      corpuscope agreement c4 --model qwen3-8b
      corpuscope agreement fineweb-edu --score int_score --at 3
    """
    from corpuscope.analysis.agreement import agreement_report
    from corpuscope.cli.output import print_result
    from corpuscope.report.agreement_result import AgreementResult
    from corpuscope.report.agreement_tables import nothing_to_compare

    if model and score:
        raise UsageError("--model and --score exclude each other", "name one second reader")
    if thresholds and not score:
        raise UsageError("--at needs a score", "name its column: --score int_score")
    decisions = workspace.ledger.decisions()
    require_labelled(corpora, decisions.corpora())
    say_awaiting(decisions, workspace.scheme, corpora, look=1 if model or score else None)
    if model or score:
        result = _second_reader(workspace, corpora, model, score, thresholds, level, documents=documents)
        say_problems(workspace.ledger)
        print_result(result, form)
        return
    report = agreement_report(decisions, workspace.scheme, corpora, level=level)
    say_problems(workspace.ledger)
    if not report.whole:
        keys = corpora or decisions.corpora()
        say_stderr(nothing_to_compare(sum(sum(decisions.counts(key, look=None).values()) for key in keys)))
    print_result(AgreementResult(report, documents=documents), form)


def _second_reader(
    workspace: Workspace,
    corpora: Sequence[str],
    model: str | None,
    score: str | None,
    thresholds: Sequence[float],
    level: float,
    *,
    documents: bool,
) -> Result:
    """Compare people's labels with a model's answers, or with a published column.

    Raises UsageError where there is nothing to compare with.
    """
    from corpuscope.analysis.second_reader import SecondReading, column_reading, human_labels, model_reading
    from corpuscope.annotate.answers import read_answers
    from corpuscope.annotate.documents import answers_about_labelled, other_texts_words
    from corpuscope.report.second_reader_tables import ScoreResult, SecondReadingResult

    scheme = workspace.scheme
    decisions = workspace.ledger.decisions()
    labels = human_labels(decisions, scheme, corpora)
    if not labels:
        raise UsageError("there are no labels to compare with", "label some: corpuscope label c4")
    if model:
        given = read_answers(workspace.paths.labels, model, scheme)
        answers = answers_about_labelled(given, decisions, workspace.ledger.texts, corpora)
        if words := other_texts_words(given, answers):
            say_stderr(
                f"{words}, and not counted; to ask about those labelled: corpuscope annotate --model {model}"
            )
        reading: SecondReading | ScoreReading = model_reading(labels, answers, scheme, level=level)
        if not any(document in answers.by_document for document in labels):
            raise UsageError(
                f"{model} has no answers about the labelled documents",
                f"ask it: corpuscope annotate --model {model} --documents labelled",
            )
    else:
        assert score is not None, "one of the two is given"
        texts = workspace.ledger.documents([label.decision.event_id for label in labels.values()])
        reading = column_reading(labels, texts, score, scheme, thresholds, level=level)
    if isinstance(reading, SecondReading):
        return SecondReadingResult(reading, documents=documents)
    return ScoreResult(reading)
