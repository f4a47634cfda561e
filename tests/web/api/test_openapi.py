from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
from starlette.routing import Route

_META = json.loads(Path(__file__).with_name("openapi-3.1-schema.json").read_text("utf-8"))


async def _document(client):
    return (await client.get("/api/openapi.json")).json()


def _operations(document):
    return [
        (path, method, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]


async def test_the_document_is_openapi_3_1(local):
    jsonschema.Draft202012Validator(_META).validate(await _document(local))


async def test_every_schema_in_it_is_a_json_schema_whose_references_resolve(local):
    document = await _document(local)
    references = set(re.findall(r'"\$ref":\s*"#/components/(\w+)/([^"]+)"', json.dumps(document)))

    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    assert references
    assert all(name in document["components"][kind] for kind, name in references)


async def test_every_route_is_in_it_and_nothing_else(api, local):
    served = {
        (re.sub(r":\w+}", "}", route.path), method.lower())
        for route in api.app.routes
        if isinstance(route, Route) and route.path.startswith("/api")
        for method in {*(route.methods or ())} - {"HEAD"}
    }

    described = {(path, method) for path, method, _op in _operations(await _document(local))}

    assert described == served


async def test_every_operation_says_what_it_does_under_a_name_of_its_own(local):
    operations = [operation for *_rest, operation in _operations(await _document(local))]
    names = [operation["operationId"] for operation in operations]

    assert all(operation["summary"].endswith(".") for operation in operations)
    assert len(set(names)) == len(names)
    assert all("{" not in name for name in names)


async def test_whatever_changes_something_needs_a_permission(local):
    open_to_all = {
        path
        for path, method, operation in _operations(await _document(local))
        if method != "get" and not operation["x-permission"]
    }

    # One's own token can always be given back.
    assert open_to_all == {"/api/tokens/{token_id}"}


async def test_answers_have_the_shape_that_the_document_promises(api, local, house):
    await local.post("/api/actions/light.turn_on", json={"target": "light.hall"})
    await local.post("/api/tokens", json={"name": "x"})
    house.hub.health.report("printer", "warn", "The printer is lost.")
    await house.advance(1)
    document = await _document(local)
    asked = {
        "/api/history": "/api/history?entity_id=light.hall",
        "/api/states/{entity_id}": "/api/states/light.hall",
        "/api/actions/{name}": "/api/actions/light.turn_on",
    }
    checked = 0
    for path, method, operation in _operations(document):
        if method != "get" or ("{" in path and path not in asked):
            continue
        answer = await local.get(asked.get(path, path))
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        whole = {**schema, "components": document["components"]}
        assert answer.status_code == 200, (path, answer.text)
        jsonschema.Draft202012Validator(whole).validate(answer.json())
        checked += 1

    assert checked > 12


async def test_errors_have_the_shape_that_the_document_promises(local):
    document = await _document(local)
    schema = {
        "$ref": "#/components/schemas/ErrorAnswer",
        "components": document["components"],
    }

    answer = await local.get("/api/states/light.nowhere")

    jsonschema.Draft202012Validator(schema).validate(answer.json())
