"""Run every benchmark and print one table of ratios: `python -m benchmarks`, or `make bench`.

Short benchmarks run several times, for the median and the spread of their ratios; long ones run once. Each baseline is
interleaved with what it is compared to, so that other load on the machine affects both. The whole takes under 15
minutes on two cores; run a benchmark's own file for its full size.
"""

from __future__ import annotations

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
    """One benchmark of this package."""

    name: str
    """Name of its module."""
    arguments: Sequence[str]
    """Arguments for a run of about a minute."""
    runs: int
    """Number of runs."""


BENCHMARKS = (
    Benchmark("latency", ["--quick", "--only", "start", "keys"], 2),
    Benchmark("ledger", ["--quick"], 2),
    Benchmark("review", ["--labels", "50000"], 2),
    Benchmark("export", ["--labels", "5000"], 2),
    Benchmark("sampling", ["--quick", "--only", "c4", "fineweb", "synth"], 1),
    Benchmark("hub_layouts", ["--only", "c4", "fineweb sample", "SYNTH", "SlimPajama"], 1),
    Benchmark("coverage", ["--quick"], 1),
    Benchmark("assisted", ["--only", "cost"], 1),
    Benchmark("scale", ["--documents", "8192", "--only", "speed"], 1),
    Benchmark("soak", ["--labels", "400"], 1),
    Benchmark("fuzz", ["--quick"], 1),
)
"""All benchmarks in the order of the table."""


def main() -> int:
    """Print the table; return 1 when a target is missed or a benchmark failed, else 0."""
    began = time.monotonic()
    print(f"{machine()}\n")
    print("| measured | against | median | spread | target | |")
    print("| --- | --- | ---: | ---: | ---: | --- |", flush=True)
    failures = 0
    durations: list[str] = []
    for benchmark in BENCHMARKS:
        start = time.monotonic()
        runs, error = run_benchmark(benchmark)
        durations.append(f"{benchmark.name} {time.monotonic() - start:.0f}")
        for (what, baseline), rows in by_measurement(runs).items():
            failures += not print_row(benchmark.name, what, baseline, rows)
        if error:
            failures += 1
            print(f"| {benchmark.name} | | failed | | | {error} |", flush=True)
    print(f"\n{time.monotonic() - began:.0f} s: {', '.join(durations)}")
    return 1 if failures else 0


def run_benchmark(benchmark: Benchmark) -> tuple[list[list[BenchmarkRow]], str]:
    """Return the rows of each run, and the last line of an error when one printed no rows."""
    runs: list[list[BenchmarkRow]] = []
    for _ in range(benchmark.runs):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "rows"
            process = subprocess.run(
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
        if process.returncode and not runs[-1]:
            return runs, (process.stderr.strip().splitlines() or ["no rows"])[-1]
    return runs, ""


def by_measurement(runs: Sequence[Sequence[BenchmarkRow]]) -> Mapping[tuple[str, str], list[BenchmarkRow]]:
    """Group the rows of all runs by what was measured and its baseline."""
    groups: dict[tuple[str, str], list[BenchmarkRow]] = {}
    for row in (row for run in runs for row in run):
        groups.setdefault((row.what, row.baseline), []).append(row)
    return groups


def print_row(name: str, what: str, baseline: str, rows: Sequence[BenchmarkRow]) -> bool:
    """Print one line of the table and tell whether its median meets the target."""
    values = [row.value for row in rows]
    median, row = statistics.median(values), rows[0]
    spread = f"{number(min(values))} to {number(max(values))}" if len(values) > 1 else ""
    target = "" if row.target is None else f"{row.sign} {number(row.target)}"
    met = row.target is None or (median <= row.target if row.sign == "<=" else median >= row.target)
    verdict = "" if row.target is None else "met" if met else "MISSED"
    print(f"| {name}: {what} | {baseline} | {number(median)} | {spread} | {target} | {verdict} |", flush=True)
    return met


def number(value: float) -> str:
    """Format a value with two decimals, or none when it is whole or at least 100."""
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 100 else f"{value:.2f}"


def machine() -> str:
    """Describe the machine: cores, processor, system, Python, load."""
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
