"""The reason that every event, state change, action and delivery carries."""

from __future__ import annotations

import itertools
import secrets
import time
from typing import Literal

import msgspec

Origin = Literal["hub", "device", "person", "skill", "model", "message", "api", "cli", "time"]

# Ids need to be unique over restarts and cheap, not secret: start time, a little chance for
# machines that wake up with the same wrong time after each power cut, and a counter.
_PREFIX = f"{time.time_ns() // 1_000_000:x}{secrets.token_hex(2)}"
_COUNTER = itertools.count(1)


def new_id() -> str:
    """A unique id, sortable by age; costs well under a microsecond."""
    return f"{_PREFIX}{next(_COUNTER):09x}"


class Context(msgspec.Struct, frozen=True, gc=False):
    """Who or what caused something, and what caused that.

    `id` names this cause; `parent_id` is the id of the context that led to it; `person_id`
    is the person whose limits hold; `origin` is the kind of door it came in by.
    """

    id: str
    parent_id: str | None = None
    person_id: str | None = None
    origin: Origin = "hub"

    @classmethod
    def new(cls, origin: Origin = "hub", *, person_id: str | None = None) -> Context:
        """A context with no cause before it."""
        return cls(new_id(), None, person_id, origin)

    def child(self, origin: Origin | None = None, *, person_id: str | None = None) -> Context:
        """A context caused by this one; the person is inherited unless another is named."""
        return Context(new_id(), self.id, person_id or self.person_id, origin or self.origin)
