"""The agreement screen: how far annotators of the same documents agree, and which categories they confuse."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from corpuscope.analysis.agreement import AgreementGroup, AgreementReport, agreement_report
from corpuscope.config.actions import AGREEMENT, READING, REVIEW
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.report.agreement_tables import nothing_to_compare
from corpuscope.session.workspace import Workspace
from corpuscope.text.quantities import quantity
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.bindings import bindings
from corpuscope.tui.charts.agreement import agreement_page, confusion_cells
from corpuscope.tui.charts.frames import joined
from corpuscope.tui.messages import ScreenWanted
from corpuscope.tui.screens.live import LiveScreen
from corpuscope.tui.widgets.category_bar import category_styles
from corpuscope.tui.widgets.status_line import StatusItem, StatusLine


class AgreementScreen(LiveScreen[None, AgreementReport]):
    """Show one group of readers; left and right change the group, up and down move through its disagreements."""

    KEYS = AGREEMENT
    WAITING = "comparing readings ..."
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(AGREEMENT.actions), *bindings(READING.actions)]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, None)
        self._position = 0
        self._cursor = 0
        self._method = False

    def compute(self, query: None, decisions: Decisions) -> AgreementReport:  # noqa: ARG002 - the screen has no query
        """Return the agreement of every group of annotators."""
        # imports numpy, which the first frame must not wait for
        return agreement_report(decisions, self._workspace.scheme)

    def accept(self, result: AgreementReport) -> None:
        """Store the result and keep the group of annotators on screen."""
        shown = self._shown
        names = [group.name for group in _groups(result)]
        self._position = names.index(shown.name) if shown and shown.name in names else 0
        super().accept(result)

    def show_header(self) -> None:
        """Show the name, size and position of the group."""
        left = [StatusItem("corpuscope", "bold $text-accent", 6), StatusItem("agreement", "bold", 5)]
        right = []
        if (shown := self._shown) and self._result:
            right.append(StatusItem(one_line(shown.name, 40), "", 0))
            documents = quantity(len(shown.documents), "document")
            right.append(StatusItem(documents, "$foreground-muted", 3))
            position = f"{self._position + 1:,} of {len(_groups(self._result)):,}"
            right.append(StatusItem(position, "$foreground-muted", 2))
        self.query_one("#header", StatusLine).show(left, right)

    def idle_commands(self) -> Collection[str]:
        """Return those that open disagreements where there are none, and those that change the only group."""
        groups = _groups(self._result) if self._result else ()
        if not groups:
            return ["open", "adjudicate", "next", "method"]
        disputed = any(group.disputed for group in groups)
        return [*["next"] * (len(groups) < 2), *["open", "adjudicate"] * (not disputed)]

    def draw(self, result: AgreementReport) -> None:
        """Draw the group as wide as the screen; the cursor stays on its disagreement."""
        self.show_footer()
        group = self._shown
        if group is None:
            page = Content(nothing_to_compare(self._labels))
        else:
            styles = category_styles(self._workspace.scheme)
            page = joined(
                agreement_page(
                    result,
                    group,
                    self._cell,
                    styles,
                    self.page_width,
                    self.page_height,
                    method=self._method,
                    method_key=self._workspace.settings.keys.first_key("agreement.method"),
                )
            )
        self.query_one("#page", Static).update(page)

    def action_previous(self) -> None:
        """Show the previous group; the first one is followed by the last."""
        self._turn(-1)

    def action_next(self) -> None:
        """Show the next group; the last one is followed by the first."""
        self._turn(+1)

    def action_method(self) -> None:
        """Show or hide how the numbers were computed."""
        self._method = not self._method
        self.show_below(shown=self._method)

    def action_scroll_down(self) -> None:
        """Go to the next disagreement."""
        self._move(+1)

    def action_scroll_up(self) -> None:
        """Go to the previous disagreement."""
        self._move(-1)

    def action_page_down(self) -> None:
        """Scroll down by a page."""
        self._page.scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        """Scroll up by a page."""
        self._page.scroll_page_up(animate=False)

    def action_scroll_home(self) -> None:
        """Scroll to the start."""
        self._page.scroll_home(animate=False)

    def action_scroll_end(self) -> None:
        """Scroll to the end."""
        self._page.scroll_end(animate=False)

    def action_open(self) -> None:
        """Review the documents of the disagreement under the cursor."""
        group = self._shown
        if group and (cells := confusion_cells(group)):
            cell = cells[self._cell]
            documents = frozenset(document.document_key for document in cell.documents)
            self.post_message(ScreenWanted(REVIEW.name, documents=documents, title=cell.title))

    def action_adjudicate(self) -> None:
        """Adjudicate disagreements."""
        self.post_message(ScreenWanted("Adjudicate"))

    def on_screen_resume(self) -> None:
        """Refresh: documents may have been relabelled on the screen above."""
        self.refresh_data()

    @property
    def _labels(self) -> int:
        """Number of labels; counted in columns, since a million decisions would stop the keys for seconds."""
        decisions = self._decisions
        if decisions is None:
            return 0
        return sum(sum(decisions.counts(corpus, look=None).values()) for corpus in decisions.corpora())

    @property
    def _shown(self) -> AgreementGroup | None:
        groups = _groups(self._result) if self._result else ()
        return groups[self._position] if groups else None

    @property
    def _cell(self) -> int:
        """Position of the disagreement under the cursor; fewer may be left than before."""
        cells = confusion_cells(self._shown) if self._shown else ()
        return max(min(self._cursor, len(cells) - 1), 0)

    @property
    def _page(self) -> VerticalScroll:
        return self.query_one(VerticalScroll)

    def _move(self, step: int) -> None:
        if self._shown and (count := len(confusion_cells(self._shown))):
            self._cursor = (self._cell + step) % count
            self.redraw()

    def _turn(self, step: int) -> None:
        if self._result and (groups := _groups(self._result)):
            self._position = (self._position + step) % len(groups)
            self._cursor = 0
            self._page.scroll_home(animate=False)
            self.redraw()


def _groups(result: AgreementReport) -> tuple[AgreementGroup, ...]:
    return (*result.whole, *result.pairs)
