"""Summaries as tables of words: what a screen, a terminal, Markdown and CSV all print, cell for cell."""

from dataclasses import dataclass

from corpuscope.stats.distribution import Share
from corpuscope.stats.summary import CorpusSummary, Summary

PLANNED = ("wilson", "goodman")
"""Intervals whose own width the labels are planned for; for the others it is Wilson's, and that is said."""


@dataclass(frozen=True, slots=True)
class Table:
    """Cells and what has to be said with them."""

    title: str
    """What it is about."""
    columns: tuple[str, ...]
    """Headings; the first column is text, the others are numbers unless `prose` says otherwise."""
    rows: tuple[tuple[str, ...], ...]
    """One tuple of cells per row."""
    caption: tuple[str, ...]
    """n, source, seed, method, level: parts of the line under the table."""
    findings: tuple[str, ...] = ()
    """What follows from the cells, in a few words each."""
    warnings: tuple[str, ...] = ()
    """Sentences that have to be read before the cells are believed."""
    prose: bool = False
    """True when every column is text."""


def corpus_table(summary: CorpusSummary, to: float | None = None) -> Table:
    """One corpus: a row per category. `to` is a half-width to plan for, as a fraction."""
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
    plan = () if to is None else (plan_words(summary, to),)
    return Table(summary.corpus, columns, rows, (*summary.caption, *_set_apart(summary)), plan)


def lengths_table(summary: CorpusSummary) -> Table:
    """How long the documents of one corpus are, in characters: a row per category."""
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
    """All corpora: a row per category, a column per corpus."""
    columns = ("category", *(each.corpus for each in summary.corpora))
    categories = summary.corpora[0].distribution.categories if summary.corpora else ()
    rows = [
        (
            category,
            *(share_cell(each.distribution.shares[i], each.distribution.n) for each in summary.corpora),
        )
        for i, category in enumerate(categories)
    ]
    rows.append(("labels", *(f"{each.distribution.n:,}" for each in summary.corpora)))
    if any(round(each.distribution.n_effective) < each.distribution.n for each in summary.corpora):
        rows.append(("count as", *(f"{each.distribution.n_effective:,.0f}" for each in summary.corpora)))
    method = summary.corpora[0].distribution.method if summary.corpora else ""
    caption = (
        f"percent with {100 * summary.level:g} % interval ({method})",
        f"shares of {summary.weighting}",
    )
    return Table("side by side", columns, tuple(rows), caption)


def interval_words(share: Share, n: int) -> str:
    """The interval in percent; a category never met in words."""
    low, high = 100 * share.interval.low, 100 * share.interval.high
    if n == 0:
        return ""
    return f"at most {high:.1f} %" if share.share == 0 else f"{low:.1f} to {high:.1f} %"


def rank_words(share: Share) -> str:
    """The rank the labels support: "1", or "tied 2-4" where others cannot be told apart from it."""
    best, worst = share.ranks
    return str(best) if best == worst else f"tied {best}-{worst}"


def share_cell(share: Share, n: int) -> str:
    """Share and interval in percent, in one cell of a table of several corpora."""
    if n == 0:
        return "no labels"
    if share.share == 0:
        return f"0 (at most {100 * share.interval.high:.1f})"
    low, high = 100 * share.interval.low, 100 * share.interval.high
    return f"{100 * share.share:.1f} ({low:.1f}-{high:.1f})"


def plan_words(summary: CorpusSummary, half_width: float) -> str:
    """Labels and time until every share is within +- `half_width`: "to ±3 pp: 777 more labels, about 2 h"."""
    plan = summary.budget_for(half_width)
    aim = f"±{100 * half_width:g} pp"
    if summary.distribution.kind not in PLANNED:
        aim += " by Wilson's interval"
    if plan.left == 0:
        return f"{aim} reached (it takes {plan.labels:,})"
    words = f"to {aim}: {plan.left:,} more label{'s' * (plan.left != 1)} ({plan.labels:,} in all)"
    if plan.minutes is None or summary.seconds_per_label is None:
        return f"{words}; time unknown before there is a pace"
    return f"{words}, about {duration_words(plan.minutes)} at {summary.seconds_per_label:.0f} s a label"


def duration_words(minutes: float) -> str:
    """Minutes as people say them: "40 min", "3.5 h"."""
    return f"{max(minutes, 1):.0f} min" if minutes < 90 else f"{minutes / 60:,.1f} h"


def _percent(share: Share, n: int) -> str:
    if n == 0:
        return ""
    return "0" if share.share == 0 else f"{100 * share.share:.1f} %"


def _set_apart(summary: CorpusSummary) -> tuple[str, ...]:
    parts = []
    if summary.skips:
        parts.append(f"{summary.skips:,} skipped, not counted")
    if summary.bookmarks:
        parts.append(f"{summary.bookmarks:,} bookmarked")
    return tuple(parts)
