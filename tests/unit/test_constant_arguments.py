"""Tests of arguments that have one value at every call, because another one would do harm that shows late."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

import corpuscope

SOURCES = Path(corpuscope.__file__).parent

ALWAYS = {
    "strict=True": "zip drops no rest in silence, and a category file takes no value of another type",
    "thread=True": "a worker leaves the event loop free",
    "exit_on_error=False": "a failed worker is a state on the screen, not the end of the app",
    "daemon=True": "a thread that waits for the network does not keep the process from ending",
    "markup=False": "text from the web is never markup",
    "highlight=False": "words of a message are not coloured by what they look like",
    "animate=False": "a key is painted at once",
    "exclusive=True": "a newer request replaces the one that still runs",
    "is_flag=True": "an option without a value takes none",
    "show_default=True": "help says the default",
    "dir_okay=False": "an option that names a file refuses a folder",
    "ensure_ascii=False": "JSON keeps characters readable",
    "allow_nan=False": "JSON that others read has no NaN",
    "page_checksum_verification=True": "a damaged Parquet page is noticed when it is read",
    "write_page_checksum=True": "a damaged Parquet page can be noticed",
    "use_threads=False": "a read takes no more memory and threads than one row group needs",
    "pre_buffer=False": "only the bytes that are asked for are read",
    "parents=True": "a new folder may lie in a new folder",
    "exist_ok=True": "another process may have made the folder",
    "missing_ok=True": "another process may have removed the file",
    "labels_must_exist=True": "a command that only reads labels says when there are none",
    "transient=True": "a progress bar leaves nothing behind",
    "err=True": "what is not the answer goes to standard error",
    "stderr=True": "what is not the answer goes to standard error",
    "closefd=False": "a file descriptor is closed by the one who opened it",
}
"""Why a keyword has this value wherever it is given."""

EXCEPTIONS = {
    "strict": [
        "config/category_keys.py",  # more free keys than categories without one
        "corpora/local_delimited.py",  # a row may be shorter than its header
        "doctor/uniformity.py",  # one more offset than groups
        "stats/summarise.py",  # a sample may have no lengths
        "tui/charts/frames.py",  # more styles than characters of a line
        "tui/widgets/document_info.py",  # more labels than rows
    ],
    "is_flag": ["cli/options.py"],  # --reference takes a value or none
}
"""Files with one call that gives the other value."""


@pytest.fixture(scope="module")
def calls() -> dict[str, list[str]]:
    """Return the files in which an argument is written, such as "strict=True", once for each time."""
    files = defaultdict(list)
    for path in sorted(SOURCES.rglob("*.py")):
        for argument in re.findall(r"\b\w+=(?:True|False)\b", path.read_text("utf-8")):
            files[argument].append(path.relative_to(SOURCES).as_posix())
    return files


@pytest.mark.parametrize("argument", ALWAYS)
def test_an_argument_has_one_value_at_every_call(argument: str, calls: dict[str, list[str]]) -> None:
    keyword, value = argument.split("=")
    other = f"{keyword}={value != 'True'}"
    assert calls[argument], "no call gives it any more"
    assert calls[other] == EXCEPTIONS.get(keyword, []), ALWAYS[argument]


def test_a_worker_on_a_thread_says_what_its_failure_does(calls: dict[str, list[str]]) -> None:
    assert calls["thread=True"] == calls["exit_on_error=False"]
