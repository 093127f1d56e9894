"""Tests of a whole report against golden files; run this file as a script to write them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from corpuscope.analysis.study_results import study_of
from corpuscope.config.category_file import load_scheme
from corpuscope.corpora.known import KNOWN
from corpuscope.domain.label import EventKind
from corpuscope.domain.mix import Mix
from corpuscope.report.excerpts import excerpts
from corpuscope.report.html import page_html
from corpuscope.report.markdown import page_markdown
from corpuscope.report.page import Page
from corpuscope.report.report import report
from corpuscope.sampling.plan import Plan
from ledger_fakes import Scribe, a_reader
from makers import a_document

GOLDEN = Path(__file__).with_name("golden")


def a_report(folder: Path) -> Page:
    """Report two corpora that two people read, with a mix, a skip, a doubt and two bookmarks."""
    plan = Plan(7)
    for key, target in (("c4", 24), ("fineweb", 30)):
        plan = plan.with_corpus(KNOWN[key].corpus, target=target).with_revision(key, "c0ffee" * 6)
    plan = plan.with_mix("half", Mix({"c4": 50, "fineweb": 50}, 1e9, "documents"))
    with Scribe(folder, "s1") as scribe:
        for draw in range(24):
            scribe.label(
                a_document(draw, "x" * (100 + draw), corpus="c4"), "News" if draw % 3 else "Forum", blind=True
            )
            scribe.label(a_document(draw, "y" * 900, corpus="fineweb"), "News", unsure=draw == 5)
        scribe.skip(a_document(24, corpus="c4"))
        for draw in (3, 2):
            document = a_document(draw, "x" * (100 + draw), corpus="c4", url="https://example.org/x")
            scribe.write(EventKind.NOTE, document, note="odd")
            scribe.write(EventKind.BOOKMARK, document)
    with Scribe(folder, "s2", "ben") as scribe:
        for draw in range(21):
            scribe.label(
                a_document(draw, "x" * (100 + draw), corpus="c4"), "News" if draw % 4 else "Forum", blind=True
            )
    reader, scheme = a_reader(folder), load_scheme(None)
    decisions = reader.read()
    quoted = excerpts(decisions.notes(), decisions, scheme, reader.documents)
    return report(study_of(decisions, scheme, plan), quoted, bookmarked=len(quoted))


def content(page: Page) -> dict[str, str]:
    """Return the page in Markdown, and its body in HTML."""
    html = page_html(page)
    body = html[html.index("<main>") : html.index("</main>")].replace("><", ">\n<")
    return {"report.md": page_markdown(page), "report.html": f"{body}\n"}


def test_a_report_is_the_golden_one(tmp_path: Path) -> None:
    for name, made in content(a_report(tmp_path)).items():
        assert made == (GOLDEN / name).read_text("utf-8"), name


if __name__ == "__main__":
    with TemporaryDirectory() as temporary:
        for name, made in content(a_report(Path(temporary))).items():
            (GOLDEN / name).write_text(made, "utf-8")
