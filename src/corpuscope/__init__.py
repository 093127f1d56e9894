"""corpuscope: read a fair sample of a corpus, label each document with one key, get shares that hold up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpuscope.version import __version__

if TYPE_CHECKING:  # importing corpuscope stays cheap: pyarrow comes with the first study
    from pathlib import Path

    from corpuscope.study import Study

__all__ = ["__version__", "open_study"]


def open_study(folder: str | Path, categories: str | Path | None = None) -> Study:
    """Open a labels folder to read its plan, labels, shares, comparisons and agreement.

    `folder` is the labels folder, or that of a study which holds one called `labels`; `categories` is the category
    file, by default `categories.yaml` beside the labels folder. Raises UsageError when there is no such folder.
    """
    from corpuscope.study import Study

    return Study.at(folder, categories)
