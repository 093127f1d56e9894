"""Tests of the copies of standard input and of remote files, from a server on the loopback interface."""

from __future__ import annotations

import gzip
import io
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from corpuscope.corpora.local_source import LocalSource
from corpuscope.corpora.parse import corpus_for
from corpuscope.corpora.remote_files import copy_remote, copy_standard_input
from corpuscope.errors import CorpuscopeError, CorpusError, SourceUnavailable

LINES = b'{"text": "one"}\n{"text": "two"}\n'


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


class Served:
    """A folder served over HTTP until it is stopped."""

    def __init__(self, folder: Path) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    folder = tmp_path / "served"
    folder.mkdir()
    (folder / "web.jsonl").write_bytes(LINES)
    server = Served(folder)
    yield server
    server.stop()


def copied(address: str, cache: Path) -> list[bytes]:
    return [Path(path).read_bytes() for path in copy_remote(address, cache, lambda _: None)]


def test_a_file_on_the_web_is_a_corpus_that_equals_its_copy_on_disk(served: Served, tmp_path: Path) -> None:
    remote = LocalSource(corpus_for(f"{served.address}/web.jsonl?download=true"), tmp_path / "cache")
    local = LocalSource(corpus_for(str(tmp_path / "served" / "web.jsonl")), tmp_path / "cache")
    assert remote.manifest() == local.manifest()
    assert remote.fetch(0, 1).text == (("text", "two"),)


def test_a_copy_is_used_again_also_without_a_network_and_renewed_when_the_file_changed(
    served: Served, tmp_path: Path
) -> None:
    address = f"{served.address}/web.jsonl"
    reports: list[str] = []
    for _ in range(2):
        copy_remote(address, tmp_path, reports.append)
    assert reports == ["fetching web.jsonl, 0 of 0 MB"]
    (tmp_path / "served" / "web.jsonl").write_bytes(LINES * 2)
    assert copied(address, tmp_path) == [LINES * 2]
    served.stop()
    assert copied(address, tmp_path) == [LINES * 2]
    with pytest.raises(SourceUnavailable, match="could not be reached"):
        copied(address, tmp_path / "empty")


def test_a_file_that_is_not_there_is_named(served: Served, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=f"there is no file {served.address}/nowhere.jsonl"):
        copied(f"{served.address}/nowhere.jsonl", tmp_path)


def test_an_address_of_no_data_file_is_refused_without_a_request(served: Served, tmp_path: Path) -> None:
    served.stop()
    with pytest.raises(CorpusError, match=f"{served.address}/owner/model is not the address of a data file"):
        copied(f"{served.address}/owner/model", tmp_path)


def test_a_missing_driver_is_named_with_the_command_that_installs_it(tmp_path: Path) -> None:
    fsspec.register_implementation("nodriver", "no_such_driver.FileSystem", clobber=True, errtxt="none")
    with pytest.raises(CorpusError, match="needs nodriver, which is not installed") as fault:
        copied("nodriver://bucket/web.jsonl", tmp_path)
    assert fault.value.hint == "pip install nodriver"
    with pytest.raises(CorpusError, match="there is no driver for nothing://"):
        copied("nothing://bucket/web.jsonl", tmp_path)


def test_a_folder_and_a_glob_of_a_bucket_are_the_data_files_in_them(tmp_path: Path) -> None:
    bucket = fsspec.filesystem("memory")
    for name in ("a/x.jsonl", "b/x.jsonl", "b/notes.md"):
        bucket.pipe(f"/bucket/crawl/{name}", name.encode())
    for address in ("memory://bucket/crawl", "memory://bucket/crawl/*/*"):
        assert copied(address, tmp_path) == [b"a/x.jsonl", b"b/x.jsonl"]
    names = [Path(path).parts[-2:] for path in copy_remote("memory://bucket/crawl", tmp_path, lambda _: None)]
    assert names == [("a", "x.jsonl"), ("b", "x.jsonl")]
    with pytest.raises(CorpusError, match="holds no data file"):
        copied("memory://bucket/crawl/*.csv", tmp_path)


def test_no_name_on_a_server_leads_out_of_the_cache(served: Served, tmp_path: Path) -> None:
    cache = tmp_path / "deep" / "cache"
    (copy,) = copy_remote(f"{served.address}/..%2F..%2F..%2Fweb.jsonl", cache, lambda _: None)
    assert Path(copy).resolve().is_relative_to(cache)
    bucket = fsspec.filesystem("memory")
    bucket.pipe("/hostile/a.jsonl", LINES)
    bucket.pipe("/hostile/../../../b.jsonl", LINES)
    with pytest.raises(CorpusError, match=r"leads out of its folder: \.\./\.\./\.\./b\.jsonl"):
        copied("memory://hostile", tmp_path)


