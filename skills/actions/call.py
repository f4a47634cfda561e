"""`action:` — call an action of the hub with data and a target.

https://www.home-assistant.io/docs/scripts/perform-actions/
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import msgspec

from hub.actions import CapturedCall
from hub.errors import HubError, Invalid, Retry
from hub.registry import Target
from skills.actions.base import Base
from skills.document import StepPart, refuse_unknown
from skills.info import TraceStep
from skills.run.halts import InDoubt
from skills.run.run import Run
from skills.templates import Complex, Template
from skills.workshop import Common, Workshop

_NAMES = ("action", "service", "service_template")
_KEYS = (*_NAMES, "data", "data_template", "target", "entity_id", "response_variable", "metadata")
_BEGUN = "begun"


class CallStep(Base):
    """Calls one action. What doesn't depend on variables was made ready when it was built."""

    __slots__ = ("_constant_data", "_constant_target", "_data", "_name", "_response", "_target")

    def __init__(
        self,
        common: Common,
        name: str | Template,
        data: Complex[Template],
        target: Complex[Template],
        response: str,
    ) -> None:
        super().__init__(common)
        self._name, self._data, self._target, self._response = name, data, target, response
        self._constant_data = _data(data.render({})) if data.constant else None
        self._constant_target = Target.of(target.render({})) if target.constant else None

    async def do(self, run: Run, entry: TraceStep) -> Any:
        """Call the action; a response is put into the response variable."""
        variables = run.variables
        name = self._name if isinstance(self._name, str) else str(self._name.render_text(variables))
        data = self._constant_data
        if data is None:
            data = _data(self._data.render(variables))
        target = self._constant_target
        if target is None:
            target = Target.of(self._target.render(variables))
        actions = run.kit.actions
        if run.dry_run:
            captured = await actions.call(name, data, target, run.context, dry_run=True)
            return self._captured(captured, run, entry)
        declared = actions.get(name)
        key = run.key(self.path)
        once = declared is not None and declared.effect == "once" and not declared.keyed
        # A frame is there when a process before this one was in the middle of such an effect.
        if once or self.path in run.frames:
            call = partial(actions.call, name, data, target, run.context, key=key)
            response = await self._once(run, call, name)
        else:
            response = await actions.call(name, data, target, run.context, key=key)
            run.acted()
        if self._response:
            run.set(self._response, msgspec.to_builtins(response), entry)
        shown: dict[str, Any] = {"action": name}
        if data:
            shown["data"] = data
        if target:
            shown["target"] = target
        if response is not None:
            shown["response"] = response
        return shown

    async def _once(self, run: Run, call: Callable[[], Awaitable[Any]], name: str) -> Any:
        """Do what must not be done twice: noted before it is done, and after."""
        frame = run.frames.get(self.path)
        if frame == _BEGUN:
            # The note stays: killed once more, the run must not take it for undone.
            raise InDoubt(
                f"The hub was stopped while {name} was being done. It may have been done or not, "
                "and was not repeated."
            )
        if frame is not None:
            del run.frames[self.path]
            return frame["response"]
        run.frames[self.path] = _BEGUN
        if not await run.save():
            del run.frames[self.path]
            raise Retry(
                f"{name} was not done: it must not be repeated by mistake, and the database can't "
                "be written at the moment.",
                remedy="Free space on the disk.",
            )
        try:
            response = await call()
        except HubError:
            del run.frames[self.path]
            run.acted()
            raise
        run.frames[self.path] = {"response": msgspec.to_builtins(response)}
        await run.save()
        del run.frames[self.path]
        return response

    def _captured(self, captured: Any, run: Run, entry: TraceStep) -> Any:
        if self._response:
            run.set(self._response, {}, entry)
        if not isinstance(captured, CapturedCall):
            return captured
        return {
            "action": captured.action,
            "data": dict(captured.data),
            "target": {"entity_id": list(captured.entity_ids)},
            "dry_run": True,
        }


def make(part: StepPart, workshop: Workshop) -> CallStep:
    """Build the step. Raises Invalid for a name or target that can't be one."""
    refuse_unknown(part, _KEYS, workshop.problems)
    options = part.options
    key = next(key for key in _NAMES if key in options)
    name = options[key]
    if not isinstance(name, str) or not name.strip():
        raise Invalid(
            "The action's name is missing.",
            where=f"{part.path}/{key}",
            remedy="Write domain.name, such as light.turn_on.",
        )
    data = options.get("data", options.get("data_template")) or {}
    data_path = f"{part.path}/{'data' if 'data' in options else 'data_template'}"
    target = _target(options, part.path, workshop)
    response = str(options.get("response_variable") or "")
    compiled = workshop.complex(data, data_path)
    if not isinstance(data, Mapping) and compiled.constant:
        raise Invalid("Data is a mapping of names and values.", where=data_path)
    return CallStep(
        workshop.common(part),
        workshop.text(name.strip(), f"{part.path}/{key}"),
        compiled,
        target,
        response,
    )


def _target(options: Mapping[str, Any], path: str, workshop: Workshop) -> Complex[Template]:
    key = "target" if options.get("target") is not None else "entity_id"
    target = options.get(key)
    compiled = workshop.complex(target, f"{path}/{key}")
    if compiled.constant:
        try:
            Target.of(compiled.render({}))
        except HubError as error:
            error.where = f"{path}/{key}"
            raise
    return compiled


def _data(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise Invalid("Data is a mapping of names and values.", where="data")
    return value
