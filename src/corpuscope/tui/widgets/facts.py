"""What is known of the document beside its text: sizes always, origin only when nothing has to stay blind."""

from textual.content import Content
from textual.widget import Widget

from corpuscope.domain.document import Document
from corpuscope.domain.facts import Facts, facts_of
from corpuscope.domain.visible import one_line

FIRST = ("url", "date", "timestamp", "language", "dump")
"""Metadata people look at first."""


def fact_lines(facts: Facts) -> list[str]:
    """The sizes of a text, one a line."""
    about = "" if facts.exact else "about "
    token_word = "tokens" if facts.tokens_given else "tokens (est.)"
    return [
        f"{about}{facts.words:,} words",
        f"{facts.characters:,} chars",
        f"{about}{facts.lines:,} lines, {facts.short_lines:.0%} short",
        f"{facts.tokens:,} {token_word}",
    ]


class FactsPanel(Widget):
    """Sizes and origin of one document."""

    DEFAULT_CSS = """
    FactsPanel {
        height: 1fr;
        border: round $primary-muted;
        border-title-color: $text-muted;
        color: $text-muted;
        padding: 0 1;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.border_title = "facts"
        self._document: Document | None = None
        self._facts: Facts | None = None
        self._blind = False

    def show(self, document: Document | None, *, blind: bool) -> None:
        """Describes `document` from now on; `blind` keeps where it comes from hidden."""
        self._document, self._blind = document, blind
        self._facts = facts_of(document.text, document.tokens) if document else None
        self.refresh()

    def render(self) -> Content:
        """Sizes, then origin, cut to the panel."""
        if self._document is None or self._facts is None:
            return Content("")
        width = self.content_size.width
        lines = fact_lines(self._facts)
        if self._blind:
            lines += ["", "origin hidden", "until the key"]
        else:
            lines += ["", f"draw {self._document.draw + 1}", *self._metadata(width)]
        return Content("\n").join(Content(one_line(line, width)) for line in lines)

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
