"""What the repository holds: its files, and the Python among them as syntax trees."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("hub", "integrations", "skills", "store", "web")


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def files(root: Path) -> list[Path]:
    """Every file of the repository, also the new ones that are not committed yet."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = [root / name for name in sorted(set(listed.split("\0"))) if name]
    return [path for path in paths if path.is_file()]


@pytest.fixture(scope="session")
def trees(root: Path, files: list[Path]) -> dict[str, ast.Module]:
    """The syntax tree of each Python file, by its path in the repository."""
    python = [path for path in files if path.suffix == ".py"]
    return {
        path.relative_to(root).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in python
    }


@pytest.fixture(scope="session")
def texts(root: Path, files: list[Path]) -> dict[str, str]:
    """What each text file says, by its path in the repository."""
    contents = {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
    return {name: raw.decode() for name, raw in contents.items() if b"\0" not in raw}


@pytest.fixture(scope="session")
def packages() -> tuple[str, ...]:
    return PACKAGES
