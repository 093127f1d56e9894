"""Tables of comparisons, with the same cells for a screen, a terminal, Markdown and CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from corpuscope.analysis.comparisons import CorpusComparison
from corpuscope.report.ordinal_tables import mean_difference_words
from corpuscope.report.tables import Table, points, points_range, share_cell
from corpuscope.report.text_layout import table_width
from corpuscope.stats.comparison import Comparison, Difference, Verdict
from corpuscope.stats.ordinal import mean_difference
from corpuscope.stats.p_values import p_in_words
from corpuscope.stats.summary import CorpusSummary
from corpuscope.text.quantities import quantity

MOST = 100_000
"""Largest number of labels per corpus that is printed; nobody gives more by hand."""


@dataclass(frozen=True, slots=True)
class ComparisonResult:
    """Comparisons of two corpora each, in every output form."""

    pairs: Sequence[CorpusComparison]
    """The comparisons."""

    def tables(self, width: int | None = None) -> Sequence[Table]:
        """Return one table per comparison, with the shares of both corpora where they fit into `width`."""
        if width is None:
            return [comparison_table(pair) for pair in self.pairs]
        return [table_within(pair, width) for pair in self.pairs]

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield one row per comparison and category, with the cells of the tables."""
        for i, pair in enumerate(self.pairs):
            table = comparison_table(pair)
            if i == 0:
                # the pairs below are of other corpora and may be provisional, so these columns get general names
                general = ("first", "second", "category", "first share", "second share")
                numbers = (*table.columns[3:-2], "verdict", table.columns[-1])
                yield [*general, *numbers, "headline", "warnings", "caption"]
            so_far = " so far" if pair.comparison.provisional else ""
            texts = (table.title, " ".join(table.warnings), "; ".join((*table.findings, *table.caption)))
            for *cells, verdict, needed in table.rows:
                verdicts = (verdict and verdict + so_far, needed)
                yield [pair.comparison.first, pair.comparison.second, *cells, *verdicts, *texts]

    def as_json(self) -> dict[str, object]:
        """Return the numbers of every comparison, unrounded."""
        return {"comparisons": [_comparison_json(pair) for pair in self.pairs]}


def comparison_table(pair: CorpusComparison, *, shares: bool = True) -> Table:
    """Make the table of one pair: a row per category, the largest difference first.

    The title states the outcome in one sentence. `shares` adds the shares of both corpora, with their intervals.
    """
    comparison = pair.comparison
    columns = (
        "category",
        *((comparison.first, comparison.second) if shares else ()),
        "difference",
        f"{100 * comparison.level:g} % interval",
        "Holm p",
        "so far" if comparison.provisional else "verdict",
        "n needed",
    )
    rows = tuple(
        (
            difference.category,
            *(_shares(pair, difference) if shares else ()),
            *(_cells(difference) if all(comparison.n) else [""] * 5),
        )
        for difference in comparison.by_size
    )
    return Table(comparison.headline, columns, rows, _caption(pair), _findings(pair), pair.warnings)


def table_within(pair: CorpusComparison, width: int) -> Table:
    """Make the table of one pair, with the shares of both corpora only if that fits into `width` cells."""
    with_shares = comparison_table(pair)
    return with_shares if table_width(with_shares) <= width else comparison_table(pair, shares=False)


def _cells(difference: Difference) -> tuple[str, ...]:
    return (
        points(difference.difference) + " pp",
        points_range(difference.interval),
        p_cell(difference.p_holm),
        str(difference.verdict),
        needs_cell(difference),
    )


def p_cell(p: float) -> str:
    """Format a p-value for a column that is headed "p": ".023", "< .001"."""
    return p_in_words(p).removeprefix("p ").removeprefix("= ")


def needs_cell(difference: Difference) -> str:
    """Format the labels per corpus that would establish such a difference; "" where none are needed."""
    labels = difference.labels_needed
    if labels is None:
        return "out of reach" if difference.out_of_reach else ""
    return f"> {MOST:,}" if labels > MOST else f"{labels:,}"


def established_words(pair: CorpusComparison) -> str:
    """State how many differences are established, and which: "2 of 7 differences are established: Creative higher".

    A provisional comparison says "significant so far", since more labels may undo them; one with a sample that is not
    known to be random says under which condition they would hold.
    """
    comparison = pair.comparison
    established = [row for row in comparison.by_size if row.verdict is not Verdict.NOT_ESTABLISHED]
    verb = standing_words(pair)
    if not verb.startswith("would"):
        verb = f"{'is' if len(established) <= 1 else 'are'} {verb}"
    of = f"of {quantity(len(comparison.differences), 'difference')}"
    if not established:
        return f"none {of} {verb}"
    verdicts = ", ".join(f"{difference.category} {difference.verdict}" for difference in established)
    return f"{len(established)} {of} {verb}: {verdicts}"


def standing_words(pair: CorpusComparison) -> str:
    """State what its verdicts are, after a number of differences: "established" for final ones of random samples."""
    if not (pair.first.provenance.random and pair.second.provenance.random):
        return "would hold if both were random samples"
    return "significant so far" if pair.comparison.provisional else "established"


def reason_words(comparison: Comparison) -> tuple[str, ...]:
    """Say why differences whose interval leaves 0 out are not established, one sentence per reason."""
    reasons: dict[str, list[str]] = {}
    for row in comparison.by_size:
        if row.why:
            reasons.setdefault(row.why, []).append(row.category)
    return tuple(
        f"{', '.join(categories)}: the interval leaves 0 out, but the difference is not established ({reason})"
        for reason, categories in reasons.items()
    )


