"""Read what a terminal sends such that pasted text is never taken for keys, and no byte ends the app."""

from __future__ import annotations

import re
import sys
from codecs import IncrementalDecoder, getincrementaldecoder
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from time import monotonic

from textual import events
from textual._xterm_parser import XTermParser  # Textual has no public one
from textual.driver import Driver
from textual.message import Message

START, END = "\x1b[200~", "\x1b[201~"
"""What a terminal sends before and after pasted text."""
LEAST_BURST = 40
"""Characters that arrive at once from which they are a paste: nobody types as fast."""
QUIET = 0.1
"""Seconds without input after which a paste without marks is over."""


@cache
def _sequence() -> re.Pattern[str]:
    """Return the pattern of what keys and the mouse send beside characters. Compiled at first use."""
    return re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]?|O.?)?")


class PasteParser(XTermParser):
    """Make one `events.Paste` of pasted text, whatever is in it.

    Textual's parser runs the characters behind an escape character in pasted text as keys, which could label. Terminals
    such as the Linux console and GNU screen do not mark pasted text: many characters at once are taken for it.
    """

    clock = staticmethod(monotonic)
    """Returns the time in seconds."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pasting = False
        self._parts: list[str] = []
        self._tail = ""  # the last characters of a paste, which may be the beginning of END
        self._recent = ""  # the last characters outside of pastes, which may be the beginning of START
        self._burst_at = 0.0

    def feed(self, data: str) -> Iterable[Message]:
        """Return the messages of some input; "" is its end."""
        is_plain = len(data) < LEAST_BURST and not self._pasting and not self._parts
        if not data or (is_plain and START not in self._recent + data):
            self._recent = (self._recent + data)[1 - len(START) :]
            return super().feed(data)
        return self._read(data)

    def tick(self) -> Iterable[Message]:
        """Yield what the passing of time decides; called about ten times a second."""
        if self._parts and not self._pasting and self.clock() - self._burst_at >= QUIET:
            yield self._paste()
        yield from super().tick()

    def _read(self, data: str) -> Iterator[Message]:
        while data:
            if not self._pasting:
                begun = self._recent
                typed, start, data = (begun + data).partition(START)
                self._recent = "" if start else typed[1 - len(START) :]
                if start and len(typed) < len(begun):
                    # the base class has the beginning of START: let it end that paste
                    deque(super().feed((start + END)[len(begun) - len(typed) :]), maxlen=0)
                else:
                    yield from self._typed(typed[len(begun) :])
                self._pasting = bool(start)
                if start and self._parts:
                    yield self._paste()
                continue
            text, end, rest = (self._tail + data).partition(END)
            if end:
                self._parts.append(text)
                self._pasting, self._tail, data = False, "", rest
                yield self._paste()
            else:
                keep = len(END) - 1
                self._parts.append(text[:-keep])
                self._tail, data = text[-keep:], ""

    def _typed(self, data: str) -> Iterator[Message]:
        """Yield the messages of input outside of marks; add it to the paste where it comes too fast."""
        if data and (self._parts or len(_sequence().sub("", data)) >= LEAST_BURST):
            self._parts.append(data)
            self._burst_at = self.clock()
        elif data:
            yield from super().feed(data)

    def _paste(self) -> events.Paste:
        text = "".join(self._parts)
        self._parts = []
        return events.Paste(text.replace("\x00", ""))


def lenient_decoder(encoding: str) -> Callable[[], IncrementalDecoder]:
    """Return a factory of decoders that replace what is no character, in place of `codecs.getincrementaldecoder`."""
    return partial(getincrementaldecoder(encoding), errors="replace")


def read_anything(driver: type[Driver]) -> None:
    """Let a driver of Textual read with a `PasteParser`, and survive bytes that are not UTF-8.

    Textual offers no public way: parser and decoder are names in the module of the driver.
    """
    names = vars(sys.modules[driver.__module__])
    for name, ours in (("XTermParser", PasteParser), ("getincrementaldecoder", lenient_decoder)):
        if name in names:
            names[name] = ours
