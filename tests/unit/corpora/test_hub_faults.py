"""Tests that faults of the network and the Hub are reported at once, and that later tries work."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from corpuscope.corpora.hub_source import HubSource
from corpuscope.corpora.known import KNOWN
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError, SourceUnavailable
from hub.faults import Fault, FaultKind
from hub.layouts import C4, FINEWEB, SYNTH, Layout
from hub.server import StandIn

LAYOUTS = {"c4": C4, "fineweb": FINEWEB, "synth": SYNTH}
AT_ONCE = 20.0
"""Seconds, far more than one try takes and far less than the minutes for which the libraries would retry."""

OpenSource = Callable[[str], HubSource]


@pytest.fixture
def open_source_of(hub: StandIn, tmp_path: Path) -> OpenSource:
    """Return a factory of sources with a resolved manifest, on a Hub that has logged no calls."""

    def open_source(key: str) -> HubSource:
        source = HubSource(KNOWN[key].corpus, None, tmp_path)
        source.fetch(len(source.manifest().shards) - 1, 0)
        hub.reset()
        return source

    return open_source


def fault_of(action: Callable[[], object]) -> SourceUnavailable:
    """Return the fault in which an action ends at once."""
    started = time.monotonic()
    with pytest.raises(SourceUnavailable) as caught:
        action()
    assert time.monotonic() - started < AT_ONCE
    return caught.value


def stored_text(layout: Layout, shard: int, row: int) -> str:
    record = layout.record(shard, row)
    return str(record.get("text", record.get("query")))


@pytest.mark.parametrize("key", LAYOUTS)
@pytest.mark.parametrize(
    ("kind", "where"),
    [
        ("status", "GET /datasets"),
        ("drop", "GET /datasets"),
        ("status", "GET /storage"),
        ("drop", "GET /storage"),
        ("half", "GET /storage"),
        ("shift", "GET /storage"),
    ],
)
def test_a_failed_fetch_fails_at_once_and_works_when_the_fault_is_over(
    hub: StandIn, open_source_of: OpenSource, key: str, kind: FaultKind, where: str
) -> None:
    source = open_source_of(key)
    hub.faults.add(Fault(kind, where, times=1))
    assert LAYOUTS[key].shards[0] in fault_of(lambda: source.fetch(0, 5)).message
    row = source.fetch(0, 5)
    assert row.text[0][1] == stored_text(LAYOUTS[key], 0, 5)


@pytest.mark.parametrize("key", LAYOUTS)
@pytest.mark.parametrize("kind", ["status", "drop", "half"])
def test_a_fault_at_the_first_request_of_a_thread_does_not_blame_the_file(
    hub: StandIn, open_source_of: OpenSource, key: str, kind: FaultKind
) -> None:
    source = open_source_of(key)
    hub.faults.add(Fault(kind, "GET /(api|storage)", times=1))
    with ThreadPoolExecutor(1) as thread:
        thread.submit(fault_of, lambda: source.fetch(0, 5)).result()
        row = thread.submit(source.fetch, 0, 5).result()
    assert row.text[0][1] == stored_text(LAYOUTS[key], 0, 5)


@pytest.mark.parametrize("request_number", range(2))
@pytest.mark.parametrize("kind", ["status", "drop"])
def test_a_fault_at_any_request_of_a_cold_start_is_reported_at_once(
    hub: StandIn, tmp_path: Path, kind: FaultKind, request_number: int
) -> None:
    source = HubSource(KNOWN["c4"].corpus, None, tmp_path)
    hub.faults.add(Fault(kind, after=request_number, times=1))
    fault_of(source.manifest)
    assert len(source.manifest().shards) == len(C4.shards)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_every_transient_status_allows_another_try(
    hub: StandIn, open_source_of: OpenSource, status: int
) -> None:
    source = open_source_of("fineweb")
    hub.faults.add(Fault("status", "/storage", status=status))
    assert str(status) in fault_of(lambda: source.fetch(0, 0)).message
    assert len(hub.finished_calls()) < 4


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "3"}, 3.0),
        ({"RateLimit": '"api";r=0;t=55', "RateLimit-Policy": '"fixed window";"api";q=500;w=300'}, 55.0),
        ({"RateLimit": '"api";r=0;t=2', "Retry-After": "9"}, 2.0),
        ({"RateLimit": '"api";r=12;t=55'}, None),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "9" * 400}, None),
        ({"Retry-After": "86400"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "1e9"}, None),
        ({"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}, None),
        ({"RateLimit": '"api";r=0;t=99999999999999999999'}, None),
        ({"RateLimit": '"api";r=0;t=soon', "Retry-After": "2"}, 2.0),
        ({}, None),
    ],
)
def test_a_busy_hub_says_how_long_to_wait(
    hub: StandIn, open_source_of: OpenSource, headers: dict[str, str], seconds: float | None
) -> None:
    source = open_source_of("fineweb")
    hub.faults.add(Fault("status", status=429, headers=headers))
    assert fault_of(lambda: source.fetch(0, 0)).retry_after == seconds


def test_a_silent_server_times_out(hub: StandIn, open_source_of: OpenSource) -> None:
    source = open_source_of("fineweb")
    hub.faults.add(Fault("slow", "/storage", seconds=2.6, times=1))
    with pytest.raises(SourceUnavailable, match="in time"):
        source.fetch(0, 0)


def test_a_slow_answer_is_accepted(hub: StandIn, open_source_of: OpenSource) -> None:
    source = open_source_of("c4")
    hub.faults.add(Fault("slow", "/storage", seconds=0.3, times=1))
    assert source.fetch(1, 1).text[0][1] == C4.record(1, 1)["text"]


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (200, {}, b"<html>a sign-in page</html>"),
        (206, {}, b"no range is named"),
        (206, {"Content-Range": "bytes 0-13/14"}, b"another range"),
        (206, {"Content-Range": "bytes soon"}, b""),
        (206, {"Content-Type": "multipart/byteranges; boundary=x"}, b"--x\r\n\r\nno parts\r\n--x--"),
        (206, {"Content-Encoding": "gzip"}, b"not compressed"),
        (302, {"Location": ""}, b""),
        (302, {"Location": "http://[::1"}, b""),
        (204, {}, b""),
        (304, {}, b""),
    ],
)
@pytest.mark.parametrize("where", ["/storage", "/datasets"])
@pytest.mark.parametrize("key", ["c4", "fineweb"])
def test_an_answer_that_is_not_what_was_asked_for_is_never_read_as_a_document(
    hub: StandIn,
    open_source_of: OpenSource,
    key: str,
    where: str,
    status: int,
    headers: dict[str, str],
    body: bytes,
) -> None:
    source = open_source_of(key)
    hub.faults.add(Fault("status", f"GET {where}", status=status, headers=headers, body=body))
    fault_of(lambda: source.fetch(0, 5))
    hub.faults.clear()
    assert source.fetch(0, 5).text[0][1] == stored_text(LAYOUTS[key], 0, 5)


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"null",
        b"[1]",
        b'[{"type": "file"}]',
        b'[{"type": "file", "path": 7, "size": 1}]',
        b'[{"type": "file", "path": "en/a.json.gz", "size": "much"}]',
        b'[{"type": "file", "path": "en/a.json.gz", "size": -1}]',
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_a_file_list_that_is_none_can_be_asked_for_again(hub: StandIn, tmp_path: Path, body: bytes) -> None:
    source = HubSource(KNOWN["c4"].corpus, None, tmp_path)
    hub.faults.add(Fault("status", "GET /api/.*/tree", status=200, body=body))
    assert "the file list of allenai/c4" in fault_of(source.manifest).message
    hub.faults.clear()
    assert len(source.manifest().shards) == len(C4.shards)


@pytest.mark.parametrize("status", [204, 206, 304])
def test_an_answer_without_a_file_list_is_not_an_empty_one(hub: StandIn, tmp_path: Path, status: int) -> None:
    source = HubSource(KNOWN["c4"].corpus, None, tmp_path)
    hub.faults.add(Fault("status", "GET /api/.*/tree", status=status, body=b""))
    assert str(status) in fault_of(source.manifest).message


def test_a_sign_in_page_of_a_network_blames_no_file(hub: StandIn, open_source_of: OpenSource) -> None:
    source = open_source_of("c4")
    hub.faults.add(Fault("status", "GET /datasets", status=302, headers={"Location": "/login"}))
    assert "sign-in page" in fault_of(lambda: source.fetch(0, 5)).message


def test_a_file_list_without_an_end_is_not_followed_for_ever(hub: StandIn, tmp_path: Path) -> None:
    source = HubSource(KNOWN["c4"].corpus, None, tmp_path)
    page = {"Link": f'<{hub.endpoint}/api/datasets/allenai/c4/tree/main?cursor=1>; rel="next"'}
    hub.faults.add(Fault("status", "GET /api/.*/tree", status=200, headers=page, body=b"[]"))
    assert "has no end" in fault_of(source.manifest).message


@pytest.mark.parametrize("key", LAYOUTS)
def test_a_missing_file_does_not_affect_the_others(
    hub: StandIn, open_source_of: OpenSource, key: str
) -> None:
    source = open_source_of(key)
    missing = LAYOUTS[key].shards[0]
    hub.faults.add(Fault("status", f"resolve/.*{missing}", status=404))
    with pytest.raises(CorpusError, match=missing):
        source.fetch(0, 0)
    assert source.fetch(2, 0).text[0][1] == stored_text(LAYOUTS[key], 2, 0)


def test_an_expired_storage_address_is_requested_again(hub: StandIn, open_source_of: OpenSource) -> None:
    source = open_source_of("fineweb")
    hub.faults.add(Fault("status", "/storage", status=403, times=1))
    fault_of(lambda: source.fetch(0, 0))
    assert source.fetch(0, 0).text[0][1] == stored_text(FINEWEB, 0, 0)


def test_a_corpus_opens_when_its_largest_file_is_missing(hub: StandIn, tmp_path: Path) -> None:
    copy = replace(FINEWEB, dataset="tester/damaged")
    copy.build(hub.root)
    source = HubSource(Corpus("copied", "Copied", "hub", copy.dataset, files="sample/10BT/*"), None, tmp_path)
    largest = max(copy.shards, key=lambda name: (hub.root / copy.dataset / name).stat().st_size)
    hub.faults.add(Fault("status", f"resolve/.*/{largest}", status=404))
    assert tuple(shard.name for shard in source.manifest().shards) == FINEWEB.shards


def test_closing_ends_the_source(open_source_of: OpenSource) -> None:
    source = open_source_of("c4")
    source.close()
    with pytest.raises(SourceUnavailable, match="closed"):
        source.fetch(0, 0)
