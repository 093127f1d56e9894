"""A screen that runs a session closes its feeds when it is left, whichever way."""

from __future__ import annotations

from pathlib import Path

import pytest

from app_fakes import a_workspace
from corpuscope.corpora.parse import corpus_for
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.corpus import Corpus
from corpuscope.sampling.feed.status import FeedState, FeedStatus
from corpuscope.sampling.queue_order import QueueOrder
from corpuscope.session.document_queue import DocumentQueue
from corpuscope.session.factories import OnChange, RunningSession
from corpuscope.tui.app import CorpuscopeApp
from corpuscope.tui.messages import FeedChanged
from corpuscope.tui.screens.corpora import CorporaScreen
from corpuscope.tui.screens.labelling import LabellingScreen
from makers import a_scheme
from on_screen import line
from session_fakes import SEED, ListFeed, a_session
from waiting import until


class WatchedFeed(ListFeed):
    """A feed that remembers whether it was started and closed."""

    is_started = is_closed = False

    def start(self) -> None:
        """Remember the start."""
        self.is_started = True

    def close(self) -> None:
        """Remember the end."""
        self.is_closed = True


class FailedFeed(ListFeed):
    """A feed that a permanent fault ended."""

    @property
    def status(self) -> FeedStatus:
        return FeedStatus(FeedState.FAILED, 0, "the dataset is gone")


class FixedFeeds:
    """Starts a session on these feeds."""

    def __init__(self, *feeds: ListFeed) -> None:
        self._feeds = {f"web{i}": feed for i, feed in enumerate(feeds)}

    @property
    def corpora(self) -> tuple[Corpus, ...]:
        return (corpus_for("demo-edu"),)

    @property
    def scheme(self) -> CategoryScheme:
        return a_scheme("Educational", "Advertising")

    def begin(self, on_change: OnChange) -> RunningSession:  # noqa: ARG002 - nothing changes
        queue = DocumentQueue(self._feeds, QueueOrder(SEED, dict.fromkeys(self._feeds, 5)), {})
        return RunningSession(a_session(), queue)


@pytest.mark.parametrize("key", ["h", "q"])
async def test_the_feeds_are_closed_when_the_screen_is_left(key: str, tmp_path: Path) -> None:
    feed = WatchedFeed("web", 0, 5)
    workspace = a_workspace(tmp_path)
    app = CorpuscopeApp(workspace, first=lambda workspace: LabellingScreen(workspace, FixedFeeds(feed)))
    async with app.run_test() as pilot:
        await until(pilot, lambda: feed.is_started)
        assert not feed.is_closed
        await pilot.press(key)
        if key == "h":
            await until(pilot, lambda: isinstance(app.screen, CorporaScreen) and feed.is_closed)
    assert feed.is_closed


async def test_a_corpus_that_fails_beside_another_one_is_named(tmp_path: Path) -> None:
    factory = FixedFeeds(ListFeed("web", 0, 5), FailedFeed("web", 0, 0))
    app = CorpuscopeApp(a_workspace(tmp_path), first=lambda workspace: LabellingScreen(workspace, factory))
    async with app.run_test() as pilot:
        await until(pilot, lambda: "1 of 2 corpora failed" in line(pilot, "header"))
        app.screen.post_message(FeedChanged())
        await until(pilot, lambda: line(pilot, "last") == "web1: the dataset is gone")
