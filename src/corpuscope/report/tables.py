"""Tables of summaries, with the same cells for a screen, a terminal, Markdown and CSV."""

from __future__ import annotations

from dataclasses import dataclass, replace

from corpuscope.stats.distribution import Distribution, Share
from corpuscope.stats.finite import CENSUS
from corpuscope.stats.intervals import Interval
from corpuscope.stats.planning import SURE
from corpuscope.stats.summary import CorpusSummary, Summary
from corpuscope.text.quantities import duration, label_pace, listed, quantity


@dataclass(frozen=True, slots=True)
class Table:
    """A table of formatted cells with its title, caption, findings and warnings."""

    title: str
    """Title above the table."""
    columns: tuple[str, ...]
    """Headings; the first column is text, the others are numbers unless `prose` or `text_columns` say so."""
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
    text_columns: tuple[str, ...] = ()
    """Headings of further columns that are text."""
    groups: tuple[str, ...] = ()
    """Headings over the columns after the first one, which have as many columns each; empty without any."""

    @property
    def flat(self) -> Table:
        """The table without groups: their headings are part of those of the columns."""
        if not self.groups:
            return self
        size = (len(self.columns) - 1) // len(self.groups)
        columns = (f"{self.groups[i // size]} {name}" for i, name in enumerate(self.columns[1:]))
        return replace(self, columns=(self.columns[0], *columns), groups=())

    @property
    def is_text(self) -> tuple[bool, ...]:
        """Whether each column is text, and so aligned to the left."""
        return tuple(self.prose or i == 0 or name in self.text_columns for i, name in enumerate(self.columns))


BOUNDS = "bounds: the share if none, or all, of the documents without a label were of the category"
"""Part of the caption of a table with bounds."""


def corpus_table(summary: CorpusSummary, to: float | None = None, *, bounds: bool | None = None) -> Table:
    """Make the table of shares of one corpus, a row per category.

    `to` adds the labels needed for this half-width, as a fraction; None adds nothing. `bounds` adds the column of
    bounds; None where they matter.
    """
    shares = summary.distribution
    with_bounds = summary.with_bounds if bounds is None else bounds
    level = f"{100 * shares.level:g} % interval"
    columns = ("category", "labels", "share", level, *(["bounds"] if with_bounds else []), "rank")
    rows = tuple(
        (
            share.category,
            f"{share.count:,}",
            share_words(share, shares),
            interval_words(share, shares.n + shares.pending),
            *([bounds_words(share)] if with_bounds else []),
            rank_words(share) if shares.n and not shares.pending else "",
        )
        for share in shares.shares
    )
    budget = () if to is None or shares.pending else (budget_words(summary, to),)
    caption = (*summary.caption, *((BOUNDS,) if with_bounds else ()), *_bookmarks(summary))
    return Table(summary.corpus, columns, rows, caption, budget, summary.warnings)


def lengths_table(summary: CorpusSummary) -> Table:
    """Make the table of document lengths of one corpus in characters, a row per category."""
    columns = ("category", "labels", "25th percentile", "median", "75th percentile")
    rows = []
    for share, lengths in zip(summary.distribution.shares, summary.lengths, strict=True):
        quartiles = (lengths.lower, lengths.median, lengths.upper) if lengths else ()
        cells = [f"{length:,.0f}" for length in quartiles] or [""] * 3
        rows.append((share.category, f"{share.count:,}", *cells))
    n = f"n = {summary.distribution.n:,}"
    caption = (n, "lengths in characters, of the documents labelled")
    return Table(f"{summary.corpus}: lengths", columns, tuple(rows), caption)


def side_by_side(summary: Summary) -> Table:
    """Make the table of shares of all corpora, a row per category and a column per corpus.

    It has no warnings: it follows the tables of the corpora, which have them.
    """
    columns = ("category", *(corpus.corpus for corpus in summary.corpora))
    distributions = [corpus.distribution for corpus in summary.corpora]
    categories = distributions[0].categories if distributions else ()
    rows = [
        (
            category,
            *(share_cell(shares.shares[i], shares) for shares in distributions),
        )
        for i, category in enumerate(categories)
    ]
    rows.append(("labels", *(f"{shares.n:,}" for shares in distributions)))
    if any(round(shares.n_effective) < shares.n for shares in distributions):
        rows.append(("count as", *(f"{shares.n_effective:,.0f}" for shares in distributions)))
    caption = (
        f"percent with {100 * summary.level:g} % interval ({methods_words(summary)})",
        f"shares of {summary.weighting}",
    )
    return Table("side by side", columns, tuple(rows), caption)


def numbers_table(summary: Summary) -> Table:
    """Make the table of labels, shares and intervals of all corpora, with a group of columns per corpus."""
    distributions = [corpus.distribution for corpus in summary.corpora]
    rows = [
        (
            category,
            *(
                cell
                for shares in distributions
                for cell in (
                    f"{shares.shares[i].count:,}",
                    share_words(shares.shares[i], shares).removesuffix(" %"),
                    interval_words(shares.shares[i], shares.n + shares.pending).removesuffix(" %"),
                )
            ),
        )
        for i, category in enumerate(distributions[0].categories)
    ]
    rows.append(("labels", *(cell for shares in distributions for cell in (f"{shares.n:,}", "", ""))))
    level = f"{100 * summary.level:g} % interval"
    caption = (
        f"shares of {summary.weighting} in percent",
        f"intervals {methods_words(summary)}",
        *_rounding(summary),
    )
    columns = ("category", *("n", "%", level) * len(distributions))
    groups = tuple(corpus.corpus for corpus in summary.corpora)
    return Table("Shares of all corpora", columns, tuple(rows), caption, groups=groups)


