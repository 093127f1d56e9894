"""Tests of the configs and splits of a local folder laid out like a dataset on the Hub."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpuscope.corpora.local_source import LocalSource
from corpuscope.corpora.parse import CorpusOptions, corpus_for
from corpuscope.corpora.source import Manifest
from corpuscope.errors import CorpusError

CARD = """---
license: mit
configs:
- config_name: en
  default: true
  data_files: en/*.jsonl
- config_name: de
  data_files:
  - split: train
    path: de/a.jsonl
  - split: test
    path: de/b.jsonl
---
# Two languages
"""


def write(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"text": path.name}) + "\n")


def manifest_of(where: Path, cache: Path, **options: str) -> Manifest:
    corpus = corpus_for(str(where), CorpusOptions(**options))  # type: ignore[arg-type]
    return LocalSource(corpus, cache / "cache").manifest()


def names_in(where: Path, cache: Path, **options: str) -> list[str]:
    return [shard.name for shard in manifest_of(where, cache, **options).shards]


@pytest.fixture
def splits(tmp_path: Path) -> Path:
    folder = tmp_path / "web"
    write(
        *(folder / "data" / f"{split}-0000{n}-of-00002.jsonl" for split in ("train", "test") for n in (0, 1))
    )
    return folder


@pytest.fixture
def languages(tmp_path: Path) -> Path:
    folder = tmp_path / "languages"
    write(
        folder / "en" / "x.jsonl",
        folder / "en" / "y.jsonl",
        folder / "de" / "a.jsonl",
        folder / "de" / "b.jsonl",
    )
    (folder / "README.md").write_text(CARD)
    return folder


def test_splits_by_name_mean_what_they_mean_on_the_hub(splits: Path, tmp_path: Path) -> None:
    manifest = manifest_of(splits, tmp_path)
    assert [shard.name for shard in manifest.shards] == [f"train-0000{n}-of-00002.jsonl" for n in (0, 1)]
    assert manifest.notes == ("left out, splits other than train: test (2 files)",)
    assert names_in(splits, tmp_path, split="test") == [f"test-0000{n}-of-00002.jsonl" for n in (0, 1)]


def test_a_split_that_is_not_there_lists_those_that_are(splits: Path, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="has no split tset") as fault:
        manifest_of(splits, tmp_path, split="tset")
    assert fault.value.hint == "did you mean test? choose a split with --split: test, train"


def test_configs_of_the_readme_are_those_of_the_hub(languages: Path, tmp_path: Path) -> None:
    manifest = manifest_of(languages, tmp_path)
    assert [shard.name for shard in manifest.shards] == ["x.jsonl", "y.jsonl"]
    assert manifest.notes[-1] == "left out, configs other than en: de"
    assert names_in(languages, tmp_path, name="de") == ["a.jsonl"]
    assert names_in(languages, tmp_path, name="de", split="test") == ["b.jsonl"]
    with pytest.raises(CorpusError, match="fr"):
        manifest_of(languages, tmp_path, name="fr")


@pytest.mark.parametrize(
    ("card", "options", "message"),
    [
        ("configs: [", {}, "is not valid YAML"),
        ("configs:\n- data_files: '*'", {}, "has configs without config_name"),
        ("configs:\n- config_name: a\n- config_name: b", {}, "2 configs and no default among them"),
        ("configs:\n- config_name: a\n  data_files: 7*", {}, "has no files 7*"),
        ("configs:\n- config_name: a\n  data_files: 's3://b/*'", {}, "files outside the dataset: s3://b/"),
        ("license: mit", {"name": "nb"}, "has no config nb"),
    ],
)
def test_a_card_says_what_is_wrong_with_it_as_on_the_hub(
    splits: Path, tmp_path: Path, card: str, options: dict[str, str], message: str
) -> None:
    (splits / "README.md").write_text(f"---\n{card}\n---\n")
    with pytest.raises(CorpusError, match=message.replace("*", r"\*")) as fault:
        manifest_of(splits, tmp_path, **options)
    assert str(splits) in fault.value.message


def test_norwegian_is_a_config_of_a_folder_too(tmp_path: Path) -> None:
    folder = tmp_path / "web"
    write(folder / "no" / "a.jsonl", folder / "en" / "b.jsonl")
    card = "configs:\n- config_name: no\n  data_dir: no\n- config_name: en\n  data_dir: en\n"
    (folder / "README.md").write_text(f"---\n{card}---\n")
    assert names_in(folder, tmp_path, name="no") == ["a.jsonl"]


def test_a_relative_folder_has_splits(splits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(splits / "data")
    (tmp_path / "linked").symlink_to(splits)
    for folder in (Path(".."), Path("../../linked")):
        assert names_in(folder, tmp_path, split="test") == [f"test-0000{n}-of-00002.jsonl" for n in (0, 1)]


def test_a_folder_with_brackets_in_its_name_has_splits(splits: Path, tmp_path: Path) -> None:
    folder = splits.rename(tmp_path / "we[b] 1*")
    assert names_in(folder, tmp_path, split="test") == [f"test-0000{n}-of-00002.jsonl" for n in (0, 1)]


def test_data_files_of_a_folder_are_a_glob_inside_it(languages: Path, tmp_path: Path) -> None:
    assert names_in(languages, tmp_path, files="*/[ab].jsonl") == ["a.jsonl", "b.jsonl"]


def test_a_folder_without_configs_and_splits_is_all_its_files(tmp_path: Path) -> None:
    write(tmp_path / "web" / "a.jsonl", tmp_path / "web" / "b" / "trained.jsonl")
    (tmp_path / "web" / "README.md").write_text("---\nlicense: mit\n---\nIts configs: none\n")
    assert names_in(tmp_path / "web", tmp_path) == ["a.jsonl", "b/trained.jsonl"]


@pytest.mark.parametrize("options", [{"split": "test"}, {"name": "en"}, {"files": "*.jsonl"}])
def test_a_single_file_has_no_configs_and_no_splits(tmp_path: Path, options: dict[str, str]) -> None:
    write(tmp_path / "a.jsonl")
    with pytest.raises(CorpusError, match="is for a folder that is laid out like a dataset"):
        manifest_of(tmp_path / "a.jsonl", tmp_path, **options)


def test_a_revision_of_local_files_is_the_digest_they_must_have(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl")
    revision = manifest_of(tmp_path / "a.jsonl", tmp_path).revision
    assert manifest_of(tmp_path / "a.jsonl", tmp_path, revision=revision).revision == revision
    with pytest.raises(CorpusError, match=f"has revision {revision}, not main"):
        manifest_of(tmp_path / "a.jsonl", tmp_path, revision="main")
