"""Messages that workers, feeds and screens post to screens and to the app."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpuscopeError

if TYPE_CHECKING:  # the list of corpora appears without a session
    from corpuscope.domain.document import DocumentKey
    from corpuscope.session.factories import RunningSession


class ScreenWanted(Message):
    """Show a screen."""

    def __init__(self, name: str, **arguments: object) -> None:
        """Ask for the screen that `app.SCREENS` has under `name`, made with these arguments."""
        super().__init__()
        self.name = name
        self.arguments = arguments


@dataclass
class LabellingWanted(Message):
    """Label these corpora."""

    corpora: tuple[Corpus, ...]


class FeedChanged(Message):
    """A feed has a new document or a new state."""


class ImportsFinished(Message):
    """Every module that a session needs is loaded."""


@dataclass
class SessionReady(Message):
    """The ledger has been read; documents are on their way."""

    live: RunningSession


@dataclass
class NoticesFound(Message):
    """Problems were found in the labels on disk."""

    notices: tuple[str, ...]


@dataclass
class WorkerFailed(Message):
    """A worker stopped at an error that the user can act on."""

    fault: CorpuscopeError


@dataclass
class RemarkFound(Message):
    """Second readers have something to say about a document that was labelled."""

    document: DocumentKey
    remarks: tuple[str, ...]
