"""Tests of the configs and splits that a dataset card names, and of what is said where it leaves a choice."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from corpuscope.corpora.dataset_card import WITHOUT_CARD, Layout, layout
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError


def by_name(folder: str) -> Mapping[str, list[str]]:
    """Return patterns as the names of the files in a folder would have them."""
    return {"train": [f"of {folder or 'all'}"]}


def corpus(name: str | None = None, split: str = "train") -> Corpus:
    return Corpus("web", "web", "hub", "owner/web", name, split)


def layout_of(configs: str, name: str | None = None) -> Layout:
    return layout(corpus(name), f"---\nlicense: mit\n{configs}\n---\n# Web\n".encode(), by_name)


def config(name: str, *lines: str) -> str:
    return "\n".join([f"- config_name: {name}", *(f"  {line}" for line in lines)])


ONE = "configs:\n" + config("en", "data_files: en/*.parquet")
TWO = ONE + "\n" + config("no", "data_files: no/*.parquet")


@pytest.mark.parametrize(
    ("configs", "name", "expected"),
    [
        ("", None, Layout(None, (), {"train": ["of all"]})),
        ("", "default", Layout(None, (), {"train": ["of all"]})),
        ("configs: []", None, Layout(None, (), {"train": ["of all"]})),
        (ONE, None, Layout("en", ("en",), {"train": ["en/*.parquet"]})),
        (TWO, "no", Layout("no", ("en", "no"), {"train": ["no/*.parquet"]})),
        (f"{TWO}\n  default: yes", None, Layout("no", ("en", "no"), {"train": ["no/*.parquet"]})),
        (
            f"{TWO}\n{config('default', 'data_dir: all')}",
            None,
            Layout("default", ("en", "no", "default"), {"train": ["all/of all"]}),
        ),
        (
            "configs:\n" + config("en", "data_dir: /en/", "data_files: '*.csv'"),
            None,
            Layout("en", ("en",), {"train": ["en/*.csv"]}),
        ),
        (
            "configs:\n"
            + config(
                "en",
                "data_files:",
                "- {split: train, path: [a.csv, b.csv]}",
                "- {split: test, path: c.csv}",
            ),
            None,
            Layout("en", ("en",), {"train": ["a.csv", "b.csv"], "test": ["c.csv"]}),
        ),
    ],
)
def test_a_card_names_the_files_of_each_split(configs: str, name: str | None, expected: Layout) -> None:
    assert layout_of(configs, name) == expected


@pytest.mark.parametrize(
    ("card", "configs"),
    [
        (b"---\nconfigs:\n- config_name: en\n---", ("en",)),
        (b"\xef\xbb\xbf\r\n--- \r\nconfigs:\r\n- config_name: en\r\n---\r\ntext", ("en",)),
        (b"# Web\n---\nconfigs:\n- config_name: en\n---\n", ()),
        (b"---\nconfigs:\n- config_name: en\n", ()),
        (b"---\n- a list\n---\n", ()),
        (b"", ()),
    ],
)
def test_only_front_matter_at_the_start_of_a_card_is_read(card: bytes, configs: tuple[str, ...]) -> None:
    assert layout(corpus(), card, by_name).configs == configs


@pytest.mark.parametrize(
    ("configs", "name", "message", "hint"),
    [
        (TWO, None, "has 2 configs and no default among them", "choose a config with --name: en, no"),
        (
            f"configs:\n{config('en', 'default: true')}\n{config('no', 'default: true')}",
            None,
            "has 2 configs and no default among them",
            "choose a config with --name: en, no",
        ),
        (
            f"{TWO}\n{config('noo')}",
            "nob",
            "has no config nob",
            "did you mean no? choose a config with --name: no, noo, en",
        ),
        ("", "en", "has no config en", "leave out --name"),
        (ONE, "default", "has no config default", "choose a config with --name: en"),
    ],
)
def test_a_config_that_has_to_be_chosen_is_offered(
    configs: str, name: str | None, message: str, hint: str
) -> None:
    with pytest.raises(CorpusError) as fault:
        layout_of(configs, name)
    assert fault.value.message == f"dataset owner/web {message}"
    assert fault.value.hint == hint


@pytest.mark.parametrize(
    ("configs", "message"),
    [
        ("configs: [", "the card of dataset owner/web is not valid YAML: "),
        ("configs: {en: a.csv}", "the card of dataset owner/web has configs without config_name"),
        ("configs: [en]", "the card of dataset owner/web has configs without config_name"),
        ("configs: [{data_files: a.csv}]", "the card of dataset owner/web has configs without config_name"),
        ("configs: [{config_name: [en]}]", "the card of dataset owner/web has configs without config_name"),
        (
            "configs:\n" + config("en", "data_files: [{path: a.csv}]"),
            "the card of dataset owner/web has invalid data_files: ",
        ),
        (
            "configs:\n" + config("en", "data_files: [a.csv, 'https://elsewhere/b.csv']"),
            "the card of dataset owner/web names files outside the dataset: https://elsewhere/b.csv",
        ),
    ],
)
def test_a_card_that_cannot_be_followed_is_named_with_the_way_around_it(configs: str, message: str) -> None:
    with pytest.raises(CorpusError) as fault:
        layout_of(configs)
    assert fault.value.message.startswith(message)
    assert fault.value.hint == WITHOUT_CARD


def test_a_split_that_is_not_there_is_offered_the_nearest_of_many() -> None:
    few = Layout("en", ("en",), {"train": ["a"], "validation": ["b"]})
    assert few.patterns(corpus(split="validation")) == ["b"]
    with pytest.raises(CorpusError, match="dataset owner/web has no split valid") as fault:
        few.patterns(corpus(split="valid"))
    assert fault.value.hint == "did you mean validation? choose a split with --split: validation, train"
    many = Layout("en", ("en",), {f"s{number}": ["a"] for number in range(12)})
    with pytest.raises(CorpusError) as fault:
        many.patterns(corpus())
    assert fault.value.hint.endswith("--split: s0, s1, s2, s3, s4, s5, s6, s7, s8, s9 and 2 more")
    local = Corpus("web", "web", "local", "data/web", split="test")
    with pytest.raises(CorpusError, match=r"^data/web has no split test"):
        few.patterns(local)
