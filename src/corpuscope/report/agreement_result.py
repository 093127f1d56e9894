"""Agreement of annotators in every output form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from corpuscope.analysis.agreement import AgreementGroup, AgreementReport
from corpuscope.report.agreement_tables import (
    categories_table,
    confused_table,
    documents_table,
    effect_on_shares,
    report_measures,
)
from corpuscope.report.tables import Table
from corpuscope.stats.agreement import Coefficient


@dataclass(frozen=True, slots=True)
class AgreementResult:
    """An agreement report in every output form."""

    report: AgreementReport
    """The report."""
    documents: bool = False
    """Whether the documents are listed on which annotators disagree; in CSV only them."""

    def tables(self, width: int | None = None) -> Sequence[Table]:  # noqa: ARG002 - columns that do not fit go below
        """Return the tables of measures, categories and confusions; none without a document read twice."""
        if not self.report.whole:
            return ()
        tables = [report_measures(self.report)]
        for group in self.report.whole:
            tables.append(categories_table(group))
            if group.confused_pairs:
                tables.append(confused_table(group))
            if self.documents and group.disputed:
                tables.append(documents_table(group))
        return tables

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield one row per measure, or one per label of a disputed document."""
        return _disputed_rows(self.report) if self.documents else _measure_rows(self.report)

    def as_json(self) -> dict[str, object]:
        """Return all measures unrounded, and every document that was read more than once."""
        return {
            "whole": [_group_json(group) for group in self.report.whole],
            "pairs": [_group_json(group) for group in self.report.pairs],
        }


def _group_json(group: AgreementGroup) -> dict[str, object]:
    return {
        "readers": group.name,
        "corpora": group.corpora,
        "skipped": group.skipped,
        "redefined": group.redefined,
        "undefined": group.undefined,
        "meaning": effect_on_shares(group),
        "share": group.measures.share,
        **asdict(group.measures),
        **_coefficient_json("ac1", group.measures.ac1),
        **_coefficient_json("alpha", group.measures.alpha),
        "reader_effects": [asdict(effect) for effect in group.reader_effects],
        "categories": [asdict(category) for category in group.categories],
        "confused": [
            {
                "one": pair.one,
                "other": pair.other,
                "documents": len(pair.documents),
                "one_given_by": {reader: pair.given_by(reader) for reader in group.readers},
            }
            for pair in group.confused_pairs
        ],
        "documents": [asdict(document) for document in group.documents],
    }


def _coefficient_json(name: str, coefficient: Coefficient | None) -> dict[str, object]:
    interval = asdict(coefficient.interval) if coefficient and coefficient.interval else None
    return {name: coefficient.value if coefficient else None, f"{name}_interval": interval}


def _measure_rows(report: AgreementReport) -> Iterator[tuple[object, ...]]:
    """Yield one CSV row per measure: annotators, name of the measure, categories, value, interval, documents."""
    yield ("readers", "measure", "category", "other", "value", "low", "high", "documents")
    for group in (*report.whole, *report.pairs):
        measures, name = group.measures, group.name
        percent, kappa = measures.percent, measures.kappa
        yield (name, "agree", "", "", measures.share, percent.low, percent.high, measures.n)
        if kappa:
            ends = (kappa.interval.low, kappa.interval.high) if kappa.interval else ("", "")
            yield (name, "kappa", "", "", kappa.value, *ends, measures.n)
        if weighted := measures.weighted_kappa:
            ends = (weighted.interval.low, weighted.interval.high) if weighted.interval else ("", "")
            yield (name, "weighted kappa", "", "", weighted.value, *ends, measures.n)
        for measure, coefficient in (("AC1", measures.ac1), ("alpha", measures.alpha)):
            if coefficient is not None:
                interval = coefficient.interval
                ends = (interval.low, interval.high) if interval else ("", "")
                yield (name, measure, "", "", coefficient.value, *ends, measures.n)
        for effect in group.reader_effects:
            names = (name, "reader effect", effect.category, f"{effect.second} minus {effect.first}")
            yield (*names, effect.difference, effect.interval.low, effect.interval.high, effect.n)
        for category in group.categories:
            ends = (category.interval.low, category.interval.high)
            share = category.by_all / category.by_any
            yield (name, "agree", category.category, "", share, *ends, category.by_any)
        for pair in group.confused_pairs:
            count = len(pair.documents)
            yield (name, "confused", pair.one, pair.other, count, "", "", measures.n)


def _disputed_rows(report: AgreementReport) -> Iterator[tuple[str, ...]]:
    """Yield one CSV row per label of each document on which annotators disagree."""
    yield ("readers", "corpus", "document_id", "reader", "category", "event_id")
    for group in report.whole:
        for document in group.disputed:
            for label in document.readings:
                columns = (group.name, document.corpus, document.document_id)
                yield (*columns, label.reader, label.category, label.event_id)
