"""Summaries as tables of words: what a screen, a terminal, Markdown and CSV all print, cell for cell."""

from dataclasses import dataclass

from corpuscope.stats.distribution import Share
from corpuscope.stats.summary import CorpusSummary, Summary


@dataclass(frozen=True, slots=True)
class Table:
    """Cells and what has to be said with them."""

    title: str
    """What it is about."""
    columns: tuple[str, ...]
    """Headings; the first column is text, the others are numbers."""
    rows: tuple[tuple[str, ...], ...]
    """One tuple of cells per row."""
    caption: tuple[str, ...]
    """n, source, seed, method, level: parts of the line under the table."""


SHARES = ("category", "labels", "share", "95 % interval", "+-", "rank")
"""Headings of a corpus's own table; the level in the fourth is that of the summary."""


def corpus_table(summary: CorpusSummary) -> Table:
    """One corpus: a row per category."""
    shares = summary.distribution
    heading = f"{100 * shares.level:g} % interval"
    columns = tuple(heading if name == SHARES[3] else name for name in SHARES)
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
    return Table(summary.corpus, columns, rows, (*summary.caption, *_set_apart(summary)))


def side_by_side(summary: Summary) -> Table:
    """All corpora: a row per category, a column per corpus."""
    columns = ("category", *(each.corpus for each in summary.corpora))
    categories = summary.corpora[0].distribution.categories if summary.corpora else ()
    rows = [
        (category, *(_cell(each.distribution.shares[i], each.distribution.n) for each in summary.corpora))
        for i, category in enumerate(categories)
    ]
    rows.append(("labels", *(f"{each.distribution.n:,}" for each in summary.corpora)))
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
    """The rank the labels support: "1", or "2-4" where it is tied."""
    best, worst = share.ranks
    return str(best) if best == worst else f"{best}-{worst}"


def _percent(share: Share, n: int) -> str:
    if n == 0:
        return ""
    return "0" if share.share == 0 else f"{100 * share.share:.1f} %"


def _cell(share: Share, n: int) -> str:
    if n == 0:
        return "no labels"
    if share.share == 0:
        return f"0 (at most {100 * share.interval.high:.1f})"
    low, high = 100 * share.interval.low, 100 * share.interval.high
    return f"{100 * share.share:.1f} ({low:.1f}-{high:.1f})"


def _set_apart(summary: CorpusSummary) -> tuple[str, ...]:
    parts = []
    if summary.skips:
        parts.append(f"{summary.skips:,} skipped, not counted")
    if summary.bookmarks:
        parts.append(f"{summary.bookmarks:,} bookmarked")
    return tuple(parts)
