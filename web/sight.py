"""What a person may be told, on the pages and by the API: by permission, and entity by entity."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import HTTPConnection

from hub.access import People
from hub.notify.info import NotificationInfo
from skills.info import RunInfo
from store.history import AuditRow, StateRow

SEE = "hub.see"
SEE_ACTIVITY = "hub.see_activity"
SEE_PEOPLE = "hub.see_people"
SEE_SKILLS = "hub.see_skills"
SEE_SYSTEM = "hub.see_system"
MANAGE_INTEGRATIONS = "hub.manage_integrations"
MANAGE_PEOPLE = "hub.manage_people"
MANAGE_SKILLS = "hub.manage_skills"
MANAGE_SYSTEM = "hub.manage_system"
RUN_SKILLS = "skill.run"
NOTIFY = "notify.send"

# What others did with their accounts is for those who manage people.
_PERSONAL = frozenset({"person", "sign_in", "token"})


class Sight:
    """One person's view of the house."""

    def __init__(self, people: People, person_id: str | None) -> None:
        self._people = people
        self.person_id = person_id

    @classmethod
    def of(cls, people: People, request: HTTPConnection) -> Sight:
        """That of who asks."""
        return cls(people, request.state.person.id)

    def may(self, permission: str, entity_ids: Iterable[str] = ()) -> bool:
        """Whether the person may do this (to all of these entities)."""
        return self._people.may(self.person_id, permission, entity_ids)

    def entity(self, entity_id: str) -> bool:
        """Whether the person may see an entity."""
        return self.may(SEE, [entity_id])

    def audit(self, row: AuditRow) -> bool:
        """Whether the person may be told of something that was done."""
        if not all(self.entity(entity_id) for entity_id in _named(row)):
            return False
        if row.person_id == self.person_id and row.origin != "skill":
            return True
        if row.kind in _PERSONAL:
            return self.may(MANAGE_PEOPLE)
        house = row.kind == "action" and bool(row.data.get("entity_ids"))
        return house or self.may(SEE_ACTIVITY)

    def change(self, row: StateRow) -> bool:
        """Whether the person may be told of a change of a state."""
        return self.entity(row.entity_id)

    def run(self, run: RunInfo) -> bool:
        """Whether the person may be told of a run: of what started it, too."""
        started_by = run.trigger.get("entity_id")
        return self.may(SEE_ACTIVITY) and (not started_by or self.entity(str(started_by)))

    def notification(self, info: NotificationInfo) -> bool:
        """One's own, sent or received; everybody's for those who manage people."""
        own = info.context.person_id == self.person_id
        received = any(delivery.person_id == self.person_id for delivery in info.deliveries)
        return own or received or self.may(MANAGE_PEOPLE)


def _named(row: AuditRow) -> list[str]:
    """The entities that a row of the audit log names."""
    about = row.data.get("data")
    further = about.get("entity_id", []) if isinstance(about, dict) else []
    found = [*row.data.get("entity_ids", []), *([further] if isinstance(further, str) else further)]
    return [str(entity_id) for entity_id in found]
