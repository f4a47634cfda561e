"""Chance from a seed: the same seed gives the same day."""

from __future__ import annotations

import math
import random


class Chance:
    """Draws what happens."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a simulation, no secret

    def happens(self, times_an_hour: float, seconds: float) -> bool:
        """Whether something that comes about so often comes about within `seconds`."""
        return self._random.random() < 1 - math.exp(-times_an_hour * seconds / 3600)

    def between(self, low: float, high: float) -> float:
        """Any number between two."""
        return self._random.uniform(low, high)
