"""States as templates see them, and the note of which of them a rendering read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from hub.states import UNAVAILABLE, UNKNOWN, State, States


class StateView:
    """An entity's state in a template: times are aware datetimes.

    https://www.home-assistant.io/docs/configuration/state_object/
    """

    __slots__ = ("_state",)

    def __init__(self, state: State) -> None:
        self._state = state

    @classmethod
    def of(cls, state: State) -> StateView:
        """The view of a state."""
        return cls(state)

    @property
    def hub_state(self) -> State:
        """The state itself; templates can't reach it."""
        return self._state

    @property
    def entity_id(self) -> str:
        """`light.hall`."""
        return self._state.entity_id

    @property
    def domain(self) -> str:
        """`light` of `light.hall`."""
        return self._state.domain

    @property
    def object_id(self) -> str:
        """`hall` of `light.hall`."""
        return self._state.entity_id.partition(".")[2]

    @property
    def state(self) -> str:
        """The state's text."""
        return self._state.state

    @property
    def name(self) -> str:
        """What people call it."""
        return self._state.name

    @property
    def attributes(self) -> Mapping[str, Any]:
        """The attributes."""
        return self._state.attributes

    @property
    def last_changed(self) -> datetime:
        """When the state became what it is (UTC)."""
        return datetime.fromtimestamp(self._state.last_changed, UTC)

    @property
    def last_updated(self) -> datetime:
        """When the state or an attribute changed last (UTC)."""
        return datetime.fromtimestamp(self._state.last_updated, UTC)

    @property
    def last_reported(self) -> datetime:
        """As `last_updated`: reports that change nothing are not kept."""
        return self.last_updated

    @property
    def context(self) -> Mapping[str, Any]:
        """Who or what caused it: id, parent_id, user_id."""
        cause = self._state.context
        return {"id": cause.id, "parent_id": cause.parent_id, "user_id": cause.person_id}

    @property
    def state_with_unit(self) -> str:
        """`21.5 °C`."""
        unit = self._state.attributes.get("unit_of_measurement")
        known = self.state not in (UNKNOWN, UNAVAILABLE)
        return f"{self.state} {unit}" if unit and known else self.state

    def as_dict(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        return {
            "entity_id": self.entity_id,
            "state": self.state,
            "attributes": dict(self.attributes),
            "last_changed": self.last_changed.isoformat(),
            "last_updated": self.last_updated.isoformat(),
            "context": dict(self.context),
        }

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StateView) and self._state == other._state

    def __hash__(self) -> int:
        return hash((self.entity_id, self._state.last_updated))

    def __repr__(self) -> str:
        return f"<state {self.entity_id}={self.state}>"


def restored_view(data: Mapping[str, Any]) -> StateView:
    """A view of a state that was saved by `saved_view`."""
    return StateView(msgspec.convert(data, State))


def saved_view(view: StateView) -> dict[str, Any]:
    """A view as plain data that `restored_view` takes."""
    saved: dict[str, Any] = msgspec.to_builtins(view.hub_state, enc_hook=str)
    return saved


class Reads:
    """What one rendering looked at."""

    __slots__ = ("all_states", "domains", "entities", "registry", "time")

    def __init__(self) -> None:
        self.entities: set[str] = set()
        self.domains: set[str] = set()
        self.all_states = False
        self.time = False
        self.registry = False


class Watched:
    """States, read through a note of what was read. `reads` is None while nobody asks."""

    def __init__(self, states: States) -> None:
        self._states = states
        self.reads: Reads | None = None

    def get(self, entity_id: str) -> StateView | None:
        """The view of one entity, or None."""
        if self.reads is not None:
            self.reads.entities.add(entity_id)
        found = self._states.get(entity_id)
        return StateView(found) if found else None

    def of_domain(self, domain: str) -> list[StateView]:
        """Every entity of a domain."""
        if self.reads is not None:
            self.reads.domains.add(domain)
        return [StateView(state) for state in self._states.all(domain)]

    def everything(self) -> list[StateView]:
        """Every entity there is."""
        if self.reads is not None:
            self.reads.all_states = True
        return [StateView(state) for state in self._states.all()]

    def saw_time(self) -> None:
        """The result depends on the time."""
        if self.reads is not None:
            self.reads.time = True

    def saw_registry(self) -> None:
        """The result depends on areas, labels, devices or names."""
        if self.reads is not None:
            self.reads.registry = True


class DomainStates:
    """`states.light`: its entities by attribute or one after another."""

    __slots__ = ("_domain", "_watched")

    def __init__(self, watched: Watched, domain: str) -> None:
        self._watched = watched
        self._domain = domain

    def __getitem__(self, name: str) -> StateView | None:
        if name.startswith("_"):
            raise KeyError(name)
        return self._watched.get(f"{self._domain}.{name}")

    def __iter__(self) -> Iterator[StateView]:
        return iter(self._watched.of_domain(self._domain))

    def __len__(self) -> int:
        return len(self._watched.of_domain(self._domain))

    def __repr__(self) -> str:
        return f"<states of {self._domain}>"


class AllStates:
    """`states`: a function of an entity id, the domains by attribute, or every state."""

    __slots__ = ("_watched",)

    def __init__(self, watched: Watched) -> None:
        self._watched = watched

    def __call__(self, entity_id: str, rounded: bool | None = None, with_unit: bool = False) -> str:
        """The state of an entity; `unknown` when there is none."""
        found = self._watched.get(str(entity_id))
        if found is None:
            return UNKNOWN
        text = found.state
        if rounded or (rounded is None and with_unit):
            text = _rounded(text, found.attributes.get("suggested_display_precision"))
        unit = found.attributes.get("unit_of_measurement")
        return f"{text} {unit}" if with_unit and unit else text

    def __getitem__(self, name: str) -> DomainStates | StateView | None:
        if name.startswith("_"):
            raise KeyError(name)
        return self._watched.get(name) if "." in name else DomainStates(self._watched, name)

    def __iter__(self) -> Iterator[StateView]:
        return iter(self._watched.everything())

    def __len__(self) -> int:
        return len(self._watched.everything())

    def __repr__(self) -> str:
        return "<all states>"


def _rounded(text: str, precision: Any) -> str:
    try:
        number = float(text)
    except ValueError:
        return text
    return f"{number:.{precision}f}" if precision in range(10) else text
