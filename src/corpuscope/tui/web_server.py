"""The app in a browser: textual-serve with access control."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import re
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web
from textual_serve.app_service import AppService
from textual_serve.server import Server, to_int

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

TOKEN = "token"  # noqa: S105 - the name of the parameter
"""Query parameter of the address that carries the token."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""Host names and addresses by which this machine reaches itself."""
PATIENCE = 2.0
"""Seconds to wait for a window that is just closing, as when a page is loaded again."""
LARGEST = 1_000
"""Most columns or rows of a browser's terminal: painting takes memory for each."""
MOST_MESSAGES, MOST_BYTES = 500, 1 << 18
"""Messages and bytes that a browser may send in a second; fast typing takes 30, a mouse a few hundred."""
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws://{host}; frame-ancestors 'none'"
)
"""Content security policy: the page loads nothing from other hosts, and no other page may frame it."""
_FOREIGN_FONT = re.compile(r"<link\b[^>]*fonts\.googleapis[^>]*>")
_HEAD_ADDITIONS = """\
<link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body, .shade, .intro { background: #121212 !important; color: #e0e0e0; }
.intro { width: auto; max-width: 30rem; flex-direction: column; }
.intro svg { display: none; }
body Button { background: #1c2228; color: #ffb454; border: 1px solid #4a5560; }
body Button:hover { background: #1b2530; }
@font-face {
  font-family: "Roboto Mono";
  font-weight: 100 700;
  src: url("/static/fonts/RobotoMono-VariableFont_wght.ttf");
}
</style>
<link rel="preload" href="/static/fonts/RobotoMono-VariableFont_wght.ttf" as="font" type="font/ttf" crossorigin>
<script>
addEventListener("DOMContentLoaded", () => {
  const terminal = document.getElementById("terminal");
  const largest = Math.floor(innerWidth / (62 * 0.6));  // 60 columns and a scroll bar; a cell is 0.6 wide
  terminal.dataset.fontSize = Math.max(Math.min(terminal.dataset.fontSize, largest), 8);
});
addEventListener("load", () => {
  const focus = () => document.querySelector("#terminal textarea")?.focus();
  new MutationObserver(focus).observe(document.body, { attributeFilter: ["class"] });
  addEventListener("focus", focus);
});
</script>
</head>"""
"""Added to textual-serve's page, which requests its font from another site, takes keys only after a click, and has 40
columns on a phone, where the app needs 60."""
_END = (("Session ended.", "corpuscope has ended. Every label is on disk."), (">Restart<", ">Open it again<"))
"""Words of textual-serve's page and what stands in their place."""


