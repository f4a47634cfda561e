"""Compiled templates are kept between starts, where that can be done."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest
from starlette.applications import Starlette

from hub.testing import House, hub_for_test
from web.app import build


async def made(folder: Path) -> tuple[House, Starlette]:
    async with hub_for_test(parts=("skills",), folder=folder) as house:
        return house, build(house.hub)


async def test_the_second_start_compiles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await made(tmp_path)
    assert list((tmp_path / "cache").rglob("*.cache"))
    monkeypatch.delattr(jinja2.Environment, "_generate")
    await made(tmp_path)


async def test_what_was_kept_and_is_broken_is_compiled_again(tmp_path: Path) -> None:
    await made(tmp_path)
    for kept in (tmp_path / "cache").rglob("*.cache"):
        kept.write_bytes(b"torn")
    await made(tmp_path)


async def test_a_folder_that_can_not_be_written_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way")
    await made(tmp_path)
    assert (tmp_path / "cache").read_text() == "in the way"
