"""A skill's text becomes its data: YAML, and the blueprint that it may be made from."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.errors import HubError, Invalid, NotFound
from skills import source
from skills.blueprints import Blueprints
from skills.source import Source

# Parsing more than this takes longer than the loop may be kept busy.
_LONG = 64_000
_OVERRIDES = ("alias", "description", "icon", "id", "mode", "max", "max_exceeded", "missed_run")


@dataclass(frozen=True, slots=True)
class Reading:
    """A document that was read. `data` is what runs; with a blueprint it is filled in."""

    source: Source
    data: Any
    blueprint: str | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)

    def line(self, path: str) -> int | None:
        """The line of a path; None when it stands in the blueprint, not in the text."""
        return self.source.line(self._written(path)) if self.blueprint is None else None

    def where(self, path: str) -> str:
        """Line and path, for the `where` of an error."""
        if self.blueprint is None:
            line = self.line(path)
            parts = (f"line {line}" if line else "", f"at {path}" if path else "")
            return ", ".join(part for part in parts if part)
        return f"blueprint {self.blueprint}, at {path}" if path else f"blueprint {self.blueprint}"

    def _written(self, path: str) -> str:
        """The path as it stands in the text, where a list of one may be written without a list."""
        node: Any = self.data
        found: list[str] = []
        for part in path.split("/"):
            if isinstance(node, Mapping):
                if part == "0" and part not in node:
                    continue
                node = node.get(part)
            elif isinstance(node, list) and part.isdigit() and int(part) < len(node):
                node = node[int(part)]
            else:
                node = None
            found.append(part)
        return "/".join(found)


async def read(text: str, blueprints: Blueprints) -> Reading:
    """Read a skill's text. Raises Invalid with the line, or NotFound for a missing blueprint."""
    if len(text) > _LONG:
        found = await asyncio.to_thread(source.load, text)
    else:
        found = source.load(text)
    return expand(found, blueprints)


def expand(found: Source, blueprints: Blueprints) -> Reading:
    """Fill in the blueprint that a document uses, if it uses one."""
    data = found.data
    if not isinstance(data, Mapping) or "use_blueprint" not in data:
        return Reading(found, data)
    use = data["use_blueprint"]
    path = use.get("path") if isinstance(use, Mapping) else None
    inputs = (use.get("input") or {}) if isinstance(use, Mapping) else {}
    if not isinstance(path, str) or not isinstance(inputs, Mapping):
        raise Invalid(
            "“use_blueprint” has a path and a mapping “input”.",
            where=found.where("use_blueprint"),
        )
    try:
        filled = blueprints.get(path).document(inputs, str(data.get("alias") or ""))
    except NotFound as error:
        raise Invalid(
            error.sentence, where=found.where("use_blueprint/path"), remedy=error.remedy
        ) from error
    except HubError as error:
        error.where = error.where or found.where("use_blueprint/input")
        raise
    own = {key: data[key] for key in _OVERRIDES if key in data}
    return Reading(found, {**filled, **own}, path, inputs)
