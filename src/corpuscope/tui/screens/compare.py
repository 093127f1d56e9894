"""The comparison: two corpora at a time, what their labels show and what they do not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from corpuscope.config.actions import COMPARE
from corpuscope.domain.visible import one_line
from corpuscope.errors import CorpuscopeError
from corpuscope.ledger.decisions import Decisions
from corpuscope.results.pairs import Pair, Pairs, pairs_of
from corpuscope.results.references import PUBLISHED, references_named
from corpuscope.session.workspace import Workspace
from corpuscope.stats.distribution import Weighting
from corpuscope.stats.sample import Sample
from corpuscope.tui.headline import action_pieces
from corpuscope.tui.keys import bindings
from corpuscope.tui.lines import Piece
from corpuscope.tui.messages import Failed
from corpuscope.tui.pictures import drawn_pair
from corpuscope.tui.screens.roomy import RoomyScreen, TooSmall
from corpuscope.tui.widgets.line import Line

EVERY = 2.0
"""Seconds between looks at the ledger, which another session may write to."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared."""

    references: bool = False
    """True sets one's own corpora against published labels too; without two of one's own they always come."""
    weighting: Weighting = "documents"
    """What the shares are shares of."""


class CompareScreen(RoomyScreen):
    """Shows one `Pair`; left and right go through all of them."""

    DEFAULT_CSS = """
    CompareScreen VerticalScroll { padding: 0 1; scrollbar-size-vertical: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(COMPARE)]

    @dataclass
    class Computed(Message):
        """New comparisons."""

        asked: Asked
        decisions: Decisions
        pairs: Pairs

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._asked = Asked()
        self._decisions: Decisions | None = None
        self._pairs: Pairs | None = None
        self._place = 0

    def compose(self) -> ComposeResult:
        """Header, the pair, keys."""
        yield Line(id="header", classes="-header")
        yield VerticalScroll(Static("comparing ...", id="pair", markup=False))
        yield Line(id="last")
        yield Line(id="keys")
        yield TooSmall()

    def on_mount(self) -> None:
        """The frame first, the numbers from a worker."""
        self._head()
        self.query_one("#keys", Line).show(action_pieces(self._workspace.settings.keys.of("Compare")))
        self.query_one(VerticalScroll).focus()
        self.call_after_refresh(self._look)
        self.set_interval(EVERY, self._look)

    def _look(self) -> None:
        if self.is_current:
            self._compute(self._asked, self._decisions)

    @work(thread=True, exclusive=True, group="comparison", exit_on_error=False)
    def _compute(self, asked: Asked, known: Decisions | None) -> None:
        # numpy comes with this; the first frame does not wait for it
        from corpuscope.results.conduct import Conduct
        from corpuscope.results.samples import samples_of

        workspace = self._workspace
        try:
            decisions = workspace.decisions()
            if decisions is not known:
                samples = samples_of(decisions, workspace.scheme, workspace.plan())
                own = [sample for sample in samples if sample.n]
                found = pairs_of(
                    own,
                    _references(own, asked),
                    Conduct.of(decisions, workspace.scheme),
                    weighting=asked.weighting,
                )
                self.post_message(self.Computed(asked, decisions, found))
        except CorpuscopeError as fault:
            self.post_message(Failed(fault))

    def on_compare_screen_computed(self, message: Computed) -> None:
        """Draws it, unless something else has been asked since; the pair on screen stays."""
        if message.asked != self._asked:
            return
        shown = self._shown
        self._decisions, self._pairs = message.decisions, message.pairs
        names = [_names(pair) for pair in message.pairs.pairs]
        self._place = names.index(_names(shown)) if shown and _names(shown) in names else 0
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

    def action_next(self) -> None:
        """The next pair, after the last the first."""
        self._turn(+1)

    def action_previous(self) -> None:
        """The pair before, before the first the last."""
        self._turn(-1)

    def action_references(self) -> None:
        """With published labels, or without."""
        self._ask(replace(self._asked, references=not self._asked.references))

    def action_tokens(self) -> None:
        """Shares of tokens, or of documents."""
        by_documents = self._asked.weighting == "documents"
        self._ask(replace(self._asked, weighting="tokens" if by_documents else "documents"))

    def action_back(self) -> None:
        """Back to the summary."""
        self.dismiss()

    @property
    def _shown(self) -> Pair | None:
        return self._pairs.pairs[self._place] if self._pairs and self._pairs.pairs else None

    def _turn(self, step: int) -> None:
        if self._pairs and self._pairs.pairs:
            self._place = (self._place + step) % len(self._pairs.pairs)
            self.query_one(VerticalScroll).scroll_home(animate=False)
            self._draw()

    def _ask(self, asked: Asked) -> None:
        self._asked, self._decisions = asked, None
        self._head()
        self._look()

    def _head(self) -> None:
        left = [Piece("corpuscope", "bold $text-accent"), Piece("differences")]
        if (shown := self._shown) and self._pairs:
            first, second = (one_line(name, 30) for name in _names(shown))
            left.append(Piece(f"{first} → {second}", "bold", 1))
            left.append(Piece(f"{self._place + 1} of {len(self._pairs.pairs)}", "", 2))
        self.query_one("#header", Line).show(left, (Piece(f"shares of {self._asked.weighting}", "", 4),))

    def _draw(self) -> None:
        if self._pairs is None:
            return
        self._head()
        parts = [Content.styled(one_line(f"! {each}"), "$text-warning") for each in self._pairs.left_out]
        if shown := self._shown:
            parts.append(drawn_pair(shown, max(self.size.width - 4, 40)))
        else:
            parts.append(
                Content(
                    "Nothing is left to compare. t counts documents or tokens, r sets published labels beside yours."
                )
            )
        self.query_one("#pair", Static).update(Content("\n").join(parts))


def _references(own: Sequence[Sample], asked: Asked) -> tuple[Sample, ...]:
    return references_named([PUBLISHED]) if asked.references or len(own) < 2 else ()


def _names(pair: Pair) -> tuple[str, str]:
    return pair.first.corpus, pair.second.corpus
