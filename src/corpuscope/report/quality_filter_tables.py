"""Tables of what filters of web corpora would remove, by the category that people gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from corpuscope.analysis.filter_effects import FilterEffect, Removed
from corpuscope.report.tables import Table, range_words
from corpuscope.text.quantities import inflected, quantity

SHOWN_REASONS = 2
"""Reasons of a filter in the table."""


@dataclass(frozen=True, slots=True)
class QualityFilterResult:
    """What every filter would remove, in every output form."""

    effects: tuple[FilterEffect, ...]
    """One entry per filter, then that of any of FineWeb's."""
    corpora: Mapping[str, int]
    """Labelled documents by corpus."""
    wanted: tuple[str, ...]
    """Categories that are wanted."""
    version: str
    """Versions of the code that judged."""
    level: float
    """Confidence level."""

    def tables(self, width: int | None = None) -> Sequence[Table]:  # noqa: ARG002  columns follow below
        """Return the table of filters, and that of categories."""
        return self._filters(), self._categories()

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield one row per filter and group of documents."""
        yield ("filter", "group", "n", "removed", "share", "low", "high")
        for effect in self.effects:
            groups = {
                "all": effect.all,
                "wanted": effect.wanted,
                "not wanted": effect.unwanted,
                **effect.categories,
            }
            for name, group in groups.items():
                if group is not None:
                    ends = (group.interval.low, group.interval.high)
                    yield (effect.name, name, group.n, group.removed, group.share, *ends)

    def as_json(self) -> dict[str, object]:
        """Return every count and interval."""
        return {
            "version": self.version,
            "corpora": dict(self.corpora),
            "wanted": list(self.wanted),
            "filters": [asdict(effect) for effect in self.effects],
        }

    def _filters(self) -> Table:
        level = f"{100 * self.level:g} % interval"
        with_wanted = bool(self.wanted)
        columns = (
            "filter",
            "removed",
            "share",
            level,
            *(("of wanted", "of others") if with_wanted else ()),
            "mostly",
        )
        rows = tuple(
            (
                effect.name,
                f"{effect.all.removed:,}",
                f"{100 * effect.all.share:.1f} %",
                range_words(effect.all.interval.low, effect.all.interval.high),
                *((_cell(effect.wanted), _cell(effect.unwanted)) if with_wanted else ()),
                ", ".join(f"{reason} ({count:,})" for reason, count in effect.reasons[:SHOWN_REASONS]),
            )
            for effect in self.effects
        )
        parts = ", ".join(f"{corpus}: {count:,}" for corpus, count in self.corpora.items())
        labelled = quantity(sum(self.corpora.values()), "labelled document")
        caption = (
            f"n = {labelled} ({parts})",
            "each filter alone, on the stored text; for English",
            f"thresholds of FineWeb's pipeline, code of {self.version}",
            *((f"wanted: {', '.join(self.wanted)}",) if with_wanted else ()),
        )
        return Table(
            "what the filters would remove",
            columns,
            rows,
            caption,
            tuple(self._findings()),
            tuple(self._warnings()),
            text_columns=("mostly",),
        )

    def _categories(self) -> Table:
        names = list(self.effects[-1].categories)
        rows = tuple(
            (
                category,
                f"{self.effects[-1].categories[category].n:,}",
                *(_cell(effect.categories.get(category)) for effect in self.effects),
            )
            for category in names
        )
        caption = (
            f"percent of a category's documents that would be removed, with {100 * self.level:g} % interval (Wilson)",
        )
        return Table(
            "removed, by category",
            ("category", "labels", *(effect.name for effect in self.effects)),
            rows,
            caption,
        )

    def _findings(self) -> Iterator[str]:
        effect = self.effects[-1]
        if effect.wanted is None or effect.unwanted is None:
            yield "name what you want to keep, as in --want Educational, to see what each filter costs"
            return
        yield (
            f"{effect.name} removes {_percent(effect.wanted)} of what you want and "
            f"{_percent(effect.unwanted)} of what you do not"
        )

    def _warnings(self) -> Iterator[str]:
        for effect in self.effects:
            if effect.unjudged:
                count = inflected(effect.unjudged, "it counts", "they count")
                documents = quantity(effect.unjudged, "document")
                yield f"{effect.name} could not judge {documents}; {count} nowhere in its row."


def _cell(group: Removed | None) -> str:
    """Format a share with its interval in percent, for one cell: "23 (18-29)"."""
    if group is None or not group.n:
        return ""
    return f"{100 * group.share:.0f} ({100 * group.interval.low:.0f}-{100 * group.interval.high:.0f})"


def _percent(group: Removed) -> str:
    if not group.n:
        return "nothing (no document)"
    low, high = 100 * group.interval.low, 100 * group.interval.high
    return f"{100 * group.share:.0f} % ({low:.0f}-{high:.0f})"
