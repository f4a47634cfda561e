from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "body, where, words",
    [
        (b'{"data": ', "body", "not valid JSON"),
        (b"\xff\xfe", "body", ""),
        (b"[]", "body", "Expected `object`"),
        (b'{"data": 5}', "body.data", "Expected `object`"),
        (b'{"dry_run": "perhaps"}', "body.dry_run", "Expected `bool`"),
        (b'{"traget": "light.hall"}', "body", "unknown field `traget`"),
        (b'{"target": {"room": "hall"}}', "", "room"),
    ],
)
async def test_a_wrong_body_is_told_where(local, body, where, words):
    answer = await local.post("/api/actions/light.turn_on", content=body)

    assert answer.status_code == 422
    assert answer.json()["error"]["where"] == where
    assert words in answer.json()["error"]["sentence"]


async def test_a_wrong_query_names_what_there_is(local):
    unknown = await local.get("/api/states", params={"domian": "light"})
    wrong = await local.get("/api/events", params={"limit": "many"})
    missing = await local.get("/api/history")

    assert unknown.json()["error"]["remedy"] == "It has: domain, area."
    assert wrong.json()["error"]["where"] == "query.limit"
    assert missing.status_code == 422


async def test_too_large_a_body_is_refused_before_it_is_read(local):
    answer = await local.put("/api/states/input.x", content=b"x" * (1024 * 1024 + 1))

    assert answer.status_code == 413
    assert answer.json()["error"]["kind"] == "Invalid"
    assert "1024 KB" in answer.json()["error"]["sentence"]


async def test_a_body_of_unsaid_length_is_cut_off_too(local):
    async def endless():
        for _ in range(40):
            yield b" " * 65536

    answer = await local.put("/api/states/input.x", content=endless())

    assert answer.status_code == 413


async def test_an_unknown_address_and_method_have_sentences(local):
    nowhere = await local.get("/api/nowhere")
    cannot = await local.delete("/api/states")

    assert (nowhere.status_code, nowhere.json()["error"]["kind"]) == (404, "NotFound")
    assert (cannot.status_code, cannot.json()["error"]["kind"]) == (405, "Invalid")


async def test_a_malformed_entity_id_is_told(local):
    answer = await local.put("/api/states/Not an id", json={"state": "on"})

    assert answer.status_code == 422
    assert "domain.name" in answer.json()["error"]["remedy"]


async def test_yaml_is_taken_only_where_a_document_is(local):
    answer = await local.put(
        "/api/states/input.x", content="state: on", headers={"Content-Type": "application/yaml"}
    )

    assert answer.status_code == 422


async def test_a_name_that_is_not_the_hubs_is_not_answered(api):
    async with api.client(api.house.hub.local_token, "127.0.0.1", host="evil.example") as client:
        answer = await client.get("/api")

    assert answer.status_code == 421
    assert "evil.example" in answer.json()["error"]["sentence"]
