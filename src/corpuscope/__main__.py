"""Entry point of `corpuscope` and `python -m corpuscope`."""

from __future__ import annotations

import gc
import io
import os
import sys
import threading
from typing import NoReturn

from corpuscope import latency


def main() -> None:
    """Run the command line and exit with its code."""
    if refusal := why_unsupported(sys.platform):
        sys.exit(refusal)
    gc.set_threshold(latency.GC_THRESHOLD)
    from corpuscope.cli import run

    has_output = sys.stdout is not None
    open_closed_streams()
    if not has_output:
        os.write(2, b"Error: standard output is closed\nsend it to a file or to /dev/null\n")
        sys.exit(2)
    if isinstance(sys.stdout, io.TextIOWrapper):  # one that is no UTF-8 shows escapes instead of stopping
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = run()
    except SystemExit as crash:  # the app crashed and has printed a note about it
        code = crash.code if isinstance(crash.code, int) else 1
    leave(code)


def open_closed_streams() -> None:
    """Open the null device in the place of standard streams that are closed.

    Otherwise the next file that is opened, say one of labels, takes that place, and what libraries print goes into it.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free descriptor, which is this one


def why_unsupported(platform: str) -> str:
    """Return why corpuscope cannot run on a platform named as by `sys.platform`, "" where it can."""
    if platform != "win32":
        return ""
    return (
        "Error: corpuscope needs the file locks of Linux and macOS\n"
        "on Windows run it in WSL: wsl --install, then install corpuscope there"
    )


def leave(code: int) -> NoReturn:
    """End the process with this exit code, even while a document is being fetched.

    Non-daemon threads, which write labels, are waited for; daemon threads are not. A normal exit would stop a
    fetch inside the C++ code of pyarrow, which then aborts the whole process.
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
