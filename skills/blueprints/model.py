"""What a blueprint is: who made it, what it asks for, and the skill with blanks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.access import People
from hub.registry import Registry
from hub.states import States
from skills.blueprints import checks, fill, forms, sentence
from skills.blueprints.said import Blank
from skills.blueprints.selectors import Selector
from skills.source import Source


@dataclass(frozen=True, slots=True)
class BlueprintInput:
    """A blank. `default` counts only when it is not `required`."""

    key: str
    name: str
    description: str
    selector: Selector
    default: Any = None
    required: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """Inputs that are shown together; the one without name stands for those outside of any."""

    name: str
    description: str = ""
    icon: str = ""
    collapsed: bool = False
    inputs: tuple[BlueprintInput, ...] = ()


@dataclass(frozen=True, slots=True)
class House:
    """What values of inputs are looked up in."""

    states: States
    registry: Registry
    people: People


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A skill with blanks. `path` names it in the catalogue: `motion_light.yaml`."""

    path: str
    name: str
    description: str = ""
    domain: str = "automation"
    author: str = ""
    icon: str = "layout-template"
    category: str = "Other"
    document_url: str = ""
    min_version: str = ""
    sections: tuple[Section, ...] = ()
    body: Mapping[str, Any] = field(default_factory=dict)
    tests: tuple[Mapping[str, Any], ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()
    source: Source = field(default_factory=lambda: Source(None))

    @property
    def inputs(self) -> list[BlueprintInput]:
        """Every input, section after section."""
        return [found for section in self.sections for found in section.inputs]

    def complete(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The inputs with the defaults of those that are missing."""
        defaults = {one.key: one.default for one in self.inputs if not one.required}
        known = {one.key for one in self.inputs}
        return {**defaults, **{key: value for key, value in inputs.items() if key in known}}

    def document(self, inputs: Mapping[str, Any], alias: str = "") -> dict[str, Any]:
        """The skill with its blanks filled in. Raises Invalid when an input is missing."""
        filled: dict[str, Any] = fill.filled(self.body, self.complete(inputs))
        head = {"alias": alias or self.name}
        if self.description and "description" not in filled:
            head["description"] = self.description
        return {**filled, **head}

    def check_inputs(self, values: Mapping[str, Any], house: House | None = None) -> dict[str, str]:
        """What is wrong with the values: a sentence for each input's key. Empty when all is well.

        Without `house` only what can be known without looking things up.
        """
        errors = {}
        for one in self.inputs:
            value = values.get(one.key)
            if one.key not in values or (one.required and value in (None, "", [], {})):
                trouble = checks.missing(one.selector) if one.required else ""
            else:
                trouble = checks.trouble(one.selector, value, house)
                if trouble and not one.required and value == one.default:
                    trouble = ""
            if trouble:
                errors[one.key] = trouble
        for key in values:
            if key not in {one.key for one in self.inputs}:
                errors[str(key)] = "The blueprint has no such input."
        return errors

    def from_form(self, form: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """Values out of a page's form. What can't be read stays text: `check_inputs` says so."""
        values = {}
        for one in self.inputs:
            found = forms.value(one.key, one.selector, form)
            if found is not forms.NOTHING and not (found == "" and one.required):
                values[one.key] = found
        return values

    def to_form(self, values: Mapping[str, Any]) -> dict[str, list[str]]:
        """The form's fields for values: the way back from `from_form`."""
        fields: dict[str, list[str]] = {}
        for one in self.inputs:
            if one.key in values:
                fields |= forms.fields(one.key, one.selector, values[one.key])
        return fields

    def words(
        self, values: Mapping[str, Any], name_of: Callable[[str], str]
    ) -> list[tuple[str, bool]]:
        """The skill in a sentence: its parts, each with whether it is a value of an input."""
        blanks = {one.key: _blank(one) for one in self.inputs}
        return sentence.words(self.body, self.complete(values), blanks, name_of)


def _blank(one: BlueprintInput) -> Blank:
    name = "somebody" if one.selector.kind == "person" else one.name
    wanted = [found for f in one.selector.filters if (found := f.get("device_class"))]
    first = wanted[0] if wanted else ""
    return Blank(name, str(first[0] if isinstance(first, list) else first))
