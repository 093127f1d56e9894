"""Configs and splits of a local folder that is laid out like a dataset on the Hub."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from corpuscope.corpora import hub_settings
from corpuscope.corpora.local_files import DataFiles, find
from corpuscope.corpora.parse import expand_home
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpusError, nearest

_CONFIGS = re.compile(rb"\A---\s*\n(?:(?!---).*\n)*?configs:", re.MULTILINE)
"""A README whose front matter lists configs."""

_CARD_BYTES = 1 << 20
"""Bytes at the start of a README that may be front matter."""

_SPLIT_WORD = re.compile(
    r"(?:^|[-._ 0-9/])(?:train(?:ing)?|test(?:ing)?|eval(?:uation)?|valid(?:ation)?|val|dev)(?:[-._ 0-9/]|$)"
)
"""A file or folder name in which `datasets` may see a split."""


def find_selected(corpus: Corpus, paths: Sequence[str], cache: Path) -> DataFiles:
    """List the data files of the config and the split of a local corpus at `paths`.

    A folder means what it means on the Hub: the configs in its README, or splits by the names of its files, as
    `datasets` reads them. Any other path is all of its files. `cache` is a folder that `datasets` may use.

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
    found = None if given else find(*paths)
    if found is not None and not (is_folder and _has_layout(folder, found)):
        return found
    builder = _builder(corpus, folder, cache)
    splits: Mapping[str, Sequence[str]] = builder.config.data_files or {}
    if corpus.split not in splits:
        raise CorpusError(
            f"{corpus.path} has no split {corpus.split}",
            f"{nearest(corpus.split, splits)}; choose with --split",
        )
    selected = find(*(str(path) for path in splits[corpus.split]))
    notes = list(found.notes if found is not None else selected.notes)
    if others := [
        f"{split} ({len(files):,} file{'s' * (len(files) != 1)})"
        for split, files in splits.items()
        if split != corpus.split
    ]:
        notes.append(f"left out, splits other than {corpus.split}: {', '.join(others)}")
    if configs := [name for name in builder.builder_configs if name != builder.config.name]:
        notes.append(f"left out, configs other than {builder.config.name}: {', '.join(configs)}")
    return DataFiles(selected.files, tuple(notes))


def _has_layout(folder: Path, found: DataFiles) -> bool:
    """Tell whether a folder may have configs or splits; only then `datasets` is loaded."""
    try:
        with (folder / "README.md").open("rb") as card:
            if _CONFIGS.match(card.read(_CARD_BYTES)):
                return True
    except OSError:
        pass
    return any(_SPLIT_WORD.search(file.name) for file in found.files)


def _builder(corpus: Corpus, folder: Path, cache: Path) -> Any:  # noqa: ANN401  datasets publishes no types
    hub_settings.silence_hub()
    import datasets

    hub_settings.log_to_root("datasets")
    try:
        return datasets.load_dataset_builder(
            str(folder),
            corpus.name,
            data_files={corpus.split: corpus.files} if corpus.files else None,
            cache_dir=str(cache / "datasets"),
        )
    except (OSError, ValueError, datasets.exceptions.DatasetsError) as error:
        part = f", config {corpus.name}" if corpus.name else ""
        raise CorpusError(f"{corpus.path}{part}: {error}", "choose with --name and --split") from error
