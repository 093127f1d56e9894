"""Tests of which imported labels become events, which are here already, and which the plan does not allow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from corpuscope.domain.category import Category, CategoryScheme
from corpuscope.domain.clock import derived_id
from corpuscope.domain.corpus import Corpus
from corpuscope.domain.document import Document
from corpuscope.domain.label import Event, EventKind
from corpuscope.export.import_files import LeftOut
from corpuscope.export.import_values import time_of_id
from corpuscope.export.imported_labels import ImportedLabel
from corpuscope.export.label_importer import ImportCounts, LabelImporter
from corpuscope.sampling.plan import Plan
from ledger_fakes import Scribe, read
from makers import a_document, a_scheme

SCHEME = a_scheme("News", "Forum", "Creative")
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SAVED = datetime(2026, 3, 1, tzinfo=UTC)
"""Time at which the file was saved."""
PLAN = Plan(7).with_corpus(Corpus("web", "Web", "hub", "owner/web")).with_revision("web", "c0ffee")


def imported(draw: int = 0, category: str = "News", **changes: object) -> ImportedLabel:
    label = ImportedLabel(
        corpus="web",
        address=a_document(draw).address,
        draw=draw,
        category=category,
        annotator="ann",
        look=1,
        at=AT,
        reading_ms=700,
        blind=True,
        note="",
        unsure=False,
        bookmarked=False,
        scheme="s",
        event_id="",
        answered=False,
    )
    return replace(label, **changes)  # type: ignore[arg-type]


def importer(
    folder: Path,
    scheme: CategoryScheme = SCHEME,
    plan: Plan = PLAN,
    *,
    load: Callable[[str], Document | None] = lambda _: None,
) -> LabelImporter:
    """Import into a folder whose plan draws document k at draw k, up to draw 9."""
    return LabelImporter(
        plan,
        scheme,
        read(folder),
        session="new",
        answerer="ben",
        answered_at=SAVED,
        draw=lambda _, draw: a_document(draw) if draw < 10 else None,
        load=load,
    )


def one_event(into: LabelImporter, label: ImportedLabel) -> Event:
    (event,) = into.events(label)
    return event


def refused(into: LabelImporter, label: ImportedLabel) -> str:
    """Return why a label is refused."""
    before = into.counts.refused.copy()
    assert list(into.events(label)) == []
    ((reason, count),) = (into.counts.refused - before).items()
    assert count == 1
    return reason


def test_before_anything_is_imported_every_count_is_0(tmp_path: Path) -> None:
    counts = importer(tmp_path).counts
    assert (counts.duplicates, counts.notes) == (0, 0)
    assert not (counts.new or counts.differing or counts.refused or counts.unanswered or counts.first)


def test_a_new_label_is_an_event_with_all_that_the_file_says(tmp_path: Path) -> None:
    into = importer(tmp_path)
    event = one_event(into, imported(3, look=2, unsure=True))
    assert event == Event(
        id=derived_id(AT, "label", a_document(3).id, "ann", "2", "News"),
        session="new",
        annotator="ann",
        at=AT,
        kind=EventKind.LABEL,
        document=a_document(3),
        category="News",
        scheme="s",
        reading_ms=700,
        blind=True,
        unsure=True,
        look=2,
    )
    assert into.counts.new == {("ann", "web"): 1}
    assert into.counts.duplicates == 0


def test_without_a_name_and_a_time_a_label_is_the_answerers_at_the_time_of_the_file(tmp_path: Path) -> None:
    event = one_event(importer(tmp_path), imported(annotator="", at=None))
    assert (event.annotator, event.at) == ("ben", SAVED)


def test_a_label_keeps_its_event_id_and_an_answer_of_another_tool_does_not(tmp_path: Path) -> None:
    own = derived_id(AT, "mine")
    assert one_event(importer(tmp_path), imported(event_id=own)).id == own
    assert one_event(importer(tmp_path), imported(event_id=own, answered=True)).id != own


def test_a_note_and_a_bookmark_are_events_of_their_own(tmp_path: Path) -> None:
    label, note, bookmark = importer(tmp_path).events(imported(note="odd", bookmarked=True, look=2))
    assert (note.kind, note.note, note.look) == (EventKind.NOTE, "odd", 2)
    assert (bookmark.kind, bookmark.note, bookmark.scheme) == (EventKind.BOOKMARK, None, "s")
    assert {event.at for event in (label, note, bookmark)} == {AT}
    assert {event.annotator for event in (label, note, bookmark)} == {"ann"}


def test_a_label_that_stands_twice_in_a_file_is_counted_once(tmp_path: Path) -> None:
    into = importer(tmp_path)
    assert len([*into.events(imported()), *into.events(imported())]) == 1
    assert (into.counts.duplicates, sum(into.counts.new.values())) == (1, 1)


def test_two_labels_that_exclude_each_other_in_one_file_are_not_both_taken(tmp_path: Path) -> None:
    into = importer(tmp_path)
    assert list(into.events(imported()))
    assert refused(into, imported(category="Forum")) == (
        "another category for the same document, annotator, look and time comes before it in the file"
    )
    assert list(into.events(imported(category="Forum", at=AT + timedelta(seconds=1))))
    own = derived_id(AT, "mine")
    assert list(into.events(imported(1, event_id=own)))
    assert refused(into, imported(1, "Forum", event_id=own)) == (
        "another label before it in the file has the same event_id"
    )


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        (imported(corpus="books"), "books is not in plan.json"),
        (imported(category="Nws"), "there is no category 'Nws'; did you mean News?"),
        (imported(category=" news "), "there is no category ' news '; did you mean News?"),
        (imported(category="other"), "there is no category 'other'"),
        (imported(category="3.0"), "there is no category '3.0'"),
        (imported(12), "web: the plan draws other documents"),
        (replace(imported(2), draw=3), "web: the plan draws other documents"),
        (imported(event_id="x"), "event_id is not a UUIDv7 in lower case before the year 2527"),
    ],
)
def test_a_label_that_plan_scheme_or_ledger_do_not_allow_is_refused(
    label: ImportedLabel, reason: str, tmp_path: Path
) -> None:
    assert refused(importer(tmp_path), label) == reason


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("dataset", "owner/other", "path is owner/web, the file owner/other"),
        ("name", "en", "name is not set, the file en"),
        ("split", "test", "split is train, the file test"),
        ("revision", "beef", "revision is c0ffee, the file beef"),
    ],
)
def test_a_label_of_another_sample_of_the_corpus_is_refused(
    field: str, value: str, words: str, tmp_path: Path
) -> None:
    address = replace(a_document(0).address, **{field: value})  # type: ignore[arg-type]
    assert refused(importer(tmp_path), imported(address=address)) == f"web: plan.json says {words}"


@pytest.mark.parametrize(
    ("revision", "field", "is_taken"),
    [
        ("file-1", "dataset", True),
        ("file-1", "split", False),
        ("sample-file-1", "split", True),
        ("sample-file-1", "revision", True),
    ],
)
def test_the_place_of_local_files_and_the_corpus_of_a_sample_may_be_others(
    revision: str, field: str, is_taken: bool, tmp_path: Path
) -> None:
    local = Plan(7).with_corpus(Corpus("web", "Web", "local", "owner/web")).with_revision("web", revision)
    address = replace(a_document(0).address, revision=revision)
    address = replace(address, **{field: "other"})  # type: ignore[arg-type]
    into = LabelImporter(
        local,
        SCHEME,
        read(tmp_path),
        session="new",
        answerer="ben",
        answered_at=SAVED,
        draw=lambda *_: replace(a_document(0), address=address),
        load=lambda _: None,
    )
    assert bool(list(into.events(imported(address=address)))) is is_taken


def test_a_number_of_a_scale_is_its_category_however_it_is_written(tmp_path: Path) -> None:
    scale = CategoryScheme((Category("1", "2", "few"), Category("2", "3", "many")), scale="ordinal")
    assert one_event(importer(tmp_path, scale), imported(category="3.0")).category == "3"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A folder with labels of ann: draw 0 News, draw 1 News with a note, and draw 2 of a second look."""
    with Scribe(tmp_path) as scribe:
        scribe.label(0, "News")
        scribe.label(1, "News")
        scribe.note(1, "odd")
        scribe.label(2, "News")
        scribe.label(2, "News", look=2)
    return tmp_path


