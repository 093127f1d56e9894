"""People's labels against a second reader: a model's answers, or a score that the corpus publishes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpuscope.analysis.agreement import (
    AgreementGroup,
    AnnotatorLabel,
    MultiplyReadDocument,
    agreement_group,
)
from corpuscope.domain.answer import ModelAnswers
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import DocumentKey, Scalar, StoredDocument, number_of
from corpuscope.errors import UsageError
from corpuscope.ledger.read.decisions import Decision, Decisions
from corpuscope.stats.intervals import Interval, wilson

PEOPLE = "people"
"""Name of the people together, as a reader; one person has their own."""

MOST_THRESHOLDS = 6
"""Thresholds of a score that are chosen where none is given."""


@dataclass(frozen=True, slots=True)
class HumanLabel:
    """The label of people for one document, given before the second reader's was to be seen."""

    decision: Decision
    """The decision that gave it."""
    category: str
    """Name of the category today."""


@dataclass(frozen=True, slots=True)
class CategoryRecall:
    """How well a second reader finds one category."""

    category: str
    """Name of the category."""
    labelled: int
    """Documents that people put there."""
    named: int
    """Documents that the second reader put there."""
    both: int
    """Documents that both did."""
    recall: Interval
    """Wilson's interval of both / labelled."""
    precision: Interval
    """Wilson's interval of both / named."""


@dataclass(frozen=True, slots=True)
class SecondReading:
    """How a second reader's categories compare with people's."""

    reader: str
    """Name of the second reader."""
    group: AgreementGroup
    """Agreement of people and second reader on the documents that both put into a category."""
    categories: tuple[CategoryRecall, ...]
    """Recall and precision of each category that either used, in scheme order."""
    unanswered: int
    """Documents to which the second reader gave no category; they count as missed in every recall."""
    unasked: int
    """Labelled documents that the second reader was not asked about; they count nowhere."""


@dataclass(frozen=True, slots=True)
class KeptCategory:
    """What a threshold keeps of the documents of one category."""

    category: str
    """Name of the category; "all" for all documents."""
    labelled: int
    """Documents that people put there, among those with a score."""
    kept: tuple[int, ...]
    """How many of them each threshold keeps."""
    intervals: tuple[Interval, ...]
    """Wilson's interval of each kept / labelled."""


@dataclass(frozen=True, slots=True)
class ScoreReading:
    """What thresholds of a published score keep of each category."""

    column: str
    """Name of the column."""
    thresholds: tuple[float, ...]
    """Documents whose score is at least this are kept."""
    categories: tuple[KeptCategory, ...]
    """One entry per category with a document, in scheme order, then all."""
    without: int
    """Labelled documents without the score; they count nowhere."""
    level: float
    """Confidence level."""
    corpora: Mapping[str, int]
    """Documents with a score by corpus."""


def human_labels(
    decisions: Decisions, scheme: CategoryScheme, corpora: Sequence[str] = ()
) -> dict[DocumentKey, HumanLabel]:
    """Return the label of people for each document, in the order of corpora and draws.

    First readings count, as they were given before the document was disclosed. Of several people the majority
    counts, of equal votes the one given first, and an adjudicated category before all.
    """
    first_answers, finals = decisions.blind_first_answers(scheme), decisions.finals(scheme)
    votes: dict[DocumentKey, list[HumanLabel]] = {}
    for decision in decisions.by_draw(corpora):
        if decision.look > 1:
            continue
        answer = first_answers.get(decision.event_id, decision)
        if category := scheme.today(answer.category or ""):
            votes.setdefault(answer.document_key, []).append(HumanLabel(answer, category))
    labels = {}
    for key, given in votes.items():
        given.sort(key=lambda label: label.decision.event_id)
        counts = Counter(label.category for label in given)
        winner = next(label for label in given if counts[label.category] == max(counts.values()))
        labels[key] = HumanLabel(winner.decision, finals.get(key, winner.category))
    return labels


def model_reading(
    labels: Mapping[DocumentKey, HumanLabel],
    answers: ModelAnswers,
    scheme: CategoryScheme,
    *,
    level: float = 0.95,
) -> SecondReading:
    """Compare a model's answers with people's labels."""
    categories = _answered(labels, answers, scheme)
    given = {document: answers.by_document[document] for document in categories}
    events = {key: (answer.id, answer.scheme) for key, answer in given.items()}
    return _second_reading(answers.model, labels, categories, events, scheme, level)


def disagreements(
    labels: Mapping[DocumentKey, HumanLabel], answers: ModelAnswers, scheme: CategoryScheme
) -> dict[DocumentKey, str]:
    """Return the model's category for each labelled document on which it disagrees."""
    return {
        key: category
        for key, category in _answered(labels, answers, scheme).items()
        if category is not None and category != labels[key].category
    }


def _answered(
    labels: Iterable[DocumentKey], answers: ModelAnswers, scheme: CategoryScheme
) -> dict[DocumentKey, str | None]:
    """Return the model's category for each labelled document that it was asked about."""
    return {
        document: answers.category_of(document, scheme)
        for document in labels
        if document in answers.by_document
    }


