"""One text of a corpus, with the address it can be found at again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Protocol

Scalar = str | int | float | bool | None

SECTION_GAP = "\n\n"
"""What lies between two sections in `Document.text`; never part of either."""


@dataclass(frozen=True, slots=True)
class Section:
    """A named span of a document's text, as in SYNTH's query, reasoning and answer."""

    title: str
    """What the section is called."""
    start: int
    """First character in `Document.text`."""
    end: int
    """One past the last character in `Document.text`."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where one document is: enough for anyone to fetch the same text again."""

    dataset: str
    """Hub repository or local dataset."""
    name: str | None
    """Config, None for the default."""
    split: str
    """Split."""
    revision: str
    """Commit of the dataset on the Hub; for local files a digest of what was there."""
    shard: str
    """File inside the dataset."""
    row: int
    """Row inside the file, from 0."""

    @property
    def id(self) -> str:
        """32 hex digits that identify the document across sessions and machines."""
        from hashlib import blake2b  # loading it takes milliseconds, and the first frame has no document

        parts = (self.dataset, self.name or "", self.split, self.revision, self.shard, str(self.row))
        return blake2b("\x1f".join(parts).encode(errors="surrogatepass"), digest_size=16).hexdigest()


@dataclass(frozen=True)
class Document:
    """One text as stored in its corpus, never changed, and how it came to be drawn."""

    corpus: str
    """Key of the corpus."""
    address: Address
    """Where it is."""
    draw: int
    """Which draw of the sampling plan brought it, from 0."""
    probability: float
    """Probability that one draw lands on this document (relative to the others of its corpus)."""
    text: str
    """The exact text; several columns joined by `SECTION_GAP`."""
    sections: tuple[Section, ...] = ()
    """Named spans of `text`; empty when the text is one piece."""
    metadata: Mapping[str, Scalar] = field(default_factory=lambda: MappingProxyType({}))
    """The row's other columns: url, date, scores, token_count ..."""
    attempt: int = 0
    """0 when the draw's first shard was readable; n when n shards had been set aside before."""
    tokens: int | None = None
    """The corpus's own token count, None when it has none."""

    @cached_property
    def id(self) -> str:
        """Identity of the document: that of its address."""
        return self.address.id

    @cached_property
    def sha256(self) -> str:
        """Hash of the exact text; lone surrogates count as the bytes that carried them."""
        from hashlib import sha256

        return sha256(self.text.encode("utf-8", errors="surrogatepass")).hexdigest()


def join_sections(parts: Sequence[tuple[str, str]]) -> tuple[str, tuple[Section, ...]]:
    """Joins (title, text) parts into one text and the sections naming its spans; one part has no sections."""
    if len(parts) == 1:
        return parts[0][1], ()
    sections: list[Section] = []
    position = 0
    for title, text in parts:
        sections.append(Section(title, position, position + len(text)))
        position += len(text) + len(SECTION_GAP)
    return SECTION_GAP.join(text for _, text in parts), tuple(sections)


class HasAddress(Protocol):
    """What says where a document is: an address, a label, a decision."""

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


def format_address(place: HasAddress) -> str:
    """Where a document is, in one line."""
    parts = (place.dataset, place.name, place.split, f"@ {place.revision}", place.shard)
    return " ".join(part for part in parts if part) + f" row {place.row}"
