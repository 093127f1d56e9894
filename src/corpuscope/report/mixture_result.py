"""Shares of mixtures of corpora as tables, CSV and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from corpuscope.analysis.mixture_plans import MixtureComparison, Reach
from corpuscope.analysis.mixtures import Mixture, MixturePart, MixtureShare
from corpuscope.report.comparison_tables import p_cell, points
from corpuscope.report.sentences import Phrase
from corpuscope.report.tables import Table
from corpuscope.stats.p_values import p_in_words

_SCALES = ((1e12, " T"), (1e9, " B"), (1e6, " M"), (1e3, " k"), (1.0, ""))


def amount_words(amount: float) -> str:
    """Format a number of tokens or documents with three digits at most: "8.5 B", "20 B", "750 M", "12"."""
    digits, unit = scale_of(amount)
    value = amount / digits
    return f"{value:.0f}{unit}" if value >= 99.95 or not unit else f"{value:.1f}".removesuffix(".0") + unit


def scale_of(amount: float) -> tuple[float, str]:
    """Return the scale in which an amount is written: its factor, and its unit, such as " B" for billions."""
    return next(scale for scale in _SCALES if amount >= 0.9995 * scale[0] or scale[0] == 1.0)


@dataclass(frozen=True, slots=True)
class MixtureResult:
    """A mixture in every output form."""

    mixture: Mixture
    """The mixture."""
    next_labels: Mapping[str, int] = field(default_factory=dict)
    """How many of the next labels belong to each corpus; empty where they are not divided."""
    narrowed: str = ""
    """Category whose interval they narrow; "" for all of them."""
    against: MixtureComparison | None = None
    """The comparison with another mix; None where there is none."""
    reach: Reach | None = None
    """The weights that reach a share; None where they are not asked for."""

    def tables(self, width: int | None = None) -> Sequence[Table]:  # noqa: ARG002 - columns that do not fit go below
        """Return the table of corpora, that of shares, then what another mix would change."""
        return [
            *mixture_tables(self.mixture, self.next_labels, self.narrowed),
            *((comparison_table(self.against),) if self.against else ()),
            *((reach_table(self.mixture, self.reach),) if self.reach else ()),
        ]

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield one row per category, with the cells of the table; of the comparison where there is one."""
        table = comparison_table(self.against) if self.against else shares_table(self.mixture)
        yield [*table.columns, "warnings", "caption"]
        for row in table.rows:
            yield [*row, " ".join(table.warnings), "; ".join(table.caption)]

    def as_json(self) -> dict[str, object]:
        """Return the numbers, unrounded."""
        return mixture_json(self.mixture) | {
            "next_labels": dict(self.next_labels),
            "next_labels_narrow": self.narrowed or None,
            **({"against": _comparison_json(self.against)} if self.against else {}),
            **({"reach": _reach_json(self.reach)} if self.reach else {}),
        }


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
        findings.append(f"{sum(next_labels.values()):,} more labels narrow {aim} most when divided like this")
    sizes = size_words(mixture)
    weights = f"weights are of {mixture.mix.by}"
    return Table(
        _title(mixture), columns, tuple(rows), (weights, *sizes), tuple(findings), text_columns=("shares of",)
    )


def size_words(mixture: Mixture) -> tuple[str, ...]:
    """State the sizes behind the epochs with their sources; empty without a budget."""
    if mixture.mix.budget is None:
        return ()
    sizes = [
        f"{part.corpus} has {amount_words(part.size)} {mixture.mix.by} ({part.size_source})"
        for part in mixture.parts
        if part.size
    ]
    unknown = [part.corpus for part in mixture.parts if not part.size]
    if unknown:
        sizes.append(f"size of {', '.join(unknown)} not known (--size NAME=75B)")
    return tuple(sizes)


