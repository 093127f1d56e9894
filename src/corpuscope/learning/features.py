"""Turn texts into hashed counts of words and word pairs, the same way at every scale."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import HashingVectorizer

from corpuscope.domain.document import MOST_CHARACTERS

FEATURES = "hash18-w12-v1"
"""Name of this feature map in a model file; a map that gives other numbers needs another name.

So does one that reads another number of characters than `MOST_CHARACTERS`.
"""

SIZE = 2**18
"""Number of features."""

_COUNTER = HashingVectorizer(
    ngram_range=(1, 2),
    n_features=SIZE,
    alternate_sign=False,
    norm=None,
    token_pattern=r"\w+|[^\w\s]",  # noqa: S106  punctuation tells forums and shops from essays
    dtype=np.float32,
)


def features_of(texts: Iterable[str]) -> csr_array:
    """Return one row of `SIZE` features per text: 1 + ln(count) of words and pairs, scaled to unit length.

    Needs no vocabulary and no fitting, so every language and any number of documents can be read in one pass. A text
    without a word or punctuation mark gives a row of zeros.
    """
    # a lone surrogate cannot be hashed, and the web has them
    readable = (text[:MOST_CHARACTERS].encode(errors="replace").decode() for text in texts)
    rows = csr_array(_COUNTER.transform(readable))
    rows.data = 1 + np.log(rows.data)
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    rows.data /= np.repeat(np.where(lengths > 0, lengths, 1), np.diff(rows.indptr)).astype(np.float32)
    return rows
