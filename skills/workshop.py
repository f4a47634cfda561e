"""Builds steps out of a document's parts, once, when a skill is loaded.

Everything that can be known before a run is worked out here: templates are parsed, durations read,
constant targets and data made ready. A mistake is noted with its path and the rest goes on, so that
a person sees all of them at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.errors import HubError
from skills.conditions import Condition, Conditions
from skills.document import Problems, StepPart, TriggerPart, parse_steps, trace_path
from skills.run.run import Step
from skills.run.sequence import Sequence
from skills.templates import Complex, Duration, Template, Templates, is_template
from skills.words import Words


@dataclass(frozen=True, slots=True)
class Common:
    """The part of a step that does not depend on its kind."""

    path: str
    kind: str
    label: str
    enabled: bool | Template
    continue_on_error: bool


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a step is built with. `kinds` says who builds which kind of step."""

    templates: Templates
    conditions: Conditions
    words: Words
    kinds: Mapping[str, Callable[[StepPart, Workshop], Step]]
    triggers: Callable[[TriggerPart, Workshop], Any]
    problems: Problems

    def sequence(self, value: Any, path: str) -> Sequence:
        """A list of steps, or a single one, as it stands at `path`."""
        return self.steps(parse_steps(value, path, self.problems), path)

    def steps(self, parts: tuple[StepPart, ...], path: str) -> Sequence:
        """Steps out of their parts; one that can't be built is left out and noted."""
        built = [step for part in parts if (step := self.step(part)) is not None]
        return Sequence(trace_path(path), tuple(built))

    def step(self, part: StepPart) -> Step | None:
        """One step, or None when it can't be built."""
        make = self.kinds.get(part.kind)
        if make is None:
            self.problems.add(
                f"The step “{part.kind.replace('_', ' ')}” is not supported yet.", part.path
            )
            return None
        try:
            return make(part, self)
        except HubError as error:
            self.problems.take(error, part.path)
            return None

    def common(self, part: StepPart) -> Common:
        """What every step has, out of its part."""
        return Common(
            part.trace_path,
            part.kind,
            part.alias or self.words.step(part.kind, part.options),
            self.enabled(part),
            part.continue_on_error,
        )

    def enabled(self, part: StepPart | TriggerPart) -> bool | Template:
        """Whether it is switched on; a template is asked each time."""
        if isinstance(part.enabled, bool):
            return part.enabled
        return self.template(part.enabled, f"{part.path}/enabled")

    def template(self, text: str, path: str) -> Template:
        """A template. Raises TemplateFailed with the path."""
        try:
            return self.templates.compile(text)
        except HubError as error:
            error.where = ", ".join(part for part in (path, error.where) if part)
            raise

    def complex(self, value: Any, path: str) -> Complex[Template]:
        """Data with templates in it, at any depth. Raises TemplateFailed with the path."""
        return self.templates.compile_complex(value, path)

    def text(self, value: Any, path: str) -> str | Template:
        """A text, or a template that gives one."""
        return self.template(value, path) if is_template(value) else str(value)

    def duration(self, value: Any, path: str) -> Duration:
        """A length of time, possibly a template. Raises Invalid with the path."""
        return Duration.compile(value, self.templates, path)

    def condition(self, value: Any, path: str) -> Condition:
        """One or several conditions. Raises Invalid with the path."""
        return self.conditions.compile(value, path)
