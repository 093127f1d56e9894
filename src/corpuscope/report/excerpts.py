"""Excerpts: the beginnings of bookmarked documents, with their addresses, categories and notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import DocumentKey, HasAddress, StoredDocument, format_address
from corpuscope.domain.label import reading_name

if TYPE_CHECKING:  # numpy; a shell loads the export formats to complete --format
    from corpuscope.ledger.read.decisions import Decisions, DocumentNotes

LOST = "Damage took the text; the address leads to it."
"""What stands in place of a text that was lost."""

EXCERPT = 800
"""Number of characters quoted from a document."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The beginning of a document; its text comes from the web and must never be treated as markup."""

    corpus: str
    """Key of its corpus."""
    address: str
    """Address of the document in its corpus, in one line."""
    url: str
    """URL it was crawled from; "" when not known."""
    category: str
    """Its category or categories in words; "" when it is not labelled."""
    notes: tuple[tuple[str, str], ...]
    """Notes as pairs of annotator and text."""
    text: str | None
    """First characters of the document; None when damage took its text."""
    left_out: int
    """Number of characters that follow."""


def excerpt_of(
    corpus: str,
    place: HasAddress,
    text: str | None,
    *,
    url: object,
    labels: Iterable[tuple[str, int, str]],
    notes: Iterable[tuple[str, str | None]] = (),
    final: str | None = None,
) -> Excerpt:
    """Make the excerpt of a document.

    `labels` holds annotator, look and category of each label, `notes` annotator and note. Annotators and second looks
    are named where categories differ, or no first look has one. `final` is the adjudicated category, None where there
    is none.
    """
    given = sorted(labels, key=itemgetter(1))
    if given and given[0][1] == 1 and len({category for *_, category in given}) == 1:
        words = given[0][2]
    else:
        words = ", ".join(
            f"{category} ({annotator}{'' if look == 1 else f', {reading_name(look)}'})"
            for annotator, look, category in given
        )
    if final and final != words:
        words = f"{words}; settled on {final}" if words else final
    return Excerpt(
        corpus=corpus,
        address=_public_address(place),
        url=url if isinstance(url, str) else "",
        category=words,
        notes=tuple(dict.fromkeys((annotator, note) for annotator, note in notes if note)),
        text=None if text is None else text[:EXCERPT],
        left_out=max(len(text or "") - EXCERPT, 0),
    )


def _public_address(place: HasAddress) -> str:
    """Return the address in one line, without the folders of this machine."""
    address = format_address(place)
    if not place.dataset.startswith("/"):
        return address
    return place.dataset.rstrip("/").rpartition("/")[2] + address.removeprefix(place.dataset)


MOST_EXCERPTS = 50
"""Largest number of documents quoted on a page, so that it stays readable."""


def excerpts(
    notes: Iterable[DocumentNotes],
    decisions: Decisions,
    scheme: CategoryScheme,
    documents: Callable[[Iterable[str]], Iterator[StoredDocument]],
) -> tuple[Excerpt, ...]:
    """Quote bookmarked documents by corpus and draw, at most `MOST_EXCERPTS`.

    Each excerpt has the categories given by the annotators who bookmarked the document. `documents` reads the
    documents of events. Raises LedgerError when the labels cannot be read.
    """
    bookmarked: dict[tuple[str, int, str], list[DocumentNotes]] = {}
    for note in notes:
        if note.bookmarked:
            bookmarked.setdefault((note.corpus, note.draw, note.document_id), []).append(note)
    quoted = [
        sorted(bookmarked[key], key=attrgetter("annotator")) for key in sorted(bookmarked)[:MOST_EXCERPTS]
    ]
    labels: dict[tuple[DocumentKey, str], list[tuple[str, int, str]]] = {}
    for decision in decisions.by_draw():
        if decision.bookmarked and decision.category and (category := scheme.today(decision.category)):
            label = decision.annotator, decision.look, category
            labels.setdefault((decision.document_key, decision.annotator), []).append(label)
    finals = decisions.finals(scheme)
    texts = documents(by_annotator[0].event_id for by_annotator in quoted)
    return tuple(
        excerpt_of(
            by_annotator[0].corpus,
            document.address,
            document.text,
            url=document.metadata.get("url"),
            labels=[
                label
                for note in by_annotator
                for label in labels.get((note.document_key, note.annotator), ())
            ],
            notes=[(note.annotator, note.note) for note in by_annotator],
            final=finals.get(by_annotator[0].document_key),
        )
        for by_annotator, document in zip(quoted, texts, strict=True)
    )
