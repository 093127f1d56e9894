"""The interface between the sampler and a source of documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from corpuscope.domain.corpus import Corpus
from corpuscope.domain.document import Address, Scalar


@dataclass(frozen=True, slots=True)
class Shard:
    """One data file of a corpus."""

    name: str
    """Path inside the dataset, as it appears in addresses."""
    bytes: int
    """Stored size in bytes. Shards are drawn with probability proportional to it."""
    rows: int | None = None
    """Number of rows that can be drawn. None when only reading the file tells, which `Source.rows` does.
    When the number is known for every shard, documents are drawn from all rows at once, each equally likely."""
    is_vouched_for: bool = True
    """False when the revision is made from parts of the file, so that an edit between them goes unnoticed."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The data files of a corpus at one revision."""

    revision: str
    """Commit on the Hub. For local files, a digest of their content."""
    shards: tuple[Shard, ...]
    """The data files in the order the dataset lists them; never empty."""
    prefix_rows: int | None = None
    """Only the first `prefix_rows` rows of each shard can be drawn; None when every row can."""
    equal: bool = False
    """True when every shard is equally likely, whatever its size (C4's are equal by construction)."""
    uniform: str = ""
    """One sentence for the reader about what is uniform in a sample of the corpus, and what is not."""
    notes: tuple[str, ...] = ()
    """One sentence for each choice that was made in reading the files: what was left out, the column of the text."""
    left_out: str = ""
    """Sentence on the files of a dataset that cannot be drawn from, with their share of the bytes; "" for none."""
    is_sample: bool = False
    """True when the documents are a sample of another corpus, and how many there are says nothing about its size."""

    def uniform_without(self, set_aside: float) -> str:
        """Return what is uniform about a sample of a corpus of which a share, from 0 to 1, was set aside."""
        if not set_aside:
            return self.uniform
        return f"Not a sample of the whole corpus: {percent(set_aside)} of it was set aside."

    @property
    def documents(self) -> int | None:
        """Number of documents, all of which can be drawn; None when not known, or where only the heads can."""
        rows = [shard.rows for shard in self.shards if shard.rows is not None]
        whole = self.prefix_rows is None and len(rows) == len(self.shards) and not self.is_sample
        return sum(rows) or None if whole else None


@dataclass(frozen=True, slots=True)
class Row:
    """One fetched row."""

    text: tuple[tuple[str, str], ...]
    """(section title, exact text) pairs in reading order; one pair for a plain document."""
    metadata: Mapping[str, Scalar]
    """Values of the other columns, by column name."""
    tokens: int | None = None
    """The corpus's own token count; None when the corpus has none."""
    address: Address | None = None
    """The address of a document that was sampled from another corpus; None for one of this corpus."""
    probability: float | None = None
    """The probability of such a document in its own corpus."""


def percent(share: float) -> str:
    """Return a share, from 0 to 1, for people: never 0 % or 100 % of what is neither."""
    if 0 < share < 0.001:
        return "less than 0.1 %"
    if 0.999 < share < 1:
        return "more than 99.9 %"
    return f"{100 * share:.1f} %".replace(".0 %", " %")


class Source(Protocol):
    """One corpus at one revision. Every method may block, so call them from worker threads only."""

    corpus: Corpus

    def manifest(self) -> Manifest:
        """Return the data files, which are resolved once.

        Raises SourceUnavailable, AccessDenied or CorpusError.
        """
        ...

    def rows(self, shard: int) -> int:
        """Return how many rows of the shard can be drawn. May read a footer. Raises like `manifest`."""
        ...

    def fetch(self, shard: int, row: int) -> Row:
        """Fetch one row.

        Raises SourceUnavailable when another try may work, CorpusError when this shard can never be read.
        """
        ...

    def reach(self, shard: int) -> None:
        """Make sure that the shard can be reached now, without any cache: a cached row says nothing about the network.

        Raises like `fetch`.
        """
        ...

    def close(self) -> None:
        """Release connections and files. A fetch under way may fail."""
        ...
