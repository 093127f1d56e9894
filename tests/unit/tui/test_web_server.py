"""Test what a browser may send to the server of the app, and whom it lets in, without a process behind it."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import WSCloseCode, WSMessage, WSMsgType, web
from aiohttp.test_utils import TestClient, TestServer

from corpuscope.tui.web_server import LARGEST, MOST_BYTES, MOST_MESSAGES, MeteredSocket, ServedApp

TOKEN = "päss&word"
HERE = "127.0.0.1"


class Browser:
    """A socket on which messages arrive, all at once or a second each."""

    def __init__(self, *texts: str, kind: WSMsgType = WSMsgType.TEXT) -> None:
        self._messages = [WSMessage(kind, text, None) for text in texts]
        self.closed: int | None = None

    async def __aiter__(self) -> AsyncIterator[WSMessage]:
        for message in self._messages:
            yield message

    async def close(self, *, code: int, message: bytes) -> None:  # noqa: ARG002 - aiohttp's signature
        self.closed = code


async def passed_on(browser: Browser, seconds: list[float] | None = None) -> list[str]:
    """Return what reaches the app, where the messages arrive at these seconds, by default all at once."""
    times = iter(seconds or [])
    metered = MeteredSocket(browser, lambda: next(times, 0.0))  # type: ignore[arg-type]  # all it needs of one
    return [message.data async for message in metered]


@pytest.mark.parametrize(
    ("message", "sensible"),
    [
        (["stdin", "x"], True),
        (["stdin", 7], False),
        (["stdin"], False),
        (["ping", 1], True),
        (["resize", {"width": 1, "height": LARGEST}], True),
        (["resize", {"width": 0, "height": 24}], False),
        (["resize", {"width": 80, "height": LARGEST + 1}], False),
        (["resize", {"width": "80", "height": 24}], False),
        (["resize", {"width": 80}], False),
        (["resize"], False),
        ([7], False),
        ([], False),
        ({}, False),
        (None, False),
    ],
)
async def test_only_messages_of_the_form_of_the_page_reach_the_app(message: object, sensible: bool) -> None:
    text = json.dumps(message)
    assert await passed_on(Browser(text)) == [text] * sensible
    assert await passed_on(Browser(text, kind=WSMsgType.BINARY)) == []


async def test_what_is_no_json_is_left_out_and_the_next_message_arrives() -> None:
    key = json.dumps(["stdin", "j"])
    assert await passed_on(Browser("[", "[" * 100_000, key)) == [key]


async def test_a_browser_that_sends_too_many_messages_in_a_second_is_closed() -> None:
    key = json.dumps(["stdin", "j"])
    fast = Browser(*[key] * (MOST_MESSAGES + 1))
    assert len(await passed_on(fast)) == MOST_MESSAGES
    assert fast.closed == WSCloseCode.POLICY_VIOLATION
    slower = Browser(*[key] * 2 * MOST_MESSAGES)
    seconds = [1.0] * MOST_MESSAGES + [2.0] * MOST_MESSAGES
    assert len(await passed_on(slower, seconds)) == 2 * MOST_MESSAGES
    assert slower.closed is None


@pytest.mark.parametrize(("extra", "is_closed"), [(0, False), (1, True)])
async def test_a_browser_that_sends_too_much_in_a_second_is_closed(extra: int, is_closed: bool) -> None:
    half = json.dumps(["stdin", "x" * (MOST_BYTES // 2 - 20)]).ljust(MOST_BYTES // 2)
    browser = Browser(half, half + " " * extra)
    assert len(await passed_on(browser)) == 2 - is_closed
    assert (browser.closed is not None) is is_closed


@asynccontextmanager
async def visiting(host: str = HERE) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    """Serve on `host` and yield a browser on this machine."""
    with socket.create_server((host, 0)) as bound:
        served = ServedApp("true", bound, TOKEN, sessions=1)
        async with TestClient(TestServer(await served._make_app(), host=HERE)) as browser:
            yield browser


async def test_the_token_of_the_address_becomes_a_cookie_that_opens_the_page() -> None:
    async with visiting() as browser:
        for path in ("/", "/?token=wrong", "/static/js/textual.js"):
            async with browser.get(path) as refused:
                assert refused.status == 403
                assert "with its token" in await refused.text()
        async with browser.get("/", params={"token": TOKEN}, allow_redirects=False) as redirect:
            assert (redirect.status, redirect.headers["Location"]) == (302, "/")
            (cookie,) = redirect.headers.getall("Set-Cookie")
            assert "HttpOnly" in cookie
            assert "SameSite=Lax" in cookie
        async with browser.get("/") as page:
            assert page.status == 200
            assert f"ws://{HERE}:{browser.port}" in page.headers["Content-Security-Policy"]
            assert page.headers["Referrer-Policy"] == "no-referrer"
            content = await page.text()
        assert content.count('name="viewport"') == 1
        assert "googleapis" not in content
        for words in ("corpuscope has ended. Every label is on disk.", ">Open it again<"):
            assert words in content
        for path, status in (("/static/js/textual.js", 200), ("/static/js", 404), ("/static/none", 404)):
            async with browser.get(path) as answer:
                assert answer.status == status, path


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Origin": "https://elsewhere.example"}, "from another site"),
        ({"Host": "elsewhere.example"}, "to this machine only"),
        ({"Host": ""}, "to this machine only"),
    ],
)
async def test_a_token_helps_no_page_of_another_site(headers: dict[str, str], reason: str) -> None:
    async with visiting() as browser, browser.get("/", params={"token": TOKEN}, headers=headers) as refused:
        assert refused.status == 403
        assert reason in await refused.text()


async def test_a_server_for_other_machines_answers_to_every_host_name() -> None:
    headers = {"Host": "elsewhere.example", "Origin": "http://elsewhere.example"}
    async with (
        visiting("0.0.0.0") as browser,
        browser.get("/", params={"token": TOKEN}, headers=headers, allow_redirects=False) as answer,
    ):
        assert answer.status == 302


@pytest.mark.parametrize("size", ["width=0", f"width={LARGEST + 1}", "height=-1", f"height={LARGEST + 1}"])
async def test_a_terminal_of_absurd_size_is_refused_before_anything_runs(size: str) -> None:
    async with visiting() as browser:
        async with browser.get("/ws", params={"token": TOKEN}) as answer:
            assert answer.status == 426
        with pytest.raises(aiohttp.WSServerHandshakeError, match="400"):
            await browser.ws_connect(f"/ws?token=p%C3%A4ss%26word&{size}")
