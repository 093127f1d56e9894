"""A loopback stand-in of the Hugging Face Hub, for tests and for trying the app by hand.

    PYTHONPATH=tests python -m hub.server --port 8123 --root /tmp/hub

builds small copies of C4, FineWeb, FineWeb-Edu and SYNTH in their real layouts under the root (once) and prints the
HF_ENDPOINT to start the app with. `--latency` and `--bandwidth` make it as slow as a real network.
"""

import argparse
import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from hub.faults import Fault, Faults
from hub.layouts import build_all

_FILE = re.compile(r"/datasets/(?P<id>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<name>.+)")
_API = re.compile(
    r"/api/datasets/(?P<id>[^/]+/[^/]+)(/(?P<call>revision|tree|paths-info)/(?P<revision>[^/]+)(/(?P<name>.*))?)?"
)
_STORED = re.compile(r"/storage/(?P<id>[^/]+/[^/]+)/(?P<name>.+)")
_RANGE = re.compile(r"bytes=(?P<start>\d+)-(?P<end>\d*)")
_PAGE = 1000
_PIECE = 64 << 10


@dataclass(frozen=True, slots=True)
class Call:
    """One request that was served."""

    method: str
    """GET, HEAD or POST."""
    path: str
    """Path and query."""
    range: str
    """The Range header, "" for none."""
    status: int
    """The status code; 0 when the connection was dropped."""
    sent: int
    """Bytes of the body that were sent."""


@dataclass(slots=True)
class Door:
    """Who may read a dataset."""

    gated: bool = False
    """True when it is visible to all but readable only with a token that was let in."""
    private: bool = False
    """True when it does not seem to exist without such a token."""
    tokens: set[str] = field(default_factory=set)
    """The tokens that are let in."""


class StandIn:
    """Serves every folder `root/namespace/name` as a dataset at one commit.

    Files go the way of the real Hub: the first address answers 302, a second port answers the range. Both ports
    listen on 127.0.0.1 only. The constructor takes the ports; nothing is served before `start`.
    """

    def __init__(
        self, root: Path, *, port: int = 0, latency: float = 0.0, bandwidth: float | None = None
    ) -> None:
        self.root = root
        self.latency = latency
        """Seconds before each answer."""
        self.faults = Faults()
        self.doors: dict[str, Door] = {}
        """By dataset; one that is not here is open."""
        self.calls: list[Call] = []
        """Every request so far, in the order they ended."""
        self._link = _Link(bandwidth)
        self._front = _Server(("127.0.0.1", port), partial(_Handler, self))
        self._storage = _Server(("127.0.0.1", 0), partial(_Handler, self))

    @property
    def endpoint(self) -> str:
        """What to set HF_ENDPOINT to."""
        return f"http://127.0.0.1:{self._front.server_address[1]}"

    @property
    def storage(self) -> str:
        """Where the bytes of large files are."""
        return f"http://127.0.0.1:{self._storage.server_address[1]}"

    def start(self) -> None:
        """Serves from now on, in threads of its own."""
        for server in (self._front, self._storage):
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        """Serves no more."""
        for server in (self._front, self._storage):
            server.shutdown()
            server.server_close()

    def calm(self) -> None:
        """Ends all faults, opens all doors and forgets all calls."""
        self.faults.clear()
        self.doors.clear()
        self.calls.clear()

    @property
    def sent(self) -> int:
        """Bytes of bodies sent so far."""
        return sum(call.sent for call in self.calls)

    @contextmanager
    def watched(self) -> Iterator[list[Call]]:
        """The calls made inside the block; complete when it ends."""
        before = len(self.calls)
        inside: list[Call] = []
        yield inside
        inside.extend(self.calls[before:])

    def commit(self, dataset: str) -> str:
        """The commit a dataset is at."""
        return hashlib.sha1(dataset.encode()).hexdigest()

    def pay(self, count: int) -> None:
        """Waits until `count` bytes have passed the one link all answers share."""
        self._link.pay(count)


