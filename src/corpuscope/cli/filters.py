"""Command that prints what the filters of FineWeb and C4 would remove of the labelled documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from corpuscope.cli import completion
from corpuscope.cli.documents_to_read import (
    corpora_to_read,
    documents_to_read,
    nothing_to_read,
    read_ahead,
)
from corpuscope.cli.options import format_option, labelled_corpora, level_option, on_workspace
from corpuscope.cli.stderr import say_awaiting, say_problems, say_stderr, with_progress
from corpuscope.errors import UsageError, nearest
from corpuscope.extras import require_extra
from corpuscope.session.workspace import Workspace
from corpuscope.text.quantities import quantity

if TYPE_CHECKING:
    from corpuscope.annotate.quality_filters import QualityFilters
    from corpuscope.annotate.verdicts import VerdictCache, Verdicts
    from corpuscope.domain.document import DocumentKey

Row = tuple[str, str, str, str]
"""Corpus, id, hash and text of a document."""

BATCH = 16
"""Verdicts that are cached together; as many are lost when the run is stopped."""


@click.command()
@labelled_corpora
@click.option(
    "--want",
    "wanted",
    multiple=True,
    metavar="CATEGORY",
    shell_complete=completion.categories,
    help="A category that you want to keep; adds what each filter removes of these and of the others. May be repeated.",
)
@documents_to_read
@format_option
@level_option
@on_workspace(annotator=False, labels_must_exist=True)
@click.pass_context
def filters(
    context: click.Context,
    workspace: Workspace,
    corpora: tuple[str, ...],
    wanted: tuple[str, ...],
    documents: tuple[tuple[str, int], ...],
    form: str,
    level: float,
) -> None:
    """Print what FineWeb's and C4's filters would remove.

    Five filters judge each labelled document, in datatrove's own code and with FineWeb's thresholds: Gopher repetition,
    Gopher quality, C4 as in FineWeb, FineWeb quality and the original C4. The table shows the share of every category
    that each would remove, and why. Corpora that lost their line breaks are left out, since the filters judge lines.

    Documents drawn ahead (pool, next:N) can be judged too: once you label such a document, the line below it says
    which filter would remove it.

    Needs the extra: pip install 'corpuscope[filters]'. Reads the labels folder and, for `next:N`, the
    corpus; writes tables to standard output, messages to standard error, and verdicts to the cache, so that a second
    run is quick.

    \b
    Examples:
      corpuscope filters c4
      corpuscope filters c4 --want Educational --want Forum
      corpuscope filters --format csv > filters.csv
    """
    require_extra("filters", "corpuscope filters")
    for category in wanted:
        if workspace.scheme.named(category) is None:
            raise UsageError(f"there is no category {category!r}", nearest(category, workspace.scheme.names))
    rows = _rows(workspace, corpora, documents)
    if not rows:
        raise nothing_to_read()
    from corpuscope.annotate.quality_filters import QualityFilters
    from corpuscope.annotate.verdicts import VerdictCache

    judges, cache = QualityFilters(), VerdictCache.in_folder(workspace.paths.cache)
    try:
        verdicts = _judged(rows, judges, cache)
    except KeyboardInterrupt:
        say_stderr("stopped; the same command resumes from there")
        context.exit(130)
    say_problems(workspace.ledger)
    if any(kind == "labelled" for kind, _ in documents):
        _print_tables(workspace, corpora, rows, verdicts, wanted, judges.version, form, level)
    else:
        say_stderr(
            f"{quantity(len(rows), 'document')} judged; what would remove one is shown once it is labelled"
        )


def _rows(workspace: Workspace, corpora: Sequence[str], documents: Sequence[tuple[str, int]]) -> list[Row]:
    """Return the documents to read, without those of corpora whose lines were joined, which it says."""
    from corpuscope.analysis.filter_effects import without_lines
    from corpuscope.annotate.documents import labelled_texts
    from corpuscope.domain.document import sha256_of

    decisions = workspace.ledger.decisions()
    rows: list[Row] = []
    for key in corpora_to_read(workspace, corpora):
        own: list[Row] = []
        lost = 0
        for kind, count in documents:
            if kind == "labelled":
                for decision, text in labelled_texts(decisions, [key], workspace.ledger.texts):
                    if text is None:
                        lost += 1
                        continue
                    sha256 = sha256_of(text)
                    own.append((key, decision.document_id, sha256, text))
                continue
            own += [(key, *document) for document in read_ahead(workspace, key, kind, count)]
        if lost:
            say_stderr(f"{key}: {quantity(lost, 'labelled document')} left out because of a damaged text")
        if reason := without_lines([text for *_, text in own]):
            say_stderr(f"{key} is left out: {reason}")
        else:
            rows += own
    return list({row[:2]: row for row in rows}.values())


def _judged(rows: Sequence[Row], judges: QualityFilters, cache: VerdictCache) -> dict[DocumentKey, Verdicts]:
    """Return the verdicts on documents; those of texts that were read before come from the cache."""
    verdicts = cache.read(judges.version)
    new = {sha256: text for _, _, sha256, text in rows if sha256 not in verdicts}
    waiting: list[tuple[str, Verdicts]] = []
    try:
        for sha256, text in with_progress(new.items(), len(new), "reading", step=4):
            verdicts[sha256] = judges.judge(text)
            waiting.append((sha256, verdicts[sha256]))
            if len(waiting) >= BATCH:
                cache.add(judges.version, waiting)
                waiting = []
    finally:
        cache.add(judges.version, waiting)
    return {(corpus, document): verdicts[sha256] for corpus, document, sha256, _ in rows}


def _print_tables(
    workspace: Workspace,
    corpora: Sequence[str],
    rows: Sequence[Row],
    verdicts: dict[DocumentKey, Verdicts],
    wanted: tuple[str, ...],
    version: str,
    form: str,
    level: float,
) -> None:
    from corpuscope.analysis.filter_effects import filter_effect
    from corpuscope.analysis.second_reader import human_labels
    from corpuscope.annotate.verdicts import FILTERS, removal_words, removed_by_fineweb
    from corpuscope.cli.output import print_result
    from corpuscope.report.quality_filter_tables import QualityFilterResult

    decisions = workspace.ledger.decisions()
    say_awaiting(decisions, workspace.scheme, corpora, look=1)
    labels = human_labels(decisions, workspace.scheme, corpora)
    categories = {document: label.category for document, label in labels.items() if document in verdicts}
    if not categories:
        raise UsageError(
            "there are no labelled documents that the filters can read", "label some: corpuscope label c4"
        )

    def words(reason: str | None) -> str | None:
        return removal_words(reason) if reason else reason

    readings = {
        name: {document: words(given.get(key)) for document, given in verdicts.items()}
        for key, name in FILTERS.items()
    }
    readings["any of FineWeb's"] = {
        document: words(removed_by_fineweb(given)) for document, given in verdicts.items()
    }
    names = workspace.scheme.names
    effects = tuple(
        filter_effect(name, categories, reasons, names, wanted, level=level)
        for name, reasons in readings.items()
    )
    counts = Counter(corpus for corpus, document, *_ in rows if (corpus, document) in categories)
    print_result(QualityFilterResult(effects, counts, wanted, version, level), form)
