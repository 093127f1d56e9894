"""Practice: the labelling screen over demo documents, each answered at once, and nothing kept."""

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
from corpuscope.session.practice import DEMO, Practice
from corpuscope.session.workspace import Workspace
from corpuscope.tui.app import CorpuscopeApp
from corpuscope.tui.screens.practice import OVER, PracticeScreen
from corpuscope.tui.widgets.document_view import DocumentView
from corpuscope.tui.widgets.status_line import MessageBar, StatusLine


@pytest.fixture
def practice(tmp_path: Path) -> Callable[[int], Practice]:
    """A practice of so many documents in an empty folder."""

    def begun(size: int) -> Practice:
        paths = Paths(tmp_path / "labels", None, tmp_path / "config", tmp_path / "cache", tmp_path / "log")
        workspace = Workspace(paths, Settings(), load_scheme(None), annotator="reader")
        return Practice(workspace, workspace.scheme, size, seed=3)

    return begun


def practice_app(practised: Practice) -> CorpuscopeApp:
    return CorpuscopeApp(practised, first=lambda _: PracticeScreen(practised))


async def ready(pilot: Pilot[None]) -> None:
    """Waits until the first document is shown."""
    for _ in range(3_000):
        await pilot.pause(0.005)
        if "streaming" in line(pilot, "header"):
            return
    raise AssertionError("no document came")


def line(pilot: Pilot[None], name: str) -> str:
    return pilot.app.screen.query_one(f"#{name}", StatusLine).text


def answer(pilot: Pilot[None]) -> str:
    field = pilot.app.screen.query_one(MessageBar)
    return str(field.render()) if field.display else ""


async def test_every_key_is_answered_with_the_reference_and_its_reason(
    practice: Callable[[int], Practice], tmp_path: Path
) -> None:
    practised = practice(3)
    async with practice_app(practised).run_test(size=(200, 40)) as pilot:
        await ready(pilot)
        await pilot.press("1", "7", "2")
        await pilot.pause()
        said = answer(pilot)
        answers = practised.answers()
        assert [answer.given for answer in answers] == ["Educational", "Nonsensical", "Advertising"]
        assert answers[-1].reason in said
        assert answers[-1].expected in said
        view = pilot.app.screen.query_one(DocumentView)
        assert view.render_line(0).text.strip() in OVER
        assert "q leaves and tells" in view.render_line(2).text
    assert not (tmp_path / "labels").exists()


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_the_longest_reason_is_read_to_its_end(
    practice: Callable[[int], Practice], size: tuple[int, int]
) -> None:
    sources = [DemoSource(corpus_for(key)) for key in DEMO]
    reasons = [reference_answer(each.corpus, row).reason for each in sources for row in range(each.rows(0))]
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


async def test_undo_takes_an_answer_back_and_another_one_counts(
    practice: Callable[[int], Practice],
) -> None:
    practised = practice(2)
    async with practice_app(practised).run_test(size=(100, 30)) as pilot:
        await ready(pilot)
        await pilot.press("1", "u", "2", "s")
        await pilot.pause()
        assert [answer.given for answer in practised.answers()] == ["Advertising"]
        assert answer(pilot) == ""
        assert line(pilot, "last").startswith("last: skipped")


async def test_the_key_of_the_summary_ends_the_practice(practice: Callable[[int], Practice]) -> None:
    app = practice_app(practice(2))
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("tab")
        await pilot.pause()
    assert app.return_code == 0


async def test_agreement_and_every_miss_are_printed_at_the_end(
    practice: Callable[[int], Practice], capsys: pytest.CaptureFixture[str]
) -> None:
    practised = practice(10)
    report(practised)
    assert "nothing was labelled" in capsys.readouterr().err
    async with practice_app(practised).run_test() as pilot:
        await ready(pilot)
        await pilot.press(*"1234567123")
        await pilot.pause()
    answers = practised.answers()
    right = sum(answer.given == answer.expected for answer in answers)
    report(practised)
    said = capsys.readouterr().out
    (row,) = [text.split() for text in said.splitlines() if text.startswith("you and the reference")]
    assert row[4:6] == ["10", f"{10 * right:.1f}"]
    assert f"missed {10 - right} of 10\n" in said
    for miss in (each for each in answers if each.given != each.expected):
        assert f"{miss.expected}, not {miss.given}: {miss.reason}\n" in said


def test_a_practice_draws_from_all_demo_corpora_anew_each_time(practice: Callable[[int], Practice]) -> None:
    live = practice(20).start_labelling((), lambda: None)
    documents = [live.queue.take() for _ in range(20)]
    assert None not in documents
    assert {document.corpus for document in documents if document} == {
        "demo-crawl",
        "demo-filtered",
        "demo-edu",
    }
    assert live.queue.take() is None


def test_without_a_terminal_it_is_refused() -> None:
    assert isinstance(CliRunner().invoke(main, ["practice"]).exception, UsageError)
