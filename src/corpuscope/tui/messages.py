"""What workers, feeds and screens say to screens and app."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:  # nothing of a sitting is loaded before the first frame
    from corpuscope.domain.corpus import Corpus
    from corpuscope.errors import CorpuscopeError
    from corpuscope.session.workspace import RunningSession


class HomeWanted(Message):
    """Show the corpora."""


@dataclass
class LabellingWanted(Message):
    """Label these corpora."""

    corpora: "tuple[Corpus, ...]"


class SummaryWanted(Message):
    """Show the summary over the present screen."""


class ComparisonWanted(Message):
    """Show the differences between corpora over the present screen."""


@dataclass
class ReviewWanted(Message):
    """Show what was labelled over the present screen."""

    documents: frozenset[str] | None = None
    """Ids of the documents wanted, None for all."""
    title: str = ""
    """What these have in common, in a few words."""


class AgreementWanted(Message):
    """Show how far readers agree over the present screen."""


@dataclass
class AdjudicationWanted(Message):
    """Decide disagreements, over the present screen."""

    corpora: tuple[str, ...] = ()
    """Keys of the corpora, none for all."""


class FeedChanged(Message):
    """A feed has a new document, or a new state."""


class ImportsFinished(Message):
    """Nothing more is loaded for a sitting."""


@dataclass
class SessionReady(Message):
    """The ledger has been read; documents are on their way."""

    live: "RunningSession"


@dataclass
class NoticesFound(Message):
    """Something the person should know of the labels on disk."""

    notices: tuple[str, ...]


@dataclass
class WorkerFailed(Message):
    """A worker met a fault a person can act on."""

    fault: "CorpuscopeError"
