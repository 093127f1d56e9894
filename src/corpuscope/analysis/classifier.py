"""The classifier of a study: trained on the labels of all its corpora, judged on documents that it did not see."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from corpuscope.analysis.samples import document_ids, samples_of
from corpuscope.domain.answer import ModelAnswers
from corpuscope.domain.category import CategoryScheme
from corpuscope.domain.document import DocumentKey
from corpuscope.errors import UsageError
from corpuscope.learning.features import features_of
from corpuscope.learning.model_file import Model
from corpuscope.learning.ridge import Features, Ridge, fit_ridge
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.sampling.plan import Plan
from corpuscope.sampling.pool import Pool
from corpuscope.stats.intervals import Interval, wilson
from corpuscope.version import __version__

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEAST_LABELS = 50
"""Labels of a corpus from which its shares are assisted; with fewer the gain was 1.1 to 1.3 and hardly worth it."""

ODD_MARGIN = 0.25
"""Score by which the model has to prefer another category for a label to be odd."""

TextReader = Callable[[Sequence[str]], Sequence[str | None]]
"""Returns the text of each event; None for one that damage took."""


@dataclass(frozen=True, slots=True)
class OddLabel:
    """A label that the model, trained without it, finds odd: a place to look again, no verdict."""

    document_id: str
    """Id of the document."""
    corpus: str
    """Key of the corpus."""
    given: str
    """Category of the label."""
    expected: str
    """Category with the highest score."""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How well the model predicts labels that it did not see."""

    confusion: tuple[tuple[int, ...], ...]
    """Documents by category given (rows) and by category predicted (columns), in scheme order."""
    correct: int
    """Documents of which the category given has the highest score."""
    n: int
    """Documents labelled."""
    interval: Interval
    """Wilson's interval of correct / n."""

    def most_confused(self, categories: Sequence[str], most: int = 3) -> tuple[tuple[str, str, int], ...]:
        """Return the pairs of categories that the model takes for each other most often, with how often."""
        pairs = [
            (categories[i], categories[j], self.confusion[i][j] + self.confusion[j][i])
            for i in range(len(categories))
            for j in range(i)
        ]
        return tuple(sorted((pair for pair in pairs if pair[2]), key=lambda pair: -pair[2])[:most])


@dataclass(frozen=True, slots=True)
class AnswerFeatures:
    """The answers of a language model as features of documents, one column per category."""

    answers: ModelAnswers
    """The answers."""
    scheme: CategoryScheme
    """The scheme in force."""

    def rows(self, documents: Sequence[DocumentKey]) -> Floats:
        """Return a row per document: the probabilities that the server gave, else 1 for the category that it named.

        A document without an answer, or with one that names no category, has a row of zeros.
        """
        column = {name: i for i, name in enumerate(self.scheme.names)}
        rows = np.zeros((len(documents), len(column)))
        for row, document in zip(rows, documents, strict=True):
            answer = self.answers.by_document.get(document)
            if answer is None or answer.category is None:
                continue
            for name, probability in (answer.probabilities or {answer.category: 1.0}).items():
                if (today := self.scheme.today(name)) is not None:
                    row[column[today]] += probability
        return rows


