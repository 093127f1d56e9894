"""What keeps a key fast, in one place: each constant with what happens without it.

`python -m benchmarks.latency --only techniques` measures a key without each, one at a time, beside a key with all. The
ratios below are medians of seven starts on two busy cores, where the same app twice differs by up to 0.07. The other
technique is cached painting (`widgets.painting`): without it a key takes 1.43 times as long. The waits are those of
the screen's thread for the interpreter, which other threads hold; the time in which the processor ran other programs
is not counted.
"""

from __future__ import annotations

FRAMES_PER_SECOND = 240
"""Most frames that Textual paints in a second. With its 60 the first frame takes 1.08 times as long.

A label does not wait for it: its frame is painted at once.
"""
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

Without it: a key 1.09 to 1.16 times as long. It is far shorter than the time between two keys.
"""
PREPARE_AFTER = 0.01
"""Seconds after a document is painted until the next one is prepared; meanwhile the terminal gets its frame.

Without preparing: a key on 3 KB 1.05 to 1.29 times as long, and more on longer texts.
"""
VERIFY_AFTER = 0.2
"""Seconds after the ledger is read until it is verified.

By then the first document is shown, and nobody has finished reading it.
"""
COMPACT_AFTER = 0.1
"""Seconds after a journal is full until it is made into Parquet: the label that filled it is painted first.

Without it that frame waits 3 to 4 ms, one in ten 5 to 7; with it 0.1.
"""
CHUNK_YIELD = 0.0
"""Seconds that a thread of the ledger sleeps after each chunk of a long text: 0 releases the interpreter, no more.

Without it the screen waits up to 3 to 5 ms, one in ten 10 to 12, while a text of 1 MB is written ahead; with it 0.1 to
0.3. For 10 MB the longest wait is 5 ms both ways, for calls that go through the whole text; all waits add up to 71
instead of 6 ms.
"""
