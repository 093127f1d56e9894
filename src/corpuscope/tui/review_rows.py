"""Rows of the list of labels and of the panel below it, computed from plain values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from corpuscope.domain.category import CategoryScheme
from corpuscope.ledger.read.records import LabelQuery
from corpuscope.session.label_list import LabelRow
from corpuscope.text.quantities import quantity
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.widgets.category_bar import DOT, colour_style
from corpuscope.tui.widgets.painting import StyledRun
from corpuscope.tui.widgets.rows_panel import PanelRow, paragraph
from corpuscope.tui.widgets.status_line import StatusItem

CATEGORY, CORPUS, WHO = 13, 13, 7
"""Most cells of the columns beside the text."""
WITH_CORPUS = 70
"""Width in cells from which the corpus is named."""
SAYS = 5
"""Cells of the word before the answer of a model."""
MARKS = 5
"""Cells of the marks at the end of a row."""
LEAST_TEXT = 12
"""Fewest cells of the text."""
PLACE_MARGIN = 34
"""Cells that an address leaves to draw and length beside it."""
BEFORE_MATCH = 0.35
"""Share of the cells of the text that stand before a match."""
EXCERPT = 2_000
"""Characters of a text that are kept for list and panel."""
AROUND_MATCH = 300
"""Characters kept on each side of a match."""
MUTED = "$foreground-muted"


FLAGS = ("disputed", "bookmarked", "noted", "unsure")
"""Marks to filter by: fields of `LabelQuery`."""


@dataclass(frozen=True, slots=True)
class SearchState:
    """The progress of a search of all texts."""

    needle: str
    """The text to find."""
    share: float = 0.0
    """Share of the ledger that was read, from 0 to 1."""
    matches: int = 0
    """Number of documents found so far."""
    unread: int = 0
    """Number of texts lost to damage."""
    done: bool = False
    """Whether the whole ledger was read."""


def filter_items(query: LabelQuery, search: SearchState | None) -> list[StatusItem]:
    """Return each filter of the list with its value, "any" without one."""
    filters = {
        "category": query.category,
        "corpus": query.corpus,
        "who": query.annotator,
        "flags": ", ".join(flag for flag in FLAGS if getattr(query, flag)),
    }
    items = [StatusItem("filter", "bold $accent", 1), _search_item(search)]
    for name, value in filters.items():
        shown = one_line(value or "any", 20)
        items.append(StatusItem(f"{name} {shown}", "bold $accent" if value else MUTED, 3))
    return items


def _search_item(search: SearchState | None) -> StatusItem:
    if search is None:
        return StatusItem("text any", MUTED, 3)
    lost = f", {quantity(search.unread, 'text')} lost" if search.unread else ""
    state = "" if search.done else f" {search.share:.0%}"
    style = "$text-warning" if lost else "bold $accent"
    return StatusItem(f"text {one_line(search.needle, 20)!r}{state}{lost}", style, 1)


class ListExcerpt(NamedTuple):
    """What the list shows of a text."""

    text: str
    """Its beginning, or the surroundings of a match, with single blanks in place of line ends."""
    match: tuple[int, int] | None = None
    """Start and end of the match in `text`; None without one."""


LOST = ListExcerpt("damage took the text")
"""Stands for a text that cannot be read."""


def list_excerpt(text: str | None, needle: str = "") -> ListExcerpt:
    """Return the beginning of a text, or the surroundings of the first match of `needle`; None is a lost text."""
    if text is None:
        return LOST
    hit = re.search(re.escape(needle), text, re.IGNORECASE) if needle else None
    if hit is None:
        return ListExcerpt(" ".join(text[:EXCERPT].split()))
    start = max(hit.start() - AROUND_MATCH, 0)
    before = " ".join(text[start : hit.start()].split())
    before += " " * (before != "" and text[hit.start() - 1].isspace())
    match = " ".join(hit[0].split()) or hit[0]
    after = text[hit.end() : hit.end() + EXCERPT]
    after = " " * after[:1].isspace() + " ".join(after.split())
    lead = "…" * (start > 0)
    begin = len(lead) + len(before)
    return ListExcerpt(f"{lead}{before}{match}{after}", (begin, begin + len(match)))


class Columns(NamedTuple):
    """Widths of the columns of the list in cells; 0 for a column that is left out."""

    text: int
    category: int
    corpus: int
    who: int


def columns(
    width: int,
    categories: Sequence[str],
    corpora: Sequence[str],
    annotators: Sequence[str],
    *,
    with_answers: bool = False,
) -> Columns:
    """Return the widths for these names in rows of `width` cells; `with_answers` leaves room for those of a model."""
    category = min(_widest(categories), CATEGORY) + 1
    corpus = min(_widest(corpora), CORPUS) + 1 if width >= WITH_CORPUS and len(corpora) > 1 else 0
    who = min(_widest(annotators), WHO) + 1 if len(annotators) > 1 else 0
    others = category + corpus + who + (category + SAYS) * with_answers
    return Columns(max(width - 3 - others - MARKS, LEAST_TEXT), category, corpus, who)


def row_cells(
    row: LabelRow,
    excerpt: ListExcerpt | None,
    widths: Columns,
    scheme: CategoryScheme,
    answer: str | None = None,
) -> list[StyledRun]:
    """Return the cells of a label: dot, text, category, corpus, annotator and marks.

    An excerpt of None is of a text not yet read. `answer` is the category that a model gave.
    """
    category = scheme.named(row.category)
    colour = colour_style(category) if category else MUTED
    who = row.annotator + (f" ({row.look})" if row.look > 1 else "")
    marks = "".join(
        mark if shown else " "
        for mark, shown in (
            ("★", row.bookmarked),
            ("≠", row.disputed),
            ("¶", bool(row.note)),
            ("~", row.unsure),
        )
    )
    return [
        (f"{DOT} ", colour),
        *_text_cells(excerpt, widths.text),
        (" " + _cell(row.category, widths.category), colour),
        *([(f"says {_cell(answer, widths.category)}", "$accent")] if answer else []),
        (_cell(row.corpus, widths.corpus), MUTED),
        (_cell(who, widths.who), MUTED),
        (f"{marks} ", "$accent"),
    ]


def heading(widths: Columns) -> str:
    """Return the heading of the list."""
    names = (
        ("  text", widths.text + 2),
        (" category", widths.category + 1),
        ("corpus", widths.corpus),
        ("who", widths.who),
    )
    return "".join(set_cell_size(name, width) for name, width in names)


def preview(
    row: LabelRow, excerpt: ListExcerpt | None, url: str, scheme: CategoryScheme, width: int
) -> list[PanelRow]:
    """Return what is known about a label and where its document is, then the start of the document."""
    category = scheme.named(row.category)
    colour = colour_style(category) if category else MUTED
    first: list[StyledRun] = [(f"{DOT} ", colour), (one_line(row.category, 30), f"bold {colour}")]
    first.append(
        (f" by {one_line(row.annotator, 20)}{f', reading {row.look}' if row.look > 1 else ''}", MUTED)
    )
    first += [("   ★ bookmarked", "$accent")] if row.bookmarked else []
    first += [("   ≠ disputed", "$error")] if row.disputed else []
    first += [("   ~ unsure", "$accent")] if row.unsure else []
    first += [(f"   final: {one_line(row.final, 30)}", "$success")] if row.final else []
    note: list[PanelRow] = [((f"¶ {one_line(row.note, width - 2)}", "$accent"),)] if row.note else []
    place = one_line(url.removeprefix("https://").removeprefix("http://"), max(width - PLACE_MARGIN, 10))
    facts = [*([place] if url else []), f"draw {row.draw:,}", f"{row.characters:,} characters"]
    lines = paragraph(excerpt.text, min(width, 92)) if excerpt else [(("reading …", MUTED),)]
    return [first, *note, ((" · ".join(facts), MUTED),), (), *lines]


def _text_cells(excerpt: ListExcerpt | None, width: int) -> list[StyledRun]:
    if excerpt is None:
        return [("…".ljust(width), MUTED)]
    if excerpt is LOST:
        return [(set_cell_size(excerpt.text, width), "$error")]
    if excerpt.match is None:
        return [(_cell(excerpt.text, width), "")]
    start, end = excerpt.match
    before, match, after = (
        one_line(part) for part in (excerpt.text[:start], excerpt.text[start:end], excerpt.text[end:])
    )
    match = match if cell_len(match) <= width else set_cell_size(match, width)
    room = min(int(width * BEFORE_MATCH), max(width - cell_len(match), 0))
    if cell_len(before) > room:
        before = "…" + set_cell_size(before[::-1], room - 1)[::-1] if room else ""
    left = width - cell_len(before) - cell_len(match)
    return [(before, ""), (match, "bold underline $accent"), (_cell(after, left), "")]


def _widest(names: Sequence[str]) -> int:
    return max((cell_len(one_line(name)) for name in names), default=0)


def _cell(text: str, width: int) -> str:
    return set_cell_size(one_line(text, width), width) if width else ""
