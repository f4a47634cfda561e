from __future__ import annotations

import pytest

_DOCUMENT = """
alias: Hall light at wind
description: A lamp shows the wind.
triggers:
  - trigger: state
    entity_id: sensor.wind
actions:
  - action: light.turn_on
    target:
      entity_id: light.hall
    data:
      brightness: "{{ shade | default(100) }}"
"""
_WAITING = _DOCUMENT.replace("actions:\n", "actions:\n  - delay: '01:00:00'\n")


@pytest.fixture
async def skill(local):
    """A saved skill, as the API answered it."""
    return (await local.post("/api/skills", json={"document": _DOCUMENT})).json()


async def test_a_skill_is_saved_and_starts(local, house):
    made = await local.post("/api/skills", json={"document": _DOCUMENT, "note": "first"})
    await house.set("sensor.wind", "12")

    assert made.status_code == 201
    assert made.json()["name"] == "Hall light at wind"
    assert made.json()["document"] == _DOCUMENT
    assert house.state("light.hall") == "on"


async def test_a_skill_may_be_sent_as_yaml_or_as_an_object(local):
    as_text = await local.post(
        "/api/skills", content=_DOCUMENT, headers={"Content-Type": "application/yaml"}
    )
    as_object = await local.post(
        "/api/skills",
        json={
            "document": {
                "alias": "Other",
                "triggers": [{"trigger": "state", "entity_id": "sensor.wind"}],
                "actions": [{"action": "light.turn_off", "target": {"entity_id": "light.hall"}}],
            }
        },
    )

    assert (as_text.status_code, as_object.status_code) == (201, 201)
    assert "trigger: state" in as_object.json()["document"]


async def test_a_wrong_document_is_told_by_line_and_path_and_not_saved(local):
    wrong = _DOCUMENT.replace("trigger: state", "trigger: telepathy")

    answer = await local.post("/api/skills", json={"document": wrong})

    assert answer.status_code == 422
    assert "line 5" in answer.json()["error"]["where"]
    assert (await local.get("/api/skills")).json() == []


async def test_checking_saves_nothing(local):
    wrong = _DOCUMENT.replace("light.hall", "light.cellar")

    found = (await local.post("/api/skills/check", json={"document": wrong})).json()["findings"]

    assert any("light.cellar" in finding["message"] for finding in found)
    assert (await local.get("/api/skills")).json() == []


async def test_skills_are_listed_without_their_documents(local, skill):
    listed = (await local.get("/api/skills")).json()
    one = (await local.get(f"/api/skills/{skill['id']}")).json()

    assert [found["id"] for found in listed] == [skill["id"]]
    assert "document" not in listed[0]
    assert one["document"] == _DOCUMENT


async def test_saving_again_is_a_new_version_and_the_old_one_is_kept(local, skill):
    changed = _DOCUMENT.replace("default(100)", "default(50)")
    saved = await local.put(
        f"/api/skills/{skill['id']}", json={"document": changed, "note": "darker"}
    )
    versions = (await local.get(f"/api/skills/{skill['id']}/versions")).json()

    assert saved.json()["version"] == 2
    assert [(v["number"], v["note"]) for v in versions] == [(2, "darker"), (1, "")]
    assert versions[1]["document"] == _DOCUMENT


async def test_a_disabled_skill_does_not_start(local, skill, house):
    off = await local.post(f"/api/skills/{skill['id']}/disable")
    await house.set("sensor.wind", "12")
    still_off = house.state("light.hall")
    on = await local.post(f"/api/skills/{skill['id']}/enable")
    await house.set("sensor.wind", "13")

    assert (off.json()["enabled"], on.json()["enabled"]) == (False, True)
    assert (still_off, house.state("light.hall")) == ("off", "on")


async def test_a_skill_is_run_now_with_variables_and_its_run_has_a_trace(local, skill, house):
    started = await local.post(f"/api/skills/{skill['id']}/run", json={"variables": {"shade": 33}})
    await house.settle()
    run = (await local.get(f"/api/runs/{started.json()['id']}")).json()

    assert started.status_code == 200
    assert run["state"] == "finished"
    assert run["trace"]
    assert ("light.hall", "turn_on", {"brightness": 33}) in house.entities.calls


async def test_a_dry_run_does_nothing(local, skill, house):
    tried = await local.post(f"/api/skills/{skill['id']}/run", json={"dry_run": True})

    assert tried.json()["dry_run"] is True
    assert tried.json()["trace"]
    assert house.state("light.hall") == "off"


async def test_runs_are_listed_a_page_at_a_time(local, skill, house):
    for _ in range(3):
        await local.post(f"/api/skills/{skill['id']}/run")
        await house.advance(1)

    first = (await local.get(f"/api/skills/{skill['id']}/runs", params={"limit": 2})).json()
    rest = (await local.get("/api/runs", params={"before": first[-1]["id"]})).json()

    assert (len(first), len(rest)) == (2, 1)
    assert "trace" not in first[0]
    assert not {run["id"] for run in first} & {run["id"] for run in rest}


async def test_a_waiting_run_is_cancelled(local, house):
    skill = (await local.post("/api/skills", json={"document": _WAITING})).json()
    run = (await local.post(f"/api/skills/{skill['id']}/run")).json()
    await house.settle()

    waiting = (await local.get("/api/runs", params={"state": "waiting"})).json()
    cancelled = await local.post(f"/api/runs/{run['id']}/cancel")

    assert [found["id"] for found in waiting] == [run["id"]]
    assert cancelled.json()["state"] == "cancelled"


async def test_a_removed_skill_is_gone(local, skill):
    removed = await local.delete(f"/api/skills/{skill['id']}")

    assert removed.status_code == 204
    assert (await local.get(f"/api/skills/{skill['id']}")).status_code == 404


async def test_guests_run_and_change_no_skills(guest, skill):
    ran = await guest.post(f"/api/skills/{skill['id']}/run")
    saved = await guest.post("/api/skills", json={"document": _DOCUMENT})

    assert (ran.status_code, saved.status_code) == (403, 403)


async def test_a_skill_made_by_the_api_belongs_to_who_made_it(api, house):
    async with api.client(await api.token("adult")) as adult:
        made = await adult.post("/api/skills", json={"document": _DOCUMENT})

    assert made.json()["owner_id"] == house.hub.people.find("A adult").id
