"""Tests of what is printed when the app ends: what a run added, where it is saved and what to do next."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from corpuscope.cli.exit_summary import corpus_words, next_words, print_exit_summary, summary_words
from corpuscope.config.settings import Paths, Settings
from corpuscope.corpora.known import KNOWN
from corpuscope.domain.clock import EventIds
from corpuscope.domain.label import EventKind
from corpuscope.sampling.plan import Plan
from corpuscope.sampling.plan_file import save_plan
from corpuscope.session.event_recorder import AnnotatorContext, EventRecorder
from corpuscope.session.ledger import TallyingWriter
from corpuscope.session.run_tally import RunTally
from corpuscope.session.study_plan import CorpusStatus
from corpuscope.session.workspace import Workspace
from makers import ListEventSink, SetClock, a_document, a_scheme

C4 = KNOWN["c4"].corpus
INDENT = " " * 12


@pytest.fixture(autouse=True)
def in_a_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder of its own, without colour, as the user `ann`."""
    monkeypatch.chdir(tmp_path)
    for name in ("CORPUSCOPE_LABELS", "CORPUSCOPE_CATEGORIES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("LOGNAME", "ann")


def a_workspace(
    labels: str = "labels",
    categories: str | None = None,
    annotator: str = "ann",
    settings: Settings | None = None,
) -> Workspace:
    file = None if categories is None else Path(categories)
    paths = Paths(Path(labels), file, Path("config.toml"), Path("cache"), Path("log"))
    scheme = a_scheme("News", "Forum")
    return Workspace(paths, settings or Settings(), scheme, annotator=annotator, clock=SetClock())


def a_status(labelled: int, target: int | None) -> CorpusStatus:
    return CorpusStatus(C4, labelled, target, None, "")


def a_tally(
    labels: int = 0, skipped: int = 0, bookmarked: int = 0, noted: int = 0, seconds: float = 20
) -> RunTally:
    """Return the tally of a run in which each label took `seconds`."""
    tally, clock = RunTally(), SetClock()
    recorder = EventRecorder(
        AnnotatorContext("s", "ann"),
        a_scheme("News"),
        TallyingWriter(ListEventSink(), tally),
        clock,
        EventIds(clock),
    )
    for draw in range(labels):
        clock.at += timedelta(seconds=seconds if draw else 0)
        recorder.record(EventKind.LABEL, a_document(draw), category="News", reading_ms=round(seconds * 1000))
    for draw in range(skipped):
        recorder.record(EventKind.SKIP, a_document(1000 + draw))
    for draw in range(bookmarked):
        recorder.record(EventKind.BOOKMARK, a_document(draw))
    for draw in range(noted):
        recorder.record(EventKind.NOTE, a_document(draw), note="odd")
    return tally


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        (a_tally(1), "1 label"),
        (a_tally(2, seconds=30), "2 labels in 1 min"),
        (a_tally(2, seconds=29), "2 labels"),
        (a_tally(3, seconds=20), "3 labels in 1 min, 20 s per label"),
        (a_tally(3, seconds=1), "3 labels, 1 s per label"),
        (a_tally(3, seconds=0.9), "3 labels"),
        (a_tally(1, skipped=2), "1 label · 2 skipped"),
        (a_tally(1, skipped=1, bookmarked=3, noted=1), "1 label · 1 skipped, 3 bookmarked, 1 note"),
        (a_tally(0, noted=2), "0 labels · 2 notes"),
    ],
)
def test_the_first_line_names_only_what_there_is(tally: RunTally, words: str) -> None:
    assert summary_words(tally) == words


@pytest.mark.parametrize(
    ("status", "pace", "words"),
    [
        (a_status(50, 200), 12.0, f"C4   50 of 200 {'━' * 6}{'─' * 18}  30 min left"),
        (a_status(50, 200), None, f"C4   50 of 200 {'━' * 6}{'─' * 18}"),
        (a_status(199, 200), 9.0, f"C4   199 of 200 {'━' * 23}{'─'}  1 min left"),
        (a_status(0, 200), 60.0, f"C4   0 of 200 {'─' * 24}  200 min left"),
        (a_status(200, 200), 12.0, "C4   200 of 200, plan reached"),
        (a_status(1_201, 1_200), 12.0, "C4   1,201 of 1,200, plan reached"),
        (a_status(7, None), 12.0, "C4   7 labels in all"),
    ],
)
def test_a_corpus_says_what_is_left(status: CorpusStatus, pace: float | None, words: str) -> None:
    assert corpus_words(status, pace, 4) == words


