"""How far readers of the same documents agree: found in a ledger, and compared."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from corpuscope.domain.category import CategoryScheme
from corpuscope.ledger.read.decisions import Decision, Decisions
from corpuscope.stats.agreement import Agreement, agreement
from corpuscope.stats.intervals import Interval, wilson


@dataclass(frozen=True, slots=True)
class AnnotatorLabel:
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
class MultiplyReadDocument:
    """A document that was read more than once."""

    document_id: str
    """Identity of the document."""
    corpus: str
    """Key of its corpus."""
    readings: tuple[AnnotatorLabel, ...]
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
    documents: tuple[MultiplyReadDocument, ...]
    """The documents behind it; one with three categories is behind three pairs."""

    def given_by(self, reader: str) -> int:
        """Documents among them that `reader` put into `one`."""
        readings = (reading for each in self.documents for reading in each.readings)
        return sum(each.reader == reader and each.category == self.one for each in readings)


@dataclass(frozen=True, slots=True)
class LargestBias:
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
class AgreementGroup:
    """Readers of the same documents, and how far they agree."""

    name: str
    """Who they are: "ann and ben", "ann, ben and cem", "ann, looks 1 and 2"."""
    readers: tuple[str, ...]
    """As they are called in the readings."""
    measures: Agreement
    """Percent, kappa, AC1, alpha."""
    documents: tuple[MultiplyReadDocument, ...]
    """What was read more than once, by corpus and draw."""
    categories: tuple[CategoryAgreement, ...]
    """Those that were given to any of the documents, in scheme order."""
    confused_pairs: tuple[ConfusedPair, ...]
    """The pair with most documents first."""
    largest_bias: LargestBias | None
    """The share that depends most on who reads; None where no share does."""
    skipped: int
    """Documents that one reader skipped and another labelled; the skip is not counted."""

    @property
    def redefined(self) -> int:
        """Documents whose readings were given under different definitions."""
        return sum(len({reading.scheme for reading in each.readings}) > 1 for each in self.documents)

    @property
    def disputed(self) -> tuple[MultiplyReadDocument, ...]:
        """The documents on which its readers do not agree."""
        return tuple(each for each in self.documents if len(each.categories) > 1)

    @property
    def corpora(self) -> Mapping[str, int]:
        """Documents by corpus."""
        return Counter(each.corpus for each in self.documents)


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """Every comparison of readings that a ledger allows."""

    whole: tuple[AgreementGroup, ...]
    """All annotators with each other, then every annotator who looked twice with themselves."""
    pairs: tuple[AgreementGroup, ...]
    """Two annotators at a time, where there are more than two."""


DecisionsByReader = Mapping[str, Decision]
"""What each reader decided about one document."""


def agreement_report(
    decisions: Decisions, scheme: CategoryScheme, corpora: Sequence[str] = (), *, level: float = 0.95
) -> AgreementReport:
    """How far annotators agree with each other in first looks, and each with their own second look.

    Skips, and labels of categories that were split up, say nothing. Without `corpora` all are taken.
    """
    again = [each for each in decisions.read_again() if not corpora or each.corpus in corpora]
    again.sort(key=lambda each: (each.corpus, each.draw, each.document_id, each.event_id))
    given = _by_document((each.annotator, each) for each in again if each.look == 1)
    annotators = tuple(sorted({reader for decided in given if len(decided) > 1 for reader in decided}))
    whole = [_agreement_group(_and(annotators), annotators, given, scheme, level)]
    pairs = (
        [_agreement_group(_and(two), two, given, scheme, level) for two in combinations(annotators, 2)]
        if len(annotators) > 2
        else []
    )
    for annotator in sorted({each.annotator for each in again}):
        looks = _by_document((f"look {each.look}", each) for each in again if each.annotator == annotator)
        whole.append(
            _agreement_group(f"{annotator}, looks 1 and 2", ("look 1", "look 2"), looks, scheme, level)
        )
    return AgreementReport(*(tuple(each for each in found if each.documents) for found in (whole, pairs)))


def _by_document(decisions: Iterable[tuple[str, Decision]]) -> list[DecisionsByReader]:
    found: defaultdict[tuple[str, str], dict[str, Decision]] = defaultdict(dict)
    for reader, decision in decisions:
        found[decision.corpus, decision.document_id][reader] = decision
    return list(found.values())


def _agreement_group(
    name: str,
    readers: Sequence[str],
    given: Iterable[DecisionsByReader],
    scheme: CategoryScheme,
    level: float,
) -> AgreementGroup:
    documents, skipped = [], 0
    for decided in given:
        readings = tuple(
            AnnotatorLabel(reader, today, decided[reader].event_id, decided[reader].scheme)
            for reader in readers
            if reader in decided and (today := scheme.today(decided[reader].category or ""))
        )
        skipped += bool(readings) and any(
            reader in decided and decided[reader].category is None for reader in readers
        )
        if len(readings) > 1:
            one = next(iter(decided.values()))
            documents.append(MultiplyReadDocument(one.document_id, one.corpus, readings))
    place = {category: number for number, category in enumerate(scheme.names)}
    by_reader = [{reading.reader: reading.category for reading in each.readings} for each in documents]
    codes = [[place[said[reader]] if reader in said else None for said in by_reader] for reader in readers]
    return AgreementGroup(
        name,
        tuple(readers),
        agreement(codes, scheme.names, level=level),
        tuple(documents),
        tuple(_categories(documents, scheme, level)),
        _confused_pairs(documents, scheme),
        _largest_bias(by_reader, readers, scheme, level),
        skipped,
    )


def _categories(
    documents: Sequence[MultiplyReadDocument], scheme: CategoryScheme, level: float
) -> Iterable[CategoryAgreement]:
    for category in scheme.names:
        by_any = sum(category in each.categories for each in documents)
        by_all = sum(each.categories == {category} for each in documents)
        if by_any:
            yield CategoryAgreement(category, by_any, by_all, wilson(by_all, by_any, level))


def _confused_pairs(
    documents: Sequence[MultiplyReadDocument], scheme: CategoryScheme
) -> tuple[ConfusedPair, ...]:
    found = (
        ConfusedPair(one, other, tuple(each for each in documents if {one, other} <= each.categories))
        for one, other in combinations(scheme.names, 2)
    )
    return tuple(sorted((pair for pair in found if pair.documents), key=lambda pair: -len(pair.documents)))


def _largest_bias(
    by_reader: Sequence[Mapping[str, str]], readers: Sequence[str], scheme: CategoryScheme, level: float
) -> LargestBias | None:
    """The greatest difference of a share between two readers, over the documents both read."""
    greatest = None
    for first, second in combinations(readers, 2):
        both = [said for said in by_reader if first in said and second in said]
        for category in scheme.names if both else ():
            counts = (
                sum(said[first] == category for said in both),
                sum(said[second] == category for said in both),
            )
            sampling = wilson(max(counts), len(both), level).half_width
            shift = LargestBias(category, first, second, counts, len(both), sampling)
            if shift.difference > (greatest.difference if greatest else 0):
                greatest = shift
    return greatest


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
