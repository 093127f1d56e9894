"""`corpuscope schemes` and `corpuscope init`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpuscope.cli import run
from corpuscope.config.category_file import load_scheme
from corpuscope.config.keymap import Keymap
from corpuscope.config.named_schemes import SCHEMES, scheme_file
from corpuscope.stats.reference import WEBORGANIZER_CROSSWALK
from ledger_fakes import Scribe
from makers import a_document

TAKEN = Keymap().taken()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, with the config and cache of nobody."""
    monkeypatch.chdir(tmp_path)
    for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    return tmp_path


@pytest.mark.parametrize("name", SCHEMES)
def test_init_writes_each_scheme_with_its_comments_and_keys_that_the_app_does_not_use(
    name: str, folder: Path
) -> None:
    assert run(["init", "--scheme", name]) == 0
    written = (folder / "categories.yaml").read_text("utf-8")
    assert written == SCHEMES[name].read_text("utf-8")
    assert written.startswith("# ")
    assert load_scheme(folder / "categories.yaml", TAKEN).hash == load_scheme(scheme_file(name)).hash


def test_every_scheme_has_one_stroke_for_each_category_and_says_what_belongs_there() -> None:
    sizes = {name: len(load_scheme(scheme_file(name)).categories) for name in SCHEMES}
    assert sizes == {
        "seven": 7,
        "fineweb-edu": 6,
        "weborganizer-formats": 24,
        "core": 8,
        "eai-document-types": 17,
    }
    for name in SCHEMES:
        scheme = load_scheme(scheme_file(name))
        assert all(len(category.key) == 1 for category in scheme.categories)
        assert scheme.source or name == "seven"


def test_the_formats_go_to_the_seven_as_the_published_shares_do() -> None:
    published = {entry.format: (entry.category, *entry.alternatives) for entry in WEBORGANIZER_CROSSWALK}
    scheme = load_scheme(scheme_file("weborganizer-formats"))
    assert {category.name: category.crosswalk for category in scheme.categories} == published


def test_init_never_replaces_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "categories.yaml").write_text("mine")
    assert run(["init"]) == 2
    assert "categories.yaml already exists" in capsys.readouterr().err
    assert (folder / "categories.yaml").read_text() == "mine"


def test_init_refuses_a_scheme_that_the_labels_in_the_folder_are_not_in(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Scribe(folder / "labels", annotator="ann") as scribe:
        scribe.label(a_document(0), "News")
    assert run(["init", "--scheme", "core"]) == 2
    assert "1 label says 'News', which is not a category now" in capsys.readouterr().err
    assert not (folder / "categories.yaml").exists()
    assert run(["init", "--scheme", "seven"]) == 0


def test_a_key_that_a_person_gave_to_an_action_is_left_out_and_its_category_gets_another(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = folder / "home" / "corpuscope" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('[keys]\nlabel.skip = "1"\nlabel.undo = "e"\n')
    assert run(["init"]) == 0
    assert "the key 1 is taken by the app (label.skip)" in capsys.readouterr().err
    taken = {**TAKEN, "1": "label.skip", "e": "label.undo"}
    educational = load_scheme(folder / "categories.yaml", taken).categories[0]
    assert educational.keys == ("8",)


def test_an_unknown_scheme_names_the_known_ones(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "--scheme", "corre"]) == 2
    assert "did you mean core?" in capsys.readouterr().err
    assert not list(folder.iterdir())


def test_a_scheme_can_be_printed_instead_of_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "--scheme", "core", "-o", "-"]) == 0
    printed = capsys.readouterr()
    assert (printed.err, list(folder.iterdir())) == ("", [])
    assert run(["init", "--scheme", "core"]) == 0
    assert (folder / "categories.yaml").read_text() == printed.out
    assert capsys.readouterr().err.startswith("categories.yaml: ")


def test_schemes_lists_all_and_shows_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schemes"]) == 0
    listing = capsys.readouterr().out
    assert all(name in listing for name in SCHEMES)
    assert run(["schemes", "core", "--format", "json"]) == 0
    core = json.loads(capsys.readouterr().out)
    assert [category["crosswalk"][0] for category in core["categories"]][:2] == ["News", "Creative"]
    assert run(["schemes", "fineweb-edu", "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("key,category,definition,here,not\n0,0,")
