"""Runs the fuzz tests of the suite with many more examples, and counts them: `python -m benchmarks.fuzz`.

The tests are those of tests/fuzz: files people edit, ledgers, corpora and command lines, whole, cut and mixed up. An
example fails when there is a traceback, a fault that does not name its file, or a label that is gone.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from benchmarks.rows import BenchmarkRow, add_row

HERE = Path(__file__).parent.parent
WANTED = 10_000
"""Examples that have to be tried at least."""


def main() -> int:
    """Prints how many examples passed, and what failed."""
    command = [sys.executable, "-m", "pytest", "-q", "tests/fuzz", "--hypothesis-profile=fuzz"]
    done = subprocess.run(
        [*command, "--hypothesis-show-statistics", "-p", "no:cacheprovider"],
        cwd=HERE,
        env={**os.environ, "PYTHONPATH": str(HERE / "tests")},
        check=False,
        capture_output=True,
        text=True,
    )
    passed = sum(map(int, re.findall(r"(\d+) passing\b", done.stdout)))
    failed = sum(map(int, re.findall(r"(\d+) failing\b", done.stdout)))
    print(f"{passed:,} examples passed, {failed:,} failed")
    if done.returncode:
        print(done.stdout[-4_000:])
    add_row(BenchmarkRow("fuzz examples tried", "", passed + failed, ">=", WANTED))
    add_row(BenchmarkRow("fuzz examples failed", "", failed + (done.returncode != 0 and not failed), "<=", 0))
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
