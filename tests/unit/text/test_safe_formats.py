"""Tests of JSON and CSV that survive their readers, and of data that is drawn on a terminal."""

from __future__ import annotations

import csv
import io
import json
import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpuscope.cli.stdout import DrawnStream
from corpuscope.text.safe_csv import CsvWriter, cell_text, text_cell
from corpuscope.text.safe_json import json_text, without_surrogates
from corpuscope.text.terminal_text import printable
from hostile import PAYLOADS, Payload, leaks

SELECTORS = {chr(code) for code in range(0xFE00, 0xFE10)}
CELLS = st.text(st.characters(exclude_categories=["Cs"]))


def written(rows: list[list[str]], *, spreadsheet: bool = False) -> str:
    stream = io.StringIO(newline="")
    CsvWriter(stream, spreadsheet=spreadsheet).rows(rows)
    return stream.getvalue()


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload.name)
def test_json_holds_no_character_that_a_terminal_acts_on(payload: Payload) -> None:
    line = json_text({payload.text: payload.text}).decode()
    assert set(leaks(line)) <= {f"U+{ord(selector):04X}" for selector in SELECTORS}
    text = without_surrogates(payload.text)
    assert json.loads(line) == {text: text}


def test_numbers_that_json_cannot_write_are_null() -> None:
    value = {"score": math.nan, "list": [math.inf, 1.5], "ends": (-math.inf, 2)}
    assert json_text(value) == b'{"score": null, "list": [null, 1.5], "ends": [null, 2]}'


@given(st.text())
def test_json_of_any_text_is_one_line_and_exact(text: str) -> None:
    line = json_text(text).decode()
    assert len(line.splitlines()) == 1
    assert json.loads(line) == json.loads(json.dumps(text))


@given(st.lists(st.lists(CELLS, min_size=2, max_size=3), max_size=4))
def test_csv_of_any_cells_is_read_back_exactly(rows: list[list[str]]) -> None:
    assert list(csv.reader(io.StringIO(written(rows), newline=""), strict=True)) == rows


def test_a_lone_carriage_return_is_quoted() -> None:
    assert written([["a\rb", "c"], ["d", "e"]]) == '"a\rb",c\nd,e\n'


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_spreadsheet_takes_no_cell_for_a_formula(start: str) -> None:
    formula = f"{start}HYPERLINK(A1)"
    [[cell]] = csv.reader(io.StringIO(written([[formula]], spreadsheet=True), newline=""))
    assert cell == f"'{formula}"
    assert written([[formula, "b"]]).lstrip('"').startswith(start), "without --spreadsheet a cell is exact"


@given(CELLS)
@example("'=1")
@example("''-")
def test_a_cell_for_a_spreadsheet_gives_its_text_back(text: str) -> None:
    assert cell_text(text_cell(text)) == text


def test_numbers_stay_numbers_for_a_spreadsheet() -> None:
    assert text_cell(-1) == -1


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload.name)
def test_data_on_a_terminal_is_drawn(payload: Payload) -> None:
    terminal = io.BytesIO()
    stream = DrawnStream(terminal)
    data = f"{payload.text}\nnext {payload.text}".encode("utf-8", "surrogatepass")
    for start in range(0, len(data), 3):
        stream.write(data[start : start + 3])
    stream.flush()
    drawn = terminal.getvalue().decode()
    assert leaks(drawn.replace("\n", "")) == []
    assert drawn == printable(data.decode("utf-8", "replace"))
