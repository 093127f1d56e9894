"""categories.yaml: what it may contain, and the messages about its faults."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuscope.config.category_file import load_scheme, parse_scheme
from corpuscope.config.keymap import Keymap
from corpuscope.errors import CategoryFileError

TAKEN = Keymap().taken()
ROOT = Path(__file__).parents[3]


def faults_of(content: str) -> str:
    with pytest.raises(CategoryFileError) as caught:
        parse_scheme(content, "categories.yaml", TAKEN)
    assert caught.value.exit_code == 2
    return caught.value.message


def one(**fields: str) -> str:
    entry = {"key": "1", "name": "News", "definition": "reports"} | fields
    return "categories:\n  - " + "\n    ".join(f"{k}: {v}" for k, v in entry.items()) + "\n"


def test_the_built_in_categories_are_the_seven_of_the_file_in_the_project() -> None:
    built_in = load_scheme(None, TAKEN)
    assert built_in == load_scheme(ROOT / "categories.yaml", TAKEN)
    assert built_in.names == (
        "Educational",
        "Advertising",
        "Forum",
        "News",
        "Creative",
        "Boilerplate",
        "Nonsensical",
    )
    assert [c.key for c in built_in.categories] == list("1234567")
    assert built_in.hash == "9372c8ca628c"  # every label of earlier versions has it


def test_all_faults_are_reported_at_once_with_their_lines() -> None:
    first = "categories:\n  - key: 1\n    nam: News\n    definition: reports\n"
    content = first + "  - key: 2\n    name: [x]\n    definition: y\n"
    lines = faults_of(content).splitlines()
    assert lines[0] == "categories.yaml:2: categories[1].name: missing"
    assert lines[1].startswith(
        "categories.yaml:3: categories[1].nam: unknown; did you mean name? known: name, key"
    )
    assert lines[2] == "categories.yaml:6: categories[2].name: must be text, not ['x']"
    assert len(lines) == 3


def test_a_repeated_key_and_a_wrong_colour_are_reported_along_with_an_unknown_field() -> None:
    first = "categories:\n  - key: 1\n    leter: n\n    name: News\n    definition: reports\n"
    content = first + "  - key: 1\n    name: Forum\n    definition: 3\n    colour: yelow\n"
    lines = faults_of(content).splitlines()
    assert [line.split(": ")[0] for line in lines] == [f"categories.yaml:{n}" for n in (3, 6, 8, 9)]
    assert "'1' is already the key of 'News'" in lines[1]
    assert "'yelow' is not a colour" in lines[3]


def test_a_number_as_key_and_names_with_spaces_accents_and_brackets_work() -> None:
    scheme = parse_scheme(one(key="3", name='"Foires à questions [FAQ]"'), "f", TAKEN)
    assert scheme.by_key("3") is scheme.named("Foires à questions [FAQ]")


def many(count: int, **more: str) -> str:
    """Write a file of `count` categories without keys."""
    fields = "".join(f", {name}: {value}" for name, value in more.items())
    return "categories:\n" + "".join(f"  - {{name: n{i}, definition: d{fields}}}\n" for i in range(count))


def keys_of(content: str) -> list[str]:
    return [category.key for category in parse_scheme(content, "f", TAKEN).categories]


@pytest.mark.parametrize("count", [1, 7, 12])
def test_up_to_twelve_categories_have_keys_of_one_stroke(count: int) -> None:
    assert keys_of(many(count)) == list("1234567890ac")[:count]


def test_twenty_four_categories_have_keys_of_one_stroke_that_the_app_does_not_use() -> None:
    keys = keys_of(many(24))
    assert len({*keys}) == 24
    assert all(len(key) == 1 for key in keys)
    assert not {*keys} & {*TAKEN}


def test_forty_categories_have_keys_of_which_none_begins_with_another() -> None:
    keys = keys_of(many(40))
    assert len({*keys}) == 40
    longer = [key for key in keys if len(key) == 2]
    assert longer
    assert not {key[0] for key in longer} & {*keys}


def test_a_key_that_a_file_names_stays_and_no_other_category_gets_it() -> None:
    content = "categories:\n  - {name: a, definition: d}\n  - {key: 1, letter: 2, name: b, definition: d}\n"
    assert keys_of(content) == ["3", "1"]


def test_without_enough_free_keys_a_file_has_to_name_them() -> None:
    with pytest.raises(CategoryFileError, match="not enough free keys"):
        parse_scheme(many(3), "f", dict.fromkeys("1234567890abcdefghijklmnopqrstuvwxy", "an.action"))


@pytest.mark.parametrize("count", [0, 41])
def test_no_category_and_more_than_forty_are_refused(count: int) -> None:
    content = many(count) if count else "categories: []\n"
    assert f"must be one to forty categories, there are {count or 'none'}" in faults_of(content)


def test_up_to_twelve_categories_cannot_have_a_key_of_two_strokes() -> None:
    assert "'10' must be one visible character" in faults_of(one(key="10"))


def test_a_key_of_two_strokes_may_end_but_not_begin_with_a_key_of_the_app() -> None:
    more = many(12).removeprefix("categories:\n")
    assert "'s1' begins with 's', which is taken by the app (label.skip)" in faults_of(one(key="s1") + more)
    assert keys_of(one(key="zs") + more)[0] == "zs"


def test_a_key_that_begins_with_another_key_is_refused() -> None:
    content = (
        one(key="1") + "  - {key: 12, name: Other, definition: d}\n" + many(12).removeprefix("categories:\n")
    )
    assert "categories.yaml:5: categories[2].key: '12' begins with the key of 'News'" in faults_of(content)


def test_every_category_has_a_group_or_none_and_a_group_is_in_one_place() -> None:
    entries = [("a", "one"), ("b", "two"), ("c", "one"), ("d", "''")]
    content = "categories:\n" + "".join(
        f"  - {{name: {name}, group: {group}, definition: d}}\n" for name, group in entries
    )
    lines = faults_of(content).splitlines()
    assert "categories.yaml:4: categories[3].group: 'one' is in two places" in lines[0]
    assert "categories.yaml:5: categories[4]: 'd' has no group" in lines[1]


def test_an_ordinal_scale_has_numbers_as_names_and_as_keys() -> None:
    content = "scale: ordinal\nscore_column: int_score\ncategories:\n" + "".join(
        f"  - {{name: {i}, definition: d}}\n" for i in range(6)
    )
    scheme = parse_scheme(content, "f", TAKEN)
    assert scheme.is_ordinal
    assert list(scheme.values or ()) == [0, 1, 2, 3, 4, 5]
    assert [category.key for category in scheme.categories] == list("012345")
    assert scheme.score_column == "int_score"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("scale: ordered\n" + one(), "1: scale: must be nominal or ordinal, not 'ordered'"),
        ("scale: ordinal\n" + one(), "4: categories[1].name: 'News' must be a number, as `scale` is ordinal"),
        ("scale: ordinal\n" + one(name="1"), "2: categories: an ordinal scale has two or more categories"),
        (
            "scale: ordinal\n" + one(name="1") + "  - {name: 0.5, definition: d}\n".replace("0.5", "'0.5'"),
            "6: categories[2].name: 0.5 must be larger than 1 before it",
        ),
        ("score_column: s\n" + one(), "1: score_column: only a scheme with `scale: ordinal`"),
        (
            one(crosswalk="[Educatoinal]"),
            "5: categories[1].crosswalk[1]: 'Educatoinal' is not one of the seven",
        ),
    ],
)
def test_a_fault_of_scale_score_or_crosswalk_names_line_and_key(content: str, fault: str) -> None:
    assert f"categories.yaml:{fault}" in faults_of(content)


def flow(*entries: str) -> str:
    """Write a file with one category per line."""
    return "categories:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries)


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (
            "splitt: []\n" + one(),
            ["1: splitt: unknown; did you mean split? known: split, categories, scale, "],
        ),
        (flow("key: 1, name: News"), ["2: categories[1].definition: missing in category 'News'"]),
        (
            flow("key: 1, definition: d", "key: 1, name: b, definition: d"),
            [
                "2: categories[1].name: missing",
                "3: categories[2].key: '1' is already the key of 'categories[1]'",
            ],
        ),
        (one(definition="' '"), ["4: categories[1].definition: must say what belongs here"]),
        (one(name='"a\\tb"'), ["3: categories[1].name: must be visible, and in one line"]),
        (one(name="' '"), ["3: categories[1].name: must be visible, and in one line"]),
        (one(colour="'#12345g'"), ["5: categories[1].colour: '#12345g' is not a colour; known: black, "]),
        (one(key="''"), ["2: categories[1].key: '' must be one visible character"]),
        (
            one(key="abc", letter="ab") + many(12).removeprefix("categories:\n"),
            [
                "2: categories[1].key: 'abc' must be one visible character, or two for two strokes",
                "5: categories[1].letter: 'ab' must be one visible character",
            ],
        ),
        (
            flow("key: 1, name: a, definition: d", "key: 1, letter: 1, name: b, definition: d"),
            [
                "3: categories[2].key: '1' is already the key of 'a'",
                "3: categories[2].letter: '1' is already the key of 'a'",
            ],
        ),
        (
            "scale: ordinal\n" + flow("name: 1, definition: d", "name: '1.0', definition: d"),
            ["4: categories[2].name: 1.0 must be larger than 1 before it"],
        ),
        (
            one(formerly="[Old, Old]") + "split: [Old, News, Gone]\n",
            [
                "6: split[1]: 'Old' is still a category, or leads to one",
                "6: split[2]: 'News' is still a category, or leads to one",
            ],
        ),
        (
            one(formerly="Old"),
            ["5: categories[1].formerly: must be a list, such as [a name, another], not 'Old'"],
        ),
        (
            one(crosswalk="[News, Forum, Neus]"),
            ["5: categories[1].crosswalk[3]: 'Neus' is not one of the seven; did you mean News? "],
        ),
        ("categories: {a: b}\n", ["1: categories: must be a list of categories, not {'a': 'b'}"]),
        (
            "categories: [3]\n",
            ["1: categories[1]: must be a category with key, name and definition, not '3'"],
        ),
        ("categories:\n", ["1: categories: is empty; must be a list of categories"]),
        (one() + "  - {name: x\n", ["6: not YAML: expected ',' or '}', but got '<stream end>'"]),
        (one(name="a: b"), ["3: not YAML: mapping values are not allowed here"]),
    ],
)
def test_a_fault_names_its_line_its_place_and_what_is_wrong(content: str, faults: list[str]) -> None:
    lines = faults_of(content).splitlines()
    assert len(lines) == len(faults)
    for line, fault in zip(lines, faults, strict=True):
        assert line.startswith(f"categories.yaml:{fault}")


def test_a_key_of_the_app_is_refused_with_the_name_of_its_action() -> None:
    assert "'s' is taken by the app (label.skip)" in faults_of(one(letter="s"))
    assert "'/' is taken by the app (view.find)" in faults_of(one(letter="'/'"))


def test_a_repeated_key_names_its_first_category() -> None:
    content = one() + "  - {key: 1, name: Other, definition: d}\n"
    assert "categories.yaml:5: categories[2].key: '1' is already the key of 'News'" in faults_of(content)


def test_a_wrong_colour_suggests_the_nearest_one() -> None:
    assert "did you mean magenta?" in faults_of(one(colour="magneta"))


def test_a_field_written_twice_is_a_fault() -> None:
    assert "categories.yaml:5: name: written twice" in faults_of(one() + "    name: Again\n")


def test_a_yes_that_yaml_reads_as_a_boolean_is_explained() -> None:
    assert "must be text, and YAML reads yes as something else; put quotes around it" in faults_of(
        one(name="yes")
    )


def test_dates_and_impossible_dates_are_text() -> None:
    assert parse_scheme(one(name="2024-12-05", definition="2024-13-45"), "f", TAKEN).names == ("2024-12-05",)


def test_a_fault_of_the_whole_file_is_reported_at_its_first_line() -> None:
    assert faults_of("- News").startswith("categories.yaml:1: must start with ")


def test_a_file_without_categories_is_no_category_even_when_it_has_a_name() -> None:
    assert "categories.yaml:1: categories: missing\n" in faults_of("name: mine")


def test_an_empty_field_is_reported_as_empty() -> None:
    assert "categories.yaml:3: categories[1].name: is empty; must be text" in faults_of(one(name=""))


def test_a_field_whose_name_is_a_number_is_unknown() -> None:
    assert "categories.yaml:5: categories[1].3: unknown; known: key, name" in faults_of(one() + "    3: x\n")


def test_aliases_that_expand_without_end_are_refused_at_once() -> None:
    levels = "".join(f"y{i}: &b{i + 1} [{', '.join([f'*b{i}'] * 9)}]\n" for i in range(12))
    assert faults_of("x: &b0 [x]\n" + levels + "categories: *b12\n") == (
        "categories.yaml:2: *b0: aliases are not understood here; write out what it stands for"
    )


@pytest.mark.parametrize("field", ["name", "definition", "includes", "excludes"])
def test_control_characters_are_named_by_code_point(field: str) -> None:
    message = faults_of(one(**{field: '"x\\e[31m"'}))
    assert f"categories[1].{field}: holds the control character U+001B" in message
    assert "U+D800" in faults_of(one(definition='"\\ud800"'))
    with pytest.raises(CategoryFileError, match=r"categories\.yaml:2: holds the control character U\+0000"):
        parse_scheme("categories:\n  \x00", "categories.yaml", TAKEN)


def test_an_invisible_name_and_a_key_that_cannot_be_pressed_are_refused() -> None:
    assert "categories[1].name: must be visible" in faults_of(one(name='"\\u200b"'))
    assert "must be one visible character" in faults_of(one(key='"\\u0301"'))


def test_names_that_look_the_same_count_as_repeated() -> None:
    content = one(name="Café") + "  - {key: 2, name: ' cafe\u0301', definition: d}\n"
    assert "is already the name of a category" in faults_of(content)


def test_a_file_that_begins_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    marked = tmp_path / "categories.yaml"
    marked.write_text(one(), "utf-8-sig")
    assert load_scheme(marked, TAKEN).names == ("News",)


def test_an_indentation_by_tab_is_named() -> None:
    with pytest.raises(CategoryFileError, match="a tab at the start of a line\nindent with spaces"):
        parse_scheme("categories:\n\t- x", "f", TAKEN)


@pytest.mark.parametrize(
    "content", ["", "[", "- 1", "categories: 3", "a: &a [*a]", "categories:\n\t- x", "\x00", "42"]
)
def test_a_file_that_holds_no_categories_gives_one_clear_message(content: str) -> None:
    assert faults_of(content).startswith("categories.yaml")


def test_a_rename_keeps_labels_and_a_split_queues_them_again() -> None:
    scheme = parse_scheme(one(formerly="[Press, Reports]") + "split: [Stuff]\n", "f", TAKEN)
    assert scheme.today("Press") == "News"
    assert scheme.today("News") == "News"
    assert scheme.today("Stuff") is None
    assert scheme.split == ("Stuff",)


def test_a_former_name_may_not_lead_to_two_categories() -> None:
    content = one(formerly="[Press]") + "  - {key: 2, name: Other, definition: d, formerly: [Press, News]}\n"
    message = faults_of(content)
    assert "'Press' already leads to 'News'" in message
    assert "'News' is still a category of its own" in message


def test_keys_and_colours_do_not_change_the_hash_but_definitions_do() -> None:
    plain = parse_scheme(one(), "f", TAKEN).hash
    assert parse_scheme(one(key="9", colour="red", letter="w"), "f", TAKEN).hash == plain
    assert parse_scheme(one(definition="other"), "f", TAKEN).hash != plain


def test_a_file_that_is_missing_or_not_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(CategoryFileError, match="no such file"):
        load_scheme(tmp_path / "none.yaml")
    wrong = tmp_path / "wrong.yaml"
    for before, line in ((b"", 1), (b"\n#\n", 3)):
        wrong.write_bytes(before + b"categories: \xff")
        with pytest.raises(CategoryFileError, match=rf"wrong\.yaml:{line}: not UTF-8: byte 0xff"):
            load_scheme(wrong)
    with pytest.raises(CategoryFileError, match="cannot be read"):
        load_scheme(tmp_path)


@given(st.text(max_size=200) | st.text(alphabet="categoris:-[]{}\n keyname'\"&*!|>123", max_size=200))
def test_any_text_is_a_scheme_or_a_clear_error(content: str) -> None:
    try:
        parse_scheme(content, "f", TAKEN)
    except CategoryFileError as fault:
        assert fault.message.startswith("f")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=20,
    )
)
def test_any_yaml_value_in_place_of_a_category_is_a_scheme_or_a_clear_error(value: object) -> None:
    import yaml

    for content in (yaml.safe_dump({"categories": value}), yaml.safe_dump({"categories": [value]})):
        try:
            parse_scheme(content, "f", TAKEN)
        except CategoryFileError as fault:
            assert fault.message.startswith("f:")
