"""Copies, in the cache, of what cannot be read at any row: standard input and remote files."""

from __future__ import annotations

import posixpath
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from corpuscope.corpora.local_files import is_data_file
from corpuscope.errors import CorpusError, SourceUnavailable
from corpuscope.file_cache import cache_json, cached_json
from corpuscope.files import digest, reason

_CHUNK = 1 << 20
"""Bytes copied at a time."""

_ENDINGS = {
    b"PAR1": ".parquet",
    b"\x1f\x8b": ".jsonl.gz",
    b"\x28\xb5\x2f\xfd": ".jsonl.zst",
    b"{": ".jsonl",
    b"[": ".json",
}
"""Ending of the copy of standard input, by its first bytes."""

_PACKAGES = {"s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "abfs": "adlfs", "az": "adlfs"}
"""Package with the driver of a scheme, where fsspec does not bring it."""

OnProgress = Callable[[str], None]
"""Called with a description of what is being done. It may raise to stop the work."""


def copy_standard_input(cache: Path, stream: IO[bytes] | None = None) -> Path:
    """Copy standard input to a file in `cache` that is named by its content, and return it.

    Raises CorpusError when it is a terminal, empty, or neither JSON lines nor Parquet.
    """
    stream = stream or sys.stdin.buffer
    if stream.isatty():
        raise CorpusError("standard input is a terminal", "pipe documents into the command, or name a file")
    hasher = blake2b(digest_size=12)
    with _temporary(cache / "stdin") as copy:
        beginning = b""
        while chunk := stream.read(_CHUNK):
            beginning = beginning or chunk.removeprefix(b"\xef\xbb\xbf").lstrip()[:64]
            hasher.update(chunk)
            copy.write(chunk)
        ending = next((ending for magic, ending in _ENDINGS.items() if beginning.startswith(magic)), None)
        if ending is None:
            if not beginning:
                raise CorpusError(
                    "standard input is empty", "pipe documents into the command, or name a file"
                )
            raise CorpusError(
                "standard input is neither JSON lines nor Parquet",
                "save it to a file whose name says what it is",
            )
        path = cache / "stdin" / f"{hasher.hexdigest()}{ending}"
        copy.close()
        Path(copy.name).replace(path)
    return path


def copy_remote(address: str, cache: Path, on_progress: OnProgress) -> list[str]:
    """Copy the data files at an address, such as s3://bucket/crawl/*.jsonl.gz, to `cache`; return their paths.

    Files that are there already and have not changed are not copied again, nor when the address cannot be reached.
    Raises CorpusError when the address cannot be read, and SourceUnavailable when another try may work.
    """
    scheme = address.partition("://")[0].lower()
    if scheme == "file":
        return [unquote(urlsplit(address).path)]
    folder = cache / "remote"
    try:
        with _faults_of(address):
            files = _listing(address, scheme)
            copies = [_copy(address, files, name, folder, on_progress) for name in files]
    except SourceUnavailable:
        copies = cached_json(folder, address) or []
        if not copies or not all(Path(copy).is_file() for copy in copies):
            raise
    cache_json(folder, copies, address)
    return copies


@contextmanager
def _faults_of(address: str) -> Iterator[None]:
    """Translate what a driver of fsspec raises."""
    from aiohttp import ClientError, ClientResponseError

    try:
        yield
    except (CorpusError, SourceUnavailable):
        raise
    except Exception as error:
        # for an address on the web, fsspec says of every fault that there is no such file, and why in its cause
        fault = error.__cause__ if isinstance(error, FileNotFoundError) and error.__cause__ else error
        words = str(fault) or type(fault).__name__
        match fault:
            case FileNotFoundError() | ClientResponseError(status=404 | 410):
                raise CorpusError(f"there is no file {address}", "check the address") from error
            case PermissionError() | ClientResponseError(status=401 | 403):
                raise CorpusError(
                    f"{address} cannot be accessed: {words}", "check your credentials"
                ) from error
            case OSError() | ClientError():
                raise SourceUnavailable(f"{address} could not be reached: {words}") from error
            case _:
                message = f"{address} cannot be read: {type(fault).__name__}: {words}"
                raise CorpusError(message, "check the address and your credentials") from error


def _listing(address: str, scheme: str) -> Mapping[str, tuple[Any, str, int | None, str]]:
    """Return file system, path, size and version of each data file at an address, by its name inside the corpus."""
    import fsspec

    try:
        fsspec.get_filesystem_class(scheme)
    except ImportError as error:
        package = _PACKAGES.get(scheme, scheme)
        raise CorpusError(
            f"{address} needs {package}, which is not installed", f"pip install {package}"
        ) from error
    except ValueError as error:
        raise CorpusError(
            f"there is no driver for {scheme}:// ({address})", "known: https, s3, gs, abfs"
        ) from error
    files, root = fsspec.core.url_to_fs(address)
    is_web = scheme in {"http", "https"}  # which lists no folders, and where ? begins a query
    if not is_web and any(character in root for character in "*["):
        paths = [path for path in sorted(files.glob(root)) if is_data_file(path)]
    elif not is_web and files.isdir(root):
        paths = [path for path in sorted(files.find(root)) if is_data_file(path)]
    else:
        paths = [root]
        if not is_data_file(urlsplit(root).path):
            hint = "name a file such as web.jsonl.gz, or the page of a dataset: https://huggingface.co/datasets/..."
            raise CorpusError(f"{address} is not the address of a data file", hint)
    if not paths:
        raise CorpusError(f"{address} holds no data file")
    parent = posixpath.commonpath([posixpath.dirname(path) for path in paths])
    listing: dict[str, tuple[Any, str, int | None, str]] = {}
    for path in paths:
        name = unquote(path.removeprefix(parent).lstrip("/"))
        if len(paths) == 1:
            name = PurePosixPath(unquote(urlsplit(path).path)).name
        if ".." in PurePosixPath(name).parts:
            raise CorpusError(
                f"{address} has a file whose name leads out of its folder: {name}", "copy it yourself"
            )
        if name in listing:
            raise CorpusError(f"{address} has two files that are called {name}", "copy them yourself")
        info = files.info(path)
        version = str([info.get(key) for key in ("ETag", "etag", "LastModified", "mtime", "md5Hash", "size")])
        listing[name] = files, path, info.get("size"), version
    return listing


def _copy(
    address: str,
    listing: Mapping[str, tuple[Any, str, int | None, str]],
    name: str,
    folder: Path,
    on_progress: OnProgress,
) -> str:
    versions = (version for _, _, _, version in listing.values())
    target = folder / digest(address, *listing, *versions).hex()[:24] / name
    if target.is_file():
        return str(target)
    files, path, size, _ = listing[name]
    target.parent.mkdir(parents=True, exist_ok=True)
    if size and size > shutil.disk_usage(target.parent).free:
        raise CorpusError(
            f"{address}: {name} has {size / 1e6:,.0f} MB, for which {folder} has no room",
            "set CORPUSCOPE_CACHE to a folder with room",
        )
    total = f" of {size / 1e6:,.0f}" if size else ""
    copied = 0
    with _temporary(target.parent) as copy, files.open(path, "rb") as remote:
        while chunk := remote.read(_CHUNK):
            copy.write(chunk)
            copied += len(chunk)
            on_progress(f"fetching {name}, {copied / 1e6:,.0f}{total} MB")
        if size and copied != size:
            raise SourceUnavailable(f"{address}: {name} ended after {copied:,} of {size:,} bytes")
        copy.close()
        Path(copy.name).replace(target)
    return str(target)


@contextmanager
def _temporary(folder: Path) -> Iterator[Any]:
    """Yield an open file in `folder` that is removed at the end unless it was renamed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        copy = tempfile.NamedTemporaryFile(dir=folder, delete=False)  # noqa: SIM115  closed below
    except OSError as error:
        raise CorpusError(
            f"{folder} cannot be written: {reason(error)}",
            "set CORPUSCOPE_CACHE to a folder with room",
        ) from error
    try:
        yield copy
    finally:
        copy.close()
        Path(copy.name).unlink(missing_ok=True)
