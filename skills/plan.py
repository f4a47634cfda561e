"""A skill made ready to run: its document with every template, step and trigger built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.errors import HubError
from skills.actions import kinds as steps
from skills.conditions import Condition, Conditions
from skills.document import Document, Problems, parse
from skills.modes import Gate
from skills.run.sequence import Sequence
from skills.templates import Complex, Template, Templates
from skills.triggers import kinds as triggers
from skills.triggers.wire import Trigger
from skills.words import Words
from skills.workshop import Workshop

Values = list[tuple[str, Complex[Template]]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What runs share. A plan never changes; a new version of the skill has a new one."""

    document: Document
    gate: Gate
    triggers: tuple[tuple[Trigger, bool | Template, Values], ...]
    trigger_variables: Values
    variables: Values
    condition: Condition | None
    sequence: Sequence


class Builder:
    """Makes plans of documents."""

    def __init__(self, templates: Templates, conditions: Conditions, words: Words) -> None:
        self._templates, self._conditions, self._words = templates, conditions, words

    def build(self, data: Any) -> tuple[Plan, list[HubError]]:
        """The plan of a document, and everything that is wrong with it.

        A plan with mistakes lacks the parts that could not be built: it is for looking at, not
        for running.
        """
        problems = Problems()
        document = parse(data, problems)
        workshop = Workshop(
            self._templates, self._conditions, self._words, steps.KINDS, triggers.build, problems
        )
        plan = Plan(
            document=document,
            gate=Gate(document.mode, document.max, document.max_exceeded),
            triggers=self._triggers(document, workshop),
            trigger_variables=_values(document.trigger_variables, "trigger_variables", workshop),
            variables=_values(document.variables, "variables", workshop),
            condition=self._condition(document, problems),
            sequence=workshop.steps(document.steps, document.steps_path),
        )
        return plan, problems.found

    def _triggers(
        self, document: Document, workshop: Workshop
    ) -> tuple[tuple[Trigger, bool | Template, Values], ...]:
        built = []
        for part in document.triggers:
            try:
                trigger = triggers.build(part, workshop)
                values = _values(part.variables, f"{part.path}/variables", workshop)
                built.append((trigger, workshop.enabled(part), values))
            except HubError as error:
                workshop.problems.take(error, part.path)
        return tuple(built)

    def _condition(self, document: Document, problems: Problems) -> Condition | None:
        if not document.conditions:
            return None
        found = self._conditions.problems(document.conditions, document.conditions_path)
        if found:
            problems.found.extend(found)
            return None
        return self._conditions.compile(document.conditions, document.conditions_path)


def _values(values: Mapping[str, Any], path: str, workshop: Workshop) -> Values:
    found: Values = []
    for name, value in values.items():
        try:
            found.append((name, workshop.complex(value, f"{path}/{name}")))
        except HubError as error:
            workshop.problems.take(error, f"{path}/{name}")
    return found


def render(values: Values, variables: dict[str, Any]) -> None:
    """Add values to `variables`, in order: each may use those before it."""
    for name, value in values:
        variables[name] = value.render(variables)
