"""Tests that an unreadable dataset is named, with how to get access."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from corpuscope.corpora.hub_source import HubSource
from corpuscope.corpora.known import KNOWN
from corpuscope.domain.corpus import Corpus, TextColumn
from corpuscope.errors import AccessDenied, CorpusError
from hub.layouts import C4, FINEWEB
from hub.server import StandIn
from hub.state import Access

FINEWEB_CORPUS = KNOWN["fineweb"].corpus


def refusal_of(corpus: Corpus, cache: Path, revision: str | None = None) -> AccessDenied | CorpusError:
    with pytest.raises((AccessDenied, CorpusError)) as caught:
        HubSource(corpus, revision, cache).manifest()
    fault = caught.value
    assert isinstance(fault, AccessDenied | CorpusError)
    assert corpus.path in fault.message
    return fault


def test_a_gated_dataset_names_where_to_ask_and_how_to_log_in(hub: StandIn, tmp_path: Path) -> None:
    hub.access[FINEWEB.dataset] = Access(gated=True)
    fault = refusal_of(FINEWEB_CORPUS, tmp_path)
    assert isinstance(fault, AccessDenied)
    assert "gated" in fault.message
    assert f"{hub.endpoint}/datasets/{FINEWEB.dataset}" in fault.hint
    assert "hf auth login" in fault.hint


def test_a_token_without_access_to_a_gated_dataset_is_named(
    hub: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.access[FINEWEB.dataset] = Access(gated=True)
    monkeypatch.setenv("HF_TOKEN", "hf_stranger")
    assert "not been let in" in refusal_of(FINEWEB_CORPUS, tmp_path).hint


def test_an_admitted_token_reads_a_gated_dataset(
    hub: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.access[FINEWEB.dataset] = Access(gated=True, tokens={"hf_friend"})
    monkeypatch.setenv("HF_TOKEN", "hf_friend")
    source = HubSource(FINEWEB_CORPUS, None, tmp_path)
    assert source.fetch(0, 0).text[0][1] == FINEWEB.record(0, 0)["text"]


def test_a_token_reads_the_lines_of_a_private_dataset(
    hub: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.access[C4.dataset] = Access(private=True, tokens={"hf_friend"})
    monkeypatch.setenv("HF_TOKEN", "hf_friend")
    assert HubSource(KNOWN["c4"].corpus, None, tmp_path).fetch(0, 0).text[0][1] == C4.record(0, 0)["text"]


def test_access_that_ends_between_two_draws_is_named(hub: StandIn, tmp_path: Path) -> None:
    source = HubSource(FINEWEB_CORPUS, None, tmp_path)
    source.manifest()
    hub.access[FINEWEB.dataset] = Access(gated=True)
    with pytest.raises(AccessDenied, match="gated"):
        source.fetch(2, 0)


@pytest.mark.parametrize("token", ["", "hf_stranger"])
def test_a_missing_and_a_private_dataset_look_alike_and_both_are_named(
    hub: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    if token:
        monkeypatch.setenv("HF_TOKEN", token)
    hub.access[FINEWEB.dataset] = Access(private=True)
    missing = Corpus("nowhere", "Nowhere", "hub", "nobody/nowhere")
    for corpus in (FINEWEB_CORPUS, missing):
        fault = refusal_of(corpus, tmp_path)
        assert "does not exist, or is private" in fault.message
        assert "HF_TOKEN" in fault.hint


@pytest.mark.usefixtures("hub")
def test_an_unknown_revision_is_named(tmp_path: Path) -> None:
    assert "v99" in refusal_of(FINEWEB_CORPUS, tmp_path, "v99").message


@pytest.mark.usefixtures("hub")
def test_files_that_match_nothing_name_the_dataset(tmp_path: Path) -> None:
    corpus = Corpus("none", "None", "hub", FINEWEB.dataset, files="sample/1BT/*")
    assert "sample/1BT" in refusal_of(corpus, tmp_path).message


@pytest.mark.usefixtures("hub")
def test_an_unknown_config_lists_the_known_ones(tmp_path: Path) -> None:
    corpus = Corpus("none", "None", "hub", FINEWEB.dataset, name="sample-10TB")
    assert "sample-10BT" in str(refusal_of(corpus, tmp_path))


@pytest.mark.usefixtures("hub")
def test_an_unknown_split_lists_the_known_ones(tmp_path: Path) -> None:
    corpus = Corpus("none", "None", "hub", FINEWEB.dataset, name="sample-10BT", split="trian")
    assert "did you mean train?" in refusal_of(corpus, tmp_path).hint


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize("key", ["c4", "fineweb", "synth"])
def test_a_missing_text_column_is_named_before_the_first_draw(tmp_path: Path, key: str) -> None:
    original = KNOWN[key].corpus
    corpus = Corpus(
        "typo", "Typo", "hub", original.path, files=original.files, text=(TextColumn("ulr", "url"),)
    )
    fault = refusal_of(corpus, tmp_path)
    assert "ulr" in fault.message
    assert "url" in fault.hint


@pytest.mark.usefixtures("hub")
def test_a_branch_or_tag_that_was_asked_for_is_the_one_that_is_opened(tmp_path: Path) -> None:
    asked = replace(FINEWEB_CORPUS, requested="v99")
    assert "v99" in refusal_of(asked, tmp_path).message
    commit = HubSource(FINEWEB_CORPUS, None, tmp_path).manifest().revision
    assert HubSource(asked, commit, tmp_path).manifest().revision == commit  # the plan's
