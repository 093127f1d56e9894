"""The option --documents: which labelled documents, or documents drawn ahead, a machine reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import click

from corpuscope.cli.sample import sample_progress
from corpuscope.cli.stderr import say_stderr
from corpuscope.errors import CorpusError, UsageError, nearest
from corpuscope.session.workspace import Workspace
from corpuscope.text.quantities import quantity

if TYPE_CHECKING:
    from corpuscope.sampling.pool import Pool


def documents_option(
    _context: click.Context, option: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, int], ...]:
    """Parse what to read: labelled, pool, or next:N. Raises click.BadParameter."""
    parsed = []
    for value in values:
        kind, colon, number = value.partition(":")
        if kind == "next" and re.fullmatch("[0-9]{1,9}", number) and int(number):
            parsed.append((kind, int(number)))
        elif kind in ("labelled", "pool") and not colon:
            parsed.append((kind, 0))
        else:
            raise click.BadParameter(
                f"{value!r} is not labelled, pool or next:N, as in next:2000", param=option
            )
    return tuple(dict.fromkeys(parsed))


documents_to_read = click.option(
    "--documents",
    multiple=True,
    default=("labelled",),
    show_default=True,
    callback=documents_option,
    metavar="WHICH",
    help="labelled, pool (those that `corpuscope estimate` drew), or next:N (the next N of the plan that "
    "nobody labelled). May be repeated.",
)
"""--documents: what a machine reads."""


def nothing_to_read() -> UsageError:
    """Return the error for a choice of documents that is empty."""
    return UsageError("there is no document to read", "label some, or name others: --documents next:200")


def corpora_to_read(workspace: Workspace, corpora: Sequence[str]) -> tuple[str, ...]:
    """Return the corpora named, or all with labels. Raises CorpusError for one without labels and plan."""
    labelled, plan = workspace.ledger.decisions().corpora(), workspace.plan.read()
    names = dict.fromkeys((*labelled, *(plan.corpora if plan else ())))
    for name in corpora:
        if name not in names:
            hint = nearest(name, names) if names else f"open it once: corpuscope label {name}"
            raise CorpusError(f"{name!r} is neither labelled nor planned", hint)
    return tuple(corpora) or labelled


def read_ahead(workspace: Workspace, corpus: str, kind: str, count: int) -> Iterator[tuple[str, str, str]]:
    """Yield id, text hash and text of the documents drawn ahead of labelling that nobody decided on.

    `kind` and `count` are those of `drawn_ahead`. Of `next` at most `count` are yielded, and fewer are said. Raises
    like `drawn_ahead`.
    """
    from corpuscope.annotate.documents import pool_texts

    decided = {decision.document_id for decision in workspace.ledger.decisions().by_draw([corpus])}
    pools = drawn_ahead(workspace, corpus, kind, count)
    documents = (document for pool in pools for document in pool_texts(pool, decided))
    if kind != "next":
        yield from documents
        return
    read = 0
    for document in islice(documents, count):
        read += 1
        yield document
    if read < count:
        say_stderr(f"{corpus} has {quantity(read, 'further document')}, not {count:,}")


def drawn_ahead(workspace: Workspace, corpus: str, kind: str, count: int) -> tuple[Pool, ...]:
    """Return what holds documents of a corpus that were drawn ahead of labelling.

    For `pool` that is its pool, for `drawn` everything there is, and for `next` what holds its next `count`
    documents, drawn if they are not yet. Raises UsageError when there is no pool, and for one of another plan.
    """
    from corpuscope.sampling.pool import find_pool, pool_path
    from corpuscope.session.study_pools import draw_next, drawn_pools

    if kind == "drawn":
        return _of_plan(workspace, corpus, drawn_pools(workspace.paths.labels, corpus))
    if kind == "pool":
        pool = find_pool(pool_path(workspace.paths.labels, corpus))
        if pool is None:
            raise UsageError(
                f"{corpus} has no pool yet",
                f"draw one: corpuscope estimate {corpus}, or use --documents next:2000",
            )
        return _of_plan(workspace, corpus, (pool,))
    progress = sample_progress(f"next of {corpus}", count, screen_is_free=True)
    with progress:
        return draw_next(
            workspace.ledger.decisions(),
            workspace.plan.read(),
            corpus,
            labels=workspace.paths.labels,
            cache=workspace.paths.cache,
            count=count,
            on_document=progress.document,
            on_status=progress.status,
        )


def _of_plan(workspace: Workspace, corpus: str, pools: tuple[Pool, ...]) -> tuple[Pool, ...]:
    """Return the pools. Raises UsageError for one that does not hold draws of the plan: its documents count nowhere."""
    from corpuscope.sampling.pool import why_not_of_plan

    plan = workspace.plan.read()
    for pool in pools:
        planned = plan.corpora.get(corpus) if plan else None
        if reason := why_not_of_plan(pool, planned, plan.seed if plan else 0):
            raise UsageError(reason)
    return pools
