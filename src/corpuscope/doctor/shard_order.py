"""Is the order inside a shard random? Its first rows beside all others, as a sample of them takes for granted."""

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


@runtime_checkable
class Streams(Protocol):
    """A source that can read a whole shard from its start, beyond the rows that can be drawn."""

    def stream(self, shard: int) -> Iterator[Row]:
        """Every row of the shard in stored order. Raises like `Source.fetch`."""
        ...


@dataclass(frozen=True, slots=True)
class OrderAudit:
    """Two groups of one shard whose lengths come from one distribution if its order is random."""

    shard: str
    """Name of the shard."""
    head: Sequence[int]
    """Characters of each document that can be drawn, in stored order."""
    rest: Sequence[int]
    """Characters of every other document, in stored order."""


def audit_order(
    source: Source, shard: int, *, head: int | None = None, on_row: Callable[[int], None] = lambda _: None
) -> OrderAudit:
    """Streams one shard once and measures its documents; `on_row` is told how many were read.

    The head is what the manifest limits draws to, or `head` rows where it sets no limit (a tenth by default).
    Raises CorpusError when the source cannot be streamed or the shard holds nothing beyond its head, and what
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
    """Reads the first shard once from end to end and compares its head with the rest.

    `on_row` is told how many rows were read. Nothing is read where every row can be drawn. Raises what the
    source raises, and CorpusError when the shard is all head.
    """
    manifest = source.manifest()
    name = f"{source.corpus.key} order"
    if manifest.prefix_rows is None:
        return Check(name, State.OK, "every row can be drawn, so the order inside the files does not matter")
    return order_audit_check(name, audit_order(source, 0, on_row=on_row))


def order_audit_check(name: str, audit: OrderAudit) -> Check:
    """What the two groups of lengths say."""
    found = check_lengths(audit.head, audit.rest)
    compared = (
        f"{audit.shard}: the first {len(audit.head):,} documents (median {median(audit.head):,.0f} characters) and "
        f"the {len(audit.rest):,} after them (median {median(audit.rest):,.0f})"
    )
    measured = f"(KS D = {found.statistic:.3f}, {p_in_words(found.p)})"
    match found.verdict:
        case Uniformity.OK:
            # Smirnov's critical value at 5 %
            gross = 1.36 * (1 / len(audit.head) + 1 / len(audit.rest)) ** 0.5
            message = f"{compared} are alike in length {measured}; a D below {gross:.2f} would not show"
            return Check(name, State.OK, message)
        case Uniformity.SUSPICIOUS:
            hint = "one file in a hundred looks like this by chance: compare another sample of the corpus"
            return Check(name, State.WARNING, f"{compared} may differ in length {measured}", hint)
        case _:
            hint = "the order is not random, and a sample of first rows is not one of the corpus: say so"
            return Check(name, State.ERROR, f"{compared} differ in length {measured}", hint)
