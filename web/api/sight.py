"""What a person may see of the events that go by; `web.sight` says the same of what is kept."""

from __future__ import annotations

from hub.access import People
from hub.events import (
    ACTION_CALLED,
    HEALTH_CHANGED,
    HUB_STARTED,
    HUB_STOPPING,
    INTEGRATION_CHANGED,
    NOTIFICATION_CHANGED,
    REGISTRY_CHANGED,
    RUN_CHANGED,
    SKILL_CHANGED,
    Event,
)
from web.sight import MANAGE_PEOPLE, SEE, SEE_ACTIVITY, SEE_SKILLS, SEE_SYSTEM

# What may stand in an event of somebody's own making is not known: messages, names, places.
SEE_EVENTS = "hub.see_events"
_NEEDED = {
    HUB_STARTED: SEE,
    HUB_STOPPING: SEE,
    REGISTRY_CHANGED: SEE,
    HEALTH_CHANGED: SEE_SYSTEM,
    INTEGRATION_CHANGED: SEE_SYSTEM,
    SKILL_CHANGED: SEE_SKILLS,
    RUN_CHANGED: SEE_ACTIVITY,
}


def sees(people: People, person_id: str | None, event: Event) -> bool:
    """Whether a person may be told of an event; None is the hub itself."""
    if person_id is None:
        return True
    if event.entity_id is not None:
        return people.may(person_id, SEE, (event.entity_id,))
    if event.type == ACTION_CALLED:
        return _sees_call(people, person_id, event)
    if event.type == NOTIFICATION_CHANGED:
        own = person_id in (event.context.person_id, event.data.get("person_id"))
        return own or people.may(person_id, MANAGE_PEOPLE)
    return people.may(person_id, _NEEDED.get(event.type, SEE_EVENTS))


def _sees_call(people: People, person_id: str, event: Event) -> bool:
    """What moves things that one sees can be seen anyway; the rest may be anybody's words."""
    entity_ids = event.data["entity_ids"]
    if entity_ids and not people.may(person_id, SEE, entity_ids):
        return False
    own = event.context.person_id == person_id and event.context.origin != "skill"
    return own or bool(entity_ids) or people.may(person_id, SEE_ACTIVITY)
