"""What filters of web corpora would remove, by the category that people gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from corpuscope.stats.intervals import Interval, wilson

_Key = TypeVar("_Key", bound=Hashable)

ALL = "all"
"""Stands for every category."""

LONG = 1_000
"""Characters from which a text is expected to have a line end."""
LEAST_LONG = 20
"""Long texts from which their lines are judged."""
LEAST_WITH_LINES = 0.05
"""Fraction of the long texts that has to have a line end: without line ends most filters remove everything."""


@dataclass(frozen=True, slots=True)
class Removed:
    """How many documents of a group a filter would remove."""

    n: int
    """Documents that it judged."""
    removed: int
    """Documents that it would remove."""
    interval: Interval
    """Wilson's interval of removed / n."""

    @property
    def share(self) -> float:
        """Share removed, as a fraction; 0 without documents."""
        return self.removed / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True)
class FilterEffect:
    """What one filter would do to the labelled documents."""

    name: str
    """Name of the filter for people."""
    all: Removed
    """Of all documents."""
    categories: Mapping[str, Removed]
    """By category, in scheme order; only those with a document."""
    wanted: Removed | None
    """Of the documents in wanted categories; None when none were named."""
    unwanted: Removed | None
    """Of the others."""
    reasons: tuple[tuple[str, int], ...]
    """Why it removes them, in plain words, the most frequent first."""
    unjudged: int
    """Documents that it could not judge, which count nowhere."""


def filter_effect(
    name: str,
    categories: Mapping[_Key, str],
    reasons: Mapping[_Key, str | None],
    scheme: Sequence[str],
    wanted: Collection[str] = (),
    *,
    level: float = 0.95,
) -> FilterEffect:
    """Count what a filter would remove.

    `categories` has the category of each document by its key, and `reasons` why the filter would remove it: "" where it
    keeps it, None where it cannot judge.
    """
    judged = {
        document: reason
        for document, reason in reasons.items()
        if reason is not None and document in categories
    }

    def removed(names: Collection[str] | None) -> Removed:
        group = [
            reason for document, reason in judged.items() if names is None or categories[document] in names
        ]
        count = sum(map(bool, group))
        return Removed(len(group), count, wilson(count, len(group), level))

    by_category = {category: removed({category}) for category in scheme}
    unwanted = set(scheme) - set(wanted)
    return FilterEffect(
        name,
        removed(None),
        {category: group for category, group in by_category.items() if group.n},
        removed(wanted) if wanted else None,
        removed(unwanted) if wanted else None,
        tuple(Counter(filter(None, judged.values())).most_common()),
        sum(document in categories for document in reasons) - len(judged),
    )


def without_lines(texts: Sequence[str]) -> str:
    """Say why texts have no line structure for the filters to judge; "" where they have."""
    long = [text for text in texts if len(text) >= LONG]
    if len(long) < LEAST_LONG:
        return ""
    with_lines = sum("\n" in text for text in long)
    if with_lines >= LEAST_WITH_LINES * len(long):
        return ""
    return (
        f"a line end in {with_lines:,} of {len(long):,} long texts only: their lines were joined, and the filters, "
        "which look at lines, would remove nearly everything"
    )
