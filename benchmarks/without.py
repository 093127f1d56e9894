"""Run corpuscope without one of the techniques that keep a key fast, for comparison.

Run as `python -m benchmarks.without TECHNIQUE COMMAND...`; `benchmarks.latency --only techniques` does.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from corpuscope import latency


def _without_cached_painting() -> None:
    from textual.geometry import Region
    from textual.strip import Strip

    from corpuscope.tui.widgets.painting import CachedLines

    cached = CachedLines.render_lines

    def render_lines(widget: CachedLines, crop: Region) -> list[Strip]:
        widget._cached.clear()  # noqa: SLF001 - as if it had never been there
        return cached(widget, crop)

    CachedLines.render_lines = render_lines  # type: ignore[method-assign,assignment]


def _set(**constants: float) -> Callable[[], None]:
    """Return a function that gives constants of `corpuscope.latency` other values."""

    def switch_off() -> None:
        for name, value in constants.items():
            assert hasattr(latency, name)
            setattr(latency, name, value)

    return switch_off


TECHNIQUES: dict[str, Callable[[], None]] = {
    "nothing": lambda: None,
    "cached painting": _without_cached_painting,
    "preparing ahead": _set(PREPARE_AFTER=86_400),
    "240 frames a second": _set(FRAMES_PER_SECOND=60),
    "frame yield": _set(FRAME_YIELD=0),
    "garbage scheduling": _set(SCHEDULES_GARBAGE=False, GC_THRESHOLD=700),
}
"""Name of a technique -> a function that switches it off."""


def main() -> None:
    """Switch a technique off, then run the command line."""
    from corpuscope.__main__ import main as run

    TECHNIQUES[sys.argv.pop(1)]()
    run()


if __name__ == "__main__":
    main()
