"""The document that describes the API, made from the same table that serves it.

OpenAPI 3.1.1 (spec.openapis.org/oas/v3.1.1); its schemas are JSON Schema 2020-12.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from web.api.endpoint import Endpoint, Query

_REF = "#/components/schemas/{name}"
_JSON = "application/json"
_ERRORS = {
    "401": "Nobody knows who is asking: no token, or a wrong one.",
    "403": "Not allowed.",
    "404": "There is no such thing.",
    "409": "A person must sign in, approve or configure something first.",
    "413": "More than 1 MB.",
    "422": "The input is wrong; `where` says which part.",
    "429": "Too many wrong tokens.",
    "500": "A bug in `culprit`.",
    "503": "A passing trouble; try again after Retry-After seconds.",
}
_ABOUT = """Everything the hub can do, for programs.

Times are seconds since the epoch (UTC). Every error has the same shape, with a sentence for
people. A browser that is signed in may use the API too; it then sends X-CSRF-Token with
everything that changes something. Live events come over the WebSocket /api/websocket.
"""


class ErrorInfo(msgspec.Struct, frozen=True):
    """What happened (`sentence`), where, and what to do (`remedy`)."""

    kind: str
    sentence: str
    where: str
    remedy: str
    culprit: str


class ErrorAnswer(msgspec.Struct, frozen=True):
    """The shape of every error."""

    error: ErrorInfo


def document(endpoints: Iterable[Endpoint], version: str) -> dict[str, Any]:
    """The whole document as plain data."""
    found = list(endpoints)
    kinds: list[Any] = [ErrorAnswer]
    for endpoint in found:
        kinds += [kind for kind in (endpoint.body, endpoint.answer) if _is_shape(kind)]
    schemas, components = msgspec.json.schema_components(kinds, ref_template=_REF)
    shapes = {repr(kind): schema for kind, schema in zip(kinds, schemas, strict=True)}
    paths: dict[str, Any] = {}
    for endpoint in found:
        address = re.sub(r":\w+}", "}", endpoint.path)
        paths.setdefault(address, {})[endpoint.method.lower()] = _operation(endpoint, shapes)
    return {
        "openapi": "3.1.1",
        "info": {"title": "Hearth", "version": version, "description": _ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"session": []}],
        "tags": [{"name": name} for name in sorted({endpoint.group for endpoint in found})],
        "paths": paths,
        "components": {
            "schemas": components,
            "responses": {status: _error(text) for status, text in _ERRORS.items()},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "hearth_session"},
            },
        },
    }


def operation_id(endpoint: Endpoint) -> str:
    """A name for the operation: `get_states`, `put_states_by_entity_id`."""
    words = re.sub(r"{(\w+)(:\w+)?}", r"by_\1", endpoint.path.removeprefix("/api"))
    return "_".join([endpoint.method.lower(), *(re.findall(r"\w+", words) or ["hub"])])


def _operation(endpoint: Endpoint, shapes: dict[str, Any]) -> dict[str, Any]:
    summary, _sep, description = endpoint.words.partition("\n")
    allowed = f"Needs the permission `{endpoint.permission}`." if endpoint.permission else ""
    text = "\n\n".join(part for part in (description.strip(), allowed) if part)
    operation: dict[str, Any] = {
        "operationId": operation_id(endpoint),
        "summary": summary,
        "description": text,
        "tags": [endpoint.group],
        "x-permission": endpoint.permission,
        "parameters": [*_in_path(endpoint.path), *_in_query(endpoint.query)],
        "responses": _responses(endpoint, shapes),
    }
    if endpoint.body is not None:
        content = {_JSON: {"schema": shapes[repr(endpoint.body)]}}
        if "document" in getattr(endpoint.body, "__struct_fields__", ()):
            content["application/yaml"] = {"schema": {"type": "string"}}
        operation["requestBody"] = {"content": content, "required": _needs_body(endpoint.body)}
    return operation


def _responses(endpoint: Endpoint, shapes: dict[str, Any]) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "Done."}
    if _is_shape(endpoint.answer):
        good["content"] = {_JSON: {"schema": shapes[repr(endpoint.answer)]}}
    possible = ["401", "403", "429", "500", "503"]
    possible += ["404"] if "{" in endpoint.path else []
    possible += ["422"] if endpoint.query or endpoint.body else []
    possible += ["409", "413"] if endpoint.method != "GET" else []
    errors = {status: {"$ref": f"#/components/responses/{status}"} for status in sorted(possible)}
    return {str(endpoint.status): good, **errors}


def _in_path(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)", path)
    ]


def _in_query(kind: type[Query] | None) -> list[dict[str, Any]]:
    if kind is None:
        return []
    (_ref,), components = msgspec.json.schema_components([kind], ref_template=_REF)
    described = components[kind.__name__]
    return [
        {
            "name": name,
            "in": "query",
            "required": name in described.get("required", ()),
            "description": schema.pop("description", ""),
            "schema": schema,
        }
        for name, schema in described["properties"].items()
    ]


def _error(text: str) -> dict[str, Any]:
    schema = {"$ref": _REF.format(name="ErrorAnswer")}
    return {"description": text, "content": {_JSON: {"schema": schema}}}


def _needs_body(kind: Any) -> bool:
    if not isinstance(kind, type) or not issubclass(kind, msgspec.Struct):
        return False
    return any(field.required for field in msgspec.structs.fields(kind))


def _is_shape(kind: Any) -> bool:
    return kind is not None and kind is not type(None)
