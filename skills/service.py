"""Skills: what the pages, the API and the command line may ask for."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from typing import Any

from hub.access import People
from hub.bus import Bus, Unsubscribe
from hub.clock import Clock
from hub.context import Context
from hub.errors import Invalid, NotFound
from hub.events import HUB_STARTED, SKILL_CHANGED, Event
from hub.health import Health
from hub.recorder import Recorder
from hub.tasks import Tasks
from skills import source
from skills.active import Active
from skills.alive import Alive
from skills.blueprints import Blueprints
from skills.info import Finding, RunInfo, SkillInfo
from skills.library import Library
from skills.recovery import Recovery
from skills.run.keeper import Keeper
from skills.run.log import RunLog
from skills.run.run import Run
from skills.run.runner import Runner
from store import skills as store
from store.skills import VersionRow

_log = logging.getLogger(__name__)
_MANAGE = "hub.manage_skills"
_RUN = "skill.run"
# How long runs that are in the middle of an action may take when the hub stops, in seconds.
_PATIENCE = 2.0


class Skills:
    """The part of the hub that holds the skills and runs them."""

    def __init__(
        self,
        *,
        library: Library,
        runner: Runner,
        keeper: Keeper,
        log: RunLog,
        recovery: Recovery,
        alive: Alive,
        blueprints: Blueprints,
        people: People,
        recorder: Recorder,
        health: Health,
        bus: Bus,
        clock: Clock,
        tasks: Tasks,
    ) -> None:
        self.blueprints = blueprints
        self._library, self._runner, self._keeper = library, runner, keeper
        self._runs, self._recovery, self._alive = log, recovery, alive
        self._people, self._recorder, self._health = people, recorder, health
        self._bus, self._clock, self._tasks = bus, clock, tasks
        self._unsubscribe: Unsubscribe | None = None

    async def start(self) -> None:
        """Read the skills. They begin to wait when every integration has been started."""
        await self._library.load()
        self._tell_health()
        await self._recovery.claim()
        self._unsubscribe = self._bus.subscribe(HUB_STARTED, self._on_started)

    async def stop(self) -> None:
        """Let go: what waits goes on at the next start."""
        if self._unsubscribe:
            self._unsubscribe()
        self._library.detach_all()
        await self._alive.stop()
        await self._runner.leave(_PATIENCE)
        await self._keeper.flush()

    def all(self) -> list[SkillInfo]:
        """Every skill, by name."""
        return [self._info(skill) for skill in self._library.all()]

    def get(self, skill_id: str) -> SkillInfo:
        """A skill by id or name. Raises NotFound."""
        return self._info(self._library.get(skill_id))

    def check(self, document: str) -> list[Finding]:
        """Everything that is wrong, or looks wrong, with a document. Never raises."""
        return self._library.check(document)

    async def save(
        self, document: str, context: Context, skill_id: str | None = None, note: str = ""
    ) -> SkillInfo:
        """Keep a document: a new skill, or the next version of one.

        Raises Invalid with line and path when it can't run, Refused, NotFound.
        """
        self._people.require(context, _MANAGE)
        skill = await self._library.save(document, context.person_id, skill_id, note)
        self._changed(skill, context, "saved", {"version": skill.row.version, "note": note})
        return self._info(skill)

    async def create_from_blueprint(
        self, path: str, inputs: Mapping[str, Any], name: str, context: Context
    ) -> SkillInfo:
        """A new skill out of a blueprint. Raises NotFound, Invalid, Refused."""
        self._check_inputs(path, inputs)
        document = {"alias": name, "use_blueprint": {"path": path, "input": dict(inputs)}}
        return await self.save(source.dump(document), context)

    async def change_inputs(
        self, skill_id: str, inputs: Mapping[str, Any], name: str, context: Context
    ) -> SkillInfo:
        """Give a skill that was made from a blueprint other values: its next version.

        Raises NotFound, Refused, and Invalid when it is not made from one.
        """
        skill = self._library.get(skill_id)
        path = skill.reading.blueprint if skill.reading else None
        if path is None:
            raise Invalid(f"“{skill.row.name}” is not made from a blueprint.")
        self._check_inputs(path, inputs)
        document = {"alias": name, "use_blueprint": {"path": path, "input": dict(inputs)}}
        return await self.save(source.dump(document), context, skill.row.id)

    async def set_enabled(self, skill_id: str, enabled: bool, context: Context) -> SkillInfo:
        """Switch a skill on or off. Raises NotFound, Refused."""
        self._people.require(context, _MANAGE)
        skill = await self._library.set_enabled(skill_id, enabled)
        self._changed(skill, context, "enabled" if enabled else "disabled")
        return self._info(skill)

    async def delete(self, skill_id: str, context: Context) -> None:
        """Forget a skill and its versions. Raises NotFound, Refused."""
        self._people.require(context, _MANAGE)
        skill = await self._library.delete(skill_id)
        self._changed(skill, context, "deleted")

    async def versions(self, skill_id: str) -> list[VersionRow]:
        """Every version of a skill, the newest first. Raises NotFound."""
        return await store.versions(self._library.get(skill_id).row.id)

    async def run(
        self,
        skill_id: str,
        context: Context,
        variables: Mapping[str, Any] | None = None,
        dry_run: bool = False,
    ) -> RunInfo:
        """Run a skill now, without its conditions; stored before this answers.

        A dry run does nothing: it is over when this answers, and its trace says what would have
        been done. Raises NotFound, Refused, and Invalid for a broken skill.
        """
        self._people.require(context, _RUN)
        skill = self._library.get(skill_id)
        run = skill.by_hand(context, variables or {}, dry_run)
        plan = skill.plan_to_run()
        if dry_run:
            await self._runner.try_out(run, plan.sequence)
        else:
            self._recorder.audit("skill", skill.row.name, "run by hand", context)
            await self._keeper.save(run)
            self._runner.admit(run, plan.sequence, plan.gate)
        return self._runs.info(run)

    async def runs(
        self,
        skill_id: str | None = None,
        limit: int = 20,
        before: str | None = None,
        state: str | None = None,
    ) -> list[RunInfo]:
        """Runs, the newest first. `before` is the id of the last run of the page before."""
        if skill_id is not None:
            # The runs of a deleted skill are kept, under its id.
            with contextlib.suppress(NotFound):
                skill_id = self._library.get(skill_id).row.id
        return await self._runs.page(skill_id, limit, before, state)

    async def run_info(self, run_id: str) -> RunInfo:
        """One run with its trace. Raises NotFound."""
        return await self._runs.get(run_id)

    async def cancel(self, run_id: str, context: Context) -> RunInfo:
        """End a run. One that has ended already stays as it is. Raises NotFound, Refused."""
        self._people.require(context, _RUN)
        info = await self._runs.get(run_id)
        if run := self._runner.live.get(run_id):
            self._recorder.audit("run", info.skill_name, "cancelled", context)
            task = run.task
            self._runner.cancel(run, f"{self._who(context)} ended it.")
            if task is not None:
                await asyncio.wait([task], timeout=_PATIENCE)
        return await self._runs.get(run_id)

    def _check_inputs(self, path: str, inputs: Mapping[str, Any]) -> None:
        """Raises NotFound, or Invalid with the first wrong input."""
        wrong = self.blueprints.get(path).check_inputs(inputs, self.blueprints.house)
        for key, sentence in wrong.items():
            raise Invalid(sentence, where=f"input {key}")

    def _on_started(self, event: Event) -> None:
        del event
        self._recovery.adopt()
        self._library.attach_all(self._recovery.timers, off_since=self._alive.begin())
        self._recovery.drop_unclaimed()
        self._tasks.spawn(self._recovery.resume(), "resume runs")

    def _changed(
        self, skill: Active, context: Context, outcome: str, data: dict[str, Any] | None = None
    ) -> None:
        self._recorder.audit("skill", skill.row.name, outcome, context, data=data)
        self._tell_health()
        about = {"skill_id": skill.row.id}
        self._bus.publish(Event(SKILL_CHANGED, about, self._clock.time(), context))

    def _tell_health(self) -> None:
        broken = [s.row.name for s in self._library.all() if s.plan is None and s.row.enabled]
        if not broken:
            self._health.report("skills", "ok", "Every skill can run.")
            return
        more = f" and {len(broken) - 3} more" if len(broken) > 3 else ""
        self._health.report(
            "skills",
            "warn",
            f"Can't run: {', '.join(broken[:3])}{more}.",
            "Open the skill: it says which line is wrong.",
        )

    def _who(self, context: Context) -> str:
        person = self._people.get(context.person_id or "")
        return person.name if person else "The hub"

    def _info(self, skill: Active) -> SkillInfo:
        row, document = skill.row, skill.plan.document if skill.plan else None
        live: list[Run] = [r for r in self._runner.live.values() if r.skill_id == row.id]
        waiting = sum(1 for run in live if run.state == "waiting")
        reading = skill.reading
        return SkillInfo(
            id=row.id,
            name=row.name,
            description=document.description if document else "",
            icon=document.icon if document else "",
            enabled=row.enabled,
            version=row.version,
            document=row.document,
            owner_id=row.owner_id,
            created_at=row.created_at,
            updated_at=row.updated_at,
            last_triggered=skill.last_triggered,
            blueprint=reading.blueprint if reading else None,
            inputs=reading.inputs if reading else {},
            findings=self._library.findings(skill),
            running=len(live) - waiting,
            waiting=waiting,
            mode=document.mode if document else "single",
            words=skill.words(),
            next_run=skill.next_run,
        )
