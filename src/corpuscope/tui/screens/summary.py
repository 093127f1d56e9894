"""The summary: counts, shares, bars and intervals of everything labelled so far."""

from dataclasses import dataclass, replace
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from corpuscope.config.actions import SUMMARY
from corpuscope.domain.visible import one_line
from corpuscope.errors import CorpuscopeError
from corpuscope.ledger.decisions import Decisions
from corpuscope.results.counting import Overview, overview
from corpuscope.results.tables import lengths_table, side_by_side
from corpuscope.session.workspace import Workspace
from corpuscope.stats.distribution import Weighting
from corpuscope.stats.intervals import KINDS
from corpuscope.tui.headline import action_pieces
from corpuscope.tui.keys import bindings
from corpuscope.tui.lines import Piece
from corpuscope.tui.messages import ComparisonWanted, Failed
from corpuscope.tui.pictures import drawn_corpora
from corpuscope.tui.screens.roomy import RoomyScreen, TooSmall
from corpuscope.tui.tables import drawn_table
from corpuscope.tui.widgets.line import Line

EVERY = 2.0
"""Seconds between looks at the ledger, which another session may write to."""
HALF_WIDTHS = (0.05, 0.03, 0.02, 0.01)
"""What labels and minutes can be planned for."""
INTERVALS = {
    "wilson": "Wilson",
    "goodman": "Goodman, all categories at once",
    "exact": "exact",
    "anytime": "anytime-valid",
}
"""What the header calls the intervals."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is computed."""

    interval: str = KINDS[0].key
    """Key of the interval."""
    weighting: Weighting = "documents"
    """What the shares are shares of."""


class SummaryScreen(RoomyScreen):
    """Draws one `Summary`; recomputed when labels arrive or something else is asked."""

    DEFAULT_CSS = """
    SummaryScreen VerticalScroll { padding: 0 1; scrollbar-size-vertical: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(SUMMARY)]

    @dataclass
    class Computed(Message):
        """A new summary."""

        asked: Asked
        decisions: Decisions
        overview: Overview

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._asked = Asked()
        self._decisions: Decisions | None = None
        self._overview: Overview | None = None
        self._half_width = HALF_WIDTHS[0]
        self._together = False
        self._lengths = False

    def compose(self) -> ComposeResult:
        """Header, tables, keys."""
        yield Line(id="header", classes="-header")
        yield VerticalScroll(Static("reading the ledger ...", id="tables", markup=False))
        yield Line(id="last")
        yield Line(id="keys")
        yield TooSmall()

    def on_mount(self) -> None:
        """The frame first, the numbers from a worker."""
        self._head()
        self.query_one("#keys", Line).show(action_pieces(self._workspace.settings.keys.of("Summary")))
        self.query_one(VerticalScroll).focus()
        self.call_after_refresh(self._look)
        self.set_interval(EVERY, self._look)

    def _look(self) -> None:
        if self.is_current:
            self._compute(self._asked, self._decisions)

    @work(thread=True, exclusive=True, group="summary", exit_on_error=False)
    def _compute(self, asked: Asked, known: Decisions | None) -> None:
        # numpy comes with this; the first frame does not wait for it
        from corpuscope.results.samples import samples_of

        workspace = self._workspace
        try:
            decisions = workspace.decisions()
            if decisions is not known:
                samples = samples_of(decisions, workspace.scheme, workspace.plan())
                found = overview(samples, interval=asked.interval, weighting=asked.weighting)
                self.post_message(self.Computed(asked, decisions, found))
        except CorpuscopeError as fault:
            self.post_message(Failed(fault))

    def on_summary_screen_computed(self, message: Computed) -> None:
        """Draws it, unless something else has been asked since."""
        if message.asked == self._asked:
            self._decisions, self._overview = message.decisions, message.overview
            self.query_one("#last", Line).show(
                [Piece(one_line(problem), "$text-warning") for problem in self._workspace.problems]
            )
            self._draw()

    def on_failed(self, message: Failed) -> None:
        """Says what could not be read."""
        self.query_one("#last", Line).show((Piece(one_line(str(message.fault)), "$text-error"),))

    def on_resize(self) -> None:
        """Bars take the room there is."""
        self._draw()

    def action_layout(self) -> None:
        """One table per corpus, or all side by side."""
        self._together, self._lengths = not self._together, False
        self._draw()

    def action_lengths(self) -> None:
        """Lengths of documents, or shares."""
        self._lengths = not self._lengths
        self._draw()

    def action_plan(self) -> None:
        """The next half-width to plan for."""
        self._half_width = HALF_WIDTHS[(HALF_WIDTHS.index(self._half_width) + 1) % len(HALF_WIDTHS)]
        self._together = self._lengths = False
        self._draw()

    def action_interval(self) -> None:
        """The next interval."""
        keys = [kind.key for kind in KINDS]
        interval = keys[(keys.index(self._asked.interval) + 1) % len(keys)]
        self._ask(replace(self._asked, interval=interval))

    def action_tokens(self) -> None:
        """Shares of tokens, or of documents."""
        by_documents = self._asked.weighting == "documents"
        self._ask(replace(self._asked, weighting="tokens" if by_documents else "documents"))

    def action_compare(self) -> None:
        """On to the differences."""
        self.post_message(ComparisonWanted())

    def action_back(self) -> None:
        """Back to where it was opened from."""
        self.dismiss()

    def _ask(self, asked: Asked) -> None:
        self._asked, self._decisions = asked, None
        self._head()
        self._look()

    def _head(self) -> None:
        self.query_one("#header", Line).show(
            (Piece("corpuscope", "bold $text-accent"), Piece("summary")),
            (Piece(f"{INTERVALS[self._asked.interval]} · shares of {self._asked.weighting}", "", 3),),
        )

    def _draw(self) -> None:
        if self._overview is not None:
            width = max(self.size.width - 4, 40)
            self.query_one("#tables", Static).update(self._drawn(self._overview, width))

    def _drawn(self, found: Overview, width: int) -> Content:
        parts = [Content.styled(one_line(f"! {each}"), "$text-warning") for each in found.left_out]
        if found.left_out:
            parts.append(Content("t counts documents again.\n"))
        if not found.summary.corpora:
            return Content("\n").join(parts) or Content("No labels yet. Label a document and come back.")
        if self._lengths:
            parts += [drawn_table(lengths_table(each), width) for each in found.summary.corpora]
        elif self._together:
            parts.append(drawn_table(side_by_side(found.summary), width))
        else:
            parts.append(drawn_corpora(found.summary.corpora, width, self._half_width))
        return Content("\n").join(parts)
