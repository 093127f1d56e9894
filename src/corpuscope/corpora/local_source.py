"""The source of documents from local files, in which every row is equally likely."""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import starmap
from pathlib import Path
from threading import Lock

from corpuscope.corpora import content_digest
from corpuscope.corpora.compressed import open_stored
from corpuscope.corpora.content_digest import FileState
from corpuscope.corpora.known import EXACT
from corpuscope.corpora.local_files import LocalFile, check_paths_exist, find, is_data_file, local_paths
from corpuscope.corpora.local_layout import find_selected
from corpuscope.corpora.local_reader import FileReader, reader_of
from corpuscope.corpora.parse import expand_home, is_remote
from corpuscope.corpora.path_identity import find_as_before, revision_as_before
from corpuscope.corpora.path_matches import shown
from corpuscope.corpora.remote_files import copy_remote
from corpuscope.corpora.rows import (
    DEFAULT_TEXT,
    Record,
    column_paths,
    note_on_files,
    note_on_text,
    note_on_tokens,
    resolve_tokens,
    to_row,
)
from corpuscope.corpora.sample_files import is_sampled, sampled_row, uniformity_of_sample
from corpuscope.corpora.source import Manifest, Row, Shard
from corpuscope.domain.corpus import SAMPLE, Corpus, TextColumn, is_content
from corpuscope.errors import CorpusError, PlanError, SourceUnavailable

_RECENT = 16
"""Files whose readers are kept. The reader of a compressed file holds up to 4 MB."""
_MOST_NAMED = 3
"""Files that are named when they are not those of the plan."""
_FIRST_ROWS = 20
"""Rows whose columns are looked through for token counts; a row of JSON may lack some."""
_REPORT_EVERY = 0.2
"""Seconds between two progress reports."""


