"""An integration's own commands are found when they are typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hub.cli.conftest import type_in

LAMP = """
import click
from hub import hookimpl

@click.command()
@click.argument("room")
def lamp(room):
    click.echo(f"The lamp of {room} blinks.")

@hookimpl
def commands():
    return [lamp]
"""


@pytest.fixture(autouse=True)
def lamp(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = folder / "integrations" / "lamp"
    place.mkdir(parents=True)
    (place / "integration.toml").write_text('domain = "lamp"\nname = "Lamp"\nversion = "1"\n')
    (place / "__init__.py").write_text(LAMP)
    monkeypatch.setenv("HUB_INTEGRATIONS_ENABLED", "lamp")
    return place


def test_a_command_of_an_integration_runs() -> None:
    typed = type_in("lamp", "hall")
    assert (typed.code, typed.out) == (0, "The lamp of hall blinks.\n")


def test_an_integration_that_is_not_enabled_adds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_INTEGRATIONS_ENABLED", "")
    assert type_in("lamp", "hall").code == 2


def test_an_integration_that_is_broken_or_missing_stops_no_other(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = folder / "integrations" / "broken"
    broken.mkdir()
    (broken / "__init__.py").write_text("import nothing_like_it\n")
    monkeypatch.setenv("HUB_INTEGRATIONS_ENABLED", "moon,broken,lamp")
    assert type_in("lamp", "hall").code == 0
