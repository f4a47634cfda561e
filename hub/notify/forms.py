"""Forms for notification services: what to ask, and the URL that the answers mean. Data, no I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import SplitResult, quote, urlsplit

from hub.errors import Invalid

Kind = Literal["text", "password", "number", "select", "switch"]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class FormField:
    """One question. `pattern` is a regular expression that the whole answer must match;
    `part` is the name of that part in Apprise's own description of the URL, if it differs."""

    key: str
    label: str
    kind: Kind = "text"
    help: str = ""
    required: bool = True
    placeholder: str = ""
    options: tuple[Option, ...] = ()
    default: str = ""
    pattern: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class ServiceForm:
    """A service and its questions.

    `recipe` is the URL with blanks: `{key}` is an answer, percent-encoded; `[...]` is left out
    unless every answer in it is given; a field `server` gives `{host}`, `{port}`, `{path}` and
    `{s}`, which is "s" for https; `{=key}` is an answer as it was typed (a whole address).
    """

    service: str
    name: str
    icon: str
    help: str
    fields: tuple[FormField, ...]
    recipe: str
    link: str = ""


def build(form: ServiceForm, values: Mapping[str, Any]) -> str:
    """The URL that the answers mean. Raises Invalid with the field's key in `where`."""
    answers: dict[str, str] = {}
    for field in form.fields:
        answers |= _answer(field, values)
    whole = re.sub(
        r"\[([^\[\]]*)\]", lambda group: _fill(group[1], answers, optional=True), form.recipe
    )
    url = _fill(whole, answers, optional=False)
    head, mark, query = url.partition("?")
    return head + (mark + query.lstrip("&") if query.strip("&") else "")


def _answer(field: FormField, values: Mapping[str, Any]) -> dict[str, str]:
    given = values.get(field.key)
    if field.kind == "switch":
        return {field.key: "yes" if given in (True, "on", "true", "yes", "1") else "no"}
    text = str(given if given is not None else "").strip() or field.default
    if not text:
        if field.required:
            raise Invalid(f"{field.label} is needed.", where=field.key, remedy=field.help)
        return {}
    if re.search(r"[\x00-\x1f\x7f]", text):
        raise Invalid(
            f"{field.label} holds a line break or control character.",
            where=field.key,
            remedy="Put it on one line.",
        )
    if field.options and text not in {option.value for option in field.options}:
        labels = ", ".join(option.label for option in field.options)
        raise Invalid(
            f"{field.label} can't be “{text}”.", where=field.key, remedy=f"One of: {labels}."
        )
    if field.pattern and not re.fullmatch(field.pattern, text):
        hint = field.help or f"It looks like {field.placeholder}."
        raise Invalid(f"{field.label} has the wrong form.", where=field.key, remedy=hint)
    if field.kind == "number" and not text.isdigit():
        raise Invalid(f"{field.label} must be a whole number.", where=field.key)
    if field.key == "server":
        return _server(field, text)
    return {field.key: text}


def _server(field: FormField, text: str) -> dict[str, str]:
    """A host, host:port or whole web address as its parts."""
    parts = split_server(text)
    if parts is None:
        raise Invalid(
            f"{field.label} is not an address.",
            where=field.key,
            remedy=f"Write it as in the browser: {field.placeholder}.",
        )
    found = {"host": _host(parts), "s": "s" if parts.scheme == "https" else ""}
    if parts.port:
        found["port"] = str(parts.port)
    if path := parts.path.strip("/"):
        found["path"] = path
    if parts.query:
        # Apprise hands parameters on that begin with a minus sign; the others are its own.
        found["query"] = "&".join(f"-{pair}" for pair in parts.query.split("&") if pair)
    return found


def split_server(text: str) -> SplitResult | None:
    """`https://host:port/path` (http when nothing is said) taken apart; None when it can't be."""
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        _ = parts.port
    except ValueError:
        return None
    named = bool(parts.hostname) and not re.search(r"\s", parts.netloc) and "@" not in parts.netloc
    return parts if named and parts.scheme in ("http", "https") else None


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    return f"[{host}]" if ":" in host else host


def _fill(text: str, answers: Mapping[str, str], *, optional: bool) -> str:
    blanks = re.findall(r"\{=?(\w+)\}", text)
    if optional and not all(answers.get(blank) for blank in blanks):
        return ""
    return re.sub(r"\{(=?)(\w+)\}", lambda blank: _value(blank[1], blank[2], answers), text)


def _value(raw: str, key: str, answers: Mapping[str, str]) -> str:
    text = answers.get(key, "")
    if raw or key in ("host", "s", "query"):
        return text
    # A path comes out of a web address and is percent-encoded already where it must be.
    return quote(text, safe=_IN_PATH if key == "path" else "")


_IN_PATH = "/%:@!$'()*,;=~+"
