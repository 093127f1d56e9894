"""Texts of header, status lines, footer and waiting notice, computed from plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.cells import cell_len

from corpuscope.config.keymap import Keymap
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.corpus import Corpus
from corpuscope.sampling.feed.status import FeedState, FeedStatus
from corpuscope.sampling.plan import ALL
from corpuscope.session.factories import RunningSession
from corpuscope.text.quantities import duration, label_pace
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.line_items import key_item, progress_bar
from corpuscope.tui.widgets.category_bar import DOT, colour_style
from corpuscope.tui.widgets.rows_panel import PanelRow
from corpuscope.tui.widgets.status_line import EXPENDABLE, ITEM_GAP, MARGIN, OPTIONAL, StatusItem

if TYPE_CHECKING:  # the modules of a session are loaded after the first frame
    from corpuscope.session.history import HistoryEntry
    from corpuscope.session.notes import DisplayedDocument
    from corpuscope.session.progress import Progress


BAR_WIDTHS = ((120, 36), (60, 16))
"""Smallest width of the screen and the width of the progress bar in it, in cells, widest first."""


def header_items(
    corpora: Sequence[Corpus], live: RunningSession | None, *, failed: bool = False, width: int = 80
) -> tuple[tuple[StatusItem, ...], tuple[StatusItem, ...]]:
    """Return the items of the labelling header in a screen of `width` cells.

    Left: app, corpora and progress. Right: trouble of the feeds, pace and time left. `live` is None until the ledger
    is read; `failed` says that it could not be read.
    """
    blind = live is None or live.session.context.blind
    labelled = (
        f"blind · {len(corpora)} corpora"
        if blind and len(corpora) > 1
        else one_line(", ".join(c.title for c in corpora), 40)
    )
    if live and live.session.context.look > 1:
        labelled = "second readings"
    left = [StatusItem("corpuscope", "bold $accent", 3), StatusItem(labelled, "", 2)]
    if live is None:
        state = (
            StatusItem("failed", "$text-error", 1)
            if failed
            else StatusItem("loading …", "$foreground-muted", 1)
        )
        return tuple(left), (state,)

    statuses = live.queue.statuses
    remaining = None
    if all_drawn(statuses):
        shown = live.session.shown
        remaining = sum(status.ready for status in statuses) + bool(shown and not shown.decided)
    progress = live.session.progress
    everything = progress.target >= ALL
    left.append(
        StatusItem(f"{progress.labelled:,} / {'all' if everything else f'{progress.target:,}'}", "bold", 0)
    )
    if not everything and (bar := next((cells for smallest, cells in BAR_WIDTHS if width >= smallest), 0)):
        left.append(progress_bar(progress.labelled, progress.target, bar))
    trouble = stream_items(statuses)
    room = width - 2 * MARGIN - sum(cell_len(item.text) + ITEM_GAP for item in (*left, *trouble))
    return tuple(left), (*trouble, *pace_items(progress, remaining, room))


def pace_items(progress: Progress, remaining: int | None = None, room: int | None = None) -> list[StatusItem]:
    """Return the half-width of the widest interval, seconds per label, and the time left.

    `remaining` is the number of documents that can still be labelled; None when they are enough for the target. Where
    `room` cells do not hold both, the time left stands alone.
    """
    minutes = progress.minutes_left
    if remaining is not None:
        minutes = replace(progress, target=min(progress.target, progress.labelled + remaining)).minutes_left
    items = []
    if progress.widest is not None:
        items.append(
            StatusItem(f"widest interval ±{progress.widest:.1f} pp", "$foreground-muted", EXPENDABLE)
        )
    per_label = "" if progress.pace is None else f"{label_pace(progress.pace)} per label"
    if progress.labelled >= progress.target:
        items += [StatusItem(per_label, "$foreground-muted", 6)] * bool(per_label)
        items.append(StatusItem("plan reached", "$success", 5))
    elif minutes is not None:
        left = f"{duration(minutes)} left"
        both = f"{per_label} · {left}"
        fits = room is None or cell_len(both) <= room
        items.append(StatusItem(both if fits else left, "$foreground-muted", 5))
    elif per_label:
        items.append(StatusItem(per_label, "$foreground-muted", 6))
    return items


def document_title(shown: DisplayedDocument, number: int, *, blind: bool) -> str:
    """Return the title of the frame of a document: what is known about it, and nothing about any other.

    `number` is that of the document.
    """
    if shown.decided:
        label = f"labelled {one_line(shown.category)}" if shown.category else "skipped"
        label += " ~ unsure" * shown.unsure
        parts = [f"document {number:,}", f"{shown.back:,} back", label]
    else:
        parts = [f"document {number:,}", "source hidden" * blind]
    parts += ["★ bookmarked" * shown.bookmarked, "note" * bool(shown.note)]
    return " · ".join(filter(None, parts))


LONGEST_CATEGORY = 32
"""Most cells of the name of a category in the line below the document."""
WIDEST_CATEGORY = 16
"""Most cells of the name of a category beside the beginning of a document."""
BEGINNING = 400
"""Characters of a document from which its beginning is made."""
SHORTEST_ADDRESS = 12
"""Fewest cells in which the start of an address says anything."""

PreviousItems = tuple[tuple[StatusItem, ...], tuple[StatusItem, ...]]
"""Items at the left and at the right of the line below the document."""


def previous_items(
    scheme: CategoryScheme,
    live: RunningSession | None,
    error: str,
    notice: str = "",
    keys: Keymap | None = None,
    width: int = 80,
    remarks: Sequence[str] = (),
) -> PreviousItems:
    """Return the error, else the notice, else the previous decision with the corpus and address hidden before it.

    `keys` are the keys in force, those by default for None; `width` is that of the screen, in cells; `remarks` are what
    second readers say about the document decided last.
    """
    if error:
        return (StatusItem(one_line(error), "$text-error", 0),), ()
    if notice:
        return (StatusItem(one_line(notice), "$text-warning", 0),), ()
    if live is None:
        return (), ()
    session, keys = live.session, keys or Keymap()
    shown, last = session.shown, session.last
    items: list[StatusItem] = []
    right: tuple[StatusItem, ...] = ()
    if shown and shown.decided and session.undone is None:
        items.append(StatusItem("looking back", "$accent", 0))
        items.append(StatusItem("· a category key changes its label", "$foreground-muted", 3))
        right = (key_item(keys.first_key("history.current"), "back to the present", "current"),)
    elif shown and shown.decided and session.undone:
        items += _restored_items(session.undone, shown, scheme)
        right = (key_item(keys.first_key("label.undo"), "undo", "undo"),)
    elif entry := session.undone or last:
        items.append(StatusItem("undone" if session.undone else "previous", "$foreground-muted", 1))
        items += decision_items(entry, scheme)
        if entry.look > 1 and not session.undone:
            items.append(_second_reading(entry, session.first_label(entry)))
        if not session.undone:
            items += [
                StatusItem(f"· {one_line(remark)}", "$foreground-muted", OPTIONAL) for remark in remarks
            ]
        if last:
            right = (key_item(keys.first_key("label.undo"), "undo", "undo"),)
        room = width - sum(cell_len(item.text) + 1 for item in (*items, *right)) - 4
        is_hidden = session.undone is not None and session.context.blind  # it is to be labelled once more
        source = [] if is_hidden else _source_items(entry, room)
        if remarks:  # what second readers say stays longer than where the document is from
            source = [item._replace(priority=item.priority + OPTIONAL) for item in source]
        items += source
    if session.advice:
        items.append(StatusItem(f"· {session.advice}", "$text-warning", 1))
    return tuple(items), right


def _restored_items(
    undone: HistoryEntry, shown: DisplayedDocument, scheme: CategoryScheme
) -> list[StatusItem]:
    """Return what was undone of the document on screen, and the decision about it that is in force again."""
    if undone.category == shown.category:
        mark = "~ unsure" if undone.unsure else "sure again"
        return [
            StatusItem("undone", "$foreground-muted", 1),
            StatusItem(mark, "$accent", 0),
            StatusItem("· the label stays:", "$foreground-muted", 1),
            *decision_items(shown, scheme),
        ]
    return [
        StatusItem("undone", "$foreground-muted", 1),
        *decision_items(undone, scheme),
        StatusItem("· again", "$foreground-muted", 1),
        *decision_items(shown, scheme),
    ]


def decision_items(entry: HistoryEntry | DisplayedDocument, scheme: CategoryScheme) -> list[StatusItem]:
    """Return the dot and the name of the category of a decision."""
    if not entry.category:
        return [StatusItem("skipped", "", 0)]
    category = scheme.named(entry.category)
    dot = [StatusItem(DOT, colour_style(category), 1)] if category else []
    unsure = [StatusItem("~ unsure", "$accent", 1)] if entry.unsure else []
    return [*dot, StatusItem(one_line(entry.category, LONGEST_CATEGORY), "", 0), *unsure]


def decision_rows(entries: Sequence[HistoryEntry], scheme: CategoryScheme, width: int) -> list[PanelRow]:
    """Return the latest decisions with the beginnings of their documents, in rows of `width` cells."""
    names = max((cell_len(one_line(name, WIDEST_CATEGORY)) for name in scheme.names), default=0) + 2
    rows: list[PanelRow] = []
    for entry in entries:
        category = scheme.named(entry.category) if entry.category else None
        name = one_line(entry.category or "skipped", WIDEST_CATEGORY)
        text = " ".join(entry.document.text[:BEGINNING].split()) if entry.document else ""
        rows.append(
            (
                (f"{DOT} ", colour_style(category) if category else "$foreground-muted"),
                (name + " " * (names - cell_len(name)), ""),
                (one_line(text, max(width - names - 2, 1)), "$foreground-muted"),
            )
        )
    return rows


def _source_items(entry: HistoryEntry, room: int) -> list[StatusItem]:
    """Return corpus and address of a decided document, the latter cut to what `room` cells leave to it."""
    items = [StatusItem(f"· {one_line(entry.corpus)}", "$foreground-muted", 5)]
    url = entry.document.metadata.get("url") if entry.document else None
    room -= cell_len(items[0].text) + 1
    if url and room >= SHORTEST_ADDRESS:
        address = str(url).removeprefix("https://").removeprefix("http://")
        items.append(StatusItem(f"· {one_line(address, room)}", "$foreground-muted", 6))
    return items


def _second_reading(last: HistoryEntry, first: str | None) -> StatusItem:
    """Return the notice that a label is a repeat, and how it compares with the first one."""
    if first is None or last.category is None:
        return StatusItem("· second reading", "$accent", 0)
    if first == last.category:
        return StatusItem("· second reading: same answer as before", "$success", 0)
    return StatusItem(f"· second reading: you said {one_line(first)} before", "$text-warning", 0)


def waiting_text(live: RunningSession | None, error: str, keys: Keymap) -> str:
    """Return the text shown in place of the document while there is none."""
    if error:
        return error
    if live is None:
        return "loading …"

    return supply_text(live.queue.corpora, live.queue.statuses, keys)


WAY_OUT = "the bundled demo (corpuscope demo) and local files work without a network"
"""Advice shown wherever the Hub cannot be reached."""


DRAWING = "drawing the first document ..."
"""Shown in place of the document at the start of a session."""


def all_drawn(statuses: Sequence[FeedStatus]) -> bool:
    """Tell whether every feed has drawn its last document. False without feeds."""
    return bool(statuses) and all(status.state is FeedState.EXHAUSTED for status in statuses)


def stream_items(statuses: Sequence[FeedStatus]) -> tuple[StatusItem, ...]:
    """Return the worst state of the feeds unless all is well, and the number of files set aside."""
    worst = max(statuses, key=lambda status: _WORDS[status.state][2])
    word, style, _ = _WORDS[worst.state]
    if worst.retry_in is not None and worst.state in (FeedState.RETRYING, FeedState.OFFLINE):
        offline = f"{word}, " if worst.state is FeedState.OFFLINE else ""
        word = f"{offline}retrying in {max(worst.retry_in, 0):.0f} s"
    elif worst.state is FeedState.FAILED and len(statuses) > 1:
        failed = sum(status.state is FeedState.FAILED for status in statuses)
        word = f"{failed:,} of {len(statuses):,} corpora {word}"
    items = [] if worst.state is FeedState.STREAMING else [StatusItem(word, style, 1)]
    if warnings := sum(len(status.warnings) for status in statuses):
        items.append(StatusItem(f"{warnings:,} set aside", "$text-warning", 1))
    return tuple(items)


_WORDS: dict[FeedState, tuple[str, str, int]] = {
    FeedState.EXHAUSTED: ("no more documents", "$text-success", 0),
    FeedState.STREAMING: ("streaming", "$text-success", 1),
    FeedState.OPENING: ("opening", "$foreground-muted", 2),
    FeedState.RETRYING: ("retrying", "$text-warning", 3),
    FeedState.OFFLINE: ("offline", "$text-error", 4),
    FeedState.FAILED: ("failed", "$text-error", 5),
}
"""State -> word, style, severity."""


def supply_text(corpora: Sequence[str], statuses: Sequence[FeedStatus], keys: Keymap) -> str:
    """Return the text shown while no document is ready; `statuses` holds one status for each of `corpora`."""
    if all_drawn(statuses):
        names = (
            ("nav.summary", "summary"),
            ("history.back", "go back"),
            ("nav.quit", "quit"),
        )
        ways = " · ".join(f"{keys.first_key(action)}: {word}" for action, word in names)
        if warnings := [warning for status in statuses for warning in status.warnings]:
            named = "\n".join(warnings[:3]) + (f"\nand {len(warnings) - 3:,} more" if warnings[3:] else "")
            return f"No document is left to draw, but not all could be drawn.\n\n{named}\n\n{ways}"
        return f"All documents are labelled.\n\n{ways}"
    messages = [status.message for status in statuses if status.message]
    if not messages:
        return DRAWING
    if len(statuses) > 1:
        messages = [f"{name}: {s.message}" for name, s in zip(corpora, statuses, strict=True) if s.message]
    waits = [status.retry_in for status in statuses if status.retry_in is not None]
    retry = f"\n\nRetrying in {max(min(waits), 0):.0f} s. Your labels are safe." if waits else ""
    unreachable = any(status.state in (FeedState.OFFLINE, FeedState.RETRYING) for status in statuses)
    return "\n".join(messages) + retry + (f"\n\nMeanwhile {WAY_OUT}." if unreachable else "")
