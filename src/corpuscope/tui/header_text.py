"""Texts of header, status lines, footer and waiting notice, computed from plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from corpuscope.config.actions import EVERYWHERE, Action
from corpuscope.config.keymap import display_key
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.corpus import Corpus
from corpuscope.sampling.feed.status import FeedState, FeedStatus
from corpuscope.sampling.plan import ALL
from corpuscope.session.factories import RunningSession
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.widgets.status_line import StatusItem

if TYPE_CHECKING:  # the modules of a session are loaded after the first frame
    from corpuscope.session.history import HistoryEntry
    from corpuscope.session.progress import Progress


def header_items(
    corpora: Sequence[Corpus], live: RunningSession | None, *, failed: bool = False
) -> tuple[tuple[StatusItem, ...], tuple[StatusItem, ...]]:
    """Return the items of the labelling header.

    Left: app, corpora and progress. Right: the state of the feeds. `live` is None until the ledger is read;
    `failed` says that it could not be read.
    """
    blind = live.session.context.blind if live else len(corpora) > 1
    labelled = (
        f"blind · {len(corpora)} corpora"
        if blind and len(corpora) > 1
        else ", ".join(c.title for c in corpora)
    )
    if live and live.session.context.look > 1:
        labelled = "second looks"
    left = [StatusItem("corpuscope", "bold $text-accent", 6), StatusItem(one_line(labelled, 40), "", 3)]
    if live is None:
        state = (
            StatusItem("failed", "$text-error", 1)
            if failed
            else StatusItem("reading the labels", "$foreground-muted", 1)
        )
        return tuple(left), (state,)

    statuses = live.queue.statuses
    remaining = None
    if all_drawn(statuses):
        shown = live.session.shown
        remaining = sum(status.ready for status in statuses) + bool(shown and not shown.decided)
    left += progress_items(live.session.progress, remaining)
    return tuple(left), stream_items(statuses)


def progress_items(progress: Progress, remaining: int | None = None) -> list[StatusItem]:
    """Return labels given and planned, half-width, seconds per label and time left.

    `remaining` is the number of documents that can still be labelled; None when they are enough for the target.
    """
    minutes = progress.minutes_left
    if remaining is not None:
        minutes = replace(progress, target=min(progress.target, progress.labelled + remaining)).minutes_left
    planned = "all" if progress.target >= ALL else f"{progress.target:,}"
    items = [StatusItem(f"{progress.labelled:,} of {planned}", "bold", 0)]
    if progress.widest is not None:
        items.append(StatusItem(f"widest interval ±{progress.widest:.1f} pp", "", 2))
    if progress.pace is not None:
        items.append(StatusItem(f"{progress.pace:.0f} s a label", "$foreground-muted", 5))
    if minutes is not None:
        items.append(StatusItem(f"about {_duration(minutes)} left", "$foreground-muted", 4))
    return items


def last_decision_items(live: RunningSession | None, error: str, notice: str = "") -> tuple[StatusItem, ...]:
    """Return the error, else the notice, else the last decision with the corpus and address hidden before it."""
    if error:
        return (StatusItem(one_line(error), "$text-error", 0),)
    if notice:
        return (StatusItem(one_line(notice), "$text-warning", 0),)
    if live is None:
        return ()
    session = live.session
    items = []
    if (shown := session.shown) is not None:
        if shown.decided:
            state = one_line(shown.category) if shown.category else "skipped"
            position = "1 document back" if shown.back == 1 else f"{shown.back:,} documents back"
            items.append(StatusItem(f"{position}: {state}", "$text-accent", 0))
            items.append(StatusItem("· esc returns", "$foreground-muted", 4, "current"))
        if shown.bookmarked:
            items.append(StatusItem("bookmarked", "$text-warning", 1))
        if shown.note:
            items.append(StatusItem(f"note: {one_line(shown.note, 40)}", "$foreground-muted", 2))
    last = session.last
    if last is not None and not (shown and shown.decided):
        decision = one_line(last.category) if last.category else "skipped"
        items.append(StatusItem(f"last: {decision}", "", 0))
        if last.look > 1:
            items.append(_second_look(last, session.first_label(last)))
        items.append(StatusItem(f"· {last.corpus}", "$foreground-muted", 3))
        url = last.document.metadata.get("url") if last.document else None
        if url:
            address = str(url).removeprefix("https://").removeprefix("http://")
            items.append(StatusItem(f"· {one_line(address, 36)}", "$foreground-muted", 5))
        items.append(StatusItem("· u to undo", "$foreground-muted", 4, "undo"))
    if session.advice:
        items.append(StatusItem(f"· {session.advice}", "$text-warning", 1))
    return tuple(items)


def _second_look(last: HistoryEntry, first: str | None) -> StatusItem:
    """Return the notice that a label is a repeat, and how it compares with the first one."""
    if first is None or last.category is None:
        return StatusItem("· a second look", "$text-accent", 0)
    if first == last.category:
        return StatusItem("· a second look, as at first", "$text-success", 0)
    return StatusItem(f"· a second look, {one_line(first)} at first", "$text-warning", 0)


def key_items(scheme: CategoryScheme, actions: Sequence[Action]) -> tuple[StatusItem, ...]:
    """Return the keys of the labelling screen, category keys first."""
    keys = [category.key for category in scheme.categories]
    span = f"{keys[0]}-{keys[-1]}" if len(keys) > 1 else keys[0]
    return (StatusItem(f"{span} label", "bold", 0), *action_items(actions))


def action_items(actions: Sequence[Action]) -> tuple[StatusItem, ...]:
    """Return the footer of a screen: its own keys and those that work everywhere."""
    commands = [(a, a.command) for a in actions] + [(a, f"app.{a.command}") for a in EVERYWHERE.actions]
    return tuple(
        StatusItem(f"{display_key(a.keys[0])} {a.description}", "", a.rank, command)
        for a, command in commands
        if a.footer
    )


def waiting_text(live: RunningSession | None, error: str) -> str:
    """Return the text shown in place of the document while there is none."""
    if error:
        return error
    if live is None:
        return "reading the labels ..."

    return supply_text(live.queue.corpora, live.queue.statuses)


def _duration(minutes: float) -> str:
    if minutes < 1:
        return "a minute"
    return f"{minutes:.0f} min" if minutes < 90 else f"{minutes / 60:.1f} h"


WAY_OUT = "the bundled demo (corpuscope demo) and local files work without a network"
"""Advice shown wherever the Hub cannot be reached."""


def all_drawn(statuses: Sequence[FeedStatus]) -> bool:
    """Whether every feed has drawn its last document. False without feeds."""
    return bool(statuses) and all(status.state is FeedState.EXHAUSTED for status in statuses)


def stream_items(statuses: Sequence[FeedStatus]) -> tuple[StatusItem, ...]:
    """Return the worst state of the feeds, and the number of documents ready and of files set aside."""
    ready = sum(status.ready for status in statuses)
    worst = max(statuses, key=lambda status: _WORDS[status.state][2])
    word, style, _ = _WORDS[worst.state]
    if worst.retry_in is not None and worst.state in (FeedState.RETRYING, FeedState.OFFLINE):
        offline = f"{word}, " if worst.state is FeedState.OFFLINE else ""
        word = f"{offline}retrying in {max(worst.retry_in, 0):.0f} s"
    items = [StatusItem(word, style, 1), StatusItem(f"{ready:,} ready", "$foreground-muted", 2)]
    if warnings := sum(len(status.warnings) for status in statuses):
        items.append(StatusItem(f"{warnings:,} set aside", "$text-warning", 1))
    return tuple(items)


_WORDS: dict[FeedState, tuple[str, str, int]] = {
    FeedState.EXHAUSTED: ("all drawn", "$text-success", 0),
    FeedState.STREAMING: ("streaming", "$text-success", 1),
    FeedState.OPENING: ("opening", "$foreground-muted", 2),
    FeedState.RETRYING: ("retrying", "$text-warning", 3),
    FeedState.OFFLINE: ("offline", "$text-error", 4),
    FeedState.FAILED: ("failed", "$text-error", 5),
}
"""State -> word, style, severity."""


def supply_text(corpora: Sequence[str], statuses: Sequence[FeedStatus]) -> str:
    """Return the text shown while no document is ready; `statuses` holds one status for each of `corpora`."""
    if all_drawn(statuses):
        if warnings := [warning for status in statuses for warning in status.warnings]:
            named = "\n".join(warnings[:3]) + (f"\nand {len(warnings) - 3:,} more" if warnings[3:] else "")
            return (
                f"No document is left to draw, but not all could be drawn.\n\n{named}\n\n"
                "tab shows the summary, ← goes back over the documents you labelled."
            )
        return "Every document has been drawn and decided.\n\ntab shows the summary, ← goes back over them."
    messages = [status.message for status in statuses if status.message]
    if not messages:
        return "drawing the first document ..."
    if len(statuses) > 1:
        messages = [f"{name}: {s.message}" for name, s in zip(corpora, statuses, strict=True) if s.message]
    waits = [status.retry_in for status in statuses if status.retry_in is not None]
    retry = f"\n\nTrying again in {max(min(waits), 0):.0f} s; nothing is lost." if waits else ""
    unreachable = any(status.state in (FeedState.OFFLINE, FeedState.RETRYING) for status in statuses)
    return "\n".join(messages) + retry + (f"\n\nMeanwhile {WAY_OUT}." if unreachable else "")
