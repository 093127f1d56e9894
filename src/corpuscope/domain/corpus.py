"""A corpus: a named dataset, config and split at a revision, and how its rows become text."""

from dataclasses import dataclass
from typing import Literal

CorpusKind = Literal["hub", "local", "demo"]


@dataclass(frozen=True, slots=True)
class TextColumn:
    """One column that is shown as a section of a document."""

    column: str
    """The column's name in the dataset."""
    title: str
    """What the section is called on screen."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """What is sampled from; the revision is pinned later, by the plan."""

    key: str
    """The short name used on the command line and as the folder under labels/: letters, digits, `.-_`."""
    title: str
    """The name shown to people."""
    kind: CorpusKind
    """Where its documents come from."""
    path: str
    """Hub repository (`allenai/c4`), or a local file, folder or glob; for demo the bundled file's name."""
    name: str | None = None
    """The dataset's config, None for the default."""
    split: str = "train"
    """The split drawn from."""
    files: str | None = None
    """A glob of data files in the repository, which spares a listing; None: `datasets` resolves `name`."""
    text: tuple[TextColumn, ...] = (TextColumn("text", "text"),)
    """The columns that make up a document, in reading order; several are shown as sections."""
    tokens: str | None = None
    """The column with the corpus's own token count, None when it has none."""
    description: str = ""
    """One line for the home screen."""
    licence: str = ""
    """The licence its publisher states, for exports."""
