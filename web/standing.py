"""How the hub is: the strip of the home page, and what needs somebody."""

from __future__ import annotations

from dataclasses import dataclass

from hub.health import Health
from hub.plugins.manager import Plugins
from hub.plugins.report import PREFIX
from skills.service import Skills
from web.machine import Watch
from web.sight import SEE_SYSTEM, Sight
from web.words import _

# From this share on (percent), memory and disk need a look.
_FULL = 92.0
_TROUBLED = ("quarantined", "needs person", "retrying")


@dataclass(frozen=True, slots=True)
class Need:
    """Something that waits for a person."""

    title: str
    text: str
    tone: str
    href: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the strip."""

    label: str
    words: str
    tone: str
    href: str


class Standing:
    """Looks at the hub's parts, for those who may see them."""

    def __init__(self, health: Health, plugins: Plugins, skills: Skills, watch: Watch) -> None:
        self._health, self._plugins = health, plugins
        self._skills, self._watch = skills, watch

    def needs(self, sight: Sight) -> list[Need]:
        """Troubled parts, integrations that don't run, broken skills."""
        if not sight.may(SEE_SYSTEM):
            return []
        found = [
            Need(c.sentence, c.remedy, c.status, _PLACES.get(c.part, "/settings/system"))
            for c in self._health.all()
            # Skills and integrations are told below, each with its own way there.
            if c.status != "ok" and c.part != "skills" and not c.part.startswith(PREFIX)
        ]
        found += [
            Need(
                _("%(name)s is not running", name=one.name),
                str(one.error or ""),
                "warn",
                "/integrations",
            )
            for one in self._plugins.all()
            if one.status in _TROUBLED
        ]
        return found + self._broken_skills()

    def strip(self, sight: Sight) -> list[Cell]:
        """The hub, its integrations and skills, and the machine."""
        if not sight.may(SEE_SYSTEM):
            return []
        machine = self._watch.look()
        loaded = [i for i in self._plugins.all() if i.status != "off"]
        running = sum(1 for i in loaded if i.status == "running")
        skills = self._skills.all()
        enabled, waiting = sum(s.enabled for s in skills), sum(s.waiting for s in skills)
        status, system = self._health.status, "/settings/system"
        memory = "ok" if machine.memory_percent < _FULL else "warn"
        disk = "ok" if machine.disk_percent < _FULL else "warn"
        runs = "ok" if running == len(loaded) else "warn"
        own, free = machine.own_memory >> 20, machine.disk_free / 2**30
        return [
            Cell(_("Hub"), _word(status), status, system),
            Cell(
                _("Integrations"),
                _("%(a)d of %(b)d run", a=running, b=len(loaded)),
                runs,
                "/integrations",
            ),
            Cell(_("Skills"), _("%(a)d on, %(b)d waiting", a=enabled, b=waiting), "ok", "/skills"),
            Cell(_("Memory"), _("%(own)d MB", own=own), memory, system),
            Cell(_("Processor"), f"{machine.processor_percent:.0f} %", "ok", system),
            Cell(_("Disk"), _("%(free).0f GB free", free=free), disk, system),
        ]

    def _broken_skills(self) -> list[Need]:
        found = []
        for skill in self._skills.all():
            errors = [f for f in skill.findings if f.level == "error"]
            if errors and skill.enabled:
                title = _("%(name)s can’t run", name=skill.name)
                found.append(Need(title, errors[0].message, "warn", f"/skills/{skill.id}"))
        return found


# Where the trouble of a part can be looked at more closely.
_PLACES = {"notifications": "/activity/deliveries"}


def _word(status: str) -> str:
    return {"ok": _("All is well"), "warn": _("Needs a look"), "bad": _("In trouble")}[status]
