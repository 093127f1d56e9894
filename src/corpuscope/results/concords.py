"""Finds in a ledger what was read more than once, and compares the readings."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from corpuscope.domain.category import CategoryScheme
from corpuscope.ledger.read.decisions import Decision, Decisions
from corpuscope.results.agreement import (
    CategoryAgreement,
    Concord,
    Concords,
    ConfusedPair,
    ReadAgain,
    Reading,
    Shift,
)
from corpuscope.stats.agreement import agreement
from corpuscope.stats.intervals import wilson

Given = Mapping[str, Decision]
"""What each reader decided about one document."""


def concords_of(
    decisions: Decisions, scheme: CategoryScheme, corpora: Sequence[str] = (), *, level: float = 0.95
) -> Concords:
    """How far annotators agree with each other in first looks, and each with their own second look.

    Skips, and labels of categories that were split up, say nothing. Without `corpora` all are taken.
    """
    again = [each for each in decisions.read_again() if not corpora or each.corpus in corpora]
    again.sort(key=lambda each: (each.corpus, each.draw, each.document_id, each.event_id))
    given = _by_document((each.annotator, each) for each in again if each.look == 1)
    annotators = tuple(sorted({reader for decided in given if len(decided) > 1 for reader in decided}))
    whole = [_concord(_and(annotators), annotators, given, scheme, level)]
    pairs = (
        [_concord(_and(two), two, given, scheme, level) for two in combinations(annotators, 2)]
        if len(annotators) > 2
        else []
    )
    for annotator in sorted({each.annotator for each in again}):
        looks = _by_document((f"look {each.look}", each) for each in again if each.annotator == annotator)
        whole.append(_concord(f"{annotator}, looks 1 and 2", ("look 1", "look 2"), looks, scheme, level))
    return Concords(*(tuple(each for each in found if each.documents) for found in (whole, pairs)))


def _by_document(decisions: Iterable[tuple[str, Decision]]) -> list[Given]:
    found: defaultdict[tuple[str, str], dict[str, Decision]] = defaultdict(dict)
    for reader, decision in decisions:
        found[decision.corpus, decision.document_id][reader] = decision
    return list(found.values())


def _concord(
    name: str, readers: Sequence[str], given: Iterable[Given], scheme: CategoryScheme, level: float
) -> Concord:
    documents, skipped = [], 0
    for decided in given:
        readings = tuple(
            Reading(reader, today, decided[reader].event_id, decided[reader].scheme)
            for reader in readers
            if reader in decided and (today := scheme.today(decided[reader].category or ""))
        )
        skipped += bool(readings) and any(
            reader in decided and decided[reader].category is None for reader in readers
        )
        if len(readings) > 1:
            one = next(iter(decided.values()))
            documents.append(ReadAgain(one.document_id, one.corpus, readings))
    place = {category: number for number, category in enumerate(scheme.names)}
    by_reader = [{reading.reader: reading.category for reading in each.readings} for each in documents]
    codes = [[place[said[reader]] if reader in said else None for said in by_reader] for reader in readers]
    return Concord(
        name,
        tuple(readers),
        agreement(codes, scheme.names, level=level),
        tuple(documents),
        tuple(_categories(documents, scheme, level)),
        _confused(documents, scheme),
        _shift(by_reader, readers, scheme, level),
        skipped,
    )


def _categories(
    documents: Sequence[ReadAgain], scheme: CategoryScheme, level: float
) -> Iterable[CategoryAgreement]:
    for category in scheme.names:
        by_any = sum(category in each.categories for each in documents)
        by_all = sum(each.categories == {category} for each in documents)
        if by_any:
            yield CategoryAgreement(category, by_any, by_all, wilson(by_all, by_any, level))


def _confused(documents: Sequence[ReadAgain], scheme: CategoryScheme) -> tuple[ConfusedPair, ...]:
    found = (
        ConfusedPair(one, other, tuple(each for each in documents if {one, other} <= each.categories))
        for one, other in combinations(scheme.names, 2)
    )
    return tuple(sorted((pair for pair in found if pair.documents), key=lambda pair: -len(pair.documents)))


def _shift(
    by_reader: Sequence[Mapping[str, str]], readers: Sequence[str], scheme: CategoryScheme, level: float
) -> Shift | None:
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
            shift = Shift(category, first, second, counts, len(both), sampling)
            if shift.difference > (greatest.difference if greatest else 0):
                greatest = shift
    return greatest


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
