"""A trained model as bytes in the safetensors format, which holds numbers and text but no code."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from corpuscope.domain.document import DocumentKey
from corpuscope.errors import UsageError
from corpuscope.learning.features import FEATURES, SIZE

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array


@dataclass(frozen=True, slots=True)
class Model:
    """A linear classifier of texts and the facts to judge it by."""

    categories: tuple[str, ...]
    """Names of the categories, in the order of the columns."""
    weights: NDArray[np.float32]
    """Weight of each of `SIZE` features for each category."""
    intercept: NDArray[np.float64]
    """Intercept of each category."""
    documents: tuple[DocumentKey, ...] = ()
    """Documents whose labels it was trained on; those of one corpus adjoin."""
    held_out: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 0)))
    """Scores of these documents by models that did not see them, a row per document and a column per category."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What else the file says: scheme, ridge strength, accuracy, seed and version."""

    def predict(self, features: csr_array) -> NDArray[np.float64]:
        """Predict scores, one row per document and one column per category."""
        return np.asarray(features @ self.weights + self.intercept, dtype=float)


def to_bytes(model: Model) -> bytes:
    """Serialise a model; about 1 MB per category."""
    lists = {
        "categories": model.categories,
        "labels": Counter(corpus for corpus, _ in model.documents),
        "document_ids": [document_id for _, document_id in model.documents],
    }
    header = {**model.facts, "features": FEATURES} | {
        name: json.dumps(value) for name, value in lists.items()
    }
    tensors: dict[str, NDArray[Any]] = {
        "weights": np.ascontiguousarray(model.weights),
        "intercept": model.intercept,
        "held_out": np.ascontiguousarray(model.held_out),
    }
    data: bytes = save(tensors, header)
    return data


def from_bytes(data: bytes) -> Model:
    """Read a model. Raises UsageError for anything that `to_bytes` of this feature map did not write."""
    try:
        tensors = load(data)
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])["__metadata__"]
        categories, ids = json.loads(header.pop("categories")), json.loads(header.pop("document_ids"))
        labels = json.loads(header.pop("labels"))
        # lazily, since a count may be absurd
        corpora = (corpus for corpus, count in labels.items() for _ in range(count))
        documents = tuple(zip(corpora, ids, strict=True))
        weights, intercept, held_out = tensors["weights"], tensors["intercept"], tensors["held_out"]
        features = header.pop("features")
    except (SafetensorError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise UsageError(
            f"this is not a model of corpuscope: {error}", "make one: corpuscope estimate"
        ) from error
    shapes = weights.shape, intercept.shape, held_out.shape
    named = all(
        isinstance(names, list) and all(isinstance(n, str) for n in names) for names in (categories, ids)
    )
    size = len(categories) if named else 0
    if features != FEATURES or not named or shapes != ((SIZE, size), (size,), (len(ids), size)):
        raise UsageError(
            f"this model has features {features!r} of shape {weights.shape}, not {FEATURES!r}",
            "make it again with this version: corpuscope estimate",
        )
    if len(set(categories)) < size or not all(
        np.isfinite(part).all() for part in (weights, intercept, held_out)
    ):
        raise UsageError(
            "this model has a category twice, or weights that are not numbers",
            "make it again: corpuscope estimate",
        )
    return Model(
        tuple(categories),
        weights.astype(np.float32),
        intercept.astype(float),
        documents,
        held_out.astype(float),
        header,
    )
