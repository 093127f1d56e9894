"""Counts of a run by file: documents, sizes and the sums of their scores."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from corpuscope.stats.head_order import FileScores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass
class FileCounts:
    """Counts and sums over the documents of one file."""

    name: str
    """Name of the file, as in addresses."""
    sums: Floats
    """Sum of the scores by category."""
    squares: Floats
    """Sum of their squares."""
    head_sums: Floats
    """Sum of the scores of the documents among the first rows, from which labels are drawn."""
    character_sums: Floats
    """Sum of the scores times characters."""
    token_sums: Floats
    """Sum of the scores times tokens."""
    documents: int = 0
    """Documents."""
    heads: int = 0
    """Documents among the first rows, from which labels are drawn."""
    characters: int = 0
    """Characters of all documents."""
    tokens: int = 0
    """Tokens of the documents with a token count."""
    without_tokens: int = 0
    """Documents without one."""
    kept: int = 0
    """Documents that the filter kept."""
    kept_characters: int = 0
    """Characters of these."""
    kept_tokens: int = 0
    """Tokens of these."""

    @classmethod
    def empty(cls, name: str, categories: int) -> FileCounts:
        """Return the counts of no documents."""
        sums, squares, heads, characters, tokens = (np.zeros(categories) for _ in range(5))
        return cls(name, sums, squares, heads, characters, tokens)

    def add(
        self,
        scores: Floats,
        characters: Sequence[int],
        tokens: Sequence[int | None],
        kept: NDArray[np.bool_],
        heads: NDArray[np.bool_],
    ) -> None:
        """Add a batch of documents: scores with a row per document and a column per category, and the rest of each."""
        lengths = np.asarray(characters, dtype=float)
        counted = np.array([count or 0 for count in tokens], dtype=float)
        self.documents += len(scores)
        self.kept += int(kept.sum())
        self.characters += sum(characters)
        self.tokens += int(counted.sum())
        self.without_tokens += sum(count is None for count in tokens)
        self.heads += int(heads.sum())
        self.sums += scores.sum(axis=0)
        self.squares += (scores**2).sum(axis=0)
        self.head_sums += scores[heads].sum(axis=0)
        self.character_sums += lengths @ scores
        self.token_sums += counted @ scores
        self.kept_characters += int(lengths[kept].sum())
        self.kept_tokens += int(counted[kept].sum())

    @property
    def scores(self) -> FileScores:
        """What the test of the order inside files needs."""
        return FileScores(self.documents, self.sums, self.squares, self.heads, self.head_sums)


def to_bytes(files: Iterable[FileCounts]) -> bytes:
    """Serialise the counts of a rank."""
    columns = [field.name for field in fields(FileCounts)]
    rows = [{name: _plain(getattr(file, name)) for name in columns} for file in files]
    return json.dumps({"files": rows}).encode()


def from_bytes(data: bytes) -> list[FileCounts]:
    """Read the counts of a rank. Raises ValueError for anything that `to_bytes` did not write."""
    try:
        rows: list[dict[str, Any]] = json.loads(data)["files"]
        files = [FileCounts(**{name: _parsed(value) for name, value in row.items()}) for row in rows]
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(str(error)) from error
    for file in files:
        _check(file)
    return files


def _check(file: FileCounts) -> None:
    """Raise ValueError for a field of another type or shape, since the file may come from anywhere."""
    empty = FileCounts.empty("", 1)
    for field in fields(FileCounts):
        value: Any = getattr(file, field.name)
        is_right = isinstance(value, type(getattr(empty, field.name)))
        if isinstance(value, np.ndarray):
            is_right = is_right and value.shape == np.shape(file.sums) and bool(np.isfinite(value).all())
        elif isinstance(value, int):
            is_right = is_right and value >= 0
        if not is_right:
            raise ValueError(f"{field.name} of {file.name} is {value!r}")


def total(files: Sequence[FileCounts], name: str, categories: int) -> FileCounts:
    """Add up the counts of several files under a name of their own."""
    result = FileCounts.empty(name, categories)
    for field in fields(FileCounts):
        if field.name != "name":
            setattr(
                result,
                field.name,
                sum((getattr(file, field.name) for file in files), getattr(result, field.name)),
            )
    return result


def _parsed(value: Any) -> Any:  # noqa: ANN401
    return np.array(value, dtype=float) if isinstance(value, list) else value


def _plain(value: Any) -> Any:  # noqa: ANN401  a number, a string or an array
    return value.tolist() if isinstance(value, np.ndarray) else value
