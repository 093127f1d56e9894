"""Tests of reports: their content, and that text from the web cannot become markup."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from corpuscope.analysis.study_results import study_of
from corpuscope.cli import main
from corpuscope.config.category_file import load_scheme
from corpuscope.corpora.known import KNOWN
from corpuscope.domain.label import EventKind
from corpuscope.errors import CorpuscopeError, UsageError
from corpuscope.report.excerpts import Excerpt, excerpt_of
from corpuscope.report.html import DARK, LIGHT, STYLE, PageColours, page_html
from corpuscope.report.markdown import fenced, page_markdown, plain
from corpuscope.report.page import (
    Bullets,
    Care,
    ChartRow,
    DifferenceFigure,
    Heading,
    Mark,
    Page,
    Paragraph,
    Sentence,
    ShareFigure,
    StackFigure,
    StackRow,
)
from corpuscope.report.report import READ_ONCE
from corpuscope.report.report import report as page_about
from corpuscope.report.sentences import Phrase
from corpuscope.report.tables import Table
from corpuscope.sampling.plan import Plan
from corpuscope.sampling.plan_file import load_plan, save_plan
from hostile import PAYLOADS, leaks
from ledger_fakes import Scribe, read
from makers import a_document
from study_fakes import a_labelled_study

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style></textarea><svg onload=alert(1)>",
    "<!-- ]]> --><iframe src=javascript:alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<img src=x onerror=\"document.title='acted'\"><script>document.title='acted'</script>",
    "javascript:alert(1)",
    "```\n<script>alert(1)</script>\n```",
    *(payload.text[:5_000] for payload in PAYLOADS if payload.text),
)
ALLOWED = set(
    re.findall(
        r"\w+",
        "html head meta title style body main h1 h2 h3 p ul li div span table caption thead tbody tr th td figure svg "
        "text path line rect figcaption article strong br a blockquote pre",
    )
)


class Elements(HTMLParser):
    """The elements that a browser would find in a page, as pairs of tag and attributes."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def page_of(words: str) -> Page:
    """Make a page with these words in every field that takes text."""
    table = Table(words, ("a", words), ((words, words),), (words,), (words,), (words,))
    excerpt = Excerpt(words, words, words, words, ((words, words),), words, 3)
    rows = (ChartRow(words, 0, (Mark(0.1, 0.2, 0.3, words, words, True),)),)
    stacks = (StackRow(words, 0, (0.2, None), 0.4, Mark(0.1, 0.2, 0.3, words, words, True)),)
    phrases = (Phrase(words), Phrase(words, "corpus"), Phrase(words, "category"))
    blocks = (
        Heading(words),
        Paragraph(words),
        Bullets((words,)),
        table,
        replace(table, prose=True),
        replace(table, groups=(words,)),
        Sentence(phrases),
        Care((phrases, phrases)),
        ShareFigure(words, words, (words,), rows, 1.0),
        DifferenceFigure(words, words, (words,), rows, 1.0),
        StackFigure(words, words, (words, words), stacks, 1.0, ((0.0, "0"), (1.0, "1"))),
        excerpt,
    )
    return Page(words, blocks, words, (("#123456", "#abcdef"),))


@pytest.mark.parametrize("words", ATTACKS, ids=range(len(ATTACKS)))
def test_no_text_becomes_an_element_an_attribute_or_a_script(words: str) -> None:
    content = page_html(page_of(words))
    content.encode()
    harmless = Elements(page_html(page_of("harmless"))).tags
    tags = Elements(content).tags
    assert [tag for tag, _ in tags if tag != "a"] == [tag for tag, _ in harmless if tag != "a"]
    assert {tag for tag, _ in tags} <= ALLOWED
    for tag, attributes in tags:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "srcdoc")]
        assert tag != "a" or (attributes["href"] or "").startswith(("http://", "https://"))
    assert not leaks(content.replace("\n", ""))


