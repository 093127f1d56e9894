"""Waiting until workers and feeds have updated a screen under test."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.pilot import Pilot


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Wait until `condition` holds, however slow the machine. Fails when it never does."""
    for _ in range(3_000):
        await pilot.pause()
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("the condition never held")
