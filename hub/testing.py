"""The harness for tests: a whole hub in memory, a clock that can be moved, captured notifications.

For Hearth's own tests and for authors of integrations::

    async with hub_for_test(integrations=["demo"]) as house:
        await house.hub.actions.call("light.turn_on", target="light.hall")
        await house.advance(minutes=5)
        assert house.state("light.hall") == "on"
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from hub.app import Hub, build
from hub.clock import ManualClock
from hub.config import Config
from hub.context import Context
from hub.entities import EntityDescription
from hub.errors import HubError
from hub.notify.service import Outcome
from hub.plugins.face import Face
from store.people import PersonRow


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that would have left the house."""

    url: str
    title: str
    message: str


@dataclass(slots=True)
class CapturingSender:
    """Keeps messages instead of sending them; `answers` are handed out first, in order."""

    sent: list[Sent] = field(default_factory=list)
    answers: list[Outcome] = field(default_factory=list)

    async def send(self, url: str, title: str, message: str, data: Mapping[str, Any]) -> Outcome:  # noqa: ARG002 - as the protocol has it
        """Take a message; a failure that was prepared is answered instead."""
        if self.answers and not (answer := self.answers.pop(0)).ok:
            return answer
        self.sent.append(Sent(url, title, message))
        return Outcome(True)


class TestEntities:
    """An adapter for entities that a test makes up; it obeys by the usual verbs."""

    __test__ = False

    def __init__(self, face: Face) -> None:
        self._face = face
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.failures: list[HubError] = []

    async def start(self) -> None:
        """Nothing to connect to."""

    async def stop(self) -> None:
        """Nothing to disconnect from."""

    async def act(
        self, entity_id: str, verb: str, data: Mapping[str, Any], context: Context
    ) -> None:
        """Note the call and report the state that it leads to; fail first if told so."""
        if self.failures:
            raise self.failures.pop(0)
        self.calls.append((entity_id, verb, dict(data)))
        now = self._face.state(entity_id)
        state = now.state if now else "off"
        kept = {k: v for k, v in data.items() if k not in ("hvac_mode", "transition")}
        attributes = {**(now.attributes if now else {}), **kept}
        self._face.set_state(entity_id, _after(verb, state, data), attributes, context)


@dataclass(slots=True)
class House:
    """A hub under test."""

    hub: Hub
    clock: ManualClock
    sender: CapturingSender
    entities: TestEntities
    face: Face

    def state(self, entity_id: str) -> str | None:
        """What an entity is now."""
        found = self.hub.states.get(entity_id)
        return found.state if found else None

    async def add(
        self, entity_id: str, state: str = "off", name: str = "", area: str = "", **attributes: Any
    ) -> None:
        """Make up an entity that obeys every verb of its domain."""
        domain, _, rest = entity_id.partition(".")
        described = EntityDescription(
            entity_id,
            name or rest.replace("_", " ").capitalize(),
            area=area,
            attributes=attributes,
            actions=_VERBS.get(domain, ()),
        )
        await self.face.add_entities([described], self.entities)
        self.face.set_state(entity_id, state)

    async def set(self, entity_id: str, state: str, **attributes: Any) -> None:
        """Report a state as a device would, and let everything that follows happen."""
        old = self.hub.states.get(entity_id)
        merged = {**(old.attributes if old else {}), **attributes}
        self.hub.states.set(entity_id, state, merged, Context.new("device"))
        await self.settle()

    async def owner(self, name: str = "Mara", password: str | None = None) -> PersonRow:
        """The owner; made at the first call."""
        return self.hub.people.owner or await self.hub.people.add(name, password, "owner")

    async def advance(self, seconds: float = 0, *, minutes: float = 0, hours: float = 0) -> None:
        """Move the clock forward; timers fire in order and what they start settles."""
        await self.clock.advance(seconds + 60 * minutes + 3600 * hours, self.settle)

    async def settle(self) -> None:
        """Wait until nothing more happens by itself at this moment of the clock."""
        quiet = rounds = 0
        seen = self._marks()
        while quiet < 2:
            rounds += 1
            if rounds > _MOST_ROUNDS:
                raise AssertionError("The house does not come to rest: something goes on for ever.")
            for _ in range(10):
                await asyncio.sleep(0)
            await self.hub.database.barrier()
            await self.hub.history.barrier()
            now = self._marks()
            quiet = quiet + 1 if now == seen else 0
            seen = now

    def _marks(self) -> tuple[int, ...]:
        hub = self.hub
        return (
            hub.bus.published,
            hub.clock.scheduled,
            hub.tasks.started,
            hub.tasks.finished,
            len(self.sender.sent),
        )


@asynccontextmanager
async def hub_for_test(
    *,
    integrations: Iterable[str] = (),
    parts: Sequence[str] = ("skills",),
    folder: Path | None = None,
    start: float = 1_750_000_000.0,
    config: Config | None = None,
) -> AsyncIterator[House]:
    """A started hub: in memory, or in `folder` when what survives a restart is the question.

    `start` is the clock's first moment (epoch seconds; the default is 2025-06-15 15:06:40 UTC).
    """
    config = config or Config()
    config = msgspec.structs.replace(
        config,
        integrations=msgspec.structs.replace(config.integrations, enabled=list(integrations)),
        storage=msgspec.structs.replace(
            config.storage, data=str(folder or "unused"), history_flush=0.01
        ),
    )
    clock, sender = ManualClock(start), CapturingSender()
    hub = build(config, clock=clock, in_memory=folder is None, sender=sender)
    face = Face(
        "test",
        bus=hub.bus,
        clock=clock,
        states=hub.states,
        registry=hub.registry,
        entities=hub.entities,
        zone=lambda: hub.home.zone,
    )
    house = House(hub, clock, sender, TestEntities(face), face)
    try:
        await hub.start(parts)
        await house.settle()
        yield house
    finally:
        await face.close(stopping=True)
        await hub.stop()


_MOST_ROUNDS = 2000
_SWITCHED = ("turn_on", "turn_off", "toggle")
_VERBS: dict[str, tuple[str, ...]] = {
    "light": _SWITCHED,
    "switch": _SWITCHED,
    "lock": ("lock", "unlock"),
    "cover": ("open_cover", "close_cover", "stop_cover", "set_cover_position"),
    "climate": ("set_temperature", "set_hvac_mode", "turn_on", "turn_off"),
}


def _after(verb: str, state: str, data: Mapping[str, Any]) -> str:
    if verb == "toggle":
        return "off" if state == "on" else "on"
    if verb in ("set_hvac_mode", "set_temperature"):
        return str(data.get("hvac_mode", state))
    words = {
        "turn_on": "on",
        "turn_off": "off",
        "lock": "locked",
        "unlock": "unlocked",
        "open_cover": "open",
        "close_cover": "closed",
        "set_cover_position": "open" if data.get("position") else "closed",
    }
    return words.get(verb, state)