@dataclass(frozen=True, slots=True)
class Classifier:
    """The one classifier of a study, trained on the labels of all its corpora."""

    categories: tuple[str, ...]
    """Names of the categories in scheme order."""
    ridge: Ridge
    """The trained model."""
    codes: NDArray[np.int_]
    """Label of each document that it was trained on."""
    rows: Mapping[str, range]
    """Rows of the documents of each corpus, in the order of its sample."""
    documents: tuple[DocumentKey, ...]
    """Document in each row."""
    lost_texts: int
    """Labelled documents whose text damage took; the model reads them as empty."""
    features: Features
    """Features of the document in each row."""
    answers: AnswerFeatures | None = None
    """Answers of a language model, which it reads beside the texts; None when it reads texts alone."""

    def with_answers(self, answers: ModelAnswers, scheme: CategoryScheme) -> Classifier:
        """Return a classifier that is trained on the same labels, but reads these answers too."""
        given = AnswerFeatures(answers, scheme)
        codes, rows = self.codes.tolist(), given.rows(self.documents)
        ridge = fit_ridge(self.features, codes, len(self.categories), answers=rows)
        return replace(self, ridge=ridge, answers=given)

    def held_out(self, corpus: str) -> Floats:
        """Return the predictions for the labelled documents of a corpus by models that did not see them."""
        rows = self.rows[corpus]
        return self.ridge.held_out[rows.start : rows.stop]

    def score(self, corpus: str, pool: Pool, most: int | None = None) -> Floats:
        """Read the pool of a corpus and return its scores, one row per document and one column per category.

        Documents after the first `most` are not read and have scores of 0.
        """
        scores = np.zeros((len(pool), len(self.categories)))
        end = len(pool) if most is None else most
        documents = ((corpus, document_id) for document_id in pool.facts["document_id"].to_pylist())
        start = 0
        for texts in pool.texts():
            if start >= end:
                break
            answers = self.answers.rows(list(islice(documents, len(texts)))) if self.answers else None
            scores[start : start + len(texts)] = self.ridge.predict(features_of(texts), answers)
            start += len(texts)
        return scores

    def accuracy(self, level: float = 0.95) -> Accuracy:
        """Compare the predictions for unseen documents with their labels."""
        size = len(self.categories)
        predicted = self.ridge.held_out.argmax(axis=1)
        counts = np.bincount(self.codes * size + predicted, minlength=size * size).reshape(size, size)
        correct, n = int(np.trace(counts)), len(self.codes)
        confusion = tuple(tuple(row) for row in counts.tolist())
        return Accuracy(confusion, correct, n, wilson(correct, n, level))

    def odd_labels(self) -> tuple[OddLabel, ...]:
        """Return the labels that the model finds odd, the oddest first."""
        scores = self.ridge.held_out
        expected = scores.argmax(axis=1)
        margins = scores.max(axis=1) - scores[np.arange(len(scores)), self.codes]
        odd = [row for row in np.argsort(-margins, kind="stable").tolist() if margins[row] >= ODD_MARGIN]
        return tuple(
            OddLabel(
                document_id=self.documents[row][1],
                corpus=self.documents[row][0],
                given=self.categories[self.codes[row]],
                expected=self.categories[expected[row]],
            )
            for row in odd
        )

    def model(self, scheme: CategoryScheme, plan: Plan | None) -> Model:
        """Return the linear model to write into a file, with the facts to judge it by."""
        accuracy = self.accuracy()
        facts = {
            "scheme": scheme.hash,
            "ridge": f"{self.ridge.kernel.strength:g}",
            "leave_one_out_accuracy": f"{accuracy.correct / accuracy.n:.4f}",
            "seed": str(plan.seed) if plan else "",
            "corpuscope": __version__,
        }
        return Model(
            self.categories,
            self.ridge.weights.astype(np.float32),
            self.ridge.intercept,
            self.documents,
            self.ridge.held_out_alone,
            facts,
        )


def train(
    decisions: Decisions, scheme: CategoryScheme, plan: Plan | None, read_texts: TextReader
) -> Classifier:
    """Train one classifier on the labels that count, of all corpora; nothing is random.

    Raises UsageError when there are no labels.
    """
    events = {decision.document_key: decision.event_id for decision in decisions.by_draw()}
    rows: dict[str, range] = {}
    codes: list[int] = []
    documents: list[DocumentKey] = []
    for sample in samples_of(decisions, scheme, plan):
        rows[sample.corpus] = range(len(codes), len(codes) + sample.n)
        codes += sample.codes
        documents += (
            (sample.corpus, document) for document in document_ids(decisions, scheme, sample.corpus)
        )
    if not codes:
        raise UsageError("there are no labels to train a classifier on", "label some: corpuscope label c4")
    texts = read_texts([events[document] for document in documents])
    features = features_of(text or "" for text in texts)
    ridge = fit_ridge(features, codes, len(scheme.names))
    lost = sum(text is None for text in texts)
    return Classifier(scheme.names, ridge, np.array(codes), rows, tuple(documents), lost, features)


def odd_documents(
    decisions: Decisions, scheme: CategoryScheme, plan: Plan | None, read_texts: TextReader
) -> frozenset[DocumentKey]:
    """Return the documents whose labels the classifier finds odd. Blocks for a second or more.

    Raises UsageError for fewer than `LEAST_LABELS` labels.
    """
    n = sum(sample.n for sample in samples_of(decisions, scheme, plan))
    if n < LEAST_LABELS:
        raise UsageError(
            f"too few labels for a classifier to find odd ones: it needs {LEAST_LABELS}, and has {n:,}"
        )
    odd = train(decisions, scheme, plan, read_texts).odd_labels()
    return frozenset((label.corpus, label.document_id) for label in odd)
