"""The whole app as a subject of the latency benchmark, on corpora of one text size."""

from __future__ import annotations

import getpass
import json
import sys
from pathlib import Path

from benchmarks.waits import Subject

from corpuscope.config.named_schemes import SCHEMES
from corpuscope.domain.clock import Clock, EventIds
from corpuscope.domain.document import Address, Document
from corpuscope.domain.label import Event, EventKind
from corpuscope.ledger.write.writer import LedgerWriter

LINE = "The quick brown fox jumps over the lazy dog, and the text goes on for a while.\n"


TEXTS = {
    "3 KB": LINE * 38,
    "100 KB": LINE * 1_266,
    "1 MB": LINE * 12_660,
    "10 MB": LINE * 126_600,
    "one 1 MB line": "x" * 1_000_000,
    "1 MB CJK and emoji": "日本語のテキスト、漢字かな交じり文😀🎉 with English 2024年。\n" * 15_000,
}
"""Texts of the corpora, by name."""


def app_command(folder: Path, *arguments: str) -> list[str]:
    """Return a corpuscope command with its own labels folder."""
    return [sys.executable, "-m", "corpuscope", *arguments, "--labels", str(folder / arguments[0])]


def labelling(
    folder: Path,
    name: str,
    text: str,
    documents: int,
    labels: int = 0,
    without: str = "",
    scheme: str = "",
) -> Subject:
    """Return corpuscope on a new corpus of `documents` copies of a text, with `labels` labels in the ledger.

    `without` is a technique of `benchmarks.without` to switch off, `scheme` a named scheme in place of the seven.
    """
    home = folder / name.replace(" ", "-").replace(",", "")
    home.mkdir()
    corpus = home / "corpus.jsonl"
    with corpus.open("w") as file:
        for number in range(documents):
            file.write(json.dumps({"text": f"<{number}> {text}"}, ensure_ascii=False) + "\n")
    if labels:
        _write_labels(home / "labels", labels)
    program = ["benchmarks.without", without] if without else ["corpuscope"]
    command = [sys.executable, "-m", *program, "label", str(corpus), "--labels", str(home / "labels")]
    target = documents + labels + 1_000
    environment = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    if scheme:
        environment["CORPUSCOPE_CATEGORIES"] = str(SCHEMES[scheme])
    return Subject(
        name,
        [*command, "-n", str(target)],
        "1",
        lambda n: f"{n + labels:,} / ".encode(),  # the target is capped at the size of the corpus
        environment,
        text[:10].encode(),
    )


def _write_labels(folder: Path, count: int) -> None:
    """Write labels of other documents of the same corpus, as if from earlier sessions."""
    ids = EventIds(Clock())
    with LedgerWriter.open(folder, "earlier", Clock()) as writer:
        for number in range(count):
            address = Address("corpus", None, "train", "earlier", "corpus.jsonl", number)
            document = Document("corpus", address, 1_000_000_000 + number, 1.0, f"{number} {LINE * 30}")
            writer.append(
                Event(
                    ids.next(),
                    "earlier",
                    getpass.getuser(),
                    Clock().now(),
                    EventKind.LABEL,
                    document,
                    "News",
                    "-",
                )
            )
