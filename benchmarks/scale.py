"""Classify generated corpora of known mix: speed, killed workers, stops, coverage, and the programs for clusters.

    python -m benchmarks.scale [--documents 16384] [--runs 200] [--only speed killed stopped coverage slurm ray]

The corpora are those of `benchmarks.assisted`. `slurm` starts the written program with stand-ins for sbatch, srun and
scontrol, which run its ranks here one after another; `ray` needs Ray, and starts a cluster on this machine.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from benchmarks.assisted import generated
from benchmarks.assisted import study as make_study
from benchmarks.rows import BenchmarkRow, add_row

from corpuscope.analysis.filter_forecast import LabelledScores
from corpuscope.analysis.whole_corpus import WholeCorpus, corrected_shares
from corpuscope.learning.features import features_of
from corpuscope.learning.ridge import fit_ridge
from corpuscope.stats.reference import SEVEN
from corpuscope.stats.sample import Sample

FILES = 16
"""Files of the corpus."""
LABELS = 200
"""Labels of the study."""
KILLS = 5
"""Processes that are killed."""


@dataclass(frozen=True)
class Study:
    """A labelled study of a generated corpus of several files."""

    folder: Path
    """Folder of the study."""
    documents: int
    """Documents of the corpus."""
    characters: int
    """Characters of all of them."""

    def command(self, *arguments: str) -> list[str]:
        """Return a command line in this study."""
        return [sys.executable, "-m", "corpuscope", *arguments, "--labels", str(self.folder / "labels")]

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes."""
        bin_folder = Path(sys.executable).parent
        path = f"{self.folder / 'bin'}:{bin_folder}:{os.environ['PATH']}"
        return {**os.environ, "CORPUSCOPE_CACHE": str(self.folder / "cache"), "PATH": path}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command in this study."""
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def classify(self, out: str, *options: str) -> subprocess.Popen[str]:
        """Start a run over the corpus."""
        return self.start("classify", "web", "-o", out, *options)

    def is_whole(self, out: str) -> bool:
        """Tell whether every document is a row of the run exactly once."""
        rows: set[tuple[str, int]] = set()
        count = 0
        for path in (self.folder / out / "rows").glob("*.parquet"):
            table = pq.read_table(path, columns=["shard", "row"])
            rows |= set(zip(table["shard"].to_pylist(), table["row"].to_pylist(), strict=True))
            count += table.num_rows
        return len(rows) == count == self.documents


def speed(study: Study, _: argparse.Namespace) -> None:
    """Classify with one worker and with two."""
    print(f"\n{'corpuscope classify':<46}{'s':>7}{'docs/s':>9}{'MB/s':>7}{'MB a process':>14}")
    rates = []
    for workers in (1, 2):
        began = time.perf_counter()
        output, code = finished(study.classify(f"out{workers}", "--workers", str(workers)))
        seconds = time.perf_counter() - began
        assert code == 0 and study.is_whole(f"out{workers}"), output
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        rates.append(study.documents / seconds)
        words = f"{study.documents:,} documents, {workers} worker{'s' * (workers > 1)}"
        speed_mb = study.characters / 1e6 / seconds
        print(f"{words:<46}{seconds:>7.1f}{rates[-1]:>9,.0f}{speed_mb:>7.1f}{peak:>14.0f}", flush=True)
    add_row(
        BenchmarkRow("classify: documents a second, 2 workers", "1 worker", rates[1] / rates[0], ">=", None)
    )
    add_row(BenchmarkRow("classify: MB of the largest process", "", peak, "<=", 500))


def killed(study: Study, _: argparse.Namespace) -> None:
    """Kill ranks at random moments."""
    chance = random.Random(3)
    run = study.classify("killed", "--workers", "2", "--tasks", str(FILES))
    kills = 0
    while run.poll() is None and kills < KILLS:
        time.sleep(chance.uniform(1, 6))
        children = [pid for pid in children_of(run.pid) if "corpuscope.scale.rank" in command_of(pid)]
        if children:
            os.kill(chance.choice(children), signal.SIGKILL)
            kills += 1
    output, code = finished(run)
    starts = 1
    while (
        code != 0 and starts < 4
    ):  # a rank that was hit three times is given up, and tried again by a new start
        more, code = finished(study.classify("killed", "--workers", "2", "--tasks", str(FILES)))
        output, starts = output + more, starts + 1
    retried = output.count("is done again")
    whole = study.is_whole("killed")
    print(
        f"{kills} processes killed, {retried} retries, {starts} start{'s' * (starts > 1)}: every row once: {whole}",
        flush=True,
    )
    add_row(
        BenchmarkRow(
            f"classify, {kills} ranks killed: every row once", "", float(whole and code == 0), ">=", 1
        )
    )


def stopped(study: Study, _: argparse.Namespace) -> None:
    """Stop a run as ctrl-c does, and start it again."""
    run = study.classify("stopped", "--workers", "2", "--tasks", str(FILES))
    while run.poll() is None and not any((study.folder / "stopped" / "counts").glob("*.json")):
        time.sleep(0.2)
    run.send_signal(signal.SIGINT)
    output, code = finished(run)
    left = [pid for pid in processes() if str(study.folder / "stopped") in command_of(pid)]
    done = len(list((study.folder / "stopped" / "counts").glob("*.json")))
    again, second = finished(study.classify("stopped", "--workers", "2", "--tasks", str(FILES)))
    whole = study.is_whole("stopped")
    print(
        f"stopped with {done} ranks done (exit code {code}, {len(left)} processes left), started again (exit code "
        f"{second}): every row once: {whole}",
        flush=True,
    )
    assert code == 130 and not left, output
    add_row(BenchmarkRow("classify, stopped and started again: every row once", "", float(whole), ">=", 1))
    assert second == 0, again


def coverage(_: Study, arguments: argparse.Namespace) -> None:
    """Draw labels of one corpus again and again, and correct the scores of the whole by them."""
    texts, codes, _lengths = generated(np.random.default_rng(2), 6_000, 1.0)
    rows = features_of(texts)
    truth = np.bincount(codes, minlength=7) / len(codes)
    rng = np.random.default_rng(4)
    covered, own, counted, gains = [], [], [], []
    for _run in range(arguments.runs):
        drawn = rng.permutation(len(codes))[:LABELS]
        ridge = fit_ridge(rows[drawn], codes[drawn].tolist(), 7)
        scores = np.asarray(rows @ ridge.weights + ridge.intercept)
        sample = Sample("web", tuple(SEVEN), tuple(codes[drawn].tolist()))
        labelled = LabelledScores(scores[drawn], ridge.held_out_alone, 0)
        result = corrected_shares(
            sample, labelled, WholeCorpus(len(codes), len(codes), scores.sum(axis=0), None)
        )
        shares, labels = result.assisted.shares, result.labels.distribution.shares
        covered.append([s.interval.low <= t <= s.interval.high for s, t in zip(shares, truth, strict=True)])
        own.append([s.interval.low <= t <= s.interval.high for s, t in zip(labels, truth, strict=True)])
        counted.append(np.bincount(scores.argmax(axis=1), minlength=7) / len(codes) - truth)
        gains.append(result.gain)
    by_category, by_labels = 100 * np.mean(covered, axis=0), 100 * np.mean(own, axis=0)
    off = 100 * np.abs(np.mean(counted, axis=0)).max()
    print(
        f"{arguments.runs} runs of {LABELS} labels and {len(codes):,} documents: corrected shares covered in "
        f"{by_category.mean():.1f} % (worst category {by_category.min():.1f}), the labels' own in "
        f"{by_labels.mean():.1f} % ({by_labels.min():.1f}); {LABELS} labels are worth "
        f"{LABELS * np.mean(gains):.0f}; counts alone off by up to {off:.1f} points",
        flush=True,
    )
    add_row(
        BenchmarkRow("shares of the whole corpus: % covered", "nominal 95", by_category.mean(), ">=", 93.5)
    )


STAND_INS = {
    "scontrol": 'echo "$3"',
    "srun": 'while [ "${1#-}" != "$1" ]; do case "$1" in -n) shift 2 ;; *) shift ;; esac; done; exec "$@"',
    "sbatch": """\
