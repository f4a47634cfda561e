"""The reference in docs/ says what the code says."""

from __future__ import annotations

from pathlib import Path

from scripts import reference


def test_the_reference_is_written_from_this_code(root: Path) -> None:
    folder = root / "docs" / "reference"
    there = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    assert there == reference.pages(), "type: make docs"
