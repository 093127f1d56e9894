"""What is known about how far readers of the same documents agree."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from corpuscope.stats.agreement import Agreement
from corpuscope.stats.intervals import Interval


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader said about one document."""

    reader: str
    """The annotator, or "look 1" and "look 2" of one annotator."""
    category: str
    """Today's name of the category."""
    event_id: str
    """The event that says so."""
    scheme: str
    """Hash of the definitions then in force."""


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """A document that was read more than once."""

    document_id: str
    """Identity of the document."""
    corpus: str
    """Key of its corpus."""
    readings: tuple[Reading, ...]
    """Two or more, in the order of the readers."""

    @property
    def categories(self) -> frozenset[str]:
        """The categories it was given: one where its readers agree."""
        return frozenset(reading.category for reading in self.readings)


@dataclass(frozen=True, slots=True)
class CategoryAgreement:
    """How far readers agree about one category."""

    category: str
    """Its name."""
    by_any: int
    """Documents that at least one reader put there."""
    by_all: int
    """Documents that all of their readers put there."""
    interval: Interval
    """Wilson's interval for `by_all` of `by_any`."""


@dataclass(frozen=True, slots=True)
class ConfusedPair:
    """Two categories that were given to the same documents."""

    one: str
    """The category that comes first in the scheme."""
    other: str
    """The category that comes later."""
    documents: tuple[ReadAgain, ...]
    """The documents behind it; one with three categories is behind three pairs."""

    def given_by(self, reader: str) -> int:
        """Documents among them that `reader` put into `one`."""
        readings = (reading for each in self.documents for reading in each.readings)
        return sum(each.reader == reader and each.category == self.one for each in readings)


@dataclass(frozen=True, slots=True)
class Shift:
    """The share that depends most on who reads."""

    category: str
    """Its category."""
    first: str
    """One reader."""
    second: str
    """The other one."""
    counts: tuple[int, int]
    """Documents that each of them put there, of those both read."""
    n: int
    """Documents both read."""
    sampling: float
    """Half the width of Wilson's interval for the larger of the two shares at `n`, as a fraction."""

    @property
    def difference(self) -> float:
        """By how much the two shares differ, as a fraction."""
        return abs(self.counts[0] - self.counts[1]) / self.n


@dataclass(frozen=True, slots=True)
class Concord:
    """Readers of the same documents, and how far they agree."""

    name: str
    """Who they are: "ann and ben", "ann, ben and cem", "ann, looks 1 and 2"."""
    readers: tuple[str, ...]
    """As they are called in the readings."""
    measures: Agreement
    """Percent, kappa, AC1, alpha."""
    documents: tuple[ReadAgain, ...]
    """What was read more than once, by corpus and draw."""
    categories: tuple[CategoryAgreement, ...]
    """Those that were given to any of the documents, in scheme order."""
    confused: tuple[ConfusedPair, ...]
    """The pair with most documents first."""
    shift: Shift | None
    """The share that depends most on who reads; None where no share does."""
    skipped: int
    """Documents that one reader skipped and another labelled; the skip is not counted."""

    @property
    def redefined(self) -> int:
        """Documents whose readings were given under different definitions."""
        return sum(len({reading.scheme for reading in each.readings}) > 1 for each in self.documents)

    @property
    def disputed(self) -> tuple[ReadAgain, ...]:
        """The documents on which its readers do not agree."""
        return tuple(each for each in self.documents if len(each.categories) > 1)

    @property
    def corpora(self) -> Mapping[str, int]:
        """Documents by corpus."""
        return Counter(each.corpus for each in self.documents)


@dataclass(frozen=True, slots=True)
class Concords:
    """Every comparison of readings that a ledger allows."""

    whole: tuple[Concord, ...]
    """All annotators with each other, then every annotator who looked twice with themselves."""
    pairs: tuple[Concord, ...]
    """Two annotators at a time, where there are more than two."""
