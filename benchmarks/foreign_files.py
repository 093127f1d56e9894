"""Put hostile and damaged files of others beside a study, and run the commands that meet them.

Each attack is a context: it puts its files in place, runs commands, and takes away what would keep the app from
starting. Whatever a command says, it must end in time with one of the exit codes of the house, without a traceback,
without an escape sequence in its messages and without taking much memory; the caller sees to the labels.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pyarrow.parquet as pq
import zstandard

from corpuscope.sampling.pool import pool_path
from foreign import BAD_LINES, BAD_ROWS, a_folder, a_journal, rewritten
from ledger_fakes import flip, parts

SECONDS = 60
"""Seconds after which a command counts as hanging."""
MEGABYTES = 400
"""Memory that a command may take."""
LONG_LINE = 1 << 30
"""Characters of the only line of a compressed file."""
DEEP_YAML = "categories: " + "[" * 5_000 + "]" * 5_000
ALIASES = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(24)
)
"""A category file whose aliases name 32 million strings."""


@dataclass
class Study:
    """The folder of a study that is attacked, and what went wrong."""

    folder: Path
    """Folder with the corpus `web.jsonl` and the labels folder."""
    environment: Mapping[str, str]
    """Environment of the commands."""
    chance: random.Random
    """Chooses what is damaged."""
    runs: int = 0
    """Commands that were run."""
    complaints: list[str] = field(default_factory=list)
    """What was wrong with a command, in words."""
    texts_at_risk: set[str] = field(default_factory=set)
    """Ids of the events whose text a flipped bit may have taken."""

    @property
    def labels(self) -> Path:
        """The labels folder."""
        return self.folder / "labels"

    def run(self, *arguments: str, exits: tuple[int, ...], names: str = "") -> None:
        """Run a command, and note what is wrong: `exits` are the codes expected, `names` what it must print."""
        self.runs += 1
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as messages:
            process = subprocess.Popen(
                [sys.executable, "-m", "corpuscope", *arguments],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=messages,
            )
            timer = threading.Timer(SECONDS, process.kill)
            timer.start()
            peak = 0
            while process.poll() is None:
                peak = max(peak, _peak_megabytes(process.pid))
                time.sleep(0.01)
            timer.cancel()
            code = process.returncode
            printed, text = (_content(file) for file in (output, messages))
        wrong = {
            "hung": code == -signal.SIGKILL,
            f"exited with {code}": code not in exits,
            "printed a traceback": "Traceback" in text,
            "sent an escape sequence": "\x1b" in text,
            f"did not name {names}": names not in " ".join((printed + text).split()),
            f"took {peak} MB": peak > MEGABYTES,
        }
        for words, is_wrong in wrong.items():
            if is_wrong:
                self.complaints.append(f"{' '.join(arguments)} {words}: {text[-300:]}")


def _peak_megabytes(pid: int) -> int:
    """Return the most memory that a program has had; 0 once it has ended.

    Linux counts what the process had before it became the program in `ru_maxrss`, which is the memory of this one.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(lines[0].split()[1]) >> 10 if lines else 0


