"""A corpus: a named dataset, config and split at a revision, and how its rows become text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

MOST_LABELS = 1_000_000_000
"""Most labels that can be planned for a corpus."""

FRAME = 3
"""The newest version of the rules by which files on the Hub become a sampling frame."""

_SAFE_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"

CorpusKind = Literal["hub", "local", "demo"]


ONE_FILE = "file-"
"""Start of the revision of one local file; the digest of its content follows."""

SEVERAL_FILES = "files-"
"""Start of the revision of several local files; the digest of their names and contents follows."""

SAMPLE = "sample-"
"""Start of the revision of files that `corpuscope sample` wrote; the revision of the files follows."""


def is_safe_name(name: str) -> bool:
    """Tell whether `name`, the key of a corpus or a session, may be part of the name of a file of labels."""
    return re.fullmatch(_SAFE_NAME, name) is not None


def is_sample(revision: str | None) -> bool:
    """Tell whether a revision is that of a sample, whose documents have their address in the corpus they are from."""
    return revision is not None and revision.startswith(SAMPLE)


def is_content(revision: str | None) -> bool:
    """Tell whether a revision is a digest of content, which is the same wherever the files are."""
    return revision is not None and revision.startswith((ONE_FILE, SEVERAL_FILES, SAMPLE))


def short_revision(revision: str | None) -> str:
    """Shorten a revision for people: 12 digits of a commit, of a digest its kind and 7 digits; "" for none."""
    return (revision or "")[: max(12, (revision or "").rfind("-") + 8)]


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
    """A Hub repository (`allenai/c4`), a local file, folder or glob, or the name of a bundled demo file.

    A local path says where the corpus is, and is no part of what it is. A relative one is relative to `folder`.
    """
    name: str | None = None
    """The dataset's config; None for the default."""
    split: str = "train"
    """The split to draw from."""
    files: str | None = None
    """A glob of data files in the repository or folder; None lets `datasets` resolve `name` and `split`."""
    requested: str | None = None
    """The branch, tag or commit that was asked for; None for the newest. Of local files, the digest they must have."""
    text: tuple[TextColumn, ...] = (TextColumn("text", "text"),)
    """The columns that make up a document, in reading order; several become sections."""
    tokens: str | None = None
    """The column with the corpus's own token count; None when it has none."""
    frame: int = FRAME
    """Version of the rules by which files on the Hub become a sampling frame: 1 in plans written before there were
    others. It left out `.zstd`, `.arrow` and `.tar`, chose the kind of most files instead of most bytes, and judged
    the row groups of all files by those of the largest. 2 drew from the heads of small files of lines too."""
    uniform: str = ""
    """What is uniform in a sample of it and what was left out, as its files told when they were listed; "" before."""
    description: str = ""
    """One line for the home screen."""
    licence: str = ""
    """The licence stated by the publisher, for exports."""

    paths: tuple[str, ...] = ()
    """The local paths of a corpus that was given as several; `path` is then the folder they are in."""
    in_order: bool = False
    """True when draw k is row k: the documents are the subject themselves, and no sample of others."""
    census: bool = False
    """True when all documents are to be labelled."""
    folder: str = field(default="", compare=False)
    """The folder of the study that the corpus is planned in; "" for the working folder."""

    @property
    def public_path(self) -> str:
        """The path without the folders of this machine, for pages that others read."""
        is_absolute = self.kind == "local" and self.path.startswith("/")
        return self.path.rstrip("/").rpartition("/")[2] if is_absolute else self.path

    def is_at(self, other: Corpus) -> bool:
        """Tell whether two local corpora are given by the same paths."""
        return (self.path, self.paths) == (other.path, other.paths)