@pytest.mark.parametrize("words", ATTACKS, ids=range(len(ATTACKS)))
def test_no_text_becomes_html_in_markdown(words: str) -> None:
    content = page_markdown(page_of(words))
    content.encode()
    outside = re.sub(r"(?ms)^(`{3,})text\n.*?^\1$", "", content)
    assert not re.search(r"(?<!\\)<", outside)
    assert not leaks(content.replace("\n", ""))


def test_a_fence_cannot_be_closed_from_within() -> None:
    assert fenced("a\n````\nb") == "`````text\na\n````\nb\n`````"
    assert plain("[x](y) *b* <i>") == r"\[x\](y) \*b\* \<i\>"


def test_only_http_and_https_urls_become_links() -> None:
    def links(url: str) -> int:
        excerpt = Excerpt("c", "a", url, "", (), "t", 0)
        return sum(tag == "a" for tag, _ in Elements(page_html(Page("t", (excerpt,)))).tags)

    assert links("https://example.org/?a=1&b=2") == 1
    for url in (
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc",
        "http://[bad",
        "https://a\u202eb",
        "//x.y",
    ):
        assert links(url) == 0, url


def test_the_page_loads_and_runs_nothing_and_has_a_light_and_a_dark_mode() -> None:
    content = page_html(page_of("harmless"))
    assert "default-src &#x27;none&#x27;" in content
    assert (
        STYLE.count("prefers-color-scheme: dark")
        == STYLE.count("@media screen and (prefers-color-scheme: dark)")
        == 1
    )
    assert "url(" not in STYLE
    assert "@import" not in STYLE


def test_tables_and_charts_are_accessible_to_screen_readers() -> None:
    tags = Elements(page_html(page_of("harmless"))).tags
    assert all("scope" in attributes for tag, attributes in tags if tag == "th")
    drawn = [attributes["aria-label"] for _, attributes in tags if attributes.get("role") == "img"]
    shares_and_differences = ["harmless: harmless: harmless harmless (harmless)"] * 2
    assert drawn == [*shares_and_differences, "harmless: harmless harmless (harmless)"]
    assert ("html", {"lang": "en"}) in tags


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_colour_has_enough_contrast_with_the_background(palette: PageColours) -> None:
    for field in fields(palette):
        least = {"ground": 1.0, "rule": 1.0, "tint": 1.0, "edge": 3.0}.get(field.name, 7.0)
        assert contrast(getattr(palette, field.name), palette.ground) >= least, field.name
    assert contrast(palette.words, palette.tint) >= 7


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    folder = tmp_path / "labels"
    plan = Plan(7)
    for key in ("c4", "fineweb"):
        plan = plan.with_corpus(KNOWN[key].corpus, target=12)
    with Scribe(folder, "s1") as scribe:
        for draw in range(12):
            scribe.label(a_document(draw, f"text {draw}", corpus="c4"), "News" if draw % 2 else "Forum")
            scribe.label(a_document(draw, f"text {draw}", corpus="fineweb"), "News")
        hostile = a_document(30, "<script>alert(1)</script>" * 50, corpus="c4", url="https://example.org/x")
        scribe.write(EventKind.NOTE, hostile, note='"><img src=x onerror=alert(1)>')
        scribe.write(EventKind.BOOKMARK, hostile)
    save_plan(plan, folder / "plan.json")
    return folder


def report(labels: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(main, ["report", "--labels", str(labels), *arguments])
    if isinstance(result.exception, CorpuscopeError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


@pytest.mark.parametrize("name", ["report.html", "report.md"])
def test_a_report_has_question_plan_definitions_shares_comparisons_lengths_excerpts_and_limits(
    name: str, labels: Path, tmp_path: Path
) -> None:
    question = "Which one is newer?"
    done = report(labels, str(tmp_path / name), "--question", question)
    content = (tmp_path / name).read_text("utf-8")
    for part in (
        question, "seed 7", "sample-10BT", "Teaches something", "25.4 to 74.6 %", "in their mix",
        "25th percentile", "https://example.org/x", "Note by ann", "450 more characters", "sampling error only",
    ):  # fmt: skip
        assert part in content, part
    assert "24 labels reported" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, "labels"])
    again = tmp_path / f"again{Path(name).suffix}"
    report(labels, str(again), "--question", question)
    assert again.read_text("utf-8") == content


