"""The beginnings of bookmarked documents, to be quoted with their address and what was said about them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import Document, HasAddress, format_address
from corpuscope.ledger.read.decisions import Decisions, DocumentNotes

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
    place: HasAddress,
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
        address=format_address(place),
        url=url if isinstance(url, str) else "",
        category=words,
        notes=tuple(dict.fromkeys((who, note) for who, _, note in given if note)),
        text=text[:EXCERPT],
        left_out=max(len(text) - EXCERPT, 0),
    )


MOST_EXCERPTS = 50
"""Bookmarked documents that are quoted; a page is to be read."""


def excerpts(
    remarks: Iterable[DocumentNotes],
    decisions: Decisions,
    scheme: CategoryScheme,
    documents: Callable[[Iterable[str]], Iterator[Document]],
) -> tuple[Excerpt, ...]:
    """The beginnings of bookmarked documents by corpus and draw, at most `MOST_EXCERPTS`.

    Each comes with the categories that those of `decisions` by the people who bookmarked it gave it. Raises
    LedgerError when a text cannot be read.
    """
    marked: dict[tuple[str, int, str], list[DocumentNotes]] = {}
    for remark in remarks:
        if remark.bookmarked:
            marked.setdefault((remark.corpus, remark.draw, remark.document_id), []).append(remark)
    chosen = [sorted(marked[key], key=attrgetter("annotator")) for key in sorted(marked)[:MOST_EXCERPTS]]
    given: dict[tuple[str, str], str] = {}
    for decision in decisions.by_draw():
        if decision.bookmarked and decision.category:
            given[decision.document_id, decision.annotator] = scheme.today(decision.category) or ""
    found, finals = documents(those[0].event_id for those in chosen), decisions.finals(scheme)
    return tuple(
        excerpt_of(
            those[0].corpus,
            document.address,
            document.text,
            url=document.metadata.get("url"),
            given=[
                (each.annotator, given.get((each.document_id, each.annotator), ""), each.note or "")
                for each in those
            ],
            final=finals.get(those[0].document_id),
        )
        for those, document in zip(chosen, found, strict=True)
    )
