"""The charts of mixtures on pages, and the axis that they share with the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpuscope.analysis.mixtures import Mixture, MixtureShare
from corpuscope.report.mixture_tables import mixture_tables
from corpuscope.report.mixture_words import mixture_headline_words, scale_of
from corpuscope.report.page import Block, Heading, Mark, StackFigure, StackRow
from corpuscope.report.scales import nice_axis

WORDS = {" T": "trillions of ", " B": "billions of ", " M": "millions of ", " k": "thousands of ", "": ""}
"""Units of amounts in words."""


@dataclass(frozen=True, slots=True)
class MixtureAxis:
    """The axis of a mixture's chart: amounts in one unit where there is a budget, else percent."""

    whole: float
    """Amount that is the whole mixture: its budget, or 100."""
    top: float
    """Amount at the end of the axis."""
    step: float
    """Amount from tick to tick."""
    factor: float
    """Amount that is written as 1."""
    unit: str
    """Unit behind an amount, such as " B"; "" for percent."""
    words: str
    """Unit in words: "billions of tokens", "percent of the tokens"."""

    @property
    def ticks(self) -> list[float]:
        """Amounts at the ticks."""
        return [self.step * i for i in range(round(self.top / self.step) + 1)]

    def label(self, tick: float) -> str:
        """Format the amount at a tick."""
        return f"{tick / self.factor:g}"

    def number(self, share: float) -> str:
        """Format the amount of a share in the unit of the axis."""
        return f"{share * self.whole / self.factor:.{0 if self.top / self.factor >= 1_000 else 1}f}"

    def value(self, share: MixtureShare) -> str:
        """Format the amount of a category with its unit: "8.5 B", "6.0-10.0 B" where only bounds are known."""
        if share.share is None:
            return f"{self.number(share.least)}-{self.number(share.most)}{self.unit}"
        return f"{self.number(share.share)}{self.unit}"

    def interval(self, share: MixtureShare) -> str:
        """Format the interval of a category: "7.8-9.2", "exact" without a width."""
        if share.interval.is_exact:
            return "exact"
        return f"{self.number(share.interval.low)}-{self.number(share.interval.high)}"


def mixture_axis(mixture: Mixture) -> MixtureAxis:
    """Return the axis that holds every interval of a mixture."""
    budget, by = mixture.mix.budget, mixture.mix.by
    whole = 100.0 if budget is None else budget
    top, step = nice_axis(whole * max(share.interval.high for share in mixture.shares))
    factor, unit = (1.0, "") if budget is None else scale_of(top)
    words = f"percent of the {by}" if budget is None else f"{WORDS[unit]}{by}"
    return MixtureAxis(whole, top, step, factor, unit, words)


def mixture_blocks(mixtures: Sequence[Mixture]) -> tuple[Block, ...]:
    """Show mixtures: of each a chart, the corpora, and the shares; empty without any."""
    blocks: list[Block] = [Heading("Mixtures")] if mixtures else []
    for mixture in mixtures:
        if mixture.n:
            blocks.append(_chart(mixture))
        blocks += mixture_tables(mixture)
    return tuple(blocks)


def _chart(mixture: Mixture) -> StackFigure:
    axis = mixture_axis(mixture)
    rows = tuple(
        StackRow(
            share.category,
            i,
            share.contributions,
            share.most,
            Mark(
                share.interval.low,
                (share.least + share.most) / 2,
                share.interval.high,
                axis.value(share),
                axis.interval(share),
                established=share.share is not None,
            ),
        )
        for i, share in enumerate(mixture.shares)
    )
    scale = axis.top / axis.whole
    return StackFigure(
        f"What is in the mix {mixture.name}" if mixture.name else "What is in the mixture",
        f"{mixture_headline_words(mixture)} Bars stack what each corpus contributes, in {axis.words}; below each is "
        f"the {100 * mixture.level:g} % interval of the whole.",
        tuple(part.corpus for part in mixture.parts),
        rows,
        scale,
        tuple((tick / axis.whole, axis.label(tick)) for tick in axis.ticks),
    )