def distance_words(comparison: Comparison) -> str:
    """State the total variation with its interval and the noise floor."""
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
        index = corpus.distribution.categories.index(difference.category)
        cells.append(share_cell(corpus.distribution.shares[index], corpus.distribution))
    return tuple(cells)


def _findings(pair: CorpusComparison) -> tuple[str, ...]:
    comparison = pair.comparison
    findings: tuple[str, ...] = ()
    if all(comparison.n):
        findings = (established_words(pair), *reason_words(comparison), distance_words(comparison))
        if means := mean_difference_words(pair.first, pair.second):
            findings = (means, *findings)
    return (provisional_words(pair), *findings) if comparison.provisional else findings


def provisional_words(pair: CorpusComparison) -> str:
    """State until when a comparison is provisional; "" where it is not."""
    return f"provisional until {_unfinished(pair)}" if pair.comparison.provisional else ""


def _caption(pair: CorpusComparison) -> tuple[str, ...]:
    comparison = pair.comparison
    level = f"{100 * comparison.level:g} %"
    method = comparison.differences[0].interval.method
    tests = f"{len(comparison.differences):,} categories x {quantity(comparison.pairs, 'pair')}"
    fixed = [corpus.corpus for corpus in (pair.first, pair.second) if corpus.provenance.published]
    needed = "n needed: labels per corpus at which such a difference gets its verdict in 80 % of cases"
    if len(fixed) == 1:
        needed = (
            f"n needed: labels of your own at which such a difference gets its verdict in 80 % of cases; "
            f"{fixed[0]} cannot grow"
        )
    return (
        f"differences: {comparison.second} minus {comparison.first}",
        f"{level} intervals ({method}), each alone",
        f"verdicts by Fisher's mid-p with Holm over {comparison.tests:,} tests ({tests})",
        f"none where the overall test is not significant at {100 * (1 - comparison.level):.3g} %",
        _decided_by(comparison),
        needed,
        f"total variation: {level} interval ({comparison.distance.interval.method})",
        f"noise floor: {level} of two-sample draws from one corpus fall below this",
        f"shares of {pair.first.distribution.weighting}",
        *(_origin(corpus) for corpus in (pair.first, pair.second)),
    )


def _decided_by(comparison: Comparison) -> str:
    """State which labels decide the verdicts, and how many are beyond the plan."""
    beyond = tuple(n - planned for n, planned in zip(comparison.n, comparison.decided_by, strict=True))
    if not any(beyond):
        return "verdicts decided by all labels"
    parts = [
        f"the first {planned:,} of {name} ({extra:,} beyond the plan)"
        if extra
        else f"all {planned:,} of {name}"
        for name, planned, extra in zip(
            (comparison.first, comparison.second), comparison.decided_by, beyond, strict=True
        )
    ]
    return f"verdicts decided by {' and '.join(parts)}"


def _unfinished(pair: CorpusComparison) -> str:
    both = [corpus for corpus in (pair.first, pair.second) if not corpus.complete]
    targets = {corpus.provenance.planned for corpus in both}
    if len(both) > len(targets) and None not in targets:
        now = " and ".join(f"{corpus.distribution.n:,}" for corpus in both)
        return f"both corpora have {quantity(both[0].provenance.planned or 0, 'label')} ({now} now)"
    parts = []
    for corpus in both:
        planned = corpus.provenance.planned
        goal = quantity(planned, "label") if planned else "a number of labels planned beforehand"
        parts.append(f"{corpus.corpus} has {goal} ({corpus.distribution.n:,} now)")
    return " and ".join(parts)


def _origin(corpus: CorpusSummary) -> str:
    """State n, dataset, revision, seed, design and annotators of one corpus."""
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
        f"as read by {', '.join(source.annotators)}" if source.annotators else "",
    )
    return f"{corpus.corpus}: {', '.join(part for part in parts if part)}"


def _fraction(value: float) -> str:
    return f"{value:.3f}".removeprefix("0") if value < 1 else f"{value:.3f}"


def _mean_json(pair: CorpusComparison) -> dict[str, object]:
    """Return the difference of the means on an ordinal scale; empty for a nominal one."""
    if pair.first.ordinal is None or pair.second.ordinal is None:
        return {}
    difference, interval = mean_difference(pair.second.ordinal, pair.first.ordinal)
    return {"mean_difference": {"difference": difference, **asdict(interval)}}


def _comparison_json(pair: CorpusComparison) -> dict[str, object]:
    """Return the numbers of one comparison, unrounded."""
    comparison = pair.comparison
    return {
        "first": comparison.first,
        "second": comparison.second,
        "n": list(comparison.n),
        "n_effective": [summary.distribution.n_effective for summary in (pair.first, pair.second)],
        "decided_by": list(comparison.decided_by),
        "headline": comparison.headline,
        "exact": comparison.exact,
        "tests": comparison.tests,
        "pairs": comparison.pairs,
        "p_overall": comparison.p_overall,
        "provisional": comparison.provisional,
        "warnings": list(pair.warnings),
        "level": comparison.level,
        "weighting": pair.first.distribution.weighting,
        "test": asdict(comparison.test),
        "total_variation": asdict(comparison.distance),
        **_mean_json(pair),
        "provenance": [asdict(summary.provenance) for summary in (pair.first, pair.second)],
        "differences": [
            {**asdict(row), "difference": row.difference, "verdict": str(row.verdict)}
            for row in comparison.by_size
        ],
    }
