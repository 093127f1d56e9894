"""Tests of samples, in which a document labelled by several annotators counts once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpuscope.analysis.samples import document_ids, samples_of
from corpuscope.domain.corpus import Corpus, CorpusKind
from corpuscope.domain.label import EventKind
from corpuscope.ledger.read.decisions import Decisions
from corpuscope.sampling.plan import ALL, Plan
from corpuscope.stats.sample import Sample
from corpuscope.stats.summarise import summarise
from ledger_fakes import Scribe, read
from makers import SetClock, a_document, a_scheme

SCHEME = a_scheme("News", "Forum", "Creative")
READERS = ("ann", "ben", "cem")


def a_ledger(folder: Path, *rows: str) -> Decisions:
    """Write one document per row, labelled by ann, ben and cem in turn: N, F, C, s for a skip, - for no label."""
    names = {"N": "News", "F": "Forum", "C": "Creative"}
    clock = SetClock()
    scribes = {name: Scribe(folder, name, name, clock=clock) for name in READERS}
    for draw, row in enumerate(rows):
        for name, letter in zip(READERS, row, strict=True):
            clock.wait(1)
            if letter == "s":
                scribes[name].skip(draw)
            elif letter != "-":
                scribes[name].label(draw, names[letter])
    for scribe in scribes.values():
        scribe.writer.close()
    return read(folder)


def adjudicated(folder: Path, **finals: str) -> Decisions:
    """Read the ledger after dee adjudicated the documents d0, d1 and so on."""
    with Scribe(folder, "dee", "dee") as dee:
        for name, category in finals.items():
            document = a_document(int(name.removeprefix("d")))
            dee.write(EventKind.ADJUDICATE, document, category=category)
    return read(folder)


def the_sample(decisions: Decisions, annotator: str | None = None) -> Sample:
    (sample,) = samples_of(decisions, SCHEME, None, annotator=annotator)
    return sample


def test_the_majority_label_counts_and_of_tied_ones_the_first(tmp_path: Path) -> None:
    sample = the_sample(a_ledger(tmp_path, "NFF", "FN-", "CNF", "-C-"))
    assert [SCHEME.names[code] for code in sample.codes] == ["Forum", "Forum", "Creative", "Creative"]
    assert sample.provenance.shared == 3
    assert sample.provenance.annotators == READERS


def test_an_adjudicated_category_takes_precedence_over_the_labels(tmp_path: Path) -> None:
    a_ledger(tmp_path, "NNN", "F--")
    decisions = adjudicated(tmp_path, d0="Creative", d1="News", d7="News")
    sample = the_sample(decisions)
    assert sample.counts == (1, 0, 1)
    assert sample.provenance.settled == 2
    assert sample.provenance.annotators == READERS
    assert the_sample(decisions, annotator="ann").counts == (1, 1, 0)


@pytest.mark.parametrize("rows", [("NNN", "F--", "CFF"), ("N--", "F--", "C--")])
def test_the_ids_of_documents_are_in_the_order_of_their_codes(tmp_path: Path, rows: tuple[str, ...]) -> None:
    a_ledger(tmp_path, *rows)
    decisions = adjudicated(tmp_path, d0="Creative", d1="News", d2="Forum")
    categories = [SCHEME.names[code] for code in the_sample(decisions).codes]
    expected = {a_document(i).id: name for i, name in enumerate(("Creative", "News", "Forum"))}
    assert dict(zip(document_ids(decisions, SCHEME, "web"), categories, strict=True)) == expected


def test_the_labels_of_one_annotator_are_counted_alone(tmp_path: Path) -> None:
    decisions = a_ledger(tmp_path, "NFF", "sN-", "C--")
    sample = the_sample(decisions, annotator="ann")
    assert (sample.counts, sample.skips, sample.provenance.shared) == ((1, 0, 1), 1, 0)
    assert sample.provenance.annotators == ("ann",)


def test_a_skip_is_no_vote_and_counts_as_a_skip_only_where_nobody_labelled(tmp_path: Path) -> None:
    sample = the_sample(a_ledger(tmp_path, "sN-", "ss-", "--C"))
    assert sample.counts == (1, 0, 1)
    assert sample.skips == 1


def test_second_looks_are_not_counted(tmp_path: Path) -> None:
    with Scribe(tmp_path, "s1", "ann") as ann:
        ann.label(0, "News")
        ann.label(0, "Forum", look=2)
    decisions = read(tmp_path)
    assert the_sample(decisions).counts == (1, 0, 0)
    assert decisions.documents("web", SCHEME) == 1


def test_a_document_labelled_by_several_annotators_is_counted_once(tmp_path: Path) -> None:
    decisions = a_ledger(tmp_path, "NFF", "FN-", "s-C", "ss-")
    assert decisions.documents("web", SCHEME) == 3
    assert decisions.documents("elsewhere", SCHEME) == 0


def test_the_caption_states_the_number_of_shared_documents_and_the_rule_for_them(tmp_path: Path) -> None:
    decisions = a_ledger(tmp_path, "NFF", "FN-", "C--")
    (corpus,) = summarise([the_sample(decisions)]).corpora
    assert corpus.distribution.n == 3
    assert "2 documents read by several count once (by majority, else first label)" in corpus.caption
    (corpus,) = summarise([the_sample(adjudicated(tmp_path, d0="News"))]).corpora
    assert (
        "2 documents read by several count once (1 by final decision, else majority, else first label)"
        in corpus.caption
    )
    (corpus,) = summarise([the_sample(decisions, annotator="ann")]).corpora
    assert not any("once" in part for part in corpus.caption)


@pytest.mark.parametrize(
    ("counts", "tokens"), [((5, 0, 7), (5, 0, 7)), ((5, None, 7), None), ((0, 0, 0), None), ((None,), None)]
)
def test_a_sample_has_tokens_where_the_corpus_counts_those_of_every_document(
    tmp_path: Path, counts: tuple[int | None, ...], tokens: tuple[float, ...] | None
) -> None:
    with Scribe(tmp_path) as scribe:
        for draw, count in enumerate(counts):
            scribe.label(a_document(draw, tokens=count))
    assert the_sample(read(tmp_path)).tokens == tokens


def test_samples_are_in_the_order_of_the_plan_and_only_of_the_corpora_asked_for(tmp_path: Path) -> None:
    keys = ("web", "books", "code")
    plan = Plan(7)
    with Scribe(tmp_path) as scribe:
        for key in keys:
            scribe.label(a_document(corpus=key))
            plan = plan.with_corpus(Corpus(key, key, "local", f"{key}.jsonl"))
    decisions = read(tmp_path)
    for corpora, expected in ((None, keys), (("code", "web"), ("web", "code")), (("art",), ())):
        assert tuple(s.corpus for s in samples_of(decisions, SCHEME, plan, corpora)) == expected
    assert [s.corpus for s in samples_of(decisions, SCHEME, None)] == ["books", "code", "web"]


def test_a_sample_states_where_its_documents_come_from_and_how_many_labels_were_planned(
    tmp_path: Path,
) -> None:
    corpus = Corpus("web", "Web", "hub", "owner/web", "en", "validation")
    plan = Plan(7).with_corpus(corpus, target=500).with_revision("web", "0123456789abcdef", 300)
    decisions = a_ledger(tmp_path, "NF-", "F--")
    (sample,) = samples_of(decisions, SCHEME, plan)
    origin = sample.provenance
    assert (origin.dataset, origin.revision, origin.seed) == ("owner/web en validation", "0123456789ab", "7")
    assert (origin.planned, sample.documents) == (300, 300)
    (unpinned,) = samples_of(decisions, SCHEME, Plan(7).with_corpus(corpus, target=500))
    assert (unpinned.provenance.revision, unpinned.provenance.planned, unpinned.documents) == ("", 500, None)
    (other,) = samples_of(decisions, SCHEME, Plan(7).with_corpus(replace(corpus, key="other")))
    assert (other.provenance.dataset, other.provenance.planned) == ("web", None)


def test_documents_that_took_the_place_of_others_and_measured_seconds_are_counted(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(a_document(0), reading_ms=1500)
        scribe.label(replace(a_document(1), attempt=1))
        scribe.label(replace(a_document(2), attempt=2), reading_ms=4000)
    sample = the_sample(read(tmp_path))
    assert (sample.substitutes, sample.reading_seconds) == (2, (1.5, 4.0))


@pytest.mark.parametrize(
    ("kind", "probability", "documents"),
    [("local", 0.001, 1000), ("hub", 0.001, None), ("local", 0.0011, None), ("local", 0.3, None)],
)
def test_a_plan_without_the_number_of_documents_has_it_from_equal_probabilities_of_local_files(
    tmp_path: Path, kind: CorpusKind, probability: float, documents: int | None
) -> None:
    plan = Plan(7).with_corpus(Corpus("web", "web", kind, "web"))
    with Scribe(tmp_path) as scribe:
        for draw in range(2):
            scribe.label(replace(a_document(draw), probability=probability))
    (sample,) = samples_of(read(tmp_path), SCHEME, plan)
    assert sample.documents == documents


def test_a_final_decision_about_a_document_of_one_reader_leaves_the_others_to_the_majority(
    tmp_path: Path,
) -> None:
    a_ledger(tmp_path, "NNF", "FN-", "N--", "F--")
    (corpus,) = summarise([the_sample(adjudicated(tmp_path, d2="News"))]).corpora
    assert (
        "2 documents read by several count once (by majority, else first label), "
        "1 document of one reader by final decision" in corpus.caption
    )
    assert (
        "1 document by one reader, 2 documents by the majority of their readers, 1 document by final decision"
        in corpus.warnings[0]
    )


def drawn_with(folder: Path, **probabilities: tuple[float, ...]) -> Sample:
    """Return the sample of documents that were labelled with a category and drawn with a probability."""
    flat = [(name, value) for name, values in probabilities.items() for value in values]
    with Scribe(folder) as scribe:
        for draw, (name, value) in enumerate(flat):
            scribe.label(replace(a_document(draw), probability=value), name)
    return the_sample(read(folder))


def test_a_document_that_was_less_likely_to_be_drawn_counts_for_more(tmp_path: Path) -> None:
    sample = drawn_with(tmp_path, News=(0.001, 0.001), Forum=(0.004, 0.004))
    assert sample.weights == pytest.approx((1000, 1000, 250, 250))
    (corpus,) = summarise([sample]).corpora
    assert [share.share for share in corpus.distribution.shares] == pytest.approx([0.8, 0.2, 0])


@pytest.mark.parametrize("other", [0.001, 0.00109, 0.00092])
def test_documents_count_alike_where_probabilities_hardly_differ(tmp_path: Path, other: float) -> None:
    assert drawn_with(tmp_path, News=(0.001, other)).weights is None


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.text("NFC-", min_size=3, max_size=3), min_size=1, max_size=6))
def test_every_labelled_document_counts_once_with_its_majority_label(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("ledger")
    decisions = a_ledger(folder, *rows)
    labelled = [row for row in rows if set(row) != {"-"}]
    samples = samples_of(decisions, SCHEME, None)
    if not labelled:
        assert not samples
        return
    (sample,) = samples
    initials = [SCHEME.names[code][0] for code in sample.codes]
    assert sample.n == len(labelled)
    # a ledger does not keep labels in the order of draws, so the mixes are compared
    majorities = [max(row.replace("-", ""), key=row.count) for row in labelled]
    assert sorted(initials) == sorted(majorities)


@pytest.mark.parametrize(("documents", "random"), [(3, True), (5, False)])
def test_documents_in_order_are_a_census_when_all_are_labelled_and_no_sample_before(
    tmp_path: Path, documents: int, random: bool
) -> None:
    corpus = Corpus("web", "web", "local", "errors.jsonl", in_order=True, census=True)
    plan = Plan(7).with_corpus(corpus, target=ALL).with_revision("web", "file-c0ffee", documents)
    (sample,) = samples_of(a_ledger(tmp_path, "N--", "F--", "N--"), SCHEME, plan)
    assert sample.provenance.random is random
    assert sample.documents == documents
    (summary,) = summarise([sample]).corpora
    assert summary.distribution.is_census is random
    warning = "web: no random sample. Intervals and verdicts would hold if it were a random sample."
    assert (warning in summary.warnings) is not random
