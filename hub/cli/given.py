"""What people type for an action's data and target, turned into what the API takes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from hub.errors import Invalid

_KINDS = ("entity", "device", "area", "floor", "label")


def data(texts: Iterable[str]) -> dict[str, Any]:
    """`("brightness=200", '{"color": "red"}')` -> one mapping. Raises Invalid.

    A value that is JSON (a number, true, a list) is that; any other is text.
    """
    found: dict[str, Any] = {}
    for text in texts:
        found |= _object(text) if text.lstrip().startswith("{") else _pair(text)
    return found


def target(texts: Iterable[str]) -> dict[str, list[str]]:
    """`("light.hall", "area:kitchen")` -> the API's target. Raises Invalid."""
    found: dict[str, list[str]] = {}
    for text in texts:
        kind, colon, id = text.partition(":")
        if not colon:
            kind, id = "entity", text
        if kind not in _KINDS or not id:
            raise Invalid(
                f"“{text}” is no target.",
                remedy="Name an entity (light.hall), or area:ID, device:ID, floor:ID, label:ID.",
            )
        found.setdefault(f"{kind}_id", []).append(id)
    return found


def _object(text: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(text)
    except ValueError as error:
        raise Invalid(
            f"“{text}” is not valid JSON: {error}.",
            remedy="Put it in single quotes, so that the shell leaves it alone.",
        ) from error
    return found


def _pair(text: str) -> dict[str, Any]:
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise Invalid(f"“{text}” sets nothing.", remedy="Write key=value, or a JSON object.")
    try:
        return {key.strip(): json.loads(value)}
    except ValueError:
        return {key.strip(): value}
