"""What the pages, the API and the command line are told about skills and their runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from hub.context import Context

RunState = Literal[
    "running", "waiting", "finished", "failed", "stopped", "did_not_start", "cancelled", "in_doubt"
]
Level = Literal["error", "warning"]
UNFINISHED = ("running", "waiting")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a document that is wrong (`error`) or looks wrong (`warning`)."""

    level: Level
    message: str
    path: str = ""
    line: int | None = None
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class SkillInfo:
    """A skill as it is now. `blueprint` is the path of the one it was made from, with `inputs`."""

    id: str
    name: str
    description: str
    icon: str
    enabled: bool
    version: int
    document: str
    owner_id: str | None
    created_at: float
    updated_at: float
    last_triggered: float | None
    blueprint: str | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    running: int = 0
    waiting: int = 0
    mode: str = "single"
    # The skill in one sentence, by rules; and when its next time trigger is due.
    words: str = ""
    next_run: float | None = None


class TraceStep(msgspec.Struct):
    """One step that was taken. `path` is as in `action/2/choose/0/sequence/1`; `label` is a part
    of a sentence ("Turn on Hall"); `seconds` is None while the step goes on.
    """

    path: str
    kind: str
    label: str
    started_at: float
    seconds: float | None = None
    result: Any = None
    changed_variables: dict[str, Any] | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class RunInfo:
    """A run as it is now or as it ended. Times in epoch seconds (UTC)."""

    id: str
    skill_id: str
    skill_name: str
    skill_version: int
    state: RunState
    trigger: Mapping[str, Any]
    context: Context
    trace: list[TraceStep]
    dry_run: bool
    started_at: float
    resume_at: float | None
    finished_at: float | None
    reason: str
