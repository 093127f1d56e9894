"""What the sampler asks of a place documents come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from corpuscope.domain.corpus import Corpus
from corpuscope.domain.document import Scalar


@dataclass(frozen=True, slots=True)
class Shard:
    """One data file of a corpus."""

    name: str
    """Path inside the dataset, as it appears in addresses."""
    bytes: int
    """Stored size; shards are chosen with probability proportional to it."""
    rows: int | None = None
    """Rows that can be drawn, where that is known without reading the file; None: `Source.rows` has to ask.
    When it is known of every shard, documents are drawn from all rows at once, each equally likely."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The data files of a corpus at one revision."""

    revision: str
    """Commit on the Hub; for local files a digest of names, sizes and content samples."""
    shards: tuple[Shard, ...]
    """In the order the dataset lists them; never empty."""
    prefix_rows: int | None = None
    """Only the first `prefix_rows` rows of each shard can be drawn; None when every row can."""
    equal: bool = False
    """True when shards are equally likely whatever their size (C4's are equal by construction)."""
    uniform: str = ""
    """What is and what is not uniform about a sample of it, in one sentence for people."""


@dataclass(frozen=True, slots=True)
class Row:
    """One fetched row."""

    text: tuple[tuple[str, str], ...]
    """(section title, exact text) parts in reading order; one part for a plain document."""
    metadata: Mapping[str, Scalar]
    """The other columns."""
    tokens: int | None = None
    """The corpus's own token count, None when it has none."""


class Source(Protocol):
    """One corpus at one revision. Every method may block and is called from worker threads only."""

    corpus: Corpus

    def manifest(self) -> Manifest:
        """The data files; resolved once, then kept. Raises SourceUnavailable, AccessDenied or CorpusError."""
        ...

    def rows(self, shard: int) -> int:
        """How many rows of that shard can be drawn; may read a footer. Raises like `manifest`."""
        ...

    def fetch(self, shard: int, row: int) -> Row:
        """One row. Raises SourceUnavailable (worth another try) or CorpusError (this shard never will)."""
        ...

    def close(self) -> None:
        """Lets go of connections and files; a fetch under way may fail."""
        ...
