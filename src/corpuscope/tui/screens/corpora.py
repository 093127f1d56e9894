"""The list of corpora: those of the study first, then what can be labelled at once, and the one under the cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from corpuscope.config.actions import AGREEMENT, BROWSE, CORPORA, READING, REVIEW, SUMMARY
from corpuscope.errors import CorpuscopeError
from corpuscope.session.study_plan import DEMO, CorpusStatus, corpus_statuses
from corpuscope.session.workspace import Workspace
from corpuscope.text.quantities import quantity
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.bindings import bindings
from corpuscope.tui.corpus_rows import (
    budgets,
    details,
    introduction,
    name_width,
    own_cells,
    own_heading,
    panel_heights,
    published_tokens,
    ready_cells,
    ready_heading,
)
from corpuscope.tui.line_items import action_items
from corpuscope.tui.messages import LabellingWanted, ScreenWanted, WorkerFailed
from corpuscope.tui.screens.responsive import ResponsiveScreen, TooSmall, pasted_words
from corpuscope.tui.widgets.painting import StyledRun
from corpuscope.tui.widgets.rows_panel import PanelRow, RowsPanel, paragraph
from corpuscope.tui.widgets.status_line import MessageBar, StatusItem, StatusLine
from corpuscope.tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:  # the list appears before the ledger is read
    from corpuscope.stats.summary import CorpusSummary

AROUND_LISTS = 2
"""Rows of the screen beside its panels: the header and the keys."""
AROUND_TEXT = 4
"""Cells of the screen beside the text of a panel."""
ROOMY = 30
"""Rows of the screen from which the introduction is spaced."""
PRACTICE_KEY, DEMO_KEY = "practice", "demo"


@dataclass(frozen=True, slots=True)
class ReadyEntry:
    """A row of what can be labelled at once."""

    name: str
    """Name of the corpus, or PRACTICE_KEY or DEMO_KEY."""
    tokens: str
    """Its size in tokens, "" where none is published."""
    description: str
    """What it is."""
    status: CorpusStatus | None
    """The corpus; None for practice and demo."""


EXTRAS = (
    ReadyEntry(DEMO_KEY, "", "Bundled documents of three small corpora; no network", None),
    ReadyEntry(PRACTICE_KEY, "", "Documents with known answers; nothing is saved", None),
)
"""Rows that are no corpora."""


class CorporaList(VirtualList, inherit_bindings=False):
    """A list in which space marks a corpus instead of turning the page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(action for action in READING.actions if action.command != "page_down"),
        Binding("pagedown", "page_down", show=False),
    ]

    def on_focus(self) -> None:
        """Draw the cursor."""
        self.points = True
        self.refresh()

    def on_blur(self) -> None:
        """Leave the cursor to another list."""
        self.points = False
        self.refresh()


