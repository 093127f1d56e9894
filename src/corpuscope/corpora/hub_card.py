"""The configs and splits of a Hub dataset, from its card or the names of its files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import Any

import yaml

from corpuscope.corpora import hub_datasets, hub_settings
from corpuscope.corpora.hub_files import HubFileSystem
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError

_FRONT_MATTER = re.compile(rb"\A\s*---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(\r?\n|\Z)", re.DOTALL)
_SHOWN = 10
"""Names of configs or splits that are offered at once."""

_WITHOUT_CARD = "choose its files yourself with --data-files, as in --data-files 'data/*.parquet'"


def page(dataset: str) -> str:
    """Return the address of a dataset's page."""
    return f"{hub_settings.endpoint()}/datasets/{dataset}"


def patterns(corpus: Corpus, card: bytes, base: str) -> list[str]:
    """Return the patterns of the data files of the corpus's config and split, relative to `base`.

    Raises CorpusError when there is no such config or split, or several configs and none is the default, and
    when the card cannot be understood.
    """
    configs = _configs(corpus.path, card)
    config = _chosen(corpus, configs)
    folder = str(config.get("data_dir") or "").strip("/")
    root = f"{base}/{folder}" if folder else base
    if "data_files" in config:
        try:
            splits = hub_datasets.splits_of(config["data_files"])
        except (ValueError, TypeError) as error:
            raise CorpusError(
                f"the card of dataset {corpus.path} has data_files that say nothing: {error}", _WITHOUT_CARD
            ) from error
    else:
        splits = _splits_by_name(corpus, root)
    if corpus.split not in splits:
        message = f"dataset {corpus.path} has no split {corpus.split}"
        raise CorpusError(message, _offer(corpus.split, splits, "split", "--split"))
    selected = splits[corpus.split]
    if foreign := next((pattern for pattern in selected if "://" in pattern), None):
        raise CorpusError(f"the files of dataset {corpus.path} lie elsewhere: {foreign}", _WITHOUT_CARD)
    return [f"{folder}/{pattern}" if folder else pattern for pattern in selected]


def _splits_by_name(corpus: Corpus, root: str) -> dict[str, list[str]]:
    """Return the patterns of a folder without a card by the split that the names of its files tell."""
    files = HubFileSystem()
    files.find(root)  # so that the list of the folder follows from that of all
    entries = files.ls(root, detail=False)
    script = f"{PurePosixPath(corpus.path).name}.py"
    if any(PurePosixPath(str(entry)).name == script for entry in entries):
        raise CorpusError(
            f"dataset {corpus.path} is built by a program, {script}, which is not run here",
            f"if its data files are in the repository, {_WITHOUT_CARD}; see {page(corpus.path)}/tree/main",
        )
    try:
        return hub_datasets.default_splits(root)
    except FileNotFoundError as error:
        raise CorpusError(
            f"dataset {corpus.path} has no data files", f"see {page(corpus.path)}/tree/main"
        ) from error


def _configs(dataset: str, card: bytes) -> dict[str, Mapping[str, Any]]:
    """Return the configs of a card by name; empty when it lists none. Raises CorpusError for a damaged card."""
    match = _FRONT_MATTER.match(card.removeprefix(b"\xef\xbb\xbf"))
    if match is None:
        return {}
    try:
        # Every value stays a string, so that the config `no` is Norwegian and not false.
        content = yaml.load(match[1], Loader=yaml.BaseLoader)  # noqa: S506  it builds strings, lists and mappings only
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise CorpusError(
            f"the card of dataset {dataset} is no valid YAML: {reason}", _WITHOUT_CARD
        ) from error
    entries = content.get("configs") if isinstance(content, dict) else None
    if not entries:
        return {}
    valid = isinstance(entries, list) and all(
        isinstance(entry, dict) and isinstance(entry.get("config_name"), str) for entry in entries
    )
    if not valid:
        raise CorpusError(f"the card of dataset {dataset} has configs without config_name", _WITHOUT_CARD)
    return {entry["config_name"]: entry for entry in entries}


def _chosen(corpus: Corpus, configs: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    if corpus.name is not None:
        if corpus.name in configs:
            return configs[corpus.name]
        if not configs and corpus.name == "default":
            return {}
        message = f"dataset {corpus.path} has no config {corpus.name}"
        raise CorpusError(
            message, _offer(corpus.name, configs, "config", "--name") if configs else "leave out --name"
        )
    if len(configs) < 2:
        return next(iter(configs.values()), {})
    defaults = [
        name for name, config in configs.items() if name == "default" or _is_true(config.get("default"))
    ]
    if len(defaults) != 1:
        message = f"dataset {corpus.path} has {len(configs)} configs, and none of them is the default"
        raise CorpusError(message, _offer("", configs, "config", "--name"))
    return configs[defaults[0]]


def _is_true(value: object) -> bool:
    return str(value).lower() in ("true", "yes", "on")


def _offer(name: str, names: Iterable[str], noun: str, option: str) -> str:
    """Return a hint that offers the nearest names, or else the first ones, and says how many there are."""
    known = list(names)
    close = get_close_matches(name, known, n=3, cutoff=0.5) if name else []
    listed = ", ".join(list(dict.fromkeys([*close, *known]))[:_SHOWN])
    rest = f" and {len(known) - _SHOWN:,} more" if len(known) > _SHOWN else ""
    first = f"did you mean {close[0]}? " if close else ""
    return f"{first}choose a {noun} with {option}: {listed}{rest}"
