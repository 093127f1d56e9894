"""The bundled demo corpora, with a reference answer for each document."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from corpuscope.corpora.source import Manifest, Row, Shard
from corpuscope.domain.corpus import Corpus
from corpuscope.domain.document import Scalar
from corpuscope.errors import CorpusError
from corpuscope.files import digest

BUNDLED = Path(__file__).with_name("demo_data")
"""Folder of the bundled files. Finding it through importlib would delay the first document by milliseconds."""
_ANSWERS = ("category", "reason")
"""Columns of the reference answer, which the reader must not see."""


@dataclass(frozen=True, slots=True)
class ReferenceAnswer:
    """The answer of a careful reader to one demo document."""

    category: str
    """Name of the category."""
    reason: str
    """Reason for the category, in one line."""


@dataclass(frozen=True, slots=True)
class _File:
    size: int
    revision: str
    rows: tuple[MappingProxyType[str, Scalar], ...]


@cache
def _load(name: str) -> _File:
    data = (BUNDLED / name).read_bytes()
    rows = tuple(MappingProxyType(json.loads(line)) for line in data.splitlines() if line.strip())
    return _File(len(data), digest(data.hex()).hex()[:40], rows)


class DemoSource:
    """One bundled file as a `Source`."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus

    def manifest(self) -> Manifest:
        """Return one shard whose rows are all equally likely. Raises CorpusError when the file is missing."""
        try:
            file = _load(self.corpus.path)
        except FileNotFoundError:
            raise CorpusError(f"{self.corpus.key} is missing from this installation") from None
        shard = Shard(self.corpus.path, file.size, len(file.rows))
        return Manifest(file.revision, (shard,), uniform="Exact: every bundled document is equally likely.")

    def rows(self, shard: int) -> int:  # noqa: ARG002  there is only one shard
        """Return the number of documents."""
        return len(_load(self.corpus.path).rows)

    def fetch(self, shard: int, row: int) -> Row:  # noqa: ARG002
        """Return one row without its reference answer."""
        columns = _load(self.corpus.path).rows[row]
        text_columns = {text.column for text in self.corpus.text}
        return Row(
            tuple((text.title, str(columns[text.column])) for text in self.corpus.text),
            {k: v for k, v in columns.items() if k not in text_columns and k not in _ANSWERS},
        )

    def reach(self, shard: int) -> None:
        """Do nothing, since there is no network between."""

    def close(self) -> None:
        """Do nothing, since nothing is held open."""


def reference_answer(corpus: Corpus, row: int) -> ReferenceAnswer:
    """Return the reference answer to one document of a demo corpus."""
    columns = _load(corpus.path).rows[row]
    return ReferenceAnswer(str(columns["category"]), str(columns["reason"]))
