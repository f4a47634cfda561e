"""`hub token`: long-lived tokens for programs that use the API."""

from __future__ import annotations

import click

from hub.cli import output
from hub.cli.client import reach
from hub.cli.group import example
from hub.cli.house import House, pass_house

_DAY = 86_400.0


@click.group(epilog=example("hub token create dashboard"))
def token() -> None:
    """Long-lived tokens for programs that use the API."""


@token.command("create", epilog=example("hub token create dashboard --for Mara --days 365"))
@click.argument("name")
@click.option("--for", "person", default="", help="Whose token; the owner's unless said otherwise.")
@click.option("--days", type=click.FloatRange(min=0, min_open=True), help="It ends after so long.")
@output.json_option
@pass_house
def create_token(house: House, name: str, person: str, days: float | None, as_json: bool) -> None:
    """Make a token called NAME. It is printed once, and never shown again.

    A program sends it as `Authorization: Bearer TOKEN`; it may do what its person may.
    """
    body = {"name": name, "person": person, "lasts": days and days * _DAY}
    wanted = {key: value for key, value in body.items() if value}
    answer = reach(house).post("tokens", body=wanted)
    if as_json:
        return output.document(answer)
    click.echo("Keep it as you keep a password; it is not shown again:", err=True)
    return click.echo(answer["token"])


@token.command("list", epilog=example("hub token list"))
@output.json_option
@pass_house
def list_tokens(house: House, as_json: bool) -> None:
    """List the owner's tokens, without the tokens themselves."""
    found = reach(house).get("tokens")
    if as_json:
        return output.document(found)
    rows = [
        (t["id"], t["name"], *(output.when(t[k]) for k in ("created_at", "used_at", "expires_at")))
        for t in found
    ]
    return output.table(("id", "name", "made", "last used", "ends"), rows, "There is no token.")


@token.command("remove", epilog=example("hub token remove 19ab3c000012"))
@click.argument("token_id")
@pass_house
def remove_token(house: House, token_id: str) -> None:
    """Revoke a token: programs that use it are turned away from now on."""
    reach(house).delete("tokens", token_id)
    click.echo("Removed.")
