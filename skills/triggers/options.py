"""Reads what triggers have in common: entity ids, lists of values, numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hub.errors import Invalid

_ENTITY_ID = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")


def entity_ids(options: Mapping[str, Any], path: str, key: str = "entity_id") -> list[str]:
    """Entity ids from one, several after commas, or a list. Raises Invalid with the path."""
    value = options.get(key)
    found = _listed(value)
    if not found:
        raise Invalid("An entity is missing.", where=path, remedy=f"Add a line “{key}: ...”.")
    for position, entity_id in enumerate(found):
        if not _ENTITY_ID.fullmatch(entity_id):
            raise Invalid(
                f"“{entity_id}” is not an entity id.",
                where=f"{path}/{key}/{position}" if isinstance(value, list) else f"{path}/{key}",
                remedy="Write it as domain.name in small letters, such as light.hall.",
            )
    return found


def values(options: Mapping[str, Any], key: str) -> frozenset[Any] | None:
    """The values that a state may have, or None when any will do.

    YAML reads `on` and `off` without quotes as true and false; here they mean the states.
    """
    value = options.get(key)
    if value is None:
        return None
    listed = value if isinstance(value, list) else [value]
    return frozenset(_as_state(item) for item in listed)


def _as_state(value: Any) -> Any:
    if isinstance(value, bool):
        return "on" if value else "off"
    return value if value is None else str(value)


def _listed(value: Any) -> list[str]:
    if isinstance(value, str):
        return [part.strip().lower() for part in value.split(",") if part.strip()]
    if isinstance(value, list):
        return [part for item in value for part in _listed(item)]
    return [] if value is None else [str(value)]


def limit(options: Mapping[str, Any], key: str, path: str) -> float | str | None:
    """A bound: a number, or the id of an entity whose state is the number."""
    value = options.get(key)
    if value is None:
        return None
    if isinstance(value, str) and _ENTITY_ID.fullmatch(value) and not _is_number(value):
        return value
    if isinstance(value, bool) or not _is_number(value):
        raise Invalid(f"“{value}” is neither a number nor an entity id.", where=f"{path}/{key}")
    return float(value)


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True
