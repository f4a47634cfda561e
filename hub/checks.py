"""What `hub check` finds: one thing that is wrong, with the place and what to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from hub.errors import HubError

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """`subject` is what it is about (`skill Night door`); `path` leads into a document
    (`triggers/0/entity_id`), `file` and `line` (None: not known) to where it is written.
    """

    level: Level
    subject: str
    sentence: str
    remedy: str = ""
    file: str = ""
    line: int | None = None
    path: str = ""

    @classmethod
    def of(cls, error: HubError, subject: str, file: str = "") -> Problem:
        """An error that was raised, as a problem; its `where` is kept."""
        return cls("error", subject, error.sentence, error.remedy, file or error.where)

    def __str__(self) -> str:
        line = f", line {self.line}" if self.line else ""
        place = ", ".join(part for part in (f"{self.file}{line}".lstrip(", "), self.path) if part)
        told = f"{self.level}: {self.subject}: {self.sentence} {self.remedy}".rstrip()
        return f"{told} ({place})" if place else told


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check looked at: `what` in words (“7 blueprints”) and what was wrong."""

    what: str
    problems: Sequence[Problem] = ()


# A part offers these by the hook `checks`; each is called once, on a hub that was opened but not
# started, and changes nothing.
Check = Callable[[], Awaitable[Checked]]
