"""One document of a corpus and the address from which it can be fetched again."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b, sha256
from types import MappingProxyType
from typing import Protocol

from corpuscope.domain.corpus import ONE_FILE, SEVERAL_FILES

Scalar = str | int | float | bool | None
"""A value of the metadata."""


def number_of(value: Scalar) -> float | None:
    """Return a value of the metadata as a number, also one written as text; None for one that is none or not finite."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


MOST_CHARACTERS = 100_000
"""Characters of a text that a classifier, a model or a filter reads; what follows rarely changes its category.

Pools keep as many, so that labelled documents and those of a pool are read alike.
"""

SECTION_GAP = "\n\n"
"""The separator between two sections of `Document.text`; part of neither."""


@dataclass(frozen=True, slots=True)
class Section:
    """A named span of a document's text, as in SYNTH's query, reasoning and answer."""

    title: str
    """The title of the section."""
    start: int
    """Index of the first character in `Document.text`."""
    end: int
    """Index one past the last character in `Document.text`."""


@dataclass(frozen=True, slots=True)
class Address:
    """The location of one document: enough for anyone to fetch the same text again."""

    dataset: str
    """Hub repository or local dataset."""
    name: str | None
    """Config; None for the default."""
    split: str
    """Split."""
    revision: str
    """Commit of the dataset on the Hub; a digest of the content of local files."""
    shard: str
    """File inside the dataset."""
    row: int
    """Row inside the file, from 0."""

    @property
    def id(self) -> str:
        """32 hex digits that identify the document across sessions and machines.

        Of local files whose revision is their content, the place they are in has no part in it.
        """
        parts: tuple[str, ...]
        if self.revision.startswith(ONE_FILE):
            parts = (self.revision, str(self.row))
        elif self.revision.startswith(SEVERAL_FILES):
            parts = (self.revision, self.shard, str(self.row))
        else:
            parts = (self.dataset, self.name or "", self.split, self.revision, self.shard, str(self.row))
        return blake2b("\x1f".join(parts).encode(errors="surrogatepass"), digest_size=16).hexdigest()


_LEAST_PROBABILITY = 1e-30
"""Least probability of a draw that is believed. No corpus has so many documents."""
_GREATEST_PROBABILITY = 1e30
"""Greatest one: probabilities are relative, and squares of weights between the two stay finite."""

NO_PROBABILITY = "probability is not a number from 1e-30 to 1e30"
"""What is wrong with a number of which `is_probability` is false."""


def is_probability(number: float) -> bool:
    """Tell whether a number can be the probability of a draw, relative to those of other draws; NaN cannot."""
    return _LEAST_PROBABILITY <= number <= _GREATEST_PROBABILITY


DocumentKey = tuple[str, str]
"""Key of the corpus and id of a document: two corpora may read the same rows, each in columns of its own."""


@dataclass(frozen=True)
class Document:
    """One text exactly as stored in its corpus, and how it was drawn."""

    corpus: str
    """Key of the corpus."""
    address: Address
    """Location of the document."""
    draw: int
    """Number of the draw of the sampling plan that selected it, from 0."""
    probability: float
    """Probability that one draw selects this document, relative to the others of its corpus."""
    text: str
    """The exact text; several columns joined by `SECTION_GAP`."""
    sections: tuple[Section, ...] = ()
    """Named spans of `text`; empty when the text has no sections."""
    metadata: Mapping[str, Scalar] = field(default_factory=lambda: MappingProxyType({}))
    """The row's other columns: url, date, scores, token_count ..."""
    attempt: int = 0
    """Number of shards that the draw had to pass over; above 0 the document is a substitute."""
    tokens: int | None = None
    """The corpus's own token count; None when it has none."""

    @cached_property
    def id(self) -> str:
        """Id of the document, which is that of its address."""
        return self.address.id

    @property
    def key(self) -> DocumentKey:
        """Key of the corpus and id of the document."""
        return self.corpus, self.id

    @cached_property
    def sha256(self) -> str:
        """Hash of the exact text, as `sha256_of` computes it."""
        return sha256_of(self.text)


@dataclass(frozen=True, slots=True)
class TextlessDocument:
    """A labelled document whose text was lost to damage; its address still leads to the text."""

    corpus: str
    """Key of the corpus."""
    address: Address
    """Location of the document."""
    draw: int
    """Number of the draw that selected it, from 0."""
    metadata: Mapping[str, Scalar]
    """The row's other columns; empty when they were lost, too."""
    text: None = None
    """The lost text."""

    @property
    def id(self) -> str:
        """Id of the document, which is that of its address."""
        return self.address.id

    @property
    def key(self) -> DocumentKey:
        """Key of the corpus and id of the document."""
        return self.corpus, self.id


StoredDocument = Document | TextlessDocument
"""A labelled document as the ledger still has it."""


def sha256_of(text: str) -> str:
    """Return the hex digest of a text; lone surrogates are hashed as the bytes that encoded them."""
    return sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()


def join_sections(parts: Sequence[tuple[str, str]]) -> tuple[str, tuple[Section, ...]]:
    """Join (title, text) parts into one text and the sections that span it; a single part has no sections."""
    if len(parts) == 1:
        return parts[0][1], ()
    sections: list[Section] = []
    position = 0
    for title, text in parts:
        sections.append(Section(title, position, position + len(text)))
        position += len(text) + len(SECTION_GAP)
    return SECTION_GAP.join(text for _, text in parts), tuple(sections)


class HasAddress(Protocol):
    """Anything that carries the address of a document: an address, a label, a decision."""

    @property
    def dataset(self) -> str:
        """Hub repository or local dataset."""

    @property
    def name(self) -> str | None:
        """Config."""

    @property
    def split(self) -> str:
        """Split."""

    @property
    def revision(self) -> str:
        """Commit, or digest of local files."""

    @property
    def shard(self) -> str:
        """File inside the dataset."""

    @property
    def row(self) -> int:
        """Row inside the file, from 0."""


def format_address(address: HasAddress) -> str:
    """Return the address of a document as one line."""
    parts = (address.dataset, address.name, address.split, f"@ {address.revision}", address.shard)
    return " ".join(part for part in parts if part) + f" row {address.row}"
