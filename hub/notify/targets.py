"""Where people can be reached. The address is a secret: kept encrypted, never shown again."""

from __future__ import annotations

from typing import Any

from hub.access import People
from hub.clock import Clock
from hub.context import Context, new_id
from hub.errors import Invalid, NotFound
from hub.notify import addresses
from hub.notify.apprise import in_thread
from hub.notify.info import TargetInfo
from hub.notify.outcome import Outcome, Sender
from store import outbox as store
from store import targets as rows
from store.outbox import DeliveryRow
from store.secrets import SecretLost, Secrets
from store.targets import TargetRow

_LONGEST_NAME = 120
_REMOVED = "The target was removed before the message was delivered."
_TEST_TITLE = "A test from {home}"
_TEST_MESSAGE = "It works: notifications from {home} arrive here."


class Targets:
    """Add, change, remove and try the targets of people."""

    def __init__(self, clock: Clock, people: People, secrets: Secrets, sender: Sender) -> None:
        self._clock, self._people = clock, people
        self._secrets, self._sender = secrets, sender

    async def of(self, person_id: str) -> list[TargetInfo]:
        """A person's targets in their order."""
        return [TargetInfo.of(row) for row in await rows.all_of([person_id])]

    async def get(self, target_id: str) -> TargetRow:
        """The stored row. Raises NotFound."""
        row = await rows.get(target_id)
        if row is None:
            raise NotFound("There is no such notification target.", where="target")
        return row

    async def add(
        self, person_id: str, name: str, service: str, url: str, context: Context
    ) -> TargetInfo:
        """Keep a new target. `service` is a form's, or empty: then it is read from the URL.

        Raises Invalid with which part of the URL is wrong, Refused, NotFound.
        """
        self._may_change(person_id, context)
        found = await in_thread(lambda: addresses.check(url))
        row = TargetRow(
            id=new_id(),
            person_id=person_id,
            name=_name(name or found.service),
            service=service or found.schema,
            secret_id=f"{rows.ADDRESSES}{new_id()}",
            shown=found.shown,
            created_at=self._clock.time(),
            position=len(await rows.all_of([person_id])),
        )
        await self._secrets.put(row.secret_id, url.strip())
        await rows.add(row)
        return TargetInfo.of(row)

    async def update(
        self,
        target_id: str,
        context: Context,
        *,
        name: str | None = None,
        enabled: bool | None = None,
        position: int | None = None,
        url: str | None = None,
        service: str | None = None,
    ) -> TargetInfo:
        """Change what is given. A new `url` replaces the old one, which can't be read back."""
        row = await self.get(target_id)
        self._may_change(row.person_id, context)
        changes: dict[str, Any] = {"enabled": enabled, "position": position, "service": service}
        if name is not None:
            changes["name"] = _name(name)
        if url:
            found = await in_thread(lambda: addresses.check(url))
            changes |= {"shown": found.shown, "service": service or found.schema}
            await self._secrets.put(row.secret_id, url.strip())
        changes = {key: value for key, value in changes.items() if value is not None}
        if changes:
            await rows.update(target_id, **changes)
        return TargetInfo.of(await self.get(target_id))

    async def remove(self, target_id: str, context: Context) -> list[DeliveryRow]:
        """Forget a target and its secret; the deliveries that this ended are returned."""
        row = await self.get(target_id)
        self._may_change(row.person_id, context)
        cut = await store.remove_target(target_id, self._clock.time(), _REMOVED)
        await self._secrets.remove(row.secret_id)
        return cut

    async def test_url(self, url: str, home_name: str) -> Outcome:
        """Send a test message to a URL that is not kept yet. Raises Invalid for a wrong one."""
        await in_thread(lambda: addresses.check(url))
        return await self._test(url.strip(), home_name)

    async def test(self, target_id: str, home_name: str, context: Context) -> Outcome:
        """Send a test message to a target."""
        row = await self.get(target_id)
        self._may_change(row.person_id, context)
        try:
            url = await self._secrets.get(row.secret_id)
        except SecretLost:
            return Outcome(False, LOST.format(name=row.name), final=True)
        return await self._test(url, home_name)

    async def _test(self, url: str, home_name: str) -> Outcome:
        title = _TEST_TITLE.format(home=home_name)
        return await self._sender.send(url, title, _TEST_MESSAGE.format(home=home_name), {})

    def _may_change(self, person_id: str, context: Context) -> None:
        """One's own targets are everybody's own business; those of others need the permission."""
        if self._people.get(person_id) is None:
            raise NotFound("There is no such person.", where="person")
        if context.person_id != person_id:
            self._people.require(context, "hub.manage_people")


LOST = (
    "The address of “{name}” can't be read with this hub's secret.key. "
    "Enter it again under Settings, Notifications."
)


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME:
        raise Invalid(f"A target needs a name of 1 to {_LONGEST_NAME} characters.", where="name")
    return name
