"""Labels as an export writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from corpuscope.domain.label import EventKind
from corpuscope.export.label_records import LabelRecord
from corpuscope.ledger.read.records import Decision


def a_record(draw: int, category: str, annotator: str = "ann", text: str = "") -> LabelRecord:
    """Return a label of an export; draw 0 has no tokens, 1 a note and a bookmark, 2 a doubt and a final category."""
    decision = Decision(
        corpus="web",
        kind=EventKind.LABEL,
        category=category,
        annotator=annotator,
        look=1,
        at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) + timedelta(seconds=draw),
        reading_ms=None if draw == 2 else 4_200 + draw,
        blind=True,
        unsure=draw == 2,
        note="look again" if draw == 1 else None,
        bookmarked=draw == 1,
        dataset="owner/web",
        name=None,
        split="train",
        revision="c0ffee",
        shard="part-0.jsonl",
        row=10 * draw,
        draw=draw,
        probability=0.001,
        characters=len(text),
        words=len(text.split()),
        tokens=None if draw == 0 else 7,
        scheme="0123456789ab",
        event_id=f"01900000-0000-7000-8000-{draw:04d}{annotator.encode().hex():0>8.8}",
        document_id=f"{draw:032x}",
    )
    final = "News" if draw == 2 else None
    uniform = "exact: every row is equally likely"
    return LabelRecord(decision, category, final, uniform, f"https://example.org/{draw}", text)
