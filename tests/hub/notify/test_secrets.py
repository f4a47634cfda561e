"""Nothing that leaves the hub names a secret: tried on the URLs of most of Apprise's services.

The URLs are made from Apprise's own patterns; each secret part is a value of its own.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from hub.config import Notify as Settings
from hub.errors import Invalid
from hub.notify import addresses, apprise
from hub.notify.apprise import AppriseSender
from hub.notify.reasons import Attempt, Hidden, explain

VALUES = (
    "s3cretT0kenV4lue", "4f6ade3c1b2d4e5f8a9b0c1d2e3f4a5b", "Zx9" * 14 + "Z", "918273645",
    "91827364518273645546", "15551234567", "+15551234567", "AC4f6ade3c1b2d4e5f8a9b0c1d2e3f4a5b",
    "123456:AbCdEfGhIjKlMnOp", "xoxb-1234567890-AbCdEfGh", "4f6ade3c-1b2d-4e5f-8a9b-0c1d2e3f4a5b",
    "us-east-1", "mara@example.org", "T1JJ3T3L2", "Zx9" * 40, "4f6ade3c1b2d4e5f" * 4, "A" * 20,
    "1234567890.AbCdEf",
)  # fmt: skip


def _value(key: str, token: dict[str, Any], number: int) -> str:
    if token.get("values"):
        return str(token["values"][0])
    if key == "host":
        return "server.example.org"
    if token["type"] in {"int", "email"}:
        return {"int": "8080", "email": "mara@example.org"}[token["type"]]
    regex = token.get("regex") or ("", "")
    order = VALUES if regex[0] else (*VALUES[number % 5 :], *VALUES[: number % 5])
    found = next((v for v in order if re.match(regex[0], v, re.IGNORECASE)), "")
    # No two parts of a URL are the same.
    return found and f"{found[:-1]}{number}"


def _filled(schema: str, pattern: str, tokens: dict[str, Any]) -> str:
    url = pattern.replace("{schema}", schema)
    for number, key in enumerate(re.findall(r"\{(\w+)\}", url)):
        token = tokens[key]
        group = sorted(token.get("group", ()))
        one = tokens[group[0]] if group else token
        text = quote((one.get("prefix") or "") + _value(key, one, number), safe="@+")
        url = url.replace(f"{{{key}}}", text or "topic1")
    return url


@cache
def working() -> dict[str, str]:
    """A URL that works for each schema for which one could be made."""
    found = {}
    for schema in apprise.schemas():
        if not apprise.plugin_class(schema).enabled:
            continue
        facts = apprise.template(schema)
        for pattern in sorted(facts["templates"], key=len, reverse=True):
            url = _filled(schema, pattern, facts["tokens"])
            if apprise.plugin_of(url) is not None:
                found[schema] = url
                break
    return found


def secrets_of(schema: str, url: str) -> list[str]:
    """The values of the parts that Apprise's description calls private, and any password."""
    tokens = apprise.template(schema)["tokens"]
    parts = apprise.plugin_class(schema).parse_url(url)
    names = {token.get("map_to", key) for key, token in tokens.items() if token.get("private")}
    values = [parts.get(name) for name in names | {"password"} if name != "targets"]
    return [value for value in values if isinstance(value, str) and len(value) > 6]


def test_most_services_are_tried():
    assert len(working()) > 180


def test_what_is_shown_of_an_address_holds_no_secret():
    leaks = [
        (schema, shown)
        for schema, url in working().items()
        for shown in [addresses.check(url).shown]
        if any(secret in shown for secret in secrets_of(schema, url))
    ]
    assert leaks == []


def test_a_reason_that_quotes_the_service_holds_no_secret():
    leaks = []
    for schema, url in working().items():
        for secret in secrets_of(schema, url):
            for form in {secret, quote(secret, safe=""), quote_plus(secret)}:
                body = f'{{"error": "no way {form} at https://x.org/bot{form}/send?k={form}"}}'
                log = [(30, f"Failed to send to {form}."), (10, f"Socket Exception: {form} broke")]
                tries = (
                    Attempt("Service", "x.org", status=400, body=body),
                    Attempt("Service", "x.org", said=log),
                    Attempt(
                        "Service", "x.org", said=[(10, f"SMTP Exception: (535, b'{form} no')")]
                    ),
                    Attempt(
                        "Service", "x.org", error=OSError(f"with url: /bot{form}/send ({form})")
                    ),
                )
                reasons = [explain(made, Hidden.of(url)).reason for made in tries]
                leaks += [(schema, reason) for reason in reasons if secret in reason]
    assert leaks == []


async def test_a_failed_attempt_names_no_secret_in_reason_or_log(nobody, monkeypatch, caplog):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{nobody}")
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{nobody}")
    caplog.set_level(1)
    sender = AppriseSender(Settings(timeout=5.0))
    leaks = []
    for schema in OVER_HTTP:
        url = working()[schema]
        reason = (await sender.send(url, "T", "x", {})).reason
        assert reason, schema
        leaks += [(schema, reason) for secret in secrets_of(schema, url) if secret in reason]
    hub_log = [r.getMessage() for r in caplog.records if not r.name.startswith("apprise")]
    leaks += [("log", line) for line in hub_log if "s3cret" in line or "4f6ade3c" in line]
    assert leaks == []


OVER_HTTP = (
    "tgram", "discord", "slack", "pover", "gotify", "ntfys", "matrixs", "mmosts", "workflows",
    "hassios", "whatsapp", "jsons", "xmls", "forms", "synologys", "pbul", "join", "gchat",
    "rockets", "zulip", "wxteams", "ifttt", "line", "simplepush", "bark", "pagerduty",
    "sendgrid", "mailgun", "dingtalk", "feishu", "guilded", "pushy", "webex", "notica", "lametric",
)  # fmt: skip


WRONG = [
    ("", "The address is empty."),
    ("   ", "The address is empty."),
    ("my secret words", "does not begin with a service"),
    ("tgram:/123", "does not begin with a service"),
    ("telegramm://s3cret", "There is no notification service “telegramm://”."),
    ("tgrm://s3cret/1", "Did you mean “tgram://”"),
    ("https://example.org/s3cret", "For a webhook write json://"),
    ("tgram://", "the bot token is missing"),
    ("tgram://s3cretWrong/12345", "the bot token has the wrong form"),
    ("discord://s3cret", "the webhook token is missing"),
    ("slack://s3cret-a/b/c", "Slack"),
    ("pover://s3cret", "the user key is missing"),
    ("mailto://", "E-Mail"),
    ("gotify://server.example.org", "the token is missing"),
    ("twilio://s3cret:x@y", "Twilio"),
    ("json://user:s3cret@server.example.org:99999/", "port"),
    ("json://", "the hostname is missing"),
    ("mqtt://user:s3cret@server/topic", "It needs the Python package paho-mqtt"),
    ("windows://", "can't be used on this machine"),
    ("ntfy://s3cret\nx", "line break"),
    ("json://" + "s3cret" * 1000, "longer than 4000"),
]


@pytest.mark.parametrize("url, words", WRONG, ids=[words for _, words in WRONG])
def test_a_wrong_address_is_explained_without_repeating_it(url, words):
    with pytest.raises(Invalid) as caught:
        addresses.check(url)
    assert words in str(caught.value)
    assert caught.value.where == "url"
    assert "s3cret" not in str(caught.value)
    assert caught.value.remedy
