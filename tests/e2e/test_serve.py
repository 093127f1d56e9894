"""Tests of `corpuscope serve`: the app in a browser, for authorised visitors only."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from corpuscope.ledger.read.reader import LedgerReader


@contextmanager
def serving(folder: Path, *arguments: str, token: str = "") -> Iterator[URL]:
    """Run a server and yield the address that visitors open; one that hangs is killed after two minutes."""
    server = subprocess.Popen(
        [sys.executable, "-m", "corpuscope", "serve", "--port", "0", *arguments],
        cwd=folder,
        env={**os.environ, "HOME": str(folder / "home"), "CORPUSCOPE_TOKEN": token},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    timer = threading.Timer(120, server.kill)
    timer.start()
    try:
        printed = URL(server.stdout.readline().strip())
        assert ("token" in printed.query) is not bool(token), "only a random token is printed"
        assert (token or printed.query["token"]) not in command_lines()
        yield printed.update_query(token=token) if token else printed
    finally:
        server.send_signal(signal.SIGINT)
        _, stderr = server.communicate(timeout=60)
        timer.cancel()
    assert server.returncode == 0
    assert "Traceback" not in stderr


def command_lines() -> str:
    """Return the command lines of all processes, as any user of the machine can read them."""
    if sys.platform != "linux":
        return subprocess.run(["ps", "-Aww", "-o", "args"], capture_output=True, text=True, check=True).stdout
    texts = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # a process that has ended meanwhile
            texts.append(path.read_text(errors="replace"))
    assert any("serve" in text for text in texts)
    return "\n".join(texts)


async def received(page: aiohttp.ClientWebSocketResponse, matches: Callable[[str], bool]) -> str:
    """Return everything the page was sent until it meets a condition."""
    text = ""
    async with asyncio.timeout(60):
        while not matches(text):
            message = await page.receive()
            assert message.type is not aiohttp.WSMsgType.CLOSED, text
            if message.type is aiohttp.WSMsgType.BINARY:
                text += message.data.decode("utf-8", "replace")
    return text


async def test_a_document_is_read_and_labelled_in_a_browser(tmp_path: Path) -> None:
    with serving(tmp_path, "demo-crawl", "--annotator", "ben; touch hacked") as at:
        async with aiohttp.ClientSession(at.origin()) as browser:
            async with browser.get(at.relative()) as page:
                assert page.status == 200
                content = await page.text()
                assert f"ws://localhost:{at.port}/ws" in content
                assert "googleapis" not in content
                assert "focus" in content
                assert "default-src 'self'" in page.headers["Content-Security-Policy"]
            headers = {"Origin": str(at.origin())}
            async with browser.ws_connect("/ws?width=100&height=30", headers=headers) as page:
                await received(page, lambda text: "0 / 40" in text and "words" in text)
                await page.send_json(["stdin", "2"])
                await received(page, lambda text: "Advertising" in text and "1 / 40" in text)
    (label,) = LedgerReader(tmp_path / "labels").read().recent()
    assert (label.category, label.annotator) == ("Advertising", "ben; touch hacked")
    assert not (tmp_path / "hacked").exists()


@pytest.mark.parametrize("headers", [{"Origin": "https://elsewhere.example"}, {"Host": "elsewhere.example"}])
async def test_pages_of_other_sites_are_refused(tmp_path: Path, headers: dict[str, str]) -> None:
    with serving(tmp_path, "--host", "127.0.0.1") as at:
        async with aiohttp.ClientSession(at.origin()) as browser:
            await browser.get(at.relative())
            with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
                await browser.ws_connect("/ws", headers=headers)


async def test_without_its_token_every_request_is_refused(tmp_path: Path) -> None:
    with serving(tmp_path, token="päss&word") as at:
        async with aiohttp.ClientSession(at.origin()) as browser:
            for path in ("/", "/?token=wrong", "/static/js/textual.js", "/download/x"):
                async with browser.get(path) as answer:
                    assert answer.status == 403, path
            with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
                await browser.ws_connect("/ws")
            async with browser.get(at.relative()) as page:
                assert page.status == 200
                assert not page.url.query
            async with browser.get("/static/js/textual.js") as script:
                assert script.status == 200
            async with browser.ws_connect("/ws", headers={"Origin": str(at.origin())}) as page:
                await received(page, lambda text: "corpuscope" in text)


async def test_a_visitor_gets_only_what_the_page_needs(tmp_path: Path) -> None:
    with serving(tmp_path, "--sessions", "1") as at:
        async with aiohttp.ClientSession(at.origin()) as browser:
            await browser.get(at.relative())
            for path, status in {
                "/ws": 426,
                "/static/": 404,
                "/static/js/": 404,
                "/ws?width=1000000000": 426,
                "/": 200,
            }.items():
                async with browser.get(path) as answer:
                    assert answer.status == status, path
            with pytest.raises(aiohttp.WSServerHandshakeError, match="400"):
                await browser.ws_connect("/ws?width=1000000000")
            async with browser.ws_connect("/ws") as page:
                await received(page, lambda text: "corpuscope" in text)
                async with browser.get("/") as refused:
                    assert refused.status == 503
                    assert "1 of 1 windows are open" in await refused.text()
                for _ in range(1_000):
                    await page.send_json(["stdin", "j"])
                async with asyncio.timeout(60):
                    while (message := await page.receive()).type is not aiohttp.WSMsgType.CLOSE:
                        assert message.type is aiohttp.WSMsgType.BINARY
                assert page.close_code == aiohttp.WSCloseCode.POLICY_VIOLATION
            async with browser.get("/") as again:
                assert again.status == 200
                content = await again.text()
            assert "corpuscope has ended. Every label is on disk." in content
            assert "Session ended" not in content
            assert 'name="viewport"' in content


def test_an_address_beyond_this_machine_gets_a_random_token_and_a_warning(tmp_path: Path) -> None:
    program = (
        "import sys; from corpuscope.cli import run; from corpuscope.tui.web_server import ServedApp\n"
        "class Quiet(ServedApp):\n def run(self): pass\n"
        "import corpuscope.tui.web_server as served; served.ServedApp = Quiet\n"
        "sys.exit(run(['serve', '--host', '0.0.0.0', '--port', '0']))"
    )
    process = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert process.returncode == 0, process.stderr
    assert len(URL(process.stdout.strip()).query["token"]) >= 24
    assert "not encrypted" in process.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--host", "203.0.113.7"], "cannot listen on 203.0.113.7, port 8127"),
        (["no-such-corpus"], "no-such-corpus"),
    ],
)
def test_what_cannot_be_served_is_an_error(tmp_path: Path, arguments: list[str], message: str) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "corpuscope", "serve", *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert process.returncode == 2
    assert message in process.stderr
