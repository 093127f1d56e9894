"""The program that runs a classification on a cluster, for people to read and edit."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

_HEAD = '''\
"""Classify the corpus {key} with corpuscope: {tasks:,} ranks over {files:,} files.

{how} A second start runs the ranks that are missing.
Afterwards: corpuscope estimate {key} --from {folder}
"""

from datatrove.executor import {executor}

from corpuscope.scale.steps import ReadCorpus, ScoreDocuments, WriteScores

OUT = {out}  # the folder of the run; {reach}
TASKS = {tasks}  # number of ranks; has to stay as it is while the run is under way

if __name__ == "__main__":
{before}    {executor}(
        pipeline=[
            ReadCorpus(OUT),  # every document with its address
            ScoreDocuments(OUT),  # the scores of OUT/model.safetensors
            WriteScores(OUT),  # OUT/rows, OUT/kept and OUT/counts, a file per rank
        ],
        tasks=TASKS,
        logging_dir=OUT + "/logs",
{options}    ).run()
'''


@dataclass(frozen=True, slots=True)
class Executor:
    """How one of datatrove's executors is called."""

    name: str
    """Name of the class."""
    how: str
    """How the program is started."""
    reach: str
    """Who must reach the folder."""
    options: tuple[str, ...]
    """Further arguments, each with a comment."""
    before: str = ""
    """Lines before the call."""


EXECUTORS: Mapping[str, Executor] = MappingProxyType(
    {
        "slurm": Executor(
            "SlurmPipelineExecutor",
            "Start it on the login node; it submits a job array.",
            "every node reaches it under this path",
            (
                "partition={partition},  # the partition of the cluster",
                'venv_path={activate},  # what a node sources first; "" for nothing',
                "time={time},  # limit of a rank: a file of 300 MB takes a few minutes",
                "cpus_per_task=1,",
                "mem_per_cpu_gb=2,  # a rank takes about 300 MB",
                "workers={workers},  # ranks at the same time; -1 for no limit",
                'qos="",  # the quality of service, where the cluster wants one',
            ),
        ),
        "ray": Executor(
            "RayPipelineExecutor",
            "Start it on the head node: it waits until the ranks are done.",
            "every node reaches it under this path",
            (
                "cpus_per_task=1,",
                "mem_per_cpu_gb=1,  # a rank takes about 300 MB",
                "workers={workers},  # ranks at the same time; -1 for no limit",
            ),
            '    import ray\n\n    ray.init()  # ray.init("auto") joins a cluster that runs\n',
        ),
        "jobs": Executor(
            "JobsPipelineExecutor",
            "It starts jobs on the Hub and waits for them; copy the folder to OUT before.",
            "the jobs reach it: a bucket or a dataset of the Hub, or s3://",
            (
                "workers={workers},  # jobs at the same time; -1 for no limit",
                "tasks_per_job=8,  # ranks of each job",
                'flavor="cpu-basic",',
                'timeout="6h",  # limit of a job',
                'dependencies=["corpuscope[scale]=={version}"],',
            ),
        ),
    }
)
"""The executors that a program can be written for."""


def pipeline_script(
    executor: str,
    folder: str,
    *,
    key: str,
    tasks: int,
    files: int,
    workers: int,
    version: str,
    partition: str = "cpu",
    time: str = "08:00:00",
) -> str:
    """Return the program that runs the ranks of the run in `folder`. It is the same whatever the run reads."""
    chosen = EXECUTORS[executor]
    out = "hf://buckets/NAME/BUCKET" if executor == "jobs" else folder
    activate = Path(sys.prefix) / "bin" / "activate"
    values = {
        "partition": json.dumps(partition),
        "time": json.dumps(time),
        "workers": workers,
        "version": version,
        "activate": json.dumps(str(activate) if activate.exists() else ""),
    }
    return _HEAD.format(
        key=key,
        tasks=tasks,
        files=files,
        how=chosen.how,
        folder=folder,
        executor=chosen.name,
        out=json.dumps(out),
        reach=chosen.reach,
        before=chosen.before,
        options="".join(f"        {option.format(**values)}\n" for option in chosen.options),
    )
