"""Time and memory of an export, relative to pyarrow rewriting the same columns: `python -m benchmarks.export`.

Every run is a process of its own, as the command is. Memory is the peak beyond that of a process that imports the same
modules and exports nothing. `--labels 1000000` takes five minutes, most of them to generate the ledger.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq
from benchmarks.ledger import filled, peak
from benchmarks.rows import BenchmarkRow, add_row

from corpuscope.export.formats import NAMES
from corpuscope.sampling.plan import Plan
from corpuscope.sampling.plan_file import save_plan

TEXTLESS = ("csv", "jsonl", "parquet", "labelstudio", "argilla")
"""Formats that are useful without texts."""


def main() -> int:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labels", type=int, default=100_000)
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        return child(arguments.child[0], Path(arguments.child[1]), Path(arguments.child[2]))
    with tempfile.TemporaryDirectory(prefix="corpuscope-export-") as name:
        folder = Path(name)
        labels = filled(folder / "labels", arguments.labels)
        save_plan(Plan(7), labels / "plan.json")
        idle = run("nothing", folder)[1]
        print(f"{arguments.labels:,} labels\n{'':36}{'s':>8}{'MB more':>10}{'x rewriting':>13}")
        for text in (False, True):
            baseline = run("rewrite-text" if text else "rewrite", folder)
            for form in [name for name in NAMES if name not in ("dataset", "markdown")] if text else TEXTLESS:
                seconds, megabytes = run(f"{form}{'+text' if text else ''}", folder)
                measured = f"{form}, {'with' if text else 'without'} texts"
                print(
                    f"{measured:36}{seconds:8.1f}{megabytes - idle:10.0f}{seconds / baseline[0]:13.2f}",
                    flush=True,
                )
                add_row(
                    BenchmarkRow(
                        f"export of {arguments.labels:,} labels as {measured}",
                        "pyarrow rewrites them",
                        seconds / baseline[0],
                    )
                )
                add_row(BenchmarkRow(f"export as {measured}, MB more", "", megabytes - idle, "<=", 600))
    return 0


def run(work: str, folder: Path) -> tuple[float, float]:
    """Return the seconds and the peak megabytes of one process."""
    began = time.perf_counter()
    process = subprocess.run(
        [
            sys.executable,
            "-m",
            "benchmarks.export",
            "--child",
            work,
            str(folder / "labels"),
            str(folder / "out"),
        ],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    return time.perf_counter() - began, float(process.stdout.splitlines()[-1])


def child(work: str, labels: Path, out: Path) -> int:
    """Do the work of one measurement and print the peak megabytes of this process."""
    from corpuscope.cli import run as corpuscope

    out.unlink(missing_ok=True)
    if work.startswith("rewrite"):
        leave_out = (
            () if work.endswith("text") else ("text", "text_bytes", "metadata", "sections", "originals")
        )
        names = [
            name for name in pq.read_schema(next(labels.glob("*/*.parquet"))).names if name not in leave_out
        ]
        writer = None
        for path in sorted(labels.glob("*/*.parquet")):
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(1_000, columns=names):
                    writer = writer or pq.ParquetWriter(out, batch.schema, compression="zstd")
                    writer.write_batch(batch)
        if writer is not None:
            writer.close()
    elif work != "nothing":
        form, _, text = work.partition("+")
        options = ["--labels", str(labels), "--format", form, "-o", str(out), *(["--text"] if text else [])]
        assert corpuscope(["export", *options]) == 0
    print(peak() / 1024**2)
    return 0


if __name__ == "__main__":
    sys.exit(main())
