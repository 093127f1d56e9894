"""What a filter keeps and loses, judged on labels, in every output form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from corpuscope.report.page import Block, ChartRow, Heading, Mark, Paragraph, ShareFigure
from corpuscope.report.tables import Table, range_words
from corpuscope.stats.selection import Proportion, Selection
from corpuscope.text.quantities import quantity

if TYPE_CHECKING:  # loads scikit-learn
    from corpuscope.analysis.filter_forecast import FilterForecast

CHART = 41
"""Cells of the chart, so that each is 2.5 %."""


@dataclass(frozen=True, slots=True)
class FilterResult:
    """A filter judged on the labels of one corpus."""

    forecast: FilterForecast
    """What it would do."""

    def tables(self, width: int | None = None) -> Sequence[Table]:  # noqa: ARG002  columns follow below
        """Return the tables of the filter at its threshold, of its categories, and of other thresholds."""
        return (
            quality_table(self.forecast),
            kept_by_category_table(self.forecast),
            curve_table(self.forecast),
        )

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield one row per threshold, the rule's own first."""
        yield [
            "corpus",
            "rule",
            "threshold",
            *(f"{name}{end}" for name in _QUALITIES for end in ("", "_low", "_high")),
        ]
        for selection in (self.forecast.at, *self.forecast.curve):
            cells = [cell for name in _QUALITIES for cell in _numbers(getattr(selection, name))]
            yield [self.forecast.corpus, str(self.forecast.rule), selection.threshold, *cells]

    def as_json(self) -> dict[str, object]:
        """Return every proportion, unrounded."""
        forecast = self.forecast
        return {
            "corpus": forecast.corpus,
            "rule": str(forecast.rule),
            "n": forecast.n,
            "unit": forecast.unit,
            "level": forecast.level,
            "categories": list(forecast.categories),
            "at": asdict(forecast.at),
            "curve": [asdict(selection) for selection in forecast.curve],
        }


_QUALITIES = ("kept", "kept_tokens", "precision", "recall")


def quality_table(forecast: FilterForecast) -> Table:
    """Make the table of the filter at its threshold: precision, recall, and what is kept of documents and tokens."""
    belonging = _belonging(forecast)
    at = forecast.at
    rows = (
        ("precision", *_cells(at.precision), f"of the documents kept, those that are {belonging}"),
        ("recall", *_cells(at.recall), f"of the documents that are {belonging}, those kept"),
        ("documents kept", *_cells(at.kept), "of all"),
        (f"{forecast.unit} kept", *_cells(at.kept_tokens), "of all"),
    )
    return Table(
        f"{forecast.corpus}: keep {forecast.rule}",
        ("", "estimate", f"{100 * forecast.level:g} % interval", "labels", "meaning"),
        rows,
        (*_caption(forecast), "labels: those that each is a share of"),
        warnings=_warnings(forecast),
        text_columns=("meaning",),
    )


def kept_by_category_table(forecast: FilterForecast) -> Table:
    """Make the table of what the filter keeps of each category."""
    level = f"{100 * forecast.level:g} % interval"
    rows = tuple(
        (category, f"{kept.documents:,}" if kept else "0", *_cells(kept)[:2], *_cells(size)[:2])
        for category, kept, size in zip(
            forecast.categories, forecast.at.by_category, forecast.at.tokens_by_category, strict=True
        )
    )
    return Table(
        f"{forecast.corpus}: what {forecast.rule} keeps of each category",
        ("category", "labels", "documents", level, forecast.unit, level),
        rows,
        _caption(forecast),
    )


def curve_table(forecast: FilterForecast, *, chart: bool = True) -> Table:
    """Make the table of other thresholds, in whose `chart` precision and recall make two curves read downwards."""
    scale = "0 %" + "50 %".center(CHART - 8) + "100 %"
    rows = tuple(
        (
            f"{selection.threshold:.2f}",
            _percent(selection.kept),
            _percent(selection.precision),
            _percent(selection.recall),
            *((chart_line(selection),) if chart else ()),
        )
        for selection in forecast.curve
    )
    sign = ">=" if forecast.rule.high else "<"
    return Table(
        f"{forecast.corpus}: {forecast.rule.category} at other thresholds",
        (sign, "kept", "precision", "recall", *((scale,) if chart else ())),
        rows,
        (*(("P precision, R recall, X both",) if chart else ()), *_caption(forecast)),
        text_columns=(scale,),
    )


