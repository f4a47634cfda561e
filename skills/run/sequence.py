"""Steps one after the other. A sequence's frame is the index of the step that it is at."""

from __future__ import annotations

from skills.run.halts import ConditionFailed
from skills.run.run import Run, Step


class Sequence:
    """The steps of a skill, a branch or a loop."""

    __slots__ = ("path", "steps")

    def __init__(self, path: str, steps: tuple[Step, ...]) -> None:
        self.path = path
        self.steps = steps

    async def run(self, run: Run, *, outermost: bool = False) -> None:
        """Take the steps from where the run is. A condition that fails ends this sequence alone."""
        frames, path, steps = run.frames, self.path, self.steps
        try:
            for index in range(frames.get(path, 0), len(steps)):
                frames[path] = index
                await run.take(steps[index])
        except ConditionFailed:
            if outermost:
                raise
        frames.pop(path, None)
