"""The data files of a corpus as a list from which any process can read them, without listing them again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from corpuscope.corpora.content_digest import digested
from corpuscope.corpora.demo import DemoSource
from corpuscope.corpora.hub_lines import FilePrefixes
from corpuscope.corpora.hub_listing import kind_of
from corpuscope.corpora.hub_parquet import RowGroups
from corpuscope.corpora.hub_source import HubSource
from corpuscope.corpora.local_files import described
from corpuscope.corpora.local_reader import reader_of
from corpuscope.corpora.local_source import LocalSource
from corpuscope.corpora.rows import to_row
from corpuscope.corpora.source import Row, Shard, Source
from corpuscope.domain.corpus import Corpus, CorpusKind, TextColumn
from corpuscope.errors import CorpusError
from corpuscope.files import reason


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """One data file of a corpus."""

    name: str
    """Path inside the dataset, as in addresses."""
    bytes: int
    """Stored size."""
    rows: int | None
    """Number of rows; None when only reading the file tells."""
    path: str
    """Absolute path of a local file; "" for a file of the Hub and a bundled one."""
    digest: str = ""
    """Digest of the content of a local file; "" for others, and in lists of earlier versions."""


@dataclass(frozen=True, slots=True)
class CorpusFiles:
    """The data files of a corpus at one revision."""

    corpus: Corpus
    """The corpus, with text and token columns under their names in its files."""
    revision: str
    """Commit on the Hub; a digest of the content of local files."""
    files: tuple[CorpusFile, ...]
    """The files in the order of the dataset; never empty."""
    prefix_rows: int | None
    """Number of first rows of each file that can be drawn for labelling; None when all can."""
    notes: tuple[str, ...] = ()
    """What a person ought to know about the files, one sentence each."""

    @property
    def bytes(self) -> int:
        """Stored size of all files."""
        return sum(file.bytes for file in self.files)

    def to_json(self) -> dict[str, Any]:
        """Return the list as a value for JSON."""
        return {
            "corpus": asdict(self.corpus),
            "revision": self.revision,
            "prefix_rows": self.prefix_rows,
            "files": [[file.name, file.bytes, file.rows, file.path, file.digest] for file in self.files],
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> CorpusFiles:
        """Read what `to_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
        fields = dict(value["corpus"])
        fields["text"] = tuple(TextColumn(**column) for column in fields["text"])
        fields["paths"] = tuple(fields["paths"])
        files = tuple(
            CorpusFile(
                str(name), int(size), None if rows is None else int(rows), str(path), *map(str, digest)
            )
            for name, size, rows, path, *digest in value["files"]
        )
        heads = value["prefix_rows"]
        if not files or fields["kind"] not in get_args(CorpusKind) or not isinstance(heads, int | None):
            raise ValueError("it lists no files, or of no known kind")
        return cls(Corpus(**fields), str(value["revision"]), files, heads)


def list_files(source: Source) -> CorpusFiles:
    """List the files of a source. Blocks. Raises what `Source.manifest` raises."""
    manifest = source.manifest()
    corpus, paths, digests = source.corpus, [""] * len(manifest.shards), [""] * len(manifest.shards)
    if isinstance(source, LocalSource):
        corpus = source.resolved(0)
        paths = [str(source.path(shard).absolute()) for shard in range(len(manifest.shards))]
        digests = [source.digest(shard) for shard in range(len(manifest.shards))]
    elif isinstance(source, HubSource):
        corpus = source.resolved()
    files = tuple(
        CorpusFile(shard.name, shard.bytes, shard.rows, path, digest)
        for shard, path, digest in zip(manifest.shards, paths, digests, strict=True)
    )
    return CorpusFiles(corpus, manifest.revision, files, manifest.prefix_rows, manifest.notes)


def stream_file(listed: CorpusFiles, file: CorpusFile, cache: Path) -> Iterator[Row]:
    """Yield every row of a file in stored order, also those that cannot be drawn.

    The rows may lack metadata. Indexes and footers are kept in the folder `cache`. Raises CorpusError for a file that
    is damaged, gone or of other content than when it was listed, and SourceUnavailable when the Hub fails for longer.
    """
    corpus = listed.corpus
    match corpus.kind:
        case "demo":
            source = DemoSource(corpus)
            yield from (source.fetch(0, row) for row in range(source.rows(0)))
        case "local":
            yield from _stream_local(corpus, file, cache / "local")
        case "hub":
            shard = Shard(file.name, file.bytes, file.rows)
            kind = kind_of(file.name) or ""
            reader = (
                RowGroups(corpus, listed.revision, cache / "hub")
                if kind == "parquet"
                else FilePrefixes(corpus, listed.revision, kind, cache / "hub")
            )
            yield from (to_row(corpus, record) for record in reader.stream(shard))


def _stream_local(corpus: Corpus, file: CorpusFile, cache: Path) -> Iterator[Row]:
    path = Path(file.path)
    try:
        local = described(path, str(path.parent))
    except OSError as error:
        raise CorpusError(f"{path} cannot be read: {reason(error)}", "put it back") from error
    same = local is not None and local.size == file.bytes
    if local is not None and same and file.digest:
        same = digested(local, cache, lambda _: None).digest == file.digest
    if local is None or not same:
        raise CorpusError(f"{path} is not the file that was listed", "restore it, or start in a new folder")
    reader = reader_of(local, cache, corpus)
    text = reader.text_columns(corpus, guess=False)
    if text is None:  # an empty file
        return
    names = [part.column for part in text] + ([corpus.tokens] if corpus.tokens else [])
    columns = {name[:end] for name in names for end in range(1, len(name) + 1) if f"{name}."[end] == "."}
    yield from (to_row(corpus, record) for record in reader.stream(columns))
