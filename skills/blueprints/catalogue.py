"""The blueprints that are there: those that ship with the hub, and the home's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hub.errors import HubError, NotFound
from skills.blueprints.model import Blueprint, House
from skills.blueprints.parse import parse
from skills.source import read

SHIPPED = Path(__file__).resolve().parents[2] / "blueprints"


class Blueprints:
    """Reads folders of YAML files; one that is broken is listed with its error, the rest works."""

    def __init__(self, folders: Sequence[Path], house: House) -> None:
        self.house = house
        self._folders = folders
        self._found: dict[str, Blueprint] = {}
        self._broken: dict[str, HubError] = {}

    def load(self) -> None:
        """Read the folders anew. A file of a later folder replaces one of the same path."""
        found: dict[str, Blueprint] = {}
        broken: dict[str, HubError] = {}
        for folder in self._folders:
            for file in sorted((*folder.rglob("*.yaml"), *folder.rglob("*.yml"))):
                path = file.relative_to(folder).as_posix()
                found.pop(path, None)
                broken.pop(path, None)
                try:
                    found[path] = parse(read(file, path), path)
                except HubError as error:
                    broken[path] = error
        self._found, self._broken = found, broken

    def all(self) -> list[Blueprint]:
        """Every blueprint that can be used, by name."""
        return sorted(self._found.values(), key=lambda blueprint: blueprint.name.casefold())

    def get(self, path: str) -> Blueprint:
        """The blueprint of this path. Raises NotFound, or the error of a broken one."""
        if path in self._found:
            return self._found[path]
        if path in self._broken:
            raise self._broken[path]
        raise NotFound(
            f"There is no blueprint “{path}”.", remedy="Look under Blueprints for those there are."
        )

    def broken(self) -> list[tuple[str, HubError]]:
        """The files that can't be used, each with what is wrong."""
        return sorted(self._broken.items())
