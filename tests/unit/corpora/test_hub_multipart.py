"""Tests that several ranges of a file take one request, and that storage that sends one range only is read as well."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpuscope.corpora.hub_multipart import ranges_of
from corpuscope.corpora.hub_source import HubSource
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import SourceUnavailable
from hub.faults import Fault
from hub.server import StandIn

TYPE = 'multipart/byteranges; boundary="b"'
SPANS = [(4, 9), (20, 26)]


def part(start: int, content: bytes) -> bytes:
    head = f"--b\r\nContent-Type: text/plain\r\ncontent-range: bytes {start}-{start + len(content) - 1}/99\r\n\r\n"
    return head.encode() + content + b"\r\n"


FIRST, SECOND, END = part(4, b"--b\r\n"), part(20, b"second"), b"--b--\r\n"


@pytest.mark.parametrize(
    "body",
    [
        FIRST + SECOND + END,
        b"\r\n" + FIRST + SECOND + END,
        SECOND + FIRST + END,
        part(0, b"....--b\r\n...........second.") + END,
    ],
    ids=["as asked for", "after an empty line", "in another order", "joined"],
)
def test_each_range_is_taken_from_the_part_that_holds_it(body: bytes) -> None:
    assert ranges_of(TYPE, body, SPANS) == [b"--b\r\n", b"second"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("binary/octet-stream", FIRST + SECOND + END),
        ("multipart/byteranges", FIRST + SECOND + END),
        (TYPE, b""),
        (TYPE, FIRST + END),
        (TYPE, FIRST + SECOND),
        (TYPE, FIRST + SECOND[:-4]),
        (TYPE, FIRST + b"--b\r\n\r\nsecond\r\n" + END),
        (TYPE, FIRST + part(20, b"shorter").replace(b"-26/", b"-25/") + END),
        (TYPE, FIRST + part(20, b"second").replace(b"20-25/", b"25-20/") + END),
    ],
    ids=[
        "one range",
        "no boundary",
        "empty",
        "lacks one",
        "no end",
        "cut",
        "no range",
        "longer",
        "backwards",
    ],
)
def test_an_answer_that_is_not_as_asked_for_is_not_used(kind: str, body: bytes) -> None:
    assert ranges_of(kind, body, SPANS) is None


@pytest.fixture
def corpus(hub: StandIn) -> Corpus:
    """Return a dataset of three files, each with a column of a megabyte that is not read, and others around it."""
    content = random.Random(1).randbytes(100_000)
    for number in range(3):
        table = pa.table(
            {
                "text": [f"text {number} {row}" for row in range(10)],
                "image": pa.array([content] * 10, pa.binary()),
                "source": [f"source {number} {row}" for row in range(10)],
            }
        )
        buffer = io.BytesIO()
        pq.write_table(table, buffer, use_dictionary=False)
        file = hub.root / "tester" / "pictures" / f"{number}.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(buffer.getvalue())
    return Corpus("pictures", "Pictures", "hub", "tester/pictures")


def read(source: HubSource, shard: int) -> None:
    row = source.fetch(shard, 7)
    assert row.text[0][1] == f"text {shard} 7"
    assert ("source", f"source {shard} 7") in row.metadata.items()


def test_columns_that_lie_far_apart_take_one_request(hub: StandIn, tmp_path: Path, corpus: Corpus) -> None:
    source = HubSource(corpus, None, tmp_path)
    source.manifest()
    hub.reset()
    read(source, 0)
    read(source, 1)
    calls = hub.finished_calls()
    assert [call.range.count(",") for call in calls] == [1, 1]
    assert sum(call.sent for call in calls) < 20_000


def test_storage_that_sends_one_range_only_is_asked_for_them_separately(
    hub: StandIn, tmp_path: Path, corpus: Corpus
) -> None:
    source = HubSource(corpus, None, tmp_path)
    source.manifest()
    hub.reset()
    hub.several_ranges = False
    statuses = []
    for shard in range(3):
        read(source, shard)
        statuses.append([call.status for call in hub.finished_calls()])
        hub.calls.clear()
    # A refusal may be an accident. After the second one the host gets no more of these requests.
    assert statuses == [[200, 206, 206], [200, 206, 206], [206, 206]]


@pytest.mark.parametrize("status", [400, 403, 416, 500, 501])
def test_a_refused_request_for_several_ranges_costs_no_document(
    hub: StandIn, tmp_path: Path, corpus: Corpus, status: int
) -> None:
    source = HubSource(corpus, None, tmp_path)
    source.manifest()
    hub.faults.add(Fault("status", "/storage", status=status, times=1))
    read(source, 0)


@pytest.mark.parametrize(
    "fault",
    [
        Fault("drop", "/storage"),
        Fault("half", "/storage"),
        Fault("status", "/storage", status=429, headers={"Retry-After": "3"}),
    ],
    ids=["dropped", "cut", "limit"],
)
def test_a_failing_network_and_a_used_up_limit_are_not_asked_once_more(
    hub: StandIn, tmp_path: Path, corpus: Corpus, fault: Fault
) -> None:
    source = HubSource(corpus, None, tmp_path)
    source.manifest()
    hub.reset()
    hub.faults.add(fault)
    with pytest.raises(SourceUnavailable):
        source.fetch(0, 7)
    assert len(hub.finished_calls()) == 1