class MeteredSocket:
    """A browser's socket that is closed when too much arrives, and passes on no absurd size of its terminal."""

    def __init__(
        self, socket: web.WebSocketResponse, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Meter the messages of `socket` by a clock of seconds."""
        self._socket = socket
        self._monotonic = monotonic
        self._second = 0
        self._messages = self._bytes = 0

    async def send_json(self, data: object) -> None:
        """Send a value to the browser."""
        await self._socket.send_json(data)

    async def __aiter__(self) -> AsyncIterator[WSMessage]:
        async for message in self._socket:
            if self._flooded(len(message.data or "")):
                logging.getLogger(__name__).warning("a window was closed: it sent too much in a second")
                await self._socket.close(code=WSCloseCode.POLICY_VIOLATION, message=b"too much input")
                return
            if message.type == WSMsgType.TEXT and _is_sensible(message.data):
                yield message

    def _flooded(self, size: int) -> bool:
        """Count a message of `size` characters, and tell whether this second has had too many."""
        second = int(self._monotonic())
        if second != self._second:
            self._second, self._messages, self._bytes = second, 0, 0
        self._messages += 1
        self._bytes += size
        return self._messages > MOST_MESSAGES or self._bytes > MOST_BYTES


def _is_sensible(text: str) -> bool:
    """Tell whether a message of a browser has the form of textual-serve's own page."""
    try:
        kind, *rest = json.loads(text)
        if kind == "resize":
            return all(
                isinstance(rest[0][side], int) and 0 < rest[0][side] <= LARGEST
                for side in ("width", "height")
            )
        return isinstance(kind, str) and (kind != "stdin" or isinstance(rest[0], str))
    except (ValueError, TypeError, LookupError, RecursionError):
        return False


class ServedApp(Server):
    """Serve one command on a socket that is bound already.

    Every visitor gets a separate process. Requests without the token, from another site's page (`Origin`), or
    under a foreign host name (DNS rebinding) are refused, so that no other page open in the browser can press
    keys here.
    """

    def __init__(self, command: str, bound: socket.socket, token: str, *, sessions: int) -> None:
        """Prepare to serve `command` on `bound` to visitors with `token`, at most `sessions` at a time."""
        host, port = bound.getsockname()[:2]
        super().__init__(command, host=host, port=port, title="corpuscope")
        self._bound = bound
        self._local = ip_address(host.partition("%")[0]).is_loopback
        self._token = token
        self._sessions = sessions
        self._free = asyncio.Semaphore(sessions)
        self._cookie = f"corpuscope-{port}"  # a cookie is sent to every port of its host

    def run(self) -> None:
        """Serve until interrupted."""
        # open pages get a second to close their ledgers
        web.run_app(self._make_app(), sock=self._bound, print=None, access_log=None, shutdown_timeout=1)

    def initialize_logging(self) -> None:
        """Leave logging as the command configured it."""

    async def on_startup(self, app: web.Application) -> None:
        """Print nothing: the command prints the address."""

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._check_access)
        return app

    async def _take_session(self) -> None:
        """Take a session, also one that ends in a moment. Raises `HTTPServiceUnavailable` when all are taken."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._free.acquire()
        except TimeoutError:
            text = f"{self._sessions} of {self._sessions} windows are open: close one and load this page again,\n"
            text += "or start the server with more --sessions\n"
            raise web.HTTPServiceUnavailable(text=text) from None

    async def _process_messages(self, websocket: web.WebSocketResponse, app_service: AppService) -> None:
        """Process messages of a browser as long as it does not send too many."""
        await super()._process_messages(MeteredSocket(websocket), app_service)  # type: ignore[arg-type]

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Run the command for one browser window, unless there are too many."""
        if not web.WebSocketResponse().can_prepare(request):
            raise web.HTTPUpgradeRequired(text="this address is for the page of corpuscope itself\n")
        for side in ("width", "height"):
            if not 0 < to_int(request.query.get(side, "1"), 1) <= LARGEST:
                raise web.HTTPBadRequest(text=f"{side} is out of range\n")
        await self._take_session()
        try:
            return await super().handle_websocket(request)
        finally:
            self._free.release()

    async def handle_index(self, request: web.Request) -> Any:  # noqa: ANN401 - textual-serve's own
        """Return the page, with its addresses under the host name of the request."""
        await self._take_session()
        self._free.release()  # the page takes it again
        self.public_url = f"http://{request.host}"
        page = await super().handle_index(request)
        assert isinstance(page, web.Response)
        assert page.text is not None
        page.text = _FOREIGN_FONT.sub("", page.text).replace("</head>", _HEAD_ADDITIONS, 1)
        for words, ours in _END:
            page.text = page.text.replace(words, ours)
        return page

    @web.middleware
    async def _check_access(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse requests from other sites' pages and requests without the token.

        Raises `HTTPForbidden` for these, and `HTTPFound` to replace the token in the address by a cookie.
        """
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise web.HTTPForbidden(text="refused: the request comes from another site\n")
        if self._local and (urlsplit(f"//{request.host}").hostname or "") not in LOOPBACK:
            raise web.HTTPForbidden(text="refused: served to this machine only\n")
        if _same(request.query.get(TOKEN, ""), self._token) and request.path == "/":
            # the redirect removes the token from the address bar, the history and shared screens
            redirect = web.HTTPFound("/")
            # Lax, not Strict: the address may be opened from a link in a chat
            redirect.set_cookie(self._cookie, self._token, httponly=True, samesite="Lax")
            raise redirect
        if not _same(request.cookies.get(self._cookie, request.query.get(TOKEN, "")), self._token):
            logging.getLogger(__name__).warning("refused %s without the token", request.remote)
            raise web.HTTPForbidden(text="refused: open the whole address, with its token\n")
        if (self.statics_path / request.match_info.get("filename", "-")).is_dir():
            raise web.HTTPNotFound(text="there is no such file\n")
        response = await handler(request)
        if not response.prepared:
            response.headers["Content-Security-Policy"] = _POLICY.format(host=request.host)
            response.headers["Referrer-Policy"] = "no-referrer"
        return response


def _same(given: str, token: str) -> bool:
    """Compare in constant time, so that the duration does not reveal how much of `given` is right."""
    return hmac.compare_digest(given.encode(errors="surrogatepass"), token.encode())
