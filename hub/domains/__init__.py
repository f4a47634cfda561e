"""The actions of the standard entity domains: one action for every lamp in the house."""

from __future__ import annotations

from hub.actions import Action
from hub.domains import climate, cover, generic, light, lock, switch
from hub.entities import Entities


def actions(entities: Entities) -> list[Action]:
    """Every domain action, bound to the integrations' entities."""
    modules = (light, switch, lock, cover, climate, generic)
    return [declared for module in modules for declared in module.actions(entities)]
