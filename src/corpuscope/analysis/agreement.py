"""Inter- and intra-annotator agreement, computed from the decisions of a ledger."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import DocumentKey
from corpuscope.domain.label import reading_name
from corpuscope.ledger.read.decisions import Decision, Decisions
from corpuscope.stats.agreement import Agreement, agreement
from corpuscope.stats.bias import ReaderEffect, reader_effects
from corpuscope.stats.intervals import Interval, wilson
from corpuscope.text.quantities import listed


@dataclass(frozen=True, slots=True)
class AnnotatorLabel:
    """The label of one reader for one document."""

    reader: str
    """Name of the annotator, or "1st reading" and "2nd reading" of one annotator."""
    category: str
    """Name of the category in the current scheme."""
    event_id: str
    """Id of the event that gave the label."""
    scheme: str
    """Hash of the category definitions in force at that time."""


@dataclass(frozen=True, slots=True)
class MultiplyReadDocument:
    """A document that was labelled more than once."""

    document_id: str
    """Id of the document."""
    corpus: str
    """Key of its corpus."""
    readings: tuple[AnnotatorLabel, ...]
    """Two or more labels, in the order of the readers."""

    @property
    def document_key(self) -> DocumentKey:
        """Key of the corpus and id of the document."""
        return self.corpus, self.document_id

    @property
    def categories(self) -> frozenset[str]:
        """The categories given to it; a single one where its readers agree."""
        return frozenset(label.category for label in self.readings)


@dataclass(frozen=True, slots=True)
class CategoryAgreement:
    """Agreement about one category."""

    category: str
    """Name of the category."""
    by_any: int
    """Documents to which at least one reader gave it."""
    by_all: int
    """Documents to which all of their readers gave it."""
    interval: Interval
    """Wilson's interval for `by_all` of `by_any`."""


@dataclass(frozen=True, slots=True)
class ConfusedPair:
    """Two categories that were given to the same documents."""

    one: str
    """The category that comes first in the scheme."""
    other: str
    """The category that comes later."""
    documents: tuple[MultiplyReadDocument, ...]
    """Documents with both categories; one with three categories belongs to three pairs."""

    def given_by(self, reader: str) -> int:
        """Count the documents of this pair to which `reader` gave `one`."""
        labels = (label for document in self.documents for label in document.readings)
        return sum(label.reader == reader and label.category == self.one for label in labels)


@dataclass(frozen=True, slots=True)
class AgreementGroup:
    """The agreement of two or more readers of the same documents."""

    name: str
    """Names of the readers in words: "ann and ben", "ann, 1st and 2nd reading", or above `MOST_NAMES` "18 readers"."""
    readers: tuple[str, ...]
    """Readers as named in `AnnotatorLabel.reader`."""
    measures: Agreement
    """Percent agreement, kappa, AC1 and alpha."""
    documents: tuple[MultiplyReadDocument, ...]
    """Documents labelled more than once, by corpus and draw."""
    categories: tuple[CategoryAgreement, ...]
    """Agreement about each category given to any of the documents, in scheme order."""
    confused_pairs: tuple[ConfusedPair, ...]
    """Pairs of categories given to the same document, the most frequent first."""
    reader_effects: tuple[ReaderEffect, ...]
    """Tests of whether a share depends on the reader, the clearest first; empty where no two readers share enough."""
    is_ordinal: bool
    """Whether the scale is ordinal, so that a near miss counts less in weighted kappa and alpha."""
    skipped: int
    """Documents that one reader skipped and another labelled; the skip counts in no measure."""

    @property
    def redefined(self) -> int:
        """Number of documents whose labels were given under different definitions, as far as they are known."""
        return sum(
            len({label.scheme for label in document.readings if label.scheme}) > 1
            for document in self.documents
        )

    @property
    def undefined(self) -> int:
        """Number of documents with a label of another tool, which does not say under which definitions."""
        return sum(any(not label.scheme for label in document.readings) for document in self.documents)

    @property
    def disputed(self) -> tuple[MultiplyReadDocument, ...]:
        """Documents on which the readers disagree."""
        return tuple(document for document in self.documents if len(document.categories) > 1)

    @property
    def corpora(self) -> Mapping[str, int]:
        """Number of documents by corpus key."""
        return Counter(document.corpus for document in self.documents)


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """All groups of readers of a ledger who labelled the same documents."""

    whole: tuple[AgreementGroup, ...]
    """The group of all annotators, then each annotator who relabelled documents as a group of two looks."""
    pairs: tuple[AgreementGroup, ...]
    """Every two annotators, where there are more than two."""


MOST_NAMES = 6
"""Most readers that a group is named after."""

READINGS = (reading_name(1), reading_name(2))
"""Names of the two looks of one annotator."""

DecisionsByReader = Mapping[str, Decision]
"""The decision of each reader about one document."""


