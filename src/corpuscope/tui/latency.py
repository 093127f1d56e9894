"""What keeps a key fast, in one place: every constant with the benchmark that switches it off."""

from __future__ import annotations

FRAMES_PER_SECOND = 240
"""Most frames that Textual paints in a second, instead of 60."""
SWITCH_INTERVAL = 0.0005
"""Seconds after which a fetching thread yields the interpreter to a key, instead of 0.005."""
GC_THRESHOLD = 100_000
"""Objects allocated before the collector runs. Start-up allocates about as many, and hardly any are garbage."""
SCHEDULES_GARBAGE = True
"""Whether garbage is collected between frames only; `gc_scheduler` says when."""
FRAME_YIELD = 0.0002
"""Seconds that the app sleeps after a frame, so that Textual's writer thread sends it before anything else runs."""
PREPARE_AFTER = 0.01
"""Seconds after a document is painted until the next one is prepared; meanwhile the terminal gets its frame."""
VERIFY_AFTER = 0.2
"""Seconds after the ledger is read until it is verified.

By then the first document is shown, and nobody has finished reading it.
"""
