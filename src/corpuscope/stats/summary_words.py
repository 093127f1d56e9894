"""Warnings and parts of the caption of a summary: precision, readings, design."""

from __future__ import annotations

from collections.abc import Mapping

from corpuscope.stats.distribution import Distribution
from corpuscope.stats.finite import CENSUS
from corpuscope.stats.sample import Provenance, Sample
from corpuscope.text.quantities import inflected, listed, quantity


def skipped_words(shares: Distribution) -> str:
    """State what the shares are of where documents were skipped; "" where none was."""
    return f"of the documents not skipped ({shares.skipped:,} skipped)" if shares.skipped else ""


def precision_words(shares: Distribution) -> tuple[str, ...]:
    """State level and method of the intervals, the widest one, and the rule of the ranks."""
    if shares.pending:
        return (f"{100 * shares.level:g} % {shares.method}",)
    if shares.is_census:
        return (f"{CENSUS} ({shares.shown:,}): shares are exact",)
    level = f"{100 * shares.level:g} %"
    return (
        f"{level} intervals ({shares.method})",
        f"widest interval ±{100 * shares.half_width:.1f} pp",
        f"ranks tied unless an exact binomial test of the two counts separates them at {level}",
    )


def skips_warning(skipped: Mapping[str, Distribution]) -> str:
    """State how many documents of these corpora, by name, were skipped and how far these could move a share."""
    words = [
        f"{shares.skipped:,} of {shares.shown:,} {'documents ' * (i == 0)}of {corpus}"
        for i, (corpus, shares) in enumerate(skipped.items())
    ]
    rates = [f"({100 * shares.skip_rate:.1f} %)" for shares in skipped.values()]
    if len(words) == 1:
        verb = inflected(next(iter(skipped.values())).skipped, "was", "were")
        head = f"{words[0]} {verb} skipped {rates[0]}"
    else:
        head = f"{listed([f'{text} {rate}' for text, rate in zip(words, rates, strict=True)])} were skipped"
    unknown = [corpus for corpus, shares in skipped.items() if not shares.has_bounds]
    moved = {
        corpus: shares.skips_move
        for corpus, shares in skipped.items()
        if shares.has_bounds and not shares.pending
    }
    sentences = [f"{head}: shares and intervals are of the documents that were not skipped."]
    if moved:
        most = listed(
            [f"{100 * by:.1f} points{f' in {name}' * (len(skipped) > 1)}" for name, by in moved.items()]
        )
        sentences.append(f"The skipped ones could move a share by at most {most}.")
    if unknown:
        of = f" of {listed(unknown)}" if len(skipped) > 1 else ""
        sentences.append(
            f"How far the skipped ones{of} could move them is not known, since documents do not count alike."
        )
    return " ".join(sentences)


def not_random_warning(source: Provenance) -> str:
    """Warn of a sample that is not known to be random; "" for a random one."""
    if source.random:
        return ""
    return f"{source.design}. Intervals and verdicts would hold if it were a random sample."


def mixed_readings_warning(source: Provenance, n: int) -> str:
    """Warn of shares that mix documents read by one, by several and decided finally; "" where they do not."""
    majority, single = source.by_majority, n - source.by_majority - source.settled
    kinds = [
        f"{quantity(count, 'document')} by {rule}"
        for count, rule in (
            (single, "one reader"),
            (majority, "the majority of their readers"),
            (source.settled, "final decision"),
        )
        if count
    ]
    if len(kinds) < 2:
        return ""
    partial = (
        " Final decisions are partial: they do not stand for the truth of the others."
        if source.settled
        else ""
    )
    return (
        f"{', '.join(kinds)}: shares as read in this mixture, which no single reader and no final decision would "
        f"give; the intervals cover the draw only.{partial}"
    )


def aggregation_words(source: Provenance) -> str:
    """State the rule by which documents with several labels or a final decision count; "" when there are none."""
    several = source.shared - source.by_majority
    rule = f"{several:,} by final decision, else " if several else "by "
    counts = f"count{'s' * (source.shared == 1)} once ({rule}majority, else first label)"
    alone = source.settled - several
    parts = (
        source.shared and f"{quantity(source.shared, 'document')} read by several {counts}",
        alone and f"{quantity(alone, 'document')} of one reader by final decision",
    )
    return ", ".join(part for part in parts if part)


def design_words(sample: Sample) -> str:
    """Describe how a sample was drawn."""
    drawn = "simple random sample" if sample.weights is None else "unequal inclusion probabilities"
    if sample.substitutes:
        drawn += f", {sample.substitutes:,} of {sample.n:,} standing in for documents that could not be drawn"
    return drawn
