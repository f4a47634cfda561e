"""What takes a moment: a cover on its way, a lock that turns, a lamp that is dimmed. Pure."""

from __future__ import annotations

from dataclasses import dataclass

FULL_TRAVEL = 20.0  # seconds from closed to open
TURN = 1.0  # seconds that a lock needs


@dataclass(frozen=True, slots=True)
class Glide:
    """A value on its way from `start` to `goal`; `began` in epoch seconds. `ends_as` is the state
    that is reached with it."""

    began: float
    seconds: float
    start: float
    goal: float
    ends_as: str

    def done(self, time: float) -> bool:
        """Whether it has arrived."""
        return time >= self.began + self.seconds

    def value(self, time: float) -> float:
        """Where it is at `time`."""
        if self.done(time) or self.seconds <= 0:
            return self.goal
        part = max(time - self.began, 0.0) / self.seconds
        return self.start + part * (self.goal - self.start)


def travel(began: float, position: float, goal: float) -> Glide:
    """A cover's way from one position to another."""
    seconds = FULL_TRAVEL * abs(goal - position) / 100
    return Glide(began, seconds, position, goal, "open" if goal > 0 else "closed")


def turn(began: float, goal: str) -> Glide:
    """A lock's turn to `goal`."""
    return Glide(began, TURN, 0.0, 1.0, goal)


def dim(began: float, seconds: float, start: float, goal: float) -> Glide:
    """A lamp's way to another brightness."""
    return Glide(began, seconds, start, goal, "on" if goal > 0 else "off")
