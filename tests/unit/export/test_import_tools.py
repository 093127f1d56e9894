"""Tests of the answers that are read from Label Studio, Argilla and Prodigy, one answer at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from corpuscope.errors import UsageError
from corpuscope.export.import_files import Entry, LeftOut, fields_in
from corpuscope.export.import_tools import read_argilla, read_label_studio, read_prodigy

ABOUT = {"corpus": "web", "row": 7, "draw": 3}
AT = "2026-01-02T03:04:05+00:00"
SECONDS = 1_767_323_045
"""The same time, as Prodigy has it."""


def read(folder: Path, reader: Callable[[Path], Iterable[Entry]], *entries: object) -> list[Entry]:
    file = folder / ("answers.jsonl" if reader is read_prodigy else "answers.json")
    lines = map(json.dumps, entries)
    file.write_text("\n".join(lines) if reader is read_prodigy else f"[{','.join(lines)}]")
    return list(fields_in(file, "tool", reader))


def task(*annotations: object, **fields: object) -> dict[str, object]:
    return {"data": ABOUT | {"text": "rain"}, "annotations": list(annotations), **fields}


def chosen(*choices: str, name: str = "category", **fields: object) -> dict[str, object]:
    result = [{"id": "e1", "from_name": name, "value": {"choices": list(choices)}}]
    return {"result": result, "completed_by": {"email": "ann@x.org"}, "created_at": AT, **fields}


def test_an_answer_of_label_studio_is_a_label_of_who_gave_it(tmp_path: Path) -> None:
    (label,) = read(tmp_path, read_label_studio, task(chosen("News", lead_time=2.3456)))
    assert label == ABOUT | {
        "category": "News",
        "annotator": "ann@x.org",
        "at": AT,
        "reading_ms": 2346,
        "event_id": "e1",
        "answered": True,
    }


def test_our_own_annotation_comes_back_with_its_fields_and_is_no_answer(tmp_path: Path) -> None:
    own = chosen(
        "News", annotator="zoë", look=2, blind=True, unsure=True, note="so", bookmarked=True, scheme="s"
    )
    (label,) = read(tmp_path, read_label_studio, task(own))
    assert isinstance(label, dict)
    assert (label["annotator"], label["look"], label["answered"], label["reading_ms"]) == (
        "zoë",
        2,
        False,
        None,
    )
    assert [label[name] for name in ("blind", "unsure", "note", "bookmarked", "scheme")] == [
        True,
        True,
        "so",
        True,
        "s",
    ]


@pytest.mark.parametrize(
    ("entry", "reason", "refused"),
    [
        (task(id=12), "not answered in Label Studio", False),
        (task(chosen("News", was_cancelled=True), id=12), "skipped in Label Studio", False),
        (task(chosen("News", name="genre"), id=12), "the answer is to genre, not to category", True),
        (task(chosen("News", "Forum"), id=12), "several categories where one is wanted: News, Forum", True),
        (task(chosen(""), id=12), "an answer without a category", True),
        (task({"result": []}, id=12), "an answer without a category", True),
    ],
)
def test_what_is_no_label_in_label_studio_is_named_with_its_task(
    tmp_path: Path, entry: object, reason: str, refused: bool
) -> None:
    assert read(tmp_path, read_label_studio, entry) == [LeftOut("task 12", reason, refused)]


def test_a_task_without_an_id_is_named_by_its_place(tmp_path: Path) -> None:
    entries = read(tmp_path, read_label_studio, task(), task())
    assert entries == [
        LeftOut(f"task {number}", "not answered in Label Studio", refused=False) for number in (1, 2)
    ]


@pytest.mark.parametrize(
    ("person", "annotator"),
    [
        ({"email": "ann@x.org", "username": "ann", "id": 3}, "ann@x.org"),
        ({"email": "", "username": "ann", "id": 3}, "ann"),
        ({"id": "a3"}, "a3"),
        ({"id": 3}, ""),
        ("ann", "ann"),
        ("3", ""),
        (3, ""),
        (None, ""),
    ],
)
def test_a_person_is_named_by_what_names_them_and_by_no_number(
    tmp_path: Path, person: object, annotator: str
) -> None:
    (label,) = read(tmp_path, read_label_studio, task(chosen("News", completed_by=person)))
    assert isinstance(label, dict)
    assert label["annotator"] == annotator


def test_answers_of_several_people_known_by_numbers_alone_are_refused_and_those_of_one_are_not(
    tmp_path: Path,
) -> None:
    alone = task(chosen("News", completed_by=7))
    skipped = task(chosen("News", completed_by=8, was_cancelled=True))
    named = task(chosen("News"))
    label, skip, other = read(tmp_path, read_label_studio, alone, skipped, named)
    assert isinstance(label, dict)
    assert isinstance(skip, LeftOut)
    assert isinstance(other, dict)
    one, two, three = read(
        tmp_path, read_label_studio, alone, task(chosen("News", completed_by={"id": 12})), named
    )
    assert isinstance(one, LeftOut)
    assert isinstance(two, LeftOut)
    assert one.refused
    assert one.reason.startswith("2 people are named by numbers only (12, 7), so who they are is not known")
    assert isinstance(three, dict)


def test_the_short_json_of_label_studio_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Label Studio's JSON-MIN does not say who"):
        read(tmp_path, read_label_studio, {"annotation_id": 1, "data": {}})


def example(**fields: object) -> dict[str, object]:
    meta = ABOUT | {"category": "News", "annotator": "ann", "at": AT, "event_id": "e1"}
    return {
        "meta": meta,
        "answer": "accept",
        "accept": ["News"],
        "_annotator_id": "ann",
        "_timestamp": SECONDS,
    } | fields


def test_an_example_of_prodigy_that_nobody_answered_since_is_the_label_that_was_exported(
    tmp_path: Path,
) -> None:
    (label,) = read(tmp_path, read_prodigy, example())
    assert label == example()["meta"]


@pytest.mark.parametrize(
    ("changed", "category", "annotator", "at"),
    [
        ({"accept": ["Forum"]}, "Forum", "ann", SECONDS),
        ({"_annotator_id": "ben"}, "News", "ben", SECONDS),
        ({"_timestamp": SECONDS + 1}, "News", "ann", SECONDS + 1),
    ],
)
def test_an_example_that_was_answered_again_is_a_label_of_its_own(
    tmp_path: Path, changed: dict[str, object], category: str, annotator: str, at: int
) -> None:
    (label,) = read(tmp_path, read_prodigy, example(**changed))
    assert label == ABOUT | {"category": category, "annotator": annotator, "at": at, "answered": True}


@pytest.mark.parametrize(
    ("changed", "reason", "refused"),
    [
        ({"answer": "reject"}, "reject in Prodigy", False),
        ({"answer": None}, "no answer in Prodigy", False),
        ({"accept": []}, "an answer without a category", True),
        ({"accept": ["News", "Forum"]}, "several categories where one is wanted: News, Forum", True),
    ],
)
def test_what_is_no_label_in_prodigy_is_named_with_its_example(
    tmp_path: Path, changed: dict[str, object], reason: str, refused: bool
) -> None:
    _, left_out = read(tmp_path, read_prodigy, example(), example(**changed))
    assert left_out == LeftOut("example 2", reason, refused)


def record(responses: object, suggestions: object = None, **fields: object) -> dict[str, object]:
    return {
        "id": "e1",
        "metadata": ABOUT | {"at": AT},
        "responses": responses,
        "suggestions": suggestions,
        **fields,
    }


def response(value: object, question: str = "category", **fields: object) -> dict[str, object]:
    return {"question_name": question, "value": value, "user_id": "ann", **fields}


@pytest.mark.parametrize(
    "responses",
    [
        [response("News")],
        [response("News", status="submitted"), response("Forum", status="draft")],
        {"category": [{"value": "News", "user_id": "ann"}]},
        [response("good", "quality"), response("News")],
    ],
)
def test_a_submitted_response_of_argilla_is_a_label(tmp_path: Path, responses: object) -> None:
    labels = read(tmp_path, read_argilla, record(responses, {"category": {"value": "Forum"}}))
    assert labels == [ABOUT | {"category": "News", "annotator": "ann", "event_id": "e1", "answered": True}]


def test_a_record_of_argilla_that_nobody_answered_is_the_label_that_was_exported(tmp_path: Path) -> None:
    suggestion = {"category": {"value": "Forum"}}
    unanswered: tuple[object, ...] = (None, [], {}, [response("News", status="discarded")])
    for responses in unanswered:
        (label,) = read(tmp_path, read_argilla, record(responses, suggestion))
        assert label == ABOUT | {"at": AT, "category": "Forum", "event_id": "e1"}


@pytest.mark.parametrize(
    ("entry", "left_out"),
    [
        (record([]), LeftOut("record e1", "not answered in Argilla", refused=False)),
        (record([], id=None), LeftOut("record 1", "not answered in Argilla", refused=False)),
        (
            record([response("good", "quality")], {"category": {"value": "News"}}),
            LeftOut("record e1", "the answer is to quality, not to category"),
        ),
        (record([response(None)]), LeftOut("record e1", "an answer without a category")),
        (
            record([response(["News", "Forum"])]),
            LeftOut("record e1", "several categories where one is wanted: News, Forum"),
        ),
    ],
)
def test_what_is_no_label_in_argilla_is_named_with_its_record(
    tmp_path: Path, entry: object, left_out: LeftOut
) -> None:
    assert read(tmp_path, read_argilla, entry) == [left_out]
