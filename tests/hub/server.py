"""A loopback stand-in of the Hugging Face Hub, for tests and for trying the app by hand.

    PYTHONPATH=tests python -m hub.server --port 8123 --root /tmp/hub

This builds small copies of C4, FineWeb, FineWeb-Edu and SYNTH in their real layouts under the root (once) and
prints the HF_ENDPOINT to start the app with. `--latency 0.05 --bandwidth 20e6` is a typical network.
"""

from __future__ import annotations

import argparse
import sys
import threading
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

from hub.handler import Handler
from hub.layouts import build_all
from hub.state import State


class StandIn(State):
    """A server of a folder of datasets on 127.0.0.1.

    Files are served as on the real Hub: the first address answers 302, and a second port answers the range. The
    constructor binds both ports, but nothing is served before `start`.
    """

    def __init__(
        self, root: Path, *, port: int = 0, latency: float = 0.0, bandwidth: float | None = None
    ) -> None:
        super().__init__(root, latency=latency, bandwidth=bandwidth)
        self._front = _Server(("127.0.0.1", port), partial(Handler, self))
        self._storage = _Server(("127.0.0.1", 0), partial(Handler, self))
        self.endpoint = _address(self._front)
        self.storage = _address(self._storage)

    def start(self) -> None:
        """Start serving in background threads."""
        for server in (self._front, self._storage):
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Stop serving and close both ports."""
        for server in (self._front, self._storage):
            server.shutdown()
            server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore clients that disconnect."""


def _address(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


def main() -> None:
    """Serve until interrupted."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--port", type=int, default=8123)
    arguments.add_argument("--root", type=Path, required=True, help="where the datasets are built")
    arguments.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    arguments.add_argument("--bandwidth", type=float, help="bytes a second of the one link")
    options = arguments.parse_args()
    build_all(options.root)
    hub = StandIn(options.root, port=options.port, latency=options.latency, bandwidth=options.bandwidth)
    hub.start()
    sys.stdout.write(f"HF_ENDPOINT={hub.endpoint}\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main()
