"""A loopback stand-in of an OpenAI-compatible server, which answers as a test scripts it.

    PYTHONPATH=tests python -m llm_server --port 8124

This answers every question with the first category whose name occurs in the document, or else with the last one.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

AT_ONCE = {"retry-after-ms": "1"}
"""Header that has the client try again at once."""


@dataclass(frozen=True)
class Scripted:
    """What the server sends for one call."""

    body: object = ""
    """Value to send as JSON; a string is sent as it is."""
    status: int = 200
    """HTTP status."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Further headers."""
    delay: float = 0.0
    """Seconds before it is sent."""


def completion(
    content: str | None, *, finish: str = "stop", tokens: Iterable[tuple[str, Mapping[str, float]]] = ()
) -> dict[str, Any]:
    """Return a chat completion; `tokens` are its tokens with the log probabilities of their alternatives."""
    logprobs = [
        {
            "token": token,
            "logprob": alternatives.get(token, -9.0),
            "top_logprobs": [{"token": other, "logprob": value} for other, value in alternatives.items()],
        }
        for token, alternatives in tokens
    ]
    return {
        "id": "c",
        "object": "chat.completion",
        "created": 1,
        "model": "stub-1",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish,
                "message": {"role": "assistant", "content": content},
                "logprobs": {"content": logprobs} if logprobs else None,
            }
        ],
        "usage": {"prompt_tokens": 100, "completion_tokens": 5, "total_tokens": 105},
    }


def refusal(status: int, message: str, **headers: str) -> Scripted:
    """Return an error as OpenAI's servers send it."""
    return Scripted({"error": {"message": message, "type": "error"}}, status, {**AT_ONCE, **headers})


def document_in(request: Mapping[str, Any]) -> str:
    """Return the document that a request asks about."""
    question: str = request["messages"][-1]["content"]
    return question.split("\n", 1)[1].rsplit("\n=====", 1)[0]


def naming(*categories: str) -> Callable[[int, Mapping[str, Any]], Scripted]:
    """Return a script that answers with the first category whose name occurs in the document, else the last one."""

    def script(_call: int, request: Mapping[str, Any]) -> Scripted:
        words = set(re.findall(r"[a-z]+", document_in(request).lower()))
        name = next((name for name in categories if name.lower() in words), categories[-1])
        return Scripted(completion(json.dumps({"category": name})))

    return script


class StubServer:
    """A server on 127.0.0.1; a context manager. `script` gets the number of each call and its request."""

    def __init__(self, script: Callable[[int, Mapping[str, Any]], Scripted], port: int = 0) -> None:
        self.requests: list[dict[str, Any]] = []
        """Every request so far."""
        self.headers: list[Mapping[str, str]] = []
        """Headers of every request."""
        self._script = script
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"
        """Address for --base-url."""

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def respond(self, request: dict[str, Any], headers: Mapping[str, str]) -> Scripted:
        """Record a request and return what to send."""
        with self._lock:
            self.requests.append(request)
            self.headers.append(headers)
            number = len(self.requests)
        return self._script(number, request)

    @property
    def documents(self) -> list[str]:
        """The documents asked about, once for every request."""
        return [document_in(request) for request in self.requests]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore clients that disconnect."""


def _handler(stub: StubServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = (
            -1
        )  # headers and body in one packet: a second one would wait for the client's acknowledgement

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            scripted = stub.respond(request, {name.lower(): value for name, value in self.headers.items()})
            time.sleep(scripted.delay)
            is_text = isinstance(scripted.body, str)
            data = (scripted.body if isinstance(scripted.body, str) else json.dumps(scripted.body)).encode()
            self.send_response(scripted.status)
            self.send_header("content-type", "text/html" if is_text else "application/json")
            self.send_header("content-length", str(len(data)))
            for name, value in scripted.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name in the base class
            """Say nothing."""

    return Handler


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8124)
    parser.add_argument("categories", nargs="*", default=["Advertising", "Forum", "News", "Educational"])
    arguments = parser.parse_args()
    with StubServer(naming(*arguments.categories), arguments.port) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