def of_ledger(study: Path, draw: int, look: int = 1, **changes: object) -> ImportedLabel:
    """Return a label of the folder as an export has it."""
    (label,) = [d for d in read(study).recent() if (d.draw, d.look) == (draw, look)]
    said = imported(
        draw, label.category or "", event_id=label.event_id, at=label.at, look=look, note=label.note or ""
    )
    return replace(said, **changes)  # type: ignore[arg-type]


def loaded(draw: int) -> Callable[[str], Document | None]:
    return lambda _: a_document(draw)


@pytest.mark.parametrize("changes", [{}, {"event_id": ""}, {"event_id": "", "at": None}, {"at": None}])
def test_a_label_that_is_here_is_not_added_again(changes: dict[str, object], study: Path) -> None:
    into = importer(study)
    for draw, look in ((0, 1), (1, 1), (2, 2)):
        assert list(into.events(of_ledger(study, draw, look, **changes))) == []
    assert into.counts.duplicates == 3
    assert not (into.counts.refused or into.counts.differing or into.counts.notes)


def test_a_label_under_the_former_name_of_its_category_is_not_added_again(study: Path) -> None:
    renamed = CategoryScheme((Category("1", "Press", "p", formerly=("News",)),))
    into = importer(study, renamed)
    assert list(into.events(of_ledger(study, 0))) == list(into.events(of_ledger(study, 0, event_id=""))) == []
    assert into.counts.duplicates == 2


