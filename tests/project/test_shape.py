"""Files and functions stay small enough to read in one go, and each has a home."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

LINES_A_FILE = 400
LINES_A_FUNCTION = 60

# Files that may be longer, each with its reason: a table that is data, or text a tool writes.
LONGER = {
    "store/migrations/0001_initial.py": "written by `tortoise makemigrations`",
}

DRAWERS = re.compile(r"(^|/)(utils?|helpers?|common|misc|const|constants)(\.py|/)")

# An exception from a check says why, on its line or in a comment right above it:
# "noqa: CODE - reason", "type: ignore[code]  # reason".
BARE_EXCEPTION = re.compile(r"#\s*(noqa(: ?[A-Z0-9, ]+)?|type: ignore(\[[\w, -]+\])?)\s*$")


def test_a_file_has_at_most_400_lines(texts: dict[str, str]) -> None:
    lengths = {name: text.count("\n") for name, text in texts.items() if name.endswith(".py")}
    long = [f"{n}: {c}" for n, c in lengths.items() if c > LINES_A_FILE and n not in LONGER]
    assert long == [], "\n".join(long)


def test_a_function_has_at_most_60_lines(trees: dict[str, ast.Module]) -> None:
    long = {
        f"{name}:{function.lineno} {function.name}": lines
        for name, tree in trees.items()
        if name not in LONGER
        for function, lines in _functions(tree)
        if lines > LINES_A_FUNCTION
    }
    assert long == {}, "\n".join(long)


def test_a_file_that_may_be_longer_is_there(texts: dict[str, str]) -> None:
    assert [name for name in LONGER if name not in texts] == []


def test_nothing_lives_in_a_drawer(texts: dict[str, str]) -> None:
    assert [name for name in texts if DRAWERS.search(name)] == []


def test_every_exception_from_a_check_says_why(texts: dict[str, str]) -> None:
    bare = [
        f"{name}:{number}"
        for name, text in texts.items()
        if name.endswith(".py")
        for number, above, line in _lines(text)
        if BARE_EXCEPTION.search(line) and not above.lstrip().startswith("#")
    ]
    assert bare == [], "\n".join(bare)


def test_the_tests_are_no_package(texts: dict[str, str]) -> None:
    assert [n for n in texts if re.fullmatch(r"tests/(.*/)?__init__\.py", n)] == []


def test_tests_mirror_the_folders(root: Path, texts: dict[str, str]) -> None:
    rooms = {name.split("/")[1] for name in texts if re.fullmatch(r"tests/\w+/.*\.py", name)}
    known = {path.name for path in root.iterdir() if path.is_dir()} | {"journeys", "project"}
    assert rooms - known == set()


def _functions(tree: ast.AST) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node, (node.end_lineno or node.lineno) - node.lineno + 1


def _lines(text: str) -> Iterator[tuple[int, str, str]]:
    """Each line with its number and the line above it."""
    lines = text.splitlines()
    yield from zip(range(1, len(lines) + 1), ["", *lines], lines, strict=False)