def filter_section(forecasts: Sequence[FilterForecast]) -> tuple[Block, ...]:
    """Show what a filter would keep of each corpus, with curves of precision and recall; empty without any."""
    if not forecasts:
        return ()
    blocks: list[Block] = [Heading("What a filter would keep"), Paragraph(_EXPLANATION)]
    for forecast in forecasts:
        blocks += [quality_table(forecast), kept_by_category_table(forecast)]
        blocks += [_curves(forecast), curve_table(forecast, chart=False)]
    return tuple(blocks)


_EXPLANATION = (
    "A filter keeps documents by a classifier's score. Every labelled document was scored by a classifier that was "
    "trained without it, so the labels tell how well the filter selects before it runs."
)


def _curves(forecast: FilterForecast) -> ShareFigure:
    """Draw precision and recall by threshold, with their intervals; a threshold that keeps no label has neither."""
    colour = forecast.categories.index(forecast.rule.category)
    rows = [
        ChartRow(f"{selection.threshold:.2f}", colour, (_mark(selection.precision), _mark(selection.recall)))
        for selection in forecast.curve
        if selection.precision is not None and selection.recall is not None
    ]
    sign = ">=" if forecast.rule.high else "<"
    return ShareFigure(
        f"Precision and recall of {forecast.rule.category} {sign} threshold in {forecast.corpus}",
        f"{100 * forecast.level:g} % intervals (Wilson), each meant alone, by the threshold on the left",
        ("precision", "recall"),
        tuple(rows),
        1.0,
    )


def _mark(proportion: Proportion) -> Mark:
    low, high = proportion.interval.low, proportion.interval.high
    words = f"{100 * low:.1f}–{100 * high:.1f}"
    return Mark(low, proportion.value, high, f"{100 * proportion.value:.1f}", words, bool(proportion.value))


def chart_line(selection: Selection) -> str:
    """Draw precision and recall as marks on a line from 0 to 100 %."""
    cells = ["·"] * CHART
    for mark, proportion in (("R", selection.recall), ("P", selection.precision)):
        if proportion is not None:
            cell = round(proportion.value * (CHART - 1))
            cells[cell] = mark if cells[cell] == "·" else "X"
    return "".join(cells)


def _belonging(forecast: FilterForecast) -> str:
    rule = forecast.rule
    return rule.category if rule.high else f"not {rule.category}"


def _caption(forecast: FilterForecast) -> tuple[str, ...]:
    return (
        f"n = {quantity(forecast.n, 'label')} of {forecast.corpus}, each scored by a classifier that did not see it",
        f"{100 * forecast.level:g} % intervals (Wilson)",
    )


def _warnings(forecast: FilterForecast) -> tuple[str, ...]:
    at = forecast.at
    if at.precision is None:
        return (
            f"None of the {forecast.n:,} labelled documents is kept: the threshold lies beyond their scores.",
        )
    if at.recall is None:
        return (f"No labelled document is {_belonging(forecast)}, so the labels tell no recall.",)
    return ()


def _cells(proportion: Proportion | None) -> tuple[str, str, str]:
    if proportion is None:
        return "", "", "0"
    interval = range_words(proportion.interval.low, proportion.interval.high)
    return _percent(proportion), interval, f"{proportion.documents:,}"


def _percent(proportion: Proportion | None) -> str:
    return "" if proportion is None else f"{100 * proportion.value:.1f} %"


def _numbers(proportion: Proportion | None) -> tuple[object, ...]:
    if proportion is None:
        return "", "", ""
    return proportion.value, proportion.interval.low, proportion.interval.high
