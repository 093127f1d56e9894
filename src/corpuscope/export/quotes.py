"""Labelled documents as quotations in Markdown, for a post or an issue."""

from collections.abc import Iterable
from typing import BinaryIO

from corpuscope.export.records import LabelRecord, Shape, by_document
from corpuscope.report.excerpts import excerpt_of


def write_markdown(records: Iterable[LabelRecord], shape: Shape, stream: BinaryIO) -> int:  # noqa: ARG001 - a Writer
    """The beginning of each document with its address, category and notes; none of it is markup."""
    from corpuscope.report.markdown import excerpt_markdown

    count = 0
    for labels in by_document(records):
        first = labels[0]
        given = [(label.annotator, label.category, label.note or "") for label in labels]
        quoted = excerpt_of(
            first.corpus, first, first.text or "", url=first.url, given=given, final=first.final
        )
        before = "\n---\n\n" if count else ""
        stream.write(f"{before}{excerpt_markdown(quoted)}\n".encode("utf-8", "replace"))
        count += len(labels)
    return count