def column_reading(
    labels: Mapping[DocumentKey, HumanLabel],
    documents: Iterable[StoredDocument],
    column: str,
    scheme: CategoryScheme,
    thresholds: Sequence[float] = (),
    *,
    level: float = 0.95,
) -> ScoreReading | SecondReading:
    """Compare a column that the corpus publishes with people's labels: a score, or the names of categories.

    `documents` are the labelled ones. Without `thresholds` those of a score are its distinct values, or its quartiles
    where there are many. Raises UsageError for a column that no document has, or that is neither.
    """
    values: dict[DocumentKey, Scalar] = {}
    names: set[str] = set()
    for document in documents:
        names.update(document.metadata)
        if document.metadata.get(column) is not None:
            values[document.key] = document.metadata[column]
    if not values:
        hint = f"they have {', '.join(sorted(names))}" if names else "they have no further columns"
        if column in names:
            raise UsageError(f"the column {column!r} is empty in every labelled document", hint)
        raise UsageError(f"no labelled document has a column {column!r}", hint)
    words = {document: str(value) for document, value in values.items() if isinstance(value, str)}
    if len(words) == len(values) and not thresholds:
        today = {document: scheme.today(word) for document, word in words.items()}
        if any(today.values()):
            events = dict.fromkeys(words, ("", ""))
            return _second_reading(column, labels, today, events, scheme, level)
    scores = {
        document: score for document, value in values.items() if (score := number_of(value)) is not None
    }
    if len(scores) < len(values):
        value = next(value for document, value in values.items() if document not in scores)
        raise UsageError(
            f"{column} is neither a number nor the name of a category: {value!r}",
            f"the categories are {', '.join(scheme.names)}",
        )
    return _score_reading(column, labels, scores, scheme, tuple(thresholds), level)


def _second_reading(
    reader: str,
    labels: Mapping[DocumentKey, HumanLabel],
    categories: Mapping[DocumentKey, str | None],
    events: Mapping[DocumentKey, tuple[str, str]],
    scheme: CategoryScheme,
    level: float,
) -> SecondReading:
    people = {label.decision.annotator for label in labels.values()}
    person = next(iter(people)) if len(people) == 1 else PEOPLE
    if person == reader:
        person = f"{person} (a person)"
    documents = [
        MultiplyReadDocument(
            label.decision.document_id,
            label.decision.corpus,
            (
                AnnotatorLabel(person, label.category, label.decision.event_id, label.decision.scheme),
                AnnotatorLabel(reader, category, *events[document]),
            ),
        )
        for document, label in labels.items()
        if (category := categories.get(document)) is not None
    ]
    questioned = [document for document in labels if document in categories]
    labelled = Counter(labels[document].category for document in questioned)
    named = Counter(categories[document] for document in questioned)
    both = Counter(
        label.category for document, label in labels.items() if categories.get(document) == label.category
    )
    return SecondReading(
        reader,
        agreement_group(f"{person} and {reader}", (person, reader), documents, scheme, level),
        tuple(
            CategoryRecall(
                name,
                labelled[name],
                named[name],
                both[name],
                wilson(both[name], labelled[name], level),
                wilson(both[name], named[name], level),
            )
            for name in scheme.names
            if labelled[name] or named[name]
        ),
        unanswered=len(questioned) - len(documents),
        unasked=len(labels) - len(questioned),
    )


def _score_reading(
    column: str,
    labels: Mapping[DocumentKey, HumanLabel],
    scores: Mapping[DocumentKey, float],
    scheme: CategoryScheme,
    thresholds: tuple[float, ...],
    level: float,
) -> ScoreReading:
    scored = {document: label for document, label in labels.items() if document in scores}
    thresholds = tuple(sorted(set(thresholds))) or _thresholds([scores[document] for document in scored])
    groups = [
        (name, [scores[document] for document, label in scored.items() if label.category == name])
        for name in scheme.names
    ]
    rows = []
    for name, own in (*groups, ("all", [scores[document] for document in scored])):
        if own:
            kept = tuple(sum(score >= threshold for score in own) for threshold in thresholds)
            intervals = tuple(wilson(count, len(own), level) for count in kept)
            rows.append(KeptCategory(name, len(own), kept, intervals))
    corpora = Counter(label.decision.corpus for label in scored.values())
    return ScoreReading(column, thresholds, tuple(rows), len(labels) - len(scored), level, corpora)


def _thresholds(scores: Sequence[float]) -> tuple[float, ...]:
    """Return the distinct values but the least, or the quartiles where there are many."""
    distinct = sorted(set(scores))
    if len(distinct) <= MOST_THRESHOLDS + 1:
        return tuple(distinct[1:] or distinct)
    ordered = sorted(scores)
    return tuple(sorted({ordered[len(ordered) * quarter // 4] for quarter in (1, 2, 3)}))