def test_a_label_that_was_replaced_here_is_not_added_again_unless_it_was_edited(tmp_path: Path) -> None:
    with Scribe(tmp_path) as scribe:
        replaced = scribe.label(0, "News")
        scribe.label(0, "Forum")
    renamed = CategoryScheme((Category("1", "Press", "p", formerly=("News",)), Category("2", "Forum", "f")))
    for scheme, category in ((SCHEME, "News"), (SCHEME, "Forum"), (renamed, "Press"), (renamed, "News")):
        into = importer(tmp_path, scheme, load=loaded(0))
        assert list(into.events(imported(category=category, event_id=replaced))) == []
        assert into.counts.duplicates == 1
    edited = imported(category="Creative", event_id=replaced)
    assert one_event(importer(tmp_path, load=loaded(0)), edited).category == "Creative"


def test_a_label_that_is_here_in_a_category_that_is_gone_is_refused(study: Path) -> None:
    into = importer(study, a_scheme("Forum"))
    assert refused(into, of_ledger(study, 0)) == "there is no category 'News'"


def test_an_edited_category_is_a_later_event_of_the_same_person(study: Path) -> None:
    for changes in ({}, {"event_id": ""}, {"event_id": "", "at": of_ledger(study, 0).at}):
        label = replace(of_ledger(study, 0), category="Forum", **changes)
        event = one_event(importer(study, load=loaded(0)), label)
        assert (event.annotator, event.category, event.at) == ("ann", "Forum", SAVED)
        assert event.id == derived_id(SAVED, "label", a_document(0).id, "ann", "1", "Forum")


