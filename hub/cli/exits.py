"""What a command's exit code means; `hub --help` tells people the same."""

from __future__ import annotations

from hub.errors import HubError, Invalid

DONE = 0
FAILED = 1
WRONG_INPUT = 2
NOT_RUNNING = 3


class NotRunning(HubError):
    """No hub answers where one was looked for."""


def code_of(error: HubError) -> int:
    """The exit code for an error."""
    if isinstance(error, NotRunning):
        return NOT_RUNNING
    return WRONG_INPUT if isinstance(error, Invalid) else FAILED
