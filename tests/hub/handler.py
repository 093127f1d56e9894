"""HTTP handler that answers huggingface_hub and `datasets` as the Hub does."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from hub.state import Access, Call, State
from hub.uploads import Refused, UploadApi

if TYPE_CHECKING:
    from hub.faults import Fault

_FILE = re.compile(r"/datasets/(?P<id>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<name>.+)")
_API = re.compile(
    r"/api/datasets/(?P<id>[^/]+/[^/]+)(/(?P<call>revision|tree|paths-info|preupload|commit)/(?P<revision>[^/]+)(/(?P<name>.*))?)?"
)
_STORED = re.compile(r"/storage/(?P<id>[^/]+/[^/]+)/(?P<name>.+)")
_CACHED = re.compile(r"/api/resolve-cache/datasets/(?P<id>[^/]+/[^/]+)/(?P<revision>[^/]+)/(?P<name>.+)")
_RANGE = re.compile(r"bytes=(?P<start>\d+)-(?P<end>\d*)")
_RANGES = re.compile(r"bytes=\d+-\d+(,\d+-\d+)+")
_COMPRESSIBLE = (".json", ".jsonl", ".csv", ".txt")
_PAGE = 1000
"""Entries in one page of a folder listing."""
_PIECE = 64 << 10
"""Number of bytes written at a time."""


class _Dropped(Exception):
    """The connection must be closed without an answer."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(self, hub: State, *args: Any) -> None:  # noqa: ANN401
        self._hub = hub
        self._status = 0
        self._sent = 0
        self._fault: Fault | None = None
        super().__init__(*args)

    def log_message(self, *args: object) -> None:
        """Print nothing, since `StandIn.calls` is the log."""

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def _serve(self) -> None:
        number = self._hub.start_call(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._status = self._sent = 0
        try:
            time.sleep(self._hub.latency)
            self._fault = self._hub.faults.next_fault(f"{self.command} {self.path}")
            if self._fault and self._fault.kind == "hold":
                self._hub.faults.hold(self._fault)
            if self._fault and self._fault.kind == "drop":
                self.close_connection = True
            elif self._fault and self._fault.kind == "status":
                self._send(self._fault.status, self._fault.body, self._fault.headers)
            else:
                self._answer(urlsplit(self.path).path, parse_qs(urlsplit(self.path).query), body)
        except (_Dropped, OSError):
            self.close_connection = True
        finally:
            byte_range = self.headers.get("Range", "")
            self._hub.finish_call(
                Call(
                    self.command,
                    self.path,
                    byte_range,
                    self._status,
                    self._sent,
                    int(self.connection.getsockname()[1]),
                    "Authorization" in self.headers,
                    self.headers.get("User-Agent", ""),
                    number,
                )
            )

    def _answer(self, path: str, query: Mapping[str, list[str]], body: bytes) -> None:
        uploads = UploadApi(self._hub, self.headers.get("Authorization", "").removeprefix("Bearer "))
        try:
            answer = uploads.answer(self.command, path, body)
        except Refused as refused:
            self._refuse(refused.status, "", refused.message)
            return
        if answer is not None:
            self._send_json(answer)
            return
        if match := _STORED.fullmatch(path):
            if float(query.get("Expires", ["0"])[0]) < time.time():
                denied = b"<Error><Code>AccessDenied</Code></Error>"
                self._send(403, denied, {"Content-Type": "application/xml"})
            else:
                self._send_file(self._hub.root / match["id"] / unquote(match["name"]))
            return
        if match := _CACHED.fullmatch(path):
            if self._may_read(match["id"], api=False):
                file = self._hub.root / match["id"] / unquote(match["name"])
                headers = {"X-Repo-Commit": match["revision"], "ETag": f'"{_oid(file)}"'}
                self._send(200, file.read_bytes(), headers)
            return
        match = _FILE.fullmatch(path) or _API.fullmatch(path)
        if not match:
            self._refuse(404, "", "no such page")
            return
        dataset, revision = match["id"], unquote(match["revision"] or "main")
        folder = self._hub.root / dataset
        commit = self._hub.commit(dataset)
        if not self._may_read(dataset, api=match.re is _API):
            return
        if (
            match.re is _API
            and self._hub.api_limit is not None
            and self._hub.api_calls_begun > self._hub.api_limit
        ):
            limit = {"RateLimit": '"api";r=0;t=55', "RateLimit-Policy": '"fixed window";"api";q=500;w=300'}
            self._send(429, b"too many requests", limit)
            return
        if revision not in ("main", commit):
            self._refuse(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        elif match.re is _FILE:
            self._resolve(dataset, folder / unquote(match["name"]), unquote(match["name"]))
        elif match["call"] == "tree":
            self._list(folder, unquote(match["name"] or ""), query)
        elif match["call"] == "paths-info":
            files = [
                folder / name for name in parse_qs(body.decode()).get("paths", []) if (folder / name).exists()
            ]
            self._send_json([_entry(folder, file) for file in files])
        else:
            private = self._hub.access.get(dataset, Access()).private
            self._send_json(
                {"_id": commit[:24], "id": dataset, "sha": commit, "private": private, "tags": []}
            )

    def _may_read(self, dataset: str, *, api: bool) -> bool:
        access = self._hub.access.get(dataset, Access())
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        missing = not (self._hub.root / dataset).is_dir() or (access.private and token not in access.tokens)
        if missing and not token:
            self._refuse(401, "RepoNotFound", "Invalid username or password.")
        elif missing:
            self._refuse(404, "RepoNotFound", "Repository not match")
        elif access.gated and not api and not token:
            self._refuse(401, "GatedRepo", f"Access to dataset {dataset} is restricted. Please log in.")
        elif access.gated and not api and token not in access.tokens:
            self._refuse(403, "GatedRepo", f"Access to dataset {dataset} is restricted. Ask for access.")
        else:
            return True
        return False

    def _resolve(self, dataset: str, file: Path, name: str) -> None:
        headers = {"X-Repo-Commit": self._hub.commit(dataset), "Accept-Ranges": "bytes"}
        if not file.is_file():
            self._refuse(404, "EntryNotFound", "Entry not match", headers)
            return
        headers["ETag"] = f'"{_oid(file)}"'
        if self._hub.sends_to:
            self._send(302, b"", headers | {"Location": self._hub.sends_to + self.path})
        elif _is_large(file):
            size = str(file.stat().st_size)
            signature = f"Expires={time.time() + self._hub.expires_in:.3f}&Signature=s&Key-Pair-Id=k"
            location = f"{self._hub.storage}/storage/{dataset}/{quote(name)}?{signature}"
            headers |= {"X-Linked-Size": size, "X-Linked-ETag": headers["ETag"], "Location": location}
            self._send(302, b"", headers)
        else:
            cached = f"/api/resolve-cache/datasets/{dataset}/{self._hub.commit(dataset)}/{quote(name)}"
            self._send(307, b"", headers | {"Location": cached})

    def _list(self, folder: Path, name: str, query: Mapping[str, list[str]]) -> None:
        start = folder / name
        if not start.is_dir():
            self._refuse(404, "EntryNotFound", f"{name} does not exist")
            return
        recursive = query.get("recursive", ["false"])[0].lower() == "true"
        entries = self._entries(folder, start, recursive=recursive)
        first = int(query.get("cursor", ["0"])[0])
        headers = {}
        if first + _PAGE < len(entries):
            rest = f"recursive={str(recursive).lower()}&cursor={first + _PAGE}"
            headers["Link"] = (
                f'<{self._hub.original or self._hub.endpoint}{urlsplit(self.path).path}?{rest}>; rel="next"'
            )
        self._send_json(entries[first : first + _PAGE], headers)

    def _entries(self, folder: Path, start: Path, *, recursive: bool) -> list[dict[str, Any]]:
        key = start, recursive
        if key not in self._hub.listings or not self._hub.frozen:
            files = sorted(start.rglob("*") if recursive else start.iterdir())
            self._hub.listings[key] = [_entry(folder, file) for file in files]
        return self._hub.listings[key]

    def _refuse(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        explanation = {"X-Error-Code": code, "X-Error-Message": message} if code else {}
        self._send(status, json.dumps({"error": message}).encode(), {**(headers or {}), **explanation})

    def _send_json(self, value: object, headers: Mapping[str, str] | None = None) -> None:
        self._send(200, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self._start_response(status, len(body), headers)
        self._body(iter([body]), len(body))

    def _send_file(self, file: Path) -> None:
        if not file.is_file():
            self._refuse(404, "", "no such file")
            return
        size = file.stat().st_size
        if self._hub.several_ranges and _RANGES.fullmatch(self.headers.get("Range", "")):
            self._send_ranges(file, size)
            return
        # CloudFront ignores the range of a client that accepts a compressed answer, where it compresses.
        compressible = "gzip" in self.headers.get("Accept-Encoding", "") and file.suffix in _COMPRESSIBLE
        requested = None if compressible else _RANGE.fullmatch(self.headers.get("Range", ""))
        start = int(requested["start"]) if requested else 0
        end = min(size, int(requested["end"]) + 1) if requested and requested["end"] else size
        if requested and self._fault and self._fault.kind == "shift":
            start, end = (start + 1, end + 1) if end < size else (start - 1, end - 1)
        if start >= size:
            self._send(416, b"", {"Content-Range": f"bytes */{size}"})
            return
        part = {"Content-Range": f"bytes {start}-{end - 1}/{size}"} if requested else {}
        self._start_response(206 if requested else 200, end - start, {"Accept-Ranges": "bytes", **part})
        self._body(_pieces(file, start, end), end - start)

    def _send_ranges(self, file: Path, size: int) -> None:
        """Answer as RFC 9110 has it in section 14.6. Storage that knows one range only sends the whole file."""
        ranges = self.headers["Range"].removeprefix("bytes=").split(",")
        spans = [(int(start), int(last) + 1) for start, last in (text.split("-") for text in ranges)]
        if self._fault and self._fault.kind == "shift":
            spans = [(start + 1, end + 1) if end < size else (start - 1, end - 1) for start, end in spans]
            ranges = [f"{start}-{end - 1}" for start, end in spans]
        heads = [
            f"--parted\r\nContent-Type: binary/octet-stream\r\nContent-Range: bytes {text}/{size}\r\n\r\n".encode()
            for text in ranges
        ]
        end = b"--parted--\r\n"
        length = sum(end - start for start, end in spans) + sum(len(head) + 2 for head in heads) + len(end)
        body = chain.from_iterable(
            ((head,), _pieces(file, *span), (b"\r\n",)) for head, span in zip(heads, spans, strict=True)
        )
        self._start_response(206, length, {"Content-Type": "multipart/byteranges; boundary=parted"})
        self._body(chain(chain.from_iterable(body), (end,)), length)

    def _start_response(self, status: int, length: int, headers: Mapping[str, str]) -> None:
        self._status = status
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _body(self, pieces: Iterator[bytes], length: int) -> None:
        if self.command == "HEAD":
            return
        if self._fault and self._fault.kind == "slow" and length:
            time.sleep(self._fault.seconds)
        limit = length // 2 if self._fault and self._fault.kind == "half" else length
        for piece in pieces:
            allowed = piece[: limit - self._sent]
            self._hub.throttle(len(allowed))
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


_MOST_HASHED = 1 << 20
"""Bytes of the largest file that is identified by its content, as the Hub does for all."""


def _is_large(file: Path) -> bool:
    return file.name not in ("README.md", ".gitattributes")


def _oid(file: Path) -> str:
    # Reading files of the real size would take longer than all that is measured against this hub.
    size = file.stat().st_size
    identity = file.read_bytes() if size <= _MOST_HASHED else f"{file}{size}".encode()
    return hashlib.sha1(identity).hexdigest()


def _entry(folder: Path, file: Path) -> dict[str, Any]:
    name = file.relative_to(folder).as_posix()
    if file.is_dir():
        return {"type": "directory", "oid": hashlib.sha1(name.encode()).hexdigest(), "size": 0, "path": name}
    size = file.stat().st_size
    entry: dict[str, Any] = {"type": "file", "oid": _oid(file), "size": size, "path": name}
    if _is_large(file):
        entry["lfs"] = {"oid": _oid(file), "size": size, "pointerSize": 134}
    return entry
