"""A skill at work: its plan, attached to what it waits for, and what happens when that comes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hub.bus import Bus
from hub.clock import Clock
from hub.context import Context, new_id
from hub.entities import Entities
from hub.errors import HubError, Invalid
from hub.home import Home
from hub.registry import Registry, slug
from hub.states import States
from skills.blueprints import sentence
from skills.document import TriggerPart
from skills.info import Finding
from skills.plan import Plan, Values, render
from skills.reading import Reading
from skills.run.keeper import Keeper
from skills.run.run import Kit, Run
from skills.run.runner import Runner
from skills.templates import as_bool
from skills.trace import Trace
from skills.triggers.wire import Detach, Wire
from store.runs import TimerRow
from store.skills import SkillRow

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Doors:
    """What a skill at work needs of the hub."""

    bus: Bus
    clock: Clock
    states: States
    registry: Registry
    entities: Entities
    home: Home
    kit: Kit
    keeper: Keeper
    runner: Runner
    # What an entity or a person is called.
    name_of: Callable[[str], str]


class Active:
    """One skill. Without a plan (a broken document) it is only there to be looked at."""

    def __init__(
        self,
        row: SkillRow,
        doors: Doors,
        plan: Plan | None,
        reading: Reading | None,
        findings: list[Finding],
    ) -> None:
        self.row, self.plan, self.reading, self.findings = row, plan, reading, findings
        self.last_triggered = row.last_triggered
        # What the last check found, and at which state of the house.
        self.checked: tuple[Any, list[Finding]] | None = None
        self._doors = doors
        self._detach: list[Detach] = []
        self._due: dict[int, float] = {}
        self._values: dict[int, Values] = {}
        self._entity_id = f"automation.{slug(row.name)}"

    def attach(
        self,
        restored: dict[str, TimerRow] | None = None,
        starting: bool = False,
        off_since: float | None = None,
    ) -> None:
        """Begin to wait for its triggers. One that can't be attached is noted and left out.

        What was missed after `off_since` (epoch seconds) is made up for as the skill wants.
        """
        if self.plan is None or self._detach:
            return
        self._doors.runner.lane(self.row.id).name = self.row.name
        variables: dict[str, Any] = {"this": self.this()}
        try:
            render(self.plan.trigger_variables, variables)
        except HubError as error:
            self._note(error, "trigger_variables")
            return
        wire = self._wire(variables, restored or {}, starting, off_since)
        self._due = wire.due
        for trigger, enabled, values in self.plan.triggers:
            try:
                switched = enabled if isinstance(enabled, bool) else enabled.render(variables)
                if as_bool(switched):
                    self._values[trigger.part.index] = values
                    self._detach.append(trigger.attach(wire))
            except HubError as error:
                self._note(error, trigger.part.path)
        self.plan.document.missed_run.fire(wire.missed)

    def detach(self) -> None:
        """Wait for nothing any more; its timers' rows stay."""
        for end in self._detach:
            end()
        self._detach.clear()
        self._due = {}

    @property
    def next_run(self) -> float | None:
        """When its next time trigger is due (epoch seconds); None without one."""
        return min(self._due.values(), default=None)

    def words(self) -> str:
        """What it does, in one sentence by rules; empty for a broken document."""
        if self.reading is None or not isinstance(self.reading.data, Mapping):
            return ""
        parts = sentence.words(self.reading.data, {}, {}, self._doors.name_of)
        return "".join(text for text, _is_value in parts)

    @property
    def attached(self) -> bool:
        """Whether it waits for its triggers."""
        return bool(self._detach)

    def fired(
        self,
        part: TriggerPart,
        extra: dict[str, Any],
        context: Context,
        description: str,
        timer: str | None = None,
    ) -> None:
        """One of its triggers fired: check the conditions and start, or note why not."""
        plan, doors = self.plan, self._doors
        if plan is None:
            return
        trigger = {
            "id": part.id,
            "idx": str(part.index),
            "alias": part.alias or None,
            "platform": part.kind,
            **extra,
            "description": description,
        }
        run = self.new_run(trigger, context.child("skill", person_id=self.row.owner_id))
        try:
            if values := self._values.get(part.index):
                render(values, run.variables)
            if plan.variables:
                render(plan.variables, run.variables)
            held = plan.condition is None or plan.condition.check(run.variables)
            reason = "" if held or plan.condition is None else self._why(plan, run)
        except HubError as error:
            held, reason = False, str(error)
            _log.warning("Skill %s did not start: %s", self.row.name, error)
        if not held:
            doors.runner.refuse(run, reason, timer)
            return
        self.last_triggered = run.started_at
        doors.keeper.triggered(self.row.id, run.started_at)
        doors.runner.admit(run, plan.sequence, plan.gate, timer)

    def failed(self, part: TriggerPart, error: HubError, context: Context) -> None:
        """One of its triggers could not decide: noted as a run that did not start."""
        trigger = {"id": part.id, "idx": str(part.index), "platform": part.kind}
        run = self.new_run(trigger, context.child("skill", person_id=self.row.owner_id))
        _log.warning("Skill %s did not start: %s", self.row.name, error)
        self._doors.runner.refuse(run, str(error))

    def new_run(self, trigger: Mapping[str, Any], context: Context) -> Run:
        """A run of the present version that has not begun."""
        doors = self._doors
        cause = {"id": context.id, "parent_id": context.parent_id, "user_id": context.person_id}
        return Run(
            new_id(),
            self.row.id,
            self.row.version,
            doors.kit,
            context,
            trigger,
            {"trigger": trigger, "this": self.this(), "context": cause},
            Trace(),
            doors.clock.time(),
        )

    def by_hand(self, context: Context, variables: Mapping[str, Any], dry_run: bool) -> Run:
        """A run that somebody asks for. Raises Invalid for a broken skill."""
        plan = self.plan_to_run()
        trigger = {
            "id": None,
            "idx": None,
            "alias": None,
            "platform": None,
            "description": "run by hand",
            **(variables.get("trigger") or {}),
        }
        run = self.new_run(trigger, context.child("skill", person_id=self.row.owner_id))
        run.dry_run = dry_run
        run.variables.update({k: v for k, v in variables.items() if k != "trigger"})
        render(plan.variables, run.variables)
        run.variables.update({k: v for k, v in variables.items() if k != "trigger"})
        if not dry_run:
            self.last_triggered = run.started_at
            self._doors.keeper.triggered(self.row.id, run.started_at)
        return run

    def plan_to_run(self) -> Plan:
        """The plan. Raises Invalid, with the first mistake, when the document is broken."""
        if self.plan is None:
            first = self.findings[0] if self.findings else None
            raise Invalid(
                f"“{self.row.name}” can't run: {first.message if first else 'it is broken.'}",
                where=f"line {first.line}" if first and first.line else "",
                remedy=(first.remedy if first else "") or "Open it and mend the document.",
            )
        return self.plan

    def this(self) -> dict[str, Any]:
        """The skill itself as templates see it: a state object of an automation."""
        last = self.last_triggered
        return {
            "entity_id": self._entity_id,
            "state": "on" if self.row.enabled else "off",
            "attributes": {
                "id": self.row.id,
                "friendly_name": self.row.name,
                "mode": self.plan.document.mode if self.plan else "single",
                "current": len(self._doors.runner.lane(self.row.id).running),
                "last_triggered": datetime.fromtimestamp(last, UTC) if last else None,
            },
        }

    def _why(self, plan: Plan, run: Run) -> str:
        if plan.condition is None:
            return ""
        return plan.condition.explain(run.variables)

    def _missed_since(self, off_since: float | None) -> float | None:
        if off_since is None or self.plan is None:
            return None
        # What it fired for just before the hub went off was not missed.
        begin = max(off_since, self.row.updated_at, self.last_triggered or 0.0)
        return self.plan.document.missed_run.since(begin, self._doors.clock.time())

    def _wire(
        self,
        variables: Mapping[str, Any],
        restored: dict[str, TimerRow],
        starting: bool,
        off_since: float | None,
    ) -> Wire:
        doors = self._doors
        return Wire(
            skill_id=self.row.id,
            bus=doors.bus,
            clock=doors.clock,
            states=doors.states,
            registry=doors.registry,
            entities=doors.entities,
            home=doors.home,
            timers=doors.keeper,
            fire=self.fired,
            failed=self.failed,
            variables=variables,
            restored=restored,
            starting=starting,
            missed_since=self._missed_since(off_since),
        )

    def _note(self, error: HubError, path: str) -> None:
        _log.warning("Skill %s: %s", self.row.name, error)
        self.findings.append(Finding("error", error.sentence, path, None, error.remedy))
