"""Which kinds of steps there are, and who builds each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from skills.actions import (
    branch,
    call,
    choose,
    condition,
    delay,
    event,
    group,
    parallel,
    repeat,
    stop,
    variables,
    wait_for_trigger,
    wait_template,
)
from skills.document import StepPart
from skills.run.run import Step
from skills.workshop import Workshop

KINDS: Mapping[str, Callable[[StepPart, Workshop], Step]] = {
    "call": call.make,
    "delay": delay.make,
    "wait_template": wait_template.make,
    "wait_for_trigger": wait_for_trigger.make,
    "choose": choose.make,
    "if": branch.make,
    "repeat": repeat.make,
    "parallel": parallel.make,
    "sequence": group.make,
    "variables": variables.make,
    "stop": stop.make,
    "event": event.make,
    "condition": condition.make,
}
