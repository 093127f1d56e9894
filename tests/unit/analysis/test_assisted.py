"""Tests of assisted shares of a whole study: labels, classifier and pool together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpuscope.analysis.assisted import AssistedCorpus, AssistedStudy, assisted_corpus, estimate
from corpuscope.analysis.classifier import Classifier, TextReader, train
from corpuscope.analysis.samples import document_ids, samples_of
from corpuscope.analysis.study_reading import StudyReader, pool_refusal, read_study, refusal
from corpuscope.domain.corpus import TextColumn
from corpuscope.errors import CorpusError, UsageError
from corpuscope.learning.features import features_of
from corpuscope.learning.model_file import from_bytes, to_bytes
from corpuscope.ledger.read.reader import LedgerReader
from corpuscope.sampling import pool as sampling_pool
from corpuscope.sampling.plan import Plan
from corpuscope.session.study_pools import draw_study_pool
from corpuscope.stats.assisted import LEAST_GAIN, MOST_GAIN, PoolMeans, assisted_shares
from corpuscope.stats.distribution import Weighting
from corpuscope.stats.sample import Sample
from corpuscope.stats.summarise import summarise
from corpuscope.stats.weighted import kish, normal_over_t
from ledger_fakes import Scribe
from study_fakes import TOPICS, LabelledStudy, a_labelled_study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> LabelledStudy:
    """Sixty labels of a corpus of 400 documents, with a pool of 200."""
    study = a_labelled_study(tmp_path_factory.mktemp("study"))
    draw(study, 200)
    return study


def draw(study: LabelledStudy, size: int, corpus: str = "web") -> sampling_pool.Pool:
    return draw_study_pool(
        LedgerReader(study.labels).read(),
        study.plan,
        corpus,
        labels=study.labels,
        cache=study.cache,
        size=size,
    )


def trained(study: LabelledStudy, reader: LedgerReader) -> Classifier:
    return train(reader.read(), study.scheme, study.plan, texts_of(reader))


def estimated(study: LabelledStudy, weighting: Weighting = "documents") -> AssistedStudy:
    reader = LedgerReader(study.labels)
    decisions = reader.read()
    samples = samples_of(decisions, study.scheme, study.plan)
    reading = read_study(decisions, study.scheme, study.plan, samples, texts_of(reader), study.labels)
    return estimate(decisions, samples, reading, weighting=weighting)


def texts_of(reader: LedgerReader) -> TextReader:
    return lambda event_ids: [document.text for document in reader.documents(event_ids)]


def test_labels_are_never_worth_more_than_the_corpus_has_documents(study: LabelledStudy) -> None:
    (corpus,) = estimated(study).corpora
    population = corpus.labels.distribution.population
    assert population == 400
    for gain in (1.0, 2.0, 20.0, 1_000.0):
        assert 60 <= replace(corpus, gain=gain).worth <= population
    assert replace(corpus, gain=20.0).worth == round(1 / (1 / 1_200 + 1 / 400))


def test_a_category_is_worth_labels_from_the_least_gain_on(study: LabelledStudy) -> None:
    (corpus,) = estimated(study).corpora
    corpus = replace(corpus, gains=(LEAST_GAIN, LEAST_GAIN - 0.01, 2.0))
    worth = 1 / (1 / (60 * LEAST_GAIN) + 1 / 400)
    assert [corpus.worth_of(category) for category in range(3)] == [max(60, round(worth)), None, 92]


def test_a_classifier_that_knows_the_topics_narrows_the_intervals(study: LabelledStudy) -> None:
    result = estimated(study)
    (corpus,) = result.corpora
    assert result.refused == ()
    assert corpus.pool == 200
    assert corpus.gain > 1.3
    assert corpus.worth > 78
    assert corpus.assisted.half_width < corpus.labels.distribution.half_width
    assert sum(share.share for share in corpus.assisted.shares) == pytest.approx(1)
    assert corpus.assisted.n == corpus.labels.distribution.n == 60


def test_the_estimate_is_the_same_every_time(study: LabelledStudy) -> None:
    assert estimated(study).corpora == estimated(study).corpora


def test_the_pool_begins_after_the_planned_draws_and_holds_no_labelled_document(tmp_path: Path) -> None:
    study = a_labelled_study(tmp_path, labels=60, target=80)
    pool = draw(study, 150)
    assert pool.facts["draw"].to_pylist() == list(range(80, 230))
    label_draws(study, 80, 90)
    decisions = LedgerReader(study.labels).read()
    ids = set(document_ids(decisions, study.scheme, "web"))
    assert len(ids & set(pool.facts["document_id"].to_pylist())) == 10
    (corpus,) = estimated(study).corpora
    assert (corpus.labels.distribution.n, corpus.pool) == (70, 140)
    assert len(draw(study, 150)) == 160


def label_draws(study: LabelledStudy, first: int, end: int) -> None:
    from corpuscope.sampling.feed.open import draw_lookup
    from study_fakes import SEED

    document = draw_lookup(study.plan.corpora["web"].corpus, seed=SEED, cache_folder=study.cache)
    with Scribe(study.labels, "s2") as scribe:
        for number in range(first, end):
            drawn = document(number)
            assert drawn is not None
            scribe.label(drawn, study.truth[drawn.text])


def test_one_classifier_learns_from_all_corpora_and_each_keeps_its_own_rows(tmp_path: Path) -> None:
    study = a_labelled_study(tmp_path, labels=50, documents=160, corpora=("web", "news"))
    for corpus in ("web", "news"):
        draw(study, 100, corpus)
    result = estimated(study)
    assert [corpus.corpus for corpus in result.corpora] == ["web", "news"]
    assert result.classifier is not None
    assert {corpus: len(rows) for corpus, rows in result.classifier.rows.items()} == {"web": 50, "news": 50}
    assert result.classifier.accuracy().n == 100


def test_words_without_a_topic_gain_nothing_and_leave_wilsons_interval(tmp_path: Path) -> None:
    study = a_labelled_study(tmp_path, clarity=0.0)
    draw(study, 150)
    (corpus,) = estimated(study).corpora
    assert corpus.gain < 1.1
    widest, own = corpus.assisted.half_width, corpus.labels.distribution.half_width
    assert widest == pytest.approx(own, abs=0.01)


def test_shares_of_characters_weigh_labels_and_pool_alike(study: LabelledStudy) -> None:
    (corpus,) = estimated(study, "characters").corpora
    assert corpus.assisted.weighting == "characters"
    assert sum(share.share for share in corpus.assisted.shares) == pytest.approx(1)


def test_a_corpus_without_token_counts_is_refused_for_tokens(study: LabelledStudy) -> None:
    result = estimated(study, "tokens")
    assert result.corpora == ()
    assert "has no token counts" in result.refused[0]


def test_without_a_pool_the_command_that_draws_one_is_named(tmp_path: Path) -> None:
    study = a_labelled_study(tmp_path, documents=100)
    result = estimated(study)
    assert result.refused == ("web has no pool yet; draw one: corpuscope estimate web.",)
    assert result.to_draw == ("web",)


def changed_plan(study: LabelledStudy, **changes: object) -> Plan:
    """Return the plan of a study with fields of the plan or of its corpus changed."""
    planned = study.plan.corpora["web"]
    if "seed" in changes:
        return replace(study.plan, **changes)  # type: ignore[arg-type]
    if "text" in changes:
        planned = replace(planned, corpus=replace(planned.corpus, **changes))  # type: ignore[arg-type]
    else:
        planned = replace(planned, **changes)  # type: ignore[arg-type]
    return replace(study.plan, corpora={"web": planned})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"seed": 8}, "is of another plan (web:  None train text, seed 7, from draw 60; the plan says web:"),
        ({"text": (TextColumn("body", "text"),)}, "the plan says web:  None train body, seed 7"),
        ({"revision": "0123abcd"}, ", the plan of 0123abcd: remove "),
    ],
)
def test_a_pool_that_is_not_of_the_plan_is_refused_everywhere(
    study: LabelledStudy, changes: dict[str, object], words: str
) -> None:
    plan = changed_plan(study, **changes)
    reader = LedgerReader(study.labels)
    decisions = reader.read()
    samples = samples_of(decisions, study.scheme, study.plan)
    result = estimate(
        decisions,
        samples,
        read_study(decisions, study.scheme, plan, samples, texts_of(reader), study.labels),
    )
    assert (result.corpora, result.to_draw) == ((), ())
    assert words in result.refused[0]
    with pytest.raises(UsageError, match=r"remove .*draws\.parquet and draw it again"):
        draw_study_pool(decisions, plan, "web", labels=study.labels, cache=study.cache, size=200)


def test_the_screens_read_a_study_anew_when_its_plan_changed(study: LabelledStudy) -> None:
    plans = [study.plan, study.plan, replace(study.plan, seed=8)]
    ledger = LedgerReader(study.labels)
    reader = StudyReader(study.scheme, lambda: plans.pop(0), texts_of(ledger), study.labels)
    decisions = ledger.read()
    samples = samples_of(decisions, study.scheme, study.plan)
    first = reader.read(decisions, samples)
    assert reader.read(decisions, samples) is first
    assert "another plan" in reader.read(decisions, samples).not_of_plan["web"]


def test_few_heavy_documents_take_from_the_gain_and_equal_ones_do_not() -> None:
    sample = Sample.of_counts("web", ("a", "b"), (30, 30))
    held_out = np.repeat([[0.7, 0.3], [0.3, 0.7]], 30, axis=0) + np.linspace(-0.2, 0.2, 60)[:, None] * [1, -1]
    pool = PoolMeans(1_000, (0.5, 0.5), (0.0, 0.0))
    equal = replace(sample, weights=(2.0,) * 60)
    heavy = replace(sample, weights=(*(20.0,) * 3, *(1.0,) * 27) * 2)
    summaries = [summarise([one]).corpora[0] for one in (sample, equal, heavy)]
    plain, same, less = (
        assisted_corpus(one, summary, held_out, pool)
        for one, summary in zip((sample, equal, heavy), summaries, strict=True)
    )
    assert same.gain == pytest.approx(plain.gain)
    own = summaries[2].distribution
    result = assisted_shares(
        heavy.codes, held_out, pool, [share.n_effective for share in own.shares], weights=heavy.weights
    )
    assert less.gain == pytest.approx(result.gain * normal_over_t(kish(heavy.weights or ()) - 1, 0.95))


def a_sample(n: int = 60, *, pending: int = 0, documents: int | None = None) -> Sample:
    return replace(Sample.of_counts("web", TOPICS, (n, 0, 0)), pending=pending, documents=documents)


@pytest.mark.parametrize(
    ("sample", "words"),
    [
        (a_sample(49), "web has 49 labels; assisted shares need 50"),
        (a_sample(60, pending=3), "3 documents of web await a new reading"),
        (a_sample(60, documents=60), "every document of web was read"),
    ],
)
def test_what_cannot_be_assisted_is_refused_in_words(sample: Sample, words: str) -> None:
    assert words in refusal(sample)


def test_a_pool_of_less_than_twice_the_labels_is_refused_with_the_number_missing() -> None:
    words = pool_refusal(a_sample(60), 100, exhausted=False)
    assert words == (
        "the pool of web has 100 documents; 60 labels need twice as many, 120: draw 20 more: corpuscope estimate web"
    )
    assert "the corpus has no more" in pool_refusal(a_sample(60), 100, exhausted=True)
    assert pool_refusal(a_sample(60), 120, exhausted=False) == ""


def test_a_corpus_outside_the_plan_has_no_next_draws(study: LabelledStudy) -> None:
    with pytest.raises(CorpusError, match="not in the plan"):
        draw(study, 10, "other")


def test_without_labels_there_is_nothing_to_train_on(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no labels to train"):
        train(
            LedgerReader(tmp_path).read(),
            a_labelled_study(tmp_path / "x", labels=1).scheme,
            None,
            lambda _: (),
        )


def test_a_wrong_label_is_odd_and_named_with_what_was_expected(tmp_path: Path) -> None:
    study = a_labelled_study(tmp_path, clarity=0.5)
    reader = LedgerReader(study.labels)
    decision = next(decision for decision in reader.read().by_draw() if decision.category == "Educational")
    document = reader.document(decision.event_id)
    with Scribe(study.labels, "s2") as scribe:
        scribe.label(document, "Forum")
    classifier = trained(study, reader)
    oddest = classifier.odd_labels()[0]
    assert (oddest.document_id, oddest.given, oddest.expected) == (document.id, "Forum", "Educational")
    confused = classifier.accuracy().most_confused(classifier.categories)
    assert confused == (("Forum", "Educational", 1),)


def test_a_text_lost_to_damage_counts_as_a_label_and_is_said(study: LabelledStudy) -> None:
    reader = LedgerReader(study.labels)
    classifier = train(
        reader.read(),
        study.scheme,
        study.plan,
        lambda ids: [None if i == 0 else reader.document(event).text for i, event in enumerate(ids)],
    )
    assert classifier.lost_texts == 1
    assert classifier.accuracy().n == 60


def test_the_model_file_predicts_what_the_classifier_does(study: LabelledStudy) -> None:
    classifier = trained(study, LedgerReader(study.labels))
    model = from_bytes(to_bytes(classifier.model(study.scheme, study.plan)))
    rows = features_of(["educational1 educational2 word3", "forum7 forum1"])
    assert model.predict(rows) == pytest.approx(classifier.ridge.predict(rows), abs=1e-5)
    assert model.categories == TOPICS
    assert model.documents == classifier.documents
    assert {corpus for corpus, _ in model.documents} == {"web"}


def test_a_whole_corpus_can_take_the_place_of_the_pool() -> None:
    sample = Sample.of_counts("web", ("a", "b"), (30, 30))
    held_out = np.repeat([[0.8, 0.2], [0.2, 0.8]], 30, axis=0)
    whole = PoolMeans(10**8, (0.6, 0.4), (0.0, 0.0))
    corpus: AssistedCorpus = assisted_corpus(sample, summarise([sample]).corpora[0], held_out, whole)
    assert corpus.assisted.shares[0].share > 0.5
    assert corpus.gain == MOST_GAIN
