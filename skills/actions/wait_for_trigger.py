"""`wait_for_trigger:` — wait until one of its triggers fires, at most for `timeout`.

The variable `wait` then holds `trigger` (None at the timeout), `completed` and `remaining`.
"""

from __future__ import annotations

import asyncio
from typing import Any

from hub.context import Context
from hub.errors import HubError, Invalid
from skills.actions.base import Base
from skills.document import StepPart, TriggerPart, parse_triggers, refuse_unknown
from skills.info import TraceStep
from skills.run.halts import Stopped
from skills.run.run import Run
from skills.templates import Duration
from skills.triggers.wire import Trigger, Wire
from skills.workshop import Common, Workshop
from store.runs import TimerRow


class _NoTimers:
    """A trigger's `for` inside a wait begins again after a restart; the wait itself does not."""

    def put_timer(self, row: TimerRow) -> None:
        del row

    def drop_timer(self, timer_id: str) -> None:
        del timer_id


class WaitForTriggerStep(Base):
    """Waits for a trigger. Its frame holds until when (epoch seconds, or None)."""

    __slots__ = ("_goes_on", "_timeout", "_triggers")

    def __init__(
        self, common: Common, triggers: list[Trigger], timeout: Duration | None, goes_on: bool
    ) -> None:
        super().__init__(common)
        self._triggers, self._timeout, self._goes_on = triggers, timeout, goes_on

    async def do(self, run: Run, entry: TraceStep) -> Any:
        """Wait; raises Stopped at the timeout unless the skill goes on then."""
        if run.dry_run:
            run.set("wait", {"completed": True, "remaining": None, "trigger": None}, entry)
            return {"completed": True, "dry_run": True}
        frame = run.frames.get(self.path)
        if frame is None:
            until = None
            if self._timeout is not None:
                until = run.kit.clock.time() + self._timeout.seconds(run.variables)
            frame = run.frames[self.path] = {"until": until}
        until = frame["until"]
        trigger = await self._wait(run, until)
        del run.frames[self.path]
        remaining = None if until is None else max(0.0, until - run.kit.clock.time())
        completed = trigger is not None
        wait = {"completed": completed, "remaining": remaining, "trigger": trigger}
        run.set("wait", wait, entry)
        entry.result = {"completed": completed, "remaining": remaining}
        if not completed and not self._goes_on:
            raise Stopped("The wait timed out.")
        return entry.result

    async def _wait(self, run: Run, until: float | None) -> dict[str, Any] | None:
        woken: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

        def fire(
            part: TriggerPart,
            extra: dict[str, Any],
            context: Context,
            description: str,
            timer: str | None = None,
        ) -> None:
            del context, timer
            if not woken.done():
                about = {"id": part.id, "idx": str(part.index), "platform": part.kind}
                woken.set_result({**about, **extra, "description": description})

        def failed(part: TriggerPart, error: HubError, context: Context) -> None:
            del part, context
            if not woken.done():
                woken.set_exception(error)

        kit = run.kit
        wire = Wire(
            skill_id=run.id, bus=kit.bus, clock=kit.clock, states=kit.states,
            registry=kit.registry, entities=kit.entities, home=kit.home, timers=_NoTimers(),
            fire=fire, failed=failed, variables=run.variables, restored={},
        )  # fmt: skip
        ends = [trigger.attach(wire) for trigger in self._triggers]
        try:
            await run.rest(until, woken)
        finally:
            for end in ends:
                end()
        return woken.result() if woken.done() else None


def make(part: StepPart, workshop: Workshop) -> WaitForTriggerStep:
    """Build the step with its triggers."""
    keys = ("wait_for_trigger", "timeout", "continue_on_timeout")
    refuse_unknown(part, keys, workshop.problems)
    options, path = part.options, part.path
    parts = parse_triggers(
        options["wait_for_trigger"], f"{path}/wait_for_trigger", workshop.problems
    )
    if not parts:
        raise Invalid("There is no trigger to wait for.", where=f"{path}/wait_for_trigger")
    timeout = options.get("timeout")
    return WaitForTriggerStep(
        workshop.common(part),
        [workshop.triggers(trigger, workshop) for trigger in parts],
        None if timeout is None else workshop.duration(timeout, f"{path}/timeout"),
        options.get("continue_on_timeout", True) is not False,
    )
