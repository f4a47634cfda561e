"""Skills: the automation language and its engine. `part(hub)` wires it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hub import hookimpl
from hub.access import People
from hub.app import Hub
from hub.checks import Check
from hub.context import new_id
from hub.events import INTEGRATION_CHANGED, Event
from hub.registry import Registry
from skills.active import Doors
from skills.alive import Alive
from skills.blueprints import SHIPPED, Blueprints, House
from skills.check import Checker
from skills.checks import offered
from skills.conditions import Conditions
from skills.library import Library
from skills.plan import Builder
from skills.recovery import Recovery
from skills.run.keeper import Keeper
from skills.run.log import RunLog
from skills.run.run import Kit
from skills.run.runner import Runner
from skills.service import Skills
from skills.templates import Templates
from skills.words import Words


def _offer_functions(hub: Hub, templates: Templates) -> None:
    """Keep the template functions of integrations as they are loaded and unloaded."""
    known: set[str] = set()

    def refresh(event: Event) -> None:
        del event
        found: dict[str, Callable[..., Any]] = {}
        for functions in hub.plugins.hook.template_functions():
            found |= functions
        templates.remove_functions(list(known - found.keys()))
        templates.add_functions(found)
        known.clear()
        known.update(found)

    hub.bus.subscribe(INTEGRATION_CHANGED, refresh)


@hookimpl
def part(hub: Hub) -> Skills:
    """Wire the skills to the hub. The answer is started and stopped by the hub."""
    owner = new_id()
    storage = hub.config.storage
    templates = Templates(hub.states, hub.registry, hub.clock, hub.home)
    _offer_functions(hub, templates)
    conditions = Conditions(hub.states, hub.registry, hub.clock, hub.home, templates)
    blueprints = Blueprints(
        [SHIPPED, hub.folder / "blueprints"], House(hub.states, hub.registry, hub.people)
    )
    blueprints.load()
    keeper = Keeper(
        bus=hub.bus,
        clock=hub.clock,
        tasks=hub.tasks,
        health=hub.health,
        owner=owner,
        flush_seconds=storage.history_flush,
        kept=storage.traces_kept,
    )
    runner = Runner(keeper, hub.tasks, hub.clock)
    kit = Kit(
        hub.actions, hub.bus, hub.clock, hub.states, hub.registry, hub.entities, hub.home, keeper
    )
    doors = Doors(
        bus=hub.bus,
        clock=hub.clock,
        states=hub.states,
        registry=hub.registry,
        entities=hub.entities,
        home=hub.home,
        kit=kit,
        keeper=keeper,
        runner=runner,
        name_of=lambda thing_id: _name_of(hub.people, hub.registry, thing_id),
    )
    builder = Builder(templates, conditions, Words(hub.registry))
    checker = Checker(hub.actions, hub.registry, hub.states, hub.home)
    library = Library(doors, builder, checker, blueprints, hub.clock)
    return Skills(
        library=library,
        runner=runner,
        keeper=keeper,
        log=RunLog(keeper, runner, library.name_of),
        recovery=Recovery(kit=kit, keeper=keeper, runner=runner, owner=owner, plan_of=library.plan),
        alive=Alive(hub.home, hub.clock, hub.tasks),
        blueprints=blueprints,
        people=hub.people,
        recorder=hub.recorder,
        health=hub.health,
        bus=hub.bus,
        clock=hub.clock,
        tasks=hub.tasks,
    )


def _name_of(people: People, registry: Registry, thing_id: str) -> str:
    person = people.get(thing_id)
    return person.name if person else registry.name_of(thing_id)


@hookimpl
def checks(hub: Hub) -> list[Check]:
    """What `hub check` looks at: every blueprint and every skill."""
    return offered(part(hub))
