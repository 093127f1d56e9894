"""The files of Hub datasets as a file system, from which `datasets` and pyarrow read.

An address is `corpuscope-hub://OWNER/NAME@COMMIT/PATH` for listing. With the size of the file and the bytes to read
ahead, `corpuscope-hub://OWNER/NAME@COMMIT:BYTES:READ-AHEAD/PATH`, it is read without any call to the API. With
`/decompressed.txt` at its end it holds the decompressed content of the file.
"""

from __future__ import annotations

import io
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain
from operator import itemgetter
from threading import Lock
from typing import Any, ClassVar

import fsspec
from fsspec.caching import BaseCache, register_cache
from fsspec.spec import AbstractBufferedFile, AbstractFileSystem

from corpuscope.corpora import hub_ranges, hub_requests
from corpuscope.corpora.compressed import DECOMPRESSORS, PIECE, Decompressor
from corpuscope.corpora.local_files import COMPRESSIONS
from corpuscope.corpora.source import Shard

PROTOCOL = "corpuscope-hub"
"""Protocol under which the file system is registered with fsspec."""

DECOMPRESSED = "/decompressed.txt"
"""End of the address of decompressed content. `datasets` takes what has this extension for plain text."""

ARCHIVE = ".zip"
"""Extension of an archive whose files are read one after the other, as in `train.jsonl.zip`."""

_ADDRESS = re.compile(
    r"(?P<dataset>[^/]+/[^/@]+)@(?P<revision>[^/:]+)"
    r"(:(?P<size>\d+):(?P<read_ahead>\d+)(?P<patient>p?)(-(?P<most>\d+))?)?(/(?P<name>.+))?"
)
_DIGIT = re.compile(r"[0-9]")
_FEW_FOLDERS = 24
"""Folders up to which each is listed by itself, at the same time as others. One list of more is fewer calls."""
_LONG_LIST = 3_000
"""Entries of a list, three calls, after which a folder counts as large."""
_LISTS = 8
"""Folders listed at the same time."""
_MAX_READ_AHEAD = 4 << 20
"""Bytes read ahead of a long sequential read: at 20 MB/s two thirds of the time go to the transfer."""

Entry = dict[str, Any]
"""What fsspec calls the info of a file or folder: `name`, `size` and `type`."""


def root_address(dataset: str, revision: str) -> str:
    """Return the address of a dataset's files at one commit, for listing."""
    return f"{PROTOCOL}://{dataset}@{revision}"


def file_address(
    dataset: str,
    revision: str,
    shard: Shard,
    *,
    decompressed: bool = False,
    read_ahead: int = 64 << 10,
    patient: bool = False,
    most: int | None = None,
) -> str:
    """Return the address of one file whose size is known.

    `read_ahead` is the number of bytes fetched at a time; `patient` retries each of them for some seconds; `most`
    is the number of bytes after which decompressed content ends with a ValueError. They are part of the address, since
    `datasets` shares the options of a file system between threads.
    """
    reading = f"{shard.bytes}:{read_ahead}{'p' * patient}{'' if most is None else f'-{most}'}"
    end = DECOMPRESSED if decompressed else ""
    return f"{PROTOCOL}://{dataset}@{revision}:{reading}/{shard.name}{end}"


class SpanCache(BaseCache):  # type: ignore[misc]  # fsspec has no types
    """Spans of a file in memory. What is read outside of them is fetched, and read ahead by `blocksize` bytes.

    The number of bytes read ahead doubles as long as reads follow each other.
    """

    name: ClassVar[str] = "corpuscope-spans"

    def __init__(
        self,
        blocksize: int,
        fetcher: Callable[[int, int], bytes],
        size: int,
        spans: dict[int, bytes] | None = None,
    ) -> None:
        super().__init__(blocksize, fetcher, size)
        self._read_ahead = blocksize
        self._spans = sorted((spans or {}).items())
        self._starts = [start for start, _ in self._spans]
        self._ahead = (0, b"")

    def _fetch(self, start: int | None, stop: int | None) -> bytes:
        position, end = start or 0, self.size if stop is None else min(stop, self.size)
        parts = []
        while position < end:
            parts.append(self._next(position, end))
            position += len(parts[-1])
        return b"".join(parts)

    def _next(self, position: int, end: int) -> bytes:
        """Return at least one byte from `position` on, and at most those before `end`."""
        before = bisect_right(self._starts, position) - 1
        spans = [self._ahead] if before < 0 else [self._ahead, self._spans[before]]
        for start, data in spans:
            if start <= position < start + len(data):
                return data[position - start : end - start]
        limit = self._starts[before + 1] if before + 1 < len(self._starts) else self.size
        start, data = self._ahead
        if data and position == start + len(data):
            self._read_ahead = min(_MAX_READ_AHEAD, 2 * self._read_ahead)
        self._ahead = position, self.fetcher(position, min(limit, max(end, position + self._read_ahead)))
        return self._ahead[1][: end - position]


