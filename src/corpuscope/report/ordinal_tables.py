"""The table and the words of an ordinal scale: mean, shares of a number or more, and the corpus's own score."""

from __future__ import annotations

from corpuscope.report.tables import Table, ends_words, fraction_words
from corpuscope.stats.finite import CENSUS
from corpuscope.stats.intervals import Interval
from corpuscope.stats.ordinal import OrdinalSummary, OwnScore, mean_difference
from corpuscope.stats.summary import CorpusSummary


def ordinal_table(summary: CorpusSummary) -> Table | None:
    """Make the table of an ordinal scale: the mean, then the share of each number or more; None for a nominal one."""
    ordinal, shares = summary.ordinal, summary.distribution
    if ordinal is None:
        return None
    own = ordinal.own
    columns = (
        "scale",
        "labels",
        "estimate",
        f"{100 * shares.level:g} % interval",
        *(["own score"] if own else []),
    )
    rows: list[tuple[str, ...]] = [
        ("mean", f"{shares.n:,}", f"{ordinal.mean:.2f}", mean_interval_words(ordinal.interval))
    ]
    rows += [
        (
            f"{entry.value:g} or more",
            f"{entry.count:,}",
            fraction_words(entry.share),
            ends_words(entry.interval),
        )
        for entry in ordinal.thresholds
    ]
    if own:
        beside = [f"{own.mean:.2f}", *(fraction_words(entry.own or 0) for entry in ordinal.thresholds)]
        rows = [(*row, cell) for row, cell in zip(rows, beside, strict=True)]
    caption = (
        f"n = {shares.n:,}",
        f"shares of {shares.weighting}",
        *(
            (f"{CENSUS}: mean and shares are exact",)
            if shares.is_census
            else (
                f"mean by {ordinal.interval.method}",
                f"shares by {ordinal.thresholds[0].interval.method}, each alone",
            )
        ),
        *_own_caption(ordinal),
    )
    return Table(f"{summary.corpus}: scale", columns, tuple(rows), caption, own_findings(own) if own else ())


def _own_caption(ordinal: OrdinalSummary) -> tuple[str, ...]:
    if ordinal.own is not None:
        return (
            f"own score: of the {ordinal.own.n:,} labelled documents that have one, each counted once",
            "for kappa rounded to the scale",
        )
    if ordinal.lacks_score:
        return ("no labelled document has a number in the score_column of categories.yaml",)
    return ()


def own_findings(own: OwnScore) -> tuple[str, ...]:
    """Say how far labels and the corpus's own score are apart."""
    findings = []
    if own.difference is not None:
        difference = own.label_mean - own.mean
        findings.append(
            f"label minus own score {difference:+.2f} [{own.difference.low:+.2f}, {own.difference.high:+.2f}] (paired)"
        )
    if own.kappa is not None:
        ends = own.kappa.interval
        interval = f" ({ends.low:.2f} to {ends.high:.2f})" if ends else ""
        findings.append(f"weighted kappa with the own score {own.kappa.value:.2f}{interval}")
    return tuple(findings)


def scale_words(ordinal: OrdinalSummary) -> str:
    """State mean and upper half of the scale: "mean 1.84 (1.70-1.99); 3 or more: 9 % (6-14)"."""
    middle = ordinal.middle
    words = f"mean {ordinal.mean:.2f} ({_ends(ordinal.interval, 1, 2)}); "
    words += f"{middle.value:g} or more: {100 * middle.share:.0f} % ({_ends(middle.interval, 100, 0)})"
    if ordinal.own is not None and middle.own is not None:
        words += (
            f"; own score: mean {ordinal.own.mean:.2f}, {middle.value:g} or more: {100 * middle.own:.0f} %"
        )
    return words


def mean_words(ordinal: OrdinalSummary) -> str:
    """State the mean in a few words: "mean 1.8 (1.7-2.0)"."""
    return f"mean {ordinal.mean:.1f} ({_ends(ordinal.interval, 1, 1)})"


def mean_difference_words(first: CorpusSummary, second: CorpusSummary) -> str:
    """State the difference of the means of second and first, "" for nominal scales."""
    if first.ordinal is None or second.ordinal is None:
        return ""
    difference, interval = mean_difference(second.ordinal, first.ordinal)
    return (
        f"mean {second.ordinal.mean:.2f} minus {first.ordinal.mean:.2f}: {difference:+.2f} "
        f"[{interval.low:+.2f}, {interval.high:+.2f}]"
    )


def mean_interval_words(interval: Interval) -> str:
    """Format the interval of a mean: "1.70 to 1.99", "exact" for a census."""
    return "exact" if interval.method == CENSUS else f"{interval.low:.2f} to {interval.high:.2f}"


def _ends(interval: Interval, scale: float, digits: int) -> str:
    if interval.method == CENSUS:
        return "exact"
    return f"{scale * interval.low:.{digits}f}-{scale * interval.high:.{digits}f}"
