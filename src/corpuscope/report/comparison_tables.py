"""Comparisons as tables of words: the same cells for a screen, a terminal, Markdown and CSV."""

from corpuscope.analysis.comparisons import CorpusComparison
from corpuscope.report.tables import Table, share_cell
from corpuscope.report.text_layout import table_width
from corpuscope.stats.comparison import Comparison, Difference, Verdict
from corpuscope.stats.p_values import p_in_words
from corpuscope.stats.summary import CorpusSummary

MOST = 100_000
"""Labels per corpus beyond which a number would only pretend that someone might give them."""


def comparison_table(pair: CorpusComparison, *, shares: bool = True) -> Table:
    """One pair: a row per category, the largest difference first; the title is the outcome in one sentence.

    `shares` adds the shares of both corpora, with their intervals.
    """
    comparison = pair.comparison
    columns = (
        "category",
        *((comparison.first, comparison.second) if shares else ()),
        "difference",
        f"{100 * comparison.level:g} % interval",
        "Holm p",
        "so far" if comparison.provisional else "verdict",
        "needs",
    )
    rows = tuple(
        (
            each.category,
            *(_shares(pair, each) if shares else ()),
            *(_cells(each) if all(comparison.n) else [""] * 5),
        )
        for each in comparison.by_size
    )
    return Table(comparison.headline, columns, rows, _caption(pair), _findings(pair), pair.warnings)


def table_within(pair: CorpusComparison, width: int) -> Table:
    """The table with the shares of both corpora where `width` cells have room for them."""
    whole = comparison_table(pair)
    return whole if table_width(whole) <= width else comparison_table(pair, shares=False)


def _cells(each: Difference) -> tuple[str, ...]:
    return (
        points(each.difference) + " pp",
        f"{points(each.interval.low)} to {points(each.interval.high)}",
        p_cell(each.p_holm),
        str(each.verdict),
        needs_cell(each),
    )


def points(difference: float) -> str:
    """A difference of shares in percentage points, always signed: "+11.7"."""
    rounded = round(100 * difference, 1)
    return f"{rounded:+.1f}" if rounded else "0.0"


def p_cell(p: float) -> str:
    """A p-value below the heading that names it: ".023", "< .001"."""
    return p_in_words(p).removeprefix("p ").removeprefix("= ")


def needs_cell(difference: Difference) -> str:
    """Labels of each corpus that would show a difference of this size; "" where it is shown or there is none."""
    labels = difference.labels_needed
    if labels is None:
        return ""
    return f"> {MOST:,}" if labels > MOST else f"{labels:,}"


def shown_words(comparison: Comparison) -> str:
    """How many of the differences hold, and which: "2 of 7 differences hold: Creative higher, Forum lower".

    A provisional comparison says "are there so far" instead, since more labels may undo them.
    """
    shown = [each for each in comparison.by_size if each.verdict is not Verdict.NOT_SHOWN]
    one = len(shown) <= 1
    verb = "holds" if one else "hold"
    if comparison.provisional:
        verb = f"{'is' if one else 'are'} there so far"
    of = f"of {len(comparison.differences)} difference{'s' * (len(comparison.differences) != 1)}"
    if not shown:
        return f"none {of} {verb}"
    which = ", ".join(f"{each.category} {each.verdict}" for each in shown)
    return f"{len(shown)} {of} {verb}: {which}"


def distance_words(comparison: Comparison) -> str:
    """Total variation with its interval, beside what chance alone stays below."""
    distance = comparison.distance
    words = (
        f"total variation {_fraction(distance.value)} "
        f"[{_fraction(distance.interval.low)}, {_fraction(distance.interval.high)}], "
        f"noise floor {_fraction(distance.noise_floor)}"
    )
    return words if distance.value > distance.noise_floor else f"{words}: no more than chance shows"


def _shares(pair: CorpusComparison, difference: Difference) -> tuple[str, ...]:
    cells = []
    for corpus in (pair.first, pair.second):
        place = corpus.distribution.categories.index(difference.category)
        cells.append(share_cell(corpus.distribution.shares[place], corpus.distribution.n))
    return tuple(cells)


def _findings(pair: CorpusComparison) -> tuple[str, ...]:
    comparison = pair.comparison
    found = (shown_words(comparison), distance_words(comparison)) if all(comparison.n) else ()
    return (f"provisional until {_unfinished(pair)}", *found) if comparison.provisional else found


def _caption(pair: CorpusComparison) -> tuple[str, ...]:
    comparison = pair.comparison
    level = f"{100 * comparison.level:g} %"
    return (
        f"differences: {comparison.second} less {comparison.first}",
        f"{level} intervals (Newcombe), each alone",
        f"verdicts by score test with Holm over {_categories(len(comparison.differences))}",
        "needs: labels of each corpus to show such a difference, tested alone, with 80 % power",
        f"total variation: {level} interval ({comparison.distance.interval.method})",
        f"noise floor: what {level} of pairs of samples of one corpus stay below",
        f"shares of {pair.first.distribution.weighting}",
        *(_origin(corpus) for corpus in (pair.first, pair.second)),
    )


def _categories(count: int) -> str:
    return f"{count} categor{'y' if count == 1 else 'ies'}"


def _unfinished(pair: CorpusComparison) -> str:
    parts = []
    for corpus in (pair.first, pair.second):
        planned = corpus.provenance.planned
        if not corpus.complete:
            goal = f"its planned {planned:,} labels" if planned else "a number of labels planned beforehand"
            parts.append(f"{corpus.corpus} reaches {goal}")
    return " and ".join(parts)


def _origin(corpus: CorpusSummary) -> str:
    """n, corpus, revision, seed, design and annotators of one corpus."""
    shares, source = corpus.distribution, corpus.provenance
    size = f"n = {shares.n:,}"
    if round(shares.n_effective) < shares.n:
        size += f" (counts as {shares.n_effective:,.0f})"
    parts = (
        size,
        source.dataset if source.dataset != corpus.corpus else "",
        source.revision and f"revision {source.revision}",
        source.seed and f"seed {source.seed}",
        corpus.design,
        f"labelled by {', '.join(source.annotators)}" if source.annotators else "",
    )
    return f"{corpus.corpus}: {', '.join(part for part in parts if part)}"


def _fraction(value: float) -> str:
    return f"{value:.3f}".removeprefix("0") if value < 1 else f"{value:.3f}"
