"""Every skill of the house: read, built, checked, saved as versions, attached and detached."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from hub.clock import Clock
from hub.context import new_id
from hub.errors import HubError, Invalid, NotFound
from hub.events import INTEGRATION_CHANGED, REGISTRY_CHANGED, Event
from skills import reading as readings
from skills.active import Active, Doors
from skills.blueprints import Blueprints
from skills.check import Checker, finding
from skills.info import Finding
from skills.plan import Builder, Plan
from skills.reading import Reading
from skills.source import load
from store import skills as store
from store.runs import TimerRow
from store.skills import SkillRow

_LONGEST_NAME = 160


class Library:
    """Holds the skills. What it is asked to do has been allowed before."""

    def __init__(
        self,
        doors: Doors,
        builder: Builder,
        checker: Checker,
        blueprints: Blueprints,
        clock: Clock,
    ) -> None:
        self._doors, self._builder, self._checker = doors, builder, checker
        self._blueprints, self._clock = blueprints, clock
        self._skills: dict[str, Active] = {}
        self._attaching = False
        self._changing = asyncio.Lock()
        # What a check looks up has changed so often.
        self._changes = 0
        for type in (REGISTRY_CHANGED, INTEGRATION_CHANGED):
            doors.bus.subscribe(type, self._on_house)

    async def load(self) -> None:
        """Read every skill; a broken one is kept to be looked at."""
        for row in await store.all_skills():
            self._skills[row.id] = await self._read(row)

    def attach_all(self, timers: dict[str, TimerRow], off_since: float | None = None) -> None:
        """Begin: every enabled skill waits for its triggers. `timers` are used up.

        `off_since` (epoch seconds) is when the hub was last known to run before this start.
        """
        self._attaching = True
        for skill in self._skills.values():
            if skill.row.enabled:
                skill.attach(timers, starting=True, off_since=off_since)

    def detach_all(self) -> None:
        """Stop waiting; the rows of timers stay."""
        self._attaching = False
        for skill in self._skills.values():
            skill.detach()

    def all(self) -> list[Active]:
        """Every skill, by name."""
        return sorted(self._skills.values(), key=lambda skill: skill.row.name.casefold())

    def get(self, wanted: str) -> Active:
        """A skill by id, or by its name. Raises NotFound."""
        if found := self._skills.get(wanted):
            return found
        name = wanted.strip().casefold()
        for skill in self._skills.values():
            if skill.row.name.casefold() == name:
                return skill
        raise NotFound(f"There is no skill “{wanted}”.", remedy="See the list of skills.")

    def name_of(self, skill_id: str) -> str:
        """What a skill is called; its id when it is gone."""
        found = self._skills.get(skill_id)
        return found.row.name if found else skill_id

    def check(self, document: str) -> list[Finding]:
        """Everything that is wrong with a document. Never raises."""
        try:
            found = readings.expand(load(document), self._blueprints)
        except HubError as error:
            return [unread(error)]
        plan, problems = self._builder.build(found.data)
        return self._checker.findings(plan, problems, found)

    def findings(self, skill: Active) -> list[Finding]:
        """What is wrong with a skill, in the house as it is now."""
        if skill.plan is None or skill.reading is None:
            return skill.findings
        moment = (self._changes, len(self._doors.states), self._doors.home.place)
        if skill.checked is None or skill.checked[0] != moment:
            checked = self._checker.findings(skill.plan, (), skill.reading)
            skill.checked = (moment, checked)
        return skill.checked[1] + skill.findings

    async def save(
        self, document: str, author_id: str | None, skill_id: str | None, note: str
    ) -> Active:
        """Keep a document as a new skill, or as the next version of one.

        Raises Invalid with line and path when it can't run.
        """
        found = await readings.read(document, self._blueprints)
        plan, problems = self._builder.build(found.data)
        if problems:
            raise located(problems[0], found, len(problems) - 1)
        async with self._changing:
            now = self._clock.time()
            name = _name(plan, found)
            if skill_id is not None:
                old = self.get(skill_id)
                row = replace(
                    old.row, name=name, document=document, updated_at=now,
                    version=old.row.version + 1, owner_id=author_id or old.row.owner_id,
                    last_triggered=old.last_triggered,
                )  # fmt: skip
            else:
                enabled = found.data.get("initial_state", True) is not False
                row = SkillRow(new_id(), name, document, now, now, enabled, owner_id=author_id)
            await store.put(row, author_id, note)
            await self._replace(Active(row, self._doors, plan, found, []))
            return self._skills[row.id]

    async def set_enabled(self, skill_id: str, enabled: bool) -> Active:
        """Switch a skill on or off; switched off, its runs are ended."""
        async with self._changing:
            old = self.get(skill_id)
            row = await store.set_enabled(old.row, enabled)
            new = Active(row, self._doors, old.plan, old.reading, [])
            new.last_triggered = old.last_triggered
            if old.plan is None:
                new.findings = old.findings
            await self._replace(new)
            if not enabled:
                self._doors.runner.cancel_all(row.id, "The skill was switched off.")
            return new

    async def delete(self, skill_id: str) -> Active:
        """Forget a skill; its runs are ended, their traces stay."""
        async with self._changing:
            old = self.get(skill_id)
            old.detach()
            del self._skills[old.row.id]
            await self._doors.keeper.forget(old.row.id)
            await store.remove(old.row.id)
            self._doors.runner.cancel_all(old.row.id, "The skill was deleted.")
            return old

    async def plan(self, skill_id: str, version: int) -> Plan | None:
        """The plan of a version that a run was begun with; None when it is gone or broken."""
        held = self._skills.get(skill_id)
        if held is not None and held.row.version == version:
            return held.plan
        found = await store.version(skill_id, version)
        if found is None:
            return None
        try:
            reading = await readings.read(found.document, self._blueprints)
        except HubError:
            return None
        plan, problems = self._builder.build(reading.data)
        return None if problems else plan

    def _on_house(self, event: Event) -> None:
        del event
        self._changes += 1

    async def _read(self, row: SkillRow) -> Active:
        try:
            found = await readings.read(row.document, self._blueprints)
        except HubError as error:
            return Active(row, self._doors, None, None, [unread(error)])
        plan, problems = self._builder.build(found.data)
        if problems:
            wrong = [finding(error, found) for error in problems]
            return Active(row, self._doors, None, found, wrong)
        return Active(row, self._doors, plan, found, [])

    async def _replace(self, new: Active) -> None:
        if old := self._skills.get(new.row.id):
            old.detach()
            await self._doors.keeper.forget(new.row.id)
        self._skills[new.row.id] = new
        if self._attaching and new.row.enabled:
            new.attach()


def unread(error: HubError) -> Finding:
    """A document that can't be read at all, as a finding."""
    return Finding("error", str(error), "", line_in(error.where), error.remedy)


def line_in(where: str) -> int | None:
    """The line that a `where` names: 12 of "line 12, at triggers/0"."""
    for part in where.split(", "):
        if part.startswith("line ") and part[5:].isdigit():
            return int(part[5:])
    return None


def located(error: HubError, found: Reading, more: int) -> Invalid:
    """A mistake with its line and path, and how many there are beside it."""
    place, comma, inside = error.where.partition(", ")
    others = f" ({more} more)" if more else ""
    return Invalid(
        error.sentence + others,
        where=f"{found.where(place)}{comma}{inside}",
        remedy=error.remedy,
    )


def _name(plan: Plan, found: Reading) -> str:
    name: Any = plan.document.alias or (found.blueprint or "").rpartition("/")[2]
    text = str(name).removesuffix(".yaml").replace("_", " ").strip()
    return text[:_LONGEST_NAME] or "Skill"
