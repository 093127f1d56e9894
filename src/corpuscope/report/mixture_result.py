"""Shares of mixtures of corpora as tables, CSV and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import zip_longest

from corpuscope.analysis.mixture_plans import MixtureComparison, Reach
from corpuscope.analysis.mixtures import Mixture
from corpuscope.report.mixture_tables import (
    mixture_comparison_table,
    mixture_tables,
    reach_table,
    shares_table,
)
from corpuscope.report.tables import Table


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
            *((mixture_comparison_table(self.against),) if self.against else ()),
            *((reach_table(self.mixture, self.reach),) if self.reach else ()),
        ]

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield one row per category, with the cells of the table; of the comparison where there is one."""
        table = mixture_comparison_table(self.against) if self.against else shares_table(self.mixture)
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
                "labels_alone": {"low": alone.interval.low, "high": alone.interval.high, "share": alone.share}
                if alone
                else None,
                "bounds": list(share.bounds) if share.bounds else None,
                "amount": None if budget is None or share.share is None else share.share * budget,
                "contributions": {
                    part.corpus: value for part, value in zip(mixture.parts, share.contributions, strict=True)
                },
            }
            for share, alone in zip_longest(mixture.shares, mixture.alone)
        ],
    }


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
