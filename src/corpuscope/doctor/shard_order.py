"""Check whether the order inside a shard is random, as a sample of its first rows assumes."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Protocol, runtime_checkable

from corpuscope.corpora.source import Row, Source
from corpuscope.doctor.checks import Check, State
from corpuscope.errors import CorpusError
from corpuscope.stats.p_values import p_in_words
from corpuscope.stats.uniformity import Uniformity, check_lengths

SMIRNOV = 1.36
"""Smirnov's critical value at 5 %: the limit of D at which large samples of one distribution differ (Smirnov 1948)."""


@runtime_checkable
class Streams(Protocol):
    """A source that can read a whole shard from its start, beyond the rows that can be drawn."""

    def stream(self, shard: int) -> Iterator[Row]:
        """Yield every row of the shard in stored order. Raises what `Source.fetch` raises."""
        ...


@dataclass(frozen=True, slots=True)
class OrderAudit:
    """The lengths of two groups of documents of one shard, equal in distribution if its order is random."""

    shard: str
    """Name of the shard."""
    head: Sequence[int]
    """Characters of each document that can be drawn, in stored order."""
    rest: Sequence[int]
    """Characters of every other document, in stored order."""


def audit_order(
    source: Source, shard: int, *, head: int | None = None, on_row: Callable[[int], None] = lambda _: None
) -> OrderAudit:
    """Stream one shard and measure the length of each of its documents.

    The head holds the rows to which the manifest limits draws, or `head` rows where it sets no limit (a tenth
    by default). `on_row` receives the number of rows read so far.

    Raises CorpusError when the source cannot be streamed or the shard has no rows beyond its head, and what
    the source raises.
    """
    manifest = source.manifest()
    name = manifest.shards[shard].name
    if not isinstance(source, Streams):
        raise CorpusError(
            f"{source.corpus.key} cannot be read from start to end, so its order is not audited"
        )
    lengths = array("Q")
    for row in source.stream(shard):
        lengths.append(sum(len(text) for _, text in row.text))
        on_row(len(lengths))
    split = manifest.prefix_rows or head or len(lengths) // 10
    if not 0 < split < len(lengths):
        raise CorpusError(f"{name} has {len(lengths):,} rows: too few beyond its first {split:,} to compare")
    return OrderAudit(name, lengths[:split], lengths[split:])


def shard_order_check(source: Source, on_row: Callable[[int], None] = lambda _: None) -> Check:
    """Read the first shard from start to end and compare the lengths in its head with the rest.

    `on_row` receives the number of rows read so far. Nothing is read when every row can be drawn. Raises what
    the source raises, and CorpusError when the shard has no rows beyond its head.
    """
    manifest = source.manifest()
    name = f"{source.corpus.key} order"
    if manifest.prefix_rows is None:
        return Check(name, State.OK, "every row can be drawn, so the order inside the files does not matter")
    return order_audit_check(name, audit_order(source, 0, on_row=on_row))


def order_audit_check(name: str, audit: OrderAudit) -> Check:
    """Return the check that compares the two groups of lengths (two-sample Kolmogorov-Smirnov)."""
    result = check_lengths(audit.head, audit.rest)
    compared = (
        f"{audit.shard}: the first {len(audit.head):,} documents (median {median(audit.head):,.0f} characters) and "
        f"the {len(audit.rest):,} after them (median {median(audit.rest):,.0f})"
    )
    measured = f"(KS D = {result.statistic:.3f}, {p_in_words(result.p)})"
    match result.verdict:
        case Uniformity.OK:
            critical = SMIRNOV * (1 / len(audit.head) + 1 / len(audit.rest)) ** 0.5
            limit = f"a D below {critical:.2f} would not be detected"
            message = f"{compared} show no difference in length {measured}; {limit}"
            return Check(name, State.OK, message)
        case Uniformity.SUSPICIOUS:
            hint = "by chance, one file in a hundred looks like this: compare another sample of the corpus"
            return Check(name, State.WARNING, f"{compared} may differ in length {measured}", hint)
        case _:
            hint = "the order is not random: state with any result that a sample of first rows is not one of the corpus"
            return Check(name, State.ERROR, f"{compared} differ in length {measured}", hint)
