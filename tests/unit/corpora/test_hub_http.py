"""Tests of what each refusal of the Hub, of storage and of what lies between becomes: an error, and what to do."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from huggingface_hub.utils import httpx  # type: ignore[attr-defined]  # exported lazily

from corpuscope.corpora.hub_http import FILE, AddressExpired, HubClient
from corpuscope.corpora.hub_ranges import ADDRESSES
from corpuscope.errors import AccessDenied, ConfigError, CorpuscopeError, CorpusError, SourceUnavailable

HUB = "https://hub.example"
DATASET = "/datasets/o/web"
PATH = f"{DATASET}/resolve/c0ffee/a/b.parquet"
LIST = f"/api{DATASET}/tree/main/deep"
STORAGE = "https://cdn.example/x"
MIRROR = f"https://mirror.example{PATH}"
SIGN_IN = f"{HUB}/login"
PAGE = {"Content-Type": "text/html; charset=utf-8"}
LOGIN = "log in with `hf auth login` or set HF_TOKEN"


@dataclass(frozen=True)
class Answer:
    """The answer to a request for a file, by the host to which the Hub sends, if any."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    path: str = PATH
    sent_to: str | None = None
    method: str = "GET"
    token: bool = False

    def outcome(self) -> int | CorpuscopeError:
        """Return the status that the caller gets, or the error."""

        def handler(request: httpx.Request) -> httpx.Response:
            if self.sent_to is not None and request.url == HUB + self.path:
                return httpx.Response(302, headers={"Location": self.sent_to})
            return httpx.Response(self.status, headers=self.headers)

        client = HubClient(transport=httpx.MockTransport(handler), follow_redirects=True)
        token = {"authorization": "Bearer hf_x"} if self.token else {}
        try:
            response = client.request(
                self.method, HUB + self.path, headers=token, extensions={FILE: HUB + self.path}
            )
        except CorpuscopeError as fault:
            return fault
        return int(response.status_code)


FILE_NAME = "a/b.parquet from hub.example"


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        *(
            (Answer(status), SourceUnavailable, f"{FILE_NAME}: the answer was {status}")
            for status in (408, 425, 429, 500, 599)
        ),
        (
            Answer(429, {"Retry-After": "3600"}),
            SourceUnavailable,
            f"{FILE_NAME}: the answer was 429, to be asked again in 3600 s",
        ),
        (Answer(429, {"Retry-After": "3601"}), SourceUnavailable, f"{FILE_NAME}: the answer was 429"),
        (
            Answer(500, sent_to=STORAGE),
            SourceUnavailable,
            f"{FILE_NAME}: the storage at cdn.example answered 500",
        ),
        (
            Answer(503, path=LIST),
            SourceUnavailable,
            "the file list of o/web from hub.example: the answer was 503",
        ),
        (Answer(503, path="/api/x"), SourceUnavailable, "/api/x from hub.example: the answer was 503"),
        *(
            (
                Answer(status, PAGE),
                SourceUnavailable,
                f"{FILE_NAME}: hub.example answered {status} with a web page, as a firewall or proxy does",
            )
            for status in (401, 403, 451)
        ),
        (
            Answer(403, PAGE, sent_to=STORAGE),
            SourceUnavailable,
            f"{FILE_NAME}: cdn.example answered 403 with a web page, as a firewall or proxy does",
        ),
        (Answer(404, PAGE), CorpusError, "a/b.parquet cannot be had from dataset o/web: 404"),
        (Answer(403, PAGE | {"X-Error-Message": "no"}), AccessDenied, "the Hub refused dataset o/web: no"),
        (
            Answer(404, sent_to=SIGN_IN),
            SourceUnavailable,
            f"{FILE_NAME}: hub.example sent to a page of no dataset, as a sign-in page of a network would",
        ),
        *(
            (
                Answer(status, sent_to=STORAGE),
                AddressExpired,
                f"{FILE_NAME}: the storage at cdn.example answered {status}",
            )
            for status in (400, 401, 403, 410)
        ),
        (
            Answer(404, sent_to=STORAGE),
            CorpusError,
            f"{FILE_NAME}: the storage at cdn.example answered 404",
        ),
        (
            Answer(401, sent_to=MIRROR),
            AccessDenied,
            f"{FILE_NAME}: the Hub sends to mirror.example, which answered 401, and your token is not sent there",
        ),
        (Answer(401, PAGE | {"X-Error-Code": "GatedRepo"}), AccessDenied, "dataset o/web is gated"),
        (Answer(403, {"X-Error-Code": "GatedRepo"}), AccessDenied, "dataset o/web is gated"),
        (
            Answer(404, {"X-Error-Code": "GatedRepo"}),
            CorpusError,
            "a/b.parquet cannot be had from dataset o/web: 404",
        ),
        (
            Answer(401, {"X-Error-Message": "Invalid credentials"}),
            AccessDenied,
            "the Hub does not accept your token for dataset o/web: Invalid credentials",
        ),
        (Answer(401), AccessDenied, "dataset o/web does not exist, or is private"),
        (
            Answer(404, {"X-Error-Code": "RepoNotFound"}),
            CorpusError,
            "dataset o/web does not exist, or is private",
        ),
        (Answer(403, path=LIST), AccessDenied, "the Hub refused dataset o/web: no reason given"),
        (
            Answer(404, {"X-Error-Code": "RevisionNotFound"}),
            CorpusError,
            "dataset o/web has no revision c0ffee",
        ),
        (Answer(404), CorpusError, "a/b.parquet cannot be had from dataset o/web: 404"),
        (Answer(400), CorpusError, "a/b.parquet cannot be had from dataset o/web: 400"),
        (Answer(407), ConfigError, "the proxy asks for a name and a password"),
    ],
)
def test_an_answer_names_the_file_and_the_host_at_fault(
    answer: Answer, kind: type[CorpuscopeError], message: str
) -> None:
    fault = answer.outcome()
    assert isinstance(fault, CorpuscopeError)
    assert (type(fault), fault.message) == (kind, message)


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (Answer(403, {"X-Error-Code": "GatedRepo"}), f"; then {LOGIN}"),
        (
            Answer(403, {"X-Error-Code": "GatedRepo"}, token=True),
            "; the account of your token has not been let in yet",
        ),
        (
            Answer(401, sent_to=MIRROR),
            "set HF_ENDPOINT to https://mirror.example if you trust it with your token",
        ),
        (Answer(401, {"X-Error-Message": "Invalid credentials"}), LOGIN),
        (
            Answer(403, PAGE, sent_to=STORAGE),
            "ask the administrator of this network to let cdn.example through",
        ),
        (Answer(429, {"Retry-After": "9"}), "it will be tried again"),
    ],
)
def test_a_refusal_says_what_to_do(answer: Answer, hint: str) -> None:
    fault = answer.outcome()
    assert isinstance(fault, CorpuscopeError)
    assert fault.hint.endswith(hint)


