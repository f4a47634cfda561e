"""Write docs/reference/ again: what the code itself knows of settings, commands, actions, hooks.

Run by `make docs`; tests/project/test_reference.py fails while the pages and the code differ.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from hub.actions import Action
from hub.cli import cli
from hub.config import SECTIONS
from hub.plugins.hookspecs import Hooks
from hub.testing import hub_for_test
from web import api

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
NOTE = "<!-- Written by `make docs` from the code: change it there. -->\n"


def pages() -> dict[str, str]:
    """Every page of the reference, by its file name."""
    settings = (ROOT / "hub.toml").read_text(encoding="utf-8")
    return {
        "actions.md": _page("Actions", actions_page(asyncio.run(_declared()))),
        "api.md": _page("API", api_page(asyncio.run(_described()))),
        "commands.md": _page("Commands", commands_page(cli)),
        "hooks.md": _page("Hooks", hooks_page()),
        "settings.md": _page("Settings", settings_page(settings)),
    }


def _page(title: str, lines: Iterator[str]) -> str:
    return "\n".join([NOTE, f"# {title}\n", *lines]).rstrip() + "\n"


async def _declared() -> list[Action]:
    async with hub_for_test(integrations=["demo"]) as house:
        return house.hub.actions.all()


async def _described() -> dict[str, Any]:
    async with hub_for_test() as house:
        return api.described(house.hub)


def api_page(document: dict[str, Any]) -> Iterator[str]:
    """Each address: what it does, what it takes, what it answers."""
    yield "How to come in, what errors look like, and the WebSocket: [the API](../api.md).\n"
    group = ""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if operation["tags"][0] != group:
                group = operation["tags"][0]
                yield f"## {group}\n"
            yield f"### {method.upper()} {path}\n"
            yield f"{' '.join([operation['summary'], *operation['description'].split()])}\n"
            yield from _taken(operation, document)
            yield f"Answers {_answered(operation)}.\n"
    yield "## Shapes\n"
    for name, schema in document["components"]["schemas"].items():
        if schema.get("properties"):
            yield f"### {name}\n"
            yield f"{schema.get('description', '')}\n"
            yield from _fields(schema)


def _taken(operation: dict[str, Any], document: dict[str, Any]) -> Iterator[str]:
    asked = [p for p in operation["parameters"] if p["in"] == "query"]
    if asked:
        yield "| query | type | what |\n|---|---|---|"
        yield from (_row(p["name"], p["schema"] | p, p["required"]) for p in asked)
        yield ""
    for kind in operation.get("requestBody", {}).get("content", {}).values():
        name = kind["schema"].get("$ref", "").rpartition("/")[2]
        if name:
            yield "Takes:\n"
            yield from _fields(document["components"]["schemas"][name])


def _answered(operation: dict[str, Any]) -> str:
    status, good = next(iter(operation["responses"].items()))
    kinds = [kind["schema"] for kind in good.get("content", {}).values()]
    return f"{status}" + "".join(f" with {_kind(kind)}" for kind in kinds)


def _fields(schema: dict[str, Any]) -> Iterator[str]:
    required = schema.get("required", [])
    yield "| field | type | what |\n|---|---|---|"
    yield from (_row(k, v, k in required) for k, v in schema["properties"].items())
    yield ""


def actions_page(declared: list[Action]) -> Iterator[str]:
    """Each action: what it does, what it acts on, its data."""
    for action in declared:
        yield f"## {action.name}\n"
        yield f"{inspect.cleandoc(action.summary)}\n"
        yield f"{'; '.join(_facts(action)).capitalize()}.\n"
        schema = action.schema()
        required = schema.get("required", [])
        rows = [_row(k, v, k in required) for k, v in schema.get("properties", {}).items()]
        if rows:
            yield "| data | type | what |\n|---|---|---|"
            yield from rows
            yield ""


def _facts(action: Action) -> Iterator[str]:
    if action.domains:
        yield "acts on " + ", ".join(
            f"`{domain}`" if domain else "all" for domain in action.domains
        )
    if action.responds:
        yield "answers"
    if action.undo:
        yield f"undone by `{action.undo}`"
    yield f"for a model: {action.risk}"
    yield f"after a crash: {action.effect}"


def _row(key: str, schema: dict[str, Any], required: bool) -> str:
    kinds = [part for part in schema.get("anyOf", [schema]) if part.get("type") != "null"]
    what = next((part["description"] for part in [schema, *kinds] if "description" in part), "")
    kind = " or ".join(dict.fromkeys(_kind(part) for part in kinds))
    return f"| `{key}`{', required' if required else ''} | {kind} | {what} |"


def _kind(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{json.dumps(value)}`" for value in schema["enum"])
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if schema.get("type") == "array" and schema.get("items"):
        return f"list of {_kind(schema['items'])}"
    low, high = schema.get("minimum"), schema.get("maximum")
    limits = f", {low} to {high}" if low is not None and high is not None else ""
    return f"{schema.get('type', 'any')}{limits}"


def commands_page(group: click.Command) -> Iterator[str]:
    """Each command's own help."""
    for path, command in _commands("hub", group):
        yield f"## {path}\n"
        with click.Context(command, info_name=path, terminal_width=90) as context:
            yield f"```text\n{command.get_help(context).rstrip()}\n```\n"


def _commands(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        with click.Context(command, info_name=path) as context:
            found = {n: command.get_command(context, n) for n in command.list_commands(context)}
        for name, below in found.items():
            if below is not None:
                yield from _commands(f"{path} {name}", below)


def hooks_page() -> Iterator[str]:
    """Each hook that an integration can implement."""
    yield f"{inspect.getdoc(inspect.getmodule(Hooks))}\n"
    for name, hook in inspect.getmembers(Hooks, inspect.isfunction):
        parameters = [p for p in inspect.signature(hook).parameters if p != "self"]
        yield f"## {name}({', '.join(parameters)})\n"
        yield f"{inspect.getdoc(hook)}\n"


def settings_page(text: str) -> Iterator[str]:
    """Each key of hub.toml, with what the comment above it says there."""
    said = _comments(text)
    yield "The keys of `hub.toml`. The environment overrides each by the name in the last column;"
    yield "`HUB_DATA` and `HUB_PORT` are short for the data folder and the port.\n"
    for section, kind in SECTIONS.items():
        yield f"## {section}\n"
        yield f"{inspect.getdoc(kind)}\n"
        yield "| key | default | what | environment |\n|---|---|---|---|"
        defaults = msgspec.to_builtins(kind())
        for key, default in defaults.items():
            what = said.get((section, key), "")
            variable = f"HUB_{section}_{key}".upper()
            yield f"| `{key}` | `{json.dumps(default)}` | {what} | `{variable}` |"
        yield ""


def _comments(text: str) -> dict[tuple[str, str], str]:
    """The comment above each key, whether the key itself is commented out or not."""
    said: dict[tuple[str, str], str] = {}
    section, block = "", list[str]()
    for line in text.splitlines():
        if found := re.match(r"\[(\w+)\]", line):
            section, block = found[1], []
        elif found := re.match(r"#? ?(\w+) = ", line):
            said[section, found[1]] = " ".join(block)
            block = []
        elif line.startswith("#"):
            block.append(line.lstrip("# "))
        else:
            block = []
    return said


def main() -> None:
    """Write the pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"docs/reference/{name}")


if __name__ == "__main__":
    main()
