"""Tables of mixtures: their corpora, their shares, two mixes side by side, and the weights that reach a share."""

from __future__ import annotations

from collections.abc import Mapping

from corpuscope.analysis.mixture_plans import MixtureComparison, Reach
from corpuscope.analysis.mixtures import Mixture, MixturePart, MixtureShare
from corpuscope.report.comparison_tables import p_cell
from corpuscope.report.mixture_words import (
    amount_cell,
    amount_range,
    amount_words,
    epochs_words,
    mixture_caption,
    mixture_headline_words,
    mixture_interval_words,
    mixture_method,
    mixture_share_words,
    size_words,
    weights_words,
)
from corpuscope.report.tables import Table, points, points_range, range_words
from corpuscope.stats.comparison import LEAST_LEVEL
from corpuscope.stats.p_values import p_in_words
from corpuscope.text.quantities import inflected, quantity


def mixture_tables(
    mixture: Mixture, next_labels: Mapping[str, int] | None = None, narrowed: str = ""
) -> tuple[Table, Table]:
    """Make the table of the corpora of a mixture, and the table of its shares with what each corpus contributes."""
    return _corpora_table(mixture, next_labels or {}, narrowed), shares_table(mixture)


def _corpora_table(mixture: Mixture, next_labels: Mapping[str, int], narrowed: str) -> Table:
    budget = mixture.mix.budget
    columns = (
        "corpus",
        "weight",
        *((mixture.mix.by, "epochs") if budget is not None else ()),
        "labels",
        "count as",
        *(("next labels",) if next_labels else ()),
        "shares of",
    )
    rows = [
        (
            part.corpus,
            f"{100 * part.weight:.1f} %",
            *((amount_words(part.amount or 0), epochs_words(part)) if budget is not None else ()),
            *_label_cells(part),
            *((f"{next_labels.get(part.corpus, 0):,}",) if next_labels else ()),
            part.summary.distribution.weighting if part.summary else "",
        )
        for part in mixture.parts
    ]
    findings = []
    if next_labels:
        aim = f"the interval of {narrowed}" if narrowed else "the intervals"
        count = sum(next_labels.values())
        narrow = inflected(count, "narrows", "narrow")
        findings.append(f"{quantity(count, 'more label')} {narrow} {aim} most when divided like this")
        if mixture.name and not narrowed:
            findings.append(f"to label them: corpuscope label --for-mix {mixture.name}")
    sizes = size_words(mixture)
    weights = f"weights are of {mixture.mix.by}"
    return Table(
        _title(mixture), columns, tuple(rows), (weights, *sizes), tuple(findings), text_columns=("shares of",)
    )


def shares_table(mixture: Mixture) -> Table:
    """Make the table of shares of a mixture, a row per category."""
    budget = mixture.mix.budget
    level = f"{100 * mixture.level:g} % interval"
    with_bounds = any(share.bounds for share in mixture.shares)
    columns = (
        "category",
        "share",
        level,
        *(("labels alone",) if mixture.alone else ()),
        *(("bounds",) if with_bounds else ()),
        *((mixture.mix.by, f"{mixture.mix.by}, interval") if budget is not None else ()),
        *(f"from {part.corpus}" for part in mixture.parts),
    )
    rows = tuple(
        (
            share.category,
            mixture_share_words(share),
            mixture_interval_words(share),
            *((_alone_words(mixture.alone[i]),) if mixture.alone else ()),
            *((range_words(*share.bounds) if share.bounds else "",) if with_bounds else ()),
            *((amount_cell(share, budget), amount_range(share, budget)) if budget is not None else ()),
            *(
                "?"
                if part is None
                else f"{100 * part:.1f} %"
                if budget is None
                else amount_words(part * budget)
                for part in share.contributions
            ),
        )
        for i, share in enumerate(mixture.shares)
    )
    return Table(
        mixture_headline_words(mixture), columns, rows, mixture_caption(mixture), warnings=mixture.warnings
    )


