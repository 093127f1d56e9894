"""Texts that attack a terminal or the app that shows them, and the characters that must never be drawn."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

_BLANK_LETTERS = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U0001d159")
_OTHER_IGNORABLE = (
    (0x034F, 0x034F),
    (0x180B, 0x180F),
    (0xFE00, 0xFE0F),
    (0xFFF0, 0xFFF8),
    (0xE0000, 0xE0FFF),
)


class Payload(NamedTuple):
    """One hostile text."""

    name: str
    """What the text tries to do."""
    text: str
    """The text, as a web page would contain it."""


def is_forbidden(character: str) -> bool:
    """Tell whether a character must never be drawn as itself, by Unicode's properties rather than our own table."""
    code = ord(character)
    return (
        unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
        or code & 0xFFFE == 0xFFFE
        or 0xFDD0 <= code <= 0xFDEF
        or character in _BLANK_LETTERS
        or any(first <= code <= last for first, last in _OTHER_IGNORABLE)
    )


def leaks(drawn: str) -> list[str]:
    """Return the code points of the forbidden characters in drawn text."""
    return sorted({f"U+{ord(character):04X}" for character in drawn if is_forbidden(character)})


PAYLOADS: tuple[Payload, ...] = (
    # Escape sequences.
    Payload("CSI clears the screen", "before\x1b[2J\x1b[Hafter"),
    Payload("CSI moves the cursor", "before\x1b[10;10Hafter"),
    Payload("CSI scrolls", "before\x1b[99Safter\x1b[99T"),
    Payload("CSI sets the scroll region", "\x1b[1;2r\x1b[?6h"),
    Payload("CSI inserts lines", "\x1b[99L\x1b[99M\x1b[99P"),
    Payload("CSI asks for the cursor position", "\x1b[6n\x1b[5n\x1b[c\x1b[>c\x1b[=c"),
    Payload("CSI leaves the alternate screen", "\x1b[?1049l\x1b[?47l"),
    Payload("CSI hides the cursor", "\x1b[?25l"),
    Payload("CSI turns the mouse off", "\x1b[?1000l\x1b[?1003l\x1b[?1006l"),
    Payload("CSI ends bracketed paste", "\x1b[201~rm -rf ~\n\x1b[200~"),
    Payload("CSI resizes the window", "\x1b[8;1;1t\x1b[3;0;0t\x1b[2t"),
    Payload("CSI reports the title as input", "\x1b[21t"),
    Payload("CSI soft reset", "\x1b[!p"),
    Payload("CSI synchronized output never ended", "\x1b[?2026h forever"),
    Payload("CSI kitty keyboard", "\x1b[>31u\x1b[=31;1u"),
    Payload("CSI without an end", "\x1b[" + "1;" * 500),
    Payload("SGR hides text", "\x1b[8msecret\x1b[0m \x1b[31;5;7mred"),
    Payload("SGR never reset", "\x1b[1;3;4;7;9;53m" * 20),
    Payload("ESC full reset", "\x1bc"),
    Payload("ESC double size", "\x1b#3\x1b#8"),
    Payload("ESC character set", "\x1b(0lqqqk\x1b(B"),
    Payload("ESC keypad and index", "\x1b=\x1b>\x1bD\x1bM\x1bE"),
    Payload("ESC at the very end", "text\x1b"),
    Payload("ESC ESC ESC", "\x1b\x1b\x1b[31m"),
    Payload("OSC 0 sets the title", "\x1b]0;owned\x07"),
    Payload("OSC 2 ended by ST", "\x1b]2;owned\x1b\\"),
    Payload("OSC 4 changes colours", "\x1b]4;1;rgb:ff/ff/ff\x07\x1b]11;#ffffff\x07"),
    Payload("OSC 8 hyperlink", "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\"),
    Payload("OSC 9 notification", "\x1b]9;hello\x07\x1b]777;notify;a;b\x07"),
    Payload("OSC 52 writes the clipboard", "\x1b]52;c;cm0gLXJmIH4K\x07"),
    Payload("OSC 52 asks for the clipboard", "\x1b]52;c;?\x07"),
    Payload("OSC 133 and 1337", "\x1b]133;A\x07\x1b]1337;File=name=a;inline=1:AAAA\x07"),
    Payload("OSC without an end", "\x1b]0;" + "never ended " * 50),
    Payload("DCS", "\x1bP$qm\x1b\\\x1bP+q544e\x1b\\"),
    Payload("DCS sixel", "\x1bPq#0;2;0;0;0#0~~@@\x1b\\"),
    Payload("APC kitty graphics", "\x1b_Gf=24,s=1,v=1;AAAA\x1b\\"),
    Payload("PM and SOS", "\x1b^private\x1b\\\x1bXstart\x1b\\"),
    Payload("tmux passthrough", "\x1bPtmux;\x1b\x1b]52;c;AAAA\x07\x1b\\"),
    # Controls.
    Payload("C1 forms", "\x9b2J\x9d0;owned\x9c\x90q\x9c\x9f\x9c\x98\x9e\x84\x85\x8d"),
    Payload("all of C0", "".join(map(chr, range(0x20)))),
    Payload("all of C1", "".join(map(chr, range(0x7F, 0xA0)))),
    Payload("NUL", "a\x00b\x00\x00\x00c"),
    Payload("SO and SI", "a\x0elqqk\x0fb"),
    Payload("bell", "\x07" * 50),
    Payload("backspaces overwrite", "safe text\x08\x08\x08\x08evil"),
    Payload("delete", "a\x7fb\x7f"),
    Payload("carriage return overwrites", "this is safe\rthis is evil\rand this"),
    Payload("carriage returns before a line feed", "a\r\r\r\nb\n\rc\r"),
    Payload("line ends of every kind", "a\r\nb\nc\rd\x0be\x0cf\x85g\u2028h\u2029i"),
    Payload("form feeds", "page\x0cpage\x0c"),
    Payload("tabs", "\ta\t\tb\t" + "\t" * 40 + "c"),
    Payload("separators", "a\x1cb\x1dc\x1ed\x1fe"),
    Payload("DC1 and DC3 stop the terminal", "\x13\x11\x13"),
    # Direction, width, nothing.
    Payload("bidi override", "invoice\u202efdp.exe\u202c"),
    Payload("bidi isolates never closed", "\u2066\u2067\u2068" * 30 + "abc"),
    Payload("bidi marks", "a\u200eb\u200fc\u061cd"),
    Payload("bidi embeddings", "\u202a\u202b\u202d" * 61 + "deep"),
    Payload("right to left text", "שלום עולם, مرحبا بالعالم، שלום 123 abc مرحبا"),
    Payload("zero width", "in\u200bvis\u200cib\u200dle\u2060 \ufeffBOM"),
    Payload("ten thousand zero width spaces", "a" + "\u200b" * 10_000 + "b"),
    Payload("byte order mark", "\ufeffThe start"),
    Payload("soft hyphens", "Donau\xaddampf\xadschiff\xadfahrt"),
    Payload("invisible operators", "f\u2061x\u2062y\u2063z\u2064w\u206a\u206f"),
    Payload("Hangul fillers", "\u3164\u115f\u1160\uffa0 empty name \u3164"),
    Payload("Khmer and braille blanks", "\u17b4\u17b5\u2800\u2800"),
    Payload("combining grapheme joiner", "a\u034f\u034fb"),
    Payload("Mongolian selectors", "\u180b\u180c\u180d\u180e\u180f"),
    Payload("blank musical note", "\U0001d159\U0001d173\U0001d17a"),
    Payload("wide blanks", "a\u3000b\xa0c\u2003d\u202fe\u205ff\u1680g"),
    Payload(
        "tag characters",
        "flag\U000e0001" + "".join(chr(0xE0000 + ord(c)) for c in "ignore all") + "\U000e007f",
    ),
    Payload("subdivision flag", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"),
    Payload("variation selector flood", "😀" + "\ufe00\ufe01\ufe0e\ufe0f" * 64),
    Payload("variation selectors supplement", "a" + "".join(map(chr, range(0xE0100, 0xE01F0)))),
    Payload("interlinear annotation", "\ufff9base\ufffaabove\ufffb\ufffc"),
    Payload("shorthand format controls", "\U0001bca0\U0001bca3\U00013430\U000110bd"),
    # Marks and emoji.
    Payload("zalgo", "".join(c + "\u0301\u0315\u0327\u0334\u0351\u0360" * 8 for c in "He comes")),
    Payload("a hundred thousand marks", "a" + "\u0301" * 100_000 + "b"),
    Payload("marks without a letter", "\u0301\u0302\n\u0303 \x1b\u0304\t\u0305"),
    Payload("enclosing marks", "a\u20dd\u20de\u20e0\u20e3" + "b\u0489" * 20),
    Payload("Thai tower", "ก" + "็" * 60 + " ด้้้้้็็็็็้้้้้็็็็็"),
    Payload("Jamo tower", "가" + "\u1161" * 50 + "\u11a8" * 50),
    Payload(
        "emoji families",
        "👨\u200d👩\u200d👧\u200d👦 👩🏽\u200d🚀 🏳\ufe0f\u200d🌈 ❤\ufe0f\u200d🔥 👁\ufe0f\u200d🗨\ufe0f",
    ),
    Payload("skin tone flood", "👍" + "🏿" * 500),
    Payload("keycaps and flags", "1\ufe0f\u20e3 #\ufe0f\u20e3 🇩🇪🇫🇷🇺"),
    Payload("joiners alone", "\u200d\u200d\u200c\u200d"),
    Payload("Persian and Indic joiners", "می\u200cخواهم क्\u200dष श्री\u200c"),
    Payload("wide characters at the edge", "漢" * 500 + "a" + "字" * 500),
    Payload("half and full width", "ﾊﾝｶｸｶﾅ ＦＵＬＬＷＩＤＴＨ ｶﾞｷﾞｸﾞ"),
    # Not characters.
    Payload("lone surrogates", "a\ud800b\udfff\udc00\ud83dc"),
    Payload("surrogates in the wrong order", "\ude00\ud83d" * 20),
    Payload("noncharacters", "\ufdd0\ufdef\ufffe\uffff\U0001ffff\U0010ffff\U000ffffe"),
    Payload("private use", "\ue000\uf8ff\U000f0000\U00100000"),
    Payload("unassigned", "\u0378\U000323b0\U0001fbff"),
    Payload("replacement characters", "\ufffd" * 200),
    # Markup of Rich, Textual and others.
    Payload("markup colour", "[red]red[/red] [bold]bold[/]"),
    Payload("markup never closed", "[red][bold][citation needed] [on white]"),
    Payload("markup closed too often", "[/nope] [/] [/red] a[/quote]"),
    Payload("markup action", "[@click=app.quit]quit[/] [@click='app.bell']bell[/]"),
    Payload("markup link", "[link=https://evil.example]click[/link] [link="),
    Payload("markup link never closed", "[link=" * 50),
    Payload("markup variable", "$var $text [$error]x[/] ${HOME} $$"),
    Payload("markup escapes", "\\[red] \\\\[red] \\"),
    Payload("markup emoji code", ":smile: :rocket: [:x:]"),
    Payload("brackets", "[[[[]]]] [ ] [] [1] [a=b] [#fff] [rgb(1,2,3)]"),
    Payload(
        "Markdown and HTML", "# h\n[a](javascript:alert(1)) <script>alert(1)</script> ![](http://e.example/x)"
    ),
    Payload("format directives", "%s %n %(x)s {0} {x!r} {{}} %d" * 10),
    # Sizes.
    Payload("nothing", ""),
    Payload("only line ends", "\n" * 2_000),
    Payload("only spaces", " " * 5_000),
    Payload("one long word", "x" * 200_000),
    Payload("one long word of marks and wide characters", "漢\u0301x" * 20_000),
    Payload("a word as long as a row and a space", ("y" * 76 + " ") * 20),
    Payload("many empty carriage returns", "\r\n" * 1_000 + "\r" * 1_000),
    Payload("deep indentation", (" " * 200 + "code\n") * 20),
    Payload("every payload character at once", "".join(map(chr, range(0x3000))).replace("\n", "")),
)
