"""A disk cache of fetched documents, so that the next start shows one at once."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from pathlib import Path

from corpuscope.domain.corpus import Corpus
from corpuscope.domain.document import Document
from corpuscope.files import digest, replacing, stream_of
from corpuscope.sampling.document_records import from_line, to_line
from corpuscope.sampling.draws import DRAWS_VERSION

_FULL = 4
"""The file is trimmed when it holds this many times the documents to keep."""
_FILES = 16
"""Files of other corpora, seeds and revisions that are kept when a new one is created."""


class DocumentCache:
    """The newest documents of one corpus and seed, with one file per revision in a cache folder.

    Losing the cache only costs time, so disk faults are not reported and damaged lines are skipped. At most
    `keep` documents and `most_bytes` bytes are kept. Safe to use from several threads.
    """

    def __init__(
        self, folder: Path, corpus: Corpus, seed: int, *, keep: int = 32, most_bytes: int = 32 << 20
    ) -> None:
        self._folder = folder
        self._identity = (
            *(corpus.key, corpus.path, corpus.name, corpus.split, corpus.files, corpus.text),
            *(corpus.tokens, corpus.in_order, corpus.frame, seed),
        )
        self._keep = keep
        self._most_bytes = most_bytes
        self._added = 0
        self._lock = threading.Lock()

    def path(self, revision: str) -> Path:
        """Return the file of one revision."""
        return self._folder / f"{digest(DRAWS_VERSION, *self._identity, revision).hex()[:24]}.spool"

    def load(self, revision: str) -> list[Document]:
        """Return the cached documents of a revision, in draw order."""
        with self._lock:
            return self._load(self.path(revision))

    def add(self, documents: Iterable[Document]) -> None:
        """Append documents; the oldest ones are dropped."""
        with self._lock:
            for document in documents:
                self._append(self.path(document.address.revision), document)

    def _load(self, path: Path) -> list[Document]:
        try:
            lines = path.read_bytes().splitlines()
        except OSError:
            return []
        by_draw = {document.draw: document for line in lines if (document := from_line(line)) is not None}
        return [by_draw[draw] for draw in sorted(by_draw)]

    def _append(self, path: Path, document: Document) -> None:
        line = b"\n" + to_line(document)  # the leading newline separates it from a torn line
        if len(line) > self._most_bytes:
            return
        try:
            if not path.exists():
                self._folder.mkdir(parents=True, exist_ok=True)
                self._drop_old_files()
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(file, line)
                size = os.fstat(file).st_size
            finally:
                os.close(file)
            self._added += 1
            if self._added >= self._keep * _FULL or size > self._most_bytes:
                self._trim(path)
                self._added = 0
        except OSError:
            return

    def _trim(self, path: Path) -> None:
        newest: list[bytes] = []
        room = self._most_bytes // 2
        for document in reversed(self._load(path)[-self._keep :]):
            line = to_line(document)
            room -= len(line)
            if room < 0:
                break
            newest.append(line)
        # texts of gated datasets must not be readable by others
        with replacing(path, durable=False, mode=0o600) as descriptor, stream_of(descriptor) as stream:
            stream.writelines(reversed(newest))

    def _drop_old_files(self) -> None:
        files = sorted(self._folder.glob("*.spool"), key=lambda file: file.stat().st_mtime)
        for file in files[:-_FILES]:
            file.unlink()
