"""Checks a notification address and says which part of it is wrong, never showing it."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from hub.errors import Invalid
from hub.notify import apprise

_LONGEST_URL = 4000
_LONGEST_SHOWN = 300
# Services whose path is whatever their owner chose, often a secret that Apprise does not mask.
_OPEN_PATHS = {"json", "jsons", "xml", "xmls", "form", "forms"}


@dataclass(frozen=True, slots=True)
class Address:
    """A URL that Apprise understands: its schema, its service's name, and itself masked."""

    schema: str
    service: str
    shown: str


def check(url: str) -> Address:
    """Understand a URL. Blocks at the first use: call it in a thread.

    Raises Invalid with what is wrong; the URL itself is never part of it.
    """
    url = url.strip()
    schema = _schema(url)
    plugin = apprise.plugin_of(url)
    if plugin is None:
        raise _explained(url, schema)
    if isinstance(port := getattr(plugin, "port", None), int) and not 0 < port < 65536:
        raise _wrong(f"There is no port {port}.", "Ports are numbers from 1 to 65535.")
    kind = str(plugin.url(privacy=True)).partition("://")[0]
    return Address(kind, str(plugin.service_name), masked(plugin))


def masked(plugin: Any) -> str:
    """How a target is shown: Apprise's own masking, without parameters and chosen paths."""
    shown = str(plugin.url(privacy=True)).partition("?")[0].rstrip("/")
    kind, _, rest = shown.partition("://")
    if kind in _OPEN_PATHS and "/" in rest:
        shown = f"{kind}://{rest.partition('/')[0]}/…"
    shown = unquote(shown)
    for secret in _private(kind, plugin):
        shown = shown.replace(secret, "****")
    return shown[:_LONGEST_SHOWN]


def _private(schema: str, plugin: Any) -> list[str]:
    """The values that Apprise's description calls private, should its masking miss one."""
    tokens = apprise.template(schema)["tokens"]
    parts = type(plugin).parse_url(plugin.url()) or {}
    names = {token.get("map_to", key) for key, token in tokens.items() if token.get("private")}
    values = [parts.get(name) for name in names]
    return [text for text in values if isinstance(text, str) and len(text) > 5]


def _schema(url: str) -> str:
    if not url:
        raise _wrong("The address is empty.", "Paste one such as ntfy://ntfy.sh/my-topic.")
    if len(url) > _LONGEST_URL:
        raise _wrong(f"The address is longer than {_LONGEST_URL} characters.", "Check it.")
    if re.search(r"[\x00-\x1f]", url):
        raise _wrong("The address holds a line break or control character.", "Put it on one line.")
    found = re.match(r"([A-Za-z0-9][A-Za-z0-9+.-]*)://", url)
    if found is None:
        raise _wrong(
            "The address does not begin with a service and “://”.",
            "It looks like tgram://token/chat or mailto://user:password@host.",
        )
    return found[1].lower()


def _explained(url: str, schema: str) -> Invalid:
    known = apprise.schemas()
    if schema in ("http", "https"):
        return _wrong(
            "This web address is of no service that the hub knows.",
            "For a webhook write json:// (or jsons:// for https) in front of the host instead.",
        )
    if schema not in known:
        close = difflib.get_close_matches(schema, known, 3)
        near = " or ".join(f"“{word}://”" for word in close)
        return _wrong(
            f"There is no notification service “{schema}://”.",
            f"Did you mean {near}?" if close else "Choose one of the list.",
        )
    kind = apprise.plugin_class(schema)
    if not kind.enabled:
        needed = ", ".join(apprise.missing_packages(schema))
        return _wrong(
            f"{kind.service_name} can't be used on this machine.",
            f"It needs the Python package {needed}." if needed else "It is for other systems.",
        )
    return _wrong(
        f"The address is not one of {kind.service_name}: {_faults(url, schema, kind)}.",
        f"It looks like {_pattern(schema)}.",
    )


def _faults(url: str, schema: str, kind: Any) -> str:
    """Which required part is missing or has the wrong form."""
    facts = apprise.template(schema)
    try:
        parts = kind.parse_url(url.replace("/#", "/%23")) or {}
    except Exception:  # noqa: BLE001 - a plugin that chokes has said enough
        parts = {}
    tokens = {key: token for key, token in facts["tokens"].items() if key != "schema"}
    given: dict[str, Any]
    if parts:
        given = {key: parts.get(token["map_to"]) or parts.get(key) for key, token in tokens.items()}
        required = [key for key, token in tokens.items() if token.get("required")]
    else:
        given = _by_pattern(url, _shortest(facts))
        required = list(given)
    faults = [_fault(tokens[key], given[key]) for key in required if key in tokens]
    return "; ".join(filter(None, faults)) or "one of its parts has the wrong form"


def _fault(token: dict[str, Any], value: Any) -> str:
    name = str(token["name"]).lower()
    if not value:
        return f"the {name} is missing"
    if isinstance(value, str) and not _fits(unquote(value), token.get("regex")):
        return f"the {name} has the wrong form"
    return ""


def _by_pattern(url: str, pattern: str) -> dict[str, str]:
    """What stands where the pattern has its blanks, for a URL that its plugin can't take apart."""
    rest = url.partition("://")[2].partition("?")[0]
    given = {}
    for blank, separator in re.findall(r"\{(\w+)\}([^{]*)", pattern.partition("://")[2]):
        text, _, rest = rest.partition(separator or "/")
        given[blank] = text
    return given


def _fits(value: str, regex: Any) -> bool:
    if not regex:
        return True
    flags = re.IGNORECASE if regex[1] and "i" in regex[1] else 0
    return re.match(regex[0], value, flags) is not None


def _shortest(facts: dict[str, Any]) -> str:
    return str(min(facts["templates"], key=len))


def _pattern(schema: str) -> str:
    """The shortest of Apprise's URL patterns, its blanks in words."""
    pattern = _shortest(apprise.template(schema)).replace("{schema}", schema)
    return re.sub(r"\{(\w+)\}", lambda blank: "{" + blank[1].replace("_", " ") + "}", pattern)


def _wrong(sentence: str, remedy: str) -> Invalid:
    return Invalid(sentence, where="url", remedy=remedy)
