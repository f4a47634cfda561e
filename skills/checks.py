"""What `hub check` looks at here: every blueprint and every skill that is stored."""

from __future__ import annotations

from hub.checks import Check, Checked, Problem
from skills.info import Finding
from skills.service import Skills


def offered(skills: Skills) -> list[Check]:
    """The checks of skills that were wired, but not started."""

    async def blueprints() -> Checked:
        catalogue = skills.blueprints
        problems = [Problem.of(error, f"blueprint {path}") for path, error in catalogue.broken()]
        return Checked(f"{len(catalogue.all()) + len(problems)} blueprints", problems)

    async def stored() -> Checked:
        await skills.start()
        try:
            found = skills.all()
        finally:
            await skills.stop()
        problems = [_problem(skill.name, f) for skill in found for f in skill.findings]
        return Checked(f"{len(found)} skills", problems)

    return [blueprints, stored]


def _problem(name: str, found: Finding) -> Problem:
    return Problem(
        found.level,
        f"skill “{name}”",
        found.message,
        found.remedy,
        line=found.line,
        path=found.path,
    )
