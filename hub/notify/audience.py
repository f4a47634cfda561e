"""Who a notification is for: people by id or name, a role, or everyone."""

from __future__ import annotations

from collections.abc import Iterable

from hub.access import ROLES, People
from hub.errors import Invalid, NotFound
from store.people import PersonRow

EVERYONE = "everyone"
_ROLE = "role:"


def audience(people: People, to: Iterable[str]) -> list[PersonRow]:
    """The people meant by `to`, each once, in the order of their accounts; none named: everyone.

    Disabled accounts are left out of `everyone` and of roles. Raises Invalid that names who is
    not known and who is.
    """
    wanted = [to] if isinstance(to, str) else list(to)
    chosen: set[str] = set()
    for name in wanted or [EVERYONE]:
        chosen.update(row.id for row in _meant(people, name))
    return [row for row in people.all() if row.id in chosen]


def _meant(people: People, name: str) -> list[PersonRow]:
    word = name.strip()
    present = [row for row in people.all() if not row.disabled]
    if word.casefold() == EVERYONE:
        return present
    if word.casefold().startswith(_ROLE):
        role = word[len(_ROLE) :].strip().casefold()
        if role not in ROLES:
            raise Invalid(
                f"There is no role “{role}”.", where="to", remedy=f"Roles: {', '.join(ROLES)}."
            )
        return [row for row in present if row.role == role]
    try:
        return [people.find(word.removeprefix("person."))]
    except NotFound as error:
        raise Invalid(error.sentence, where="to", remedy=f"{error.remedy} {_ELSE}") from error


_ELSE = "Or write “everyone”, or “role:adult”."
