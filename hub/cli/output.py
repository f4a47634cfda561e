"""How commands print: for people as tables and lines, with --json for programs."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def json_option(command: F) -> F:
    """Adds --json; the command gets `as_json`."""
    option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
    return option(command)


def document(data: Any) -> None:
    """One JSON document."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


def line(data: Any) -> None:
    """One JSON document in one line, sent off at once."""
    click.echo(json.dumps(data, ensure_ascii=False))


def table(headers: Sequence[str], rows: Iterable[Sequence[Any]], otherwise: str) -> None:
    """Columns as wide as what stands in them; `otherwise` is said when there is no row."""
    cells = [[_text(cell) for cell in row] for row in rows]
    if not cells:
        click.echo(otherwise)
        return
    widths = [max(map(width, column)) for column in zip(headers, *cells, strict=True)]
    for row in (headers, *cells):
        padded = (c + " " * (w - width(c)) for c, w in zip(row, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def facts(data: Mapping[str, Any], indent: str = "  ") -> None:
    """One `name: value` a line."""
    for name, value in data.items():
        click.echo(f"{indent}{name}: {_text(value)}")


def when(seconds: float | None) -> str:
    """Epoch seconds as local time; empty for None."""
    if seconds is None:
        return ""
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def width(text: str) -> int:
    """Columns on a terminal: Chinese, Japanese and Korean characters take two (UAX #11)."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return " ".join(value.split())
    return "" if value is None else json.dumps(value, ensure_ascii=False)
