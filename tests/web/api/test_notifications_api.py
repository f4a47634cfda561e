from __future__ import annotations

import pytest

from hub.context import Context
from hub.notify.service import Outcome


@pytest.fixture
async def reached(house):
    """The owner, reachable at one target."""
    owner = house.hub.people.owner
    by = Context.new("person", person_id=owner.id)
    await house.hub.notify.add_target(owner.id, "Phone", "json", "json://192.0.2.1/", by)
    return owner


async def test_a_notification_is_stored_and_delivered(local, house, reached):
    answer = await local.post(
        "/api/notifications", json={"message": "The door is open.", "to": [reached.name]}
    )
    await house.settle()
    found = (await local.get(f"/api/notifications/{answer.json()['id']}")).json()

    assert answer.status_code == 202
    assert found["deliveries"][0]["state"] == "delivered"
    assert found["context"]["origin"] == "cli"
    assert [sent.message for sent in house.sender.sent] == ["The door is open."]


async def test_the_same_key_is_sent_once(local, house, reached):
    body = {"message": "Post is here.", "key": "post 2026-11-21"}

    first = await local.post("/api/notifications", json=body)
    again = await local.post("/api/notifications", json=body)
    await house.settle()

    assert first.json()["id"] == again.json()["id"]
    assert len(house.sender.sent) == 1


async def test_an_unknown_person_is_told(local):
    answer = await local.post("/api/notifications", json={"message": "Hi", "to": "Zoe"})

    assert answer.status_code == 422
    assert "Zoe" in answer.json()["error"]["sentence"]


async def test_a_delivery_that_failed_for_good_is_tried_again(local, house, reached):
    house.sender.answers.append(Outcome(False, "The address is wrong.", final=True))
    await local.post("/api/notifications", json={"message": "Hi"})
    await house.settle()
    (failed,) = (await local.get("/api/notifications", params={"state": "failed"})).json()
    delivery = failed["deliveries"][0]

    again = await local.post(f"/api/deliveries/{delivery['id']}/retry")
    await house.settle()
    (now,) = (await local.get("/api/notifications")).json()

    assert delivery["reason"] == "The address is wrong."
    assert again.status_code == 204
    assert now["deliveries"][0]["state"] == "delivered"


async def test_a_delivery_that_is_not_there_can_not_be_retried(local):
    assert (await local.post("/api/deliveries/none/retry")).status_code == 404


async def test_others_notifications_are_not_for_guests_to_read(local, guest, api, house):
    for_owner = await local.post("/api/notifications", json={"message": "Secret", "to": "Mara"})
    await local.post("/api/notifications", json={"message": "Welcome", "to": "A guest"})

    listed = (await guest.get("/api/notifications")).json()
    one = await guest.get(f"/api/notifications/{for_owner.json()['id']}")

    assert [info["message"] for info in listed] == ["Welcome"]
    assert one.status_code == 404


async def test_guests_send_none(guest):
    answer = await guest.post("/api/notifications", json={"message": "Hi"})

    assert answer.status_code == 403


async def test_a_child_may_send_and_read_what_it_sent(api):
    async with api.client(await api.token("child")) as child:
        sent = await child.post("/api/notifications", json={"message": "Home!", "to": "Mara"})
        listed = (await child.get("/api/notifications")).json()

    assert sent.status_code == 202
    assert [info["message"] for info in listed] == ["Home!"]
