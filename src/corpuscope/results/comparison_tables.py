"""Comparisons as tables of words: the same cells for a screen, a terminal, Markdown and CSV."""

from corpuscope.results.layout import table_width
from corpuscope.results.pairs import Pair
from corpuscope.results.tables import Table, share_cell
from corpuscope.stats.comparison import Comparison, Difference, Verdict
from corpuscope.stats.p_values import p_in_words
from corpuscope.stats.summary import CorpusSummary

MOST = 100_000
"""Labels per corpus beyond which a number would only pretend that someone might give them."""


def comparison_table(pair: Pair, *, shares: bool = True) -> Table:
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
        "verdict",
        "needs",
    )
    rows = tuple(
        (
            each.category,
            *(_shares(pair, each) if shares else ()),
            points(each.difference) + " pp",
            f"{points(each.interval.low)} to {points(each.interval.high)}",
            p_cell(each.p_holm),
            str(each.verdict),
            needs_cell(each),
        )
        for each in comparison.by_size
    )
    return Table(comparison.headline, columns, rows, _caption(pair), _findings(pair), pair.warnings)


def table_within(pair: Pair, width: int) -> Table:
    """The table with the shares of both corpora where `width` cells have room for them."""
    whole = comparison_table(pair)
    return whole if table_width(whole) <= width else comparison_table(pair, shares=False)


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
    """How many of the differences hold, and which: "2 of 7 differences hold: Creative higher, Forum lower"."""
    shown = [each for each in comparison.by_size if each.verdict is not Verdict.NOT_SHOWN]
    if not shown:
        return f"none of {len(comparison.differences)} differences holds"
    which = ", ".join(f"{each.category} {each.verdict}" for each in shown)
    verb = "holds" if len(shown) == 1 else "hold"
    return f"{len(shown)} of {len(comparison.differences)} differences {verb}: {which}"


def distance_words(comparison: Comparison) -> str:
    """Total variation with its interval, beside what chance alone stays below."""
    distance = comparison.distance
    words = (
        f"total variation {_fraction(distance.value)} "
        f"[{_fraction(distance.interval.low)}, {_fraction(distance.interval.high)}], "
        f"noise floor {_fraction(distance.noise_floor)}"
    )
    return words if distance.value > distance.noise_floor else f"{words}: no more than chance shows"


def _shares(pair: Pair, difference: Difference) -> tuple[str, ...]:
    cells = []
    for corpus in (pair.first, pair.second):
        place = corpus.distribution.categories.index(difference.category)
        cells.append(share_cell(corpus.distribution.shares[place], corpus.distribution.n))
    return tuple(cells)


def _findings(pair: Pair) -> tuple[str, ...]:
    found = (shown_words(pair.comparison), distance_words(pair.comparison))
    return (f"provisional until {_unfinished(pair)}", *found) if pair.comparison.provisional else found


def _caption(pair: Pair) -> tuple[str, ...]:
    comparison = pair.comparison
    level = f"{100 * comparison.level:g} %"
    return (
        f"differences: {comparison.second} less {comparison.first}",
        f"{level} intervals (Newcombe), each alone",
        f"verdicts by score test with Holm over {len(comparison.differences)} categories",
        "needs: labels of each corpus to show such a difference with 80 % power",
        f"shares of {pair.first.distribution.weighting}",
        *(_origin(corpus) for corpus in (pair.first, pair.second)),
    )


def _unfinished(pair: Pair) -> str:
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