def test_a_document_that_two_people_bookmarked_is_counted_once(labels: Path, tmp_path: Path) -> None:
    with Scribe(labels, "s2", "ben") as scribe:
        scribe.write(EventKind.BOOKMARK, a_document(30, corpus="c4"))
    report(labels, str(tmp_path / "a.md"))
    content = (tmp_path / "a.md").read_text("utf-8")
    assert "so examples and not a sample: 1, of each the beginning.\n" in content


@pytest.mark.parametrize(("bookmarked", "more"), [(1, ""), (51, " The first 50 are shown.")])
def test_more_bookmarked_documents_than_are_quoted_are_counted(
    bookmarked: int, more: str, tmp_path: Path
) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(a_document(0), "News")
    quoted = (Excerpt("web", "a", "", "News", (), "text", 0),)
    content = page_markdown(
        page_about(study_of(read(tmp_path), load_scheme(None), None), quoted, bookmarked=bookmarked)
    )
    assert f"not a sample: {bookmarked}, of each the beginning.{more}\n" in content


@pytest.mark.parametrize(("documents", "is_table"), [(19, False), (20, True)])
def test_twenty_documents_read_twice_make_tables_of_agreement(
    documents: int, is_table: bool, tmp_path: Path
) -> None:
    for annotator in ("ann", "ben"):
        with Scribe(tmp_path, annotator, annotator) as scribe:
            for draw in range(documents):
                scribe.label(a_document(draw), "News" if draw else "Forum")
    content = page_markdown(page_about(study_of(read(tmp_path), load_scheme(None), None)))
    section = content.split("## Agreement")[1].split("## ")[0]
    assert (section.count("| readers |") == 1) is is_table
    assert f"the same category for {documents} of {documents} documents" in content


def test_corpora_and_excerpts_can_be_left_out(labels: Path, tmp_path: Path) -> None:
    report(labels, str(tmp_path / "a.html"), "fineweb")
    content = (tmp_path / "a.html").read_text("utf-8")
    assert "allenai/c4" not in content
    assert "Bookmarked" not in content
    report(labels, str(tmp_path / "b.html"), "--no-excerpts")
    assert "onerror" not in (tmp_path / "b.html").read_text("utf-8")


def test_documents_are_called_randomly_drawn_only_with_a_plan(labels: Path, tmp_path: Path) -> None:
    report(labels, str(tmp_path / "a.html"))
    assert "24 documents drawn at random, read by ann" in (tmp_path / "a.html").read_text("utf-8")
    study = study_of(read(labels), load_scheme(None), load_plan(labels / "plan.json"))
    corpora = study.overview.summary.corpora
    in_order = replace(corpora[0], provenance=replace(corpora[0].provenance, random=False))
    summary = replace(study.overview.summary, corpora=(in_order, *corpora[1:]))
    study = replace(study, overview=replace(study.overview, summary=summary))
    assert "24 documents, read by ann" in page_about(study).above
    (labels / "plan.json").unlink()
    report(labels, str(tmp_path / "b.html"))
    assert "drawn at random" not in (tmp_path / "b.html").read_text("utf-8")


def test_a_report_without_labels_states_that_nothing_is_labelled(tmp_path: Path) -> None:
    (tmp_path / "labels").mkdir()
    report(tmp_path / "labels", str(tmp_path / "a.html"))
    assert "Nothing is labelled yet" in (tmp_path / "a.html").read_text("utf-8")


def test_an_unknown_extension_or_folder_is_an_error_that_names_it(labels: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"report\.pdf"):
        report(labels, str(tmp_path / "report.pdf"))
    with pytest.raises(CorpuscopeError, match=r"there is no folder .*nowhere"):
        report(labels, str(tmp_path / "nowhere" / "a.html"))


