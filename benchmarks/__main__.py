"""Every benchmark in one table of ratios: `python -m benchmarks`, or `make bench`.

Benchmarks of seconds run several times, for the median and the spread of their ratios; those of minutes once. Each
rival runs in turns with what it is compared to, so that a busy machine is busy for both. Takes under 15 minutes on two
cores; the full size of one benchmark is had by running its own file.
"""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.rows import ROWS_VARIABLE, BenchmarkRow, read_rows

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One file of this folder."""

    name: str
    """The file."""
    arguments: Sequence[str]
    """At a size of a minute or so."""
    runs: int
    """How often."""


BENCHMARKS = (
    Benchmark("latency", ["--quick", "--only", "start", "keys"], 2),
    Benchmark("ledger", ["--quick"], 2),
    Benchmark("review", ["--labels", "50000"], 2),
    Benchmark("export", ["--labels", "5000"], 2),
    Benchmark("sampling", ["--quick"], 1),
    Benchmark("coverage", ["--quick"], 1),
    Benchmark("soak", ["--labels", "400"], 1),
    Benchmark("fuzz", [], 1),
)
"""In the order of the table."""


def main() -> int:
    """Prints the table; 1 when a target is missed or a benchmark failed."""
    began = time.monotonic()
    print(f"{machine()}\n")
    print("| measured | against | median | spread | target | |")
    print("| --- | --- | ---: | ---: | ---: | --- |", flush=True)
    wrong = 0
    took: list[str] = []
    for benchmark in BENCHMARKS:
        start = time.monotonic()
        runs, failed = measured(benchmark)
        took.append(f"{benchmark.name} {time.monotonic() - start:.0f}")
        for (what, baseline), rows in by_what(runs).items():
            wrong += not printed(benchmark.name, what, baseline, rows)
        if failed:
            wrong += 1
            print(f"| {benchmark.name} | | failed | | | {failed} |", flush=True)
    print(f"\n{time.monotonic() - began:.0f} s: {', '.join(took)}")
    return 1 if wrong else 0


def measured(benchmark: Benchmark) -> tuple[list[list[BenchmarkRow]], str]:
    """The rows of each run, and what the last one said if it failed."""
    runs: list[list[BenchmarkRow]] = []
    for _ in range(benchmark.runs):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "rows"
            done = subprocess.run(
                [sys.executable, "-m", f"benchmarks.{benchmark.name}", *benchmark.arguments],
                env={
                    **os.environ,
                    ROWS_VARIABLE: str(file),
                    "PYTHONPATH": f"{HERE.parent / 'tests'}:{HERE.parent}",
                },
                check=False,
                capture_output=True,
                text=True,
            )
            runs.append(read_rows(file))
        if done.returncode and not runs[-1]:
            return runs, (done.stderr.strip().splitlines() or ["no rows"])[-1]
    return runs, ""


def by_what(runs: Sequence[Sequence[BenchmarkRow]]) -> Mapping[tuple[str, str], list[BenchmarkRow]]:
    """The rows of all runs about the same thing."""
    groups: dict[tuple[str, str], list[BenchmarkRow]] = {}
    for row in (row for run in runs for row in run):
        groups.setdefault((row.what, row.baseline), []).append(row)
    return groups


def printed(name: str, what: str, baseline: str, rows: Sequence[BenchmarkRow]) -> bool:
    """Prints one line; whether its median meets the target."""
    values = [row.value for row in rows]
    middle, row = statistics.median(values), rows[0]
    spread = f"{number(min(values))} to {number(max(values))}" if len(values) > 1 else ""
    target = "" if row.target is None else f"{row.sign} {number(row.target)}"
    met = row.target is None or (middle <= row.target if row.sign == "<=" else middle >= row.target)
    verdict = "" if row.target is None else "met" if met else "MISSED"
    print(f"| {name}: {what} | {baseline} | {number(middle)} | {spread} | {target} | {verdict} |", flush=True)
    return met


def number(value: float) -> str:
    """Two digits behind the point, none where they say nothing."""
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 100 else f"{value:.2f}"


def machine() -> str:
    """What it was measured on."""
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        processor = names[0].partition(": ")[2] if names else processor
    load = f", load before {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    system = f"{platform.system()} {platform.release().split('-')[0]}"
    return f"{os.cpu_count()} cores of {processor}, {system}, Python {platform.python_version()}{load}"


if __name__ == "__main__":
    sys.exit(main())
