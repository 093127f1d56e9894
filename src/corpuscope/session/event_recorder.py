"""The recorder that turns the actions of an annotator into durable events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.clock import Clock, EventIds
from corpuscope.domain.document import Document
from corpuscope.domain.label import Event, EventKind


class EventSink(Protocol):
    """The place where events are stored."""

    def append(self, event: Event) -> None:
        """Store an event; return once it is durable. Raises LedgerError."""
        ...

    def prepare(self, document: Document) -> None:
        """Announce the document likely to be decided next. Non-blocking."""
        ...


@dataclass(frozen=True, slots=True)
class AnnotatorContext:
    """The fields that all events of a session share."""

    session: str
    """Id of the session."""
    annotator: str
    """Name of the annotator."""
    blind: bool = False
    """Whether corpus, url and scores stay hidden until the decision."""
    look: int = 1
    """1 for first looks, 2 for blind second looks."""


@dataclass(frozen=True, slots=True)
class EventRecorder:
    """Records events in the name of one annotator."""

    context: AnnotatorContext
    """The fields that all events share."""
    scheme: CategoryScheme
    """The categories in force."""
    sink: EventSink
    """Where the events are stored."""
    clock: Clock
    """The clock of the events."""
    ids: EventIds
    """Ids of the events, each greater than the one before."""

    def record(
        self,
        kind: EventKind,
        document: Document,
        *,
        category: str | None = None,
        target: str | None = None,
        note: str | None = None,
        reading_ms: int | None = None,
        look: int | None = None,
        disclosed: bool = False,
        blind: bool | None = None,
        unsure: bool = False,
    ) -> Event:
        """Record an event and return it once it is durable.

        `category` is a category name, `target` the id of the event to undo, `reading_ms` the reading time in
        milliseconds. `look` None means the look of the session. `disclosed` tells that corpus, url and scores were
        in sight before, so that the decision is not blind; `blind` decides instead of session and disclosure when it is
        given. `unsure` marks a label. Raises LedgerError when the event is not
        durable.
        """
        event = Event(
            id=self.ids.next(),
            session=self.context.session,
            annotator=self.context.annotator,
            at=self.clock.now(),
            kind=kind,
            document=document,
            category=category,
            scheme=self.scheme.hash,
            target=target,
            note=note,
            reading_ms=reading_ms,
            blind=self.context.blind and not disclosed if blind is None else blind,
            look=self.context.look if look is None else look,
            unsure=unsure,
        )
        self.sink.append(event)
        return event
