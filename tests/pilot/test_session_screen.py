"""A screen that runs a session closes its feeds when it is left, whichever way."""

from __future__ import annotations

from pathlib import Path

import pytest

from app_fakes import a_workspace
from corpuscope.corpora.parse import corpus_for
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.corpus import Corpus
from corpuscope.sampling.queue_order import QueueOrder
from corpuscope.session.document_queue import DocumentQueue
from corpuscope.session.factories import OnChange, RunningSession
from corpuscope.tui.app import CorpuscopeApp
from corpuscope.tui.screens.corpora import CorporaScreen
from corpuscope.tui.screens.labelling import LabellingScreen
from makers import a_scheme
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


class OneFeed:
    """Starts a session on one feed."""

    def __init__(self, feed: WatchedFeed) -> None:
        self._feed = feed

    @property
    def corpora(self) -> tuple[Corpus, ...]:
        return (corpus_for("demo-edu"),)

    @property
    def scheme(self) -> CategoryScheme:
        return a_scheme("Educational", "Advertising")

    def begin(self, on_change: OnChange) -> RunningSession:  # noqa: ARG002 - nothing changes
        queue = DocumentQueue({"web": self._feed}, QueueOrder(SEED, {"web": 5}), {})
        return RunningSession(a_session(), queue)


@pytest.mark.parametrize("key", ["h", "q"])
async def test_the_feeds_are_closed_when_the_screen_is_left(key: str, tmp_path: Path) -> None:
    feed = WatchedFeed("web", 0, 5)
    workspace = a_workspace(tmp_path)
    app = CorpuscopeApp(workspace, first=lambda workspace: LabellingScreen(workspace, OneFeed(feed)))
    async with app.run_test() as pilot:
        await until(pilot, lambda: feed.is_started)
        assert not feed.is_closed
        await pilot.press(key)
        if key == "h":
            await until(pilot, lambda: isinstance(app.screen, CorporaScreen) and feed.is_closed)
    assert feed.is_closed
