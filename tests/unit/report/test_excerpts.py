"""Tests of the excerpts of bookmarked documents: what is quoted, from where, and in which category."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpuscope.domain.document import Address
from corpuscope.domain.label import EventKind
from corpuscope.report.excerpts import Excerpt, excerpt_of, excerpts
from corpuscope.report.html import page_html
from corpuscope.report.markdown import excerpt_markdown
from corpuscope.report.page import Page
from ledger_fakes import Scribe, a_reader
from makers import a_document, a_scheme

PLACE = Address("owner/web", "en", "train", "c0ffee", "part-0", 7)
SCHEME = a_scheme("News", "Forum")


def an_excerpt(text: str | None = "text", **changes: object) -> Excerpt:
    fields: dict[str, object] = {"url": None, "labels": [("ann", 1, "News")]} | changes
    return excerpt_of("web", PLACE, text, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("length", "quoted", "left_out"),
    [(0, 0, 0), (799, 799, 0), (800, 800, 0), (801, 800, 1), (2_000, 800, 1_200)],
)
def test_the_first_800_characters_are_quoted_and_the_others_counted(
    length: int, quoted: int, left_out: int
) -> None:
    excerpt = an_excerpt("x" * length)
    assert (len(excerpt.text or ""), excerpt.left_out) == (quoted, left_out)
    rest = {0: "", 1: "1 more character", 1_200: "1,200 more characters"}[left_out]
    assert excerpt_markdown(excerpt).endswith(f"```\n\n{rest}" if rest else "```")
    html = page_html(Page("t", (excerpt,)))
    assert (f'<p class="caption">{rest}</p>' in html) is bool(rest)


def test_a_text_that_was_lost_is_not_quoted() -> None:
    excerpt = an_excerpt(None)
    assert (excerpt.text, excerpt.left_out) == (None, 0)
    assert excerpt_markdown(excerpt).endswith("\n\nDamage took the text; the address leads to it.")


@pytest.mark.parametrize(
    ("labels", "final", "words"),
    [
        ([], None, ""),
        ([], "News", "News"),
        ([("ann", 1, "News")], None, "News"),
        ([("ann", 1, "News"), ("ben", 1, "News")], "News", "News"),
        ([("ann", 1, "News"), ("ben", 1, "Forum")], None, "News (ann), Forum (ben)"),
        ([("ann", 1, "News"), ("ben", 1, "Forum")], "Forum", "News (ann), Forum (ben); settled on Forum"),
        ([("ann", 2, "Forum"), ("ann", 1, "News")], None, "News (ann), Forum (ann, 2nd reading)"),
        ([("ann", 2, "News")], None, "News (ann, 2nd reading)"),
        ([("ann", 1, "News"), ("ann", 2, "News")], "Forum", "News; settled on Forum"),
    ],
)
def test_the_category_is_that_of_all_or_each_with_who_gave_it(
    labels: list[tuple[str, int, str]], final: str | None, words: str
) -> None:
    assert an_excerpt(labels=labels, final=final).category == words


def test_notes_are_quoted_once_and_only_a_text_is_a_url() -> None:
    excerpt = an_excerpt(notes=[("ann", "odd"), ("ben", None), ("ann", "odd"), ("ben", "odd")], url=7)
    assert excerpt.notes == (("ann", "odd"), ("ben", "odd"))
    assert excerpt.url == ""


@pytest.mark.parametrize(
    ("dataset", "address"),
    [
        ("owner/web", "owner/web train @ c0ffee part-0 row 7"),
        ("/home/ann/web.jsonl", "web.jsonl train @ c0ffee part-0 row 7"),
        ("/home/ann/web/", "web train @ c0ffee part-0 row 7"),
    ],
)
def test_an_address_names_no_folder_of_this_machine(dataset: str, address: str) -> None:
    place = Address(dataset, None, "train", "c0ffee", "part-0", 7)
    assert excerpt_of("web", place, "", url=None, labels=()).address == address


@pytest.mark.parametrize("url", ["# a", "- a", "+ a", "1. a", "1) a", "===", "---", "> a"])
def test_no_url_begins_a_line_of_markdown(url: str) -> None:
    lines = excerpt_markdown(an_excerpt(url=url, notes=[("ann", url)])).splitlines()
    assert lines[1].startswith("URL: ")
    assert lines[2:4] == ["Category: News  ", lines[3]]
    assert lines[3].startswith("Note by ann: ")


def test_a_bookmarked_document_is_quoted_in_markdown_with_what_follows() -> None:
    assert excerpt_markdown(
        an_excerpt("```\n" + "x" * 1_900, url="https://x.org", notes=[("ann", "*odd*")])
    ) == (
        "**web**, owner/web en train @ c0ffee part-0 row 7  \nURL: https://x.org  \nCategory: News  \n"
        f"Note by ann: \\*odd\\*\n\n````text\n```\n{'x' * 796}\n````\n\n1,104 more characters"
    )


def test_the_first_fifty_bookmarked_documents_are_quoted_by_corpus_and_draw(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        for draw in range(52):
            document = a_document(51 - draw)
            scribe.label(document, "News" if draw % 2 else "Gone")
            scribe.write(EventKind.BOOKMARK, document)
        scribe.label(a_document(99), "News")
    with Scribe(tmp_path, "s2", "ben") as scribe:
        scribe.label(a_document(0), "Forum")
    reader = a_reader(tmp_path)
    decisions = reader.read()
    quoted = excerpts(decisions.notes(), decisions, SCHEME, reader.documents)
    assert [excerpt.text for excerpt in quoted] == [f"document {draw}" for draw in range(50)]
    assert [excerpt.category for excerpt in quoted[:2]] == ["News", ""]
