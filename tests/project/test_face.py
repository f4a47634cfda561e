"""The face for integrations: what type checkers are told is what is there."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import hub

# The stub spells the names out, so type checkers do not know this list.
FACE: list[str] = vars(hub)["__all__"]


def told(root: Path) -> set[str]:
    """The names that the stub of `hub` exports."""
    stub = ast.parse((root / "hub" / "__init__.pyi").read_text(encoding="utf-8"))
    lines = [node for node in stub.body if isinstance(node, ast.ImportFrom)]
    return {alias.asname or alias.name for line in lines for alias in line.names}


def test_the_stub_exports_what_the_module_does(root: Path) -> None:
    assert told(root) == set(FACE)


@pytest.mark.parametrize("name", FACE)
def test_every_name_can_be_imported(name: str) -> None:
    assert getattr(hub, name) is not None
