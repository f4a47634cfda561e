"""integration.toml: what an integration is called, needs and asks for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, field

from hub.errors import Invalid
from hub.sentences import trouble

Domain = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{1,49}$")]


class Discovery(Struct, frozen=True, forbid_unknown_fields=True):
    """What on the network it answers to."""

    mdns: list[str] = field(default_factory=list)
    mqtt: list[str] = field(default_factory=list)


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """The contents of integration.toml.

    `requirements` are PEP 508 names; `permissions` what it asks the owner for (hosts, paths);
    `config` is the JSON Schema of an entry's data, empty when there is nothing to configure.
    """

    domain: Domain
    name: str
    version: str
    description: str = ""
    documentation: str = ""
    icon: str = "puzzle"
    requirements: list[str] = field(default_factory=list)
    permissions: list[str] = field(default_factory=list)
    discovery: Discovery = field(default_factory=Discovery)
    config: dict[str, Any] = field(default_factory=dict)


def read(folder: Path) -> Manifest:
    """Read `folder`/integration.toml. Raises Invalid with file and line."""
    path = folder / "integration.toml"
    text = ""
    try:
        text = path.read_text(encoding="utf-8")
        manifest = msgspec.convert(tomllib.loads(text), Manifest)
    except FileNotFoundError as error:
        raise Invalid(
            f"The integration in {folder} has no integration.toml.",
            where=str(path),
            remedy="Add one with at least domain, name and version.",
            culprit=folder.name,
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(
            f"integration.toml can't be read: {error}.", where=str(path), culprit=folder.name
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise Invalid(
            f"This is not valid TOML: {error}.", where=str(path), culprit=folder.name
        ) from error
    except msgspec.ValidationError as error:
        found = trouble(error)
        raise Invalid(
            f"{found}.",
            where=f"{path}{_line(text, found.path)}",
            remedy="docs/integrations.md lists what integration.toml holds.",
            culprit=folder.name,
        ) from error
    if manifest.domain != folder.name:
        raise Invalid(
            f"Its domain is {manifest.domain} but its folder is {folder.name}.",
            where=str(path),
            remedy="Give both the same name.",
            culprit=folder.name,
        )
    return manifest


def _line(text: str, path: str) -> str:
    key = re.escape(path.rpartition(".")[2].partition("[")[0])
    for number, line in enumerate(text.splitlines(), 1):
        if key and re.match(rf"\s*{key}\s*=", line):
            return f", line {number}"
    return ""
