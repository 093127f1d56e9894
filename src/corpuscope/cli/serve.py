"""Command that serves the app to a browser."""

from __future__ import annotations

import os
import secrets
import shlex
import socket
import sys
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

import click

from corpuscope.cli import completion
from corpuscope.cli.app_runner import log_to
from corpuscope.cli.options import on_workspace
from corpuscope.cli.stderr import say_stderr
from corpuscope.errors import UsageError
from corpuscope.extras import require_extra
from corpuscope.files import reason
from corpuscope.session.workspace import Workspace


@click.command()
@click.argument("corpora", nargs=-1, metavar="[CORPUS]...", shell_complete=completion.corpora)
@click.option(
    "--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Address to listen on."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8127,
    show_default=True,
    metavar="PORT",
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--token-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="File with the access token that visitors need.  [default: $CORPUSCOPE_TOKEN, else a random token]",
)
@click.option(
    "--sessions",
    type=click.IntRange(1, 100),
    metavar="N",
    default=4,
    show_default=True,
    help="Maximum number of browser windows at a time.",
)
@on_workspace()
def serve(
    workspace: Workspace,
    corpora: tuple[str, ...],
    host: str,
    port: int,
    token_file: Path | None,
    sessions: int,
) -> None:
    """Show the app in a browser, for a colleague without a terminal.

    Opens on the list of corpora, or on CORPUS, until ctrl-c. Every browser window is a session of its own of the
    same annotator, and only one at a time can label: give each person a server with their own --annotator and
    --port.

    A visitor needs the address with its token, which is printed once; keep a token of your own in --token-file or
    CORPUSCOPE_TOKEN, never on the command line, which every user of this machine can read. It is served to this
    machine only, unless --host names another address. The connection is plain HTTP: anyone who can listen on the
    network can read everything, the token too, so put it behind an SSH tunnel or a proxy with TLS.

    Needs the extra: pip install 'corpuscope[serve]'. Reads and writes what `corpuscope label` does; the address
    to open goes to standard output.

    \b
    Examples:
      corpuscope serve
      corpuscope serve c4 fineweb --annotator ben
      corpuscope serve --host 0.0.0.0 --port 8200
    """
    require_extra("serve", "corpuscope serve")
    from corpuscope.tui.web_server import TOKEN, ServedApp

    own_token = _token_in(token_file)
    if corpora:
        workspace.plan.request(corpora)
    bound = _listen(host, port)
    loopback = _is_loopback(bound)
    options = ["--labels", str(workspace.paths.labels.absolute()), "--annotator", workspace.annotator]
    if workspace.paths.categories:
        options += ["--categories", str(workspace.paths.categories.absolute())]
    command = ["label", *options, "--", *corpora] if corpora else ["home", *options]
    log_to(workspace.paths.log)
    name, number = ("localhost" if loopback else host), bound.getsockname()[1]
    address = f"http://{f'[{name}]' if ':' in name else name}:{number}/"
    token = own_token or secrets.token_urlsafe(18)
    click.echo(address if own_token else f"{address}?{TOKEN}={token}")
    if own_token:
        say_stderr(f"visitors open this address with your token: {address}?{TOKEN}=...")
    if not loopback:
        say_stderr(
            "anyone on the network who has this address can label here; the connection is not encrypted"
        )
    say_stderr("ctrl-c ends it; every label is already on disk")
    with suppress(KeyboardInterrupt):
        program = shlex.join([sys.executable, "-m", "corpuscope", *command])
        ServedApp(program, bound, token, sessions=sessions).run()


def _token_in(file: Path | None) -> str:
    """Return the token in a file, else that of the environment, "" without either. Raises UsageError."""
    from_environment = os.environ.pop("CORPUSCOPE_TOKEN", "")  # the processes of the app need not have it
    if file is None:
        return from_environment.strip()
    try:
        token = file.read_text(encoding="utf-8").strip()
    except OSError as fault:
        raise UsageError(f"{file}: cannot be read: {reason(fault)}") from None
    except UnicodeDecodeError as fault:
        raise UsageError(f"{file}: cannot be read: {fault}") from None
    if not token or not token.isprintable():
        raise UsageError(
            f"{file}: holds no token", "write one line into it, or leave --token-file out for a random one"
        )
    return token


def _listen(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises UsageError when the address is not of this machine or is in use."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen()
    except (OSError, UnicodeError) as fault:
        # not `reason`: a name that does not resolve has a number of its own
        why = getattr(fault, "strerror", None) or fault
        raise UsageError(
            f"cannot listen on {host}, port {port}: {why}", "choose another --host or --port"
        ) from None
    return bound


def _is_loopback(bound: socket.socket) -> bool:
    """Tell whether only this machine can connect."""
    return ip_address(str(bound.getsockname()[0]).partition("%")[0]).is_loopback
