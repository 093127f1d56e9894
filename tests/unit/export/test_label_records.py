"""Tests of which labels an export holds, and of the columns it has for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from corpuscope.domain.label import EventKind
from corpuscope.errors import UsageError
from corpuscope.export.label_records import (
    METADATA,
    NO_FILTER,
    ExportOptions,
    LabelFilter,
    LabelRecord,
    LeftOutCounts,
    extra_names,
    extra_types,
    label_records,
    noting_lost_texts,
    noting_surrogates,
    one_a_document,
    sharing_texts,
)
from corpuscope.ledger.read.records import Decision
from export_fakes import a_record
from makers import a_scheme

SCHEME = a_scheme("News", "Forum")
DAY = datetime(2026, 1, 2, tzinfo=UTC)


def decision(category: str | None = "News", **changes: object) -> Decision:
    return replace(a_record(0, "News").decision, category=category, **changes)  # type: ignore[arg-type]


def record(
    category: str, annotator: str, event_id: str, look: int = 1, text: str | None = None
) -> LabelRecord:
    made = a_record(0, category, annotator)
    return replace(made, decision=replace(made.decision, look=look, event_id=event_id), text=text)


@pytest.mark.parametrize(
    ("wanted", "words", "kept"),
    [
        (LabelFilter(), "", [0, 1, 2, 3]),
        (LabelFilter(("News",)), "those of News", [0, 1, 3]),
        (LabelFilter(("News", "Forum")), "those of News and Forum", [0, 1, 2, 3]),
        (LabelFilter(annotators=("ann", "ben")), "those given by ann and ben", [0, 1, 2]),
        (LabelFilter(bookmarked=True), "bookmarked ones", [1]),
        (LabelFilter(look=1), "those of look 1", [0, 1, 3]),
        (LabelFilter(since=DAY), "those given since 2026-01-02", [1, 2, 3]),
        (LabelFilter(before=DAY), "those given until 2026-01-01", [0]),
        (
            LabelFilter(("News",), look=1, bookmarked=True),
            "those of News, bookmarked ones, those of look 1",
            [1],
        ),
    ],
)
def test_a_filter_keeps_what_it_says(wanted: LabelFilter, words: str, kept: list[int]) -> None:
    labels = [
        decision(at=datetime(2026, 1, 1, 23, 59, 59, tzinfo=UTC)),
        decision(at=DAY, bookmarked=True),
        decision("Forum", at=DAY, look=2, annotator="ben"),
        decision(at=DAY, annotator="zoë"),
    ]
    assert wanted.description == words
    assert [number for number, label in enumerate(labels) if wanted.matches(label, label.category)] == kept


@pytest.mark.parametrize(
    ("wanted", "annotators", "fault", "hint"),
    [
        (LabelFilter(("Nws",)), ["ann"], "there is no category 'Nws'", "did you mean News?"),
        (LabelFilter(annotators=("an",)), ["ann"], "there are no labels of 'an'", "did you mean ann?"),
        (LabelFilter(annotators=("ann",)), [], "there are no labels of 'ann'", "nothing is labelled yet"),
        (
            LabelFilter(since=DAY, before=DAY),
            [],
            "--since 2026-01-02 is after --until 2026-01-01",
            "exchange",
        ),
    ],
)
def test_a_filter_that_keeps_nothing_by_mistake_is_refused(
    wanted: LabelFilter, annotators: list[str], fault: str, hint: str
) -> None:
    with pytest.raises(UsageError) as refused:
        wanted.check(SCHEME, annotators)
    assert refused.value.message == fault
    assert refused.value.hint.startswith(hint)


def test_a_filter_of_one_day_and_of_names_that_exist_is_taken() -> None:
    LabelFilter(("News",), annotators=("ann",), since=DAY, before=DAY.replace(day=3)).check(SCHEME, ["ann"])


def test_texts_skips_and_other_columns_are_written_only_where_they_are_asked_for() -> None:
    plain = ExportOptions(("News",)).columns
    assert (plain[0], plain[-1]) == ("corpus", "uniform")
    assert ExportOptions(("News",), text=True).columns == (*plain, "url", "text")
    full = ExportOptions(("News",), skips=True, extra={"score": float})
    assert full.columns == ("kind", *plain, "score")


def test_a_column_of_the_row_that_is_called_like_one_of_ours_gets_another_name() -> None:
    assert extra_names(("score", "url", "kind", "metadata", "address", "score")) == {
        "score": "score",
        "url": "metadata_url",
        "kind": "metadata_kind",
        "metadata": "metadata_metadata",
        "address": "metadata_address",
    }


def test_no_two_columns_of_the_row_get_the_same_name() -> None:
    assert extra_names(("metadata_text", "text", "metadata_metadata_text")) == {
        "metadata_text": "metadata_text",
        "text": "metadata_metadata_metadata_text",
        "metadata_metadata_text": "metadata_metadata_text",
    }


def with_metadata(**values: object) -> LabelRecord:
    return replace(a_record(0, "News"), extra={METADATA: values})


def test_the_type_of_a_column_holds_every_value_of_it() -> None:
    records = [
        with_metadata(n=1, score=1, mixed=1, flag=True, empty=None),
        with_metadata(n=2, score=0.5, mixed="x", flag=None),
    ]
    assert extra_types(records, ("n", "score", "mixed", "flag", "empty")) == {
        "n": int,
        "score": float,
        "mixed": str,
        "flag": bool,
        "empty": str,
    }
    with pytest.raises(UsageError, match="no document has a column 'scor'") as refused:
        extra_types(records, ("scor",))
    assert refused.value.hint.startswith("did you mean score?")
    with pytest.raises(UsageError) as none:
        extra_types([with_metadata()], ("score",))
    assert none.value.hint == "their corpora have none beside the text"


def test_a_document_gives_its_final_category_or_that_of_most_readers_or_the_first() -> None:
    left_out = LeftOutCounts()

    def chosen(*labels: LabelRecord, wanted: LabelFilter = NO_FILTER) -> list[str]:
        return [label.decision.event_id for label in one_a_document(labels, wanted, left_out)]

    ann, ben, cem = record("News", "ann", "3"), record("Forum", "ben", "1"), record("News", "cem", "2")
    again = record("Forum", "ann", "0", look=2)
    assert chosen(ann, ben) == ["1"]
    assert chosen(ann, ben, cem) == ["2"]
    assert chosen(*(replace(label, final="Forum") for label in (ann, ben, cem))) == ["1"]
    assert chosen(*(replace(label, final="Creative") for label in (ann, cem))) == ["2"]
    assert chosen(again, ann) == ["3"]
    assert (left_out.labels, left_out.documents) == (1 + 2 + 2 + 1 + 1, 0)
    assert chosen(again) == []
    assert chosen(again, ann, wanted=LabelFilter(look=2)) == ["0"]
    assert chosen(ann, ben, cem, wanted=LabelFilter(("Forum",))) == []
    assert chosen(ann, ben, cem, wanted=LabelFilter(("News",), annotators=("ann",))) == ["3"]
    assert left_out.documents == 1


def test_a_lost_text_is_taken_from_another_label_of_its_document_or_noted() -> None:
    lost: list[Decision] = []
    whole, bare = record("News", "ann", "1", text="rain"), replace(record("News", "ben", "2"), url=None)
    shared = list(sharing_texts([bare, whole]))
    assert [(label.text, label.url) for label in shared] == [("rain", whole.url)] * 2
    assert list(noting_lost_texts(shared, lost, leave_out=True)) == shared
    assert lost == []
    assert list(sharing_texts([bare])) == [bare]
    assert list(noting_lost_texts([bare], lost)) == [bare]
    assert list(noting_lost_texts([bare], lost, leave_out=True)) == []
    assert lost == [bare.decision] * 2


def test_half_a_character_anywhere_in_a_label_names_its_document() -> None:
    half = "one \ud800 half"
    fine = record("News", "ann", "1", text="rain")
    for broken in (
        replace(fine, text=half),
        replace(fine, url=half),
        replace(fine, extra={"title": half}),
        replace(fine, decision=replace(fine.decision, note=half)),
    ):
        documents: set[str] = set()
        assert list(noting_surrogates([fine], documents)) == [fine]
        assert documents == set()
        assert list(noting_surrogates([broken], documents)) == [broken]
        assert documents == {broken.decision.document_id}


def test_skips_are_records_only_where_they_are_asked_for_and_pass_the_filter() -> None:
    decisions = [decision(), decision(None, kind=EventKind.SKIP), decision("Gone")]

    def categories(*, skips: bool, wanted: LabelFilter = NO_FILTER) -> list[str | None]:
        records = label_records(decisions, SCHEME, str, {}, wanted=wanted, skips=skips)
        return [made.category for made in records]

    assert categories(skips=False) == ["News"]
    assert categories(skips=True) == ["News", None]
    assert categories(skips=True, wanted=LabelFilter(("News",))) == ["News"]