def agreement_report(
    decisions: Decisions, scheme: CategoryScheme, corpora: Sequence[str] = (), *, level: float = 0.95
) -> AgreementReport:
    """Measure how well annotators agree with each other in first looks, and each with their own second look.

    Only answers given before the document was disclosed count: a correction made after an undo or a step back, with
    the source or the first label in sight, counts for shares but not here.

    Skips, and labels whose category no longer exists, count in no measure. Without `corpora` all are included.
    """
    first_answers = decisions.blind_first_answers(scheme)
    repeated = [
        first_answers.get(decision.event_id, decision)
        for decision in decisions.read_again()
        if not corpora or decision.corpus in corpora
    ]
    repeated.sort(
        key=lambda decision: (decision.corpus, decision.draw, decision.document_id, decision.event_id)
    )
    first_looks = _by_document((decision.annotator, decision) for decision in repeated if decision.look == 1)
    annotators = tuple(
        sorted({reader for by_reader in first_looks if len(by_reader) > 1 for reader in by_reader})
    )
    whole = [_agreement_group(_and(annotators), annotators, first_looks, scheme, level)]
    pairs = (
        [_agreement_group(_and(two), two, first_looks, scheme, level) for two in combinations(annotators, 2)]
        if len(annotators) > 2
        else []
    )
    for annotator in sorted({decision.annotator for decision in repeated}):
        looks = _by_document(
            (reading_name(decision.look), decision)
            for decision in repeated
            if decision.annotator == annotator
        )
        whole.append(_agreement_group(f"{annotator}, 1st and 2nd reading", READINGS, looks, scheme, level))
    return AgreementReport(
        *(tuple(group for group in groups if group.documents) for groups in (whole, pairs))
    )


def _by_document(decisions: Iterable[tuple[str, Decision]]) -> list[DecisionsByReader]:
    by_document: defaultdict[tuple[str, str], dict[str, Decision]] = defaultdict(dict)
    for reader, decision in decisions:
        by_document[decision.corpus, decision.document_id][reader] = decision
    return list(by_document.values())


def _agreement_group(
    name: str,
    readers: Sequence[str],
    decisions: Iterable[DecisionsByReader],
    scheme: CategoryScheme,
    level: float,
) -> AgreementGroup:
    documents, skipped = [], 0
    for by_reader in decisions:
        labels = tuple(
            AnnotatorLabel(reader, category, by_reader[reader].event_id, by_reader[reader].scheme)
            for reader in readers
            if reader in by_reader and (category := scheme.today(by_reader[reader].category or ""))
        )
        skipped += bool(labels) and any(
            reader in by_reader and by_reader[reader].category is None for reader in readers
        )
        if len(labels) > 1:
            decision = next(iter(by_reader.values()))
            documents.append(MultiplyReadDocument(decision.document_id, decision.corpus, labels))
    return agreement_group(name, readers, documents, scheme, level, skipped=skipped)


def agreement_group(
    name: str,
    readers: Sequence[str],
    documents: Sequence[MultiplyReadDocument],
    scheme: CategoryScheme,
    level: float,
    *,
    skipped: int = 0,
) -> AgreementGroup:
    """Measure the agreement of readers on documents that each have the labels of at least two of them.

    `skipped` is the number of documents that one reader skipped and another labelled.
    """
    code_of = {category: code for code, category in enumerate(scheme.names)}
    categories = [{label.reader: label.category for label in document.readings} for document in documents]
    codes = [
        [code_of[by_reader[reader]] if reader in by_reader else None for by_reader in categories]
        for reader in readers
    ]
    return AgreementGroup(
        name,
        tuple(readers),
        agreement(codes, scheme.names, values=scheme.values, level=level),
        tuple(documents),
        tuple(_categories(documents, scheme, level)),
        _confused_pairs(documents, scheme),
        _reader_effects(categories, readers, scheme, level),
        scheme.is_ordinal,
        skipped,
    )


def _categories(
    documents: Sequence[MultiplyReadDocument], scheme: CategoryScheme, level: float
) -> Iterable[CategoryAgreement]:
    for category in scheme.names:
        by_any = sum(category in document.categories for document in documents)
        by_all = sum(document.categories == {category} for document in documents)
        if by_any:
            yield CategoryAgreement(category, by_any, by_all, wilson(by_all, by_any, level))


def _confused_pairs(
    documents: Sequence[MultiplyReadDocument], scheme: CategoryScheme
) -> tuple[ConfusedPair, ...]:
    pairs = (
        ConfusedPair(
            one, other, tuple(document for document in documents if {one, other} <= document.categories)
        )
        for one, other in combinations(scheme.names, 2)
    )
    return tuple(sorted((pair for pair in pairs if pair.documents), key=lambda pair: -len(pair.documents)))


def _reader_effects(
    categories: Sequence[Mapping[str, str]], readers: Sequence[str], scheme: CategoryScheme, level: float
) -> tuple[ReaderEffect, ...]:
    """Test whether shares depend on the reader; `categories` holds, for each document, the category by reader."""
    pairs = []
    for first, second in combinations(readers, 2):
        labels = [
            (by_reader[first], by_reader[second])
            for by_reader in categories
            if first in by_reader and second in by_reader
        ]
        pairs.append((first, second, labels))
    return reader_effects(pairs, scheme.names, level=level)


def _and(names: Sequence[str]) -> str:
    return f"{len(names):,} readers" if len(names) > MOST_NAMES else listed(names)
