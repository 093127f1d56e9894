"""What a labels folder remembers of the sittings in it."""

from pathlib import Path

from corpuscope.config.paths import Paths
from corpuscope.config.settings import Settings
from corpuscope.domain.scheme_file import load_scheme
from corpuscope.session.workspace import Workspace


def a_workspace(folder: Path) -> Workspace:
    paths = Paths(folder / "labels", None, folder / "config.toml", folder / "cache", folder / "log")
    return Workspace(paths, Settings(), load_scheme(None), annotator="reader")


def test_corpora_stay_in_the_order_they_were_named_whichever_opens_first(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path)
    named = ("demo-crawl", "demo-filtered", "demo-edu")
    planned = workspace.planned(workspace.plan_corpora(named)).corpora
    for key in reversed(named):
        workspace.pin(planned[key], "rev1")
    plan = workspace.plan()
    assert plan is not None
    assert tuple(plan.corpora) == named
    assert {corpus.revision for corpus in plan.corpora.values()} == {"rev1"}


def test_a_corpus_of_another_sitting_keeps_its_place_before_the_new_ones(tmp_path: Path) -> None:
    first = a_workspace(tmp_path)
    earlier = first.planned(first.plan_corpora(["demo-edu"])).corpora
    first.pin(earlier["demo-edu"], "rev1")
    second = a_workspace(tmp_path)
    planned = second.planned(second.plan_corpora(["demo-crawl", "demo-edu"])).corpora
    second.pin(planned["demo-crawl"], "rev1")
    plan = second.plan()
    assert plan is not None
    assert tuple(plan.corpora) == ("demo-edu", "demo-crawl")
