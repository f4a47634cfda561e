from __future__ import annotations

from typing import Any

import pytest

from hub.bus import Bus
from hub.clock import ManualClock
from hub.context import Context
from hub.errors import Invalid
from hub.events import STATE_CHANGED, Event
from hub.states import State, States


class Watched:
    """States with a clock, and the events that they published."""

    def __init__(self) -> None:
        self.clock, self.events = ManualClock(100.0), list[Event]()
        bus = Bus()
        bus.subscribe(STATE_CHANGED, self.events.append)
        self.states = States(bus, self.clock)


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_a_new_state_is_published_with_the_old_and_the_cause(watched: Watched) -> None:
    cause = Context.new("person", person_id="mara")
    watched.states.set("light.hall", "off")
    watched.states.set("light.hall", "on", {"brightness": 10}, cause)
    event = watched.events[-1]
    assert event.entity_id == "light.hall"
    assert event.context is cause
    assert event.data["old_state"].state == "off"
    assert event.data["new_state"].attributes == {"brightness": 10}


def test_the_same_state_again_is_no_news(watched: Watched) -> None:
    first = watched.states.set("light.hall", "on", {"brightness": 10})
    assert watched.states.set("light.hall", "on", {"brightness": 10}) is first
    assert watched.states.set("light.hall", "on") is first
    assert len(watched.events) == 1


async def test_last_changed_moves_with_the_state_and_last_updated_with_attributes(
    watched: Watched,
) -> None:
    watched.states.set("light.hall", "on", {"brightness": 10})
    await watched.clock.advance(5)
    state = watched.states.set("light.hall", "on", {"brightness": 20})
    assert (state.last_changed, state.last_updated) == (100.0, 105.0)
    await watched.clock.advance(5)
    state = watched.states.set("light.hall", "off")
    assert (state.last_changed, state.last_updated) == (110.0, 110.0)
    assert state.attributes == {"brightness": 20}


@pytest.mark.parametrize(
    "entity_id",
    ["hall", "Light.hall", "light.", ".hall", "light.hall.x", "light.Küche", "light hall"],
)
def test_a_malformed_entity_id_is_refused(watched: Watched, entity_id: str) -> None:
    with pytest.raises(Invalid, match="is not an entity id") as caught:
        watched.states.set(entity_id, "on")
    assert "light.hall" in caught.value.remedy
    assert watched.events == []


def test_a_state_that_is_too_long_is_refused(watched: Watched) -> None:
    watched.states.set("sensor.text", "x" * 255)
    with pytest.raises(Invalid, match="256 characters; 255 are allowed"):
        watched.states.set("sensor.text", "x" * 256)


def test_a_state_that_is_no_text_is_refused(watched: Watched) -> None:
    number: Any = 21.5
    with pytest.raises(Invalid, match=r"must be text, not 21\.5"):
        watched.states.set("sensor.temperature", number)


def test_removing_publishes_that_it_is_gone(watched: Watched) -> None:
    watched.states.set("light.hall", "on")
    watched.states.remove("light.hall")
    watched.states.remove("light.hall")
    assert "light.hall" not in watched.states
    assert len(watched.states) == 0
    assert [e.data["new_state"] for e in watched.events[1:]] == [None]


def test_restoring_is_silent_and_does_not_overwrite_what_is_newer(watched: Watched) -> None:
    watched.states.set("light.hall", "on")
    old = [
        State("light.hall", "off", {}, 1.0, 2.0, Context.new()),
        State("light.kitchen", "on", {}, 1.0, 2.0, Context.new()),
    ]
    watched.states.restore(old)
    assert [s.state for s in watched.states.all()] == ["on", "on"]
    assert watched.states.get("light.kitchen") is old[1]
    assert len(watched.events) == 1


def test_states_are_listed_by_entity_id_and_by_domain(watched: Watched) -> None:
    for entity_id in ("switch.a", "light.b", "light.a"):
        watched.states.set(entity_id, "off")
    assert [s.entity_id for s in watched.states.all()] == ["light.a", "light.b", "switch.a"]
    assert [s.entity_id for s in watched.states.all("light")] == ["light.a", "light.b"]


def test_a_state_has_a_domain_a_name_and_a_time(watched: Watched) -> None:
    state = watched.states.set("light.hall", "on", {"friendly_name": "Hall light"})
    assert (state.domain, state.name) == ("light", "Hall light")
    assert watched.states.set("light.x", "on").name == "light.x"
    assert state.changed_at.timestamp() == 100.0
