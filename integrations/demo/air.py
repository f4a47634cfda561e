"""The air of a room: warmth, moisture and CO₂, in small steps of time. Pure.

Each quantity moves towards what drives it, as in a room without inner structure: with the time
constant tau, `x` comes 63 % closer to its goal within tau (Newton's law of cooling).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

_FRESH_CO2 = 420.0
_CO2_A_PERSON = 150.0  # ppm an hour, in a room of about 100 cubic metres
_LONGEST_STEP = 300.0


@dataclass(frozen=True, slots=True)
class Air:
    """Degrees Celsius, percent, parts per million."""

    temperature: float
    humidity: float = 45.0
    co2: float = 500.0


@dataclass(frozen=True, slots=True)
class Drivers:
    """What changes the air: degrees outdoors, whether a window is open, whether the radiator is
    on, people inside, and percent of moisture an hour from a shower."""

    outdoors: float
    open: bool = False
    heating: bool = False
    people: float = 0.0
    shower: float = 0.0


def breathe(air: Air, drivers: Drivers, seconds: float) -> Air:
    """The air after `seconds`."""
    while seconds > 0:
        step = min(seconds, _LONGEST_STEP)
        air = _step(air, drivers, step / 3600)
        seconds -= step
    return air


def _step(air: Air, drivers: Drivers, hours: float) -> Air:
    # Hours until the outdoors has won: well insulated, or with an open window.
    cooling, drying, airing = (2.5, 0.6, 0.4) if drivers.open else (45.0, 3.0, 2.5)
    damp = 60.0 if drivers.open else 43.0 + 2.0 * drivers.people
    warmed = air.temperature + hours * (1.8 * drivers.heating + 0.06 * drivers.people)
    stale = air.co2 + hours * _CO2_A_PERSON * drivers.people
    return replace(
        air,
        temperature=towards(warmed, drivers.outdoors, hours, cooling),
        humidity=min(towards(air.humidity + hours * drivers.shower, damp, hours, drying), 99.0),
        co2=towards(stale, _FRESH_CO2, hours, airing),
    )


def towards(value: float, goal: float, hours: float, tau: float) -> float:
    """`value` after moving towards `goal` with time constant `tau` (hours)."""
    return goal + (value - goal) * math.exp(-hours / tau)


def radiator(
    mode: str, wanted: float, air: Air, was_on: bool, *, night: bool, airing: bool
) -> bool:
    """Whether a thermostat heats: with a little hysteresis, never out of an open window; `auto`
    keeps it three degrees cooler at night."""
    if mode == "off" or airing:
        return False
    goal = wanted - 3.0 if mode == "auto" and night else wanted
    return air.temperature < goal + (0.1 if was_on else -0.2)