def _alone_words(share: MixtureShare) -> str:
    """Format a share and its interval by the labels alone: "42.6 % (39.1 to 45.9)"."""
    interval = mixture_interval_words(share).removesuffix(" %")
    return f"{mixture_share_words(share)} ({interval})"


def mixture_comparison_table(comparison: MixtureComparison) -> Table:
    """Make the table of two mixes side by side, a row per category, the largest difference first."""
    first, second = comparison.first, comparison.second
    names = first.name or "this mix", second.name or "the other mix"
    level = f"{100 * first.level:g} %"
    verdict = "so far" if comparison.provisional else "verdict"
    rows = []
    for i in comparison.by_size:
        row = comparison.differences[i]
        cells = (
            "" if row.difference is None else f"{points(row.difference)} pp",
            points_range(row.interval),
            p_cell(row.p_holm),
            str(row.verdict),
        )
        rows.append(
            (
                row.category,
                mixture_share_words(first.shares[i]),
                mixture_share_words(second.shares[i]),
                *cells,
            )
        )
    columns = ("category", *names, "difference", f"{level} interval", "Holm p", verdict)
    weights = tuple(
        f"{name}: {weights_words(mixture)}" for name, mixture in zip(names, (first, second), strict=True)
    )
    by_holm = (
        f"verdict: intervals (from Clopper-Pearson's) by Holm over {len(rows)} categories, planned labels"
    )
    caption = (
        *weights,
        f"n = {first.n:,} and {second.n:,}",
        f"{level} interval of the difference of weights on the same shares (MOVER)",
        f"{by_holm}, and only where the mixes differ at all",
    )
    warnings = tuple(dict.fromkeys((*first.warnings, *second.warnings)))
    findings = (overall_words(comparison),)
    return Table(f"{names[1]} minus {names[0]}", columns, tuple(rows), caption, findings, warnings)


def overall_words(comparison: MixtureComparison) -> str:
    """State whether the mixes differ at all, by the chi-square statistic of all categories."""
    words = "it is not established that the mixes differ in any category"
    if comparison.differ:
        words = "the mixes differ"
    elif comparison.first.level < LEAST_LEVEL:
        words = f"no verdict at a level below {100 * LEAST_LEVEL:.0f} %"
    return f"{words}: chi-square over all categories, {p_in_words(comparison.p)}"


def reach_table(mixture: Mixture, reach: Reach) -> Table:
    """Make the table of the weights that reach a share, beside those of the mixture."""
    rows = tuple(
        (
            part.corpus,
            f"{100 * part.weight:.1f} %",
            f"{100 * reach.mixture.parts[i].weight:.1f} %" if reach.mixture else "",
        )
        for i, part in enumerate(mixture.parts)
    )
    caption = (
        f"lower end of the {100 * mixture.level:g} % interval ({mixture_method(mixture)})",
        "the weights nearest to those of the mix (least squares)",
    )
    return Table(
        reach_words(reach),
        ("corpus", "weight", "weight needed"),
        rows,
        caption,
        warnings=mixture.warnings,
    )


def reach_words(reach: Reach) -> str:
    """State whether a share can be reached: "At least 60 % Educational: reached, lower end 60.0 %"."""
    aim = f"At least {100 * reach.least:g} % {reach.category}"
    if reach.mixture is None:
        return f"{aim}: no weights of these corpora reach it; the highest lower end is {100 * reach.highest:.1f} %."
    interval = reach.mixture.shares[reach.mixture.index(reach.category)].interval
    return f"{aim}: reached at these weights, {range_words(interval.low, interval.high)}."


def _label_cells(part: MixturePart) -> tuple[str, str]:
    if part.summary is None:
        return "none", ""
    distribution = part.summary.distribution
    return f"{distribution.n:,}", f"{distribution.n_effective:,.0f}"


def _title(mixture: Mixture) -> str:
    name = f"mix {mixture.name}" if mixture.name else "mixture"
    budget = mixture.mix.budget
    return name if budget is None else f"{name}: {amount_words(budget)} {mixture.mix.by}"
