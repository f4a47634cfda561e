"""The pages that every page links to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from web.sight import MANAGE_SKILLS, SEE, SEE_ACTIVITY, SEE_SKILLS, SEE_SYSTEM
from web.words import _


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the navigation. `on_phone`: in the tab bar; the others are under More."""

    label: str
    path: str
    icon: str
    on_phone: bool = True
    here: bool = False
    count: int = 0
    tone: str = ""


def items(path: str, may: Callable[[str], bool]) -> list[Item]:
    """The navigation as seen from `path` by somebody: only what they may open."""
    return [
        Item(label, target, icon, on_phone, here=_is_here(target, path))
        for label, target, icon, on_phone, permission in (
            (_("Home"), "/", "house", True, SEE),
            (_("Skills"), "/skills", "workflow", True, SEE_SKILLS),
            (_("Blueprints"), "/blueprints", "layout-template", True, MANAGE_SKILLS),
            (_("Activity"), "/activity", "activity", True, SEE_ACTIVITY),
            (_("Integrations"), "/integrations", "puzzle", False, SEE_SYSTEM),
            (_("Settings"), "/settings", "settings", False, ""),
        )
        if not permission or may(permission)
    ]


def _is_here(target: str, path: str) -> bool:
    return path == target or (target != "/" and path.startswith(f"{target}/"))
