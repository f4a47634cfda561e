"""`wait_template:` — wait until a template is true, at most for `timeout`.

The variable `wait` then holds `completed` and `remaining` (seconds, or None without a timeout).
"""

from __future__ import annotations

import asyncio
from typing import Any

from skills.actions.base import Base
from skills.document import StepPart, refuse_unknown
from skills.info import TraceStep
from skills.run.halts import Stopped
from skills.run.run import Run
from skills.templates import Rendered, Template, as_bool
from skills.templates.duration import Duration
from skills.watch import Watch
from skills.workshop import Common, Workshop


class WaitTemplateStep(Base):
    """Waits for a template. Its frame holds until when (epoch seconds, or None)."""

    __slots__ = ("_goes_on", "_template", "_timeout")

    def __init__(
        self, common: Common, template: Template, timeout: Duration | None, goes_on: bool
    ) -> None:
        super().__init__(common)
        self._template, self._timeout, self._goes_on = template, timeout, goes_on

    async def do(self, run: Run, entry: TraceStep) -> Any:
        """Wait; raises Stopped at the timeout unless the skill goes on then."""
        until = self._until(run)
        completed = as_bool(self._template.render(run.variables))
        if not completed and run.dry_run:
            completed = True
            entry.label += " (taken as true)"
        elif not completed:
            completed = await self._wait(run, until)
        run.frames.pop(self.path, None)
        remaining = None if until is None else max(0.0, until - run.kit.clock.time())
        wait = {"completed": completed, "remaining": remaining, "trigger": None}
        run.set("wait", wait, entry)
        entry.result = {"completed": completed, "remaining": remaining}
        if not completed and not self._goes_on:
            raise Stopped("The wait timed out.")
        return entry.result

    async def _wait(self, run: Run, until: float | None) -> bool:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def changed(rendered: Rendered, event: object) -> None:
            del event
            if rendered.error is None and as_bool(rendered.value) and not woken.done():
                woken.set_result(None)

        kit = run.kit
        watch = Watch(self._template, run.variables, kit.bus, kit.clock, changed)
        try:
            changed(watch.rendered, None)
            await run.rest(until, woken)
        finally:
            watch.stop()
        return woken.done()

    def _until(self, run: Run) -> float | None:
        frame = run.frames.get(self.path)
        if frame is None:
            until = None
            if self._timeout is not None:
                until = run.kit.clock.time() + self._timeout.seconds(run.variables)
            frame = run.frames[self.path] = {"until": until}
        found: float | None = frame["until"]
        return found


def make(part: StepPart, workshop: Workshop) -> WaitTemplateStep:
    """Build the step."""
    refuse_unknown(part, ("wait_template", "timeout", "continue_on_timeout"), workshop.problems)
    options, path = part.options, part.path
    timeout = options.get("timeout")
    return WaitTemplateStep(
        workshop.common(part),
        workshop.template(str(options["wait_template"]), f"{path}/wait_template"),
        None if timeout is None else workshop.duration(timeout, f"{path}/timeout"),
        options.get("continue_on_timeout", True) is not False,
    )
