from __future__ import annotations

from hub.events import ACTION_CALLED, Event


async def test_an_action_is_called_with_data_and_target(local, house):
    answer = await local.post(
        "/api/actions/light.turn_on", json={"data": {"brightness": 128}, "target": "light.hall"}
    )

    assert answer.status_code == 200
    assert answer.json()["states"][0]["state"] == "on"
    assert house.entities.calls == [("light.hall", "turn_on", {"brightness": 128})]


async def test_a_target_may_be_an_area(local, house):
    answer = await local.post("/api/actions/light.turn_on", json={"target": {"area_id": "hall"}})

    assert [state["entity_id"] for state in answer.json()["states"]] == ["light.hall"]


async def test_a_dry_run_says_what_it_would_do_and_does_nothing(local, house):
    answer = await local.post(
        "/api/actions/lock.unlock", json={"target": "lock.door", "dry_run": True}
    )

    assert answer.json()["would"] == {
        "action": "lock.unlock",
        "data": {},
        "entity_ids": ["lock.door"],
    }
    assert house.state("lock.door") == "locked"


async def test_wrong_data_names_the_field(local):
    answer = await local.post(
        "/api/actions/light.turn_on",
        json={"data": {"brightness": "very"}, "target": "light.hall"},
    )

    assert answer.status_code == 422
    assert answer.json()["error"]["where"] == "data.brightness"


async def test_an_unknown_action_is_not_found_and_the_near_ones_are_named(local):
    answer = await local.post("/api/actions/light.explode", json={})

    assert answer.status_code == 404
    assert "light.turn_on" in answer.json()["error"]["remedy"]


async def test_a_guest_may_switch_lights_but_not_open_the_door(guest, house):
    light = await guest.post("/api/actions/light.turn_on", json={"target": "light.hall"})
    door = await guest.post("/api/actions/lock.unlock", json={"target": "lock.door"})

    assert (light.status_code, door.status_code) == (200, 403)
    assert house.state("lock.door") == "locked"


async def test_a_call_carries_who_made_it(api, house):
    heard: list[Event] = []
    house.hub.bus.subscribe(ACTION_CALLED, heard.append)
    async with api.client(await api.token("adult")) as adult:
        await adult.post("/api/actions/light.turn_on", json={"target": "light.hall"})

    assert heard[0].context.origin == "api"
    assert heard[0].context.person_id == house.hub.people.find("A adult").id


async def test_actions_are_listed_with_their_schema_and_whether_they_are_allowed(guest):
    found = {a["name"]: a for a in (await guest.get("/api/actions")).json()}

    assert found["light.turn_on"]["allowed"] is True
    assert found["lock.unlock"]["allowed"] is False
    assert "brightness" in found["light.turn_on"]["schema"]["properties"]


async def test_one_action_can_be_looked_up(local):
    assert (await local.get("/api/actions/lock.lock")).json()["needs_target"] is True
    assert (await local.get("/api/actions/lock.bend")).status_code == 404


async def test_an_action_that_the_integration_fails_at_is_broken(local, house):
    house.entities.failures.append(ValueError("kaput"))

    answer = await local.post("/api/actions/light.turn_on", json={"target": "light.hall"})

    assert answer.status_code == 500
    assert answer.json()["error"]["kind"] == "Broken"
    assert answer.json()["error"]["culprit"]


async def test_an_event_of_ones_own_reaches_the_bus(local, house):
    heard: list[Event] = []
    house.hub.bus.subscribe("custom_bell", heard.append)

    answer = await local.post("/api/events/custom_bell", json={"button": 2})

    assert answer.json()["type"] == "custom_bell"
    assert heard[0].data == {"button": 2}
    assert heard[0].context.origin == "cli"


async def test_the_hubs_own_events_are_not_for_others_to_say(local):
    answer = await local.post("/api/events/state_changed", json={"entity_id": "light.hall"})

    assert answer.status_code == 403


async def test_a_malformed_event_type_is_refused(local):
    assert (await local.post("/api/events/two words", json={})).status_code == 422


async def test_guests_publish_no_events(guest):
    assert (await guest.post("/api/events/custom_bell")).status_code == 403


async def test_the_log_tells_who_did_what(local, house):
    await local.post("/api/actions/light.turn_on", json={"target": "light.hall"})
    await house.advance(1)

    lines = (await local.get("/api/events", params={"kind": "action"})).json()

    assert lines[0]["subject"] == "light.turn_on"
    assert lines[0]["outcome"] == "done"
    assert lines[0]["context"]["origin"] == "cli"


async def test_what_others_said_is_not_for_guests_to_read(local, guest, house):
    await local.post("/api/actions/light.turn_on", json={"target": "light.hall"})
    await local.post("/api/notifications", json={"message": "A secret."})
    await guest.post("/api/actions/light.turn_off", json={"target": "light.hall"})
    await house.advance(1)

    lines = (await guest.get("/api/events", params={"kind": "action"})).json()

    assert [line["subject"] for line in lines] == ["light.turn_off", "light.turn_on"]
