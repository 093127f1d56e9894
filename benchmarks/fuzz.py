"""Run the fuzz tests of the suite with many more examples, and count them: `python -m benchmarks.fuzz [--quick]`.

The tests are those of tests/fuzz: damaged edited files, ledgers and corpora, rows of any values from a corpus and from
a colleague, and arbitrary command lines. An example fails on a traceback, an error that does not name its file, or a
lost label. `--quick` tries fewer of the examples that write a ledger each.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

from benchmarks.rows import BenchmarkRow, add_row

HERE = Path(__file__).parent.parent
MIN_EXAMPLES = {"fuzz": 14_000, "fuzz-quick": 10_000}
"""Least number of examples to try, by hypothesis profile of tests/conftest.py."""


def main() -> int:
    """Print the number of examples that passed and failed, and the failures; return 1 for a failure or too few."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    profile = "fuzz-quick" if parser.parse_args().quick else "fuzz"
    command = [sys.executable, "-m", "pytest", "-q", "tests/fuzz", f"--hypothesis-profile={profile}"]
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
    add_row(BenchmarkRow("fuzz examples tried", "", passed + failed, ">=", MIN_EXAMPLES[profile]))
    add_row(
        BenchmarkRow("fuzz examples failed", "", failed + (process.returncode != 0 and not failed), "<=", 0)
    )
    return 1 if process.returncode or passed + failed < MIN_EXAMPLES[profile] else 0


if __name__ == "__main__":
    sys.exit(main())
