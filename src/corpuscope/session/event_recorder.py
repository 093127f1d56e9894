"""Makes events of what one annotator does in one sitting, and has each kept before it counts."""

from dataclasses import dataclass
from typing import Protocol

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.clock import Clock, EventIds
from corpuscope.domain.document import Document
from corpuscope.domain.label import Event, EventKind


class EventSink(Protocol):
    """Where events are kept."""

    def append(self, event: Event) -> None:
        """Returns when the event is durable; raises LedgerError when it is not."""
        ...

    def prepare(self, document: Document) -> None:
        """Hears which document may be decided next; returns at once."""
        ...


@dataclass(frozen=True, slots=True)
class AnnotatorContext:
    """What is the same for every event of a sitting."""

    session: str
    """Id of the sitting."""
    annotator: str
    """Who reads."""
    blind: bool = False
    """True when corpus, url and scores stay hidden until the key."""
    look: int = 1
    """1 for first readings, 2 for blind second ones."""


@dataclass(frozen=True, slots=True)
class EventRecorder:
    """Writes events under one name."""

    context: AnnotatorContext
    """Whose."""
    scheme: CategoryScheme
    """The definitions in force."""
    sink: EventSink
    """Where they are kept."""
    clock: Clock
    """When they are."""
    ids: EventIds
    """Their ids, each greater than the one before."""

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
    ) -> Event:
        """The event, durable; `look` None means the look of the sitting. Raises LedgerError when it is not."""
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
            blind=self.context.blind,
            look=self.context.look if look is None else look,
        )
        self.sink.append(event)
        return event
