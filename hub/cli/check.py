"""`hub check`: is everything that people wrote right? Works whether a hub runs or not.

It looks at a copy of the database, so that nothing it does can reach the house.
"""

from __future__ import annotations

import asyncio
import importlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

import click
import msgspec

from hub.app import PARTS, Hub, build
from hub.checks import Check, Checked, Problem
from hub.cli import output
from hub.cli.exits import FAILED
from hub.cli.group import example
from hub.cli.house import House, pass_house
from hub.config import Config
from hub.errors import HubError
from store.database import Database
from store.trouble import StoreError


@click.command(epilog=example("hub check", "hub check --json"))
@output.json_option
@pass_house
@click.pass_context
def check(context: click.Context, house: House, as_json: bool) -> None:
    """Check hub.toml, every blueprint and every skill.

    Each problem is told with its file, line and path. Exits with 1 when there is an error.
    """
    try:
        looked_at = [Checked(f"the settings ({house.config_path})"), *_look(house.config)]
    except HubError as error:
        looked_at = [Checked("the settings", [Problem.of(error, "settings")])]
    problems = [problem for one in looked_at for problem in one.problems]
    if as_json:
        output.document(
            {"checked": [one.what for one in looked_at], "problems": [asdict(p) for p in problems]}
        )
    else:
        _say(looked_at, problems)
    if any(problem.level == "error" for problem in problems):
        context.exit(FAILED)


def _say(looked_at: list[Checked], problems: list[Problem]) -> None:
    for problem in problems:
        click.echo(str(problem))
    click.echo(f"Checked {', '.join(one.what for one in looked_at)}.")
    errors = sum(problem.level == "error" for problem in problems)
    warnings = len(problems) - errors
    click.echo(f"{errors} errors, {warnings} warnings." if problems else "Nothing is wrong.")


def _look(config: Config) -> list[Checked]:
    return asyncio.run(_check_all(config))


async def _check_all(config: Config) -> list[Checked]:
    with tempfile.TemporaryDirectory(prefix="hub-check-") as temporary:
        copy = Path(temporary)
        try:
            await _copy(config.data, copy)
            async with _opened(config, copy) as hub:
                found = [await _integrations(hub)]
                found += [await check() for check in _offered(hub)]
        except (StoreError, OSError) as error:
            why = error.__cause__ or error  # the rest of the sentence is about the copy
            problem = Problem(
                "error", "database", f"It can't be read: {why}.", "hub doctor looks for the reason.",
                file=str(config.data / "hub.db"),
            )  # fmt: skip
            return [Checked("the database", [problem])]
    return found


@asynccontextmanager
async def _opened(config: Config, folder: Path) -> AsyncIterator[Hub]:
    """A hub on the copy: everything is read, nothing is started."""
    hub = build(
        msgspec.structs.replace(
            config,
            storage=msgspec.structs.replace(config.storage, data=str(folder)),
            integrations=msgspec.structs.replace(config.integrations, folder=str(config.community)),
        )
    )
    try:
        await hub.open()
        yield hub
    finally:
        await hub.stop()


async def _copy(folder: Path, copy: Path) -> None:
    if (folder / "hub.db").exists():
        await Database(folder).backup(copy / "hub.db")
    if (folder / "blueprints").is_dir():
        (copy / "blueprints").symlink_to((folder / "blueprints").resolve())


def _offered(hub: Hub) -> list[Check]:
    for name in PARTS:
        hub.plugins.register(importlib.import_module(name), name)
    return [check for offered in hub.plugins.hook.checks(hub=hub) for check in offered]


async def _integrations(hub: Hub) -> Checked:
    await hub.plugins.declare(hub.config.integrations.enabled)
    found = hub.plugins.all()
    problems = [
        Problem.of(one.error, f"integration {one.domain}", str(one.found.folder))
        for one in found
        if one.error
    ]
    return Checked(f"{len(found)} integrations", problems)
