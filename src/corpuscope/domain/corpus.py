"""A corpus: a named dataset, config and split at a revision, and how its rows become text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CorpusKind = Literal["hub", "local", "demo"]


@dataclass(frozen=True, slots=True)
class TextColumn:
    """One dataset column, shown as a section of a document."""

    column: str
    """The column's name in the dataset."""
    title: str
    """The title of the section on screen."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus to sample from; the plan pins its revision later."""

    key: str
    """The short name used on the command line and as the folder under labels/: letters, digits, `.-_`."""
    title: str
    """The name on screens and in reports."""
    kind: CorpusKind
    """The kind of source that serves its documents."""
    path: str
    """A Hub repository (`allenai/c4`), a local file, folder or glob, or the name of a bundled demo file."""
    name: str | None = None
    """The dataset's config; None for the default."""
    split: str = "train"
    """The split to draw from."""
    files: str | None = None
    """A glob of data files in the repository, which saves a listing; None lets `datasets` resolve `name`."""
    text: tuple[TextColumn, ...] = (TextColumn("text", "text"),)
    """The columns that make up a document, in reading order; several become sections."""
    tokens: str | None = None
    """The column with the corpus's own token count; None when it has none."""
    frame: int = 2
    """Version of the rules by which files on the Hub become a sampling frame: 1 in plans written before there were
    others. It left out `.zstd`, `.arrow` and `.tar`, chose the kind of most files instead of most bytes, and judged
    the row groups of all files by those of the largest."""
    left_out: str = ""
    """Sentence on the files that cannot be drawn from, with their share of the bytes; "" when there are none or the
    files were not listed yet."""
    description: str = ""
    """One line for the home screen."""
    licence: str = ""
    """The licence stated by the publisher, for exports."""
