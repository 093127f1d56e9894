"""Export to fastText training lines: `__label__news` and the words of the document, one document per line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import BinaryIO

from corpuscope.export.label_records import ExportOptions, LabelRecord, by_document
from corpuscope.text.safe_json import without_surrogates

PREFIX = "__label__"
"""Prefix by which fastText recognises labels."""

_BETWEEN_WORDS = re.compile(r"[\W_]+")
_LIKE_A_LABEL = re.compile(f"(?:{PREFIX})+")


def write_fasttext(records: Iterable[LabelRecord], options: ExportOptions, stream: BinaryIO) -> int:
    """Write one line per document and return the number of labels.

    A document has its final category when it was adjudicated, otherwise every category an annotator gave it.
    """
    slug_of = slugs(options.categories)
    count = 0
    for labels in by_document(records):
        assigned = {labels[0].final or record.category for record in labels}
        prefixed = [PREFIX + slug_of[category] for category in options.categories if category in assigned]
        line = " ".join((*prefixed, *one_line_text(labels[0].text or "")))
        stream.write(without_surrogates(line).encode() + b"\n")
        count += len(labels)
    return count


def slugs(categories: Sequence[str]) -> Mapping[str, str]:
    """Map each category to a unique word in lower case, with hyphens between words.

    Categories whose words would be equal are numbered from 2.
    """
    by_category: dict[str, str] = {}
    for category in categories:
        plain = unicodedata.normalize("NFKC", category).casefold()
        slug = base = _BETWEEN_WORDS.sub("-", plain).strip("-") or "category"
        number = 2
        while slug in by_category.values():
            slug, number = f"{base}-{number}", number + 1
        by_category[category] = slug
    return by_category


def one_line_text(text: str) -> list[str]:
    """Split a text into words that fastText reads as plain words.

    Label prefixes and the end-of-sentence token are removed, since fastText would interpret them.
    """
    words = (
        word[match.end() :] if (match := _LIKE_A_LABEL.match(word)) else word
        for word in text.replace("\0", " ").split()
    )
    return [word for word in words if word not in ("", "</s>")]