def shares_table(mixture: Mixture) -> Table:
    """Make the table of shares of a mixture, a row per category."""
    budget = mixture.mix.budget
    level = f"{100 * mixture.level:g} % interval"
    with_bounds = any(share.bounds for share in mixture.shares)
    columns = (
        "category",
        "share",
        level,
        *(("bounds",) if with_bounds else ()),
        *((mixture.mix.by, f"{mixture.mix.by}, interval") if budget is not None else ()),
        *(f"from {part.corpus}" for part in mixture.parts),
    )
    rows = tuple(
        (
            share.category,
            share_words(share),
            range_words(share.interval.low, share.interval.high),
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
        for share in mixture.shares
    )
    return Table(headline_words(mixture), columns, rows, caption(mixture), warnings=mixture.warnings)


def headline(mixture: Mixture, most: int = 2, *, short: bool = False) -> list[Phrase]:
    """State the largest shares in a sentence: "Of 20 B tokens, 8.5 B (7.8-9.2) would be Educational ..."."""
    largest = sorted(mixture.shares, key=lambda share: -share.most)[:most]
    budget = mixture.mix.budget
    if not mixture.n:
        return [Phrase("No labels of these corpora yet: nothing is known of the mixture.")]
    phrases = [Phrase(f"Of {'the' if budget is None else amount_words(budget)} {mixture.mix.by}")]
    phrases.append(Phrase(": " if short else ", "))
    for i, share in enumerate(largest):
        if budget is None:
            amount, interval = share_words(share), range_words(share.interval.low, share.interval.high)
        else:
            amount, interval = amount_cell(share, budget), amount_range(share, budget)
        unit = amount.lstrip("0123456789. ")
        interval = interval.removesuffix(unit).rstrip() if " to " not in amount else interval
        between = (", " if short else " and ") * (i > 0)
        if short:
            phrases += [
                Phrase(f"{between}{amount} "),
                Phrase(share.category, "category"),
                Phrase(f" ({interval})"),
            ]
        else:
            would_be = " would be " if i == 0 else " "
            phrases += [
                Phrase(f"{between}{amount} ({interval}){would_be}"),
                Phrase(share.category, "category"),
            ]
    return [*phrases, Phrase(".")]


def headline_words(mixture: Mixture) -> str:
    """Return `headline` as a text."""
    return "".join(phrase.text for phrase in headline(mixture))


def caption(mixture: Mixture) -> tuple[str, ...]:
    """Return the parts of the caption: n per corpus, level and method."""
    labelled = [
        f"{part.corpus} {part.summary.distribution.n:,}"
        for part in mixture.parts
        if part.summary and part.weight
    ]
    readers = sorted(
        {name for part in mixture.parts if part.summary for name in part.summary.provenance.annotators}
    )
    return (
        f"n = {mixture.n:,}" + (f" ({', '.join(labelled)})" if labelled else ""),
        f"{100 * mixture.level:g} % intervals ({method(mixture)})",
        unit_words(mixture),
        *((f"as read by {', '.join(readers)}",) if readers else ()),
    )


def unit_words(mixture: Mixture) -> str:
    """State the unit of the shares: "shares of tokens", "shares of documents in place of tokens"."""
    units = dict.fromkeys(part.summary.distribution.weighting for part in mixture.parts if part.summary)
    others = [unit for unit in units if unit != mixture.mix.by]
    if not others:
        return f"shares of {mixture.mix.by}"
    return f"shares of {' and '.join(units)} in place of {mixture.mix.by}"


def method(mixture: Mixture) -> str:
    """Name the method of the intervals of a mixture."""
    words = f"stratified sum, MOVER of each corpus's interval: {', '.join(mixture.methods) or 'no labels'}"
    pools = [f"{part.corpus} by {part.pool:,}" for part in mixture.parts if part.pool and part.weight]
    return words + (f"; assisted, {', '.join(pools)} documents that a classifier read" if pools else "")


def share_words(share: MixtureShare) -> str:
    """Format the share of a mixture in percent: "42.6 %", "30.1 to 50.1 %" where only bounds are known."""
    return range_words(share.least, share.most) if share.share is None else f"{100 * share.share:.1f} %"


def range_words(low: float, high: float) -> str:
    """Format two fractions in percent: "39.1 to 45.9 %"."""
    return f"{100 * low:.1f} to {100 * high:.1f} %"


def amount_cell(share: MixtureShare, budget: float) -> str:
    """Format the amount of a category: "8.5 B", "6 B to 10 B" where only bounds are known."""
    if share.share is None:
        return f"{amount_words(share.least * budget)} to {amount_words(share.most * budget)}"
    return amount_words(share.share * budget)


def amount_range(share: MixtureShare, budget: float) -> str:
    """Format the interval of an amount, with the unit once where both ends have the same: "7.8-9.2 B"."""
    low, high = share.interval.low * budget, share.interval.high * budget
    if scale_of(low) == scale_of(high):
        return f"{_bare(amount_words(low))}-{amount_words(high)}"
    return f"{amount_words(low)}-{amount_words(high)}"


def epochs_words(part: MixturePart) -> str:
    """Format the epochs of a corpus: "0.08", "2.5"; "?" where its size is not known."""
    epochs = part.epochs
    if epochs is None:
        return "?"
    return f"{epochs:,.1f}" if epochs >= 1 else f"{epochs:.2g}"


def mixture_json(mixture: Mixture) -> dict[str, object]:
    """Return the numbers of a mixture, unrounded."""
    budget = mixture.mix.budget
    return {
        "name": mixture.name or None,
        "by": mixture.mix.by,
        "budget": budget,
        "level": mixture.level,
        "method": "stratified sum, MOVER",
        "n": mixture.n,
        "warnings": list(mixture.warnings),
        "corpora": [
            {
                "corpus": part.corpus,
                "weight": part.weight,
                "amount": part.amount,
                "size": part.size,
                "size_source": part.size_source or None,
                "epochs": part.epochs,
                "n": part.summary.distribution.n if part.summary else 0,
                "pool": part.pool,
                "shares_of": part.summary.distribution.weighting if part.summary else None,
                "provenance": asdict(part.summary.provenance) if part.summary else None,
            }
            for part in mixture.parts
        ],
        "shares": [
            {
                "category": share.category,
                "share": share.share,
                "least": share.least,
                "most": share.most,
                "low": share.interval.low,
                "high": share.interval.high,
                "bounds": list(share.bounds) if share.bounds else None,
                "amount": None if budget is None or share.share is None else share.share * budget,
                "contributions": {
                    part.corpus: value for part, value in zip(mixture.parts, share.contributions, strict=True)
                },
            }
            for share in mixture.shares
        ],
    }


def comparison_table(comparison: MixtureComparison) -> Table:
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
            f"{points(row.interval.low)} to {points(row.interval.high)}",
            p_cell(row.p_holm),
            str(row.verdict),
        )
        rows.append((row.category, share_words(first.shares[i]), share_words(second.shares[i]), *cells))
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
    differ = comparison.p < 1 - comparison.first.level
    words = "the mixes differ" if differ else "it is not established that the mixes differ in any category"
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
        f"lower end of the {100 * mixture.level:g} % interval ({method(mixture)})",
        "the weights nearest to those of the mix (least squares)",
    )
    return Table(
        reach_words(reach), ("corpus", "weight", "weight needed"), rows, caption, warnings=mixture.warnings
    )