class CorporaScreen(ResponsiveScreen):
    """Show the corpora of the study and those that are ready to be labelled, with the details of one."""

    KEYS = CORPORA
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(CORPORA.actions)]

    @dataclass
    class Counted(Message):
        """The labels of every corpus have been counted."""

        statuses: tuple[CorpusStatus, ...]
        summaries: Mapping[str, CorpusSummary]

    @dataclass
    class NameRefused(Message):
        """A name that was typed is that of no corpus, or cannot be labelled."""

        fault: CorpuscopeError

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._own: tuple[CorpusStatus, ...] = ()
        self._ready: tuple[ReadyEntry, ...] = ()
        self._summaries_by_key: Mapping[str, CorpusSummary] = {}
        self._refused = False  # whether the name that was typed last was refused, and why is on screen
        self._has_notice = False  # whether it is said why a key did nothing
        self._marked: set[str] = set()
        self._first_start = not workspace.plan.path.exists()

    def compose(self) -> ComposeResult:
        """Yield header, introduction, both lists, details, messages and keys."""
        yield StatusLine(id="header", classes="-header")
        yield RowsPanel(id="start", classes="-accent")
        yield CorporaList(id="own", classes="-framed")
        yield CorporaList(id="ready", classes="-framed")
        yield RowsPanel(id="details")
        yield MessageBar()
        yield StatusLine(id="keys")
        yield TooSmall()

    def on_mount(self) -> None:
        """Paint the lists first; the counts follow when the ledger has been read."""
        self._own_list = self.query_one("#own", CorporaList)
        self._ready_list = self.query_one("#ready", CorporaList)
        self._start = self.query_one("#start", RowsPanel)
        self._details = self.query_one("#details", RowsPanel)
        self._own_list.points = False
        self._fill(corpus_statuses(None, None, self._workspace.scheme))
        self._ready_list.focus()
        self.query_one("#keys", StatusLine).show(action_items(self._workspace.settings.keys.of(CORPORA)))
        self.call_after_refresh(self._count)

    def on_screen_resume(self) -> None:
        """Count again: labels may have been added on the screen above."""
        self._count()

    def on_resize(self) -> None:
        """Share the rows among the panels."""
        self._lay_out()

    @work(thread=True, exclusive=True, group="statuses", exit_on_error=False)
    def _count(self) -> None:
        try:
            statuses = self._workspace.corpus_statuses(counted=True)
            summaries: Mapping[str, CorpusSummary] = {}
            if any(status.labelled for status in statuses):
                from corpuscope.tui.screens.shares_so_far import summaries_of

                summaries = summaries_of(self._workspace)
        except CorpuscopeError as fault:
            self.post_message(WorkerFailed(fault))
        else:
            self.post_message(self.Counted(statuses, summaries))

    def on_corpora_screen_counted(self, message: Counted) -> None:
        """Show the counts, and why nothing can be labelled."""
        if not self._refused and not self._has_notice:
            self._show_notice("")
        is_new, self._summaries_by_key = not self._own, message.summaries
        self._fill(message.statuses)
        if is_new and self._own:
            self._own_list.focus()

    def on_worker_failed(self, message: WorkerFailed) -> None:
        """Show what could not be read."""
        self._show_fault(message.fault)

    def on_corpora_screen_name_refused(self, message: NameRefused) -> None:
        """Show why the name was refused, until another one is typed."""
        self._refused = True
        self._show_fault(message.fault)

    def _show_notice(self, text: str) -> None:
        """Show why a key did nothing, until the cursor moves; for "" what was shown before the first notice."""
        self._has_notice = bool(text)
        self.query_one(MessageBar).show_message(text or self._workspace.ledger.only_to_look, "$text-warning")

    def _show_fault(self, fault: CorpuscopeError) -> None:
        self.query_one(MessageBar).show_message(str(fault), "$text-error")

    def _fill(self, statuses: Sequence[CorpusStatus]) -> None:
        """Show the corpora of the study, the last one used first, and below them the known ones."""
        own = [status for status in statuses if status.target is not None or status.labelled]
        never = datetime.min.replace(tzinfo=UTC)
        self._own = tuple(sorted(own, key=lambda status: status.last_used or never, reverse=True))
        others = [status for status in statuses if status not in own and status.corpus.kind != "demo"]
        self._ready = (
            *(
                ReadyEntry(s.corpus.title, published_tokens(s.corpus.key), s.corpus.description, s)
                for s in others
            ),
            *EXTRAS,
        )
        self._first_start = self._first_start and not self._own
        self._show_header()
        self._own_list.show(len(self._own), self._own_cells, self._own_heading, self._own_list.cursor)
        self._ready_list.show(
            len(self._ready), self._ready_cells, lambda _: ready_heading(self._names), self._ready_list.cursor
        )
        self._lay_out()
        self._describe()

    def _show_header(self) -> None:
        labels = sum(status.labelled or 0 for status in self._own)
        count = f"{len(self._own):,} {'corpus' if len(self._own) == 1 else 'corpora'} of yours"
        right = f"{quantity(labels, 'label')} · {count}" if self._own else "nothing labelled yet"
        has_counts = self._own or self._first_start
        self.query_one("#header", StatusLine).show(
            (StatusItem("corpuscope", "bold $accent"), StatusItem("corpora", "bold")),
            (StatusItem(right, "$foreground-muted", 5),) if has_counts else (),
        )

    def _lay_out(self) -> None:
        """Give each panel its rows; what has no room left is not shown."""
        roomy = self.size.height >= ROOMY
        keys = self._workspace.settings.keys
        target = self._workspace.settings.target
        first_keys = (keys.first_key("home.practice"), keys.first_key("home.demo"), "enter")

        def start(width: int, _height: int) -> list[PanelRow]:
            return introduction(width, target, first_keys, marked=len(self._marked), roomy=roomy)

        self._start.show(start, head="start here")
        rows_of_start = len(start(self.size.width - AROUND_TEXT, 0)) + 2 if self._first_start else 0
        rows = self.size.height - AROUND_LISTS
        heights = panel_heights(rows, rows_of_start, len(self._own), len(self._ready))
        panels = (self._start, self._own_list, self._ready_list, self._details)
        lowest = self._details if heights[-1] else self._ready_list
        for widget, height in zip(panels, heights, strict=True):
            widget.display = height > 0
            # the lowest panel yields its rows to a message
            widget.styles.height = "1fr" if widget is lowest else max(height, 1)
        self._own_list.head = "yours"
        self._ready_list.head = "ready-made" if self._own else "corpora"
        add = keys.first_key("home.add")
        self._ready_list.foot = f"{add} adds a dataset of the Hub or files of your own"

    @property
    def _names(self) -> int:
        statuses = [*self._own, *(entry.status for entry in self._ready if entry.status)]
        return name_width(statuses)

    def _own_heading(self, width: int) -> str:
        return own_heading(width, self._names)

    def _own_cells(self, row: int, width: int) -> Sequence[StyledRun]:
        status = self._own[row]
        marked = status.corpus.key in self._marked
        return own_cells(status, self._names, width, self._workspace.clock.now(), marked=marked)

    def _ready_cells(self, row: int, width: int) -> Sequence[StyledRun]:
        entry = self._ready[row]
        marked = entry.status is not None and entry.status.corpus.key in self._marked
        return ready_cells(entry.name, entry.tokens, entry.description, self._names, width, marked=marked)

    @on(VirtualList.Moved)
    def _moved(self) -> None:
        """Show the details of the corpus under the cursor."""
        if self._has_notice:
            self._show_notice("")
        self._describe()

    @on(VirtualList.PassedEnd)
    def _passed_end(self, message: VirtualList.PassedEnd) -> None:
        """Go on in the other list."""
        own = self.focused is self._own_list
        if message.direction > 0 and own:
            self._ready_list.move(0)
            self._ready_list.focus()
        elif message.direction < 0 and not own and self._own:
            self._own_list.move(len(self._own) - 1)
            self._own_list.focus()

    def on_descendant_focus(self) -> None:
        """Show the details of the corpus under the cursor of the list that has the focus now."""
        if self._has_notice:
            self._show_notice("")
        self._describe()

    @on(VirtualList.Chosen)
    def _chosen(self) -> None:
        """Label on a click on the row under the cursor."""
        self.action_label()

    def _under_cursor(self) -> CorpusStatus | ReadyEntry | None:
        if self.focused is self._own_list and self._own:
            return self._own[self._own_list.cursor]
        entry = self._ready[self._ready_list.cursor] if self._ready else None
        return entry.status or entry if entry else None

    def _status_for(self, verb: str) -> CorpusStatus | None:
        """Return the corpus under the cursor; None, after a notice that there is none to `verb`, on another row."""
        entry = self._under_cursor()
        if isinstance(entry, CorpusStatus):
            return entry
        if entry is not None:
            self._show_notice(f"no corpus to {verb} here: enter starts the {entry.name}")
        return None

    def _describe(self) -> None:
        entry = self._under_cursor()
        if isinstance(entry, CorpusStatus):
            summary = self._summaries_by_key.get(entry.corpus.key)
            foot = f"corpuscope label {one_line(entry.corpus.key, 40)}"
            if summary and entry.target and (entry.labelled or 0) < entry.target:
                foot = "so far: no verdict before the plan is reached"
            make = partial(self._details_of, entry, summary)
            self._details.show(make, head=one_line(entry.corpus.title, 60), foot=foot)
        elif entry is not None:
            text = entry.description
            self._details.show(
                lambda width, _height: paragraph(text, width),
                head=entry.name,
                foot=f"corpuscope {entry.name}",
            )

    def _details_of(
        self, status: CorpusStatus, summary: CorpusSummary | None, width: int, height: int
    ) -> list[PanelRow]:
        rows = details(status, width)
        if status.labelled is None:
            return rows  # the first frame: what labels buy comes with the counts, since intervals take a while to load
        if summary is None:
            return rows + budgets(status.target or self._workspace.settings.target)
        from corpuscope.tui.screens.shares_so_far import chart_rows

        return rows + chart_rows((summary,), self._workspace.scheme, width, height - len(rows))

    def on_paste(self, event: events.Paste) -> None:
        """Say that pasted text is no keys, and which key opens the field for the name of a corpus."""
        add = self._workspace.settings.keys.first_key("home.add")
        self._show_notice(f"{pasted_words(event.text)} ({add} opens one)")

    def action_mark(self) -> None:
        """Mark or unmark the corpus under the cursor."""
        if status := self._status_for("mark"):
            self._marked ^= {status.corpus.key}
            for corpora in (self._own_list, self._ready_list):
                corpora.remake()
            self._start.on_resize()
            self._describe()

    def action_label(self) -> None:
        """Label the marked corpora, or the one under the cursor."""
        statuses = (*self._own, *(entry.status for entry in self._ready if entry.status))
        chosen = tuple(s.corpus for s in statuses if s.corpus.key in self._marked)
        entry = self._under_cursor()
        if not chosen and isinstance(entry, CorpusStatus):
            chosen = (entry.corpus,)
        if chosen:
            self.post_message(LabellingWanted(chosen))
        elif isinstance(entry, ReadyEntry):
            self.action_demo() if entry.name == DEMO_KEY else self.action_practice()

    def action_browse(self) -> None:
        """Browse the corpus under the cursor."""
        if status := self._status_for("browse"):
            self.post_message(ScreenWanted(BROWSE.name, corpus=status.corpus))

    def action_demo(self) -> None:
        """Label the bundled demo corpora."""
        self._request(DEMO)

    def action_add(self) -> None:
        """Ask for a dataset or files, and label them."""
        self._refused = False
        from corpuscope.tui.screens.note import NoteScreen

        self.app.push_screen(
            NoteScreen(
                "", "label a corpus", "owner/name, or a file, folder or glob", "enter labels it · esc cancels"
            ),
            self._add,
        )

    def _add(self, name: str | None) -> None:
        if name:
            self._request((name,))

    @work(thread=True, exclusive=True, group="request", exit_on_error=False)
    def _request(self, names: Sequence[str]) -> None:
        """Resolve names to corpora and label these."""
        try:
            study = self._workspace.plan.request(names)
            self._workspace.plan.check_annotator(study)
        except CorpuscopeError as fault:
            self.post_message(self.NameRefused(fault))
        else:
            self.post_message(LabellingWanted(study.corpora))

    def action_practice(self) -> None:
        """Practise on documents with known answers."""
        self.post_message(ScreenWanted("Practice"))

    def action_review(self) -> None:
        """Open the review of labels."""
        self.post_message(ScreenWanted(REVIEW.name))

    def action_agreement(self) -> None:
        """Open the agreement."""
        self.post_message(ScreenWanted(AGREEMENT.name))

    def action_summary(self) -> None:
        """Open the summary."""
        self.post_message(ScreenWanted(SUMMARY.name))
