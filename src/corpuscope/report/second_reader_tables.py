"""Tables of people's labels against a second reader: a model, or a score that the corpus publishes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from corpuscope.analysis.agreement import AgreementReport
from corpuscope.analysis.second_reader import KeptCategory, ScoreReading, SecondReading
from corpuscope.report.agreement_result import AgreementResult
from corpuscope.report.agreement_tables import (
    confused_table,
    documents_table,
    effect_on_shares,
    measures_table,
)
from corpuscope.report.tables import Table, range_words
from corpuscope.stats.intervals import Interval
from corpuscope.text.quantities import inflected, quantity

TO_REVIEW = "to go over them: corpuscope review, key l"
"""Where the documents are on which people and a model disagree."""

FEW = 5
"""Documents below which a category is not named as one that a score keeps or loses."""


@dataclass(frozen=True, slots=True)
class SecondReadingResult:
    """A second reader's categories beside people's, in every output form."""

    reading: SecondReading
    """The comparison."""
    documents: bool = False
    """Whether the documents on which they disagree are listed; in CSV only them."""

    def tables(self, width: int | None = None) -> Sequence[Table]:  # noqa: ARG002  columns follow below
        """Return the tables of measures, recall and precision, and confusions; none without a document in common."""
        group = self.reading.group
        if not group.documents:
            return ()
        measures = measures_table((group,))
        _, *caption = measures.caption
        tables = [
            replace(measures, title=f"agreement with {self.reading.reader}", caption=tuple(caption)),
            recall_table(self.reading),
        ]
        if group.confused_pairs:
            confused = confused_table(group)
            tables.append(replace(confused, caption=(*confused.caption[:-1], TO_REVIEW)))
        if self.documents and group.disputed:
            tables.append(documents_table(group))
        return tables

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield one row per measure, or one per label of a disputed document."""
        yield from self._agreement().csv_rows()
        if self.documents:
            return
        for row in self.reading.categories:
            ends = ((row.recall, row.labelled, "recall"), (row.precision, row.named, "precision"))
            for interval, n, measure in ends:
                value = row.both / n if n else ""
                yield (
                    self.reading.group.name,
                    measure,
                    row.category,
                    "",
                    value,
                    interval.low,
                    interval.high,
                    n,
                )

    def as_json(self) -> dict[str, object]:
        """Return all measures unrounded, and every document that both labelled."""
        reading = self.reading
        return {
            "reader": reading.reader,
            "unanswered": reading.unanswered,
            "unasked": reading.unasked,
            "recall": [asdict(row) for row in reading.categories],
            **self._agreement().as_json(),
        }

    def _agreement(self) -> AgreementResult:
        return AgreementResult(AgreementReport((self.reading.group,), ()), documents=self.documents)


def recall_table(reading: SecondReading) -> Table:
    """Make a table with a row per category: what the second reader finds of it, and how often it is right."""
    level = f"{100 * reading.group.measures.percent.level:g} % interval"
    rows = tuple(
        (
            row.category,
            f"{row.labelled:,}",
            f"{row.named:,}",
            f"{row.both:,}",
            *_share(row.both, row.labelled, row.recall),
            *_share(row.both, row.named, row.precision),
        )
        for row in reading.categories
    )
    person = reading.group.readers[0]
    unanswered, unasked = reading.unanswered, reading.unasked
    warnings = (
        f"{reading.reader} named no category of the scheme for {unanswered:,} of the documents; they count as missed, "
        "and in no other measure."
        if unanswered
        else "",
        f"{_without(unasked, 'answer yet')}: corpuscope annotate" if unasked else "",
    )
    return Table(
        f"{reading.reader}: by category",
        ("category", person, reading.reader, "both", "recall", level, "precision", level),
        rows,
        (
            f"recall: of the documents that {person} put there, those that {reading.reader} put there",
            "precision: the other way round",
            "Wilson intervals",
            "of the documents labelled; a second reader is in no share",
        ),
        tuple(filter(None, (effect_on_shares(reading.group),))),
        tuple(filter(None, warnings)),
    )


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """What thresholds of a score keep of each category, in every output form."""

    reading: ScoreReading
    """The comparison."""

    def tables(self, width: int | None = None) -> Sequence[Table]:  # noqa: ARG002  columns follow below
        """Return one table."""
        return (score_table(self.reading),)

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield one row per category and threshold."""
        yield ("column", "at least", "category", "labelled", "kept", "share", "low", "high")
        for row in self.reading.categories:
            cells = zip(self.reading.thresholds, row.kept, row.intervals, strict=True)
            for threshold, kept, interval in cells:
                share = kept / row.labelled
                names = (self.reading.column, threshold, row.category, row.labelled)
                yield (*names, kept, share, interval.low, interval.high)

    def as_json(self) -> dict[str, object]:
        """Return every count and interval."""
        return asdict(self.reading)


def score_table(reading: ScoreReading) -> Table:
    """Make a table with a row per category: the share of its documents that each threshold keeps."""
    names = [f"≥ {threshold:g}" for threshold in reading.thresholds]
    rows = tuple(
        (
            row.category,
            f"{row.labelled:,}",
            *(
                f"{_percent(kept, row.labelled)} {_ends(interval)}"
                for kept, interval in zip(row.kept, row.intervals, strict=True)
            ),
        )
        for row in reading.categories
    )
    parts = ", ".join(f"{corpus}: {count:,}" for corpus, count in reading.corpora.items())
    missing = f"{_without(reading.without, reading.column)}."
    return Table(
        f"{reading.column}: kept of each category",
        ("category", "labels", *names),
        rows,
        (
            f"n = {quantity(reading.categories[-1].labelled, 'document')} ({parts})",
            f"of a category's documents those with {reading.column} at least that",
            f"{100 * reading.level:g} % intervals (Wilson)",
        ),
        tuple(_extremes(reading)),
        (missing,) if reading.without else (),
    )


def _without(count: int, what: str) -> str:
    """Say how many documents count nowhere for lack of something: "1 labelled document has no score and ..."."""
    documents, have = quantity(count, "labelled document"), inflected(count, "has", "have")
    return f"{documents} {have} no {what} and {inflected(count, 'counts', 'count')} nowhere"


def _extremes(reading: ScoreReading) -> Iterator[str]:
    """Say what the middle threshold keeps of the categories that it keeps most and least of."""
    middle = len(reading.thresholds) // 2
    threshold = reading.thresholds[middle]

    def share(row: KeptCategory) -> float:
        return row.kept[middle] / row.labelled

    rows = sorted((row for row in reading.categories[:-1] if row.labelled >= FEW), key=share)
    for row in dict.fromkeys((*rows[-1:], *rows[:1])):
        yield (
            f"of {quantity(row.labelled, 'document')} labelled {row.category}, {reading.column} >= {threshold:g} keeps "
            f"{_percent(row.kept[middle], row.labelled)} {_ends(row.intervals[middle])}"
        )


def _share(count: int, n: int, interval: Interval) -> tuple[str, str]:
    return (_percent(count, n), range_words(interval.low, interval.high)) if n else ("", "")


def _percent(count: int, n: int) -> str:
    return f"{100 * count / n:.0f} %"


def _ends(interval: Interval) -> str:
    return f"({100 * interval.low:.0f}-{100 * interval.high:.0f})"
