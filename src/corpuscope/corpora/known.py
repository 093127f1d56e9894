"""The table of known corpora, with facts about the files of well-known datasets."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from corpuscope.domain.corpus import Corpus, TextColumn


class KnownFiles(NamedTuple):
    """Facts about the data files of one dataset."""

    columns: tuple[str, ...]
    """Column names."""
    large_row_groups: bool = False
    """True for Parquet files whose row groups are too large to fetch for one row."""
    equal: bool = False
    """True when all files hold the same number of rows, so that weighting by size would only add noise."""


_FINEWEB = (
    "text",
    "id",
    "dump",
    "url",
    "date",
    "file_path",
    "language",
    "language_score",
    "token_count",
)

_SYNTH = (
    "synth_id",
    "language",
    "exercise",
    "model",
    "query",
    "query_seed_url",
    "query_seed_text",
    "additional_seed_url",
    "seed_license",
    "constraints",
    "script",
    "synthetic_reasoning",
    "synthetic_answer",
    "words",
)

SYNTH_TEXT = (
    TextColumn("query", "query"),
    TextColumn("synthetic_reasoning", "reasoning"),
    TextColumn("synthetic_answer", "answer"),
)

EXACT = "Exact: every document is equally likely."


class KnownSize(NamedTuple):
    """The published size of a corpus; a sample that stands for the whole has the size of the whole."""

    tokens: float
    """Number of tokens."""
    source: str
    """Publication that says so."""


class KnownCorpus(NamedTuple):
    """A corpus that is known by a short name."""

    corpus: Corpus
    """Location of the corpus, and how its rows are read."""
    uniform: str
    """One sentence about what is uniform in a sample of the corpus, and what is not."""
    files: KnownFiles | None = None
    """What is known of its files; None for a bundled corpus."""
    size: KnownSize | None = None
    """Its size; None where none is published."""


def _demo(key: str, title: str, description: str, text: tuple[TextColumn, ...] | None = None) -> KnownCorpus:
    return KnownCorpus(
        Corpus(
            key=f"demo-{key}",
            title=title,
            kind="demo",
            path=f"{key}.jsonl",
            text=text or (TextColumn("text", "text"),),
            description=description,
            licence="Apache-2.0",
        ),
        EXACT,
    )


_TABLE = (
    KnownCorpus(
        Corpus(
            key="c4",
            title="C4",
            kind="hub",
            path="allenai/c4",
            name="en",
            files="en/c4-train.*.json.gz",
            description="Common Crawl, April 2019, filtered as in the T5 paper; 365 M documents",
            licence="ODC-By 1.0",
        ),
        "A file with equal chance, then one of its first 48 rows: uniform as far as the order inside the files "
        "is random, which it is by construction (C4 was written in the order of hashed keys).",
        KnownFiles(("text", "timestamp", "url"), equal=True),
        KnownSize(156e9, "Dodge et al. 2021, arXiv 2104.08758"),
    ),
    KnownCorpus(
        Corpus(
            key="fineweb",
            title="FineWeb",
            kind="hub",
            path="HuggingFaceFW/fineweb",
            name="sample-10BT",
            files="sample/10BT/*",
            tokens="token_count",
            description="96 dumps of Common Crawl, filtered and deduplicated; its 10-billion-token sample",
            licence="ODC-By 1.0",
        ),
        "Exact over sample-10BT, whose 15 M documents are themselves a random subset of FineWeb; chances "
        "differ by about 1 % between files and are stored.",
        KnownFiles(_FINEWEB),
        KnownSize(15e12, "Penedo et al. 2024, arXiv 2406.17557"),
    ),
    KnownCorpus(
        Corpus(
            key="fineweb-edu",
            title="FineWeb-Edu",
            kind="hub",
            path="HuggingFaceFW/fineweb-edu",
            name="sample-10BT",
            files="sample/10BT/*",
            tokens="token_count",
            description="FineWeb filtered by an educational-quality classifier; its 10-billion-token sample",
            licence="ODC-By 1.0",
        ),
        "Exact over sample-10BT, whose 9.7 M documents are themselves a random subset of FineWeb-Edu; "
        "chances differ by about 1 % between files and are stored.",
        KnownFiles((*_FINEWEB, "score", "int_score")),
        KnownSize(1.3e12, "Penedo et al. 2024, arXiv 2406.17557"),
    ),
    KnownCorpus(
        Corpus(
            key="synth",
            title="SYNTH",
            kind="hub",
            path="PleIAs/SYNTH",
            files="*parquet",
            text=SYNTH_TEXT,
            description="Synthetic exercises with reasoning, grown from Wikipedia articles; 78 M documents",
            licence="stated per document as seed_license",
        ),
        "A file in proportion to its size, then one of its first 256 rows: uniform only if the order inside the "
        "files is random, which its publisher does not say.",
        KnownFiles(_SYNTH, large_row_groups=True),
        KnownSize(75e9, "dataset card of PleIAs/SYNTH"),
    ),
    _demo("crawl", "Demo crawl", "Bundled: what a lightly filtered crawl looks like"),
    _demo("filtered", "Demo filtered", "Bundled: what a filtered and deduplicated crawl looks like"),
    _demo("edu", "Demo educational", "Bundled: what a crawl selected for educational text looks like"),
    _demo("synth", "Demo synthetic", "Bundled: query, reasoning and answer, as in SYNTH", SYNTH_TEXT),
)

KNOWN: Mapping[str, KnownCorpus] = MappingProxyType({entry.corpus.key: entry for entry in _TABLE})
"""Known corpora by key, in the order of lists."""


def known_corpus(corpus: Corpus) -> KnownCorpus | None:
    """Return the entry of a known corpus; None for another, also one that a person calls by the name of a known one."""
    entry = KNOWN.get(corpus.key)
    return entry if entry is not None and _place(entry.corpus) == _place(corpus) else None


def _place(corpus: Corpus) -> tuple[str, str, str | None, str]:
    return corpus.kind, corpus.path, corpus.name, corpus.split


KNOWN_FILES: Mapping[str, KnownFiles] = MappingProxyType(
    {entry.corpus.path: entry.files for entry in _TABLE if entry.files}
)
"""What is known of the files of a repository, by its path."""

DEMO_KEYS = tuple(key for key, entry in KNOWN.items() if entry.corpus.kind == "demo")
"""Keys of the bundled corpora, which need no network."""


def uniformity(corpus: Corpus, substitutes: int = 0) -> str:
    """Return what is uniform in a sample of `corpus`; before its files were listed, what is known of any like it.

    `substitutes` is the number of its documents that stand in for ones that could not be drawn.
    """
    if substitutes:
        return "Not exact: files were set aside, and other documents stand in for those that were in them."
    if corpus.in_order:
        return "In the order of the files: a census once all documents are labelled, and no sample before."
    if corpus.census:
        return "All documents, in random order: a census once all are labelled."
    if corpus.uniform:
        return corpus.uniform
    if (entry := known_corpus(corpus)) is not None:
        return entry.uniform
    if corpus.kind == "hub":
        return (
            "A file in proportion to its size, then a row of it: exact for Parquet with small row groups and for "
            "small files of JSON or CSV; otherwise over the first rows of every file, if the order inside the files is "
            "random."
        )
    return EXACT
