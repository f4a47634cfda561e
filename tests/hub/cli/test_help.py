"""Everything that can be typed explains itself."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from hub.cli import COMMANDS, cli
from tests.hub.cli.conftest import type_in

ROOT = Path(__file__).resolve().parents[3]


def every(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    yield " ".join(path), command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from every(below, (*path, name))


ALL = dict(every(cli, ("hub",)))
PATHS = [path for path in ALL if path != "hub"]
# They print nothing that a program could want.
NO_DATA = {"hub run", "hub user password", "hub user remove", "hub token remove"}


@pytest.mark.parametrize("path", PATHS)
def test_every_command_says_what_it_does_and_shows_an_example(path: str) -> None:
    shown = type_in(*path.split()[1:], "--help")
    assert shown.code == 0
    assert ALL[path].help
    _, _, examples = shown.out.partition("Example:\n")
    assert path in examples


@pytest.mark.parametrize("path", PATHS)
def test_every_example_is_a_command_line_that_exists(path: str) -> None:
    lines = [line for line in (ALL[path].epilog or "").splitlines() if "hub " in line]
    assert lines
    for line in lines:
        words = shlex.split(line)
        words = words[len(words) - words[::-1].index("hub") :]
        understood(cli, words)


def understood(command: click.Command, words: list[str]) -> None:
    """Raises UsageError when the words are no command line of ours; runs nothing."""
    context = command.make_context("hub", list(words), resilient_parsing=False)
    while isinstance(command, click.Group):
        _, below, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        assert below is not None
        command, context = below, below.make_context("hub", rest, parent=context)


@pytest.mark.parametrize("path", sorted(set(PATHS) - NO_DATA))
def test_every_command_that_prints_data_can_print_json(path: str) -> None:
    options = {name for p in ALL[path].params for name in p.opts}
    assert isinstance(ALL[path], click.Group) or "--json" in options


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_each_says_of_itself(name: str) -> None:
    command = ALL[f"hub {name}"]
    assert (command.name, (command.help or "").splitlines()[0]) == (name, COMMANDS[name][1])


def test_the_help_names_the_exit_codes_and_the_environment() -> None:
    shown = type_in("--help")
    assert shown.code == 0
    for word in ("0  done", "3  no hub is running", "HUB_DATA", "HUB_CONFIG", "HUB_TOKEN"):
        assert word in shown.out


def test_the_help_loads_no_large_library() -> None:
    look = (
        "import sys; from hub.cli import call; call(['--help']); "
        "large = {'asyncio', 'tortoise', 'starlette', 'httpx', 'websockets', 'zeroconf', 'argon2'}; "
        "sys.stderr.write(' '.join(sorted(large & set(sys.modules))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""


@pytest.mark.parametrize("words", [["fly"], ["state", "fly"], ["state", "get"], ["run", "--fast"]])
def test_what_does_not_exist_is_wrong_usage(words: list[str]) -> None:
    typed = type_in(*words)
    assert typed.code == 2
    assert "hub" in typed.err
    assert typed.out == ""


def test_the_version_is_told() -> None:
    assert type_in("--version").out.startswith("Hearth, version ")
