"""`hub notify`: a notification to people, by the services that they chose."""

from __future__ import annotations

import click

from hub.cli import output
from hub.cli.client import reach
from hub.cli.group import example
from hub.cli.house import House, pass_house
from hub.notify.limits import URGENCIES


@click.command(
    epilog=example(
        "hub notify 'The backup is done' --to Mara",
        "hub notify 'Dinner' --to everyone --title Kitchen --urgency high",
    )
)
@click.argument("message")
@click.option(
    "--to",
    multiple=True,
    metavar="PERSON",
    help="A person's name or id, everyone, or role:adult. May be given more than once.",
    default=("everyone",),
    show_default="everyone",
)
@click.option("--title", default="", help="A title above the message.")
@click.option(
    "--urgency",
    type=click.Choice(URGENCIES),
    default="normal",
    show_default=True,
    help="How much it matters.",
)
@output.json_option
@pass_house
def notify(
    house: House, message: str, to: tuple[str, ...], title: str, urgency: str, as_json: bool
) -> None:
    """Send a notification to people.

    It is stored before this command ends, and delivered even if the hub is stopped meanwhile.
    """
    body = {"message": message, "to": list(to), "title": title, "urgency": urgency}
    answer = reach(house).post("notifications", body=body)
    if as_json:
        return output.document(answer)
    return click.echo(f"Stored as {answer['id']}; it is on its way to {', '.join(to)}.")
