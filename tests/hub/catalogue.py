"""Layouts of well-known datasets of the Hub with their real numbers of files, folders and configs.

Every file of a dataset is a hard link to one file of a few documents, so that only listing and opening are as in
reality. The file of SYNTH is large enough that readers fetch ranges of it, as on the Hub.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpuscope.corpora.known import KNOWN
from corpuscope.domain.corpus import Corpus
from hub.layouts import C4, FINEWEB, SYNTH, Layout
from hub.state import Access

_TEXT = "What a page of the web may say, over and over, until it is as long as most of them are. " * 24
_ROWS = 120
_MAX_LINKS = 60_000
"""Links to one file, of which ext4 allows 65,000."""
_TOKEN = "hf_benchmark"


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One dataset as it lies on the Hub, and how a user opens it."""

    title: str
    """Name in a table."""
    corpus: Corpus
    """The dataset, its config, split and files."""
    names: tuple[str, ...]
    """Names of all data files of the repository."""
    card: str = ""
    """Content of README.md; "" for none."""
    access: Access = field(default_factory=Access)
    """Restrictions on reading it."""
    token: str = ""
    """Token of the user."""
    refusal: str = ""
    """What the message says when the dataset cannot be opened; "" when it can."""
    layout: Layout | None = None
    """Layout whose first file all files are; None for files of a hundred short documents."""

    def build(self, root: Path) -> None:
        """Write the dataset under `root` unless it exists already."""
        folder = root / self.corpus.path
        if (folder / ".built").exists():
            return
        originals: dict[str, Path] = {}
        for number, name in enumerate(self.names):
            if number % _MAX_LINKS == 0:
                originals.clear()
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            ending = "".join(file.suffixes[-2:])
            file.unlink(missing_ok=True)
            if ending in originals:
                file.hardlink_to(originals[ending])
            else:
                self._write(file, ending)
                originals[ending] = file
        if self.card:
            (folder / "README.md").write_text(self.card, encoding="utf-8")
        (folder / ".built").touch()

    def _write(self, file: Path, ending: str) -> None:
        if self.layout is None:
            file.write_bytes(_content(ending))
        else:
            self.layout.write(file, [self.layout.record(0, row) for row in range(self.layout.rows[0])])


def _content(ending: str) -> bytes:
    records = [
        {"text": f"{row} {_TEXT}", "id": f"id-{row}", "url": f"https://x.example/{row}"}
        for row in range(_ROWS)
    ]
    if ending.endswith(".parquet"):
        import io

        import pyarrow as pa
        import pyarrow.parquet as pq

        file = io.BytesIO()
        table = pa.Table.from_pylist([{**record, "token_count": 500} for record in records])
        pq.write_table(table, file, row_group_size=40)
        return file.getvalue()
    if ending.endswith(".py"):
        return b"raise SystemExit('never run')\n"
    lines = b"".join(json.dumps(record).encode() + b"\n" for record in records)
    if ending.endswith((".zst", ".zstd")):
        import zstandard

        return zstandard.compress(lines)
    return gzip.compress(lines, mtime=0) if ending.endswith(".gz") else lines


def _card(configs: Mapping[str, str]) -> str:
    """Return a card in which each config has one pattern of its train split."""
    entries = "".join(
        f"- config_name: {name}\n  data_files:\n  - split: train\n    path: {pattern}\n"
        for name, pattern in configs.items()
    )
    return f"---\nconfigs:\n{entries}---\n"


def _hub(path: str, name: str | None = None, files: str | None = None) -> Corpus:
    # the frame before small files were read whole, which the real ones are not
    return Corpus("benchmark", path, "hub", path, name=name, files=files, frame=2)


_DUMPS = tuple(f"CC-MAIN-{year}-{week:02}" for year in range(2013, 2025) for week in range(4, 52, 6))
_LANGUAGES = tuple(f"lang{number:04}_Latn" for number in range(1_867))
_WIKIPEDIAS = tuple(f"20231101.l{number:03}" for number in range(322))
_SLIM = (
    *(f"train/chunk{chunk}/example_train_{n}.jsonl.zst" for chunk in range(1, 11) for n in range(5_912)),
    *(
        f"{split}/chunk{chunk}/example_{n}.jsonl.zst"
        for split in ("validation", "test")
        for chunk in range(1, 6)
        for n in range(780)
    ),
)
_DCLM = tuple(
    f"global-shard_{i:02}_of_10/local-shard_{j}_of_10/shard_{n:08}_processed.jsonl.zst"
    for i in range(1, 11)
    for j in range(10)
    for n in range(278)
)
_OLMO = {
    "arxiv": ("json.gz", 100),
    "dclm": ("json.zst", 24_000),
    "open-web-math": ("json.gz", 13),
    "pes2o": ("json.gz", 26),
    "starcoder": ("json.gz", 4_000),
    "wiki": ("json.gz", 2),
}

