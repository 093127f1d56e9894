"""Tests of the names of corpora on the command line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.corpora.known import DEMO_KEYS, KNOWN, uniformity
from corpuscope.corpora.parse import corpus_for, text_columns
from corpuscope.domain.corpus import TextColumn
from corpuscope.errors import CorpusError


def test_the_four_corpora_and_the_demos_are_known() -> None:
    assert list(KNOWN) == [
        "c4",
        "fineweb",
        "fineweb-edu",
        "synth",
        "demo-crawl",
        "demo-filtered",
        "demo-edu",
        "demo-synth",
    ]
    assert DEMO_KEYS == ("demo-crawl", "demo-filtered", "demo-edu", "demo-synth")
    c4, fineweb, synth = (corpus_for(key) for key in ("c4", "fineweb", "synth"))
    assert (c4.path, c4.name, c4.files) == ("allenai/c4", "en", "en/c4-train.*.json.gz")
    assert (fineweb.path, fineweb.name, fineweb.tokens) == (
        "HuggingFaceFW/fineweb",
        "sample-10BT",
        "token_count",
    )
    assert [(text.column, text.title) for text in synth.text] == [
        ("query", "query"),
        ("synthetic_reasoning", "reasoning"),
        ("synthetic_answer", "answer"),
    ]


@pytest.mark.parametrize("key", KNOWN)
def test_every_known_corpus_has_a_description_a_licence_and_its_uniformity(key: str) -> None:
    entry = KNOWN[key]
    assert entry.corpus.key == key
    assert entry.corpus.description
    assert entry.corpus.licence
    assert uniformity(entry.corpus).endswith(".")


def test_another_config_or_split_of_a_known_corpus_has_a_key_of_its_own() -> None:
    corpus = corpus_for("fineweb", name="sample-100BT")
    assert (corpus.key, corpus.name, corpus.files) == ("fineweb-sample-100BT", "sample-100BT", None)
    assert corpus_for("c4", split="validation").key == "c4-validation"
    assert corpus_for("fineweb", name="sample-10BT") == KNOWN["fineweb"].corpus
    assert corpus_for("c4", text="url").text == (TextColumn("url", "url"),)


def test_a_dataset_on_the_hub_gets_a_key_from_its_name() -> None:
    corpus = corpus_for("owner/some.data", name="en", split="test", text="body", files="data/*.parquet")
    assert (corpus.key, corpus.kind, corpus.path) == ("some.data-en", "hub", "owner/some.data")
    assert (corpus.name, corpus.split, corpus.files) == ("en", "test", "data/*.parquet")
    assert corpus_for("owner/c4").key == "owner-c4"
    assert corpus_for("mine", path="owner/some.data").key == "mine"


@pytest.mark.parametrize(
    ("where", "key"),
    [
        ("data/web.jsonl", "web"),
        ("web.jsonl.gz", "web"),
        ("/tmp/a b/ünï cöde.parquet", "uni-code"),
        ("data/*.jsonl", "data"),
        ("../crawl/", "crawl"),
        ("c4.jsonl", "local-c4"),
        ("data/c4.jsonl", "data-c4"),
        ("*.csv", "corpus"),
        ("~/texts/v1.2.txt", "v1.2"),
    ],
)
def test_a_local_path_gets_a_key_that_is_safe_as_a_folder(where: str, key: str) -> None:
    corpus = corpus_for(where)
    assert (corpus.key, corpus.kind, corpus.path) == (key, "local", where)


def test_the_title_of_a_local_path_is_its_end() -> None:
    assert corpus_for("/home/someone/data/crawl/part-7.jsonl").title == "crawl/part-7.jsonl"
    assert corpus_for("web.jsonl").title == "web.jsonl"


@given(st.text(min_size=1, max_size=30))
def test_every_key_is_safe(name: str) -> None:
    key = corpus_for(f"./{name}.jsonl").key
    assert re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]*", key)
    assert key not in KNOWN


def test_a_folder_that_exists_is_local_whatever_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "owner" / "data").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert corpus_for("owner/data").kind == "local"


def test_an_unknown_name_lists_the_known_ones_nearest_first() -> None:
    with pytest.raises(CorpusError) as error:
        corpus_for("finweb-edu")
    assert error.value.message == "there is no corpus, file or Hub dataset called finweb-edu"
    assert error.value.hint.startswith("did you mean fineweb-edu? known: fineweb-edu, fineweb")


@pytest.mark.parametrize(
    ("spec", "options", "message"),
    [
        ("web.jsonl", {"name": "en"}, "--name en is for datasets on the Hub"),
        ("web.jsonl", {"split": "test"}, "--split test is for datasets on the Hub"),
        ("demo-crawl", {"name": "en"}, "demo-crawl is bundled and has no --name"),
        ("mine", {"path": "nowhere"}, "nowhere is neither a local file nor a dataset"),
        ("../mine", {"path": "owner/data"}, "../mine cannot be the name of a folder"),
        ("c4", {"text": "a,,b"}, "names no column in 'an empty part'"),
        ("c4", {"text": "title="}, "names no column in 'title='"),
    ],
)
def test_options_that_fit_no_corpus_are_an_error(spec: str, options: dict[str, str], message: str) -> None:
    with pytest.raises(CorpusError) as error:
        corpus_for(spec, **options)
    assert message in error.value.message


def test_text_is_one_column_or_several_with_titles() -> None:
    assert text_columns("body") == (TextColumn("body", "body"),)
    assert text_columns("query, reasoning = synthetic_reasoning") == (
        TextColumn("query", "query"),
        TextColumn("synthetic_reasoning", "reasoning"),
    )