class _Link:
    def __init__(self, bandwidth: float | None) -> None:
        self._bandwidth = bandwidth
        self._lock = threading.Lock()
        self._free = 0.0

    def pay(self, count: int) -> None:
        if self._bandwidth is None:
            return
        with self._lock:
            self._free = max(self._free, time.monotonic()) + count / self._bandwidth
            wait = self._free - time.monotonic()
        if wait > 0:
            time.sleep(wait)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Dropped(Exception):
    """The connection is to be closed without another word."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(self, hub: StandIn, *args: Any) -> None:
        self._hub = hub
        self._status = 0
        self._sent = 0
        self._fault: Fault | None = None
        super().__init__(*args)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing; `StandIn.calls` is the log."""

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        form = parse_qs(self.rfile.read(length).decode())
        self._status = self._sent = 0
        try:
            time.sleep(self._hub.latency)
            self._fault = self._hub.faults.meet(f"{self.command} {self.path}")
            if self._fault and self._fault.kind == "drop":
                raise _Dropped
            if self._fault and self._fault.kind == "status":
                self._send(self._fault.status, b"trouble on purpose", self._fault.headers)
            else:
                self._answer(urlsplit(self.path).path, parse_qs(urlsplit(self.path).query), form)
        except (_Dropped, OSError):
            self.close_connection = True
        finally:
            asked = self.headers.get("Range", "")
            self._hub.calls.append(Call(self.command, self.path, asked, self._status, self._sent))

    def _answer(self, path: str, query: Mapping[str, list[str]], form: Mapping[str, list[str]]) -> None:
        if found := _STORED.fullmatch(path):
            self._send_file(self._hub.root / found["id"] / unquote(found["name"]))
            return
        found = _FILE.fullmatch(path) or _API.fullmatch(path)
        if not found:
            self._refuse(404, "", "no such page")
            return
        dataset, revision = found["id"], unquote(found["revision"] or "main")
        folder = self._hub.root / dataset
        commit = self._hub.commit(dataset)
        if not self._may_enter(dataset, api=found.re is _API):
            return
        if revision not in ("main", commit):
            self._refuse(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        elif found.re is _FILE:
            self._resolve(dataset, folder / unquote(found["name"]), unquote(found["name"]))
        elif found["call"] == "tree":
            self._list(folder, unquote(found["name"] or ""), query)
        elif found["call"] == "paths-info":
            files = [folder / name for name in form.get("paths", []) if (folder / name).exists()]
            self._send_json([_entry(folder, file) for file in files])
        else:
            self._send_json({"_id": commit[:24], "id": dataset, "sha": commit, "private": False, "tags": []})

    def _may_enter(self, dataset: str, *, api: bool) -> bool:
        door = self._hub.doors.get(dataset, Door())
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        missing = not (self._hub.root / dataset).is_dir() or (door.private and token not in door.tokens)
        if missing and not token:
            self._refuse(401, "RepoNotFound", "Invalid username or password.")
        elif missing:
            self._refuse(404, "RepoNotFound", "Repository not found")
        elif door.gated and not api and not token:
            self._refuse(401, "GatedRepo", f"Access to dataset {dataset} is restricted. Please log in.")
        elif door.gated and not api and token not in door.tokens:
            self._refuse(403, "GatedRepo", f"Access to dataset {dataset} is restricted. Ask for access.")
        else:
            return True
        return False

    def _resolve(self, dataset: str, file: Path, name: str) -> None:
        headers = {"X-Repo-Commit": self._hub.commit(dataset), "Accept-Ranges": "bytes"}
        if not file.is_file():
            self._refuse(404, "EntryNotFound", "Entry not found", headers)
            return
        headers["ETag"] = f'"{_oid(file)}"'
        if _is_large(file):
            size = str(file.stat().st_size)
            away = f"{self._hub.storage}/storage/{dataset}/{quote(name)}"
            headers |= {"X-Linked-Size": size, "X-Linked-ETag": headers["ETag"], "Location": away}
            self._send(302, b"", headers)
        else:
            self._send(200, file.read_bytes(), headers)

    def _list(self, folder: Path, name: str, query: Mapping[str, list[str]]) -> None:
        start = folder / name
        if not start.is_dir():
            self._refuse(404, "EntryNotFound", f"{name} does not exist")
            return
        recursive = query.get("recursive", ["false"])[0].lower() == "true"
        files = sorted(start.rglob("*") if recursive else start.iterdir())
        first = int(query.get("cursor", ["0"])[0])
        headers = {}
        if first + _PAGE < len(files):
            rest = f"recursive={str(recursive).lower()}&cursor={first + _PAGE}"
            headers["Link"] = f'<{self._hub.endpoint}{urlsplit(self.path).path}?{rest}>; rel="next"'
        self._send_json([_entry(folder, file) for file in files[first : first + _PAGE]], headers)

    def _refuse(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        said = {"X-Error-Code": code, "X-Error-Message": message} if code else {}
        self._send(status, json.dumps({"error": message}).encode(), {**(headers or {}), **said})

    def _send_json(self, value: object, headers: Mapping[str, str] | None = None) -> None:
        self._send(200, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self._head(status, len(body), headers)
        self._body(iter([body]), len(body))

    def _send_file(self, file: Path) -> None:
        if not file.is_file():
            self._refuse(404, "", "no such file")
            return
        size = file.stat().st_size
        asked = _RANGE.fullmatch(self.headers.get("Range", ""))
        start = int(asked["start"]) if asked else 0
        end = min(size, int(asked["end"]) + 1) if asked and asked["end"] else size
        if start >= size:
            self._send(416, b"", {"Content-Range": f"bytes */{size}"})
            return
        part = {"Content-Range": f"bytes {start}-{end - 1}/{size}"} if asked else {}
        self._head(206 if asked else 200, end - start, {"Accept-Ranges": "bytes", **part})
        self._body(_pieces(file, start, end), end - start)

    def _head(self, status: int, length: int, headers: Mapping[str, str]) -> None:
        self._status = status
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _body(self, pieces: Iterator[bytes], length: int) -> None:
        if self.command == "HEAD":
            return
        if self._fault and self._fault.kind == "slow":
            time.sleep(self._fault.seconds)
        limit = length // 2 if self._fault and self._fault.kind == "half" else length
        for piece in pieces:
            allowed = piece[: limit - self._sent]
            self._hub.pay(len(allowed))
            self.wfile.write(allowed)
            self._sent += len(allowed)
            if self._sent >= limit:
                break
        if limit < length:
            raise _Dropped


def _pieces(file: Path, start: int, end: int) -> Iterator[bytes]:
    with file.open("rb") as stream:
        stream.seek(start)
        while start < end:
            piece = stream.read(min(_PIECE, end - start))
            start += len(piece)
            yield piece


def _is_large(file: Path) -> bool:
    return file.name not in ("README.md", ".gitattributes")


def _oid(file: Path) -> str:
    return hashlib.sha1(f"{file}{file.stat().st_size}".encode()).hexdigest()


def _entry(folder: Path, file: Path) -> dict[str, Any]:
    name = file.relative_to(folder).as_posix()
    if file.is_dir():
        return {"type": "directory", "oid": hashlib.sha1(name.encode()).hexdigest(), "size": 0, "path": name}
    size = file.stat().st_size
    entry: dict[str, Any] = {"type": "file", "oid": _oid(file), "size": size, "path": name}
    if _is_large(file):
        entry["lfs"] = {"oid": _oid(file), "size": size, "pointerSize": 134}
    return entry


def main() -> None:
    """Serves until interrupted."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--port", type=int, default=8123)
    arguments.add_argument("--root", type=Path, default=Path("/tmp/corpuscope-hub"))
    arguments.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    arguments.add_argument("--bandwidth", type=float, help="bytes a second of the one link")
    chosen = arguments.parse_args()
    build_all(chosen.root)
    hub = StandIn(chosen.root, port=chosen.port, latency=chosen.latency, bandwidth=chosen.bandwidth)
    hub.start()
    print(f"HF_ENDPOINT={hub.endpoint}", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
