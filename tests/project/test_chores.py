"""The chores that the documents name are there, and do what their one word says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

TARGET = re.compile(r"^([a-z]+):.*?(?:## (.+))?$", re.MULTILINE)
# In code: `make run`, or the first word of a line in a code block.
NAMED = re.compile(r"(?:`|^\s*(?:\$ )?)make ([a-z]+)(?=`|\s|$)", re.MULTILINE)
CHORES = {"run", "test", "check", "bench", "docs", "lock", "llama", "vendor", "fmt", "clean"}


@pytest.fixture(scope="module")
def targets(root: Path) -> dict[str, str]:
    return dict(TARGET.findall((root / "Makefile").read_text(encoding="utf-8")))


def test_every_chore_is_there(targets: dict[str, str]) -> None:
    assert set(targets) - {"help"} == CHORES


def test_every_chore_says_what_it_does(targets: dict[str, str]) -> None:
    assert [name for name, sentence in targets.items() if not sentence] == []


def test_every_chore_a_document_names_is_there(
    targets: dict[str, str], texts: dict[str, str]
) -> None:
    named = {
        f"{name}: make {chore}"
        for name, text in texts.items()
        if name.endswith(".md")
        for chore in NAMED.findall(text)
        if chore not in targets
    }
    assert named == set()


def test_make_alone_lists_the_chores(root: Path) -> None:
    listed = subprocess.run(["make"], cwd=root, check=True, capture_output=True, text=True)
    assert {line.split()[1] for line in listed.stdout.splitlines()} == CHORES | {"help"}


@pytest.fixture
def clone(root: Path, tmp_path: Path) -> Path:
    """The parts of a fresh clone that the set-up reads."""
    clone = tmp_path / "a clone"
    (clone / "scripts").mkdir(parents=True)
    shutil.copytree(root / "requirements", clone / "requirements")
    shutil.copy(root / "pyproject.toml", clone)
    shutil.copy(root / "scripts" / "setup.sh", clone / "scripts")
    return clone


def python(folder: Path, name: str, answer: str) -> None:
    """Put a stand-in for a Python into a folder: a program that answers as that one would."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{answer}\n")
    program.chmod(0o755)


def set_up(clone: Path, *names: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["scripts/setup.sh", "runtime"],
        cwd=clone,
        env={"PATH": f"{clone}:{os.environ['PATH']}", "PYTHON": " ".join(names)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_setting_up_without_a_fit_python_says_which_is_needed(clone: Path) -> None:
    python(clone, "python3.9", "exit 1")
    done = set_up(clone, "python3.9")
    assert (done.returncode, "needs Python 3.11 or newer" in done.stderr) == (1, True)


def test_setting_up_without_the_venv_module_says_what_to_install(clone: Path) -> None:
    python(clone, "python3", 'case "$2" in *ensurepip*) exit 1 ;; esac')
    done = set_up(clone, "python3")
    assert (done.returncode, "sudo apt install python3-venv" in done.stderr) == (1, True)


def test_setting_up_takes_the_python_that_can_make_an_environment(clone: Path) -> None:
    python(clone, "python3.12", 'case "$2" in *ensurepip*) exit 1 ;; esac')
    python(clone, "python3.11", '[ "$1" != -V ] || echo Python 3.11.9; [ "$2" != venv ] || exit 7')
    done = set_up(clone, "python3.12", "python3.11")
    assert (done.returncode, "with Python 3.11.9" in done.stderr) == (7, True)


def test_what_is_installed_is_not_installed_again(clone: Path) -> None:
    (clone / ".venv" / "bin").mkdir(parents=True)
    python(clone / ".venv" / "bin", "python", "exit 9")
    parts = [clone / "pyproject.toml", clone / "requirements" / "runtime.txt"]
    stamp = f"{clone}\n" + "".join(part.read_text() for part in parts)
    (clone / ".venv" / "installed-runtime.txt").write_text(stamp)
    assert set_up(clone).returncode == 0


def test_a_changed_lock_is_installed(clone: Path) -> None:
    (clone / ".venv" / "bin").mkdir(parents=True)
    python(clone / ".venv" / "bin", "python", '[ "$2" != pip ] || exit 9')
    (clone / ".venv" / "installed-runtime.txt").write_text(f"{clone}\nan older lock\n")
    done = set_up(clone)
    assert (done.returncode, "pip's own words are above" in done.stderr) == (1, True)
