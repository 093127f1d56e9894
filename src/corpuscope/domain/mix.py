"""A mixture of corpora as somebody plans to train on it: weights, a budget, and sizes."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, get_args

MixUnit = Literal["tokens", "documents"]
"""Unit of the weights and of the budget of a mix."""

MIX_UNITS: tuple[MixUnit, ...] = get_args(MixUnit)
"""All units, the default first."""

LARGEST = 1e18
"""Largest weight, budget or size, far above every corpus."""

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")


def is_mix_name(name: str) -> bool:
    """Return whether a mix can be called `name`: letters, digits, and . _ - after the first."""
    return _NAME.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class Mix:
    """Weights of corpora in a mixture, with the budget that they divide."""

    weights: Mapping[str, float]
    """Weight by key of the corpus, in the order of tables; none is negative, one at least is positive."""
    budget: float | None = None
    """Size of the mixture in its unit; None where only shares matter."""
    by: MixUnit = "tokens"
    """Unit of the weights, shares and budget."""
    sizes: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Sizes of corpora in that unit, for those whose size is not known or known otherwise."""

    @property
    def total(self) -> float:
        """Sum of the weights as they were given."""
        return math.fsum(self.weights.values())

    @property
    def fractions(self) -> dict[str, float]:
        """Weight of each corpus as a fraction of the whole."""
        total = self.total
        return {key: weight / total for key, weight in self.weights.items()}
