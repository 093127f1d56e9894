"""Run the fuzz tests of the suite with many more examples, and count them: `python -m benchmarks.fuzz`.

The tests are those of tests/fuzz: damaged edited files, ledgers and corpora, and arbitrary command lines. An example
fails on a traceback, an error that does not name its file, or a lost label.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from benchmarks.rows import BenchmarkRow, add_row

HERE = Path(__file__).parent.parent
MIN_EXAMPLES = 10_000
"""Least number of examples to try."""


def main() -> int:
    """Print the number of examples that passed and failed, and the failures."""
    command = [sys.executable, "-m", "pytest", "-q", "tests/fuzz", "--hypothesis-profile=fuzz"]
    process = subprocess.run(
        [*command, "--hypothesis-show-statistics", "-p", "no:cacheprovider"],
        cwd=HERE,
        env={**os.environ, "PYTHONPATH": str(HERE / "tests")},
        check=False,
        capture_output=True,
        text=True,
    )
    passed = sum(map(int, re.findall(r"(\d+) passing\b", process.stdout)))
    failed = sum(map(int, re.findall(r"(\d+) failing\b", process.stdout)))
    print(f"{passed:,} examples passed, {failed:,} failed")
    if process.returncode:
        print(process.stdout[-4_000:])
    add_row(BenchmarkRow("fuzz examples tried", "", passed + failed, ">=", MIN_EXAMPLES))
    add_row(
        BenchmarkRow("fuzz examples failed", "", failed + (process.returncode != 0 and not failed), "<=", 0)
    )
    return process.returncode


if __name__ == "__main__":
    sys.exit(main())
