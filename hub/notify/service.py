"""The one way out: `notify.send(...)`. A notification is stored before it is sent.

To a person, a role or everyone; it goes to every target those people have turned on, and every
attempt leaves a row. `outbox` delivers, `targets` keeps addresses, `apprise` talks to services.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from hub.access import People
from hub.actions import Action
from hub.bus import Bus
from hub.clock import Cancel, Clock
from hub.config import Notify as Settings
from hub.context import Context, new_id
from hub.errors import Invalid, NotFound, Retry
from hub.events import NOTIFICATION_CHANGED, Event
from hub.health import Health
from hub.notify import catalogue
from hub.notify.actions import actions
from hub.notify.audience import audience
from hub.notify.deliveries import deliveries, delivery
from hub.notify.forms import ServiceForm
from hub.notify.info import AttemptInfo, NotificationInfo, TargetInfo
from hub.notify.limits import check
from hub.notify.outbox import Outbox
from hub.notify.outcome import Outcome, Sender
from hub.notify.targets import Targets
from hub.notify.watch import Watch
from hub.tasks import Tasks
from store import outbox as store
from store import targets as rows
from store.outbox import DeliveryRow, NotificationRow
from store.secrets import Secrets
from store.targets import TargetRow

__all__ = ["Notify", "Outcome", "Sender"]

_DAY = 86_400.0
_KEPT = 90 * _DAY


class Notify:
    """The service. `sender` is Apprise, or a capture in tests."""

    def __init__(
        self,
        *,
        bus: Bus,
        clock: Clock,
        tasks: Tasks,
        people: People,
        secrets: Secrets,
        health: Health,
        settings: Settings,
        sender: Sender,
    ) -> None:
        self._bus, self._clock, self._tasks, self._people = bus, clock, tasks, people
        self._tidying: Cancel = lambda: None
        self._targets = Targets(clock, people, secrets, sender)
        self._watch = Watch(bus, clock, health)
        self._outbox = Outbox(
            bus=bus,
            clock=clock,
            tasks=tasks,
            secrets=secrets,
            settings=settings,
            sender=sender,
            trouble=self._watch.store_failed,
        )

    def actions(self) -> list[Action]:
        """`notify.send` and its like."""
        return actions(self.send)

    async def start(self) -> None:
        """Go on with what was queued before a restart."""
        await rows.forget_orphans()
        await self._watch.start()
        await self._outbox.start()
        self._tidying = self._clock.call_later(_DAY, self._tidy)

    async def stop(self) -> None:
        """Let attempts under way end (2 seconds), keep the rest for the next start."""
        self._tidying()
        self._watch.stop()
        await self._outbox.stop()

    def _tidy(self) -> None:
        """Once a day: forget what is older than 90 days."""
        before = self._clock.time() - _KEPT
        self._tasks.spawn(store.purge(before), "forget old notifications")
        self._tidying = self._clock.call_later(_DAY, self._tidy)

    async def send(
        self,
        message: str,
        *,
        title: str = "",
        to: Iterable[str] = (),
        urgency: str = "normal",
        data: Mapping[str, Any] | None = None,
        context: Context | None = None,
        key: str | None = None,
    ) -> str:
        """Store a notification and its deliveries; the answer is its id.

        `to`: ids or names of people, `everyone`, `role:adult`; nobody named means everyone. The
        same `key` again stores nothing and answers with the first one's id. Raises Invalid.
        """
        check(message, title, urgency, data)
        try:
            return await self._store(message, title, to, urgency, data, context, key)
        except store.ERRORS as error:
            raise Retry(
                f"The notification can't be stored: {error}.",
                where="hub.db",
                remedy="Free space on the disk, then send it again.",
            ) from error

    async def _store(
        self,
        message: str,
        title: str,
        to: Iterable[str],
        urgency: str,
        data: Mapping[str, Any] | None,
        context: Context | None,
        key: str | None,
    ) -> str:
        if key is not None and (first := await store.by_key(key)) is not None:
            return first
        people = audience(self._people, to)
        cause = context or Context.new()
        row = NotificationRow(
            id=new_id(),
            title=title,
            message=message,
            urgency=urgency,
            data=dict(data or {}),
            context=msgspec.to_builtins(cause),
            created_at=self._clock.time(),
            dedupe_key=key,
        )
        targets = await rows.all_of(person.id for person in people)
        made = deliveries(row, people, targets)
        if (first := await store.put(row, made)) is not None:
            return first
        for one in made:
            self._tell(one, cause)
            self._outbox.add(one)
        return row.id

    async def targets(self, person_id: str) -> list[TargetInfo]:
        """Where a person is reached, in their order."""
        return await self._targets.of(person_id)

    async def add_target(
        self, person_id: str, name: str, service: str, url: str, context: Context
    ) -> TargetInfo:
        """Keep a new target; the URL is stored encrypted and never shown again.

        Raises Invalid with which part of the URL is wrong (`where="url"`), Refused, NotFound.
        """
        return await self._targets.add(person_id, name, service, url, context)

    async def update_target(
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
        """Change what is given; then what waits for this target is tried at once."""
        changed = await self._targets.update(
            target_id, context, name=name, enabled=enabled, position=position, url=url,
            service=service,
        )  # fmt: skip
        self._outbox.hurry(target_id)
        return changed

    async def remove_target(self, target_id: str, context: Context) -> None:
        """Forget a target; what was still to be delivered there fails and says so."""
        cut = await self._targets.remove(target_id, context)
        self._outbox.drop(target_id)
        for one in cut:
            self._tell(one, context)

    async def test_url(self, url: str, home_name: str) -> Outcome:
        """Send a test message to a URL that is not kept (yet). Raises Invalid for a wrong one."""
        return await self._targets.test_url(url, home_name)

    async def test_target(
        self, target_id: str, context: Context, home_name: str = "Hearth"
    ) -> Outcome:
        """Send a test message to a target."""
        return await self._targets.test(target_id, home_name, context)

    async def recent(
        self, limit: int = 50, *, before: float | None = None, state: str | None = None
    ) -> list[NotificationInfo]:
        """The newest notifications; `before` (epoch seconds) for the next page; `state`: only
        those with such a delivery."""
        found = await store.recent(limit, before=before, state=state)
        return [NotificationInfo.of(one, self._name_of) for one in found]

    async def get(self, notification_id: str) -> NotificationInfo:
        """One notification. Raises NotFound."""
        found = await store.get(notification_id)
        if found is None:
            raise NotFound("There is no such notification.", where="notification")
        return NotificationInfo.of(found, self._name_of)

    async def attempts(self, delivery_id: str) -> list[AttemptInfo]:
        """Every attempt of a delivery, the first first."""
        return [AttemptInfo.of(row) for row in await store.attempts(delivery_id)]

    async def retry(self, delivery_id: str, context: Context) -> None:
        """Try a delivery that failed for good again. Raises NotFound, Invalid, Refused."""
        self._people.require(context, "notify.send")
        row = await store.delivery(delivery_id)
        if row is None:
            raise NotFound("There is no such delivery.", where="delivery")
        if row.state not in store.ENDED_BADLY:
            raise Invalid(f"This delivery is {row.state} already.", where="delivery")
        first, *others = await self._usable(row)
        again = [delivery(row.notification_id, target) for target in (first, *others)]
        again[0] = replace(again[0], id=row.id)
        if await store.requeue(row.id, first, again[1:]):
            for one in again:
                self._tell(one, context)
                self._outbox.add(one)

    def forms(self) -> list[ServiceForm]:
        """A form for each popular service."""
        return list(catalogue.FORMS)

    def build_url(self, service: str, values: Mapping[str, Any]) -> str:
        """The URL that a filled-in form means. Raises Invalid with the field in `where`."""
        return catalogue.build_url(service, values)

    async def _usable(self, row: DeliveryRow) -> list[TargetRow]:
        """Where to try again: the same target, or those that the person has now."""
        targets = await rows.all_of([row.person_id])
        same = [target for target in targets if target.id == row.target_id]
        usable = [target for target in same or targets if target.enabled]
        if not usable:
            raise Invalid(
                f"{self._name_of(row.person_id)} has no target that is turned on.",
                where="delivery",
                remedy="Add one, or turn one on, under Settings, Notifications.",
            )
        return usable

    def _name_of(self, person_id: str) -> str:
        row = self._people.get(person_id)
        return row.name if row else "Somebody who was removed"

    def _tell(self, row: DeliveryRow, context: Context) -> None:
        about = {
            "notification_id": row.notification_id,
            "delivery_id": row.id,
            "state": row.state,
            "person_id": row.person_id,
            "target_name": row.target_name,
            "reason": row.reason,
        }
        self._bus.publish(Event(NOTIFICATION_CHANGED, about, self._clock.time(), context))
