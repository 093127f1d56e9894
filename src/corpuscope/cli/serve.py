"""Command that serves the app to a browser."""

from __future__ import annotations

import secrets
import shlex
import socket
import sys
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import quote

import click

from corpuscope.cli import completion
from corpuscope.cli.app_runner import log_to
from corpuscope.cli.options import on_workspace
from corpuscope.cli.stderr import say_stderr
from corpuscope.errors import UsageError
from corpuscope.session.workspace import Workspace

_INSTALL_HINT = 'the server is an extra: pip install "corpuscope[serve]", or textual-serve beside corpuscope'


@click.command()
@click.argument("corpora", nargs=-1, metavar="[CORPUS]...", shell_complete=completion.corpora)
@click.option(
    "--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Address to listen on."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8127, show_default=True, help="Port; 0 takes a free one."
)
@click.option(
    "--token",
    metavar="TOKEN",
    help="What a visitor has to know [default: none on this machine, a random one on any other address].",
)
@on_workspace()
def serve(
    workspace: Workspace,
    corpora: tuple[str, ...],
    host: str,
    port: int,
    token: str | None,
) -> None:
    """Show the app in a browser, for a colleague without a terminal.

    Opens on the list of corpora, or on CORPUS, until ctrl-c. Every browser window is a sitting of its own of the
    same annotator: give each person a server with their own --annotator and --port.

    It is served to this machine only, where its other users can open it too unless --token is given; on any
    other --host a visitor needs the address with its token. The connection is plain HTTP: whoever can listen on
    the network reads along, the token too, so put it behind an SSH tunnel or a proxy with TLS.

    Needs the extra: pip install 'corpuscope[serve]'. Reads and writes what `corpuscope label` does; the address
    to open goes to standard output.

    \b
    Examples:
      corpuscope serve
      corpuscope serve c4 fineweb --annotator ben
      corpuscope serve --host 0.0.0.0 --port 8200
    """
    try:
        from corpuscope.tui.web_server import TOKEN, ServedApp
    except ImportError:
        raise UsageError(
            "corpuscope serve needs textual-serve, which is not installed", _INSTALL_HINT
        ) from None
    if corpora:
        workspace.plan.request(corpora)
    bound = _listen(host, port)
    loopback = _is_loopback(bound)
    if token == "":
        raise UsageError("--token is empty", "leave it out for a random one")
    required_token = token or (None if loopback else secrets.token_urlsafe(18))
    options = ["--labels", str(workspace.paths.labels.absolute()), "--annotator", workspace.annotator]
    if workspace.paths.categories:
        options += ["--categories", str(workspace.paths.categories.absolute())]
    command = ["label", *options, "--", *corpora] if corpora else ["home", *options]
    log_to(workspace.paths.log)
    name, number = ("localhost" if loopback else host), bound.getsockname()[1]
    address = f"http://{f'[{name}]' if ':' in name else name}:{number}/"
    click.echo(address + (f"?{TOKEN}={quote(required_token, safe='')}" if required_token else ""))
    if not loopback:
        say_stderr(
            "anyone on the network who has this address can label here; the connection is not encrypted"
        )
    say_stderr("ctrl-c ends it; every label is on disk already")
    with suppress(KeyboardInterrupt):
        ServedApp(shlex.join([sys.executable, "-m", "corpuscope", *command]), bound, required_token).run()


def _listen(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises UsageError when the address is not of this machine or is in use."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen()
    except (OSError, UnicodeError) as fault:
        reason = getattr(fault, "strerror", None) or fault
        raise UsageError(
            f"cannot listen on {host}, port {port}: {reason}", "choose another --host or --port"
        ) from None
    return bound


def _is_loopback(bound: socket.socket) -> bool:
    """Tell whether only this machine can connect."""
    return ip_address(str(bound.getsockname()[0]).partition("%")[0]).is_loopback
