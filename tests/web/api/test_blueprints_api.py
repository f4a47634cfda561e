from __future__ import annotations


async def _first(local):
    found = (await local.get("/api/blueprints")).json()["blueprints"]
    return next(b for b in found if b["path"] == "motion_light.yaml")


async def test_blueprints_are_listed_and_none_that_is_shipped_is_broken(local):
    found = (await local.get("/api/blueprints")).json()

    assert len(found["blueprints"]) >= 6
    assert found["broken"] == []


async def test_a_blueprint_tells_its_blanks(local):
    path = (await _first(local))["path"]

    found = (await local.get(f"/api/blueprints/{path}")).json()

    assert found["inputs"]
    assert all(blank["selector"]["kind"] for blank in found["inputs"])


async def test_an_unknown_blueprint_is_not_found(local):
    assert (await local.get("/api/blueprints/of/nothing.yaml")).status_code == 404


async def test_a_skill_is_made_from_a_blueprint(local, house):
    await house.add("binary_sensor.motion", "off", device_class="motion")
    blanks = (await local.get("/api/blueprints/motion_light.yaml")).json()["inputs"]
    values = {
        blank["key"]: _value(blank["selector"]["kind"], blank["key"])
        for blank in blanks
        if blank["required"]
    }

    made = await local.post(
        "/api/blueprints/motion_light.yaml/skills", json={"name": "Hall", "inputs": values}
    )

    assert made.status_code == 201, made.text
    assert made.json()["name"] == "Hall"
    assert made.json()["blueprint"] == "motion_light.yaml"


async def test_a_missing_blank_is_told(local):
    answer = await local.post(
        "/api/blueprints/motion_light.yaml/skills", json={"name": "Hall", "inputs": {}}
    )

    assert answer.status_code == 422
    assert (await local.get("/api/skills")).json() == []


def _value(kind, key):
    return {"target": {"entity_id": "light.hall"}}.get(
        kind, "binary_sensor.motion" if "motion" in key else "light.hall"
    )
