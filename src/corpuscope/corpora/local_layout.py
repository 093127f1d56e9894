"""Configs and splits of a local folder that is laid out like a dataset on the Hub."""

from __future__ import annotations

import glob
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from corpuscope.corpora.local_files import DataFiles, find
from corpuscope.corpora.parse import expand_home
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError
from corpuscope.text.quantities import quantity

_CONFIGS = re.compile(rb"\A---\s*\n(?:(?!---).*\n)*?configs:", re.MULTILINE)
"""A README whose front matter lists configs."""

_CARD_BYTES = 1 << 20
"""Bytes at the start of a README that may be front matter."""

_SPLIT_WORD = re.compile(
    r"(?:^|[-._ 0-9/])(?:train(?:ing)?|test(?:ing)?|eval(?:uation)?|valid(?:ation)?|val|dev)(?:[-._ 0-9/]|$)"
)
"""A file or folder name in which `datasets` may see a split."""


def find_selected(corpus: Corpus, paths: Sequence[str]) -> DataFiles:
    """List the data files of the config and the split of a local corpus at `paths`.

    A folder means what it means on the Hub: the configs in its README, or splits by the names of its files. Any other
    path is all of its files.

    Raises CorpusError for an option that does not fit the files, besides what `find` raises.
    """
    folder = expand_home(paths[0])
    is_folder = len(paths) == 1 and folder.is_dir()
    options = {"--name": corpus.name, "--data-files": corpus.files}
    options["--split"] = corpus.split if corpus.split != "train" else None
    given = next((f"{option} {value}" for option, value in options.items() if value), "")
    if given and not is_folder:
        raise CorpusError(
            f"{given} is for a folder that is laid out like a dataset", "name the folder itself"
        )
    data_files = None if given else find(*paths)
    if data_files is not None and not (is_folder and _has_layout(folder, data_files)):
        return data_files
    return _selected(corpus, Path(os.path.abspath(folder)), data_files)  # noqa: PTH100  which keeps links


def _has_layout(folder: Path, data_files: DataFiles) -> bool:
    """Tell whether a folder may have configs or splits; only then `datasets` is loaded."""
    try:
        with (folder / "README.md").open("rb") as card:
            if _CONFIGS.match(card.read(_CARD_BYTES)):
                return True
    except OSError:
        pass
    return any(_SPLIT_WORD.search(file.name) for file in data_files.files)


def _selected(corpus: Corpus, folder: Path, all_files: DataFiles | None) -> DataFiles:
    """List the files of the config and the split of `folder`; `all_files` are those below it, where they are known."""
    from corpuscope.corpora import dataset_card, hub_datasets

    with _without_pattern(folder) as base:

        def splits_by_name(inside: str) -> dict[str, list[str]]:
            try:
                return hub_datasets.default_splits(str(base / inside))
            except FileNotFoundError as error:
                raise CorpusError(f"{folder / inside} has no data files") from error

        def matching(patterns: Sequence[str]) -> list[str]:
            files = hub_datasets.matching_files(patterns, str(base))
            return [str(folder / Path(file).relative_to(base)) for file in files]

        if corpus.files:
            layout = dataset_card.Layout(None, (), {corpus.split: [corpus.files]})
        else:
            layout = dataset_card.layout(corpus, _card(folder), splits_by_name)
        patterns = layout.patterns(corpus)
        paths = matching(patterns)
        counts = {
            split: len(matching(other)) for split, other in layout.splits.items() if split != corpus.split
        }
    if not paths:
        raise CorpusError(f"{corpus.path} has no files {', '.join(patterns)}", "look into the folder")
    selected = find(*paths)
    notes = list((all_files or selected).notes)
    if others := [f"{split} ({quantity(count, 'file')})" for split, count in counts.items()]:
        notes.append(f"left out, splits other than {corpus.split}: {', '.join(others)}")
    if configs := [name for name in layout.configs if name != layout.config]:
        notes.append(f"left out, configs other than {layout.config}: {', '.join(configs)}")
    return DataFiles(selected.files, tuple(notes))


@contextmanager
def _without_pattern(folder: Path) -> Iterator[Path]:
    """Yield a path of `folder` in which no character is one of a pattern, for a link to it if need be."""
    if str(folder) == glob.escape(str(folder)):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="corpuscope-") as parent:
        link = Path(parent) / "folder"
        link.symlink_to(folder.resolve())
        yield link


def _card(folder: Path) -> bytes:
    try:
        return (folder / "README.md").read_bytes()
    except OSError:
        return b""
