"""`hub user`: the people of this home. Works with a running hub and without one."""

from __future__ import annotations

import sys

import click

from hub.cli import output
from hub.cli.client import reach
from hub.cli.exits import NotRunning
from hub.cli.group import example
from hub.cli.house import House, pass_house
from hub.cli.roster import Roster, RunningRoster, StoredRoster
from hub.errors import Invalid

_from_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


@click.group(epilog=example("hub user add Mara --role owner"))
def user() -> None:
    """The people of this home and their passwords."""


@user.command(
    "add",
    epilog=example(
        "hub user add Mara --role owner",
        "hub user add Robot --role guest --no-password",
    ),
)
@click.argument("name")
@click.option("--role", default="adult", show_default=True, help="owner, adult, child or guest.")
@click.option("--sign-in-name", default="", help="What they type to sign in; NAME unless given.")
@_from_stdin
@click.option("--no-password", is_flag=True, help="Somebody who never signs in.")
@output.json_option
@pass_house
def add_user(
    house: House,
    name: str,
    role: str,
    sign_in_name: str,
    password_stdin: bool,
    no_password: bool,
    as_json: bool,
) -> None:
    """Add a person. The password is asked for twice, on the terminal."""
    if password_stdin and no_password:
        raise click.UsageError("--password-stdin and --no-password exclude one another.")
    roster = _roster(house)
    password = None if no_password else _password(password_stdin)
    made = roster.add(name, password, role, sign_in_name)
    if as_json:
        return output.document(made)
    way = "" if no_password else f"; they sign in as {made['sign_in_name']}"
    return click.echo(f"Added {made['name']} as {made['role']}{way}.")


@user.command("list", epilog=example("hub user list --json"))
@output.json_option
@pass_house
def list_users(house: House, as_json: bool) -> None:
    """List everybody with their role."""
    found = _roster(house).all()
    if as_json:
        return output.document(found)
    rows = [(p["name"], p["role"], p["sign_in_name"], p["disabled"], p["id"]) for p in found]
    headers = ("name", "role", "signs in as", "disabled", "id")
    return output.table(
        headers, rows, "Nobody yet. The first visit, or hub user add, changes that."
    )


@user.command(
    "password",
    epilog=example(
        "hub user password Mara", "pass hub/mara | hub user password Mara --password-stdin"
    ),
)
@click.argument("name")
@_from_stdin
@pass_house
def change_password(house: House, name: str, password_stdin: bool) -> None:
    """Give a person a new password; they are signed out everywhere."""
    roster = _roster(house)
    roster.change_password(name, _password(password_stdin))
    click.echo(f"{name} has a new password.")


@user.command("remove", epilog=example("hub user remove Robot --yes"))
@click.argument("name")
@click.option("--yes", is_flag=True, help="Don't ask.")
@pass_house
def remove_user(house: House, name: str, yes: bool) -> None:
    """Remove a person with their sessions, tokens and notification targets."""
    if not yes:
        click.confirm(f"Remove {name} with everything of theirs?", abort=True)
    _roster(house).remove(name)
    click.echo(f"Removed {name}.")


def _roster(house: House) -> Roster:
    try:
        client = reach(house)
        if client.is_there():
            return RunningRoster(client)
    except NotRunning:
        pass  # then its store is free
    return StoredRoster(house.config.data)


def _password(from_stdin: bool) -> str:
    if not from_stdin:
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt="Once more")
        return typed
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise Invalid("No password came on standard input.")
    return line
