"""A mixture of corpora as somebody plans to train on it: weights, a budget, and sizes."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, NamedTuple, get_args

MixUnit = Literal["tokens", "documents"]
"""Unit of the weights and of the budget of a mix."""

MIX_UNITS: tuple[MixUnit, ...] = get_args(MixUnit)
"""All units, the default first."""

LARGEST = 1e18
"""Largest weight, budget or size, far above every corpus."""

_NAME = r"[A-Za-z0-9_-][A-Za-z0-9._-]*"

_PERCENT = r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*%?"
_AMOUNT = r"(?i)((?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]*)?|\.[0-9]+)\s*([kMBGT]?)"
_FACTORS = {"": 1.0, "k": 1e3, "m": 1e6, "b": 1e9, "g": 1e9, "t": 1e12}


def parsed_amount(text: str) -> float | None:
    """Parse a positive number with an optional k, M, B or T; None for anything else, as for 1,5B."""
    match = re.fullmatch(_AMOUNT, text.strip())
    if match is None:
        return None
    amount = float(match[1].replace(",", "")) * _FACTORS[match[2].lower()]
    return amount if 0 < amount <= LARGEST else None


def parsed_share(text: str) -> tuple[str, float] | None:
    """Parse CATEGORY=PERCENT, as in "Educational=60", into the category and a fraction; None for anything else."""
    category, _, value = text.rpartition("=")
    match = re.fullmatch(_PERCENT, value.strip())
    if not category or match is None or not 0 < float(match[1]) <= 100:
        return None
    return category.strip(), float(match[1]) / 100


def is_mix_name(name: str) -> bool:
    """Return whether a mix can be called `name`: letters, digits, and . _ - after the first."""
    return re.fullmatch(_NAME, name) is not None


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

    def with_weight(self, key: str, percent: float) -> Mix:
        """Return the mix with another weight of one corpus, from 0 to 100; the others give way in proportion."""
        percent = min(max(percent, 0.0), 100.0)
        others = {other: weight for other, weight in self.weights.items() if other != key}
        total = math.fsum(others.values())
        if not others:
            return replace(self, weights=MappingProxyType({key: 100.0}))
        weights = {
            other: (100 - percent) * (weight / total if total else 1 / len(others))
            for other, weight in others.items()
        }
        return replace(
            self, weights=MappingProxyType({name: weights.get(name, percent) for name in self.weights})
        )


LONGEST_WEIGHT = 6
"""Most characters of a typed weight."""


class TypedWeight(NamedTuple):
    """A weight that is being typed for one corpus of a mix."""

    before: Mix
    """The mix before."""
    key: str
    """Key of the corpus."""
    text: str = ""
    """What was typed so far: digits with at most one point."""

    @property
    def percent(self) -> float | None:
        """The weight typed so far; None where that is no number yet."""
        return float(self.text) if self.text.strip(".") else None

    @property
    def old_percent(self) -> float:
        """The weight before, to a tenth of a percent."""
        return round(100 * self.before.fractions[self.key], 1)

    @property
    def mix(self) -> Mix | None:
        """The mix with this weight, or as it was where there is no number yet; None where it is over 100."""
        if self.percent is None:
            return self.before
        return self.before.with_weight(self.key, self.percent) if self.percent <= 100 else None

    def takes(self, character: str) -> bool:
        """Tell whether a character can follow what was typed."""
        if len(self.text) >= LONGEST_WEIGHT or not character.isascii():
            return False
        return character.isdigit() or (character == "." and "." not in self.text)
