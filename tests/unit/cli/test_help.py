"""Tests of the help of every command: its examples parse, it says what is read and written, it fits 80 columns."""

from __future__ import annotations

import re

import click
import pytest

from command_lines import calls_in, check, commands
from corpuscope.cli import SECTIONS, main

EVERY = dict(commands())


def help_of(name: str) -> str:
    command = EVERY[name]
    return command.get_help(
        click.Context(command, info_name=f"corpuscope {name}", terminal_width=80, **main.context_settings)
    )


@pytest.mark.parametrize("name", EVERY)
def test_every_command_has_examples_of_itself_that_parse(name: str) -> None:
    _, heading, examples = help_of(name).partition("Examples:\n")
    assert heading
    calls = calls_in(examples.partition("\n\n")[0])
    assert any(call.startswith(f"corpuscope {name}") for call in calls)
    for call in calls:
        check(call)


@pytest.mark.parametrize("name", EVERY)
def test_every_command_says_what_it_reads_and_where_its_output_goes(name: str) -> None:
    text = " ".join(help_of(name).split())
    assert re.search(r"\bReads (and writes )?\S+", text)
    assert re.search(r"\b[Ww]rit|standard output", text.partition("Reads")[2].partition("Examples:")[0])


@pytest.mark.parametrize("name", EVERY)
def test_help_fits_80_columns_and_the_list_of_commands(name: str) -> None:
    assert all(len(line) <= 80 for line in help_of(name).splitlines())
    assert not EVERY[name].get_short_help_str(66).endswith("...")


def test_an_invalid_call_is_detected() -> None:
    with pytest.raises(click.NoSuchOption):
        check("corpuscope summary --formt json")
    assert calls_in(
        '  corpuscope report a.md --question "a | b" > x\neval "$(corpuscope completion bash)"'
    ) == [
        'corpuscope report a.md --question "a | b"',
        "corpuscope completion bash",
    ]


def test_the_commands_stand_under_headings_in_one_column() -> None:
    context = click.Context(main, info_name="corpuscope", terminal_width=80, **main.context_settings)
    lines = main.get_help(context).splitlines()
    for heading, section in SECTIONS.items():
        start = lines.index(f"{heading}:") + 1
        rows = lines[start : start + len(section)]
        assert [row[:14] for row in rows] == [f"  {name:12}" for name in section]


@pytest.mark.parametrize("name", EVERY)
def test_every_default_and_number_is_shown_in_one_form(name: str) -> None:
    text = help_of(name).partition("Options:\n")[2]
    assert "]." not in text, "a default follows the sentence"
    assert not re.search(r"INTEGER|FLOAT|RANGE|None", text)
