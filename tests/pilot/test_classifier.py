"""The classifier in a running app: assisted shares beside the labels, and labels that it finds odd."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event

from textual.message import Message
from textual.pilot import Pilot

from corpuscope.config.category_file import load_scheme
from corpuscope.config.settings import Paths, Settings
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.clock import Clock
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.session.ledger import Ledger
from corpuscope.session.study_pools import draw_study_pool
from corpuscope.session.workspace import Workspace
from corpuscope.tui.app import CorpuscopeApp
from corpuscope.tui.screens.review import ReviewScreen
from corpuscope.tui.screens.summary import SummaryScreen
from corpuscope.tui.widgets.status_line import MessageBar
from ledger_fakes import Scribe
from on_screen import line, page_text
from study_fakes import LabelledStudy, a_labelled_study
from waiting import until


@asynccontextmanager
async def summary(study: LabelledStudy) -> AsyncIterator[Pilot[None]]:
    """Run the app with the summary open."""
    app = CorpuscopeApp(Workspace(study.paths, Settings(), load_scheme(None), annotator="ann"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("tab")
        await until(
            pilot, lambda: isinstance(app.screen, SummaryScreen) and "Educational" in page_text(pilot)
        )
        yield pilot


async def test_a_key_draws_the_pool_and_shows_assisted_shares_beside_the_labels(tmp_path: Path) -> None:
    study = a_labelled_study(tmp_path, documents=220)
    async with summary(study) as pilot:
        labels_only = page_text(pilot)
        assert "worth" not in labels_only
        await pilot.press("e")
        await until(pilot, lambda: "web: 60 labels + 160 read by a classifier" in page_text(pilot))
        educational = next(line for line in page_text(pilot).splitlines() if line.startswith("Educational"))
        own = next(line for line in labels_only.splitlines() if line.startswith("│ Educational"))
        count, share, _ = own.strip("│ ").split()[-3:]
        assert educational.split()[1:3] == [count, share]
        assert "right on unseen documents" in page_text(pilot)
        await pilot.press("e")
        await until(pilot, lambda: page_text(pilot) == labels_only)


async def test_a_key_adds_assisted_differences_to_a_comparison(tmp_path: Path) -> None:
    study = a_labelled_study(tmp_path, 50, 155, ("web", "news"))
    for corpus in ("web", "news"):
        draw_study_pool(
            LedgerReader(study.labels).read(),
            study.plan,
            corpus,
            labels=study.labels,
            cache=study.cache,
            size=100,
        )
    async with summary(study) as pilot:
        await pilot.press("d")
        await until(pilot, lambda: "difference" in page_text(pilot))
        assert "assisted shares" not in page_text(pilot)
        await pilot.press("e")
        await until(pilot, lambda: "news minus web: assisted shares" in page_text(pilot))


@asynccontextmanager
async def review(study: LabelledStudy) -> AsyncIterator[Pilot[None]]:
    """Run the app on the review of labels."""
    workspace = Workspace(study.paths, Settings(), load_scheme(None), annotator="ann")
    async with CorpuscopeApp(workspace, first=ReviewScreen).run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "labels" in line(pilot, "header"))
        yield pilot


async def test_labels_that_the_classifier_finds_odd_can_be_kept_in_the_review(tmp_path: Path) -> None:
    study = a_labelled_study(tmp_path, documents=80, clarity=0.5)
    reader = LedgerReader(study.labels)
    right = next(decision for decision in reader.read().by_draw() if decision.category == "Educational")
    with Scribe(study.labels, "s2") as scribe:
        scribe.label(reader.document(right.event_id), "Forum")
    async with review(study) as pilot:
        assert "60 of 60 labels" in line(pilot, "header")
        await pilot.press("m")
        await until(pilot, lambda: "1 of 60 labels" in line(pilot, "header"))
        assert "odd to the classifier" in line(pilot, "header")
        await pilot.press("m")
        await until(pilot, lambda: "60 of 60 labels" in line(pilot, "header"))


class HeldLedger(Ledger):
    """Reads texts only once it is let go."""

    def __init__(self, paths: Paths, scheme: CategoryScheme) -> None:
        super().__init__(paths, scheme, Clock())
        self.is_asked, self.is_free = Event(), Event()

    def texts(self, event_ids: Sequence[str]) -> list[str | None]:
        self.is_asked.set()
        assert self.is_free.wait(60)
        return super().texts(event_ids)


class WatchedReview(ReviewScreen):
    """Remembers that a worker has found something, whether or not it was too late."""

    has_found = False

    def _post_unless_cancelled(self, message: Message) -> None:
        super()._post_unless_cancelled(message)
        self.has_found = True


async def test_odd_labels_that_are_found_after_the_filters_were_removed_are_not_kept(tmp_path: Path) -> None:
    study = a_labelled_study(tmp_path, documents=80, clarity=0.5)
    ledger = HeldLedger(study.paths, load_scheme(None))
    workspace = Workspace(study.paths, Settings(), load_scheme(None), annotator="ann", ledger=ledger)
    async with CorpuscopeApp(workspace, first=WatchedReview).run_test(size=(120, 40)) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, WatchedReview)
        await until(pilot, lambda: "60 of 60 labels" in line(pilot, "header"))
        await pilot.press("m")
        await until(pilot, ledger.is_asked.is_set)
        screen.action_all()
        ledger.is_free.set()
        await until(pilot, lambda: screen.has_found)
        await pilot.pause()
        assert "odd" not in line(pilot, "header")


async def test_too_few_labels_for_a_classifier_are_said_in_the_review(tmp_path: Path) -> None:
    study = a_labelled_study(tmp_path, labels=8, documents=20)
    async with review(study) as pilot:
        await pilot.press("m")
        await until(
            pilot, lambda: "it needs 50, and has 8" in str(pilot.app.screen.query_one(MessageBar).render())
        )


async def test_what_cannot_be_assisted_says_why_on_screen(tmp_path: Path) -> None:
    study = a_labelled_study(tmp_path, labels=8, documents=20)
    async with summary(study) as pilot:
        await pilot.press("e")
        await until(pilot, lambda: "! web has 8 labels; assisted shares need 50." in page_text(pilot))
        assert page_text(pilot).endswith("e shows the shares of the labels again.")
        assert not (study.labels / "pool").exists()
