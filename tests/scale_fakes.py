"""A run over a small corpus of several files, with a classifier that knows two words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from corpuscope.corpora.corpus_files import list_files
from corpuscope.corpora.parse import corpus_for
from corpuscope.learning.features import SIZE, features_of
from corpuscope.learning.model_file import Model
from corpuscope.sampling.feed.open import source_for
from corpuscope.scale.run_folder import Run, RunFolder

CATEGORIES = ("News", "Ads")


def a_model() -> Model:
    """Return a classifier that scores a text 1 for the category whose lower-case name it is."""
    weights = np.zeros((SIZE, len(CATEGORIES)), np.float32)
    for column, category in enumerate(CATEGORIES):
        weights[features_of([category.lower()]).indices, column] = 1
    return Model(CATEGORIES, weights, np.array([0.0, 0.25]), (), np.empty((0, 2)))


def a_folder_of(folder: Path, files: Mapping[str, Sequence[str]]) -> Path:
    """Write JSON lines with these texts, a file each, and return the folder."""
    folder.mkdir()
    for name, texts in files.items():
        (folder / name).write_text(
            "".join(json.dumps({"text": text, "token_count": 2}) + "\n" for text in texts)
        )
    return folder


def a_run(
    folder: Path,
    files: Mapping[str, Sequence[str]],
    *,
    tasks: int = 1,
    keep: str | None = None,
    heads: int | None = None,
) -> RunFolder:
    """Begin a run over a corpus of these files; `heads` are the first rows that labels are drawn from."""
    corpus = corpus_for(str(a_folder_of(folder / "web", files)))
    listed = replace(list_files(source_for(corpus, None, folder / "cache")), prefix_rows=heads)
    return RunFolder.begin(folder / "out", Run("web", listed, tasks, keep), a_model())