def test_charts_draw_all_corpora_and_pairs_on_one_scale(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        for draw in range(30):
            scribe.label(a_document(draw, corpus="even"), ("News", "Forum", "Creative")[draw % 3])
            scribe.label(a_document(draw, corpus="all"), "News")
    page = page_about(study_of(read(tmp_path), load_scheme(None), None))
    (shares,) = (block for block in page.blocks if isinstance(block, ShareFigure))
    assert (shares.corpora, shares.scale) == (("all", "even"), 1.0)
    news = next(row for row in shares.rows if row.category == "News")
    assert [(mark.estimate, mark.interval) for mark in news.marks] == [
        ("all", "at least 88.6"),
        ("33.3", "19.2–51.2"),
    ]
    (differences,) = (block for block in page.blocks if isinstance(block, DifferenceFigure))
    assert differences.pairs == ("even minus all",)
    assert page.title == "News leads all; nothing leads even"
    assert page.above == "2 January 2026 · 60 documents, read by ann"


def test_a_page_names_no_folder_of_this_machine(tmp_path: Path) -> None:
    study = a_labelled_study(tmp_path, labels=6)
    decisions = read(study.labels)
    (first, *_) = decisions.recent()
    quoted = excerpt_of("web", first, "text", url=None, labels=())
    page = page_html(page_about(study_of(decisions, study.scheme, study.plan), (quoted,)))
    assert str(tmp_path) not in page
    assert page.count("web.jsonl") >= 3


def test_agreement_is_shown_or_a_sentence_that_no_document_was_labelled_twice(tmp_path: Path) -> None:
    def content() -> str:
        return page_markdown(page_about(study_of(read(tmp_path), load_scheme(None), None)))

    with Scribe(tmp_path) as scribe:
        scribe.label(a_document(0), "News")
    assert READ_ONCE in content()
    with Scribe(tmp_path, "s2", "ben") as scribe:
        scribe.label(a_document(0), "Forum")
    assert READ_ONCE not in content()
    few = "**ann and ben**: the same category for 0 of 1 document, 0 % (0-79)."
    assert few in content().split("## Agreement")[1]
    for session, reader in (("s3", "ann"), ("s4", "ben")):
        with Scribe(tmp_path, session, reader) as scribe:
            for draw in range(1, 21):
                scribe.label(a_document(draw), "News")
    assert "| ann and ben | 21 | 95.2 % |" in content()


CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed to open the page in")
def test_in_a_browser_no_text_of_a_corpus_becomes_active_and_nothing_is_loaded(tmp_path: Path) -> None:
    assert CHROMIUM is not None
    file = tmp_path / "page.html"
    file.write_text(page_html(page_of("title kept" + "".join(ATTACKS))), "utf-8", "surrogatepass")
    done = subprocess.run(
        [
            *(CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            *(f"--user-data-dir={tmp_path / 'profile'}", "--enable-logging=stderr", "--v=0"),
            *("--virtual-time-budget=2000", "--dump-dom", file.as_uri()),
        ],
        capture_output=True,
        timeout=120,
    )
    dom = done.stdout.decode("utf-8", "replace")
    assert "</html>" in dom, done.stderr.decode("utf-8", "replace")
    assert "<title>title kept" in dom
    assert "<script" not in dom
    assert {tag for tag, _ in Elements(dom).tags} <= ALLOWED


def test_a_report_begins_with_its_outcome_and_ends_with_sample_and_definitions(
    labels: Path, tmp_path: Path
) -> None:
    report(labels, str(tmp_path / "report.md"))
    content = (tmp_path / "report.md").read_text("utf-8")
    parts = (
        *(
            "# News leads fineweb; nothing leads c4",
            "2 January 2026",
            "**c4**: ",
            "**fineweb** and **c4** differ",
        ),
        *(
            "## Read with care",
            "## The numbers",
            "## Lengths",
            "## Appendix",
            "## The sample",
            "## Categories",
        ),
    )
    positions = [content.index(part) for part in parts]
    assert positions == sorted(positions)
