"""The beginning of a document, to be quoted with its address and what was said about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpuscope.domain.document import Place, address_words

EXCERPT = 800
"""Characters of a document that are quoted."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The beginning of a document; web text, to be treated as data."""

    corpus: str
    """Key of its corpus."""
    address: str
    """Where it is, in one line."""
    url: str
    """Where it was crawled, "" when that is not known."""
    category: str
    """What it was taken for, in words; "" when it is not labelled."""
    notes: tuple[tuple[str, str], ...]
    """Who noted what."""
    text: str
    """Its first characters."""
    left_out: int
    """Characters after those."""


def excerpt_of(
    corpus: str,
    place: Place,
    text: str,
    *,
    url: object,
    given: Sequence[tuple[str, str, str]],
    final: str | None = None,
) -> Excerpt:
    """The beginning of `text`. `given` are annotator, category and note of each label, "" where there is none.

    Who gave a category is said where several people, or looks, did and do not agree; and what was settled on then.
    """
    categories = list(dict.fromkeys((category, who) for who, category, _ in given if category))
    one = len({category for category, _ in categories}) == 1
    words = categories[0][0] if one else ", ".join(f"{category} ({who})" for category, who in categories)
    if final and final != words:
        words = f"{words}; settled on {final}" if words else final
    return Excerpt(
        corpus=corpus,
        address=address_words(place),
        url=url if isinstance(url, str) else "",
        category=words,
        notes=tuple(dict.fromkeys((who, note) for who, _, note in given if note)),
        text=text[:EXCERPT],
        left_out=max(len(text) - EXCERPT, 0),
    )
