"""One rank of a run, as a process of its own: `python -m corpuscope.scale.rank FOLDER RANK`."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from typing import TextIO

from datatrove.data import Document
from datatrove.executor.base import DistributedEnvVars, PipelineExecutor
from datatrove.pipeline.base import PipelineStep

from corpuscope.errors import CorpuscopeError, UsageError
from corpuscope.scale.run_folder import LOGS, RunFolder
from corpuscope.scale.steps import pipeline

EVERY = 0.5
"""Seconds between two reports."""


class RankExecutor(PipelineExecutor):
    """Executor of a single rank in this process, without the pool that waits for ever for a worker that was killed."""

    def __init__(self, steps: list[PipelineStep], tasks: int, rank: int, logging_dir: str) -> None:
        super().__init__(steps, logging_dir, skip_completed=False)  # the supervisor knows what is done
        self.tasks = tasks
        self.rank = rank

    def run(self) -> None:
        """Run the rank. Raises what its steps raise."""
        self._run_for_rank(self.rank, local_rank=1)  # above 0 the log goes to its file only

    @property
    def world_size(self) -> int:
        """Number of ranks of the run."""
        return self.tasks

    def get_distributed_env(self, node_rank: int = -1) -> DistributedEnvVars:  # noqa: ARG002
        """Return the variables that datatrove sets on a single machine."""
        return DistributedEnvVars(
            datatrove_node_ips="localhost",
            datatrove_cpus_per_task="1",
            datatrove_mem_per_cpu="-1",
            datatrove_gpus_on_node="-1",
            datatrove_executor="LOCAL",
        )


class Reporter(PipelineStep):
    """Last step, which reports how many documents are done."""

    type = "📊 - STATS"
    name = "progress"

    def __init__(self, output: TextIO) -> None:
        super().__init__()
        self._output = output

    def run(self, data: Iterator[Document], rank: int = 0, world_size: int = 1) -> Iterator[Document]:  # noqa: ARG002
        """Yield the documents on."""
        reported = time.monotonic()
        for documents, document in enumerate(data, 1):
            if time.monotonic() - reported > EVERY:
                reported = time.monotonic()
                report(self._output, documents=documents)
            yield document


def report(output: TextIO, **facts: object) -> None:
    """Write one line of JSON for the supervisor."""
    output.write(json.dumps(facts) + "\n")
    output.flush()


def run_rank(folder: str, rank: int, output: TextIO) -> int:
    """Run a rank, report on `output`, and return the exit code: 0 done, 1 worth another try, 2 not."""
    where = RunFolder(folder)
    try:
        tasks = where.run().tasks
        RankExecutor([*pipeline(folder), Reporter(output)], tasks, rank, f"{folder}/{LOGS}").run()
    except CorpuscopeError as fault:
        report(output, fault=fault.message, hint=fault.hint)
        return 2 if isinstance(fault, UsageError) else 1
    except OSError as fault:
        report(output, fault=f"{fault.filename or folder}: {fault.strerror or fault}", hint="")
        return 1
    return 0


def _end_with_parent() -> None:
    """End this process once standard input is closed, which happens when the supervisor is gone."""
    while os.read(
        sys.stdin.fileno(), 1
    ):  # unbuffered, since a buffer would still be locked when the process ends
        pass
    os._exit(1)


def main() -> int:
    """Run the rank that the command line names."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    return run_rank(sys.argv[1], int(sys.argv[2]), sys.stdout)


if __name__ == "__main__":
    sys.exit(main())
