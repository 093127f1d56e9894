"""Tests of the cache of the Hub source: it saves requests, and no result depends on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from corpuscope.corpora.hub_source import HubSource
from corpuscope.corpora.known import KNOWN
from corpuscope.errors import SourceUnavailable
from hub.faults import Fault
from hub.layouts import C4, FINEWEB, SYNTH, Layout
from hub.server import StandIn


def run(script: str, *arguments: object, **environment: str) -> str:
    """Run a script in a fresh Python and return its stdout. Nothing may be printed on stderr."""
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


FETCH = """
import sys
from pathlib import Path
from corpuscope.corpora.known import KNOWN
from corpuscope.corpora.hub_source import HubSource
early = {"datasets", "huggingface_hub"} & set(sys.modules)
assert not early, early
source = HubSource(KNOWN[sys.argv[1]].corpus, sys.argv[2], Path(sys.argv[3]))
manifest = source.manifest()
before = "datasets" in sys.modules
row = source.fetch(int(sys.argv[4]), int(sys.argv[5]))
print(len(manifest.shards), before, "datasets" in sys.modules, row.text[0][1].encode().hex())
"""


@pytest.mark.parametrize("key", ["fineweb", "synth"])
def test_a_warm_draw_of_parquet_requests_only_bytes_and_does_not_import_datasets(
    hub: StandIn, tmp_path: Path, key: str
) -> None:
    cold = HubSource(KNOWN[key].corpus, None, tmp_path)
    commit = cold.manifest().revision
    cold.rows(0)
    hub.reset()
    shards, before, after, text = run(FETCH, key, commit, tmp_path, 0, 3).split(" ")
    assert (int(shards), before, after) == (len(cold.manifest().shards), "False", "False")
    assert bytes.fromhex(text).decode() == cold.fetch(0, 3).text[0][1]
    assert {call.status for call in hub.finished_calls()} == {302, 206}


@pytest.mark.slow
def test_a_warm_manifest_of_lines_needs_no_request(hub: StandIn, tmp_path: Path) -> None:
    commit = HubSource(KNOWN["c4"].corpus, None, tmp_path).manifest().revision
    hub.reset()
    shards, before, _, text = run(FETCH, "c4", commit, tmp_path, 3, 3).split(" ")
    assert (int(shards), before) == (len(C4.shards), "False")
    assert bytes.fromhex(text).decode() == C4.record(3, 3)["text"]
    assert [call.method for call in hub.finished_calls() if "README" in call.path] == []


@pytest.mark.parametrize("key", ["c4", "fineweb", "fineweb-edu", "synth"])
def test_a_pinned_manifest_is_read_while_the_hub_is_unreachable(
    hub: StandIn, tmp_path: Path, key: str
) -> None:
    first = HubSource(KNOWN[key].corpus, None, tmp_path).manifest()
    hub.faults.add(Fault("drop"))
    assert HubSource(KNOWN[key].corpus, first.revision, tmp_path).manifest() == first


def test_the_newest_commit_is_always_requested(hub: StandIn, tmp_path: Path) -> None:
    HubSource(KNOWN["fineweb"].corpus, None, tmp_path).manifest()
    hub.faults.add(Fault("drop"))
    for revision in (None, "main"):
        with pytest.raises(SourceUnavailable):
            HubSource(KNOWN["fineweb"].corpus, revision, tmp_path).manifest()


@pytest.mark.usefixtures("hub")
def test_another_split_or_glob_is_another_manifest(tmp_path: Path) -> None:
    c4 = KNOWN["c4"].corpus
    commit = HubSource(c4, None, tmp_path).manifest().revision
    french = HubSource(replace(c4, files="fr/c4-train.*.json.gz"), commit, tmp_path).manifest()
    assert [shard.name for shard in french.shards] == ["fr/c4-train.00000-of-00008.json.gz"]


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize(("key", "layout"), [("fineweb", FINEWEB), ("synth", SYNTH)])
@pytest.mark.parametrize("damage", [b"", b"{}", b'{"revision": 1, "shards": [[1]]}'])
def test_a_damaged_cache_is_rebuilt(tmp_path: Path, damage: bytes, key: str, layout: Layout) -> None:
    source = HubSource(KNOWN[key].corpus, None, tmp_path)
    manifest = source.manifest()
    row = source.fetch(0, 1)
    for file in tmp_path.rglob("*.*"):
        if file.is_file():
            file.write_bytes(damage)
    reopened = HubSource(KNOWN[key].corpus, manifest.revision, tmp_path)
    assert reopened.manifest() == manifest
    assert reopened.fetch(0, 1) == row
    assert row.text[0][1] == layout.record(0, 1)[KNOWN[key].corpus.text[0].column]
    (stored,) = (tmp_path / "manifests").iterdir()
    assert json.loads(stored.read_bytes())["revision"] == manifest.revision


@pytest.mark.usefixtures("hub")
def test_a_cache_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    (tmp_path / "manifests").write_text("a file where a folder should be")
    (tmp_path / "footers").write_text("and another")
    source = HubSource(KNOWN["fineweb"].corpus, None, tmp_path)
    assert source.fetch(0, 0).text[0][1] == FINEWEB.record(0, 0)["text"]


def test_offline_mode_is_honoured_and_named(hub: StandIn, tmp_path: Path) -> None:
    commit = HubSource(KNOWN["c4"].corpus, None, tmp_path).manifest().revision
    script = """
