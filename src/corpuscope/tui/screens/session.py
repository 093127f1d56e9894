"""Base class of the screens that run a session: begin it, follow its feeds, look up remarks, and close it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import work

from corpuscope import latency
from corpuscope.errors import CorpuscopeError
from corpuscope.session.factories import RunningSession, SessionFactory
from corpuscope.session.workspace import Workspace
from corpuscope.tui.messages import (
    FeedChanged,
    ImportsFinished,
    NoticesFound,
    RemarkFound,
    SessionReady,
    WorkerFailed,
)
from corpuscope.tui.screens.plan_end import PlanEndScreen

if TYPE_CHECKING:  # load numpy and pyarrow
    from corpuscope.annotate.second_opinions import SecondOpinions
    from corpuscope.session.history import HistoryEntry


class SessionScreen(PlanEndScreen):
    """Runs one session; a subclass draws it, and calls `start_session` once the first frame is painted."""

    def __init__(self, workspace: Workspace, factory: SessionFactory) -> None:
        """Prepare the screen; the session of `factory` begins after the first frame."""
        super().__init__()
        self._factory = factory
        self._workspace = workspace
        self._settings = workspace.settings
        self._paths = workspace.paths
        self.scheme = factory.scheme
        self._live: RunningSession | None = None
        self._error = ""
        self._notice = ""
        self._warned: list[str] = []
        self._remark = RemarkFound(("", ""), ())
        self._has_second_readers = False
        self._remarks: SecondOpinions | None = None

    def _show_waiting(self) -> None:
        """Show the state of the feeds in place of the document."""
        raise NotImplementedError

    def _show_last(self) -> None:
        """Show the error, else the notice, else the previous decision."""
        raise NotImplementedError

    def _show_header(self) -> None:
        """Show corpora, progress and the state of the feeds."""
        raise NotImplementedError

    @work(thread=True, exclusive=True, group="session", exit_on_error=False)
    def start_session(self) -> None:
        """Read the ledger and prepare the session, in a worker."""
        try:
            live = self._factory.begin(self._post_feed_changed)
        except CorpuscopeError as fault:
            self.post_message(WorkerFailed(fault))
        else:
            self.post_message(SessionReady(live))

    def _post_feed_changed(self) -> None:
        """Tell the screen that a feed changed. Called from the threads of the feeds."""
        self.post_message(FeedChanged())

    def on_session_ready(self, message: SessionReady) -> None:
        """Start to fetch documents once the ledger is read."""
        self._live = message.live
        self._notice = "\n".join(message.live.notices)
        self._live.queue.start()
        self._refill()
        self._find_second_readers()
        self.set_timer(latency.VERIFY_AFTER, self._verify)

    def _find_second_readers(self) -> None:
        """Look for answers and verdicts once documents are being fetched; what they say is read after a label."""
        from corpuscope.annotate.verdicts import VerdictCache

        paths = (self._paths.labels / "models", VerdictCache.in_folder(self._paths.cache).path)
        self._has_second_readers = self._settings.show_answers and any(path.exists() for path in paths)

    @work(thread=True, exclusive=True, group="verify", exit_on_error=False)
    def _verify(self) -> None:
        assert self._live is not None, "a session is verified once it is there"
        try:
            notices = self._live.verify()
        except CorpuscopeError as fault:
            notices = (str(fault),)
        if notices:
            self.post_message(NoticesFound(notices))
        self.post_message(ImportsFinished())

    def on_notices_found(self, message: NoticesFound) -> None:
        """Show damage that was found and set aside, until the next key."""
        self._notice = "\n".join(filter(None, (self._notice, *message.notices)))
        self._show_last()

    def on_worker_failed(self, message: WorkerFailed) -> None:
        """Show the error of a worker, in place of the document while there is none."""
        self._error = str(message.fault)
        if self._live is None:
            self._show_waiting()
        else:
            self._show_last()
        self._show_header()

    def on_feed_changed(self) -> None:
        """Show a document that arrived; until the next key also how files are read, and which were set aside."""
        if self._live:
            statuses = self._live.queue.statuses
            warnings = [text for status in statuses for text in (*status.notes, *status.warnings)]
            warnings += self._live.queue.failures
            if new := [warning for warning in warnings if warning not in self._warned]:
                self._warned = warnings
                self._notice = "\n".join(filter(None, (self._notice, *new)))
                self._show_last()
        self._refill()

    def on_unmount(self) -> None:
        """Close the feeds, and leave behind why a corpus could not be read."""
        failures: Sequence[str] = [self._error] if self._error and self._live is None else ()
        if self._live:
            failures = self._live.queue.failures
            self._live.queue.close()
        self._workspace.failures += [words for words in failures if words not in self._workspace.failures]

    def _prepare(self) -> None:
        """Prepare the next document while the annotator reads this one."""
        if self._live and (document := self._live.session.upcoming):
            self._view.prepare(document.text, document.sections)
            self._sidebar.document_info.prepare(document, blind=self._live.session.context.blind)

    def _refill(self) -> None:
        """Show a document if none is shown and one is ready."""
        if self._live is None:
            return
        if self._live.session.advance() or self._reached is not None:
            self._show_document()
        elif self._live.session.shown is None:
            self._show_waiting()
            self._show_header()
        else:
            self._prepare()

    def _look_up_last(self) -> None:
        """Have second readers looked up about the document decided last, once the terminal has its frame."""
        if self._has_second_readers and self._live and (last := self._live.session.last):
            self.set_timer(latency.PREPARE_AFTER, partial(self._look_up, last))

    @work(thread=True, exclusive=True, group="remarks", exit_on_error=False)
    def _look_up(self, entry: HistoryEntry) -> None:
        """Read what second readers say about a document, after its label is safe and the next one is shown."""
        if self._remarks is None:
            from corpuscope.annotate.second_opinions import SecondOpinions

            self._remarks = SecondOpinions(self._paths.labels, self._paths.cache, self.scheme)
        sha256 = entry.document.sha256 if entry.document else ""
        remarks = self._remarks.about(entry.document_key, sha256, entry.category)
        self.post_message(RemarkFound(entry.document_key, remarks))

    def on_remark_found(self, message: RemarkFound) -> None:
        """Show the remark while its document is the one decided last."""
        self._remark = message
        self._show_last()

    @property
    def _current_remarks(self) -> tuple[str, ...]:
        """The remarks about the document decided last."""
        last = self._live.session.last if self._live else None
        return self._remark.remarks if last and last.document_key == self._remark.document else ()
