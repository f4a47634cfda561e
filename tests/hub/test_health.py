from __future__ import annotations

import logging

import pytest

from hub.bus import Bus
from hub.clock import ManualClock
from hub.events import HEALTH_CHANGED, Event
from hub.health import Health


class Watched:
    """Health, and the events that it published."""

    def __init__(self) -> None:
        self.clock, self.events = ManualClock(100.0), list[Event]()
        bus = Bus()
        bus.subscribe(HEALTH_CHANGED, self.events.append)
        self.health = Health(bus, self.clock)


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_the_worst_part_is_first_and_decides(watched: Watched) -> None:
    seen = [watched.health.status]
    watched.health.report("web", "ok", "Fine.")
    watched.health.report("mdns", "warn", "Nobody finds the hub.", "Look at the network.")
    seen.append(watched.health.status)
    watched.health.report("history", "bad", "The disk is full.")
    seen.append(watched.health.status)
    assert seen == ["ok", "warn", "bad"]
    assert [c.part for c in watched.health.all()] == ["history", "mdns", "web"]


async def test_the_same_report_again_is_no_news(watched: Watched) -> None:
    watched.health.report("mdns", "warn", "Nobody finds the hub.")
    await watched.clock.advance(60)
    watched.health.report("mdns", "warn", "Nobody finds the hub.")
    assert len(watched.events) == 1
    assert watched.health.all()[0].since == 100.0


def test_going_down_and_coming_back_are_logged_once(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    watched.health.report("mdns", "ok", "Fine.")
    watched.health.report("mdns", "bad", "Down.")
    watched.health.report("mdns", "bad", "Down.")
    watched.health.report("mdns", "ok", "Fine.")
    assert [r.levelname for r in caplog.records] == ["WARNING", "INFO"]


def test_the_same_trouble_in_other_words_is_logged_once_but_published(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for count in (1, 2, 3):
        watched.health.report("notifications", "warn", f"{count} deliveries failed.")
    assert [r.levelname for r in caplog.records] == ["WARNING"]
    assert len(watched.events) == 3
    watched.health.report("notifications", "bad", "Nothing can be stored.")
    assert len(caplog.records) == 2


def test_a_part_that_is_gone_says_so(watched: Watched) -> None:
    watched.health.report("mdns", "bad", "Down.")
    watched.health.clear("mdns")
    watched.health.clear("mdns")
    assert watched.health.all() == []
    assert [e.data["status"] for e in watched.events] == ["bad", "ok"]
