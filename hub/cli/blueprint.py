"""`hub blueprint`: skills with blanks."""

from __future__ import annotations

import click

from hub.cli import output
from hub.cli.client import reach
from hub.cli.group import example
from hub.cli.house import House, pass_house


@click.group(epilog=example("hub blueprint list"))
def blueprint() -> None:
    """Blueprints: skills with blanks."""


@blueprint.command("list", epilog=example("hub blueprint list --json"))
@output.json_option
@pass_house
def list_blueprints(house: House, as_json: bool) -> None:
    """List the blueprints there are, and those that can't be read."""
    found = reach(house).get("blueprints")
    if as_json:
        return output.document(found)
    rows = [(b["path"], b["name"], b["description"][:80]) for b in found["blueprints"]]
    output.table(("path", "name", "what it does"), rows, "There is no blueprint.")
    for broken in found["broken"]:
        error = broken["error"]
        click.echo(
            f"{broken['path']} can't be read: {error['sentence']} {error['remedy']}".rstrip()
        )
    return None