def test_the_next_command_is_needed_until_the_plan_is_reached() -> None:
    summary = "corpuscope summary  shows the shares"
    onwards = "corpuscope label c4  goes on"
    assert next_words([a_status(199, 200)], a_workspace()) == [onwards, summary]
    assert next_words([a_status(0, 1)], a_workspace()) == [onwards, summary]
    assert next_words([a_status(200, 200)], a_workspace()) == [summary]
    assert next_words([a_status(1, None)], a_workspace()) == [summary]


@pytest.mark.parametrize("labelled", [50, 200])
def test_a_mix_goes_on_beyond_the_plan_of_its_corpora(labelled: int) -> None:
    onwards, _ = next_words([a_status(labelled, 200)], a_workspace(), "first")
    assert onwards == "corpuscope label --for-mix first  goes on"


def test_the_next_commands_are_for_the_same_folder_scheme_and_annotator() -> None:
    """Without --annotator the labels that follow would be those of somebody else."""
    onwards, summary = next_words([a_status(1, 2)], a_workspace("/a b", "own.yaml", "ben"))
    assert onwards == "corpuscope label c4 --labels '/a b' --categories own.yaml --annotator ben  goes on"
    assert summary == "corpuscope summary --labels '/a b' --categories own.yaml  shows the shares"


def test_what_the_next_command_would_take_anyway_is_left_out() -> None:
    Path("categories.yaml").touch()
    workspace = a_workspace(categories="categories.yaml", annotator="ben", settings=Settings(annotator="ben"))
    assert next_words([a_status(1, 2)], workspace)[0] == "corpuscope label c4  goes on"


def test_words_stand_out_where_the_terminal_has_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert summary_words(a_tally(1)) == "\x1b[1m1 label\x1b[0m"
    bar = f"\x1b[33m\x1b[1m{'━' * 12}\x1b[0m\x1b[2m{'─' * 12}\x1b[0m"
    assert corpus_words(a_status(1, 2), None, 2) == f"C4 1 of 2 {bar}"
    monkeypatch.setenv("TERM", "dumb")
    assert summary_words(a_tally(1)) == "1 label"


def labelled(workspace: Workspace, *corpora: str) -> None:
    """Label a document of each corpus."""
    with workspace.ledger.opened("ann"):
        for draw, corpus in enumerate(corpora):
            workspace.recorder().record(
                EventKind.LABEL, a_document(draw, corpus=corpus), category="News", reading_ms=20_000
            )


def test_a_run_ends_with_its_labels_their_place_and_the_next_commands(
    capsys: pytest.CaptureFixture[str],
) -> None:
    workspace = a_workspace()
    corpora = ("c4", "fineweb", "fineweb-edu")
    plan = Plan(7)
    for key in corpora:
        plan = plan.with_corpus(KNOWN[key].corpus, target=2)
    save_plan(plan, Path("labels/plan.json"))
    labelled(workspace, "c4", "c4", "fineweb")
    print_exit_summary(workspace)
    assert capsys.readouterr().out.splitlines() == [
        "corpuscope  3 labels, 20 s per label",
        INDENT + "C4      2 of 2, plan reached",
        INDENT + f"FineWeb 1 of 2 {'━' * 12}{'─' * 12}  1 min left",
        INDENT + "saved in ./labels",
        INDENT + "next  corpuscope label c4 fineweb  goes on",
        INDENT + "      corpuscope summary  shows the shares",
    ]


@pytest.mark.parametrize(("count", "last"), [(4, "    1 label in all"), (5, "and 1 more corpora")])
def test_four_corpora_are_listed_and_the_others_counted(
    count: int, last: str, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = a_workspace()
    labelled(workspace, *list(KNOWN)[:count])
    print_exit_summary(workspace)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == count + 3
    assert lines[count].endswith(last)
    assert lines[-2:] == [INDENT + "saved in ./labels", INDENT + "next  corpuscope summary  shows the shares"]


def test_a_run_without_a_decision_ends_in_silence(capsys: pytest.CaptureFixture[str]) -> None:
    print_exit_summary(a_workspace())
    assert capsys.readouterr().out == ""