def test_two_files_of_one_name_are_refused_instead_of_one_being_lost(tmp_path: Path) -> None:
    bucket = fsspec.filesystem("memory")
    for name in ("a b.jsonl", "a%20b.jsonl"):
        bucket.pipe(f"/twins/{name}", LINES)
    with pytest.raises(CorpusError, match=r"two files that are called a b\.jsonl"):
        copied("memory://twins", tmp_path)


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (LINES, ".jsonl"),
        (b"\xef\xbb\xbf" + LINES, ".jsonl"),
        (b"\n [1, 2]", ".json"),
        (b"\n" * 100 + LINES, ".jsonl"),
        (gzip.compress(LINES), ".gz"),
        (b"PAR1...", ".parquet"),
    ],
    ids=["lines", "lines with a mark", "array", "blank lines first", "gzip", "parquet"],
)
def test_standard_input_is_copied_to_a_file_named_by_its_content(
    tmp_path: Path, content: bytes, ending: str
) -> None:
    first, second = (copy_standard_input(tmp_path, io.BytesIO(content)) for _ in range(2))
    assert first == second
    assert first.suffix == ending
    assert first.read_bytes() == content
    assert list(first.parent.iterdir()) == [first]


class Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "words"),
    [
        (io.BytesIO(b""), "standard input is empty"),
        (io.BytesIO(b"just words\n"), "is neither JSON lines nor Parquet"),
        (Terminal(LINES), "standard input is a terminal"),
    ],
    ids=["empty", "words", "terminal"],
)
def test_standard_input_that_is_no_corpus_is_refused_and_leaves_no_copy(
    tmp_path: Path, stream: io.BytesIO, words: str
) -> None:
    with pytest.raises(CorpusError, match=words):
        copy_standard_input(tmp_path, stream)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


class Bucket(MemoryFileSystem):  # type: ignore[misc]  # fsspec has no types
    """A bucket whose files fail, or state another size than they have."""

    protocol = "bucket"
    fault: ClassVar[Exception | None] = None
    size: ClassVar[int | None] = None

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        stripped: str = super()._strip_protocol(path.replace("bucket://", "memory://"))
        return stripped

    def info(self, path: str, **options: object) -> dict[str, object]:
        if self.fault is not None:
            raise self.fault
        stated: dict[str, object] = super().info(path, **options)
        return stated | {"size": self.size} if self.size is not None else stated


@pytest.fixture
def bucket() -> Iterator[type[Bucket]]:
    fsspec.register_implementation("bucket", Bucket, clobber=True)
    fsspec.filesystem("memory").pipe("/web/a.jsonl", LINES)
    yield Bucket
    Bucket.fault = Bucket.size = None


@pytest.mark.parametrize(
    ("fault", "kind", "message", "hint"),
    [
        (FileNotFoundError("a"), CorpusError, "there is no file ADDRESS", "check the address"),
        (PermissionError("no"), CorpusError, "ADDRESS cannot be accessed: no", "check your credentials"),
        (TimeoutError(), SourceUnavailable, "ADDRESS could not be reached: TimeoutError", ""),
        (
            ValueError("odd"),
            CorpusError,
            "ADDRESS cannot be read: ValueError: odd",
            "check the address and your credentials",
        ),
    ],
)
def test_a_fault_of_a_driver_says_whether_another_try_may_work(
    bucket: type[Bucket],
    tmp_path: Path,
    fault: Exception,
    kind: type[CorpuscopeError],
    message: str,
    hint: str,
) -> None:
    bucket.fault = fault
    with pytest.raises(kind) as raised:
        copied("bucket://web/a.jsonl", tmp_path)
    assert raised.value.message == message.replace("ADDRESS", "bucket://web/a.jsonl")
    assert raised.value.hint == hint


def test_a_file_of_another_size_than_stated_is_no_copy(bucket: type[Bucket], tmp_path: Path) -> None:
    bucket.size = len(LINES) + 1
    with pytest.raises(
        SourceUnavailable, match=r"bucket://web/a\.jsonl: a\.jsonl ended after 32 of 33 bytes"
    ):
        copied("bucket://web/a.jsonl", tmp_path)
    bucket.size = 10**18
    with pytest.raises(CorpusError, match=r"a\.jsonl has 1,000,000,000,000 MB, for which .* has no room"):
        copied("bucket://web/a.jsonl", tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    bucket.size = len(LINES)
    reports: list[str] = []
    (copy,) = copy_remote("bucket://web/a.jsonl", tmp_path, reports.append)
    assert (Path(copy).read_bytes(), reports) == (LINES, ["fetching a.jsonl, 0 of 0 MB"])


def test_the_address_of_a_file_on_this_machine_is_its_path(tmp_path: Path) -> None:
    assert copy_remote("file:///data/a%20b.jsonl", tmp_path, lambda _: None) == ["/data/a b.jsonl"]