def test_an_answer_that_becomes_an_error_is_closed() -> None:
    class Body(httpx.SyncByteStream):
        closed = False

        def __iter__(self) -> Iterator[bytes]:
            yield b"why"

        def close(self) -> None:
            self.closed = True

    for status in (200, 403, 503):
        body = Body()
        transport = httpx.MockTransport(
            lambda _, status=status, body=body: httpx.Response(status, stream=body)
        )
        request = httpx.Request("GET", HUB + PATH, extensions={FILE: HUB + PATH})
        with suppress(CorpuscopeError):
            HubClient(transport=transport).send(request, stream=True)
        assert body.closed is (status != 200)


def test_an_answer_that_the_caller_judges_is_passed_on() -> None:
    answers = (
        Answer(399),
        Answer(404, {"X-Error-Code": "EntryNotFound"}),
        Answer(404, method="HEAD"),
        Answer(404, path=LIST),
        Answer(404, path="/api/x"),
        Answer(403, path="/api/x"),
    )
    assert [answer.outcome() for answer in answers] == [399, 404, 404, 404, 404, 403]


def test_an_address_is_used_until_half_a_minute_before_it_expires() -> None:
    now = time.time()
    signed = f"{datetime.now(UTC) - timedelta(seconds=100):%Y%m%dT%H%M%SZ}"
    for query, is_used in {
        f"?Expires={now + 60:.0f}": True,
        f"?expires={now + 20:.0f}&Signature=x": False,
        f"?X-Amz-Date={signed}&X-Amz-Expires=160": True,
        f"?X-Amz-Date={signed}&X-Amz-Expires=120": False,
        "?X-Amz-Expires=5": True,
        "?X-Amz-Date=yesterday&X-Amz-Expires=5": True,
        "?Expires=never": True,
        "": True,
    }.items():
        address = f"https://cdn.example/file{query}"
        ADDRESSES.keep("https://hub.example/file", address)
        assert ADDRESSES.of("https://hub.example/file") == (address if is_used else None), query


def test_only_the_address_that_failed_is_forgotten() -> None:
    ADDRESSES.keep("https://hub.example/file", "https://cdn.example/new")
    ADDRESSES.drop("https://hub.example/file", "https://cdn.example/old")
    assert ADDRESSES.of("https://hub.example/file") == "https://cdn.example/new"
    ADDRESSES.drop("https://hub.example/file", "https://cdn.example/new")
    assert ADDRESSES.of("https://hub.example/file") is None
