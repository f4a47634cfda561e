from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hub.context import Context, new_id
from hub.events import KERNEL_TYPES, STATE_CHANGED, Event


def test_an_event_never_changes() -> None:
    event = Event("doorbell", {"door": "front"}, 0.0, Context.new("device"))
    with pytest.raises(AttributeError):
        event.type = "other"  # type: ignore[misc]  # that is the test


def test_an_event_says_when_and_by_which_way_it_came() -> None:
    event = Event("doorbell", {}, 1_750_000_000.0, Context.new("message"))
    assert event.when == datetime(2025, 6, 15, 15, 6, 40, tzinfo=UTC)
    assert event.origin == "message"


def test_the_kernel_keeps_its_own_types_for_itself() -> None:
    assert STATE_CHANGED in KERNEL_TYPES
    assert "doorbell" not in KERNEL_TYPES


def test_ids_are_unique_and_sorted_by_age() -> None:
    ids = [new_id() for _ in range(5000)]
    assert len(set(ids)) == 5000
    assert ids == sorted(ids)


def test_a_child_context_leads_back_to_its_cause_and_person() -> None:
    first = Context.new("message", person_id="mara")
    child = first.child("skill")
    assert child.parent_id == first.id
    assert (child.person_id, child.origin) == ("mara", "skill")
    assert child.id != first.id


def test_a_child_context_can_name_another_person() -> None:
    assert Context.new(person_id="mara").child(person_id="jonas").person_id == "jonas"