import sys
from pathlib import Path
from corpuscope.errors import HubOffline
from corpuscope.corpora.known import KNOWN
from corpuscope.corpora.hub_source import HubSource
corpus, cache = KNOWN["c4"].corpus, Path(sys.argv[2])
pinned = HubSource(corpus, sys.argv[1], cache)
assert pinned.manifest().shards
for action in (HubSource(corpus, None, cache).manifest, lambda: pinned.fetch(0, 0)):
    try:
        action()
    except HubOffline as fault:
        print(fault)
"""
    hub.reset()
    output = run(script, commit, tmp_path, HF_HUB_OFFLINE="1")
    assert output.count("HF_HUB_OFFLINE is set, so ") == 2
    assert hub.finished_calls() == []


@pytest.mark.slow
@pytest.mark.usefixtures("hub")
def test_warnings_of_the_libraries_go_to_the_log_and_not_to_the_terminal(tmp_path: Path) -> None:
    script = """
import logging, sys
from pathlib import Path
logging.basicConfig(filename=sys.argv[1])
from corpuscope.corpora.known import KNOWN
from corpuscope.corpora.hub_source import HubSource
HubSource(KNOWN["c4"].corpus, None, Path(sys.argv[2])).fetch(0, 0)
for library in ("datasets", "huggingface_hub"):
    logging.getLogger(library).warning("a word from %s", library)
"""
    log = tmp_path / "app.log"
    assert run(script, log, tmp_path) == ""
    assert "a word from datasets" in log.read_text()
    assert "a word from huggingface_hub" in log.read_text()


@pytest.mark.slow
def test_offline_sampling_has_the_list_of_files_and_reports_why_no_document_arrives(
    hub: StandIn, tmp_path: Path
) -> None:
    def sample(n: int, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "corpuscope", "sample", "c4", "-n", str(n)],
            cwd=tmp_path,
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path), "HF_ENDPOINT": hub.endpoint, **environment},
            capture_output=True,
            text=True,
            timeout=60,
        )

    offline = sample(2, HF_HUB_OFFLINE="1")
    assert (offline.returncode, offline.stdout) == (2, "")
    assert "HF_HUB_OFFLINE is set, so the file list of allenai/c4 was not fetched" in offline.stderr
    online = sample(2)
    assert online.returncode == 0, online.stderr
    assert online.stdout.count("\n") == 2
    offline = sample(
        2, HF_HUB_OFFLINE="1"
    )  # a sample keeps no documents, which are those of a labelling session
    assert (offline.returncode, offline.stdout) == (2, "")
    assert "HF_HUB_OFFLINE is set, so en/c4-train" in offline.stderr


@pytest.mark.parametrize("address", ["nonsense", "https:"])
def test_an_invalid_endpoint_is_named_without_any_retry(tmp_path: Path, address: str) -> None:
    script = """
import sys
from pathlib import Path
from corpuscope.errors import ConfigError
from corpuscope.corpora.known import KNOWN
from corpuscope.corpora.hub_source import HubSource
try:
    HubSource(KNOWN["c4"].corpus, None, Path(sys.argv[1])).manifest()
except ConfigError as fault:
    print(fault)
"""
    assert f"HF_ENDPOINT is '{address}'" in run(script, tmp_path, HF_ENDPOINT=address)
