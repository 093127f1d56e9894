"""The whole app as the latency benchmark measures it: corpora of one size each, ledgers with labels already in them."""

import getpass
import json
import sys
from pathlib import Path

from benchmarks.latency import Subject

from corpuscope.domain.clock import Clock, EventIds
from corpuscope.domain.document import Address, Document
from corpuscope.domain.label import Event, EventKind
from corpuscope.ledger.writer import LedgerWriter

LINE = "The quick brown fox jumps over the lazy dog, and the text goes on for a while.\n"


def labelling(folder: Path, name: str, size: int, documents: int, labels: int = 0) -> Subject:
    """corpuscope on a new corpus of `documents` texts of `size` bytes, with `labels` already given."""
    home = folder / name.replace(" ", "-").replace(",", "")
    home.mkdir()
    corpus = home / "corpus.jsonl"
    with corpus.open("w") as file:
        for number in range(documents):
            file.write(json.dumps({"text": f"<{number}> {LINE * (size // len(LINE))}"}) + "\n")
    if labels:
        _label(home / "labels", labels)
    command = [sys.executable, "-m", "corpuscope", "label", str(corpus), "--labels", str(home / "labels")]
    target = str(documents + labels + 1_000)
    environment = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "TEXTUAL_FPS": "240"}
    return Subject(
        name,
        [*command, "-n", target],
        "1",
        lambda n: b"%d of %b" % (n + labels, target.encode()),
        environment,
    )


def _label(folder: Path, count: int) -> None:
    """Labels of other documents of the same corpus, as earlier sittings would have left them."""
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
