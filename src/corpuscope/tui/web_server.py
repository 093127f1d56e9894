"""The app in a browser: textual-serve with access control."""

from __future__ import annotations

import hmac
import logging
import re
import socket
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.server import Server

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

TOKEN = "token"  # noqa: S105 - the name of the parameter
"""Query parameter of the address that carries the token."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""Host names and addresses by which this machine reaches itself."""
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws://{host}; frame-ancestors 'none'"
)
"""Content security policy: the page loads nothing from other hosts, and no other page may frame it."""
_FOREIGN_FONT = re.compile(r"<link\b[^>]*fonts\.googleapis[^>]*>")
_HEAD_ADDITIONS = """\
<link rel="icon" href="data:,">
<style>
@font-face {
  font-family: "Roboto Mono";
  font-weight: 100 700;
  src: url("/static/fonts/RobotoMono-VariableFont_wght.ttf");
}
</style>
<link rel="preload" href="/static/fonts/RobotoMono-VariableFont_wght.ttf" as="font" type="font/ttf" crossorigin>
<script>
addEventListener("load", () => {
  const focus = () => document.querySelector("#terminal textarea")?.focus();
  new MutationObserver(focus).observe(document.body, { attributeFilter: ["class"] });
  addEventListener("focus", focus);
});
</script>
</head>"""
"""Added to textual-serve's page, which requests its font from another site and takes keys only after a click."""


class ServedApp(Server):
    """Serve one command on a socket that is bound already.

    Every visitor gets a separate process. Requests from another site's page (`Origin`) or under a foreign host
    name (DNS rebinding) are refused, so that no other page open in the browser can press keys here.
    """

    def __init__(self, command: str, bound: socket.socket, token: str | None) -> None:
        """Prepare to serve `command` on `bound`.

        With `token` None everybody who reaches the socket is let in; it must then be bound to loopback.
        """
        host, port = bound.getsockname()[:2]
        super().__init__(command, host=host, port=port, title="corpuscope")
        self._bound = bound
        self._token = token
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

    async def handle_index(self, request: web.Request) -> Any:  # noqa: ANN401 - textual-serve's own
        """Return the page, with its addresses under the host name of the request."""
        self.public_url = f"http://{request.host}"
        page = await super().handle_index(request)
        assert isinstance(page, web.Response)
        assert page.text is not None
        page.text = _FOREIGN_FONT.sub("", page.text).replace("</head>", _HEAD_ADDITIONS, 1)
        return page

    @web.middleware
    async def _check_access(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse requests from other sites' pages and requests without the token.

        Raises `HTTPForbidden` for these, and `HTTPFound` to replace the token in the address by a cookie.
        """
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise web.HTTPForbidden(text="refused: the request comes from another site\n")
        if self._token is None:
            if (urlsplit(f"//{request.host}").hostname or "") not in LOOPBACK:
                raise web.HTTPForbidden(text="refused: served to this machine only\n")
        elif _same(request.query.get(TOKEN, ""), self._token) and request.path == "/":
            # the redirect removes the token from the address bar, the history and shared screens
            redirect = web.HTTPFound("/")
            # Lax, not Strict: the address may be opened from a link in a chat
            redirect.set_cookie(self._cookie, self._token, httponly=True, samesite="Lax")
            raise redirect
        elif not _same(request.cookies.get(self._cookie, request.query.get(TOKEN, "")), self._token):
            logging.getLogger(__name__).warning("refused %s without the token", request.remote)
            raise web.HTTPForbidden(text="refused: open the whole address, with its token\n")
        response = await handler(request)
        if not response.prepared:
            response.headers["Content-Security-Policy"] = _POLICY.format(host=request.host)
            response.headers["Referrer-Policy"] = "no-referrer"
        return response


def _same(given: str, token: str) -> bool:
    """Compare in constant time, so that the duration does not reveal how much of `given` is right."""
    return hmac.compare_digest(given.encode(errors="surrogatepass"), token.encode())
