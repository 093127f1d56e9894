"""What keeps a key fast, in one place: each constant with what happens without it.

`python -m benchmarks.latency --only techniques` measures a key without each, one at a time, beside a key with all. The
ratios below are medians of seven starts on two busy cores, where the same app twice differs by up to 0.07. The other
technique is cached painting (`widgets.painting`): without it a key takes 1.43 times as long.
"""

from __future__ import annotations

FRAMES_PER_SECOND = 240
"""Most frames that Textual paints in a second. With its 60: a key 1.07, the first frame 1.08 times as long."""
GC_THRESHOLD = 100_000
"""Objects allocated before the collector runs. With Python's 700 the first frame takes 1.13 times as long.

Start-up allocates about as many, and hardly any are garbage.
"""
SCHEDULES_GARBAGE = True
"""Whether garbage is collected between frames only, as `gc_scheduler` says.

Without it the median key is as fast, but a key that meets a collection of all objects waits tens of milliseconds.
"""
FRAME_YIELD = 0.0002
"""Seconds that the app sleeps after a frame, so that Textual's writer thread sends it before anything else runs.

Without it: a key 1.10 times as long. It is far shorter than the time between two keys.
"""
PREPARE_AFTER = 0.01
"""Seconds after a document is painted until the next one is prepared; meanwhile the terminal gets its frame.

Without preparing: a key on 3 KB 1.05 to 1.29 times as long, and more on longer texts.
"""
VERIFY_AFTER = 0.2
"""Seconds after the ledger is read until it is verified.

By then the first document is shown, and nobody has finished reading it.
"""
