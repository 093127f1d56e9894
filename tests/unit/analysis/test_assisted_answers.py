"""Tests of assisted shares whose classifier also reads the answers of a language model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from corpuscope.analysis.assisted import AssistedCorpus, AssistedStudy, estimate
from corpuscope.analysis.classifier import AnswerFeatures
from corpuscope.analysis.samples import samples_of
from corpuscope.analysis.study_reading import read_study
from corpuscope.domain.answer import Answer, ModelAnswers
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.report.assisted_tables import assisted_title
from corpuscope.sampling.pool import find_pool, pool_path
from corpuscope.session.study_pools import draw_study_pool
from study_fakes import TOPICS, LabelledStudy, a_labelled_study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> LabelledStudy:
    """Sixty labels of texts whose words say little, with a pool of 250."""
    study = a_labelled_study(tmp_path_factory.mktemp("study"), clarity=0.03, documents=330)
    decisions = LedgerReader(study.labels).read()
    draw_study_pool(decisions, study.plan, "web", labels=study.labels, cache=study.cache, size=250)
    return study


@pytest.fixture(scope="module")
def of_texts(study: LabelledStudy) -> AssistedCorpus:
    """The estimate without answers."""
    (corpus,) = estimated(study, None).corpora
    return corpus


def answers(
    study: LabelledStudy, accuracy: float, asked: Callable[[int], bool] = lambda _: True
) -> ModelAnswers:
    """Answer about every document whose draw is `asked`, right with probability `accuracy`, else at random."""
    reader = LedgerReader(study.labels)
    decisions = list(reader.read().by_draw())
    documents = [reader.document(decision.event_id) for decision in decisions]
    pool = find_pool(pool_path(study.labels, "web"))
    assert pool is not None
    rows = [(document.draw, document.id, document.text) for document in documents]
    pool_facts = zip(pool.facts["draw"].to_pylist(), pool.facts["document_id"].to_pylist(), strict=True)
    texts = [text for batch in pool.texts() for text in batch]
    rows += [(draw, document, text) for (draw, document), text in zip(pool_facts, texts, strict=True)]
    random = Random(1)
    given = {}
    for draw, document, text in rows:
        right = random.random() < accuracy
        category = study.truth[text] if right else random.choice(TOPICS)
        if asked(draw):
            given["web", document] = Answer("", "", "web", document, "", "bot", "", "p", "{}", "s", category)
    return ModelAnswers("bot", given)


def estimated(study: LabelledStudy, given: ModelAnswers | None) -> AssistedStudy:
    reader = LedgerReader(study.labels)
    decisions = reader.read()
    samples = samples_of(decisions, study.scheme, study.plan)
    reading = read_study(
        decisions,
        study.scheme,
        study.plan,
        samples,
        lambda event_ids: [document.text for document in reader.documents(event_ids)],
        study.labels,
        given,
    )
    return estimate(decisions, samples, reading)


def test_good_answers_are_worth_labels_and_both_gains_are_said(
    study: LabelledStudy, of_texts: AssistedCorpus
) -> None:
    (corpus,) = estimated(study, answers(study, 0.9)).corpora
    assert corpus.gain_of_texts == of_texts.gain < 1.3
    assert corpus.gain > 1.8
    assert assisted_title(corpus) == (
        f"web: 60 labels + 250 read by a classifier with the answers of bot: worth {corpus.worth} labels, "
        f"{of_texts.worth} without the answers"
    )


def test_answers_without_a_category_change_nothing(study: LabelledStudy, of_texts: AssistedCorpus) -> None:
    silent = answers(study, 0.9)
    silent = replace(
        silent,
        by_document={key: replace(answer, category=None) for key, answer in silent.by_document.items()},
    )
    (corpus,) = estimated(study, silent).corpora
    assert corpus.assisted == of_texts.assisted


def test_answers_at_random_do_not_hurt(study: LabelledStudy) -> None:
    (corpus,) = estimated(study, answers(study, 0.0)).corpora
    assert corpus.gain >= 1
    assert all(gain >= 1 for gain in corpus.gains)


def test_every_labelled_document_has_to_be_asked_about(study: LabelledStudy) -> None:
    result = estimated(study, answers(study, 0.9, lambda draw: draw >= 7))
    assert result.corpora == ()
    assert result.to_draw == ()  # its pool is large enough
    (reason,) = result.refused
    assert reason.startswith(
        "bot was not asked about 7 of 60 labelled documents of web: corpuscope annotate web "
    )


def test_of_the_pool_counts_what_lies_before_the_first_document_not_asked_about(study: LabelledStudy) -> None:
    (corpus,) = estimated(study, answers(study, 0.9, lambda draw: draw != 200)).corpora
    assert corpus.pool == 140
    result = estimated(study, answers(study, 0.9, lambda draw: draw != 100))
    assert (
        "bot was asked about 40 documents of the pool of web; 60 labels need twice as many, 120"
        in result.refused[0]
    )


def test_probabilities_are_the_features_where_the_server_gives_them(study: LabelledStudy) -> None:
    one = Answer("", "", "web", "d1", "", "bot", "", "p", "{}", "s", "Forum")
    two = replace(one, document_id="d2", probabilities={"Forum": 0.6, "Educational": 0.3})
    features = AnswerFeatures(ModelAnswers("bot", {("web", "d1"): one, ("web", "d2"): two}), study.scheme)
    rows = features.rows([("web", "d2"), ("web", "d1"), ("web", "d3")])
    assert rows.tolist() == [[0.3, 0, 0.6], [0, 0, 1], [0, 0, 0]]
