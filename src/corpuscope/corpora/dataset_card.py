"""The configs and splits of a dataset, on the Hub or in a folder, from its card or the names of its files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import yaml

from corpuscope.corpora import hub_datasets
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError
from corpuscope.text.quantities import quantity

_FRONT_MATTER = re.compile(rb"\A\s*---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(\r?\n|\Z)", re.DOTALL)
_SHOWN = 10
"""Names of configs or splits that are offered at once."""

WITHOUT_CARD = "choose its files yourself with --data-files, as in --data-files 'data/*.parquet'"
"""Hint on a way around the card."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of one config of a dataset."""

    config: str | None
    """Name of the config; None where the card lists none."""
    configs: tuple[str, ...]
    """Names of all configs."""
    splits: Mapping[str, list[str]]
    """Patterns of the files by split, relative to the folder of the dataset."""

    def patterns(self, corpus: Corpus) -> list[str]:
        """Return the patterns of the corpus's split. Raises CorpusError when there is no such split."""
        if corpus.split not in self.splits:
            message = f"{_called(corpus)} has no split {corpus.split}"
            raise CorpusError(message, _offer(corpus.split, self.splits, "split", "--split"))
        return self.splits[corpus.split]


def layout(corpus: Corpus, card: bytes, splits_by_name: Callable[[str], Mapping[str, list[str]]]) -> Layout:
    """Return the files of the corpus's config according to its card, which is empty when there is none.

    `splits_by_name` returns the patterns by split of a folder of the dataset, "" for all of it, from the names of its
    files.

    Raises CorpusError when there is no such config, or several and none is the default, and when the card cannot be
    understood.
    """
    configs = _configs(corpus, card)
    name = _chosen(corpus, configs)
    config = configs[name] if name is not None else {}
    folder = str(config.get("data_dir") or "").strip("/")
    if "data_files" in config:
        try:
            splits = hub_datasets.splits_of(config["data_files"])
        except (ValueError, TypeError) as error:
            raise CorpusError(
                f"the card of {_called(corpus)} has invalid data_files: {error}", WITHOUT_CARD
            ) from error
    else:
        splits = dict(splits_by_name(folder))
    if foreign := next((path for paths in splits.values() for path in paths if "://" in path), None):
        raise CorpusError(
            f"the card of {_called(corpus)} names files outside the dataset: {foreign}", WITHOUT_CARD
        )
    if folder:
        splits = {split: [f"{folder}/{path}" for path in paths] for split, paths in splits.items()}
    return Layout(name, tuple(configs), splits)


def _called(corpus: Corpus) -> str:
    return f"dataset {corpus.path}" if corpus.kind == "hub" else corpus.path


def _configs(corpus: Corpus, card: bytes) -> dict[str, Mapping[str, Any]]:
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
            f"the card of {_called(corpus)} is not valid YAML: {reason}", WITHOUT_CARD
        ) from error
    entries = content.get("configs") if isinstance(content, dict) else None
    if not entries:
        return {}
    valid = isinstance(entries, list) and all(
        isinstance(entry, dict) and isinstance(entry.get("config_name"), str) for entry in entries
    )
    if not valid:
        raise CorpusError(f"the card of {_called(corpus)} has configs without config_name", WITHOUT_CARD)
    return {entry["config_name"]: entry for entry in entries}


def _chosen(corpus: Corpus, configs: Mapping[str, Mapping[str, Any]]) -> str | None:
    """Return the name of the corpus's config; None where the card lists none."""
    if corpus.name is not None:
        if corpus.name in configs:
            return corpus.name
        if not configs and corpus.name == "default":
            return None
        message = f"{_called(corpus)} has no config {corpus.name}"
        raise CorpusError(
            message, _offer(corpus.name, configs, "config", "--name") if configs else "leave out --name"
        )
    if len(configs) < 2:
        return next(iter(configs), None)
    defaults = [
        name for name, config in configs.items() if name == "default" or _is_true(config.get("default"))
    ]
    if len(defaults) != 1:
        message = f"{_called(corpus)} has {quantity(len(configs), 'config')} and no default among them"
        raise CorpusError(message, _offer("", configs, "config", "--name"))
    return defaults[0]


def _is_true(value: object) -> bool:
    return str(value).lower() in ("true", "yes", "on")


def _offer(name: str, names: Iterable[str], noun: str, option: str) -> str:
    """Return a hint that offers the nearest names, or else the first ones, and says how many there are."""
    offered = list(names)
    close = get_close_matches(name, offered, n=3, cutoff=0.5) if name else []
    listed = ", ".join(list(dict.fromkeys([*close, *offered]))[:_SHOWN])
    rest = f" and {len(offered) - _SHOWN:,} more" if len(offered) > _SHOWN else ""
    first = f"did you mean {close[0]}? " if close else ""
    return f"{first}choose a {noun} with {option}: {listed}{rest}"
