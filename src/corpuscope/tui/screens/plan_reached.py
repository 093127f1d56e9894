"""The panel that takes the place of the document when the plan is reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpuscopeError
from corpuscope.session.progress import Progress
from corpuscope.session.workspace import Workspace
from corpuscope.stats.summary import CorpusSummary
from corpuscope.text.terminal_text import one_line
from corpuscope.tui.messages import WorkerFailed
from corpuscope.tui.screens.shares_so_far import reached_rows, summaries_of
from corpuscope.tui.widgets.rows_panel import PanelRow, RowsPanel

NAME = 20
"""Most cells of the name of a corpus."""


class PlanReached(RowsPanel):
    """Say once how many documents were labelled, what their shares are, and where to go from here."""

    @dataclass
    class Summarised(Message):
        """The corpora have been summarised."""

        summaries: tuple[CorpusSummary, ...]

    def __init__(
        self, workspace: Workspace, corpora: Sequence[Corpus], scheme: CategoryScheme, progress: Progress
    ) -> None:
        super().__init__(id="reached", classes="-accent")
        self._workspace = workspace
        self._corpora = corpora
        self._scheme = scheme
        self._progress = progress

    def on_mount(self) -> None:
        """Show what is known at once; the shares follow when the ledger has been read."""
        self._write(())
        # a worker of the screen, which shows a fault that nobody expected
        self.screen.run_worker(
            self._summarise, thread=True, exclusive=True, group="reached", exit_on_error=False
        )

    def _summarise(self) -> None:
        try:
            summaries = summaries_of(self._workspace)
        except CorpuscopeError as fault:
            self.post_message(WorkerFailed(fault))
        else:
            keys = [corpus.key for corpus in self._corpora if corpus.key in summaries]
            self.post_message(self.Summarised(tuple(summaries[key] for key in keys)))

    def on_plan_reached_summarised(self, message: Summarised) -> None:
        """Show the shares."""
        self._write(message.summaries)

    def _write(self, summaries: Sequence[CorpusSummary]) -> None:
        names = ", ".join(one_line(corpus.key, NAME) for corpus in self._corpora)  # as the shares name them
        keys = self._workspace.settings.keys

        def make(width: int, height: int) -> list[PanelRow]:
            return reached_rows(self._progress, names, summaries, self._scheme, keys, (width, height))

        self.show(make, head="plan reached")
