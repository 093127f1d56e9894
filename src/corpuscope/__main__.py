"""The way in: `corpuscope` and `python -m corpuscope`."""

import gc
import os
import sys
import threading
from typing import NoReturn

GC_THRESHOLD = 100_000
"""New objects between two looks for garbage; a start makes about as many, and hardly any of them is garbage."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    gc.set_threshold(GC_THRESHOLD)
    from corpuscope.cli import run

    try:
        code = run()
    except SystemExit as asked:  # the app crashed, and has said so
        code = asked.code if isinstance(asked.code, int) else 1
    leave(code)


def leave(code: int) -> NoReturn:
    """Ends the process with this exit code, also while a document is still being fetched.

    Python would stop a fetch inside the C++ code of pyarrow, which answers by aborting the whole process.
    """
    threads = threading.enumerate()
    if not any(thread.daemon for thread in threads):
        sys.exit(code)
    for thread in threads:
        if not thread.daemon and thread is not threading.current_thread():
            thread.join()  # it writes labels
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            code = code or 1
    os._exit(code)


if __name__ == "__main__":
    main()
