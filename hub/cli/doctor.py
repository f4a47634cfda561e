"""`hub doctor`: what could keep the hub from working well on this machine."""

from __future__ import annotations

from dataclasses import asdict

import click

from hub.cli import output
from hub.cli.client import Client, reach
from hub.cli.exits import FAILED
from hub.cli.group import example
from hub.cli.house import House, pass_house
from hub.doctor import Finding, examine
from hub.errors import HubError

_MARKS = {"ok": "ok  ", "warn": "warn", "bad": "BAD "}


@click.command(epilog=example("hub doctor"))
@output.json_option
@pass_house
@click.pass_context
def doctor(context: click.Context, house: House, as_json: bool) -> None:
    """Look for what could keep the hub from working well.

    Looks at this machine and, when a hub runs, asks it how its parts are. Exits with 1 when
    something is bad.
    """
    client = _running(house)
    found = list(examine(house.config, client.url if client else ""))
    found += _parts(client) if client else []
    worst = next((s for s in ("bad", "warn") if any(f.status == s for f in found)), "ok")
    if as_json:
        output.document({"status": worst, "checks": [asdict(one) for one in found]})
    else:
        for one in found:
            click.echo(f"{_MARKS[one.status]}  {one.name}: {one.sentence}")
            if one.remedy:
                click.echo(f"      {one.remedy}")
    if worst == "bad":
        context.exit(FAILED)


def _running(house: House) -> Client | None:
    try:
        client = reach(house)
        return client if client.is_there() else None
    except HubError:
        return None  # the checks of the data folder tell why


def _parts(client: Client) -> list[Finding]:
    return [
        Finding(f"hub: {part['part']}", part["status"], part["sentence"], part["remedy"])
        for part in client.get("health")["parts"]
    ]
