"""Messages that workers, feeds and screens post to screens and to the app."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from corpuscope.domain.corpus import Corpus
from corpuscope.errors import CorpuscopeError
from corpuscope.session.factories import RunningSession


class HomeWanted(Message):
    """Show the list of corpora."""


@dataclass
class LabellingWanted(Message):
    """Label these corpora."""

    corpora: tuple[Corpus, ...]


class SummaryWanted(Message):
    """Show the summary over the current screen."""


class ComparisonWanted(Message):
    """Show the differences between corpora over the current screen."""


@dataclass
class ReviewWanted(Message):
    """Show the labels over the current screen."""

    documents: frozenset[str] | None = None
    """Ids of the documents to show; None for all."""
    title: str = ""
    """What the documents have in common, in a few words."""


class AgreementWanted(Message):
    """Show the agreement of the annotators over the current screen."""


@dataclass
class AdjudicationWanted(Message):
    """Adjudicate disagreements over the current screen."""

    corpora: tuple[str, ...] = ()
    """Keys of the corpora; empty for all."""


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
