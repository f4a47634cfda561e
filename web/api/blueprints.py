"""Blueprints: which there are, their blanks, and making a skill from one."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct, field

from skills.blueprints import Blueprint
from skills.service import Skills
from web.api.encode import encode_error
from web.api.endpoint import Asked, Body, Endpoint, get, post
from web.api.openapi import ErrorInfo
from web.api.skills import SkillAnswer, answer_of
from web.sight import MANAGE_SKILLS


class BlueprintSummary(Struct, frozen=True, kw_only=True):
    """A blueprint as the gallery shows it. `path` names it."""

    path: str
    name: str
    description: str
    domain: str
    author: str
    icon: str
    category: str


class SelectorInfo(Struct, frozen=True):
    """How a value is chosen."""

    kind: str
    options: dict[str, Any]


class InputInfo(Struct, frozen=True):
    """A blank of a blueprint."""

    key: str
    name: str
    description: str
    required: bool
    default: Any
    selector: SelectorInfo


class SectionInfo(Struct, frozen=True):
    """A group of blanks; `inputs` are their keys."""

    name: str
    description: str
    icon: str
    inputs: list[str]


class BlueprintAnswer(BlueprintSummary, frozen=True, kw_only=True):
    """A blueprint with its blanks."""

    inputs: list[InputInfo]
    sections: list[SectionInfo]


class BrokenInfo(Struct, frozen=True):
    """A file that can't be used, and why."""

    path: str
    error: ErrorInfo


class BlueprintList(Struct, frozen=True):
    """All that were found."""

    blueprints: list[BlueprintSummary]
    broken: list[BrokenInfo]


class FillBody(Body):
    """A skill to be made: its name and the values of the blanks."""

    name: Annotated[str, Meta(min_length=1, max_length=160)]
    inputs: dict[str, Any] = field(default_factory=dict)


class BlueprintRoutes:
    """Addresses of blueprints."""

    def __init__(self, skills: Skills) -> None:
        self._skills, self._blueprints = skills, skills.blueprints

    def endpoints(self) -> list[Endpoint]:
        """All of them."""
        return [
            get("/api/blueprints", self.all),
            post(
                "/api/blueprints/{path:path}/skills",
                self.make,
                permission=MANAGE_SKILLS,
                status=201,
            ),
            get("/api/blueprints/{path:path}", self.one),
        ]

    async def all(self) -> BlueprintList:
        """Every blueprint, and the files that can't be used."""
        return BlueprintList(
            [_summary(found) for found in self._blueprints.all()],
            [
                BrokenInfo(path, ErrorInfo(**encode_error(error)))
                for path, error in self._blueprints.broken()
            ],
        )

    async def one(self, path: str) -> BlueprintAnswer:
        """One blueprint with its blanks."""
        found = self._blueprints.get(path)
        return BlueprintAnswer(
            **_summary_fields(found),
            inputs=[
                InputInfo(
                    blank.key,
                    blank.name,
                    blank.description,
                    blank.required,
                    blank.default,
                    SelectorInfo(blank.selector.kind, dict(blank.selector.options)),
                )
                for blank in found.inputs
            ],
            sections=[
                SectionInfo(s.name, s.description, s.icon, [blank.key for blank in s.inputs])
                for s in found.sections
            ],
        )

    async def make(self, asked: Asked, path: str, body: FillBody) -> SkillAnswer:
        """Make a skill from a blueprint."""
        saved = await self._skills.create_from_blueprint(
            path, body.inputs, body.name, asked.context
        )
        return answer_of(saved)


def _summary(found: Blueprint) -> BlueprintSummary:
    return BlueprintSummary(**_summary_fields(found))


def _summary_fields(found: Blueprint) -> dict[str, Any]:
    return {name: getattr(found, name) or "" for name in BlueprintSummary.__struct_fields__}
