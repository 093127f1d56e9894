"""Tables of summaries, with the same cells for a screen, a terminal, Markdown and CSV."""

from __future__ import annotations

from dataclasses import dataclass

from corpuscope.stats.distribution import Share
from corpuscope.stats.summary import CorpusSummary, Summary

PLANNED = ("wilson", "goodman")
"""Interval methods whose own width a budget aims at; for the others it aims at Wilson's, which the words then name."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of formatted cells with its title, caption, findings and warnings."""

    title: str
    """Title above the table."""
    columns: tuple[str, ...]
    """Headings; the first column is text, the others are numbers unless `prose` is set."""
    rows: tuple[tuple[str, ...], ...]
    """One tuple of cells per row."""
    caption: tuple[str, ...]
    """Parts of the line under the table: n, source, seed, method, level."""
    findings: tuple[str, ...] = ()
    """Conclusions from the cells, in a few words each."""
    warnings: tuple[str, ...] = ()
    """Reasons to doubt the cells, in sentences."""
    prose: bool = False
    """True when every column is text."""


def corpus_table(summary: CorpusSummary, to: float | None = None) -> Table:
    """Make the table of shares of one corpus, a row per category.

    `to` adds the labels needed for this half-width, as a fraction; None adds nothing.
    """
    shares = summary.distribution
    columns = ("category", "labels", "share", f"{100 * shares.level:g} % interval", "±", "rank")
    rows = tuple(
        (
            share.category,
            f"{share.count:,}",
            _percent(share, shares.n),
            interval_words(share, shares.n),
            f"{100 * share.interval.half_width:.1f} pp" if shares.n else "",
            rank_words(share) if shares.n else "",
        )
        for share in shares.shares
    )
    budget = () if to is None else (budget_words(summary, to),)
    return Table(summary.corpus, columns, rows, (*summary.caption, *_skips_and_bookmarks(summary)), budget)


def lengths_table(summary: CorpusSummary) -> Table:
    """Make the table of document lengths of one corpus in characters, a row per category."""
    columns = ("category", "labels", "a quarter below", "half below", "three quarters below")
    rows = []
    for share, lengths in zip(summary.distribution.shares, summary.lengths, strict=True):
        quartiles = (lengths.lower, lengths.median, lengths.upper) if lengths else ()
        cells = [f"{length:,.0f}" for length in quartiles] or [""] * 3
        rows.append((share.category, f"{share.count:,}", *cells))
    n = f"n = {summary.distribution.n:,}"
    caption = (n, "lengths in characters, of the documents labelled")
    return Table(f"{summary.corpus}: lengths", columns, tuple(rows), caption)


def side_by_side(summary: Summary) -> Table:
    """Make the table of shares of all corpora, a row per category and a column per corpus."""
    columns = ("category", *(corpus.corpus for corpus in summary.corpora))
    distributions = [corpus.distribution for corpus in summary.corpora]
    categories = distributions[0].categories if distributions else ()
    rows = [
        (
            category,
            *(share_cell(shares.shares[i], shares.n) for shares in distributions),
        )
        for i, category in enumerate(categories)
    ]
    rows.append(("labels", *(f"{shares.n:,}" for shares in distributions)))
    if any(round(shares.n_effective) < shares.n for shares in distributions):
        rows.append(("count as", *(f"{shares.n_effective:,.0f}" for shares in distributions)))
    method = distributions[0].method if distributions else ""
    caption = (
        f"percent with {100 * summary.level:g} % interval ({method})",
        f"shares of {summary.weighting}",
    )
    return Table("side by side", columns, tuple(rows), caption)


def interval_words(share: Share, n: int) -> str:
    """Format an interval in percent: "25.4 to 74.6 %", or "at most 1.9 %" for a share of 0."""
    low, high = 100 * share.interval.low, 100 * share.interval.high
    if n == 0:
        return ""
    return f"at most {high:.1f} %" if share.share == 0 else f"{low:.1f} to {high:.1f} %"


def rank_words(share: Share) -> str:
    """Format the rank of a share: "1", or "tied 2-4" where the labels do not separate it from others."""
    best, worst = share.ranks
    return str(best) if best == worst else f"tied {best}-{worst}"


def share_cell(share: Share, n: int) -> str:
    """Format a share with its interval in percent, for one cell: "8.5 (5.4-13.2)"."""
    if n == 0:
        return "no labels"
    if share.share == 0:
        return f"0 (at most {100 * share.interval.high:.1f})"
    low, high = 100 * share.interval.low, 100 * share.interval.high
    return f"{100 * share.share:.1f} ({low:.1f}-{high:.1f})"


def budget_words(summary: CorpusSummary, half_width: float) -> str:
    """State the labels and time until every share has this half-width: "to ±3 pp: 777 more labels (980 in all)"."""
    budget = summary.budget_for(half_width)
    aim = f"±{100 * half_width:g} pp"
    if summary.distribution.kind not in PLANNED:
        aim += " by Wilson's interval"
    if budget.left == 0:
        return f"{aim} reached (it takes {budget.labels:,})"
    words = f"to {aim}: {budget.left:,} more label{'s' * (budget.left != 1)} ({budget.labels:,} in all)"
    if budget.minutes is None or summary.seconds_per_label is None:
        return f"{words}; time unknown before there is a pace"
    return f"{words}, about {duration_words(budget.minutes)} at {summary.seconds_per_label:.0f} s a label"


def duration_words(minutes: float) -> str:
    """Format a duration given in minutes: "40 min", "3.5 h"."""
    return f"{max(minutes, 1):.0f} min" if minutes < 90 else f"{minutes / 60:,.1f} h"


def _percent(share: Share, n: int) -> str:
    if n == 0:
        return ""
    return "0" if share.share == 0 else f"{100 * share.share:.1f} %"


def _skips_and_bookmarks(summary: CorpusSummary) -> tuple[str, ...]:
    parts = []
    if summary.skips:
        parts.append(f"{summary.skips:,} skipped, not counted")
    if summary.bookmarks:
        parts.append(f"{summary.bookmarks:,} bookmarked")
    return tuple(parts)
