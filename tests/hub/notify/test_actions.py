from __future__ import annotations

import pytest

from hub.context import Context
from hub.errors import Refused
from hub.testing import Sent

URL = "json://127.0.0.1:9/hook"


async def test_send_takes_people_by_name(house, reachable):
    mara = await reachable()
    answer = await house.hub.actions.call(
        "notify.send", {"message": "Hi", "title": "T", "person": "Mara", "urgency": "high"}
    )
    await house.settle()
    assert house.sender.sent == [Sent(URL, "T", "Hi")]
    note = await house.hub.notify.get(answer["notification_id"])
    assert (note.urgency, note.deliveries[0].person_id) == ("high", mara)


@pytest.mark.parametrize(
    "name, data",
    [
        ("notify.notify", {"message": "Hi"}),
        (
            "notify.notify",
            {"message": "Hi", "title": "T", "target": ["Mara"], "data": {"a": 1}},
        ),
        ("notify.person", {"message": "Hi", "person": ["Mara"]}),
        ("persistent_notification.create", {"message": "Hi", "notification_id": "leak"}),
    ],
)
async def test_the_other_names_work_too(house, name, data, reachable):
    await reachable()
    await house.hub.actions.call(name, data)
    await house.settle()
    assert [sent.message for sent in house.sender.sent] == ["Hi"]


async def test_a_run_that_repeats_the_step_does_not_send_twice(house, reachable):
    await reachable()
    for _ in range(2):
        await house.hub.actions.call("notify.send", {"message": "Hi"}, key="run/3")
    await house.settle()
    assert len(house.sender.sent) == 1


async def test_a_guest_may_not(house):
    guest = await house.hub.people.add("Gil", None, "guest")
    with pytest.raises(Refused):
        await house.hub.actions.call(
            "notify.send", {"message": "Hi"}, context=Context.new("person", person_id=guest.id)
        )


async def test_a_dry_run_stores_nothing(house, reachable):
    await reachable()
    await house.hub.actions.call("notify.send", {"message": "Hi"}, dry_run=True)
    assert await house.hub.notify.recent() == []
