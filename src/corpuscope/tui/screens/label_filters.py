"""Base class of the screens that filter labels: by field, by what a model makes of them, by a search of their texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from textual import on, work
from textual.message import Message
from textual.worker import get_current_worker

from corpuscope.domain.document import DocumentKey
from corpuscope.errors import CorpuscopeError, UsageError
from corpuscope.extras import require_extra
from corpuscope.ledger.read.records import LabelQuery
from corpuscope.session.label_list import LabelList
from corpuscope.session.workspace import Workspace
from corpuscope.tui.messages import WorkerFailed
from corpuscope.tui.review_rows import FLAGS, SearchState
from corpuscope.tui.screens.live import READING, LiveScreen
from corpuscope.tui.widgets.find_bar import FindBar
from corpuscope.tui.widgets.status_line import StatusItem
from corpuscope.tui.widgets.virtual_list import VirtualList

ODD = "odd to the classifier"
"""What the labels have in common that a classifier finds odd."""
REPORT_INTERVAL = 0.1
"""Least time in seconds between two reports of a search."""


class LabelFilterScreen(LiveScreen[LabelQuery, LabelList]):
    """A screen with a `VirtualList` of labels and a `FindBar` whose keys change the `LabelQuery`."""

    _list: VirtualList
    """The labels that match."""
    _find_bar: FindBar
    """The field for a text to search for."""

    @dataclass
    class SearchProgress(Message):
        """A search has made progress."""

        search: SearchState
        documents: frozenset[DocumentKey]

    @dataclass
    class OddLabelsFound(Message):
        """A classifier has read all labelled documents."""

        documents: frozenset[DocumentKey]

    @dataclass
    class DisagreementsFound(Message):
        """A model's answers were compared with the labels."""

        model: str
        """Name of the model; "" after the last one."""
        answers: Mapping[DocumentKey, str]
        """The model's category for each document on which it disagrees."""
        left_out: str = ""
        """How many answers are about other texts; "" for none."""

    def __init__(self, workspace: Workspace, documents: frozenset[DocumentKey] | None, title: str) -> None:
        super().__init__(workspace, LabelQuery(documents=documents))
        self._preselected = documents
        self._title = title
        self._model = ""
        self._answers: Mapping[DocumentKey, str] = {}
        self._search_state: SearchState | None = None

    def forget_excerpts(self) -> None:
        """Drop the excerpts that were read: they show the matches of another search."""
        raise NotImplementedError

    @property
    def _needle(self) -> str:
        return self._search_state.needle if self._search_state else ""

    def action_category(self) -> None:
        """Filter by the next category."""
        if self._result is not None:
            category = _after(self._query.category, self._result.label_index.categories)
            self.ask(replace(self._query, category=category))

    def action_corpus(self) -> None:
        """Filter by the next corpus."""
        if self._result is not None:
            corpus = _after(self._query.corpus, self._result.label_index.corpora)
            self.ask(replace(self._query, corpus=corpus))

    def action_annotator(self) -> None:
        """Filter by the next annotator."""
        if self._result is not None:
            annotator = _after(self._query.annotator, self._result.label_index.annotators)
            self.ask(replace(self._query, annotator=annotator))

    def action_flags(self) -> None:
        """Filter by the next mark; by none after the last."""
        current = next((flag for flag in FLAGS if getattr(self._query, flag)), None)
        following = _after(current, FLAGS)
        chosen = dict.fromkeys(FLAGS, False) | ({following: True} if following else {})
        self.ask(replace(self._query, **chosen))  # type: ignore[arg-type]  # every flag is a bool of the query

    def action_disputed(self) -> None:
        """Filter by documents with different categories, or not."""
        self.ask(replace(self._query, disputed=not self._query.disputed))

    def action_bookmarked(self) -> None:
        """Filter by bookmarked documents, or not."""
        self.ask(replace(self._query, bookmarked=not self._query.bookmarked))

    def action_noted(self) -> None:
        """Filter by documents with a note, or not."""
        self.ask(replace(self._query, noted=not self._query.noted))

    def action_odd(self) -> None:
        """Filter by labels that a classifier finds odd, or not."""
        if self._title == ODD:
            self._show_documents(None, "")
            return
        try:
            require_extra("assist", "a look for odd labels")
        except UsageError as missing:
            self.failed(missing)
            return
        self.show_line([StatusItem(READING, "$accent")])
        self._find_odd()

    @work(thread=True, exclusive=True, group="odd", exit_on_error=False)
    def _find_odd(self) -> None:
        from corpuscope.analysis.classifier import odd_documents

        ledger, plan = self._workspace.ledger, self._workspace.plan
        try:
            odd = odd_documents(ledger.decisions(), self._workspace.scheme, plan.read(), ledger.texts)
            self._post_unless_cancelled(self.OddLabelsFound(odd))
        except CorpuscopeError as fault:
            self.post_message(WorkerFailed(fault))

    def _post_unless_cancelled(self, message: Message) -> None:
        """Post what a worker found, unless another filter was asked for since: a thread cannot be stopped."""
        if not get_current_worker().is_cancelled:
            self.post_message(message)

    def on_label_filter_screen_odd_labels_found(self, message: OddLabelsFound) -> None:
        """Keep the odd labels."""
        self._show_documents(message.documents, ODD)

    def action_model(self) -> None:
        """Filter by labels on which the next model disagrees; no filter after the last one."""
        self._find_disagreements(self._model)

    @work(thread=True, exclusive=True, group="odd", exit_on_error=False)
    def _find_disagreements(self, before: str) -> None:
        from corpuscope.analysis.second_reader import disagreements, human_labels
        from corpuscope.annotate.answers import models_of, read_answers
        from corpuscope.annotate.documents import answers_about_labelled, other_texts_words

        ledger, scheme, labels = self._workspace.ledger, self._workspace.scheme, self._workspace.paths.labels
        try:
            models = models_of(labels)
            if not models:
                raise UsageError("no model has answered yet", "ask one: corpuscope annotate --model NAME")
            model = _after(before or None, models) or ""
            if not model:
                self._post_unless_cancelled(self.DisagreementsFound("", {}))
                return
            given, decisions = read_answers(labels, model, scheme), ledger.decisions()
            own = answers_about_labelled(given, decisions, ledger.texts)
            answers = disagreements(human_labels(decisions, scheme), own, scheme)
            self._post_unless_cancelled(
                self.DisagreementsFound(model, answers, other_texts_words(given, own))
            )
        except CorpuscopeError as fault:
            self.post_message(WorkerFailed(fault))

    def on_label_filter_screen_disagreements_found(self, message: DisagreementsFound) -> None:
        """Keep the labels on which the model disagrees, and show its answers."""
        if message.model:
            words = f"; {message.left_out}" if message.left_out else ""
            self._show_documents(frozenset(message.answers), f"{message.model} disagrees{words}")
            self._model, self._answers = message.model, message.answers
        else:
            self._show_documents(None, "")

    def _show_documents(self, documents: frozenset[DocumentKey] | None, title: str) -> None:
        """Keep these documents, None for all; `title` says what they have in common."""
        self.workers.cancel_group(self, "odd")
        self._model, self._answers = "", {}
        self._preselected, self._title = documents, title
        self._stop_searching()
        self.ask(replace(self._query, documents=documents))

    def action_order(self) -> None:
        """Reverse the order."""
        self.ask(replace(self._query, latest=not self._query.latest))

    def action_all(self) -> None:
        """Remove every filter."""
        self.workers.cancel_group(self, "odd")
        self._preselected, self._title = None, ""
        self._model, self._answers = "", {}
        self._stop_searching()
        self.ask(LabelQuery(latest=self._query.latest))

    def action_back(self) -> None:
        """Close the find bar, else end the search, else leave."""
        if self._find_bar.is_open:
            self._close_find_bar()
        elif self._search_state:
            self._stop_searching()
            self.ask(replace(self._query, documents=self._preselected))
        else:
            self.leave()

    def action_find(self) -> None:
        """Open the find bar."""
        self._find_bar.open()

    @on(FindBar.SearchRequested)
    def _find(self, message: FindBar.SearchRequested) -> None:
        """Search all texts when enter is pressed."""
        message.stop()
        if not message.done:
            return
        self._close_find_bar()
        self._stop_searching()
        if message.needle:
            self._search_state = SearchState(message.needle)
            self.forget_excerpts()
            self.ask(replace(self._query, documents=frozenset()))
            self._search(message.needle)
        else:
            self.ask(replace(self._query, documents=self._preselected))

    @work(thread=True, exclusive=True, group="search", exit_on_error=False)
    def _search(self, needle: str) -> None:
        worker = get_current_worker()
        last_report = 0.0
        try:
            for progress in self._workspace.ledger.search(needle):
                if worker.is_cancelled:
                    return
                now = self._workspace.clock.monotonic()
                if progress.done or now - last_report >= REPORT_INTERVAL:
                    last_report = now
                    share = progress.events / max(progress.total, 1)
                    matches = len(progress.documents)
                    state = SearchState(needle, share, matches, progress.unread, progress.done)
                    self.post_message(self.SearchProgress(state, progress.documents))
        except CorpuscopeError as fault:
            self.post_message(WorkerFailed(fault))

    def on_label_filter_screen_search_progress(self, message: SearchProgress) -> None:
        """Show the matches so far, unless another text is searched for by now."""
        if self._search_state is None or self._search_state.done:
            return
        if message.search.needle == self._search_state.needle:
            has_news = message.search.matches > self._search_state.matches or message.search.done
            self._search_state = message.search
            self.show_header()
            if has_news:
                documents = (
                    message.documents if self._preselected is None else message.documents & self._preselected
                )
                self.ask(replace(self._query, documents=documents))

    def on_unmount(self) -> None:
        """Cancel the search."""
        self.workers.cancel_group(self, "search")

    def _stop_searching(self) -> None:
        self.workers.cancel_group(self, "search")
        if self._search_state:
            self.forget_excerpts()
        self._search_state = None

    def _close_find_bar(self) -> None:
        self._find_bar.close()
        self._list.focus()


def _after(value: str | None, values: Sequence[str]) -> str | None:
    """Return the value after this one; None comes before the first and after the last."""
    index = values.index(value) + 1 if value in values else 0
    return values[index] if index < len(values) else None
