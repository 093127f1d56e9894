"""Test that a ledger that cannot be written is opened to be looked at, and that nothing is labelled twice at once."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from corpuscope.config.category_file import load_scheme
from corpuscope.config.settings import Paths, Settings
from corpuscope.domain.label import EventKind
from corpuscope.errors import LedgerNotWritable
from corpuscope.file_cache import writable_folder
from corpuscope.files import Files, is_writable
from corpuscope.ledger.write.annotator_lock import AnnotatorLock
from corpuscope.session.factories import Labelling, Relabelling
from corpuscope.session.ledger import Ledger
from corpuscope.session.repeats import RelabelPlan
from corpuscope.session.study_plan import ANY_CORPUS
from corpuscope.session.workspace import Workspace
from ledger_fakes import FailingFiles, Scribe, labels
from makers import SetClock, a_document
from terminal import Terminal, a_document_and


def workspace_at(folder: Path, *, files: Files | None = None) -> Workspace:
    paths = Paths(folder / "labels", None, folder / "config.toml", folder / "cache", folder / "log")
    scheme = load_scheme(None)
    ledger = Ledger(paths, scheme, SetClock(), files)
    return Workspace(paths, Settings(), scheme, annotator="ann", ledger=ledger)


@pytest.fixture
def read_only(tmp_path: Path) -> Workspace:
    """A workspace with one label, in whose folder no file can be made."""
    with Scribe(tmp_path / "labels") as scribe:
        scribe.label(1)
    return workspace_at(tmp_path, files=FailingFiles(create=errno.EROFS))


def test_a_read_only_folder_is_opened_to_look_and_refuses_every_event(read_only: Workspace) -> None:
    with read_only.ledger.opened("ann", to_look=True):
        assert labels(read_only.ledger.decisions()) == {1: "News"}
        assert "Read-only file system" in read_only.ledger.only_to_look
        assert read_only.ledger.only_to_look in read_only.ledger.problems
        with pytest.raises(LedgerNotWritable):
            read_only.recorder().record(EventKind.LABEL, a_document(2), category="News")
        with pytest.raises(LedgerNotWritable):
            Labelling(read_only, ANY_CORPUS).begin(lambda: None)
        with pytest.raises(LedgerNotWritable):
            Relabelling(read_only, RelabelPlan({"web": ()}, {"web": 0}, 2, {})).begin(lambda: None)
    assert not (read_only.paths.labels / "plan.json").exists()


def test_labelling_in_a_read_only_folder_is_refused_before_the_app_opens(read_only: Workspace) -> None:
    with pytest.raises(LedgerNotWritable, match="labels cannot be kept here"), read_only.ledger.opened("ann"):
        pass


def test_there_is_nothing_to_look_at_in_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    workspace = workspace_at(tmp_path / "study", files=FailingFiles(make_folder=errno.EACCES))
    with pytest.raises(LedgerNotWritable), workspace.ledger.opened("ann", to_look=True):
        pass


def test_one_run_at_a_time_labels_as_an_annotator(tmp_path: Path) -> None:
    files = Files()
    first = AnnotatorLock.take(tmp_path, "ann", files)
    with pytest.raises(LedgerNotWritable, match="ann is labelling"):
        AnnotatorLock.take(tmp_path, "ann", files, patience=0)
    AnnotatorLock.take(tmp_path, "ben", files, patience=0).release()
    first.release()
    AnnotatorLock.take(tmp_path, "ann", files, patience=0).release()


def test_a_second_window_of_one_annotator_is_told_and_opens_to_look(tmp_path: Path) -> None:
    with Terminal("demo", "crawl", "--annotator", "ann", folder=tmp_path) as first:
        first.wait_for(a_document_and("0 / 40"))
        first.press("1")
        first.wait_for("1 / 40")
        # started together: each waits two seconds for the first one to leave
        second = Terminal("home", "--annotator", "ann", folder=tmp_path, columns=120)
        third = Terminal("demo", "crawl", "--annotator", "ann", folder=tmp_path, columns=120)
        with second, third:
            second.wait_for("open to look only: ann is labelling")
            second.press("\t")
            second.wait_for("n = 1")
            assert second.quit() == 0
            assert third.wait_for_exit() == 1
            assert "--annotator NAME" in third.raw
        assert first.quit() == 0
    with Terminal("demo", "crawl", "--annotator", "ann", folder=tmp_path) as again:
        again.wait_for("1 / 40")


def test_a_cache_that_cannot_be_written_is_replaced_by_a_temporary_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert writable_folder(tmp_path / "cache" / "deep") == tmp_path / "cache" / "deep"
    assert not is_writable(tmp_path / "file" / "cache")
    temporary = writable_folder(tmp_path / "file" / "cache")
    assert temporary.is_dir()
    assert temporary == writable_folder(tmp_path / "file" / "cache")
    temporary.rmdir()
