"""What the appliances are doing and draw, as functions of how long they have been at it. Pure."""

from __future__ import annotations

# The washing machine's programme: minutes that a phase ends after, its name, its watts.
PROGRAMME = ((15, "washing", 2050.0), (55, "washing", 190.0), (70, "spinning", 480.0))
_MINUTES = PROGRAMME[-1][0]
DURATION = 60.0 * _MINUTES  # seconds
_STANDBY = 1.0


def washing(seconds: float) -> tuple[str, float, int]:
    """The washing machine `seconds` after its start: state, watts, minutes left."""
    minutes = seconds / 60
    for end, name, watts in PROGRAMME:
        if minutes < end:
            return name, watts, max(round(_MINUTES - minutes), 1)
    return "done", _STANDBY, 0


def coffee(seconds: float) -> float:
    """Watts of the coffee machine, `seconds` after it was switched on: heats, then keeps warm."""
    return 1320.0 if seconds < 180 else 45.0


def television() -> float:
    """Watts of the television that is on."""
    return 96.0


def lamp(brightness: float | None) -> float:
    """Watts of a lamp; brightness 0 to 255."""
    return 9.0 * (brightness or 0.0) / 255


def fridge(seconds: float) -> float:
    """Watts of fridge, freezer and everything that never sleeps: the compressor runs a third of
    the time; `seconds` since the epoch."""
    return 185.0 if seconds % 2700 < 900 else 95.0
