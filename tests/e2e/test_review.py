"""Tests of review and adjudication in a real terminal: decisions are on disk even when it is killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpuscope.config.category_file import load_scheme
from ledger_fakes import Scribe, read
from makers import a_document
from terminal import Terminal

SCHEME = load_scheme(None)
TEXTS = ("an offer of spring beds", "a novel of \x1b[31mspring\x1b[0m [/quote]", "the news of today")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in which ann and ben labelled three documents and disagree about the first two."""
    for annotator, categories in (("ann", "Advertising Creative News"), ("ben", "News Advertising News")):
        with Scribe(tmp_path / "labels", annotator, annotator) as scribe:
            for draw, category in enumerate(categories.split()):
                scribe.label(a_document(draw, TEXTS[draw]), category, scheme=SCHEME.hash)
            scribe.note(a_document(1, TEXTS[1]), f"{annotator} was not sure")
    return tmp_path


def labels_of(folder: Path, draw: int) -> dict[str, str | None]:
    """Return the category of a document by annotator."""
    decisions = read(folder / "labels").about(a_document(draw).key)
    return {decision.annotator: decision.category for decision in decisions}


def test_a_label_found_by_its_text_is_changed_and_survives_a_kill(folder: Path) -> None:
    with Terminal("review", "--annotator", "ann", folder=folder, columns=60, rows=20) as terminal:
        terminal.wait_for("6 of 6 labels")
        terminal.press("/")
        terminal.wait_for("enter find")
        terminal.press("SPRING\r")
        terminal.wait_for("4 of 6 labels")
        terminal.press("d")
        terminal.wait_for("disputed")
        terminal.press("\r")
        terminal.wait_for(lambda text: "an offer of spring beds" in text and "ben: News" in text)
        terminal.press("4")
        terminal.wait_for("ann: News (was Advertising)")
        terminal.kill()
    assert labels_of(folder, 0) == {"ann": "News", "ben": "News"}


def test_from_the_agreement_to_the_documents_of_a_pair_and_to_a_final_decision(folder: Path) -> None:
    with Terminal("home", "--annotator", "cem", folder=folder) as terminal:
        terminal.wait_for("enter label")
        terminal.press("a")
        terminal.wait_for("Most confused")
        terminal.press("a")
        terminal.wait_for(lambda text: "0 of 2 settled" in text and "an offer" in text)
        terminal.press("2")
        screen = terminal.wait_for(lambda text: "1 of 2 settled" in text and "ben was not sure" in text)
        assert "␛[31mspring␛[0m [/quote]" in screen
        terminal.press("5")
        terminal.wait_for("every disagreement is settled")
        terminal.press("u")
        terminal.wait_for("1 of 2 settled")
        terminal.press("c")
        terminal.wait_for("2 of 2 settled")
        terminal.press("\x1b")
        terminal.wait_for("Most confused")
        terminal.press("j\r")
        terminal.wait_for("2 of 6 labels")
        terminal.press("\r")
        terminal.wait_for("final")
        terminal.kill()
    finals = read(folder / "labels").finals(SCHEME)
    assert finals == {a_document(0).key: "Advertising", a_document(1).key: "Creative"}
    assert labels_of(folder, 1) == {"ann": "Creative", "ben": "Advertising"}
