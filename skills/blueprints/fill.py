"""Fills the blanks of a blueprint: every `!input name` becomes the input's value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from hub.errors import Invalid
from skills.source import Input


def filled(data: Any, values: Mapping[str, Any], path: str = "") -> Any:
    """`data` with its inputs replaced. Raises Invalid with the path of one that is missing."""
    if isinstance(data, Input):
        if data.name not in values:
            raise Invalid(f"The input “{data.name}” is missing.", where=path, remedy="Fill it in.")
        return deepcopy(values[data.name])
    if isinstance(data, Mapping):
        return {key: filled(value, values, _inner(path, key)) for key, value in data.items()}
    if isinstance(data, list):
        return [filled(value, values, _inner(path, at)) for at, value in enumerate(data)]
    return data


def used(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The name and path of every `!input` in `data`."""
    if isinstance(data, Input):
        yield data.name, path
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from used(value, _inner(path, key))
    elif isinstance(data, list):
        for at, value in enumerate(data):
            yield from used(value, _inner(path, at))


def _inner(path: str, key: Any) -> str:
    return f"{path}/{key}" if path else str(key)
