"""The practice in a running app: demo documents with feedback after every key, and nothing stored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from textual.geometry import Region
from textual.pilot import Pilot

from corpuscope.cli import main
from corpuscope.cli.practice import report
from corpuscope.config.category_file import load_scheme
from corpuscope.config.settings import Paths, Settings
from corpuscope.corpora.demo import DemoSource, reference_answer
from corpuscope.corpora.parse import corpus_for
from corpuscope.errors import UsageError
from corpuscope.session.practice import Practice
from corpuscope.session.study_plan import DEMO
from corpuscope.session.workspace import Workspace
from corpuscope.tui.app import CorpuscopeApp
from corpuscope.tui.screens.practice import PracticeScreen
from corpuscope.tui.widgets.document_view import DocumentView
from corpuscope.tui.widgets.status_line import MessageBar
from on_screen import line, message

Maker = Callable[[Practice], CorpuscopeApp]


@pytest.fixture
def practice() -> Callable[[int], Practice]:
    """Return a factory of practices of so many documents."""

    def make(size: int) -> Practice:
        return Practice(load_scheme(None), "reader", size, seed=3)

    return make


@pytest.fixture
def practice_app(tmp_path: Path) -> Maker:
    """Return a function that makes the app of a practice in an empty folder."""

    def make(practice_run: Practice) -> CorpuscopeApp:
        paths = Paths(tmp_path / "labels", None, tmp_path / "config", tmp_path / "cache", tmp_path / "log")
        workspace = Workspace(paths, Settings(), load_scheme(None), annotator="reader")
        return CorpuscopeApp(workspace, first=lambda _: PracticeScreen(workspace, practice_run))

    return make


async def ready(pilot: Pilot[None]) -> None:
    """Wait until the first document is shown."""
    for _ in range(3_000):
        await pilot.pause(0.005)
        if pilot.app.screen.query_one(DocumentView).head:
            return
    raise AssertionError("no document came")


async def test_every_key_is_answered_with_the_reference_and_its_reason(
    practice: Callable[[int], Practice], practice_app: Maker, tmp_path: Path
) -> None:
    practice_run = practice(3)
    async with practice_app(practice_run).run_test(size=(200, 40)) as pilot:
        await ready(pilot)
        await pilot.press("1", "7", "2")
        await pilot.pause()
        feedback = message(pilot)
        answers = practice_run.answers()
        assert [answer.given for answer in answers] == ["Educational", "Nonsensical", "Advertising"]
        assert answers[-1].reason in feedback
        assert answers[-1].expected in feedback
        view = pilot.app.screen.query_one(DocumentView)
        agree = ("0 of 3 agree", "1 of 3 agrees", "2 of 3 agree", "3 of 3 agree")
        right = sum(answer.given == answer.expected for answer in answers)
        assert view.render_line(0).text.strip() == f"{agree[right]} with the reference."
        assert view.head == "practice done"
        assert view.find("←: your answers · q: quit") == 1
        assert line(pilot, "keys") == "← back  u undo  tab leave  ? help  q quit"
        await pilot.press("left")
        await pilot.pause()
        assert message(pilot) == ""
        assert view.head.startswith("document 3 · 1 back · labelled Advertising")
    assert not (tmp_path / "labels").exists()


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_the_longest_reason_fits_the_screen(
    practice: Callable[[int], Practice], practice_app: Maker, size: tuple[int, int]
) -> None:
    sources = [DemoSource(corpus_for(key)) for key in DEMO]
    reasons = [
        reference_answer(source.corpus, row).reason for source in sources for row in range(source.rows(0))
    ]
    longest = max(reasons, key=len)
    async with practice_app(practice(2)).run_test(size=size) as pilot:
        await ready(pilot)
        field = pilot.app.screen.query_one(MessageBar)
        field.show_message(f"Boilerplate, not Educational: {longest}")
        await pilot.pause()
        drawn = " ".join(
            strip.text.strip()
            for strip in field.render_lines(Region(0, 0, *field.size))
            if strip.text.strip()
        )
        assert drawn.endswith(longest[-20:])


async def test_undo_removes_an_answer_and_the_next_one_counts(
    practice: Callable[[int], Practice],
    practice_app: Maker,
) -> None:
    practice_run = practice(2)
    async with practice_app(practice_run).run_test(size=(100, 30)) as pilot:
        await ready(pilot)
        await pilot.press("1", "u", "2", "s")
        await pilot.pause()
        assert [answer.given for answer in practice_run.answers()] == ["Advertising"]
        assert message(pilot) == ""
        assert line(pilot, "last").startswith("previous skipped")


async def test_the_key_of_the_summary_ends_the_practice(
    practice: Callable[[int], Practice], practice_app: Maker
) -> None:
    app = practice_app(practice(2))
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("tab")
        await pilot.pause()
    assert app.return_code == 0


async def test_agreement_and_every_miss_are_printed_at_the_end(
    practice: Callable[[int], Practice], practice_app: Maker, capsys: pytest.CaptureFixture[str]
) -> None:
    practice_run = practice(10)
    report(practice_run)
    assert "nothing was labelled" in capsys.readouterr().err
    async with practice_app(practice_run).run_test() as pilot:
        await ready(pilot)
        await pilot.press(*"1234567123")
        await pilot.pause()
    answers = practice_run.answers()
    right = sum(answer.given == answer.expected for answer in answers)
    report(practice_run)
    printed = capsys.readouterr().out
    (row,) = [text.split() for text in printed.splitlines() if text.startswith("you and the reference")]
    assert row[4:6] == ["10", f"{10 * right:.1f}"]
    assert f"{10 - right} of 10 differ from the reference\n" in printed
    for miss in (answer for answer in answers if answer.given != answer.expected):
        assert f"{miss.expected}, not {miss.given}: {miss.reason}\n" in printed


def test_a_practice_draws_from_all_demo_corpora(practice: Callable[[int], Practice]) -> None:
    running = practice(20).begin(lambda: None)
    documents = [running.queue.take() for _ in range(20)]
    assert None not in documents
    assert {document.corpus for document in documents if document} == {
        "demo-crawl",
        "demo-filtered",
        "demo-edu",
    }
    assert running.queue.take() is None


def test_practice_without_a_terminal_is_refused() -> None:
    assert isinstance(CliRunner().invoke(main, ["practice"]).exception, UsageError)
