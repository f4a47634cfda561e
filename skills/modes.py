"""What happens when a skill is triggered while it still runs.

https://www.home-assistant.io/docs/automation/modes/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["start", "queue", "replace", "refuse"]


@dataclass(frozen=True, slots=True)
class Gate:
    """A skill's mode, how many runs it may have, and how loud a refusal is."""

    mode: str = "single"
    max: int = 10
    max_exceeded: str = "warning"

    def decide(self, running: int, queued: int) -> Verdict:
        """What to do with a new run while so many run and wait in the queue."""
        if running + queued == 0:
            return "start"
        match self.mode:
            case "restart":
                return "replace"
            case "queued":
                return "queue" if running + queued < self.max else "refuse"
            case "parallel":
                return "start" if running < self.max else "refuse"
            case _:
                return "refuse"

    @property
    def refusal(self) -> str:
        """Why a run did not start, for people."""
        if self.mode == "single":
            return "It was already running (mode single)."
        return f"{self.max} runs were already there (mode {self.mode}, max {self.max})."
