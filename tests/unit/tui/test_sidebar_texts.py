"""Test the texts beside a document: the guide, what all annotators said, and its address."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.label import EventKind
from corpuscope.ledger.read.records import Decision, Final
from corpuscope.session.review_actions import DocumentDecisions
from corpuscope.tui.screens.addresses import addressed
from corpuscope.tui.widgets.annotator_labels import decisions_text
from corpuscope.tui.widgets.guide import guide_text
from makers import a_document, a_scheme

SCHEME = a_scheme("News", "Forum")
LABEL = Decision(
    event_id="e1",
    document_id="d1",
    corpus="web",
    draw=0,
    annotator="ada",
    look=1,
    kind=EventKind.LABEL,
    category="News",
    scheme=SCHEME.hash,
    at=datetime(2026, 1, 2, tzinfo=UTC),
    reading_ms=None,
    blind=True,
    unsure=False,
    note=None,
    bookmarked=False,
    dataset="owner/web",
    name=None,
    split="train",
    revision="c0ffee",
    shard="part-0.jsonl",
    row=0,
    probability=0.001,
    tokens=None,
    characters=10,
    words=2,
)


def test_the_decisions_about_a_document_are_listed_by_reader_with_one_note_each() -> None:
    noted = replace(LABEL, note="odd\none")
    decisions = (
        noted,
        replace(noted, look=2, category="Forum", unsure=True),
        replace(LABEL, annotator="b" * 40, category=None, note="other"),
        replace(LABEL, annotator="cy", category="former"),
    )
    assert decisions_text(DocumentDecisions(decisions, None, "", False), SCHEME).plain.splitlines() == [
        "ada: News",
        "  odd␤one",
        "ada, 2nd reading: Forum ~ unsure",
        f"{'b' * 29}…: skipped",
        "  other",
        "cy: former",
    ]


def test_the_final_decision_comes_first_under_its_name_of_today() -> None:
    forum = replace(SCHEME.categories[1], formerly=("Board",))
    scheme = CategoryScheme((SCHEME.categories[0], forum))
    final = Final("e9", "d1", "web", "dan", "Board")
    text = decisions_text(DocumentDecisions((LABEL,), final, "", False), scheme)
    assert text.plain == "final: Forum by dan\nada: News"


def test_the_guide_has_the_groups_the_keys_and_the_borderline_cases() -> None:
    news, forum, other = a_scheme("News", "Forum", "Other").categories
    media = (replace(c, group="Media", letter=c.name[0].lower(), includes="letters") for c in (news, forum))
    scheme = CategoryScheme((*media, replace(other, group="Rest", excludes="adverts")), source="a paper")
    assert guide_text(scheme).plain.splitlines() == [
        "Media",
        "",
        "1 n News",
        "what News is",
        "here: letters",
        "",
        "2 f Forum",
        "what Forum is",
        "here: letters",
        "",
        "Rest",
        "",
        "3 Other",
        "what Other is",
        "not: adverts",
        "",
        "Source: a paper",
    ]


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        ("https://example.org/a", True),
        ("HTTP://EXAMPLE.org", True),
        ("file:///etc/passwd", False),
        ("javascript:alert(1)", False),
        (7, False),
        (None, False),
    ],
)
def test_a_browser_is_given_addresses_of_the_web_only(url: str | int | None, opened: bool) -> None:
    place = "owner/web train c0ffee part-0.jsonl row 3"
    expected = (url, url) if opened else ("", place)
    assert addressed(a_document(3, url=url)) == expected
