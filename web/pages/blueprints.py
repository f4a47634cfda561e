"""The blueprint gallery, and the form that makes a skill out of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from hub.access import People
from hub.errors import Invalid, NotFound
from hub.registry import Registry
from hub.states import States
from skills.blueprints import Blueprint
from skills.info import SkillInfo
from skills.service import Skills
from web import htmx
from web.forms import Form
from web.guard import Guard
from web.identity import context_of
from web.render import Pages
from web.selectors import Choices
from web.sight import MANAGE_SKILLS, Sight
from web.tiles import icon_of, state_words
from web.words import _

CATEGORY_ICONS = {
    "light": "lightbulb", "climate": "thermometer", "safety": "shield", "energy": "plug",
    "office": "briefcase", "family": "users", "presence": "house", "hub care": "server",
}  # fmt: skip
CATEGORY_TONES = {"light": "warm", "safety": "if", "climate": "when"}


@dataclass(frozen=True, slots=True)
class BlueprintParts:
    """What these pages need of the hub."""

    states: States
    registry: Registry
    people: People
    skills: Skills


class BlueprintPages:
    """The gallery and the form."""

    def __init__(self, parts: BlueprintParts, pages: Pages) -> None:
        self._states = parts.states
        self._registry = parts.registry
        self._people = parts.people
        self._skills = parts.skills
        self._pages = pages

    async def index(self, request: Request) -> Response:
        """Every blueprint, or those of `?category=`."""
        found = self._skills.blueprints.all()
        category = request.query_params.get("category", "")
        choices = self._choices(request)
        cards = [self._card(b, choices) for b in found if category in ("", b.category.lower())]
        return self._pages.answer(
            request,
            "blueprints/index.html",
            "grid",
            page_title=_("Blueprints"),
            cards=cards,
            category=category,
            categories=sorted({b.category.lower() for b in found if b.category}),
            category_icons=CATEGORY_ICONS,
            broken=self._skills.blueprints.broken(),
        )

    async def use(self, request: Request) -> Response:
        """The form of one blueprint; `?skill=` changes the settings of that skill."""
        blueprint = self._blueprint(request)
        skill = self._changed_skill(request)
        values: dict[str, Any] = dict(skill.inputs) if skill else {}
        form = Form({"skill_name": skill.name if skill else self._free_name(blueprint)})
        return self._answer(request, blueprint, blueprint.complete(values), form, {})

    async def check(self, request: Request) -> Response:
        """The preview in words for what is typed so far, and what is wrong about it."""
        blueprint = self._blueprint(request)
        form = await Form.read(request)
        values = blueprint.from_form(form.lists())
        errors = (
            {}
            if form.text("fresh")
            else blueprint.check_inputs(values, self._skills.blueprints.house)
        )
        return self._pages.part(
            request, "blueprints/use.html", "words", words=self._words(blueprint, values),
            errors=errors, blueprint=blueprint,
        )  # fmt: skip

    async def save(self, request: Request) -> Response:
        """Make the skill, or come back with the errors beside their fields."""
        blueprint = self._blueprint(request)
        form = await Form.read(request)
        values = blueprint.from_form(form.lists())
        errors = dict(blueprint.check_inputs(values, self._skills.blueprints.house))
        name = form.text("skill_name").strip()
        if not name:
            form.wrong("skill_name", _("Give it a name."))
        if not errors and form.ok:
            try:
                skill = await self._keep(request, blueprint, values, name)
            except Invalid as error:
                form.blame(error, known=("skill_name",), otherwise="skill_name")
            else:
                return htmx.go(request, f"/skills/{skill.id}")
        for key, sentence in errors.items():
            form.wrong(key, sentence)
        return self._answer(request, blueprint, values, form, errors, status=422)

    async def pick(self, request: Request) -> Response:
        """The options of an entity picker: what fits, grouped by area, with live state."""
        blueprint = self._blueprint(request)
        key = request.path_params["key"]
        found = next((i for i in blueprint.inputs if i.key == key), None)
        if found is None:
            raise NotFound(_("%(name)s asks for no such thing.", name=blueprint.name))
        query = request.query_params.get("q", "")
        groups = self._choices(request).entities(found.selector.options, query)
        return self._pages.part(
            request, "blueprints/use.html", "options",
            groups=[(area, [self._option(s) for s in states]) for area, states in groups],
        )  # fmt: skip

    async def _keep(
        self, request: Request, blueprint: Blueprint, values: Mapping[str, Any], name: str
    ) -> SkillInfo:
        context = context_of(request)
        if skill := self._changed_skill(request):
            return await self._skills.change_inputs(skill.id, values, name, context)
        return await self._skills.create_from_blueprint(blueprint.path, values, name, context)

    def _answer(
        self,
        request: Request,
        blueprint: Blueprint,
        values: Mapping[str, Any],
        form: Form,
        errors: Mapping[str, str],
        *,
        status: int = 200,
    ) -> Response:
        choices = self._choices(request)
        fields = {
            i.key: choices.field(i, values.get(i.key), form.error(i.key)) for i in blueprint.inputs
        }
        first_wrong = next((key for key in fields if key in errors), "")
        return self._pages.answer(
            request,
            "blueprints/use.html",
            "form",
            status=status,
            page_title=blueprint.name,
            blueprint=blueprint,
            card=self._card(blueprint, choices),
            fields=fields,
            first_wrong=first_wrong,
            form=form,
            errors=errors,
            words=self._words(blueprint, values),
            skill=self._changed_skill(request),
        )

    def _blueprint(self, request: Request) -> Blueprint:
        return self._skills.blueprints.get(request.path_params["path"])

    def _changed_skill(self, request: Request) -> SkillInfo | None:
        skill_id = request.query_params.get("skill")
        return self._skills.get(skill_id) if skill_id else None

    def _words(self, blueprint: Blueprint, values: Mapping[str, Any]) -> Markup:
        parts = blueprint.words(values, self._name_of)
        return Markup("").join(
            Markup("<mark>{}</mark>").format(text) if is_value else escape(text)
            for text, is_value in parts
        )

    def _name_of(self, thing_id: str) -> str:
        if person := self._people.get(thing_id):
            return person.name
        if area := self._registry.areas.get(thing_id):
            return area.name
        return self._registry.name_of(thing_id)

    def _free_name(self, blueprint: Blueprint) -> str:
        taken = {skill.name.casefold() for skill in self._skills.all()}
        if blueprint.name.casefold() not in taken:
            return blueprint.name
        number = 2
        while f"{blueprint.name} {number}".casefold() in taken:
            number += 1
        return f"{blueprint.name} {number}"

    def _option(self, state: Any) -> tuple[str, str, str, str]:
        name = self._registry.name_of(state.entity_id)
        return state.entity_id, name, icon_of(state), state_words(state)

    def _choices(self, request: Request) -> Choices:
        sight = Sight.of(self._people, request)
        return Choices(self._states, self._registry, self._people, sight.entity)

    def _card(self, blueprint: Blueprint, choices: Choices) -> dict[str, Any]:
        category = blueprint.category.lower()
        return {
            "blueprint": blueprint,
            "icon": blueprint.icon or CATEGORY_ICONS.get(category, "layout-template"),
            "tone": CATEGORY_TONES.get(category, "then"),
            "needs": choices.needs(blueprint),
        }


def routes(parts: BlueprintParts, pages: Pages) -> list[BaseRoute]:
    """The addresses of these pages. A blueprint's path may have folders in it."""
    page, guard = BlueprintPages(parts, pages), Guard(parts.people)
    return [
        guard.get("/blueprints", page.index, MANAGE_SKILLS),
        guard.post("/ui/blueprints/{path:path}/check", page.check, MANAGE_SKILLS),
        guard.get("/ui/blueprints/{path:path}/pick/{key}", page.pick, MANAGE_SKILLS),
        guard.get("/blueprints/{path:path}", page.use, MANAGE_SKILLS),
        guard.post("/blueprints/{path:path}", page.save, MANAGE_SKILLS),
    ]
