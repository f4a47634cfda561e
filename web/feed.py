"""What happened and why, as sentences: from audit rows and recorded state changes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from hub.recorder import state_of
from store.history import AuditRow, StateRow
from web.tiles import icon_of, state_words
from web.words import _

_NOTABLE = ("door", "window", "garage_door", "moisture", "smoke", "problem", "motion")
_VERBS = {
    "turn_on": "turned on %(what)s", "turn_off": "turned off %(what)s",
    "toggle": "switched %(what)s", "lock": "locked %(what)s", "unlock": "unlocked %(what)s",
    "open_cover": "opened %(what)s", "close_cover": "closed %(what)s",
    "stop_cover": "stopped %(what)s", "set_cover_position": "moved %(what)s",
    "set_temperature": "set the temperature of %(what)s", "set_hvac_mode": "set %(what)s",
}  # fmt: skip


# The same as something to do, for what could not be done.
_TO_DO = {
    "turn_on": "turn on %(what)s", "turn_off": "turn off %(what)s",
    "toggle": "switch %(what)s", "lock": "lock %(what)s", "unlock": "unlock %(what)s",
    "open_cover": "open %(what)s", "close_cover": "close %(what)s",
    "stop_cover": "stop %(what)s", "set_cover_position": "move %(what)s",
    "set_temperature": "set the temperature of %(what)s", "set_hvac_mode": "set %(what)s",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the feed: who did it (may be empty), what, when, and its cause's id."""

    time: float
    icon: str
    who: str
    text: str
    context_id: str
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """How to call things: entities, people, and the skill of a run's context."""

    entity: Callable[[str], str]
    person: Callable[[str], str]
    skills: Mapping[str, str]


def lines(
    audits: Iterable[AuditRow], changes: Iterable[StateRow], names: Names, most: int
) -> list[Line]:
    """The newest lines first. A change that an action made is told as the action."""
    audits = list(audits)
    told = {row.context_id for row in audits if row.kind == "action"}
    found = [
        _action(row, names) for row in audits if row.kind == "action" and row.outcome != "dry run"
    ]
    changes = list(changes)
    # What was there from the start is no news: an end is told only when its beginning is known.
    before = {(row.entity_id, row.last_updated) for row in _seconds(changes)}
    found += [
        _change(row, names)
        for row in changes
        if (row.entity_id, row.last_updated) in before and _is_notable(row, told)
    ]
    return _without_repeats(sorted(found, key=lambda line: -line.time))[:most]


def _without_repeats(found: list[Line]) -> list[Line]:
    """The same said twice in a row is said once: when it was last so."""
    return [
        line
        for before, line in zip([None, *found], found, strict=False)
        if before is None or (before.who, before.text) != (line.who, line.text)
    ]


def _seconds(changes: Iterable[StateRow]) -> Iterable[StateRow]:
    """Every row but the oldest of its entity."""
    oldest = {row.entity_id: row for row in sorted(changes, key=lambda row: -row.last_updated)}
    return (row for row in changes if oldest[row.entity_id] is not row)


def who_did(row: AuditRow | StateRow, names: Names) -> str:
    """The skill, the person or the kind of door that it came by."""
    skill = names.skills.get(row.context_id) or names.skills.get(row.parent_id or "")
    if skill:
        return skill
    if row.origin == "skill":
        return _("A skill")
    if row.person_id:
        return names.person(row.person_id)
    return {"hub": _("The hub"), "cli": _("The command line"), "api": _("A program")}.get(
        row.origin, ""
    )


def action_words(row: AuditRow, names: Names) -> str:
    """What an action did: `turned on Hall and Kitchen`."""
    entity_ids = row.data.get("entity_ids", [])
    what = _listed([names.entity(entity_id) for entity_id in entity_ids])
    verb = _VERBS.get(row.subject.partition(".")[2])
    if verb and what:
        return _(verb, what=what)
    about = row.data.get("data", {})
    if row.subject == "demo.trigger":
        name = names.entity(str(about.get("entity_id", "")))
        return _("let %(name)s report “%(state)s”", name=name, state=about.get("state", ""))
    if row.subject.startswith("notify."):
        message = str(about.get("message", ""))
        return _("sent “%(message)s”", message=_short(message))
    return f"{row.subject} {what}".strip()


def failure_words(row: AuditRow, names: Names) -> str:
    """What an action could not or was not allowed to do: `could not turn on Hall`."""
    what = _listed([names.entity(entity_id) for entity_id in row.data.get("entity_ids", [])])
    verb = _TO_DO.get(row.subject.partition(".")[2])
    words = _(verb, what=what) if verb and what else _("do %(what)s", what=row.subject)
    if row.outcome == "refused":
        return _("may not %(what)s", what=words)
    return _("could not %(what)s", what=words)


def _action(row: AuditRow, names: Names) -> Line:
    domain = row.subject.partition(".")[0]
    icon = {
        "light": "lightbulb", "lock": "lock", "cover": "blinds", "climate": "thermometer",
        "switch": "power", "notify": "send",
    }.get(domain, "activity")  # fmt: skip
    text = action_words(row, names)
    if row.outcome != "done":
        text = failure_words(row, names)
        icon = "triangle-alert"
    return Line(
        row.time, icon, who_did(row, names), text, row.context_id, bad=row.outcome != "done"
    )


def _change(row: StateRow, names: Names) -> Line:
    state = state_of(row)
    text = f"{names.entity(row.entity_id)}: {state_words(state).lower()}"
    return Line(row.last_updated, icon_of(state), "", text, row.context_id)


def _is_notable(row: StateRow, told: set[str]) -> bool:
    if row.context_id in told or row.state in (None, "unavailable", "unknown"):
        return False
    if row.last_changed != row.last_updated:
        return False
    device_class = row.attributes.get("device_class")
    if row.entity_id.startswith("binary_sensor.") and device_class in _NOTABLE:
        return device_class != "motion" or row.state == "on"
    return row.entity_id.startswith("lock.")


def _listed(names: list[str]) -> str:
    if len(names) > 3:
        return _("%(some)s and %(n)d more", some=", ".join(names[:2]), n=len(names) - 2)
    if len(names) > 1:
        return _("%(some)s and %(last)s", some=", ".join(names[:-1]), last=names[-1])
    return names[0] if names else ""


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
