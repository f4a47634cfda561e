"""What is installed is pinned, hashed, and credited."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)
LOCKS = ["runtime", "dev", "llama", "llama-build"]


def pins(root: Path, lock: str) -> dict[str, set[str]]:
    """The versions of each package; some have one for each Python version."""
    found: dict[str, set[str]] = {}
    for name, version in PIN.findall((root / "requirements" / f"{lock}.txt").read_text()):
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(root: Path, lock: str) -> None:
    text = (root / "requirements" / f"{lock}.txt").read_text()
    blocks = re.split(r"\n(?=[a-z0-9-]+==)", text)[1:]
    assert [block.split(" ")[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_index(root: Path, lock: str) -> None:
    text = (root / "requirements" / f"{lock}.txt").read_text()
    assert re.findall(r"^--(?!hash).*|https?://\S+| @ \S+", text, re.MULTILINE) == []


@pytest.mark.parametrize("lock", ["dev", "llama", "llama-build"])
def test_locks_agree_with_one_another(root: Path, lock: str) -> None:
    runtime, other = pins(root, "runtime"), pins(root, lock)
    assert {n: other[n] for n in runtime.keys() & other.keys() if other[n] != runtime[n]} == {}


def test_the_developers_lock_holds_what_the_hub_needs(root: Path) -> None:
    assert pins(root, "runtime").keys() - pins(root, "dev").keys() == set()


def test_every_declared_dependency_is_pinned(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    declared = project["dependencies"] + project["optional-dependencies"]["dev"]
    names = {re.split(r"[\[><=,; ]", line)[0] for line in declared}
    assert names - pins(root, "dev").keys() == set()


def test_every_library_that_is_installed_is_credited(root: Path) -> None:
    notices = (root / "THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8")
    assert [name for name in pins(root, "runtime") if f"\n| {name} |" not in notices] == []