class HubFile(AbstractBufferedFile):  # type: ignore[misc]
    """One file of a dataset, of which ranges are fetched."""

    def _fetch_range(self, start: int, end: int) -> bytes:
        data: bytes = self.fs.fetch(self.path, start, end)
        return data


class DecompressedFile(io.RawIOBase):
    """The decompressed bytes of a file, from its start, or a ValueError after `most` of them."""

    def __init__(self, pieces: Iterator[bytes], most: int | None = None) -> None:
        super().__init__()
        self._pieces = pieces
        self._most = most
        self._room = most or 0
        self._left = memoryview(b"")
        self._failure: Exception | None = None

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401
        """Read up to the length of `buffer` bytes; 0 at the end. What failed once fails again."""
        if self._failure is not None:
            raise self._failure
        while not self._left:
            try:
                piece = next(self._pieces, None)
            except Exception as failure:
                self._failure = (
                    failure  # a generator that raised is at its end, which is not that of the file
                )
                raise
            if piece is None:
                return 0
            self._left = memoryview(piece)
        if self._most is not None:
            self._room -= min(len(buffer), len(self._left))
            if self._room < 0:
                raise ValueError(f"its first rows take more than {self._most >> 20} MB")
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


class HubFileSystem(AbstractFileSystem):  # type: ignore[misc]
    """The files of Hub datasets, by their commit.

    A file with its size in its address needs no call to the API. Every method raises our own errors.
    """

    protocol = PROTOCOL
    root_marker = ""
    _listed: ClassVar[dict[tuple[str, bool], list[Entry]]] = {}  # by folder and whether with all below
    _lock: ClassVar[Lock] = Lock()
    _entries: ClassVar[dict[str, Entry]] = {}  # all that were listed, by name

    @classmethod
    @contextmanager
    def listing(cls) -> Iterator[None]:
        """Remember what is listed meanwhile. One thread at a time, since corpora may be opened together."""
        with cls._lock:
            try:
                yield
            finally:
                cls._listed.clear()
                cls._entries.clear()

    @contextmanager
    def one_file_of_each_name(self, folder: str) -> Iterator[None]:
        """List only one of the files below `folder` whose names differ in nothing but digits.

        Which patterns match some file then stays the same, and 60,000 names are not gone through for each of them.
        """
        path = self._strip_protocol(folder)
        entries = self._list_below(path)
        full = dict(self._listed)
        self._listed.clear()  # the lists of single folders follow from that of all
        self._listed[path, True] = list({_DIGIT.sub("0", entry["name"]): entry for entry in entries}.values())
        try:
            yield
        finally:
            self._listed.clear()
            self._listed.update(full)

    def fetch(self, path: str, start: int, end: int) -> bytes:
        """Fetch a range of bytes of a file."""
        patient = bool(_parsed(path)["patient"])
        read = hub_ranges.read_range_with_retries if patient else hub_ranges.read_range
        return read(self.url(path), start, end)

    def url(self, path: str) -> str:
        """Return the URL of a file on the Hub."""
        match = _parsed(path)
        return hub_requests.file_url(match["dataset"], match["revision"], match["name"])

    def ls(self, path: str, detail: bool = True, **_: object) -> list[Entry] | list[str]:
        """List a folder, or return the entry of a file. Raises FileNotFoundError."""
        path = self._strip_protocol(path)
        entries = self._list(path)
        return entries if detail else [entry["name"] for entry in entries]

    def find(
        self,
        path: str,
        maxdepth: int | None = None,
        withdirs: bool = False,
        detail: bool = False,
        **_: object,
    ) -> dict[str, Entry] | list[str]:
        """List all files below a folder, with as few calls as its layout allows; nothing when it is missing."""
        path = self._strip_protocol(path).rstrip("/")
        try:
            entries = self._list(path) if maxdepth == 1 else self._list_below(path)
        except FileNotFoundError:
            entries = []
        depth = path.count("/") + (maxdepth or len(path) + 1_000)
        selected = {
            entry["name"]: entry
            for entry in entries
            if entry["name"].count("/") <= depth and (withdirs or entry["type"] == "file")
        }
        return selected if detail else list(selected)

    def info(self, path: str, **_: object) -> Entry:
        """Return the entry of a file or folder. Raises FileNotFoundError."""
        path = self._strip_protocol(path).rstrip("/")
        match = _parsed(path)
        if match["size"] is not None:
            return {"name": path, "size": int(match["size"]), "type": "file"}
        if match["name"] is None:
            return {"name": path, "size": 0, "type": "directory"}
        if path not in self._entries:
            self._list(path.rpartition("/")[0])
        if path not in self._entries:
            raise FileNotFoundError(path)
        return self._entries[path]

    def _list_below(self, path: str) -> list[Entry]:
        """Return everything below a folder, which is asked for once. Raises FileNotFoundError."""
        if (path, True) not in self._listed:
            listed = self._among_listed(path, deep=True)
            entries = self._walk(path) if listed is None else listed
            self._listed[path, True] = sorted(entries, key=itemgetter("name"))
        return self._listed[path, True]

    def _list(self, path: str) -> list[Entry]:
        """Return the entries of a folder, which is asked for once. Raises FileNotFoundError."""
        if (path, False) not in self._listed:
            entries = self._among_listed(path)
            listed = list(self._fetched(path, recursive=False)) if entries is None else entries
            self._listed[path, False] = sorted(listed, key=itemgetter("name"))
        return self._listed[path, False]

    def _walk(self, path: str) -> list[Entry]:
        """List everything below a folder: in one list, or when that is long, its few folders side by side."""
        entries: list[Entry] = []
        for entry in self._fetched(path, recursive=True):
            entries.append(entry)
            if len(entries) == _LONG_LIST and any(entry["type"] == "directory" for entry in entries):
                direct = self._list(path)
                folders = [entry["name"] for entry in direct if entry["type"] == "directory"]
                if len(folders) <= _FEW_FOLDERS:
                    with ThreadPoolExecutor(_LISTS) as lists:
                        return [*direct, *chain.from_iterable(lists.map(self._walk, folders))]
        return entries

    def _among_listed(self, path: str, *, deep: bool = False) -> list[Entry] | None:
        """Return the entries of a folder from a list of all below one above it; None when there is none.

        With `deep` they are all entries below the folder.

        Raises FileNotFoundError when such a list does not have the folder.
        """
        parts = path.split("/")
        for length in range(len(parts), 1, -1):
            above = "/".join(parts[:length])
            if (above, True) in self._listed:
                if above != path and path not in self._entries:
                    raise FileNotFoundError(path)
                below = [entry for entry in self._listed[above, True] if entry["name"].startswith(f"{path}/")]
                return (
                    below if deep else [entry for entry in below if "/" not in entry["name"][len(path) + 1 :]]
                )
        siblings = self._listed.get((path.rpartition("/")[0], False))
        if siblings is not None and all(entry["name"] != path for entry in siblings):
            raise FileNotFoundError(path)
        return None

    def _fetched(self, path: str, *, recursive: bool) -> Iterator[Entry]:
        """Ask the Hub for the entries of a folder. Raises FileNotFoundError."""
        match = _parsed(path)
        dataset, revision, folder = match["dataset"], match["revision"], match["name"] or ""
        for listed in hub_requests.list_tree(dataset, revision, folder, recursive=recursive):
            name = f"{dataset}@{revision}/{listed['path']}"
            kind = "directory" if listed["type"] == "directory" else "file"
            self._entries[name] = {"name": name, "size": int(listed.get("size") or 0), "type": kind}
            yield self._entries[name]

    def _open(
        self,
        path: str,
        mode: str = "rb",
        block_size: int | None = None,
        **options: Any,  # noqa: ANN401
    ) -> HubFile | DecompressedFile:
        if mode != "rb":
            raise NotImplementedError("files of the Hub are only read")
        compressed = path.removesuffix(DECOMPRESSED)
        options.pop("autocommit", None)
        file = HubFile(
            self,
            compressed,
            block_size=block_size or int(_parsed(compressed)["read_ahead"]),
            cache_type=SpanCache.name,
            cache_options=options.pop("cache_options", None),
            size=self.info(compressed)["size"],
        )
        if compressed == path:
            return file
        # Decompressed here and not by `datasets`, which reads the first frame of several in .zst only.
        pieces = _decompress(compressed, iter(lambda: file.read(_piece(file)), b""))
        most = _parsed(compressed)["most"]
        return DecompressedFile(pieces, None if most is None else int(most))


