"""Assisted shares in every output form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from corpuscope.report.assisted_tables import assisted_differences, assisted_table, classifier_table
from corpuscope.report.tables import Table

if TYPE_CHECKING:  # loads scikit-learn
    from corpuscope.analysis.assisted import AssistedCorpus, AssistedStudy
    from corpuscope.analysis.classifier import Classifier


@dataclass(frozen=True, slots=True)
class AssistedResult:
    """Assisted shares of every corpus, and what the classifier is like."""

    study: AssistedStudy
    """The assisted shares."""

    def tables(self, width: int | None = None) -> Sequence[Table]:  # noqa: ARG002  columns follow below
        """Return a table per corpus and that of the classifier."""
        tables = [assisted_table(corpus) for corpus in self.study.corpora]
        if self.study.classifier is not None:
            tables.append(classifier_table(self.study.classifier, self.study.level))
        return tables

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield one row per corpus and category, with the cells of the tables."""
        for i, corpus in enumerate(self.study.corpora):
            table = assisted_table(corpus)
            if i == 0:
                *names, interval, worth = table.columns
                yield ["corpus", *names, f"assisted {interval}", worth, "pool", "warnings", "caption"]
            texts = (" ".join(table.warnings), "; ".join((*table.findings, *table.caption)))
            for row in table.rows:
                yield [corpus.corpus, *row, corpus.pool, *texts]

    def as_json(self) -> dict[str, object]:
        """Return the shares, gains and effective n of every corpus, and the classifier's accuracy."""
        study = self.study
        classifier = study.classifier
        return {
            "level": study.level,
            "weighting": study.weighting,
            "refused": list(study.refused),
            "corpora": [_corpus_json(corpus) for corpus in study.corpora],
            "classifier": None if classifier is None else _classifier_json(classifier, study.level),
        }


@dataclass(frozen=True, slots=True)
class AssistedDifferences:
    """Differences between the assisted shares of corpora, without verdicts."""

    study: AssistedStudy
    """The assisted shares of at least two corpora."""

    def tables(self, width: int | None = None) -> Sequence[Table]:  # noqa: ARG002  columns follow below
        """Return a table per pair of corpora."""
        return assisted_differences(self.study)

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield one row per pair and category."""
        for i, table in enumerate(self.tables()):
            if i == 0:
                yield ["pair", "category", "first", "second", *table.columns[3:], "caption"]
            for row in table.rows:
                yield [table.title, *row, "; ".join(table.caption)]

    def as_json(self) -> dict[str, object]:
        """Return the assisted shares, from which the differences follow."""
        return {"assisted": AssistedResult(self.study).as_json()}


def _corpus_json(corpus: AssistedCorpus) -> dict[str, object]:
    own, assisted = corpus.labels.distribution, corpus.assisted
    return {
        "corpus": corpus.corpus,
        "n": own.n,
        "pool": corpus.pool,
        "whole": corpus.is_whole,
        "head_order": None
        if corpus.order is None
        else asdict(corpus.order) | {"random": corpus.order.is_random},
        "gain": corpus.gain,
        "worth": corpus.worth,
        "answers_of": corpus.answers_of,
        "gain_of_texts": corpus.gain_of_texts,
        "method": f"cross-fitted difference estimator (GREG), {assisted.method}",
        "design": corpus.labels.design,
        "warnings": list(corpus.warnings),
        "provenance": asdict(corpus.labels.provenance),
        "shares": [
            {
                "category": share.category,
                "count": share.count,
                "labels": {"share": share.share, "low": share.interval.low, "high": share.interval.high},
                "assisted": {"share": other.share, "low": other.interval.low, "high": other.interval.high},
                "gain": gain,
                "n_effective": other.n_effective,
            }
            for share, other, gain in zip(own.shares, assisted.shares, corpus.gains, strict=True)
        ],
    }


def _classifier_json(classifier: Classifier, level: float) -> dict[str, object]:
    accuracy = classifier.accuracy(level)
    return {
        "ridge": classifier.ridge.kernel.strength,
        "labels": {corpus: len(rows) for corpus, rows in classifier.rows.items()},
        "correct": accuracy.correct,
        "n": accuracy.n,
        "low": accuracy.interval.low,
        "high": accuracy.interval.high,
        "categories": list(classifier.categories),
        "confusion": [list(counts) for counts in accuracy.confusion],
        "odd_labels": [asdict(label) for label in classifier.odd_labels()],
    }
