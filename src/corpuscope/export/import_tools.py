"""Readers of the answers that people gave in Label Studio, Argilla and Prodigy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from corpuscope.export.import_files import (
    ANSWERED,
    Entry,
    LeftOut,
    fields_in,
    json_array,
    json_object,
    label_studio_without_people,
    read_json_lines,
)
from corpuscope.export.tasks import ABOUT_DOCUMENT, QUESTION

_OWN_FIELDS = ("annotator", "look", "blind", "unsure", "note", "bookmarked", "scheme")
"""Fields that our export adds to an annotation of Label Studio."""


def read_prodigy(path: Path) -> Iterator[Entry]:
    """Yield the accepted answers of a Prodigy file."""
    for number, example in enumerate(read_json_lines(path), 1):
        entry = f"example {number:,}"
        if example.get("answer") != "accept":
            yield LeftOut(entry, f"{example.get('answer') or 'no answer'} in Prodigy", refused=False)
            continue
        meta = json_object(example["meta"])
        category = _only_choice(entry, example.get("accept"))
        if isinstance(category, LeftOut):
            yield category
            continue
        annotator, at = example.get("_annotator_id") or "", example.get("_timestamp")
        if _is_exported(meta, category, annotator, at):
            yield meta
            continue
        yield _about_document(meta) | {
            "category": category,
            "annotator": annotator,
            "at": at,
            ANSWERED: True,
        }


def _is_exported(meta: Mapping[str, Any], category: str, annotator: str, at: object) -> bool:
    """Return whether a Prodigy example is the label that was exported, with no answer given since."""
    same = (meta.get("category"), meta.get("annotator")) == (category, annotator)
    return same and int(datetime.fromisoformat(meta["at"]).timestamp()) == at


def read_label_studio(path: Path) -> Iterator[Entry]:
    """Yield the annotations of the tasks of a Label Studio file."""
    tasks = list(json_array(path))
    numbers = {person for task in tasks for person in _numbered_people(task)}
    for number, task in enumerate(tasks, 1):
        if "annotation_id" in task:
            raise label_studio_without_people(path, "JSON-MIN")
        entry = f"task {task.get('id', number)}"
        data = json_object(task["data"])
        annotations = task.get("annotations") or ()
        if not annotations:
            yield LeftOut(entry, "not answered in Label Studio", refused=False)
        for annotation in annotations:
            label = _annotation(entry, data, annotation)
            if len(numbers) > 1 and not isinstance(label, LeftOut) and not label["annotator"]:
                label = LeftOut(
                    entry,
                    f"{len(numbers)} people are named by numbers only ({', '.join(sorted(numbers))}), so who they are "
                    "is not known; export each person's answers alone, and import them with --annotator",
                )
            yield label


def _numbered_people(task: Mapping[str, Any]) -> Iterator[str]:
    """Yield the numbers of people who answered a task and of whom nothing else is said."""
    for annotation in task.get("annotations") or ():
        person = annotation.get("completed_by")
        if not (_person(person) or annotation.get("annotator") or annotation.get("was_cancelled")):
            yield str(person.get("id") if isinstance(person, Mapping) else person)


def _annotation(entry: str, data: Mapping[str, Any], annotation: Mapping[str, Any]) -> Entry:
    if annotation.get("was_cancelled"):
        return LeftOut(entry, "skipped in Label Studio", refused=False)
    results = annotation.get("result") or ()
    answers = [result for result in results if result.get("from_name") == QUESTION]
    if results and not answers:
        others = sorted({str(result.get("from_name")) for result in results})
        return LeftOut(entry, f"the answer is to {', '.join(others)}, not to {QUESTION}")
    given = [answer["value"].get("choices") or () for answer in answers]
    choices = [choice for names in given for choice in ([names] if isinstance(names, str) else names)]
    category = _only_choice(entry, choices)
    if isinstance(category, LeftOut):
        return category
    seconds = annotation.get("lead_time")
    own_fields = {name: annotation[name] for name in _OWN_FIELDS if name in annotation}
    return {
        **_about_document(data),
        **own_fields,
        "category": category,
        "annotator": own_fields.get("annotator") or _person(annotation.get("completed_by")),
        "at": annotation.get("created_at"),
        "reading_ms": None if seconds is None else round(seconds * 1000),
        "event_id": answers[0].get("id"),
        ANSWERED: "annotator" not in own_fields,
    }


def read_argilla(path: Path) -> Iterator[Entry]:
    """Yield the submitted responses of an Argilla file, and the suggestion of a record without one."""
    for number, record in enumerate(json_array(path), 1):
        entry = f"record {record.get('id') or number}"
        metadata = json_object(record.get("metadata") or {})
        submitted = [
            response
            for response in _responses(record.get("responses"))
            if response.get("status", "submitted") == "submitted"
        ]
        for response in submitted:
            if response.get("question_name") != QUESTION:
                if not any(other.get("question_name") == QUESTION for other in submitted):
                    yield LeftOut(
                        entry, f"the answer is to {response.get('question_name')}, not to {QUESTION}"
                    )
                continue
            category = _only_choice(entry, response.get("value"))
            if isinstance(category, LeftOut):
                yield category
                continue
            yield _about_document(metadata) | {
                "category": category,
                "annotator": _person(response.get("user_id")),
                "event_id": record.get("id"),
                ANSWERED: True,
            }
        suggestion = json_object(record.get("suggestions") or {}).get(QUESTION)
        if submitted:
            continue
        if suggestion is None:
            yield LeftOut(entry, "not answered in Argilla", refused=False)
        else:
            yield {**metadata, "category": suggestion["value"], "event_id": record.get("id")}


def _responses(responses: Any) -> Sequence[Mapping[str, Any]]:  # noqa: ANN401 - of a file
    """Return the responses, each with its question. Argilla writes them as a mapping or as a list."""
    if isinstance(responses, Mapping):
        return [
            {**response, "question_name": question}
            for question, answers in responses.items()
            for response in answers
        ]
    return responses or ()


def _only_choice(entry: str, choices: object) -> str | LeftOut:
    """Return the one category that was chosen, or why there is none."""
    names = [
        str(name) for name in (choices if isinstance(choices, list) else [choices]) if name not in (None, "")
    ]
    if len(names) == 1:
        return names[0]
    if names:
        return LeftOut(entry, f"several categories where one is wanted: {', '.join(names)}")
    return LeftOut(entry, "an answer without a category")


def _about_document(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in ABOUT_DOCUMENT if name in fields}


def _person(value: object) -> str:
    """Return how another tool identifies an annotator: by e-mail address, name or id; "" when it does not.

    A number is the row of somebody in a database, and names nobody.
    """
    if isinstance(value, Mapping):
        value = value.get("email") or value.get("username") or value.get("id")
    return value if isinstance(value, str) and not value.isdecimal() else ""


def is_prodigy(path: Path) -> bool:
    """Return whether the first line is an example of Prodigy."""
    first = next(fields_in(path, "jsonl", read_json_lines), {})
    return "accept" in first or "answer" in first


def is_label_studio(path: Path) -> bool:
    """Return whether the first element is a task or an answer of Label Studio, or there is none."""
    first: Mapping[str, Any] = next(fields_in(path, "JSON", json_array), {"data": {}})
    return "data" in first or "annotation_id" in first
