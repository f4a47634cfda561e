from __future__ import annotations


async def test_states_are_listed_by_entity_id(local):
    found = (await local.get("/api/states")).json()

    assert [state["entity_id"] for state in found] == ["light.hall", "lock.door", "sensor.wind"]
    assert found[0] | {"context": None} == {
        "entity_id": "light.hall",
        "state": "off",
        "attributes": {"friendly_name": "Hall light"},
        "last_changed": 1_750_000_000.0,
        "last_updated": 1_750_000_000.0,
        "context": None,
    }


async def test_states_can_be_narrowed_to_a_domain_and_an_area(local):
    by_domain = (await local.get("/api/states", params={"domain": "light"})).json()
    by_area = (await local.get("/api/states", params={"area": "garden"})).json()

    assert [state["entity_id"] for state in by_domain] == ["light.hall"]
    assert [state["entity_id"] for state in by_area] == ["sensor.wind"]


async def test_an_unknown_entity_is_not_found_with_a_sentence(local):
    answer = await local.get("/api/states/light.cellar")

    assert answer.status_code == 404
    assert answer.json()["error"]["kind"] == "NotFound"
    assert "light.cellar" in answer.json()["error"]["sentence"]


async def test_an_entity_out_of_sight_is_as_if_it_were_not_there(api):
    token = await api.token(
        "guest", [{"permission": "hub.see", "allow": False, "entity": "lock.*"}]
    )
    async with api.client(token) as limited:
        listed = (await limited.get("/api/states")).json()
        asked = await limited.get("/api/states/lock.door")
        entities = (await limited.get("/api/entities")).json()
        past = await limited.get("/api/history", params={"entity_id": "lock.door"})

    assert [state["entity_id"] for state in listed] == ["light.hall", "sensor.wind"]
    assert asked.status_code == 404
    assert [entity["entity_id"] for entity in entities] == ["light.hall", "sensor.wind"]
    assert past.json() == []


async def test_a_state_that_is_set_carries_who_set_it(local, house):
    answer = await local.put("/api/states/input.mood", json={"state": "good"})

    assert answer.status_code == 200
    assert answer.json()["context"]["origin"] == "cli"
    assert answer.json()["context"]["person_id"] == house.hub.people.owner.id
    assert house.state("input.mood") == "good"


async def test_setting_a_state_keeps_attributes_that_are_left_out(local, house):
    await local.put("/api/states/input.mood", json={"state": "good", "attributes": {"icon": "x"}})
    answer = await local.put("/api/states/input.mood", json={"state": "bad"})

    assert answer.json()["attributes"] == {"icon": "x"}


async def test_only_who_manages_the_system_sets_states(api):
    async with api.client(await api.token("adult")) as adult:
        answer = await adult.put("/api/states/input.mood", json={"state": "good"})

    assert answer.status_code == 403
    assert "hub.manage_system" in answer.json()["error"]["sentence"]


async def test_a_state_of_an_integration_is_not_forgotten(local, house):
    house.hub.states.set("input.mood", "good")

    refused = await local.delete("/api/states/light.hall")
    done = await local.delete("/api/states/input.mood")
    again = await local.delete("/api/states/input.mood")

    assert (refused.status_code, done.status_code, again.status_code) == (403, 204, 404)
    assert house.state("light.hall") == "off"


async def test_the_past_is_told_oldest_first(local, house):
    await house.set("sensor.wind", "4")
    await house.advance(10)
    await house.set("sensor.wind", "5")
    await house.advance(10)

    found = (await local.get("/api/history", params={"entity_id": "sensor.wind"})).json()

    assert [change["state"] for change in found] == ["3", "4", "5"]


async def test_the_past_can_be_cut_out(local, house):
    await house.advance(10)
    await house.set("sensor.wind", "4")
    await house.advance(10)
    since = house.clock.time() - 15

    found = await local.get("/api/history", params={"entity_id": "sensor.wind", "since": since})

    assert [change["state"] for change in found.json()] == ["4"]


async def test_entities_say_what_they_obey(local):
    found = (await local.get("/api/entities", params={"domain": "lock"})).json()

    assert found[0]["actions"] == ["lock", "unlock"]
    assert found[0]["area_id"] == "hall"
    assert found[0]["integration"] == "test"


async def test_the_home_has_its_places(local):
    home = (await local.get("/api/home")).json()

    assert [area["id"] for area in home["areas"]] == ["garden", "hall"] or home["areas"]
    assert home["time_zone"] == "UTC"


async def test_the_home_can_be_renamed_by_who_manages_it(local, guest, house):
    answer = await local.patch("/api/home", json={"name": "Number 12"})
    refused = await guest.patch("/api/home", json={"name": "Mine"})
    wrong = await local.patch("/api/home", json={"time_zone": "Mars/Olympus"})

    assert answer.json()["name"] == house.hub.home.name == "Number 12"
    assert refused.status_code == 403
    assert (wrong.status_code, wrong.json()["error"]["where"]) == (422, "time_zone")


async def test_health_names_the_parts(local, house):
    house.hub.health.report("printer", "warn", "The printer is lost.", "Switch it on.")

    found = (await local.get("/api/health")).json()

    assert found["status"] == "warn"
    assert found["parts"][0]["remedy"] == "Switch it on."
