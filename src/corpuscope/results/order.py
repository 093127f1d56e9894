"""Is the order inside a shard random, as a sample of its first rows takes for granted?"""

from collections.abc import Callable
from statistics import median

from corpuscope.corpora.source import Source
from corpuscope.results.checks import Check, State
from corpuscope.sampling.audit import OrderAudit, audit_order
from corpuscope.stats.p_values import p_in_words
from corpuscope.stats.uniformity import Uniformity, check_lengths


def audited(source: Source, on_row: Callable[[int], None] = lambda _: None) -> Check:
    """Reads the first shard once from end to end and compares its head with the rest.

    `on_row` is told how many rows were read. Nothing is read where every row can be drawn. Raises what the
    source raises, and CorpusError when the shard is all head.
    """
    manifest = source.manifest()
    name = f"{source.corpus.key} order"
    if manifest.head is None:
        return Check(name, State.OK, "every row can be drawn, so the order inside the files does not matter")
    return judged(name, audit_order(source, 0, on_row=on_row))


def judged(name: str, audit: OrderAudit) -> Check:
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
