"""`hub action`: the one door to every effect, from the terminal."""

from __future__ import annotations

from typing import Any

import click

from hub.cli import given, output
from hub.cli.client import reach
from hub.cli.group import example
from hub.cli.house import House, pass_house


@click.group(epilog=example("hub action call light.turn_on --target light.hall"))
def action() -> None:
    """Do something: call an action."""


@action.command("list", epilog=example("hub action list --domain light"))
@click.option("--domain", default="", help="Only actions of this domain, such as light.")
@output.json_option
@pass_house
def list_actions(house: House, domain: str, as_json: bool) -> None:
    """List the actions there are, with the fields of their data."""
    found = reach(house).get("actions", domain=domain)
    if as_json:
        return output.document(found)
    rows = [(a["name"], a["summary"].partition("\n")[0], _fields(a)) for a in found]
    return output.table(("action", "what it does", "data"), rows, "There is no such action.")


@action.command(
    "call",
    epilog=example(
        "hub action call light.turn_on --target light.hall --data brightness=200",
        "hub action call light.turn_off --target area:kitchen --dry-run",
        """hub action call notify.send --data '{"message": "Dinner", "person": "everyone"}'""",
    ),
)
@click.argument("name")
@click.option(
    "--target",
    multiple=True,
    metavar="TARGET",
    help="An entity, or area:ID, device:ID, floor:ID, label:ID. May be given more than once.",
)
@click.option(
    "--data",
    multiple=True,
    metavar="KEY=VALUE|JSON",
    help="A field of the action's data, or a JSON object. May be given more than once.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@output.json_option
@pass_house
def call_action(
    house: House,
    name: str,
    target: tuple[str, ...],
    data: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Call the action NAME, with the owner's rights."""
    body: dict[str, Any] = {"data": given.data(data), "dry_run": dry_run}
    if target:
        body["target"] = given.target(target)
    answer = reach(house).post("actions", name, body=body)
    if as_json:
        return output.document(answer)
    if dry_run:
        return _say_would(answer["would"])
    click.echo(f"Done: {name}.")
    for state in answer.get("states", []):
        click.echo(f"  {state['entity_id']} is {state['state']}")
    if answer.get("response") is not None:
        output.document(answer["response"])
    return None


def _say_would(would: dict[str, Any]) -> None:
    entities = ", ".join(would["entity_ids"])
    click.echo(f"Would call {would['action']}{f' on {entities}' if entities else ''}.")
    output.facts(would["data"])


def _fields(action: dict[str, Any]) -> str:
    schema = action["schema"]
    needed = schema.get("required", [])
    fields = [name if name in needed else f"[{name}]" for name in schema.get("properties", {})]
    return " ".join(fields)