def test_an_edit_saved_by_a_slow_clock_is_later_than_what_it_replaces(study: Path) -> None:
    label = of_ledger(study, 0, category="Forum")
    given = time_of_id(label.event_id)
    assert given is not None
    for before in (timedelta(0), timedelta(days=1)):
        into = LabelImporter(
            PLAN,
            SCHEME,
            read(study),
            session="new",
            answerer="ben",
            answered_at=given - before,
            draw=lambda _, draw: a_document(draw),
            load=loaded(0),
        )
        event = one_event(into, label)
        assert event.at == given + timedelta(milliseconds=1)
        assert event.id > label.event_id


def test_without_its_event_id_a_label_of_another_minute_is_another_one(study: Path) -> None:
    label = of_ledger(study, 0)
    assert label.at is not None
    for apart, at in ((59, SAVED), (60, label.at + timedelta(seconds=60))):
        other = replace(label, category="Forum", event_id="", at=label.at + timedelta(seconds=apart))
        assert one_event(importer(study, load=loaded(0)), other).at == at


def test_a_text_that_was_lost_is_drawn_again(study: Path) -> None:
    assert one_event(importer(study), of_ledger(study, 0, category="Forum")).document == a_document(0)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"address": a_document(5).address},
            "web: the address is not that of the label with this event_id in the folder",
        ),
        ({"draw": 5}, "web: corpus or draw is not that of the label with this event_id in the folder"),
        (
            {"corpus": "books"},
            "books: corpus or draw is not that of the label with this event_id in the folder",
        ),
        ({"annotator": "cem"}, "annotator or look is not that of the label with this event_id in the folder"),
        ({"look": 2}, "annotator or look is not that of the label with this event_id in the folder"),
    ],
)
def test_an_edited_address_does_not_pass_for_a_label_that_is_here(
    changes: dict[str, object], reason: str, study: Path
) -> None:
    label = replace(of_ledger(study, 0), **changes)  # type: ignore[arg-type]
    assert refused(importer(study), label) == reason
    assert list(importer(study).events(of_ledger(study, 0, answered=True))) == []


def test_a_note_and_a_bookmark_come_to_a_label_that_is_here_once(study: Path) -> None:
    into = importer(study, load=loaded(0))
    noted = of_ledger(study, 0, note="new", bookmarked=True)
    note, bookmark = into.events(noted)
    assert (note.kind, note.note, note.at, note.annotator) == (EventKind.NOTE, "new", SAVED, "ann")
    assert (bookmark.kind, bookmark.document) == (EventKind.BOOKMARK, a_document(0))
    assert list(into.events(noted)) == []
    assert (into.counts.notes, into.counts.duplicates) == (2, 2)


def test_a_note_that_differs_and_a_doubt_stay_as_they_are_here(study: Path) -> None:
    into = importer(study, load=loaded(1))
    assert list(into.events(of_ledger(study, 1, note="other", unsure=True))) == []
    assert into.counts.differing == {"with another note in the file": 1, "that the file marks as unsure": 1}
    (bookmark,) = into.events(of_ledger(study, 1, note="other", bookmarked=True))
    assert bookmark.kind is EventKind.BOOKMARK


def test_a_note_on_a_document_whose_text_was_lost_is_refused(study: Path) -> None:
    assert refused(importer(study), of_ledger(study, 0, note="new")) == (
        "web: damage took the text that the note is about"
    )


def test_what_the_file_leaves_out_is_counted_by_reason_with_the_first_entry(tmp_path: Path) -> None:
    into = importer(tmp_path)
    for entry in (
        LeftOut("task 1", "why"),
        LeftOut("task 2", "why"),
        LeftOut("task 3", "skip", refused=False),
    ):
        into.leave_out(entry)
    assert into.counts == ImportCounts(
        refused=into.counts.refused,
        unanswered=into.counts.unanswered,
        first={"why": "task 1", "skip": "task 3"},
    )
    assert (into.counts.refused, into.counts.unanswered) == ({"why": 2}, {"skip": 1})
