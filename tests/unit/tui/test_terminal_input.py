"""Test that pasted text becomes one paste, however a terminal sends it, and keys stay keys."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from textual import events
from textual.drivers import linux_driver
from textual.message import Message

from corpuscope.tui.terminal_input import END, LEAST_BURST, QUIET, START, PasteParser, read_anything

HOSTILE = "one \x1b[31m red 1 2 3\r\n\x1b[A\x1b]0;title\x07 漢字 😀 e\u0301\t\x1b"


class Parser(PasteParser):
    """A parser whose clock stands still until it is set."""

    now = 0.0

    def clock(self) -> float:
        return self.now


def read(messages: Iterable[Message]) -> list[str]:
    """Return the text of pastes in brackets, and the names of keys."""
    return [
        f"[{message.text}]" if isinstance(message, events.Paste) else message.key
        for message in messages
        if isinstance(message, events.Paste | events.Key)
    ]


@pytest.mark.parametrize("size", [1, 3, 7, 4096])
def test_marked_text_is_one_paste_with_its_escape_characters_whatever_the_size_of_reads(size: int) -> None:
    parser = Parser()
    sent = f"n{START}{HOSTILE}{END}s"
    messages = []
    for start in range(0, len(sent), size):
        messages += read(parser.feed(sent[start : start + size]))
    assert messages == ["n", f"[{HOSTILE}]", "s"]


@pytest.mark.parametrize("split", range(1, len(START)))
def test_a_mark_may_come_in_two_reads(split: int) -> None:
    parser = Parser()
    messages = [
        *read(parser.feed("1" + START[:split])),
        *read(parser.feed(START[split:] + "2" * LEAST_BURST)),
    ]
    messages += read(parser.feed(f"s{END[:split]}"))
    messages += read(parser.feed(f"{END[split:]}u"))
    assert messages == ["1", f"[{'2' * LEAST_BURST}s]", "u"]


def test_two_pastes_in_one_read_stay_two() -> None:
    assert read(Parser().feed(f"{START}1{END}{START}{END}2{START}3{END}")) == ["[1]", "[]", "2", "[3]"]


def test_many_characters_at_once_are_a_paste_that_ends_when_nothing_more_comes() -> None:
    parser = Parser()
    assert read(parser.feed("1" * LEAST_BURST)) == []
    assert read(parser.feed("23")) == []
    assert read(parser.tick()) == []
    parser.now += QUIET
    assert read(parser.tick()) == [f"[{'1' * LEAST_BURST}23]"]
    assert read(parser.feed("4")) == ["4"]


def test_held_keys_and_the_mouse_are_no_paste() -> None:
    parser = Parser()
    assert read(parser.feed("\x1b[B" * 500)) == ["down"] * 500
    assert read(parser.feed("\x1b[<65;10;20M" * 200)) == []
    assert read(parser.feed("1" * (LEAST_BURST - 1))) == ["1"] * (LEAST_BURST - 1)
    assert read(parser.tick()) == []


def test_a_megabyte_is_read_at_once() -> None:
    text = "1234567 s the quick\nbrown fox " * 40_000
    assert read(Parser().feed(START + text + END)) == [f"[{text}]"]


def test_the_driver_of_a_terminal_reads_with_it() -> None:
    read_anything(linux_driver.LinuxDriver)
    names = vars(linux_driver)
    assert names["XTermParser"] is PasteParser
    decoder = names["getincrementaldecoder"]("utf-8")()
    assert decoder.decode(b"\xe6\xbc") + decoder.decode(b"\xa2 \xe6s \xff") == "\u6f22 \ufffds \ufffd"