def _content(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


def hostile_rows(study: Study) -> None:
    """Merge the folder of a colleague, one row of which no label can have, and put its part into our folder."""
    wrong = study.chance.choice(list(BAD_ROWS))
    with tempfile.TemporaryDirectory() as folder:
        other = a_folder(Path(folder) / "other")
        part = rewritten(other, lambda rows: rows[0].update(BAD_ROWS[wrong]))
        study.run("merge", "--dry-run", str(other), exits=(1, 2))
        study.run("merge", str(other), exits=(2,))
        shutil.copy(part, study.labels / "web" / f"colleague-{study.runs}.parquet")
    study.run("ledger", "check", exits=(0, 1))
    study.run("summary", "--format", "json", exits=(0, 1))


def hostile_journal(study: Study) -> None:
    """Put a journal into the labels folder whose lines have valid checksums and hold no events."""
    a_journal(study.labels / f"colleague{study.runs}.journal", [], list(BAD_LINES.values()))
    study.run("ledger", "check", exits=(0, 1))
    study.run("export", "--format", "csv", exits=(0, 1))


def torn_part(study: Study) -> None:
    """Put a part into the labels folder that was copied only half."""
    part = study.chance.choice(parts(study.labels))
    content = part.read_bytes()
    (study.labels / "web" / f"torn-{study.runs}.parquet").write_bytes(content[: len(content) // 2])
    study.run("summary", exits=(0, 1))
    study.run("ledger", "check", exits=(0, 1))


def flipped_bit(study: Study) -> None:
    """Flip a bit of a part of ours, and note whose texts it may take."""
    part = study.chance.choice(parts(study.labels))
    offset = study.chance.randrange(part.stat().st_size)
    study.texts_at_risk |= events_with_text_at(part, offset)
    flip(part, offset, study.chance.randrange(8))
    study.run("summary", exits=(0, 1))


def events_with_text_at(part: Path, offset: int) -> set[str]:
    """Return the ids of the events whose texts one damaged byte of a part can take.

    They are those of the row group with the byte in its text, and all of the part when the byte is in its footer. The
    footer says where the columns are, so that this does not depend on what is tested.
    """
    with pq.ParquetFile(part) as file:
        footer = part.stat().st_size - 8 - file.metadata.serialized_size
        damaged = [
            group
            for group in range(file.num_row_groups)
            if offset >= footer
            or any(offset in chunk for chunk in _text_chunks(file.metadata.row_group(group)))
        ]
        return {
            event_id
            for group in damaged
            for event_id in file.read_row_group(group, columns=["event_id"])["event_id"].to_pylist()
        }


def _text_chunks(group: pq.RowGroupMetaData) -> Iterator[range]:
    """Yield the bytes of a part in which a row group has its texts."""
    for column in map(group.column, range(group.num_columns)):
        if column.path_in_schema in {"text", "text_bytes"}:
            start = min(filter(None, (column.dictionary_page_offset, column.data_page_offset)))
            yield range(start, start + column.total_compressed_size)


def named_pipe(study: Study) -> None:
    """Put a named pipe where a part and a journal would be."""
    pipes = study.labels / "web" / "pipe.parquet", study.labels / "pipe.journal"
    for pipe in pipes:
        os.mkfifo(pipe)
    study.run("summary", exits=(0, 1))
    study.run("ledger", "check", exits=(1,), names="is not a regular file")
    for pipe in pipes:
        pipe.unlink()


def damaged_plan(study: Study) -> None:
    """Replace the plan by that of a stranger with a command as its corpus, and by half of ours."""
    plan = study.labels / "plan.json"
    content = plan.read_bytes()
    strange = json.loads(content)
    strange["corpora"]["crawl$(touch x)\x1b[2J"] = next(iter(strange["corpora"].values()))
    for changed in (json.dumps(strange).encode(), content[: len(content) // 2], b"[" * 100_000):
        plan.write_bytes(changed)
        study.run("label", "web.jsonl", exits=(2,))
        study.run("sample", "web.jsonl", "-n", "1", exits=(0, 2))
        if plan.read_bytes() != changed:
            study.complaints.append("a damaged plan was written over")
    plan.write_bytes(content)
    if (study.folder / "x").exists():
        study.complaints.append("a plan ran a command")


def damaged_settings(study: Study) -> None:
    """Name category files and a config file that are damaged, deep, endless, or no such files."""
    for content in (DEEP_YAML, ALIASES, "categories: [\x1b[2J", "x" * (5 << 20)):
        file = study.folder / "theirs.yaml"
        file.write_text(content)
        study.run("summary", "--categories", str(file), exits=(2,), names="theirs.yaml")
    file.unlink()
    home = Path(study.environment["HOME"]) / ".config" / "corpuscope"
    home.mkdir(parents=True, exist_ok=True)
    config = home / "config.toml"
    config.write_text('target = "\x1b[2J"\n[keys]\n"label.skip" = {a = {}}\n')
    study.run("summary", exits=(2,), names="config.toml")
    config.unlink()


def damaged_pool(study: Study) -> None:
    """Put a damaged pool and damaged answers of a model into the labels folder."""
    pool, answers = pool_path(study.labels, "web"), study.labels / "models" / "m" / "answers.parquet"
    for path in (pool, answers):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"PAR1" + study.chance.randbytes(2_000) + b"PAR1")
    (answers.parent / "m.journal").write_bytes(b"00000000 {}\n" + study.chance.randbytes(100))
    study.run("estimate", "web", exits=(1, 2))
    study.run("agreement", "--model", "m", exits=(1, 2), names="answers.parquet")
    study.run("summary", exits=(0, 1))
    for path in (pool, answers.parent):
        shutil.rmtree(path.parent)


def changed_corpus(study: Study) -> None:
    """Change one letter of the corpus, whose size stays, and ask for the next documents."""
    corpus = study.folder / "web.jsonl"
    content, times = corpus.read_bytes(), corpus.stat()
    corpus.write_bytes(content.replace(b"quick", b"quack", 1))
    study.run("sample", "web.jsonl", "--labels", str(study.labels), "-n", "3", exits=(0, 2))
    study.run("doctor", "--offline", exits=(1, 2))
    corpus.write_bytes(content)
    os.utime(corpus, ns=(times.st_atime_ns, times.st_mtime_ns))


def long_line(study: Study) -> None:
    """Name a compressed file of 33 KB whose only line has a billion characters."""
    bomb = study.folder / "bomb.jsonl.zst"
    with zstandard.open(bomb, "wb") as file:
        file.write(b'{"text": "')
        for _ in range(LONG_LINE >> 20):
            file.write(b"x" * (1 << 20))
        file.write(b'"}\n')
    study.run("sample", "bomb.jsonl.zst", "-n", "1", exits=(0, 2))
    bomb.unlink()


def hostile_import(study: Study) -> None:
    """Import files of other tools that are damaged or hold other documents."""
    file = study.folder / "theirs.jsonl"
    document = {
        "document_id": "0" * 32,
        "category": "\x1b[2JNews",
        "annotator": "\x1b]0;x\x07",
        "corpus": "web",
    }
    lines = (
        json.dumps(document),
        json.dumps({**document, "at": "9" * 5_000}),
        "[" * 50_000,
        '{"row": 1e999}',
    )
    for content in ("\n".join(lines), "\x00\xff", '{"text": "x"}\n' * 3):
        file.write_text(content)
        study.run("import", str(file), exits=(1, 2), names="theirs.jsonl")
    file.unlink()


ATTACKS: tuple[Callable[[Study], None], ...] = (
    hostile_rows,
    flipped_bit,
    damaged_plan,
    hostile_journal,
    changed_corpus,
    torn_part,
    damaged_settings,
    named_pipe,
    damaged_pool,
    hostile_import,
    long_line,
)
"""Attacks, in rotation between the sessions."""
