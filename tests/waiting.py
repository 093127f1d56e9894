"""Waiting for what workers and feeds bring to a screen under test."""

import asyncio
from collections.abc import Callable

from textual.pilot import Pilot


async def until(pilot: Pilot[None], true: Callable[[], bool]) -> None:
    """Waits for workers and feeds, however slow the machine."""
    for _ in range(3_000):
        await pilot.pause()
        if true():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came true")
