"""Tests of people's labels against a model's answers, and against published scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from corpuscope.analysis.second_reader import (
    HumanLabel,
    ScoreReading,
    SecondReading,
    column_reading,
    disagreements,
    human_labels,
    model_reading,
)
from corpuscope.domain.answer import Answer, ModelAnswers
from corpuscope.domain.document import Document, DocumentKey
from corpuscope.domain.label import EventKind
from corpuscope.errors import UsageError
from corpuscope.report.second_reader_tables import ScoreResult, SecondReadingResult
from corpuscope.stats.intervals import wilson
from ledger_fakes import Scribe, read
from makers import a_document, a_scheme

SCHEME = a_scheme("Educational", "Advertising", "Forum")


def an_answer(document: Document, category: str | None, number: int = 0) -> Answer:
    return Answer(
        *(f"{number:04d}", "", document.corpus, document.id, document.sha256, "bot", "", "p", "{}"),
        *(SCHEME.hash, category),
    )


def labelled(folder: Path, categories: str, **metadata: Sequence[object]) -> list[Document]:
    """Label one document per letter (E, A or F); `metadata` has a value of a column per document."""
    names = {name[0]: name for name in SCHEME.names}
    documents = []
    with Scribe(folder) as scribe:
        for draw, letter in enumerate(categories):
            columns = {name: values[draw] for name, values in metadata.items()}
            documents.append(a_document(draw, **columns))  # type: ignore[arg-type]  # values are scalars
            scribe.label(documents[-1], names[letter], blind=True, scheme=SCHEME.hash)
    return documents


def answers(documents: list[Document], categories: str) -> ModelAnswers:
    """Answer with one letter per document; - is no category, a blank no answer."""
    names: dict[str, str | None] = {name[0]: name for name in SCHEME.names} | {"-": None}
    given = [
        an_answer(document, names[letter], number)
        for number, (document, letter) in enumerate(zip(documents, categories, strict=True))
        if letter != " "
    ]
    return ModelAnswers.latest("bot", given)


def test_people_who_read_the_same_row_in_two_corpora_are_not_counted_together(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        scribe.label(a_document(0, "a question", corpus="a"), "Educational")
        scribe.label(a_document(0, "an answer", corpus="b"), "Forum")
        scribe.write(EventKind.ADJUDICATE, a_document(0, "a question", corpus="a"), category="Advertising")
    labels = human_labels(read(tmp_path), SCHEME)
    assert {corpus: label.category for (corpus, _), label in labels.items()} == {
        "a": "Advertising",
        "b": "Forum",
    }
    reading = model_reading(labels, answers([a_document(0, corpus="b")], "F"), SCHEME)
    assert (reading.group.documents[0].corpus, reading.unasked) == ("b", 1)


def test_the_answers_about_the_same_row_in_two_corpora_are_those_about_their_texts() -> None:
    question, answer = (
        a_document(0, text, corpus=corpus) for text, corpus in (("a question", "a"), ("an answer", "b"))
    )
    given = ModelAnswers.latest("bot", [an_answer(question, "Educational", 1), an_answer(answer, "Forum", 2)])
    own = given.about_texts({question.key: question.sha256, answer.key: answer.sha256})
    assert [own.category_of(document.key, SCHEME) for document in (question, answer)] == [
        "Educational",
        "Forum",
    ]


def test_an_answer_about_the_same_text_of_a_row_is_one_for_both_corpora_that_read_it() -> None:
    one, other = a_document(0, "a text", corpus="a"), a_document(0, "a text", corpus="b")
    given = ModelAnswers.latest("bot", [an_answer(one, "Forum")])
    assert given.category_of(other.key, SCHEME) is None
    assert given.about_texts({other.key: other.sha256}).category_of(other.key, SCHEME) == "Forum"


def test_answers_in_todays_categories_come_before_later_ones_in_others() -> None:
    document = a_document(0)
    today, later = an_answer(document, "Forum", 1), an_answer(document, "Educational", 2)
    older = replace(later, prompt="other", scheme="other")
    assert ModelAnswers.latest("bot", [today, older], SCHEME).by_document == {document.key: today}
    assert ModelAnswers.latest("bot", [older], SCHEME).by_document == {document.key: older}


def test_recall_and_precision_are_counted_over_the_documents_asked_about(tmp_path: Path) -> None:
    documents = labelled(tmp_path, "EEEEAAAFFF")
    reading = model_reading(human_labels(read(tmp_path), SCHEME), answers(documents, "EEA-AAEFF "), SCHEME)
    assert (reading.unanswered, reading.unasked) == (1, 1)
    assert (reading.group.measures.n, reading.group.measures.agreeing) == (8, 6)
    assert reading.group.name == "ann and bot"
    rows = [(row.category, row.labelled, row.named, row.both) for row in reading.categories]
    assert rows == [("Educational", 4, 3, 2), ("Advertising", 3, 3, 2), ("Forum", 2, 2, 2)]
    assert reading.categories[0].recall == wilson(2, 4)
    assert reading.categories[0].precision == wilson(2, 3)
    assert reading.group.measures.kappa is not None
    assert [(pair.one, pair.other) for pair in reading.group.confused_pairs] == [
        ("Educational", "Advertising")
    ]


def test_disagreements_name_what_the_model_says(tmp_path: Path) -> None:
    documents = labelled(tmp_path, "EAF")
    labels = human_labels(read(tmp_path), SCHEME)
    assert disagreements(labels, answers(documents, "EF-"), SCHEME) == {documents[1].key: "Forum"}


def test_the_first_answer_counts_not_one_given_after_the_document_was_disclosed(tmp_path: Path) -> None:
    document = a_document(0)
    with Scribe(tmp_path) as scribe:
        first = scribe.label(document, "Forum", blind=True)
        scribe.undo(first, document)
        scribe.label(document, "Educational")
    (label,) = human_labels(read(tmp_path), SCHEME).values()
    assert label.category == "Forum"


def test_of_several_people_the_majority_counts_and_a_final_category_before_all(tmp_path: Path) -> None:
    documents = [a_document(draw) for draw in range(3)]
    for person, categories in (("ann", "EEA"), ("ben", "AEF"), ("cat", "AAF")):
        names = {name[0]: name for name in SCHEME.names}
        with Scribe(tmp_path, person, person) as scribe:
            for document, letter in zip(documents, categories, strict=True):
                scribe.label(document, names[letter], blind=True)
    with Scribe(tmp_path, "later", "dan") as scribe:
        scribe.write(EventKind.ADJUDICATE, documents[2], category="Educational")
    labels = human_labels(read(tmp_path), SCHEME)
    assert [labels[document.key].category for document in documents] == [
        "Advertising",
        "Educational",
        "Educational",
    ]
    assert model_reading(labels, answers(documents, "AEE"), SCHEME).group.readers == ("people", "bot")


def scored(
    folder: Path, thresholds: tuple[float, ...] = (), **metadata: Sequence[object]
) -> ScoreReading | SecondReading:
    documents = labelled(folder, "EEEEEAAAAAFF", **metadata)
    labels: dict[DocumentKey, HumanLabel] = human_labels(read(folder), SCHEME)
    return column_reading(labels, documents, next(iter(metadata)), SCHEME, thresholds)


def test_a_score_says_what_a_threshold_keeps_of_each_category(tmp_path: Path) -> None:
    reading = scored(tmp_path, (3,), int_score=[3, 4, 2, 5, None, 1, 3, "2", 0, 0.0, 1, 2])
    assert isinstance(reading, ScoreReading)
    rows = [(row.category, row.labelled, row.kept) for row in reading.categories]
    assert rows == [("Educational", 4, (3,)), ("Advertising", 5, (1,)), ("Forum", 2, (0,)), ("all", 11, (4,))]
    assert reading.categories[1].intervals == (wilson(1, 5),)
    assert reading.without == 1
    (table,) = ScoreResult(reading).tables()
    assert table.findings == ("of 5 documents labelled Advertising, int_score >= 3 keeps 20 % (4-62)",)
    assert table.warnings == ("1 labelled document has no int_score and counts nowhere.",)


def test_without_thresholds_few_values_are_all_thresholds_and_many_give_quartiles(tmp_path: Path) -> None:
    for values, thresholds in (
        ([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3], (2, 3)),
        ([i / 10 for i in range(12)], (0.3, 0.6, 0.9)),
        ([min(i, 6) for i in range(12)], (1, 2, 3, 4, 5, 6)),
        ([min(i, 7) - 9 for i in range(12)], (-6, -3, -2)),
        ([5] * 12, (5,)),
    ):
        reading = scored(tmp_path / str(values[0]), score=values)
        assert isinstance(reading, ScoreReading)
        assert reading.thresholds == thresholds


def test_a_column_with_names_of_categories_reads_like_a_model(tmp_path: Path) -> None:
    reading = scored(tmp_path, kind=["Educational"] * 5 + ["Advertising"] * 4 + ["other"] + ["Forum"] * 2)
    assert isinstance(reading, SecondReading)
    assert (reading.group.measures.n, reading.group.measures.agreeing, reading.unanswered) == (11, 11, 1)


def test_a_column_that_is_missing_or_no_score_is_named_with_what_there_is(tmp_path: Path) -> None:
    documents = labelled(tmp_path, "EA", dump=["CC-1", "CC-2"], score=[1, 2])
    labels = human_labels(read(tmp_path), SCHEME)
    with pytest.raises(UsageError, match="no labelled document has a column 'scor'") as missing:
        column_reading(labels, documents, "scor", SCHEME)
    assert missing.value.hint == "they have dump, score"
    empty = labelled(tmp_path / "empty", "E", score=[None])
    with pytest.raises(UsageError, match="the column 'score' is empty in every labelled document"):
        column_reading(labels, empty, "score", SCHEME)
    with pytest.raises(UsageError, match="dump is neither a number nor the name of a category: 'CC-1'"):
        column_reading(labels, documents, "dump", SCHEME)
    infinite = labelled(tmp_path / "infinite", "EA", score=["1e999", 2])
    with pytest.raises(UsageError, match="score is neither a number nor the name of a category: '1e999'"):
        column_reading(human_labels(read(tmp_path / "infinite"), SCHEME), infinite, "score", SCHEME)


def test_the_tables_say_what_was_left_out(tmp_path: Path) -> None:
    documents = labelled(tmp_path, "EEEEAAAFFF")
    reading = model_reading(human_labels(read(tmp_path), SCHEME), answers(documents, "EEA-AAEFF "), SCHEME)
    measures, recall, confused = SecondReadingResult(reading).tables()
    assert measures.rows[0][:3] == ("ann and bot", "8", "75.0 %")
    assert recall.rows[0] == (
        "Educational",
        "4",
        "3",
        "2",
        "50 %",
        "15.0 to 85.0 %",
        "67 %",
        "20.8 to 93.9 %",
    )
    assert recall.warnings == (
        "bot named no category of the scheme for 1 of the documents; they count as missed, and in no other measure.",
        "1 labelled document has no answer yet and counts nowhere: corpuscope annotate",
    )
    assert confused.rows[0][:2] == ("Educational, Advertising", "2")
    rows = [row for row in SecondReadingResult(reading).csv_rows() if row[1] in ("recall", "precision")]
    assert rows[0][:5] == ("ann and bot", "recall", "Educational", "", 0.5)
