"""The files of Hub datasets as a file system, from which `datasets` and pyarrow read.

An address is `corpuscope-hub://OWNER/NAME@COMMIT/PATH` for listing. With the size of the file and the bytes to read
ahead, `corpuscope-hub://OWNER/NAME@COMMIT:BYTES:READ-AHEAD/PATH`, it is read without any call to the API. With
`/decompressed.txt` at its end it holds the decompressed content of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain
from operator import itemgetter
from threading import Lock
from typing import Any, ClassVar

import fsspec
from fsspec.spec import AbstractFileSystem

from corpuscope.corpora import hub_ranges, hub_requests
from corpuscope.corpora.compressed import DecompressedFile
from corpuscope.corpora.hub_bytes import HubFile, SpanCache, decompressed_file
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

Entry = dict[str, Any]
"""What fsspec calls the info of a file or folder: `name`, `size` and `type`; `content` is equal for equal files."""


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
            self._entries[name] = {
                "name": name,
                "size": int(listed.get("size") or 0),
                "type": kind,
                "content": str(listed.get("oid") or ""),
            }
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
        most = _parsed(compressed)["most"]
        return decompressed_file(file, None if most is None else int(most))


def _parsed(path: str) -> re.Match[str]:
    match = _ADDRESS.fullmatch(path)
    if match is None:
        raise FileNotFoundError(path)
    return match


fsspec.register_implementation(PROTOCOL, HubFileSystem, clobber=True)
