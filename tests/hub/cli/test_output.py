"""Tables and lines on a terminal."""

from __future__ import annotations

import pytest

from hub.cli import output


def test_columns_are_as_wide_as_what_stands_in_them(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(("name", "on"), [("Hall", True), ("走廊的灯", False)], "none")
    assert capsys.readouterr().out.splitlines() == [
        "name      on",
        "Hall      yes",
        "走廊的灯  no",
    ]


def test_a_table_without_rows_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(("name",), [], "Nobody yet.")
    assert capsys.readouterr().out == "Nobody yet.\n"


def test_a_cell_stays_in_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(("a", "b"), [("two\nlines", None), (["x"], 1.5)], "")
    assert capsys.readouterr().out.splitlines()[1:] == ["two lines", '["x"]      1.5']


def test_json_keeps_letters_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    output.line({"name": "Küche"})
    assert capsys.readouterr().out == '{"name": "Küche"}\n'


@pytest.mark.parametrize("text,columns", [("", 0), ("Flur", 4), ("灯", 2), ("e\u0301", 1)])
def test_how_wide_a_text_is(text: str, columns: int) -> None:
    assert output.width(text) == columns


def test_no_time_is_no_text() -> None:
    assert (output.when(None), len(output.when(1_750_000_000.0))) == ("", 19)