def methods_words(summary: Summary) -> str:
    """Name the method of the intervals, by corpus where they differ: "web: Wilson; demo: every document was read"."""
    methods = {corpus.corpus: corpus.distribution.method for corpus in summary.corpora}
    if len(set(methods.values())) <= 1:
        return "".join(set(methods.values()))
    return "; ".join(f"{corpus}: {method}" for corpus, method in methods.items())


def _rounding(summary: Summary) -> tuple[str, ...]:
    """Say to what the rounded shares add up where that is not 100."""
    sums = {
        corpus.corpus: round(sum(round(100 * share.share, 1) for share in corpus.distribution.shares), 1)
        for corpus in summary.corpora
        if corpus.distribution.n and not corpus.distribution.pending
    }
    uneven = [f"{total:.1f} in {corpus}" for corpus, total in sums.items() if total != 100]
    return (f"rounded, so the shares add up to {listed(uneven)}",) if uneven else ()


def interval_words(share: Share, n: int) -> str:
    """Format an interval in percent: "25.4 to 74.6 %", "at most 1.9 %" for a share of 0, "exact" for a census."""
    return ends_words(share.interval) if n else ""


def ends_words(interval: Interval) -> str:
    """Format the interval of a share in percent, as `interval_words` does."""
    low, high = 100 * interval.low, 100 * interval.high
    if interval.is_exact:
        return "exact"
    if interval.low == 0:
        return f"at most {high:.1f} %"
    return f"at least {low:.1f} %" if interval.high == 1 else range_words(interval.low, interval.high)


def range_words(low: float, high: float) -> str:
    """Format two fractions in percent: "39.1 to 45.9 %"."""
    return f"{100 * low:.1f} to {100 * high:.1f} %"


def points(difference: float) -> str:
    """Format a difference of shares in signed percentage points: "+11.7"; "0.0" has no sign."""
    rounded = round(100 * difference, 1)
    return f"{rounded:+.1f}" if rounded else "0.0"


def points_range(interval: Interval) -> str:
    """Format the interval of a difference in percentage points: "+3.8 to +19.6", "exact" without a width."""
    return "exact" if interval.is_exact else f"{points(interval.low)} to {points(interval.high)}"


def signed_points(difference: float) -> str:
    """Format a difference like `points`, with the minus sign of print: "−7.3"."""
    return points(difference).replace("-", "−")


def signed_range(interval: Interval) -> str:
    """Format the interval of a difference like `points_range`, with the minus sign of print: "−7.3 to +1.2"."""
    return points_range(interval).replace("-", "−")


def share_words(share: Share, shares: Distribution) -> str:
    """Format a share in percent, "0" and "all" in words; "0 to 36 %" where labels await a new reading."""
    if shares.pending:
        return range_words(share.share, share.share + shares.pending_share)
    if shares.n == 0:
        return ""
    return fraction_words(share.share)


def fraction_words(fraction: float) -> str:
    """Format a fraction in percent, "0" and "all" in words."""
    if fraction in (0, 1):
        return "all" if fraction else "0"
    return f"{100 * fraction:.1f} %"


def bounds_words(share: Share) -> str:
    """Format the bounds of a share in percent; "" where every document counts."""
    if share.bounds is None:
        return ""
    return range_words(*share.bounds)


def rank_words(share: Share) -> str:
    """Format the rank of a share: "1", or "tied 2-4" where the labels do not separate it from others."""
    best, worst = share.ranks
    return str(best) if best == worst else f"tied {best}-{worst}"


def share_cell(share: Share, shares: Distribution) -> str:
    """Format a share with its interval in percent, for one cell: "8.5 (5.4-13.2)"."""
    if shares.pending:
        return f"between {share_words(share, shares).removesuffix(' %').replace(' to ', ' and ')}"
    if shares.n == 0:
        return "no labels"
    low, high = 100 * share.interval.low, 100 * share.interval.high
    value = share_words(share, shares).removesuffix(" %")
    if share.interval.low == share.interval.high:
        return f"{value} (exact)"
    if share.share in (0, 1):
        return f"{value} (at least {low:.1f})" if share.share else f"{value} (at most {high:.1f})"
    return f"{value} ({low:.1f}-{high:.1f})"


def budget_words(summary: CorpusSummary, half_width: float) -> str:
    """State labels and time until the widest interval has this half-width: "to ±3 pp: 777 more labels (980 in all)"."""
    budget, shares = summary.budget_for(half_width), summary.distribution
    if shares.is_census:
        return f"{CENSUS}: no label can be added"
    aim = f"±{100 * half_width:g} pp"
    if budget.left == 0 and shares.half_width <= half_width:
        return f"{aim} reached (widest interval ±{100 * shares.half_width:.1f} pp)"
    words = f"to {aim}: {quantity(budget.left, 'more label')} ({budget.labels:,} in all)"
    words += f", enough in {100 * SURE:.0f} % of cases"
    if budget.labels == shares.population:
        words = f"to {aim}: {budget.left:,} more, all {quantity(budget.labels, 'document')}"
    if budget.minutes is None or summary.seconds_per_label is None:
        return f"{words}; time unknown before there is a pace"
    return f"{words}, about {duration(budget.minutes)} at {label_pace(summary.seconds_per_label)} per label"


def _bookmarks(summary: CorpusSummary) -> tuple[str, ...]:
    return (f"{summary.bookmarks:,} bookmarked",) if summary.bookmarks else ()