CATALOGUE = (
    CatalogueEntry(
        "c4", KNOWN["c4"].corpus, tuple(f"en/c4-train.{n:05}-of-01024.json.gz" for n in range(1024)), C4.card
    ),
    CatalogueEntry(
        "fineweb sample",
        KNOWN["fineweb"].corpus,
        (
            *(f"sample/10BT/{n:03}_00000.parquet" for n in range(15)),
            *(f"data/{dump}/{i:03}_{n:05}.parquet" for dump in _DUMPS for i in range(27) for n in range(10)),
        ),
        FINEWEB.card,
    ),
    CatalogueEntry("fineweb default", _hub("HuggingFaceFW/fineweb"), ()),
    CatalogueEntry(
        "fineweb-2",
        _hub("HuggingFaceFW/fineweb-2", "lang0007_Latn"),
        tuple(f"data/{name}/train/{n:03}_00000.parquet" for name in _LANGUAGES[:20] for n in range(30)),
        _card({name: f"data/{name}/train/*.parquet" for name in _LANGUAGES}),
    ),
    CatalogueEntry(
        "SYNTH",
        KNOWN["synth"].corpus,
        tuple(f"synth_{n:03}.parquet" for n in range(500)),
        SYNTH.card,
        layout=SYNTH,
    ),
    CatalogueEntry(
        "wikipedia",
        _hub("wikimedia/wikipedia", "20231101.l007"),
        tuple(f"{name}/train-{n:05}-of-00041.parquet" for name in _WIKIPEDIAS[:20] for n in range(41)),
        _card({name: f"{name}/*" for name in _WIKIPEDIAS}),
    ),
    CatalogueEntry("dclm-baseline", _hub("mlfoundations/dclm-baseline-1.0"), _DCLM),
    CatalogueEntry("SlimPajama", _hub("cerebras/SlimPajama-627B"), _SLIM),
    CatalogueEntry(
        "pile-uncopyrighted",
        _hub("monology/pile-uncopyrighted"),
        (*(f"train/{n:02}.jsonl.zst" for n in range(30)), "val.jsonl.zst", "test.jsonl.zst"),
    ),
    CatalogueEntry(
        "smollm-corpus",
        _hub("HuggingFaceTB/smollm-corpus", "cosmopedia-v2"),
        tuple(
            f"{name}/train-{n:05}.parquet"
            for name in ("cosmopedia-v2", "fineweb-edu-dedup")
            for n in range(104)
        ),
        _card({name: f"{name}/train-*" for name in ("cosmopedia-v2", "fineweb-edu-dedup", "python-edu")}),
    ),
    CatalogueEntry(
        "olmo-mix",
        _hub("allenai/olmo-mix-1124", "dclm"),
        tuple(
            f"data/{name}/part-{n // 500:03}/shard-{n:05}.{ending}"
            for name, (ending, count) in _OLMO.items()
            for n in range(count)
        ),
        _card({name: f"data/{name}/**/*" for name in _OLMO}),
    ),
    CatalogueEntry(
        "script",
        _hub("tester/scripted"),
        ("scripted.py", "data/train-0.jsonl.gz"),
        refusal="which is not run here",
    ),
    CatalogueEntry(
        "script, --data-files",
        _hub("tester/scripted-files", files="data/*"),
        ("scripted-files.py", *(f"data/train-{n}.jsonl.gz" for n in range(40))),
    ),
    CatalogueEntry(
        "gated, no token",
        _hub("tester/gated"),
        ("train.jsonl.gz",),
        access=Access(gated=True),
        refusal="is gated",
    ),
    CatalogueEntry(
        "private, token",
        _hub("tester/private"),
        tuple(f"data/train-{n:05}.parquet" for n in range(4)),
        access=Access(private=True, tokens={_TOKEN}),
        token=_TOKEN,
    ),
)
"""The layouts, in the order of a table."""


def entries(*, quick: bool = False) -> tuple[CatalogueEntry, ...]:
    """Return the layouts; `quick` leaves out most files of the largest."""
    if not quick:
        return CATALOGUE
    return tuple(replace(entry, names=entry.names[:: max(1, len(entry.names) // 200)]) for entry in CATALOGUE)
