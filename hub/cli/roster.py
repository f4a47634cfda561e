"""The people of a home, through the running hub or, when none runs, straight from its store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

from hub.access import People, hash_password
from hub.cli.client import Client
from hub.clock import SystemClock
from hub.errors import HubError
from store.database import Database
from store.people import PersonRow, end_sessions
from store.trouble import StoreError


class Roster(Protocol):
    """People, as `hub user` needs them: mappings as the API has them."""

    def all(self) -> list[dict[str, Any]]:
        """Everybody."""

    def add(self, name: str, password: str | None, role: str, sign_in_name: str) -> dict[str, Any]:
        """Add a person. Raises Invalid."""

    def change_password(self, name: str, password: str) -> None:
        """Give a new password and end the person's sessions. Raises NotFound, Invalid."""

    def remove(self, name: str) -> None:
        """Remove a person. Raises NotFound, Invalid for the last owner."""


class RunningRoster:
    """Through the API of a hub that runs."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def all(self) -> list[dict[str, Any]]:
        """Everybody."""
        found: list[dict[str, Any]] = self._client.get("people")
        return found

    def add(self, name: str, password: str | None, role: str, sign_in_name: str) -> dict[str, Any]:
        """Add a person."""
        body = {"name": name, "role": role, "password": password, "sign_in_name": sign_in_name}
        wanted = {key: value for key, value in body.items() if value}
        made: dict[str, Any] = self._client.post("people", body=wanted)
        return made

    def change_password(self, name: str, password: str) -> None:
        """Give a new password."""
        self._client.patch("people", name, body={"password": password})

    def remove(self, name: str) -> None:
        """Remove a person."""
        self._client.delete("people", name)


class StoredRoster:
    """Straight from the data folder, which no hub may be using."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[dict[str, Any]]:
        """Everybody."""
        return asyncio.run(self._all())

    def add(self, name: str, password: str | None, role: str, sign_in_name: str) -> dict[str, Any]:
        """Add a person."""
        return asyncio.run(self._add(name, password, role, sign_in_name))

    def change_password(self, name: str, password: str) -> None:
        """Give a new password."""
        asyncio.run(self._change_password(name, password))

    def remove(self, name: str) -> None:
        """Remove a person."""
        asyncio.run(self._remove(name))

    async def _all(self) -> list[dict[str, Any]]:
        async with self._people() as people:
            return [_shown(row) for row in people.all()]

    async def _add(
        self, name: str, password: str | None, role: str, sign_in_name: str
    ) -> dict[str, Any]:
        async with self._people() as people:
            return _shown(await people.add(name, password, role, sign_in_name=sign_in_name))

    async def _change_password(self, name: str, password: str) -> None:
        async with self._people() as people:
            row = people.find(name)
            await people.change(row.id, password_hash=hash_password(password, row.name))
            await end_sessions(row.id)

    async def _remove(self, name: str) -> None:
        async with self._people() as people:
            await people.remove(people.find(name).id)

    @asynccontextmanager
    async def _people(self) -> AsyncIterator[People]:
        database = Database(self._folder)
        try:
            await database.open()
        except StoreError as error:
            raise HubError(str(error)) from error
        try:
            people = People(SystemClock())
            await people.load()
            yield people
        finally:
            await database.close()


def _shown(row: PersonRow) -> dict[str, Any]:
    wanted = ("id", "name", "sign_in_name", "role", "language", "time_zone", "disabled")
    return {key: getattr(row, key) for key in (*wanted, "created_at")}
