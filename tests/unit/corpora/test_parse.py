"""Tests of the names of corpora on the command line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.corpora.known import DEMO_KEYS, EXACT, KNOWN, known_corpus, uniformity
from corpuscope.corpora.parse import CorpusOptions, corpora_for, corpus_for, relative_to, text_columns
from corpuscope.domain.corpus import TextColumn, is_safe_name, short_revision
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


def test_what_is_uniform_depends_on_how_the_documents_come() -> None:
    c4 = KNOWN["c4"].corpus
    assert uniformity(c4) == KNOWN["c4"].uniform
    assert uniformity(c4, substitutes=1).startswith("Not exact: files were set aside")
    assert uniformity(replace(c4, census=True)).startswith("All documents, in random order: a census")
    in_order = replace(c4, in_order=True, census=True)
    assert uniformity(in_order).startswith("In the order of the files: a census")
    assert uniformity(in_order, substitutes=1).startswith("Not exact")
    assert uniformity(replace(c4, uniform="As listed.")) == "As listed."
    assert uniformity(replace(c4, path="owner/web")).startswith("A file in proportion to its size")
    assert uniformity(corpus_for("demo-edu")) == EXACT
    assert uniformity(replace(corpus_for("demo-edu"), key="own", kind="local")) == EXACT


def test_another_config_or_split_of_a_known_corpus_has_a_key_of_its_own() -> None:
    corpus = corpus_for("fineweb", CorpusOptions(name="sample-100BT"))
    assert (corpus.key, corpus.name, corpus.files) == ("fineweb-sample-100BT", "sample-100BT", None)
    assert (corpus.title, corpus.split, corpus.description) == ("FineWeb sample-100BT", "train", "")
    assert (corpus.tokens, corpus.requested, corpus.licence) == ("token_count", None, "ODC-By 1.0")
    pinned = corpus_for("fineweb@v1.1")
    assert (pinned.key, pinned.requested, pinned.name) == ("fineweb-v1.1", "v1.1", "sample-10BT")
    assert pinned.files == KNOWN["fineweb"].corpus.files
    assert corpus_for("c4", CorpusOptions(split="validation")).key == "c4-validation"
    assert corpus_for("fineweb", CorpusOptions(name="sample-10BT")) == KNOWN["fineweb"].corpus
    assert corpus_for("c4", CorpusOptions(text="url")).text == (TextColumn("url", "url"),)


def test_a_dataset_on_the_hub_gets_a_key_from_its_name() -> None:
    corpus = corpus_for(
        "owner/some.data", CorpusOptions(name="en", split="test", text="body", files="data/*.parquet")
    )
    assert (corpus.key, corpus.kind, corpus.path) == ("some.data-en", "hub", "owner/some.data")
    assert (corpus.name, corpus.split, corpus.files) == ("en", "test", "data/*.parquet")
    assert corpus_for("owner/c4").key == "owner-c4"
    assert corpus_for("mine", CorpusOptions(path="owner/some.data")).key == "mine"


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
        ("_clean.jsonl", "clean"),
        ("___/c4.jsonl", "local-c4"),
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
    assert is_safe_name(key)
    assert key not in KNOWN


def test_a_folder_that_exists_is_local_whatever_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "owner" / "data").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert corpus_for("owner/data").kind == "local"


@pytest.mark.parametrize("place", ["./web.jsonl", "owner/web", "allenai/c4:realnewslike"])
def test_a_corpus_that_is_called_like_a_known_one_is_not_described_as_that(place: str) -> None:
    own = corpus_for(f"c4={place}")
    assert (own.key, known_corpus(own)) == ("c4", None)
    assert uniformity(own) == uniformity(replace(own, key="own"))


def test_an_unknown_name_lists_the_known_ones_nearest_first() -> None:
    with pytest.raises(CorpusError) as error:
        corpus_for("finweb-edu")
    assert error.value.message == "there is no corpus, file or Hub dataset called finweb-edu"
    assert error.value.hint.startswith("did you mean fineweb-edu? known: fineweb-edu, fineweb")


@pytest.mark.parametrize(
    ("spec", "options", "message"),
    [
        ("demo-crawl", {"name": "en"}, "demo-crawl is a bundled corpus, which --name cannot change"),
        ("mine", {"path": "nowhere"}, "nowhere is neither a local file nor a dataset"),
        ("../mine", {"path": "owner/data"}, "'../mine' cannot be the name of a corpus"),
        ("_mine", {"path": "owner/data"}, "'_mine' cannot be the name of a corpus"),
        ("c4", {"text": "a,,b"}, "names no column in 'an empty part'"),
        ("c4", {"text": "title="}, "names no column in 'title='"),
    ],
)
def test_options_that_fit_no_corpus_are_an_error(spec: str, options: dict[str, str], message: str) -> None:
    with pytest.raises(CorpusError) as error:
        corpus_for(spec, CorpusOptions(**options))  # type: ignore[arg-type]
    assert message in error.value.message


def test_text_is_one_column_or_several_with_titles() -> None:
    assert text_columns("body") == (TextColumn("body", "body"),)
    assert text_columns("query, reasoning = synthetic_reasoning") == (
        TextColumn("query", "query"),
        TextColumn("synthetic_reasoning", "reasoning"),
    )


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("owner/name@v1.0", ("owner/name", None, "train", None, "v1.0")),
        ("owner/name:en@refs/pr/3", ("owner/name", "en", "train", None, "refs/pr/3")),
        ("https://huggingface.co/datasets/owner/name", ("owner/name", None, "train", None, None)),
        ("https://hf.co/datasets/owner/name/", ("owner/name", None, "train", None, None)),
        (
            "https://huggingface.co/datasets/owner/name/viewer/en/test?row=5#x",
            ("owner/name", "en", "test", None, None),
        ),
        ("https://huggingface.co/datasets/owner/name/tree/main", ("owner/name", None, "train", None, "main")),
        (
            "https://huggingface.co/datasets/owner/name/tree/main/data",
            ("owner/name", None, "train", "data/**", "main"),
        ),
        (
            "https://huggingface.co/datasets/owner/name/blob/refs%2Fpr%2F1/a/b.parquet",
            ("owner/name", None, "train", "a/b.parquet", "refs/pr/1"),
        ),
        (
            "https://huggingface.co/datasets/owner/name/resolve/main/a/b.jsonl.gz?download=true",
            ("owner/name", None, "train", "a/b.jsonl.gz", "main"),
        ),
        ("hf://datasets/owner/name@v2/data/*.parquet", ("owner/name", None, "train", "data/*.parquet", "v2")),
        ("hf://datasets/owner/name", ("owner/name", None, "train", None, None)),
    ],
)
def test_a_dataset_is_named_with_config_and_revision_or_by_the_address_of_its_page(
    spec: str, expected: tuple[str | None, ...]
) -> None:
    corpus = corpus_for(spec)
    assert corpus.kind == "hub"
    assert (corpus.path, corpus.name, corpus.split, corpus.files, corpus.requested) == expected


def test_a_known_corpus_takes_a_config_and_a_revision() -> None:
    corpus = corpus_for("old=fineweb:CC-MAIN-2013-20@v1")
    assert (corpus.key, corpus.path, corpus.name) == ("old", "HuggingFaceFW/fineweb", "CC-MAIN-2013-20")
    assert (corpus.files, corpus.requested, corpus.tokens) == (None, "v1", "token_count")
    assert corpus_for("fineweb:CC-MAIN-2013-20").key == "fineweb-CC-MAIN-2013-20"


def test_two_configs_of_one_dataset_are_two_corpora() -> None:
    corpora = corpora_for(["a=owner/name:en", "b=owner/name:de@v1"], {})
    assert [(corpus.key, corpus.name, corpus.requested) for corpus in corpora] == [
        ("a", "en", None),
        ("b", "de", "v1"),
    ]


def test_an_option_and_a_name_that_say_something_else_are_an_error() -> None:
    with pytest.raises(CorpusError, match="--name is de, but the name of the corpus says en"):
        corpus_for("owner/name:en", CorpusOptions(name="de"))
    assert corpus_for("owner/name:en", CorpusOptions(name="en")).name == "en"


def test_several_paths_are_one_corpus_and_named_ones_are_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    corpora = corpora_for(["crawl/a.jsonl", "c4", "crawl/b.jsonl", "x=b/web.jsonl", "y=c/web.jsonl"], {})
    assert [(corpus.key, corpus.path, corpus.paths) for corpus in corpora] == [
        ("crawl", "crawl", ("crawl/a.jsonl", "crawl/b.jsonl")),
        ("c4", "allenai/c4", ()),
        ("x", "b/web.jsonl", ()),
        ("y", "c/web.jsonl", ()),
    ]
    (flat,) = corpora_for(["a.jsonl", "b.jsonl"], {})
    assert (flat.key, flat.path) == ("corpus", ".")


def test_several_paths_that_a_plan_has_as_several_corpora_stay_several() -> None:
    planned = {corpus.key: corpus for corpus in (corpus_for("a.jsonl"), corpus_for("b.jsonl"))}
    assert [corpus.key for corpus in corpora_for(["a.jsonl", "b.jsonl"], planned)] == ["a", "b"]
    assert len(corpora_for(["a.jsonl", "b.jsonl", "c.jsonl"], planned)) == 1


def test_two_corpora_of_one_name_are_an_error() -> None:
    with pytest.raises(CorpusError, match="two corpora are called name") as fault:
        corpora_for(["owner/name", "another/name"], {})
    assert fault.value.hint == "name one of them yourself: NAME=PATH"


def test_a_folder_with_an_equals_sign_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "year=2024").mkdir()
    monkeypatch.chdir(tmp_path)
    assert corpus_for("year=2024/*.parquet").path == "year=2024/*.parquet"
    assert corpus_for("data/year=2023/*.parquet").path == "data/year=2023/*.parquet"
    assert corpus_for("year=2023/*.parquet").path == "2023/*.parquet"


def test_remote_addresses_and_standard_input_are_read_as_files() -> None:
    for address in ("s3://bucket/crawl/web.jsonl.gz", "https://example.org/web.jsonl", "gs://b/*.parquet"):
        assert (corpus_for(address).kind, corpus_for(address).path) == ("local", address)
    assert (corpus_for("-").key, corpus_for("-").path) == ("stdin", "-")


def test_paths_follow_the_study_and_not_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    corpus = relative_to(corpus_for("../data/m.jsonl"), tmp_path)
    assert (corpus.path, corpus.folder) == ("data/m.jsonl", str(tmp_path))
    assert relative_to(corpus, tmp_path / "sub").path == "../data/m.jsonl"
    for fixed in ("/data/m.jsonl", "~/m.jsonl", "https://example.org/m.jsonl", "-"):
        assert relative_to(corpus_for(fixed), tmp_path).path == fixed


@pytest.mark.parametrize(
    ("revision", "short"),
    [
        ("1588ec454efa1a09f29cd18ddd04fe05fc8653a2", "1588ec454efa"),
        ("file-0b50f594cd2f", "file-0b50f59"),
        ("sample-file-0b50f594cd2f", "sample-file-0b50f59"),
        (None, ""),
    ],
)
def test_a_shortened_revision_keeps_digits_of_its_digest(revision: str | None, short: str) -> None:
    assert short_revision(revision) == short