def reach_words(reach: Reach) -> str:
    """State whether a share can be reached: "At least 60 % Educational: reached, lower end 60.0 %"."""
    aim = f"At least {100 * reach.least:g} % {reach.category}"
    if reach.mixture is None:
        return f"{aim}: no weights of these corpora reach it; the highest lower end is {100 * reach.highest:.1f} %."
    interval = reach.mixture.shares[reach.mixture.index(reach.category)].interval
    return f"{aim}: reached at these weights, {range_words(interval.low, interval.high)}."


def weights_words(mixture: Mixture) -> str:
    """Format the weights of a mixture: "30 % c4, 70 % fineweb"."""
    return ", ".join(f"{100 * part.weight:.3g} % {part.corpus}" for part in mixture.parts if part.weight)


def _comparison_json(comparison: MixtureComparison) -> dict[str, object]:
    return {
        "mixture": mixture_json(comparison.second),
        "provisional": comparison.provisional,
        "p": comparison.p,
        "differences": [
            {
                "category": row.category,
                "difference": row.difference,
                "low": row.interval.low,
                "high": row.interval.high,
                "p": row.p,
                "p_holm": row.p_holm,
                "verdict": str(row.verdict),
            }
            for row in comparison.differences
        ],
    }


def _reach_json(reach: Reach) -> dict[str, object]:
    return {
        "category": reach.category,
        "least": reach.least,
        "highest_lower_end": reach.highest,
        "weights": {part.corpus: part.weight for part in reach.mixture.parts} if reach.mixture else None,
    }


def _label_cells(part: MixturePart) -> tuple[str, str]:
    if part.summary is None:
        return "none", ""
    distribution = part.summary.distribution
    return f"{distribution.n:,}", f"{distribution.n_effective:,.0f}"


def _title(mixture: Mixture) -> str:
    name = f"mix {mixture.name}" if mixture.name else "mixture"
    budget = mixture.mix.budget
    return name if budget is None else f"{name}: {amount_words(budget)} {mixture.mix.by}"


def _bare(words: str) -> str:
    """Return a number without its unit."""
    return words.rstrip(" %TBMk")
