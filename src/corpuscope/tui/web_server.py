"""The app in a browser: textual-serve, with a door that only lets in whom it should."""

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
"""What the address carries the token in."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""Names of this machine for itself."""
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws://{host}; frame-ancestors 'none'"
)
"""The page may load nothing from elsewhere, and no other page may frame it."""
_FOREIGN_FONT = re.compile(r"<link\b[^>]*fonts\.googleapis[^>]*>")
_OWN_PARTS = """\
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
"""textual-serve's page asks another site for its font, and takes keys only after a click into it."""


class ServedApp(Server):
    """Serves one command on a socket that is bound already.

    Every visitor gets a process of its own. A browser visits many pages: requests that come from another site's
    page (Origin) or under a name that is not ours (DNS rebinding) are refused, so that no page can press keys here.
    """

    def __init__(self, command: str, bound: socket.socket, token: str | None) -> None:
        """`token` None lets in everybody who reaches the socket, which is then bound to loopback only."""
        host, port = bound.getsockname()[:2]
        super().__init__(command, host=host, port=port, title="corpuscope")
        self._bound = bound
        self._token = token
        self._cookie = f"corpuscope-{port}"  # cookies know hosts, not ports

    def run(self) -> None:
        """Serves until interrupted."""
        # open pages are asked to leave after a second, and have their ledgers closed by then
        web.run_app(self._make_app(), sock=self._bound, print=None, access_log=None, shutdown_timeout=1)

    def initialize_logging(self) -> None:
        """Logs go where the command sent them."""

    async def on_startup(self, app: web.Application) -> None:
        """Whoever starts it says where it is."""

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._door)
        return app

    async def handle_index(self, request: web.Request) -> Any:  # noqa: ANN401 - textual-serve's own
        """The page, with addresses under the name it was asked for by."""
        self.public_url = f"http://{request.host}"
        page = await super().handle_index(request)
        assert isinstance(page, web.Response)
        assert page.text is not None
        page.text = _FOREIGN_FONT.sub("", page.text).replace("</head>", _OWN_PARTS, 1)
        return page

    @web.middleware
    async def _door(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuses what does not come from our own page, and whoever lacks the token."""
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise web.HTTPForbidden(text="refused: the request comes from another site\n")
        if self._token is None:
            if (urlsplit(f"//{request.host}").hostname or "") not in LOOPBACK:
                raise web.HTTPForbidden(text="refused: served to this machine only\n")
        elif _same(request.query.get(TOKEN, ""), self._token) and request.path == "/":
            # the token leaves the address bar, and with it the history and what others see of the screen
            found = web.HTTPFound("/")
            found.set_cookie(
                self._cookie, self._token, httponly=True, samesite="Lax"
            )  # a link in a chat leads here too
            raise found
        elif not _same(request.cookies.get(self._cookie, request.query.get(TOKEN, "")), self._token):
            logging.getLogger(__name__).warning("refused %s without the token", request.remote)
            raise web.HTTPForbidden(text="refused: open the whole address, with its token\n")
        response = await handler(request)
        if not response.prepared:
            response.headers["Content-Security-Policy"] = _POLICY.format(host=request.host)
            response.headers["Referrer-Policy"] = "no-referrer"
        return response


def _same(given: str, token: str) -> bool:
    """Compares in a time that does not tell how much of it was right."""
    return hmac.compare_digest(given.encode(errors="surrogatepass"), token.encode())
