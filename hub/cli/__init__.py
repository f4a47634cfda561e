"""The `hub` command line: starts the hub, and speaks with one that runs.

Each command is a module of its own, imported when it is used, so that `hub --help` is quick and
`hub run` loads nothing of a client.
"""

from __future__ import annotations

import importlib
import sys
from typing import NoReturn

import click

from hub import __version__
from hub.cli.exits import code_of
from hub.cli.group import LazyGroup
from hub.cli.house import House
from hub.errors import HubError

# name: (where, what `hub --help` says about it: the first line of the command's own help)
COMMANDS = {
    "run": ("hub.cli.run:run", "Start the hub and print its addresses."),
    "check": ("hub.cli.check:check", "Check hub.toml, every blueprint and every skill."),
    "doctor": ("hub.cli.doctor:doctor", "Look for what could keep the hub from working well."),
    "user": ("hub.cli.user:user", "The people of this home and their passwords."),
    "token": ("hub.cli.token:token", "Long-lived tokens for programs that use the API."),
    "state": ("hub.cli.state:state", "What every entity is now."),
    "action": ("hub.cli.action:action", "Do something: call an action."),
    "skill": ("hub.cli.skill:skill", "Skills and what they did."),
    "blueprint": ("hub.cli.blueprint:blueprint", "Blueprints: skills with blanks."),
    "notify": ("hub.cli.notify:notify", "Send a notification to people."),
}

_EPILOG = """
\b
Exit codes:
  0  done
  1  it failed, was refused, or something named was not found
  2  wrong usage or wrong input, also a mistake in hub.toml
  3  no hub is running

\b
Environment:
  HUB_CONFIG  the settings file, instead of hub.toml in this folder
  HUB_DATA    the data folder; by it the running hub is found
  HUB_PORT    the port that `hub run` answers at
  HUB_URL     another hub's address, such as http://hub.local:8321
  HUB_TOKEN   a token of that hub (make one there: hub token create NAME)
  Every other key of hub.toml has a variable too: hub.toml names them.

An integration that is enabled in hub.toml can add commands of its own.
"""


def _of_an_integration(context: click.Context, name: str) -> click.Command | None:
    # Integrations are imported only for a command that is none of ours.
    door = importlib.import_module("hub.plugins.commands")
    config = House(context.params.get("config_path")).config
    command: click.Command | None = door.find_command(config, name)
    return command


@click.group(cls=LazyGroup, commands_by_name=COMMANDS, otherwise=_of_an_integration, epilog=_EPILOG)
@click.option(
    "--config",
    "config_path",
    metavar="FILE",
    help="The settings file; hub.toml in this folder unless HUB_CONFIG names another.",
)
@click.version_option(__version__, prog_name="Hearth")
@click.pass_context
def cli(context: click.Context, config_path: str | None) -> None:
    """Hearth, a hub for a household or a small office."""
    context.obj = House(config_path)


def main() -> NoReturn:
    """The console script."""
    sys.exit(call(sys.argv[1:]))


def call(arguments: list[str]) -> int:
    """Run one command line; what it prints goes to the terminal, its exit code is returned."""
    try:
        answer = cli.main(arguments, prog_name="hub", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("Stopped.", err=True)
        return 1
    except HubError as error:
        click.echo(str(error), err=True)
        return code_of(error)
    except BrokenPipeError:
        # Whoever read the output has gone (`| head`): nobody is left to be told.
        sys.stdout = None  # or the interpreter's last flush complains
        return 0
    return answer if isinstance(answer, int) else 0
