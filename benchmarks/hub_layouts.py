"""Benchmark of what opening a dataset of the Hub costs, for the layouts of well-known datasets.

    PYTHONPATH=tests:. python benchmarks/hub_layouts.py [--latency 0.2] [--quick] [--only TITLE ...]

The Hub is the loopback stand-in with one link of 20 MB/s and the real numbers of files; the files themselves are
small. Every start is a separate process, timed from its first instruction, including imports. Each row of the table
has the calls to the API and the seconds of a first and of a later start to its first document, the bytes to the first
document of a first start, and over ten further documents the requests each of them took, in all and to the Hub itself.
Those of SYNTH, which has few files, large row groups and so the most to fetch, are also counted over 200 documents.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.rows import BenchmarkRow, add_row

from corpuscope.errors import CorpuscopeError
from corpuscope.sampling.draws import draws_of
from hub.catalogue import CATALOGUE, CatalogueEntry, entries
from hub.server import StandIn

SEED = 7
BANDWIDTH = 20e6
FURTHER = 10
"""Number of documents after the first over which requests are averaged."""
MANY = 5_000
"""Files of a layout above which the stand-in is warmed up before the first start."""
SLIM_SECONDS = 15.0
"""Most seconds to the first document of SlimPajama's 59,000 files at 200 ms a request."""
SYNTH_FURTHER = 2
"""Number of documents of SYNTH after the first in a timed start, since each takes a second."""
SYNTH_DOCUMENTS = 200
"""Number of documents of SYNTH over which requests are counted."""
SYNTH_FILE_REQUESTS = 3
"""Fewest requests for a document of a Parquet file not read before: its address, its footer, then its columns."""


@dataclass(frozen=True, slots=True)
class Start:
    """One start of the sampler."""

    answer: str
    """Commit of the dataset, or the message that it cannot be opened."""
    opened: bool
    """Whether it was opened."""
    seconds: float
    """Seconds to the first document, or to the message."""
    api: int
    """API calls until then, and for further documents."""
    bytes: int
    """Bytes that the Hub sent until the first document."""
    requests: float
    """Requests of a further document."""
    hub_requests: float
    """Those of them to the Hub itself, and not to storage."""
    file_requests: float
    """Requests of further documents, per file that they come from."""


def probe(title: str, cache: str, revision: str, further: str) -> None:
    """Fetch the first draw of a layout, then more; at a later start those after them, of which nothing is cached."""
    from corpuscope.corpora.hub_source import HubSource

    entry = next(entry for entry in CATALOGUE if entry.title == title)
    source = HubSource(entry.corpus, revision or None, Path(cache))
    try:
        manifest = source.manifest()
    except CorpuscopeError as fault:
        print(json.dumps([False, fault.message]), flush=True)
        return
    draws = draws_of(manifest, SEED)
    first = int(further) + 1 if revision else 0
    for draw in range(first, first + int(further) + 1):
        target = draws.first(draw)
        assert target is not None
        row = draws.row(target, source.rows(target.shard), ())
        assert row is not None
        assert str(row) in re.findall(r"\d+", source.fetch(target.shard, row).text[0][1][:40])
        if draw == first:
            print(json.dumps([True, manifest.revision]), flush=True)
            sys.stdin.readline()


def start(
    hub: StandIn, home: Path, entry: CatalogueEntry, cache: Path, revision: str, further: int = FURTHER
) -> Start:
    """Run the probe in a separate process, for a first document and `further` ones."""
    hub.reset()
    hub.access[entry.corpus.path] = entry.access
    environment = os.environ | {"HF_ENDPOINT": hub.endpoint, "HF_HOME": str(home), "HF_TOKEN": entry.token}
    command = [sys.executable, __file__, "--probe", entry.title, str(cache), revision, str(further)]
    began = time.monotonic()
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        opened, answer = json.loads(process.stdout.readline())
        seconds, sent = time.monotonic() - began, hub.sent
        before = len(hub.finished_calls())
        process.communicate("\n")
    if process.returncode:
        raise SystemExit(f"{entry.title} failed")
    calls = hub.finished_calls()[before:]
    stored = [call.path for call in calls if call.path.startswith("/storage/")]
    return Start(
        answer,
        opened,
        seconds,
        hub.api_calls(),
        sent,
        len(calls) / further,
        (len(calls) - len(stored)) / further,
        len(calls) / max(1, len(set(stored))),
    )


