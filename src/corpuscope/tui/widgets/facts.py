"""What is known of the document beside its text: sizes always, origin only when nothing has to stay blind."""

from collections.abc import Sequence

from textual.geometry import Region

from corpuscope.domain.document import Document
from corpuscope.domain.facts import Facts, facts_of
from corpuscope.domain.visible import one_line
from corpuscope.tui.widgets.direct_rows import DirectRows, Run

FIRST = ("url", "date", "timestamp", "language", "dump")
"""Metadata people look at first."""


def fact_lines(facts: Facts) -> list[str]:
    """The sizes of a text, one a line."""
    about = "" if facts.exact else "about "
    token_word = "tokens" if facts.tokens_given else "tokens (est.)"
    return [
        f"{about}{facts.words:,} word{'s' * (facts.words != 1)}",
        f"{facts.characters:,} char{'s' * (facts.characters != 1)}",
        f"{about}{facts.lines:,} line{'s' * (facts.lines != 1)}, {facts.short_lines:.0%} short",
        f"{facts.tokens:,} {token_word}",
    ]


class FactsPanel(DirectRows):
    """Sizes and origin of one document."""

    DEFAULT_CSS = """
    FactsPanel {
        height: 1fr;
        border-top: solid $primary-muted;
        border-title-color: $text-muted;
        color: $text-muted;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.border_title = "facts"
        self._document: Document | None = None
        self._facts: Facts | None = None
        self._blind = False
        self._lines: list[str] = []

    def show(self, document: Document | None, *, blind: bool) -> None:
        """Describes `document` from now on; `blind` keeps where it comes from hidden."""
        self._document, self._blind = document, blind
        self._facts = facts_of(document.text, document.tokens) if document else None
        before, self._lines = self._lines, self._described()
        # only the rows that change: the panel is as high as the screen, and a key has one frame
        rows = max(len(before), len(self._lines))
        self.refresh(Region(0, 0, self.size.width, rows + 2))

    def on_resize(self) -> None:
        """Long addresses are cut to the new width."""
        self._lines = self._described()

    def runs(self, y: int) -> Sequence[Run]:
        """One fact a row, cut to the panel."""
        if y >= len(self._lines):
            return ()
        return ((" " + one_line(self._lines[y], self._room), ""),)

    @property
    def text(self) -> str:
        """What it says now."""
        return "\n".join(self._lines)

    @property
    def _room(self) -> int:
        return max(self.size.width - 2, 1)

    def _described(self) -> list[str]:
        if self._document is None or self._facts is None:
            return []
        lines = fact_lines(self._facts)
        if self._blind:
            lines += ["", "origin hidden", "until the key"]
        else:
            lines += ["", f"draw {self._document.draw + 1}", *self._metadata(self._room)]
        return lines

    def _metadata(self, width: int) -> list[str]:
        given = {k: v for k, v in self._document.metadata.items() if v is not None} if self._document else {}
        names = [k for k in FIRST if k in given] + [k for k in given if k not in FIRST]
        lines = []
        for name in names:
            value = given[name]
            text = f"{value:.3g}" if isinstance(value, float) else str(value)
            if name == "url":
                clean = one_line(text.removeprefix("https://").removeprefix("http://"))
                lines += [clean[i : i + width] for i in range(0, min(len(clean), 3 * width), max(width, 1))]
            else:
                lines.append(f"{name} {text}")
        return lines
