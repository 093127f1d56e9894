"""Tests that the Hub is asked for as little as possible, and that nothing else than it is asked."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from corpuscope import __version__
from corpuscope.corpora.hub_source import HubSource
from corpuscope.corpora.known import KNOWN
from corpuscope.domain.corpus import Corpus, TextColumn
from corpuscope.errors import SourceUnavailable
from hub.faults import Fault
from hub.layouts import C4, FINEWEB, LAYOUTS, SYNTH, Layout
from hub.server import StandIn
from hub.state import Access

C4_CORPUS = KNOWN["c4"].corpus
FINEWEB_CORPUS = KNOWN["fineweb"].corpus


def publish(hub: StandIn, name: str, files: dict[str, bytes]) -> Corpus:
    for path, content in files.items():
        file = hub.root / "tester" / name / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return Corpus(name, name, "hub", f"tester/{name}")


def port(address: str) -> int | None:
    return urlsplit(address).port


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.dataset)
def test_a_cold_start_is_one_page_of_a_file_list_and_a_warm_one_needs_none(
    hub: StandIn, tmp_path: Path, layout: Layout
) -> None:
    corpus = next(entry.corpus for entry in KNOWN.values() if entry.corpus.path == layout.dataset)
    commit = HubSource(corpus, None, tmp_path).manifest().revision
    assert hub.api_calls() == 1
    hub.reset()
    warm = HubSource(corpus, commit, tmp_path)
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda shard: warm.fetch(shard, 1), (0, 1, 2)))
    assert hub.api_calls() == 0


def test_a_slow_hub_api_does_not_keep_a_pinned_corpus_from_starting(hub: StandIn, tmp_path: Path) -> None:
    commit = HubSource(C4_CORPUS, None, tmp_path).manifest().revision
    hub.faults.add(Fault("hold", "/api/datasets"))
    assert HubSource(C4_CORPUS, commit, tmp_path).fetch(1, 1).text[0][1] == C4.record(1, 1)["text"]


def test_the_address_of_a_file_is_resolved_once(hub: StandIn, tmp_path: Path) -> None:
    source = HubSource(FINEWEB_CORPUS, None, tmp_path)
    source.fetch(0, 0)
    hub.reset()
    for row in (1, 60, 129):
        source.fetch(0, row)
    assert [call.status for call in hub.finished_calls()] == [206, 206, 206]


def test_the_first_rows_of_a_file_with_large_row_groups_are_fetched_once(
    hub: StandIn, tmp_path: Path
) -> None:
    corpus = KNOWN["synth"].corpus
    first = HubSource(corpus, None, tmp_path)
    rows = [first.fetch(0, row) for row in (0, 255)]
    hub.reset()
    later = HubSource(corpus, first.manifest().revision, tmp_path)
    assert [later.fetch(0, row) for row in (0, 255, 100)][:2] == rows
    assert later.fetch(0, 100).text[0][1] == SYNTH.record(0, 100)["query"]
    assert hub.finished_calls() == []


@pytest.mark.usefixtures("hub")
def test_other_text_columns_of_the_same_file_are_fetched(tmp_path: Path) -> None:
    corpus = KNOWN["synth"].corpus
    commit = HubSource(corpus, None, tmp_path).manifest().revision
    HubSource(corpus, commit, tmp_path).fetch(0, 3)
    other = replace(corpus, text=(TextColumn("query_seed_text", "seed"),))
    assert HubSource(other, commit, tmp_path).fetch(0, 3).text[0][1] == SYNTH.record(0, 3)["query_seed_text"]


def test_an_address_that_storage_no_longer_accepts_is_resolved_again(hub: StandIn, tmp_path: Path) -> None:
    source = HubSource(FINEWEB_CORPUS, None, tmp_path)
    source.fetch(0, 0)
    hub.reset()
    hub.faults.add(Fault("status", "/storage", status=403, times=1))
    assert source.fetch(0, 60).text[0][1] == FINEWEB.record(0, 60)["text"]
    assert [call.status for call in hub.finished_calls()] == [403, 302, 206]


def test_an_address_about_to_expire_is_not_used(hub: StandIn, tmp_path: Path) -> None:
    hub.expires_in = 5.0
    source = HubSource(FINEWEB_CORPUS, None, tmp_path)
    source.fetch(0, 0)
    calls = [call.status for call in hub.finished_calls()]
    source.fetch(0, 60)
    assert [call.status for call in hub.finished_calls()][len(calls) :] == [302, 206]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.dataset)
def test_no_token_reaches_storage(
    hub: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, layout: Layout
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_friend")
    hub.access[layout.dataset] = Access(private=True, tokens={"hf_friend"})
    corpus = next(entry.corpus for entry in KNOWN.values() if entry.corpus.path == layout.dataset)
    source = HubSource(corpus, None, tmp_path)
    source.fetch(0, 1)
    source.fetch(0, 2)
    calls = hub.finished_calls()
    assert {call.token for call in calls if call.port == port(hub.endpoint)} == {True}
    assert {call.token for call in calls if call.port == port(hub.storage)} == {False}


def test_every_request_names_the_program(hub: StandIn, tmp_path: Path) -> None:
    HubSource(FINEWEB_CORPUS, None, tmp_path).fetch(0, 1)
    assert {call.agent.partition(";")[0] for call in hub.finished_calls()} == {f"corpuscope/{__version__}"}


def test_ranges_are_never_asked_for_in_a_compressed_form(hub: StandIn, tmp_path: Path) -> None:
    corpus = publish(hub, "plain", {"a.jsonl": b'{"text": "t"}\n' * 9})
    assert HubSource(corpus, None, tmp_path).fetch(0, 1).text[0][1] == "t"
    assert {call.status for call in hub.finished_calls() if call.range} == {302, 206}


def test_pages_of_a_mirror_that_link_to_the_original_are_read_from_the_mirror(
    hub: StandIn, tmp_path: Path
) -> None:
    files = {f"data/{number:04}.jsonl": b'{"text": "t"}\n' for number in range(1_001)}
    corpus = publish(hub, "paged", files)
    hub.original = "https://hub.invalid"
    manifest = HubSource(replace(corpus, files="data/*"), None, tmp_path).manifest()
    assert [shard.name for shard in manifest.shards] == sorted(files)
    assert hub.api_calls() == 2


def test_a_small_dataset_is_one_list_whatever_its_folders(hub: StandIn, tmp_path: Path) -> None:
    files = {f"part-{n:02}/{m}.jsonl": b'{"text": "t"}\n' for n in range(30) for m in range(3)}
    corpus = publish(hub, "folders", files)
    assert len(HubSource(corpus, None, tmp_path).manifest().shards) == len(files)
    assert hub.api_calls() == 1


def test_a_few_large_folders_are_listed_side_by_side(hub: StandIn, tmp_path: Path) -> None:
    folder = hub.root / "tester" / "large" / "train"
    first = folder / "chunk0" / "0000.jsonl"
    first.parent.mkdir(parents=True)
    first.write_bytes(b'{"text": "t"}\n')
    for chunk in range(4):
        (folder / f"chunk{chunk}").mkdir(exist_ok=True)
        for number in range(900):
            file = folder / f"chunk{chunk}" / f"{number:04}.jsonl"
            if file != first:
                file.hardlink_to(first)
    manifest = HubSource(Corpus("large", "Large", "hub", "tester/large"), None, tmp_path).manifest()
    assert len(manifest.shards) == 3_600
    # three pages of all, the three folders and levels, then a page for each chunk, which is short
    paths = [call.path for call in hub.finished_calls() if call.is_api]
    assert len(paths) < 16
    assert sum("chunk" in path for path in paths) == 4


def test_files_whose_names_differ_in_digits_only_are_all_listed(hub: StandIn, tmp_path: Path) -> None:
    files = {f"data/train-{n:05}-of-00120.jsonl": b'{"text": "t"}\n' for n in range(120)}
    corpus = publish(hub, "digits", files | {"data/test-00000-of-00001.jsonl": b'{"text": "t"}\n'})
    assert [shard.name for shard in HubSource(corpus, None, tmp_path).manifest().shards] == list(files)
    assert hub.api_calls() == 1


def test_a_used_up_limit_says_when_to_ask_again(hub: StandIn, tmp_path: Path) -> None:
    hub.api_limit = 0
    with pytest.raises(
        SourceUnavailable, match=r"the file list of allenai/c4 .* 429, to be asked again in 55 s"
    ):
        HubSource(C4_CORPUS, None, tmp_path).manifest()


@pytest.mark.usefixtures("hub")
def test_a_folder_of_the_same_name_does_not_shadow_a_dataset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shadow = tmp_path / FINEWEB.dataset / "sample/10BT"
    shadow.mkdir(parents=True)
    (shadow / "000.jsonl").write_bytes(b'{"text": "local"}\n')
    monkeypatch.chdir(tmp_path)
    manifest = HubSource(FINEWEB_CORPUS, None, tmp_path / "cache").manifest()
    assert tuple(shard.name for shard in manifest.shards) == FINEWEB.shards


AT_ONCE = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from corpuscope.corpora.hub_requests import hub_session

begin = Barrier(8)

def session(_):
    begin.wait()
    return hub_session()

with ThreadPoolExecutor(8) as threads:
    sessions = list(threads.map(session, range(8)))
print(len(set(sessions)), any(session.is_closed for session in sessions))
"""
"""Program in which eight threads ask for the client of a new process at once."""


def test_corpora_that_are_opened_at_once_share_one_client_which_none_of_them_closes() -> None:
    result = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, text=True, timeout=60)
    assert (result.stdout, result.stderr) == ("1 False\n", "")
