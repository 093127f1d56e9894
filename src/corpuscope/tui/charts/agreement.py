"""The page of an agreement: the outcome, who gave which category, agreement by category, and all groups of readers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len, set_cell_size

from corpuscope.analysis.agreement import AgreementGroup, AgreementReport, MultiplyReadDocument
from corpuscope.report.agreement_tables import effect_on_shares, report_measures
from corpuscope.report.sentences import agreement_sentences
from corpuscope.report.text_layout import GAP, column_widths, row_line, table_lines
from corpuscope.text.quantities import quantity
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.charts.bars import AXIS_STYLE, StyledText, share_axis, share_bar, share_grid
from corpuscope.tui.charts.frames import (
    FRAME_HEIGHT,
    FRAME_WIDTH,
    Line,
    beside,
    flowed,
    framed,
    indented,
    line_width,
    page_top,
    styled,
)
from corpuscope.tui.charts.shares import WIDEST_NAME, padded

ROOMY = 28
"""Height of the page from which blank rows stand around the outcome."""
LEAST_PLOT = 13
"""Fewest cells for the intervals of agreement."""
WIDEST_HEADING = 4
"""Cells of a category above its column."""
LEAST_READERS = 12
"""Fewest cells for the names of a group of readers."""
LEAST_BESIDE = 40
"""Fewest cells in which agreement by category stands beside the categories given."""
MATRIX, OTHERS = "who gave what", "← → other readers"
"""Title of the table of categories, and foot of the readers."""
OF_ANY = "all readers, of those by any reader"
"""Foot of agreement by category."""
ALL = 1.0
"""End of the scale of agreement."""


@dataclass(frozen=True, slots=True)
class ConfusionCell:
    """Documents with the same two categories."""

    first: str
    """Category of the first reader; where there are more than two, the one that comes first in the scheme."""
    second: str
    """Category of the second reader, or the other one."""
    documents: tuple[MultiplyReadDocument, ...]
    """The documents."""
    title: str
    """What they have in common, in words."""


def confusion_cells(group: AgreementGroup) -> tuple[ConfusionCell, ...]:
    """Return what the readers disagree about, the most frequent first."""
    if len(group.readers) != 2:
        return tuple(
            ConfusionCell(pair.one, pair.other, pair.documents, f"{pair.one} or {pair.other}")
            for pair in group.confused_pairs
        )
    one, two = group.readers
    by_pair: dict[tuple[str, str], list[MultiplyReadDocument]] = {}
    for document in group.disputed:
        first, second = (label.category for label in document.readings)
        by_pair.setdefault((first, second), []).append(document)
    order = {category.category: i for i, category in enumerate(group.categories)}
    return tuple(
        ConfusionCell(first, second, tuple(documents), f"{one} {first}, {two} {second}")
        for (first, second), documents in sorted(
            by_pair.items(), key=lambda item: (-len(item[1]), order[item[0][0]], order[item[0][1]])
        )
    )


def agreement_page(
    report: AgreementReport,
    group: AgreementGroup,
    cursor: int,
    styles: Mapping[str, str],
    width: int,
    height: int,
    *,
    method: bool = False,
    method_key: str = "m",
) -> list[Line]:
    """Lay out the agreement of `group`, with the disagreement at `cursor` marked; `method` adds the captions.

    Warnings without room are counted, beside the `method_key` that shows them.
    """
    measures = report_measures(report)
    sentences = [styled(sentence, styles) for sentence in agreement_sentences(group)]
    cells = confusion_cells(group)
    given, title = _matrix(group, cells, cursor, styles), MATRIX
    if not given or _width(given) + FRAME_WIDTH > width:
        given, title = _list(cells, cursor, styles), "most confused categories"
    space = height - len(given) - FRAME_HEIGHT
    lines, every = page_top(sentences, measures.warnings, width, space, roomy=height >= ROOMY, key=method_key)
    readers = _readers(report, group, width - FRAME_WIDTH)
    others = OTHERS if len(report.whole) + len(report.pairs) > 1 else ""
    caption = [(" · ".join(map(one_line, measures.caption)), AXIS_STYLE)]
    below = [*indented(flowed(caption, width - 1)), *every] if method else []
    left = _width(given) + FRAME_WIDTH
    foot = "enter opens the documents"
    by_category = _by_category(group, styles, width - left - FRAME_WIDTH)
    if given and left + max(LEAST_BESIDE, _width(by_category) + FRAME_WIDTH) <= width:
        rows = max(len(given), len(by_category))
        spare = height - len(lines) - rows - len(readers) - len(below) - 2 * FRAME_HEIGHT
        if title == MATRIX and spare >= rows + 2:
            given = _spread(given)
            by_category = _by_category(group, styles, width - left - FRAME_WIDTH, gaps=True)
            rows = max(len(given), len(by_category))
            given, by_category, readers = ([[], *lines_in] for lines_in in (given, by_category, readers))
            rows += 1
        rows += FRAME_HEIGHT
        chart = framed(by_category, "agreement by category", OF_ANY, width - left, rows)
        lines += beside(framed(given, title, foot, left, rows), chart, left)
        fill = height - len(lines) - len(below)
        return [*lines, *framed(readers, "readers", others, width, fill), *below]
    lines += framed(given, title, foot, width) if given else []
    lines += framed(readers, "readers", others, width)
    by_category = _by_category(group, styles, width - FRAME_WIDTH)
    return [*lines, *framed(by_category, "agreement by category", OF_ANY, width), *below]


def _spread(matrix: Sequence[Line]) -> list[Line]:
    """Put a blank line between the categories of a table."""
    heading, first, *others, total = matrix
    return [heading, first, *(row for line in others for row in ([], line)), total]


def _matrix(
    group: AgreementGroup, cells: Sequence[ConfusionCell], cursor: int, styles: Mapping[str, str]
) -> list[Line]:
    """Draw the documents by the category of the first reader, a row each, and of the second; empty for more readers."""
    if len(group.readers) != 2:
        return []
    names = [category.category for category in group.categories]
    counts = Counter(
        (document.readings[0].category, document.readings[1].category) for document in group.documents
    )
    chosen = (cells[cursor].first, cells[cursor].second) if cells else None
    most = max((len(cell.documents) for cell in cells), default=0)
    one, two = (one_line(reader, WIDEST_NAME) for reader in group.readers)
    head = max(cell_len(f"{one} ↓  {two} →"), *(cell_len(one_line(name, WIDEST_NAME)) for name in names)) + 1
    size = max(WIDEST_HEADING, len(f"{max(counts.values()):,}"))
    total = max(size, cell_len(one))
    headings: list[StyledText] = [(padded(f"{one} ↓  {two} →", head), AXIS_STYLE)]
    headings += [(f"  {_short(name, size)}", f"bold {styles.get(name, '')}".strip()) for name in names]
    lines: list[Line] = [[*headings, (f"  {' ' * (total - cell_len(one))}{one}", AXIS_STYLE)]]
    for row in names:
        line: list[StyledText] = [
            (padded(one_line(row, WIDEST_NAME), head), f"bold {styles.get(row, '')}".strip())
        ]
        for column in names:
            count = counts[row, column]
            style = ""
            if row == column:
                style = f"bold {styles.get(row, '')}".strip()
            elif count == most:
                style = "bold $text-accent"
            if not count:
                style = AXIS_STYLE
            if (row, column) == chosen:
                style = "bold reverse $text-accent"
            line += [("  ", ""), (f"{count:,}".rjust(size) if count else "·".rjust(size), style)]
        lines.append(
            [*line, (f"  {sum(counts[row, name] for name in names):,}".rjust(total + 2), AXIS_STYLE)]
        )
    sums = "".join(f"  {sum(counts[name, column] for name in names):,}".rjust(size + 2) for column in names)
    lines.append([(padded(two, head) + sums + f"  {len(group.documents):,}".rjust(total + 2), AXIS_STYLE)])
    return lines


def _short(name: str, width: int) -> str:
    """Shorten a name to a column, at the right of it."""
    text = set_cell_size(one_line(name), min(width, cell_len(one_line(name))))
    return " " * (width - cell_len(text)) + text


def _list(cells: Sequence[ConfusionCell], cursor: int, styles: Mapping[str, str]) -> list[Line]:
    """List the disagreements, the chosen one marked."""
    lines: list[Line] = []
    for i, cell in enumerate(cells):
        names: list[StyledText] = []
        for name in (cell.first, cell.second):
            names += [(", ", "")] * bool(names)
            names.append((one_line(name, WIDEST_NAME), f"bold {styles.get(name, '')}".strip()))
        mark = "▸ " if i == cursor else "  "
        lines.append(
            [(mark, "bold $text-accent"), (f"{len(cell.documents):,}".rjust(5) + "  ", "bold"), *names]
        )
    return lines


def _by_category(
    group: AgreementGroup, styles: Mapping[str, str], width: int, *, gaps: bool = False
) -> list[Line]:
    """Draw how often the readers agree that a document belongs to each category; `gaps` sets rows between them."""
    names = [one_line(category.category, WIDEST_NAME) for category in group.categories]
    head = max(map(cell_len, names), default=0) + 2
    of = max((len(f"{category.by_any:,}") for category in group.categories), default=0)
    plot = max(width - head - of - 9, LEAST_PLOT)
    heading = padded("", head) + share_axis(plot, ALL) + "     %  " + "of".rjust(of)
    lines: list[Line] = [[(heading, AXIS_STYLE)]]
    for category, name in zip(group.categories, names, strict=True):
        if gaps and len(lines) > 1:
            lines.append([(" " * head, ""), *share_grid(plot, ALL)])
        style = styles.get(category.category, "")
        share = category.by_all / category.by_any
        low, high = category.interval.low, category.interval.high
        lines.append(
            [
                (padded(name, head), f"bold {style}".strip()),
                *share_bar(low, share, high, plot, ALL, style=style),
                (f"  {100 * share:4.0f}", "bold"),
                (f"  {category.by_any:,}".rjust(of + 2), AXIS_STYLE),
            ]
        )
    return lines


def _readers(report: AgreementReport, group: AgreementGroup, width: int) -> list[Line]:
    """Show a row per group of readers, that of `group` marked, and whether the reader matters for a share."""
    table = report_measures(report)
    widths = column_widths(table)
    lines: list[Line] = []
    if sum(widths) + len(GAP) * len(widths) <= width:
        lines.append([("  " + row_line(table.columns, widths), AXIS_STYLE)])
        for row in table.rows:
            chosen = row[0] == group.name
            mark = ("▸ " if chosen else "  ", "bold $text-accent")
            lines.append([mark, (row_line(row, widths), "bold" if chosen else "")])
    else:
        most = max(width - len(GAP) - max(widths[1:]), LEAST_READERS)
        rows = tuple((one_line(names, most), *cells) for names, *cells in table.rows)
        for block in table_lines(replace(table, rows=rows), width):
            lines += [[(block[0], AXIS_STYLE)], *([(line, "")] for line in block[1:])]
    if effect := effect_on_shares(group):
        sentence = effect[0].upper() + effect[1:] + "."
        lines += [[], *flowed([(one_line(sentence), "")], width)]
    if disputed := len(group.disputed):
        documents = quantity(disputed, "disputed document")
        lines += [[], [("a", "bold $accent"), (f" settles the {documents} one by one", AXIS_STYLE)]]
    return lines


def _width(lines: Sequence[Line]) -> int:
    return max(map(line_width, lines), default=0)
