"""Every third-party file we serve is listed, unchanged, and credited."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def vendor(root: Path) -> Path:
    return root / "web" / "static" / "vendor"


@pytest.fixture(scope="module")
def manifest(vendor: Path) -> list[dict[str, str]]:
    entries: list[dict[str, str]] = tomllib.loads((vendor / "MANIFEST.toml").read_text())["file"]
    return entries


def test_every_file_in_the_folder_is_in_the_manifest(
    vendor: Path, manifest: list[dict[str, str]]
) -> None:
    listed = {entry["file"] for entry in manifest} | {entry["licence_file"] for entry in manifest}
    there = {path.relative_to(vendor).as_posix() for path in vendor.rglob("*") if path.is_file()}
    assert there - listed == {"MANIFEST.toml"}


def test_every_file_is_the_one_that_was_published(
    vendor: Path, manifest: list[dict[str, str]]
) -> None:
    found = {e["file"]: hashlib.sha256((vendor / e["file"]).read_bytes()) for e in manifest}
    wanted = {entry["file"]: entry["sha256"] for entry in manifest}
    assert {name: sha256.hexdigest() for name, sha256 in found.items()} == wanted


def test_every_licence_text_is_there(vendor: Path, manifest: list[dict[str, str]]) -> None:
    missing = [e["licence_file"] for e in manifest if not (vendor / e["licence_file"]).is_file()]
    assert missing == []


def test_every_file_is_credited(root: Path, vendor: Path, manifest: list[dict[str, str]]) -> None:
    notices = (root / "THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8")
    rows = [_row(entry, (vendor / entry["file"]).resolve().relative_to(root)) for entry in manifest]
    assert [row for row in rows if row not in notices] == []


def test_every_licence_text_is_quoted(
    root: Path, vendor: Path, manifest: list[dict[str, str]]
) -> None:
    notices = (root / "THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8")
    texts = {e["licence_file"]: (vendor / e["licence_file"]).read_text() for e in manifest}
    assert [name for name, text in texts.items() if text.strip() not in notices] == []


def _row(entry: dict[str, str], path: Path) -> str:
    return f"| `{path.as_posix()}` | {entry['name']} {entry['version']} | {entry['licence']} |"