for file; do :; done
last=$(sed -n 's/^#SBATCH --array=0-\\([0-9]*\\).*/\\1/p' "$file")
if grep -q merge_stats "$file"; then last=; fi
for i in $(seq 0 "${last:--1}"); do
  export SLURM_ARRAY_TASK_ID=$i SLURM_NODELIST=localhost RUN_OFFSET=0
  bash "$file" >> "$file.log" 2>&1 || { cat "$file.log" >&2; exit 1; }
done
echo "Submitted batch job 1"
""",
}
"""Programs in the place of Slurm's, which run every rank of the array at once."""


def slurm(study: Study, _: argparse.Namespace) -> None:
    """Start the program for Slurm."""
    (study.folder / "bin").mkdir()
    for name, script in STAND_INS.items():
        file = study.folder / "bin" / name
        file.write_text(f"#!/bin/bash\n{script}\n")
        file.chmod(0o755)
    cluster(study, "slurm", "--tasks", "3")


def ray(study: Study, _: argparse.Namespace) -> None:
    """Start the program for Ray."""
    if find_spec("ray") is None:
        print("Ray is not installed: pip install ray")
        return
    cluster(study, "ray", "--tasks", "3", "--workers", "1")


def cluster(study: Study, executor: str, *options: str) -> None:
    """Write the program for an executor, start it, and estimate from what its ranks wrote."""
    program = f"run_on_{executor}.py"
    output, code = finished(
        study.classify(executor, "--executor", executor, "--write-pipeline", program, *options)
    )
    assert code == 0, output
    began = time.perf_counter()
    result = subprocess.run(
        [sys.executable, program],
        check=False,
        cwd=study.folder,
        env=study.environment,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr[-3000:]
    seconds = time.perf_counter() - began
    output, code = finished(study.start("estimate", "web", "--from", executor))
    whole = study.is_whole(executor)
    print(f"{executor}: {seconds:.1f} s, every row once: {whole}; {output.splitlines()[0]}", flush=True)
    assert code == 0, output
    add_row(BenchmarkRow(f"classify on {executor}: every row once", "", float(whole), ">=", 1))


def finished(process: subprocess.Popen[str]) -> tuple[str, int]:
    """Wait for a process, and return its output and exit code."""
    output, _ = process.communicate(timeout=600)
    return output, process.returncode


def processes() -> list[int]:
    """Return the ids of all processes."""
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def children_of(pid: int) -> list[int]:
    """Return the ids of the children of a process."""
    children = []
    for child in processes():
        try:
            if int(Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[1]) == pid:
                children.append(child)
        except (OSError, ValueError):
            continue
    return children


def command_of(pid: int) -> str:
    """Return the command line of a process; "" when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


PARTS: dict[str, Callable[[Study, argparse.Namespace], None]] = {
    "speed": speed,
    "killed": killed,
    "stopped": stopped,
    "coverage": coverage,
    "slurm": slurm,
    "ray": ray,
}
"""Parts by their name on the command line."""


def main(words: Sequence[str] | None = None) -> None:
    """Run the parts that were asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=16_384)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    arguments = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="corpuscope-scale-") as name:
        needs_study = set(arguments.only) != {"coverage"}
        documents = arguments.documents if needs_study else 2 * LABELS
        study = Study(Path(name), documents, make_study(Path(name), documents, FILES))
        mean = study.characters / study.documents
        print(
            f"{study.documents:,} documents of {mean:,.0f} characters in {FILES} files, {os.cpu_count()} cores"
        )
        for part in arguments.only:
            PARTS[part](study, arguments)


if __name__ == "__main__":
    main()