def compression(name: str) -> str:
    """Return the extension of the compression of a file; "" when it is not compressed."""
    _, dot, extension = name.lower().rpartition(".")
    return dot + extension if dot + extension in COMPRESSIONS else ""


def _decompress(name: str, blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the decompressed bytes of a file, which may consist of several frames. Raises ValueError or EOFError."""
    extension = compression(name)
    if not extension:
        yield from blocks
        return
    start = DECOMPRESSORS[COMPRESSIONS[extension]]
    decompressor: Decompressor | None = None
    for block in blocks:
        data = block
        while data or (decompressor and not decompressor.needs_input):
            if decompressor is None and not (data := data.lstrip(b"\0")):  # frames may be padded with zeros
                break
            decompressor = decompressor or start()
            try:
                piece = decompressor.decompress(data, PIECE)
            except Exception as error:  # each decompressor has an error of its own
                raise ValueError(str(error)) from error
            yield piece
            data = decompressor.unused_data if decompressor.eof else b""
            decompressor = None if decompressor.eof else decompressor
    if decompressor is not None:
        raise EOFError("it ends in the middle")


def _piece(file: HubFile) -> int:
    """Return how many compressed bytes are read at a time."""
    size: int = min(64 << 10, file.blocksize)
    return size


def _parsed(path: str) -> re.Match[str]:
    match = _ADDRESS.fullmatch(path)
    if match is None:
        raise FileNotFoundError(path)
    return match


register_cache(SpanCache, clobber=True)
fsspec.register_implementation(PROTOCOL, HubFileSystem, clobber=True)
