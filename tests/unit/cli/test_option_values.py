"""Tests of what the options and arguments of every command take, and of the values that they have when left out."""

from __future__ import annotations

from collections.abc import Iterator

import click

from command_lines import commands


def parameters() -> Iterator[tuple[str, click.Parameter]]:
    """Yield every parameter under its command, such as "sample --count"."""
    for command, definition in commands():
        for parameter in definition.params:
            yield f"{command} {parameter.opts[-1]}", parameter


def limits(parameter: click.Parameter) -> tuple[float | None, float | None]:
    return getattr(parameter.type, "min", None), getattr(parameter.type, "max", None)


def test_numbers_have_limits_and_defaults() -> None:
    numbers = {
        name: (*limits(parameter), parameter.default if isinstance(parameter.default, int | float) else None)
        for name, parameter in parameters()
        if limits(parameter) != (None, None) and not name.endswith(" --level")
    }
    assert numbers == {
        "annotate --concurrency": (1, 256, 8),
        "annotate --max-tokens": (1, None, 64),
        "annotate --price-in": (0, None, None),
        "annotate --price-out": (0, None, None),
        "annotate --timeout": (1, 24 * 60 * 60, 120),
        "classify --tasks": (1, None, None),
        "classify --workers": (1, None, None),
        "estimate --pool": (100, None, 5000),
        "export --look": (1, 2, None),
        "label --seed": (0, None, None),
        "label --target": (1, 1_000_000_000, None),
        "mix --next": (1, 100_000, None),
        "plan --target": (1, 1_000_000_000, None),
        "practice --count": (1, 60, 20),
        "relabel --count": (1, None, None),
        "sample --count": (1, None, None),
        "sample --from": (0, None, 0),
        "sample --seed": (0, None, None),
        "serve --port": (0, 65_535, 8127),
        "serve --sessions": (1, 100, 4),
        "summary --to": (0.1, 50, None),
    }


def test_levels_of_intervals_are_the_same_everywhere() -> None:
    levels = {
        (*limits(parameter), parameter.default)
        for name, parameter in parameters()
        if name.endswith(" --level")
    }
    assert levels == {(0.5, 0.999, 0.95)}


def test_what_has_to_be_given_is_required() -> None:
    assert {name for name, parameter in parameters() if parameter.required} == {
        "annotate --model",
        "browse corpus",
        "classify --output",
        "classify corpus",
        "completion shell",
        "import files",
        "ledger show id_prefix",
        "merge others",
        "mix weights",
        "plan --target",
        "plan corpus",
        "report file",
        "sample corpora",
    }


def test_arguments_of_which_a_command_takes_several_take_any_number() -> None:
    several = {"corpora", "files", "others", "weights"}
    arguments = [parameter for _, parameter in parameters() if isinstance(parameter, click.Argument)]
    assert all((argument.nargs == -1) == (argument.name in several) for argument in arguments)


def test_files_and_folders_are_told_apart_before_a_command_begins() -> None:
    paths = {
        name: parameter.type for name, parameter in parameters() if isinstance(parameter.type, click.Path)
    }
    assert {name for name, path in paths.items() if not path.file_okay} == {
        "classify --output",
        "estimate --from",
        "merge others",
    }
    assert {name for name, path in paths.items() if path.exists} == {
        "annotate --import-batch",
        "import files",
        "merge others",
    }
    folders = {name for name, path in paths.items() if path.dir_okay and path.file_okay}
    assert {name for name in folders if not name.endswith((" --labels", " --categories"))} == {
        "export --output",
        "import files",
        "serve --token-file",
    }


def test_commands_that_are_about_everybody_know_no_annotator() -> None:
    named = {name.removesuffix(" --annotator") for name, _ in parameters() if name.endswith(" --annotator")}
    assert {name for name, _ in commands()} - named == {
        "agreement",
        "annotate",
        "classify",
        "completion",
        "doctor",
        "estimate",
        "filters",
        "init",
        "ledger",
        "ledger check",
        "ledger compact",
        "ledger show",
        "merge",
        "plan",
        "practice",
        "schemes",
    }
