"""`hub state`: what every entity is now."""

from __future__ import annotations

import contextlib
from typing import Any

import click

from hub.cli import output
from hub.cli.client import reach
from hub.cli.group import example
from hub.cli.house import House, pass_house


@click.group(epilog=example("hub state list --domain light"))
def state() -> None:
    """What every entity is now."""


@state.command("list", epilog=example("hub state list --area kitchen --json"))
@click.option("--domain", default="", help="Only entities of this domain, such as light.")
@click.option("--area", default="", help="Only entities in this area (its id).")
@output.json_option
@pass_house
def list_states(house: House, domain: str, area: str, as_json: bool) -> None:
    """List entities and their states."""
    found = reach(house).get("states", domain=domain, area=area)
    if as_json:
        return output.document(found)
    rows = [(s["entity_id"], s["state"], output.when(s["last_changed"])) for s in found]
    return output.table(("entity", "state", "since"), rows, "No entity has a state.")


@state.command("get", epilog=example("hub state get light.hall"))
@click.argument("entity_id")
@output.json_option
@pass_house
def get_state(house: House, entity_id: str, as_json: bool) -> None:
    """Show one entity's state and attributes."""
    found = reach(house).get("states", entity_id)
    if as_json:
        return output.document(found)
    click.echo(f"{found['entity_id']} is {found['state']}")
    return output.facts({"since": output.when(found["last_changed"]), **found["attributes"]})


@state.command("watch", epilog=example("hub state watch", "hub state watch light.hall --json"))
@click.argument("entity_ids", nargs=-1, metavar="[ENTITY_ID]...")
@output.json_option
@pass_house
def watch_states(house: House, entity_ids: tuple[str, ...], as_json: bool) -> None:
    """Print state changes as they happen, until Ctrl-C.

    With --json one document a line, in full.
    """
    changes = reach(house).events(event_type="state_changed", entity_id=list(entity_ids))
    with contextlib.suppress(KeyboardInterrupt):
        for change in changes:
            if as_json:
                output.line(change)
            else:
                click.echo(_change(change))


def _change(event: dict[str, Any]) -> str:
    data, new = event["data"], event["data"]["new_state"]
    old = data["old_state"]
    was, now = old["state"] if old else "new", new["state"] if new else "removed"
    words = f"{was} -> {now}" if was != now else f"{now}, attributes changed"
    return f"{output.when(event['time'])}  {data['entity_id']}: {words}"
