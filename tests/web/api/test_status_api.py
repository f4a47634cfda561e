from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families


async def _metrics(client):
    answer = await client.get("/metrics")
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_a_well_hub_is_well_for_everybody(api):
    async with api.client() as stranger:
        answer = await stranger.get("/healthz")

    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_part_that_is_down_is_503_and_its_sentence_is_for_this_machine(api, house):
    house.hub.health.report("history", "bad", "The disk of Mara is full.")
    async with api.client() as stranger, api.client(address="127.0.0.1") as here:
        told, told_here = await stranger.get("/healthz"), await here.get("/healthz")

    assert (told.status_code, told.json()["parts"][0]["status"]) == (503, "bad")
    assert "Mara" not in told.text
    assert told_here.json()["parts"][0]["sentence"] == "The disk of Mara is full."


async def test_a_part_that_is_only_troubled_is_200(api, house):
    house.hub.health.report("mdns", "warn", "No mDNS.")
    async with api.client() as stranger:
        answer = await stranger.get("/healthz")

    assert (answer.status_code, answer.json()["status"]) == (200, "warn")


async def test_metrics_are_for_this_machine_or_a_token(api):
    token, guests = await api.token("adult"), await api.token("guest")
    async with (
        api.client() as stranger,
        api.client(address="127.0.0.1") as here,
        api.client(token) as scraper,
        api.client(guests) as guest,
        api.client(address="127.0.0.1", **{"X-Forwarded-For": "203.0.113.9"}) as passed_on,
    ):
        found = [
            (await client.get("/metrics")).status_code
            for client in (stranger, here, scraper, guest, passed_on)
        ]

    assert found == [401, 200, 200, 403, 401]


async def test_metrics_count_what_happens(local, house):
    await local.post("/api/actions/light.turn_on", json={"target": "light.hall"})
    await local.post("/api/actions/light.turn_on", json={"data": {"x": 1}, "target": "light.hall"})
    await local.get("/api/states/light.nowhere")

    found = await _metrics(local)

    assert found["hearth_entities", "light"] == 1
    assert found["hearth_action_calls_total", "done", "light.turn_on"] == 1
    assert found["hearth_action_calls_total", "failed", "light.turn_on"] == 1
    assert found["hearth_state_changes_total",] == 1
    assert found["hearth_http_requests_total", "/api/states/{entity_id}", "404", "GET"] == 1
    assert found["hearth_http_request_seconds_count", "/api/actions/{name}"] == 2
    assert found["process_resident_memory_bytes",] > 1e6
    assert found["process_cpu_seconds_total",] > 0


async def test_a_strangers_words_make_no_labels(api, local):
    async with api.client() as stranger:
        await stranger.request("BREW", "/no/such/pot")
        await stranger.get("/no/such/page")

    found = await _metrics(local)

    assert not [key for key in found if "BREW" in str(key) or "pot" in str(key)]
