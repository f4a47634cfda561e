"""`repeat:` — count, for_each, while, until, with the variable `repeat`.

https://www.home-assistant.io/docs/scripts/#repeat-a-group-of-actions
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from hub.errors import Invalid
from skills.actions.base import Base
from skills.conditions import Condition
from skills.document import StepPart, refuse_unknown
from skills.info import TraceStep
from skills.run.run import Run
from skills.run.sequence import Sequence
from skills.templates import Complex, Template
from skills.workshop import Common, Workshop

_KINDS = ("count", "for_each", "while", "until")
# A loop that only a condition ends is given up after as many turns as in Home Assistant.
_MOST_TURNS = 10_000
# In a dry run nothing changes, so that a condition that ends the loop may never come true.
_DRY_TURNS = 3
# A loop that never waits gives way to everybody else after so many turns.
_TURNS_AT_ONCE = 20


class RepeatStep(Base):
    """Repeats its sequence. Its frame holds the turn (from 1), the items, the outer `repeat`."""

    __slots__ = ("_condition", "_kind", "_sequence", "_value")

    def __init__(
        self,
        common: Common,
        kind: str,
        value: Complex[Template] | None,
        condition: Condition | None,
        sequence: Sequence,
    ) -> None:
        super().__init__(common)
        self._kind, self._value = kind, value
        self._condition, self._sequence = condition, sequence

    async def do(self, run: Run, entry: TraceStep) -> Any:
        """Run the sequence as often as asked."""
        frame = run.frames.get(self.path)
        begun = frame is not None
        if frame is None:
            outer = run.variables.get("repeat")
            frame = {"turn": 1, "items": self._items(run), "outer": outer}
            run.frames[self.path] = frame
        try:
            while begun or self._goes_on(run, frame):
                begun = False
                self._show(run, frame)
                await self._sequence.run(run)
                if self._is_over(run, frame):
                    break
                frame["turn"] += 1
                await self._breathe(frame["turn"])
            turns = frame["turn"]
        finally:
            if not (run.whole or run).left:
                run.frames.pop(self.path, None)
                run.variables["repeat"] = frame["outer"]
        entry.result = {"turns": turns}
        return entry.result

    def _items(self, run: Run) -> list[Any] | None:
        if self._value is None:
            return None
        value = self._value.render(run.variables)
        if self._kind == "for_each":
            if not isinstance(value, list):
                raise Invalid(f"“for_each” needs a list, not {value!r}.")
            return value
        try:
            count = int(value)
        except (TypeError, ValueError) as error:
            raise Invalid(f"“count” needs a number, not {value!r}.") from error
        return [None] * max(0, min(count, _MOST_TURNS))

    def _goes_on(self, run: Run, frame: Mapping[str, Any]) -> bool:
        items = frame["items"]
        if items is not None:
            return bool(frame["turn"] <= len(items))
        if self._kind == "while" and self._condition is not None:
            self._show(run, frame)
            return self._condition.check(run.variables)
        return True

    def _is_over(self, run: Run, frame: Mapping[str, Any]) -> bool:
        if frame["items"] is not None:
            return bool(frame["turn"] >= len(frame["items"]))
        if run.dry_run and frame["turn"] >= _DRY_TURNS:
            return True
        if self._kind == "until" and self._condition is not None:
            return self._condition.check(run.variables)
        return False

    def _show(self, run: Run, frame: Mapping[str, Any]) -> None:
        turn, items = frame["turn"], frame["items"]
        repeat: dict[str, Any] = {"first": turn == 1, "index": turn}
        if items is not None:
            repeat["last"] = turn == len(items)
        if self._kind == "for_each" and items is not None and turn <= len(items):
            repeat["item"] = items[turn - 1]
        run.variables["repeat"] = repeat

    async def _breathe(self, turn: int) -> None:
        if turn > _MOST_TURNS and self._condition is not None:
            raise Invalid(
                f"The loop was given up after {_MOST_TURNS} turns.",
                remedy="Add a delay, or a condition that ends it.",
            )
        if turn % _TURNS_AT_ONCE == 0:
            await asyncio.sleep(0)


def make(part: StepPart, workshop: Workshop) -> RepeatStep:
    """Build the step with its sequence."""
    refuse_unknown(part, ("repeat",), workshop.problems)
    options, path = part.options["repeat"], f"{part.path}/repeat"
    if not isinstance(options, Mapping):
        raise Invalid("“repeat” has count, for_each, while or until, and a sequence.", where=path)
    kinds = [kind for kind in _KINDS if kind in options]
    if len(kinds) != 1 or "sequence" not in options or len(options) != 2:
        raise Invalid(
            "“repeat” has one of count, for_each, while and until, and a sequence.", where=path
        )
    kind = kinds[0]
    inner = f"{path}/{kind}"
    fixed = kind in ("count", "for_each")
    return RepeatStep(
        workshop.common(part),
        kind,
        workshop.complex(options[kind], inner) if fixed else None,
        None if fixed else workshop.condition(options[kind], inner),
        workshop.sequence(options["sequence"], f"{path}/sequence"),
    )
