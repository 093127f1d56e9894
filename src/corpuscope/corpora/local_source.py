"""The source of documents from local files, in which every row is equally likely."""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from threading import Lock

from corpuscope.corpora.compressed import open_stored
from corpuscope.corpora.local_files import LocalFile, find
from corpuscope.corpora.local_reader import FileReader, reader_of
from corpuscope.corpora.rows import note_on_text, resolve_text, to_row
from corpuscope.corpora.source import Manifest, Row, Shard
from corpuscope.domain.corpus import Corpus, TextColumn
from corpuscope.errors import CorpusError, SourceUnavailable
from corpuscope.files import digest

_RECENT = 16
"""Files whose readers are kept. The reader of a compressed file holds up to 4 MB."""
_SAMPLE = 4096
"""Bytes from the start and from the end of a file that enter its revision, with its name and size."""
_REPORT_EVERY = 0.2
"""Seconds between two progress reports."""


class LocalSource:
    """The documents of a file, a folder or a glob.

    Row indexes are stored in `folder`. `report` is called with what takes long, and with "" when it is done.
    """

    def __init__(self, corpus: Corpus, folder: Path, report: Callable[[str], None] = lambda _: None) -> None:
        self.corpus = corpus
        self._folder = folder
        self._report = report
        self._reported = 0.0
        self._files: list[LocalFile] = []
        self._rows: list[int] = []
        self._text: dict[int, tuple[TextColumn, ...]] = {}
        self._manifest: Manifest | None = None
        self._readers: OrderedDict[int, FileReader] = OrderedDict()
        self._closed = False
        self._opening = Lock()
        self._lock = Lock()

    def manifest(self) -> Manifest:
        """Return the files with their numbers of rows. Raises CorpusError, or SourceUnavailable once closed."""
        with self._opening:
            if self._manifest is None:
                self._files = find(self.corpus.path)
                self._manifest = self._count()
            return self._manifest

    def rows(self, shard: int) -> int:
        """Return the number of rows of a file."""
        return self._rows[shard]

    def fetch(self, shard: int, row: int) -> Row:
        """Fetch one row. Raises CorpusError when the file is damaged, gone or changed."""
        file = self._files[shard]
        with open_stored(file) as stored:
            stat = os.fstat(stored.fileno())
        if (stat.st_size, stat.st_mtime_ns) != (file.size, file.modified):
            raise CorpusError(f"{file.name} was changed while it was being read", "start again")
        corpus = replace(self.corpus, text=self._text.get(shard, self.corpus.text))
        return to_row(corpus, self._reader(shard).read(row))

    def close(self) -> None:
        """Stop counting. Nothing is held open."""
        self._closed = True

    def _count(self) -> Manifest:
        hasher = blake2b(digest_size=20)
        corpus = self.corpus
        for shard, file in enumerate(self._files):
            self._progress(f"looking at {file.name}, {shard + 1:,} of {len(self._files):,} files")
            columns = self._reader(shard).columns()
            if columns is not None:
                text = resolve_text(corpus, columns, file.name, guess=not self._text)
                corpus = replace(corpus, text=text)
                self._text[shard] = text
            hasher.update(_fingerprint(file))
        for shard in range(len(self._files)):
            self._rows.append(self._reader(shard).count(self._on_progress(shard)))
        if not sum(self._rows):
            raise CorpusError(f"{self.corpus.path} holds no documents")
        self._report("")
        shards = (Shard(f.name, f.size, rows) for f, rows in zip(self._files, self._rows, strict=True))
        return Manifest(
            hasher.hexdigest(),
            tuple(shards),
            uniform="Exact: every document is equally likely.",
            notes=note_on_text(self.corpus, corpus.text),
        )

    def _reader(self, shard: int) -> FileReader:
        with self._lock:
            reader = self._readers.pop(shard, None) or reader_of(self._files[shard], self._folder)
            self._readers[shard] = reader
            if len(self._readers) > _RECENT:
                self._readers.popitem(last=False)
            return reader

    def _on_progress(self, shard: int) -> Callable[[int], None]:
        name, which = self._files[shard].name, f"{shard + 1:,} of {len(self._files):,} files"
        return lambda position: self._progress(
            f"finding the rows of {name}, {which}, {position / 1e6:,.0f} MB read"
        )

    def _progress(self, text: str) -> None:
        if self._closed:
            raise SourceUnavailable(f"{self.corpus.path} was closed")
        if time.monotonic() - self._reported > _REPORT_EVERY:
            self._reported = time.monotonic()
            self._report(text)


def _fingerprint(file: LocalFile) -> bytes:
    with open_stored(file) as stored:
        start = stored.read(_SAMPLE)
        stored.seek(max(0, file.size - _SAMPLE))
        return digest(file.name, file.size, start.hex(), stored.read(_SAMPLE).hex())