class LocalSource:
    """The documents of a file, a folder, a glob or several of them.

    `revision` is the one pinned by the plan, None before the first use. Row indexes and digests are stored in
    `folder`. `report` is called with what takes long, and with "" when it is done.
    """

    def __init__(
        self,
        corpus: Corpus,
        folder: Path,
        report: Callable[[str], None] = lambda _: None,
        revision: str | None = None,
    ) -> None:
        self.corpus = corpus
        self._folder = folder
        self._report = report
        self._revision = revision
        self._reported = 0.0
        self._files: tuple[LocalFile, ...] = ()
        self._rows: list[int] = []
        self._text: dict[int, tuple[TextColumn, ...]] = {}
        self._tokens: str | None = corpus.tokens
        self._is_sample = False
        self._manifest: Manifest | None = None
        self._readers: OrderedDict[int, FileReader] = OrderedDict()
        self._closed = False
        self._opening = Lock()
        self._lock = Lock()

    def manifest(self) -> Manifest:
        """Return the files with their numbers of rows.

        Raises CorpusError, PlanError when the files are not those of the pinned revision, or SourceUnavailable
        once closed.
        """
        with self._opening:
            if self._manifest is None:
                revision, notes = self._identify()
                self._manifest = self._count(revision, notes)
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
        if self._is_sample:
            return sampled_row(self._reader(shard).read(row), f"{file.name}, row {row:,}")
        return to_row(self.resolved(shard), self._reader(shard).read(row))

    def reach(self, shard: int) -> None:
        """Do nothing: every row is read from its file."""

    def resolved(self, shard: int) -> Corpus:
        """Return the corpus with the text and token columns under the names that they have in a file."""
        return replace(self.corpus, text=self._text.get(shard, self.corpus.text), tokens=self._tokens)

    def path(self, shard: int) -> Path:
        """Return where a file is, for one at a remote address its copy."""
        return self._files[shard].path

    def digest(self, shard: int) -> str:
        """Return the digest of a file's content. Blocks for one that was not digested before. Raises CorpusError."""
        return content_digest.digested(
            self._files[shard], self._folder, self._on_progress(shard, "reading")
        ).digest

    def close(self) -> None:
        """Stop counting. Nothing is held open."""
        self._closed = True

    def _identify(self) -> tuple[str, tuple[str, ...]]:
        """List the files, and return their revision and what there is to say about them."""
        if self._revision is not None and not is_content(self._revision):
            self._files = find_as_before(local_paths(self.corpus)[0])
            return revision_as_before(self._files), ()
        paths = local_paths(self.corpus)
        place = " ".join(path if is_remote(path) else str(expand_home(path).absolute()) for path in paths)
        if self._revision is not None:
            self._check_not_moved(paths, place)
        paths = tuple(file for path in paths for file in self._files_at(path))
        selection = find_selected(self.corpus, paths)
        self._files = selection.files
        states = [
            content_digest.digested(file, self._folder, self._on_progress(shard, "reading"))
            for shard, file in enumerate(self._files)
        ]
        revision = content_digest.content_revision(states)
        if self._revision is not None and self._revision.removeprefix(SAMPLE) != revision:
            raise self._changed(place, states)
        if self.corpus.requested is not None and self.corpus.requested.removeprefix(SAMPLE) != revision:
            raise CorpusError(
                f"{self.corpus.path} has revision {revision}, not {self.corpus.requested}",
                "leave --revision out, or restore the files that had it",
            )
        before = content_digest.remembered(revision, place, self._folder)
        content_digest.remember(revision, place, states, self._folder)
        repeated = content_digest.repeated({state.name: state.digest for state in states if state.size})
        return revision, (*selection.notes, *repeated, *content_digest.touched(before or (), states))

    def _check_not_moved(self, paths: Sequence[str], place: str) -> None:
        """Raise CorpusError when the files of the plan are not where they were; it says how to name their new place."""
        try:
            check_paths_exist(self.corpus)
        except CorpusError as fault:
            name = self._renamed(Path(paths[0]), place) if len(paths) == 1 else None
            where = f"{shown(name)} has the same content" if name else "if it was moved or renamed"
            raise CorpusError(
                fault.message,
                f"{where}: to go on with its labels, name it {self.corpus.key}={shown(name) if name else 'NEWPATH'}",
            ) from None

    def _renamed(self, path: Path, place: str) -> Path | None:
        """Return the file beside a missing one that has its content; None where there is none."""
        assert self._revision is not None, "only a pinned revision has files to find again"
        revision = self._revision.removeprefix(SAMPLE)
        before = content_digest.remembered(revision, place, self._folder) or ()
        sizes = {state.size for state in before}
        with suppress(OSError, CorpusError):
            for sibling in sorted(expand_home(str(path)).parent.iterdir()):
                if is_data_file(sibling.name) and sibling.is_file() and sibling.stat().st_size in sizes:
                    (file,) = find(str(sibling)).files
                    state = content_digest.digested(file, self._folder, lambda _: self._progress("reading"))
                    if content_digest.content_revision([state]) == revision:
                        return path.with_name(sibling.name)
        return None

    def _files_at(self, path: str) -> Sequence[str]:
        """Return a path as it is, and of the address of remote files the paths of their copies."""
        if not is_remote(path):
            return (path,)
        return copy_remote(path, self._folder, self._progress)

    def _changed(self, place: str, states: Sequence[FileState]) -> PlanError:
        assert self._revision is not None, "only a pinned revision can differ"
        before = content_digest.remembered(self._revision.removeprefix(SAMPLE), place, self._folder)
        clauses = content_digest.differences(before, states) if before else ()
        what = "; ".join(clauses[:_MOST_NAMED]) or f"{self.corpus.path} holds other content"
        more = f"; and {len(clauses) - _MOST_NAMED:,} more" if len(clauses) > _MOST_NAMED else ""
        return PlanError(
            f"{self.corpus.key} is not what the plan was made for: {what}{more}",
            "restore what was there, give this one a name of its own (NAME=PATH), or use another labels folder",
        )

    def _count(self, revision: str, notes: tuple[str, ...]) -> Manifest:
        corpus = self.corpus
        for shard, file in enumerate(self._files):
            self._progress(f"looking at {file.name}, {shard + 1:,} of {len(self._files):,} files")
            text = self._reader(shard).text_columns(corpus, guess=not self._text)
            if text is not None:
                corpus = replace(corpus, text=text)
                self._text[shard] = text
        guesses: dict[str, list[str]] = {}
        for shard, file in enumerate(self._files):
            reader = self._reader(shard)
            self._rows.append(reader.count(self._on_progress(shard, "finding the rows of")))
            for note in reader.notes:
                guesses.setdefault(note, []).append(file.name)
        if not sum(self._rows):
            raise CorpusError(f"{self.corpus.path} holds no documents")
        self._tokens = self._token_column()
        uniform = EXACT
        first = self._first_record()
        if first is not None and is_sampled(first) and is_content(revision):
            self._is_sample, revision, uniform = True, f"{SAMPLE}{revision}", uniformity_of_sample(first)
        self._report("")
        shards = (
            Shard(file.name, file.size, rows, is_vouched_for=file.size <= content_digest.RULE.whole)
            for file, rows in zip(self._files, self._rows, strict=True)
        )
        return Manifest(
            revision,
            tuple(shards),
            uniform=uniform,
            is_sample=self._is_sample and not self.corpus.census,
            notes=(
                *notes,
                *note_on_text(self.corpus, corpus.text),
                *note_on_tokens(self.corpus, self._tokens),
                *starmap(note_on_files, guesses.items()),
            ),
        )

    def _token_column(self) -> str | None:
        """Return the column of token counts among those of the first rows of the first file that has any."""
        shard = next(shard for shard, rows in enumerate(self._rows) if rows)
        reader = self._reader(shard)
        columns: dict[str, None] = {}
        for row in range(min(self._rows[shard], _FIRST_ROWS)):
            with suppress(CorpusError):  # a damaged row is named when it is drawn
                record = reader.read(row)
                columns |= dict.fromkeys(() if isinstance(record, str) else column_paths(record))
        return resolve_tokens(self.corpus, columns, self._files[shard].name)

    def _first_record(self) -> Record | None:
        """Return the first row; None when there is none, or when a column was chosen or it cannot be read."""
        if self.corpus.text != DEFAULT_TEXT or not self._rows[0]:
            return None
        with suppress(CorpusError):  # its file is set aside when it is drawn
            record = self._reader(0).read(0)
            return record if isinstance(record, Mapping) else None
        return None

    def _reader(self, shard: int) -> FileReader:
        with self._lock:
            reader = self._readers.pop(shard, None) or reader_of(
                self._files[shard], self._folder, self.corpus
            )
            self._readers[shard] = reader
            if len(self._readers) > _RECENT:
                self._readers.popitem(last=False)
            return reader

    def _on_progress(self, shard: int, doing: str) -> Callable[[int], None]:
        name, which = self._files[shard].name, f"{shard + 1:,} of {len(self._files):,} files"
        return lambda position: self._progress(f"{doing} {name}, {which}, {position / 1e6:,.0f} MB read")

    def _progress(self, text: str) -> None:
        if self._closed:
            raise SourceUnavailable(f"{self.corpus.path} was closed")
        if time.monotonic() - self._reported > _REPORT_EVERY:
            self._reported = time.monotonic()
            self._report(text)
