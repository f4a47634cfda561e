from __future__ import annotations

from functools import partial

import pytest

from hub.bus import Bus
from hub.context import Context
from hub.events import Event


def event(type: str = "ping", entity_id: str | None = None) -> Event:
    return Event(type, {}, 0.0, Context.new(), entity_id)


def note(heard: list[int], number: int, _: Event) -> None:
    heard.append(number)


def test_listeners_hear_their_type_their_entity_or_everything() -> None:
    bus, heard = Bus(), list[str]()
    bus.subscribe("ping", lambda _: heard.append("type"))
    bus.subscribe("ping", lambda _: heard.append("entity"), entity_id="light.hall")
    bus.subscribe("ping", lambda _: heard.append("other entity"), entity_id="light.kitchen")
    bus.subscribe("pong", lambda _: heard.append("other type"))
    bus.subscribe(None, lambda _: heard.append("all"))
    bus.publish(event(entity_id="light.hall"))
    assert heard == ["entity", "type", "all"]


def test_an_event_costs_only_its_own_listeners() -> None:
    bus, calls = Bus(), list[str]()
    for number in range(1000):
        bus.subscribe("ping", lambda e: calls.append(e.type), entity_id=f"light.l{number}")
    bus.publish(event(entity_id="light.l7"))
    assert calls == ["ping"]


def test_listeners_are_called_in_the_order_of_subscription() -> None:
    bus, heard = Bus(), list[int]()
    for number in range(5):
        bus.subscribe("ping", partial(note, heard, number))
    bus.publish(event())
    assert heard == [0, 1, 2, 3, 4]


def test_unsubscribing_ends_it_and_leaves_nothing_behind() -> None:
    bus, heard = Bus(), list[Event]()
    end = bus.subscribe("ping", heard.append, entity_id="light.hall")
    end()
    bus.publish(event(entity_id="light.hall"))
    assert heard == []
    assert bus.listener_count == 0
    assert bus._listeners == {}


def test_unsubscribing_twice_does_not_end_another_subscription_of_the_same_listener() -> None:
    bus, heard = Bus(), list[Event]()
    end = bus.subscribe("ping", heard.append)
    bus.subscribe("ping", heard.append)
    end()
    end()
    bus.publish(event())
    assert len(heard) == 1


def test_a_listener_may_unsubscribe_while_it_is_called() -> None:
    bus, heard = Bus(), list[str]()

    def once(_: Event) -> None:
        heard.append("once")
        end()

    end = bus.subscribe("ping", once)
    bus.subscribe("ping", lambda _: heard.append("next"))
    bus.publish(event())
    bus.publish(event())
    assert heard == ["once", "next", "next"]


def test_a_failing_listener_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    bus, heard = Bus(), list[Event]()
    bus.subscribe("ping", lambda _: 1 / 0)
    bus.subscribe("ping", heard.append)
    bus.publish(event())
    assert len(heard) == 1
    assert "A listener of ping failed" in caplog.text


def test_an_entity_is_subscribed_to_by_type() -> None:
    with pytest.raises(ValueError, match="by type"):
        Bus().subscribe(None, lambda _: None, entity_id="light.hall")
