"""Labels as training lines of fastText: `__label__news` and the document's words, one document a line."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import BinaryIO

from corpuscope.export.label_records import ExportOptions, LabelRecord, by_document

PREFIX = "__label__"
"""What fastText tells labels by."""

_BETWEEN_WORDS = re.compile(r"[\W_]+")
_LIKE_A_LABEL = re.compile(f"(?:{PREFIX})+")


def write_fasttext(records: Iterable[LabelRecord], options: ExportOptions, stream: BinaryIO) -> int:
    """One line a document, with its final category, else every one anyone gave it; how many labels there were."""
    named = slugs(options.categories)
    count = 0
    for labels in by_document(records):
        given = {labels[0].final or record.category for record in labels}
        words = [PREFIX + named[category] for category in options.categories if category in given]
        line = " ".join((*words, *one_line_text(labels[0].text or "")))
        stream.write(line.encode("utf-8", "replace") + b"\n")
        count += len(labels)
    return count


def slugs(categories: Sequence[str]) -> Mapping[str, str]:
    """A word for each category: lower case, hyphens between letters and digits, numbered where two are alike."""
    taken: dict[str, str] = {}
    for category in categories:
        plain = unicodedata.normalize("NFKC", category).casefold()
        slug = base = _BETWEEN_WORDS.sub("-", plain).strip("-") or "category"
        number = 2
        while slug in taken.values():
            slug, number = f"{base}-{number}", number + 1
        taken[category] = slug
    return taken


def one_line_text(text: str) -> list[str]:
    """The words of a text as fastText should read them.

    A text can hold what fastText takes for a label or for the end of a line: both lose that meaning here.
    """
    words = (
        word[match.end() :] if (match := _LIKE_A_LABEL.match(word)) else word
        for word in text.replace("\0", " ").split()
    )
    return [word for word in words if word not in ("", "</s>")]