def measure(hub: StandIn, entry: CatalogueEntry, folder: Path) -> list[str]:
    """Start twice and return the row of the table."""
    if len(entry.names) > MANY:  # the stand-in reads its folders from disk once, which is no time of the Hub
        start(hub, folder / "home", entry, folder / "before", "")
    further = SYNTH_FURTHER if entry.title == "SYNTH" else FURTHER
    cold = start(hub, folder / "home", entry, folder / "cache", "", further)
    if entry.refusal:
        works = "said" if not cold.opened and entry.refusal in cold.answer else f"NOT SAID: {cold.answer}"
        return [
            entry.title,
            works,
            str(cold.api),
            "",
            f"{cold.bytes / 1e6:.2f}",
            f"{cold.seconds:.1f}",
            "",
            "",
            "",
        ]
    if not cold.opened:
        return [entry.title, f"FAILED: {cold.answer}"]
    warm = start(hub, folder / "home", entry, folder / "cache", cold.answer, further)
    add_row(BenchmarkRow(f"{entry.title}: API calls of a later start", "", warm.api, "<=", 0))
    add_row(
        BenchmarkRow(f"{entry.title}: requests to the Hub for a document", "", warm.hub_requests, "<=", 2)
    )
    if entry.title == "SlimPajama":
        add_row(BenchmarkRow("SlimPajama: seconds of a first start", "", cold.seconds, "<=", SLIM_SECONDS))
    if entry.title == "SYNTH":
        count_synth(hub, entry, folder)
    return [
        entry.title,
        "yes",
        str(cold.api),
        str(warm.api),
        f"{cold.bytes / 1e6:.2f}",
        f"{cold.seconds:.1f}",
        f"{warm.seconds:.1f}",
        f"{warm.requests:.1f}",
        f"{warm.hub_requests:.1f}",
    ]


def count_synth(hub: StandIn, entry: CatalogueEntry, folder: Path) -> None:
    """Count the requests of SYNTH over many documents, without the waits of a network, which change no count."""
    latency, hub.latency = hub.latency, 0.0
    bandwidth, hub.bandwidth = hub.bandwidth, None
    counted = start(hub, folder / "home", entry, folder / "many", "", SYNTH_DOCUMENTS)
    hub.latency, hub.bandwidth = latency, bandwidth
    a_document, a_file = counted.requests, counted.file_requests
    add_row(BenchmarkRow("SYNTH: requests for a file not read before", "", a_file, "<=", SYNTH_FILE_REQUESTS))
    add_row(BenchmarkRow(f"SYNTH: requests for a document, over {SYNTH_DOCUMENTS}", "", a_document))
    print(f"SYNTH, {SYNTH_DOCUMENTS} documents: {a_document:.2f} requests each, {a_file:.2f} for a file")


def main() -> None:
    """Measure all layouts, or run one probe for the measuring process."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--latency", type=float, default=0.2, help="seconds before each answer")
    arguments.add_argument("--quick", action="store_true", help="fewer files")
    arguments.add_argument("--only", nargs="+", metavar="TITLE")
    arguments.add_argument("--root", type=Path, help="where the files are made and kept")
    arguments.add_argument("--probe", nargs=4, help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.probe:
        probe(*options.probe)
        return
    scale = "quick" if options.quick else "full"
    root = options.root or Path(tempfile.gettempdir()) / f"corpuscope-catalogue-{scale}"
    selected = [
        entry for entry in entries(quick=options.quick) if entry.title in (options.only or [entry.title])
    ]
    for entry in entries(quick=options.quick):
        if entry.names and any(entry.corpus.path == chosen.corpus.path for chosen in selected):
            entry.build(root)
    hub = StandIn(root, latency=options.latency, bandwidth=BANDWIDTH)
    hub.frozen = True
    hub.start()
    line = "{:<22}{:<10}{:>9}{:>9}{:>10}{:>9}{:>9}{:>12}{:>9}".format
    print(f"{options.latency * 1000:.0f} ms a request, {BANDWIDTH / 1e6:.0f} MB/s")
    print(line("", "works", "API cold", "API warm", "MB first", "s cold", "s warm", "requests/doc", "to Hub"))
    with tempfile.TemporaryDirectory() as folder:
        for entry in selected:
            cells = measure(hub, entry, Path(folder) / entry.title)
            print(line(*cells, *[""] * (9 - len(cells))), flush=True)


if __name__ == "__main__":
    main()
