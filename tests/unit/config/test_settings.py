"""The config file and the remapping of keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpuscope.config.actions import CORPORA, GROUPS, LABELLING
from corpuscope.config.category_file import parse_scheme
from corpuscope.config.keymap import display_key, remapped, textual_key
from corpuscope.config.settings import Settings, default_paths, load_settings
from corpuscope.errors import CategoryFileError, ConfigError


def settings_of(folder: Path, content: str) -> Settings:
    file = folder / "config.toml"
    file.write_text(content)
    return load_settings(file)


def test_without_a_file_the_defaults_apply(tmp_path: Path) -> None:
    settings = load_settings(tmp_path / "none.toml")
    assert settings == Settings()
    assert (settings.target, settings.measure) == (200, 92)
    assert (settings.show_shares, settings.show_answers) == (False, True)


def test_a_byte_order_mark_and_line_ends_of_windows_are_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b"\xef\xbb\xbftheme = 'light'\r\ntarget = 50\r\n")
    settings = load_settings(file)
    assert (settings.theme, settings.target) == ("light", 50)


@pytest.mark.parametrize(
    ("content", "message"), [(b"theme = '\xff'", "not UTF-8"), (b" " * (4 << 20) + b"\n", "cannot be read")]
)
def test_a_file_that_is_no_text_of_a_person_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=f"config.toml: {message}"):
        load_settings(file)


def test_a_key_can_be_moved(tmp_path: Path) -> None:
    keys = settings_of(tmp_path, '[keys]\n"label.skip" = "z"\n"label.undo" = ["u", "backspace"]\n').keys
    assert {a.id: a.keys for a in keys.of(LABELLING)}["label.skip"] == ("z",)
    assert "s" not in keys.taken()
    assert keys.taken()["backspace"] == "label.undo"


def test_unknown_ids_reserved_keys_and_clashes_are_all_reported(tmp_path: Path) -> None:
    content = '[keys]\n"label.skp" = "z"\n"label.undo" = "ctrl+c"\n"label.note" = "b"\n"view.find" = []\n'
    with pytest.raises(ConfigError) as caught:
        settings_of(tmp_path, content)
    message = caught.value.message
    assert "there is no action 'label.skp'; did you mean label.skip?" in message
    assert "label.undo = 'ctrl+c': that key is the terminal's own way out" in message
    assert "'b' is used by label.bookmark and by label.note" in message
    assert "view.find has no key" in message


def test_ids_may_be_written_without_quotes(tmp_path: Path) -> None:
    keys = settings_of(tmp_path, '[keys]\nlabel.skip = "z"\n"label.undo" = "U"\n').keys
    assert {keys.taken()["z"], keys.taken()["U"]} == {"label.skip", "label.undo"}


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("z", "z"),
        ("Z", "Z"),
        ("shift+z", "Z"),
        ("ß", "ß"),
        (";", "semicolon"),
        ("-", "minus"),
        ("_", "underscore"),
        ("+", "plus"),
        ("minus", "minus"),
        ("F5", "f5"),
        ("Insert", "insert"),
        ("Ctrl+N", "ctrl+n"),
        ("shift+ctrl+f5", "ctrl+shift+f5"),
        ("alt+left", "alt+left"),
        ("delete", "delete"),
    ],
)
def test_a_key_may_be_written_as_people_or_as_textual_writes_it(
    written: str, key: str, tmp_path: Path
) -> None:
    keys = settings_of(tmp_path, f"[keys]\nlabel.skip = '{written}'\n").keys
    assert keys.of(LABELLING)[0].keys == (key,)
    assert textual_key(display_key(key)) == key


def test_every_default_key_has_its_textual_name_and_survives_being_displayed() -> None:
    keys = {key for group in GROUPS for action in group.actions for key in action.keys}
    assert {textual_key(key) for key in keys} == {textual_key(display_key(key)) for key in keys} == keys


@pytest.mark.parametrize(
    "key", ["", "Foo", "a,b", "space bar", "return", "f25", "hold+a", "ctrl+", "ctrl+foo"]
)
def test_a_key_that_no_keyboard_has_is_refused_and_named(key: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        settings_of(tmp_path, f"[keys]\nlabel.skip = '{key}'\n")
    assert f"label.skip = {key!r}: there is no such key" in caught.value.message


@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+p", "enter", "ctrl+m", "ctrl+i", "ctrl+["])
def test_a_reserved_key_is_refused_and_named(key: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        settings_of(tmp_path, f"[keys]\nlabel.skip = '{key}'\n")
    assert f"label.skip = {key!r}: that key " in caught.value.message


def test_an_action_may_keep_the_reserved_key_it_has_by_default(tmp_path: Path) -> None:
    keys = settings_of(tmp_path, "[keys]\nhome.label = ['enter', 'l']\n").keys
    assert keys.of(CORPORA)[0].keys == ("enter", "l")


def test_a_key_used_everywhere_that_clashes_on_many_screens_is_reported_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        settings_of(tmp_path, "[keys]\nnav.quit = 'tab'\n")
    (line,) = caught.value.message.splitlines()
    assert (
        "'tab' is used by nav.quit and by nav.summary, browse.home, reached.summary, home.summary, summary.back"
        in line
    )


def test_a_category_key_that_an_action_uses_under_another_spelling_is_refused() -> None:
    scheme = "categories:\n  - {key: '-', name: One, definition: one}\n"
    taken = remapped({"label.skip": "minus"}).taken()
    with pytest.raises(CategoryFileError) as caught:
        parse_scheme(scheme, "categories.yaml", taken)
    assert "'-' is taken by the app (label.skip)" in caught.value.message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("theme = 'drak'", "theme = 'drak': unknown; did you mean dark?"),
        ("thme = 'dark'", "thme: unknown; did you mean theme?"),
        ("target = 'many'", "target = 'many': must be a whole number"),
        ("target = 0", "must be from 1 to 1,000,000,000"),
        ("target = 99999999999999999999", "must be from 1 to 1,000,000,000"),
        (f"target = {'9' * 6000}", "not TOML"),
        (f"keys = {'[' * 100_000}", "not TOML"),
        (f"keys = {'{a=' * 5_000}", "not TOML"),
        ("target = true", "must be a whole number"),
        ("show_shares = 1", "must be true or false"),
        ("keys = 3", "must be a table"),
        ("theme = ", "not TOML"),
        ("[keys]\n'label.skip' = 3", "label.skip = 3: must be a key or a list of keys"),
    ],
)
def test_a_wrong_value_is_reported_with_file_and_key(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings_of(tmp_path, content)
    assert message in caught.value.message
    assert "config.toml" in caught.value.message


def test_all_faults_of_the_file_are_reported_at_once(tmp_path: Path) -> None:
    content = 'theme = "drak"\ntarget = 0\nshw = 1\n[keys]\n"label.skp" = "z"\n'
    with pytest.raises(ConfigError) as caught:
        settings_of(tmp_path, content)
    assert all(name in caught.value.message for name in ("'drak'", "target = 0", "shw", "'label.skp'"))
    assert len(caught.value.message.splitlines()) == 4


def test_the_default_keys_do_not_clash_and_every_action_is_described() -> None:
    remapped({})
    actions = [action for group in GROUPS for action in group.actions]
    assert len({action.id for action in actions}) == len(actions)
    assert all(action.description and action.tooltip.endswith(".") for action in actions)


def test_paths_come_from_the_arguments_then_the_environment_then_the_working_folder(tmp_path: Path) -> None:
    environment = {"CORPUSCOPE_LABELS": "/elsewhere", "XDG_CACHE_HOME": "/caches"}
    assert default_paths(environment=environment, folder=tmp_path).labels == Path("/elsewhere")
    assert (
        default_paths(tmp_path / "mine", environment=environment, folder=tmp_path).labels == tmp_path / "mine"
    )
    assert default_paths(environment=environment, folder=tmp_path).cache == Path("/caches/corpuscope")
    assert default_paths(environment={}, folder=tmp_path).labels == tmp_path / "labels"
    assert default_paths(environment={}, folder=tmp_path).categories is None
    (tmp_path / "categories.yaml").touch()
    assert default_paths(environment={}, folder=tmp_path).categories == tmp_path / "categories.yaml"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("measure = 59", "must be from 60 to 120"),
        ("measure = 121", "must be from 60 to 120"),
        ('measure = "92"', "must be a whole number"),
        ('spacing = "wide"', "unknown"),
        ("spacing = true", "must be text"),
        ('glyphs = "plane"', "did you mean plain"),
    ],
)
def test_a_wrong_setting_of_the_reading_screen_is_reported(
    tmp_path: Path, content: str, message: str
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(content)
    with pytest.raises(ConfigError, match=message):
        load_settings(file)


@pytest.mark.parametrize(
    ("glyphs", "environment", "plain"),
    [
        ("auto", {"TERM": "xterm-256color"}, False),
        ("auto", {}, False),
        ("auto", {"TERM": "linux"}, True),
        ("auto", {"TERM": "linux", "TEXTUAL_DRIVER": "web"}, False),
        ("full", {"TERM": "linux"}, False),
        ("plain", {"TERM": "xterm-256color"}, True),
    ],
)
def test_glyphs_go_by_the_terminal_unless_they_are_set(
    glyphs: str, environment: dict[str, str], *, plain: bool
) -> None:
    assert Settings(glyphs=glyphs).plain_glyphs(environment) == plain


@pytest.mark.parametrize("content", ["measure = 60", "measure = 120", "target = 1", "target = 1_000_000_000"])
def test_a_number_at_its_limit_is_taken(tmp_path: Path, content: str) -> None:
    name, _, value = content.partition(" = ")
    assert getattr(settings_of(tmp_path, content), name) == int(value)


def test_measure_spacing_and_glyphs_are_read(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('measure = 80\nspacing = "off"\nglyphs = "plain"\n')
    settings = load_settings(file)
    assert (settings.measure, settings.spacing, settings.glyphs) == (80, "off", "plain")
