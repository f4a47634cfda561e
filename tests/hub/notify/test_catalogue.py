"""Every form filled in: Apprise understands the URL, and every answer arrives unchanged."""

from __future__ import annotations

import pytest

from hub.errors import Invalid
from hub.notify import addresses, apprise
from hub.notify.catalogue import FORMS, build_url, form

# Characters that a URL would take for its own.
NASTY = "p@ss/w:rd?&=#% +ü%41"

# service, answers, what the plugin must hold then
CASES = [
    ("telegram", {"token": "123456:AbC-d_e", "chat": "-10012345"},
     {"bot_token": "123456:AbC-d_e", "targets": [(-10012345, None)]}),
    ("signal", {"server": "http://192.168.1.10:8080", "from": "+4366412345678",
                "to": "+43 664 8765432", "user": "me", "password": NASTY},
     {"host": "192.168.1.10", "port": 8080, "source": "+4366412345678", "secure": False,
      "targets": ["+436648765432"], "user": "me", "password": NASTY}),
    ("whatsapp", {"token": "EAAGm0PX", "sender": "1234567890", "to": "+4366412345678",
                  "template": "alert"},
     {"token": "EAAGm0PX", "from_phone_id": "1234567890", "template": "alert",
      "targets": ["+4366412345678"]}),
    ("matrix", {"server": "https://matrix.org", "user": "hub", "password": NASTY,
                "room": "#family:matrix.org"},
     {"host": "matrix.org", "user": "hub", "password": NASTY, "secure": True,
      "rooms": ["#family:matrix.org"]}),
    ("discord", {"webhook": "https://discord.com/api/webhooks/123456789/AbC_d-e"},
     {"webhook_id": "123456789", "webhook_token": "AbC_d-e"}),
    ("slack", {"webhook": "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7F"},
     {"token_a": "T1JJ3T3L2", "token_b": "A1BRTD4JD", "token_c": "TIiajkdnlazkcOXrIdevi7F"}),
    ("teams", {"webhook": "https://prod-1.westeurope.logic.azure.com:443/workflows/abc123/triggers/"
                          "manual/paths/invoke?api-version=2016-06-01&sp=%2Ft&sv=1.0&sig=AbC-d_e"},
     {"host": "prod-1.westeurope.logic.azure.com", "workflow": "abc123", "signature": "AbC-d_e"}),
    ("gchat", {"webhook": "https://chat.googleapis.com/v1/spaces/AAA/messages?key=k1-_x&token=t2-_y"},
     {"workspace": "AAA", "webhook_key": "k1-_x", "webhook_token": "t2-_y"}),
    ("mattermost", {"server": "https://chat.example.org/team", "token": "3ccdd113474722377935511fc85d3dd4",
                    "channel": "home"},
     {"host": "chat.example.org", "secure": True, "token": "3ccdd113474722377935511fc85d3dd4",
      "fullpath": "/team", "targets": [("#", "home")]}),
    ("nextcloud_talk", {"server": "https://cloud.example.org/nc", "user": "hub", "password": NASTY,
                        "room": "abc123"},
     {"host": "cloud.example.org", "user": "hub", "password": NASTY, "targets": ["abc123"],
      "url_prefix": "nc", "secure": True}),
    ("synology_chat", {"server": "https://192.168.1.20:5001", "token": "ArG9R_" + "x" * 58},
     {"host": "192.168.1.20", "port": 5001, "token": "ArG9R_" + "x" * 58, "secure": True}),
    ("ntfy", {"topic": "our-house", "user": "me", "password": NASTY},
     {"host": "ntfy.sh", "topics": ["our-house"], "user": "me", "password": NASTY, "secure": True,
      "mode": "private"}),
    ("ntfy", {"server": "http://[fd00::5]:8080", "topic": "t"},
     {"host": "[fd00::5]", "port": 8080, "secure": False}),
    ("pushover", {"user_key": "u" * 30, "token": "a" * 30, "device": "phone"},
     {"user_key": "u" * 30, "token": "a" * 30, "devices": ["phone"]}),
    ("gotify", {"server": "https://gotify.example.org/push", "token": "AbCdEf123456789"},
     {"host": "gotify.example.org", "token": "AbCdEf123456789", "fullpath": "/push/"}),
    ("pushbullet", {"token": "o.AbCdEf", "device": "ujpah72o0"},
     {"accesstoken": "o.AbCdEf", "targets": ["ujpah72o0"]}),
    ("bark", {"device": "AbCdEf123"}, {"host": "api.day.app", "targets": ["AbCdEf123"]}),
    ("email", {"to": "mara+home@example.org", "sender": "hub@example.net", "host": "smtp.example.com",
               "port": "2525", "security": "insecure", "user": "hub@example.net", "password": NASTY},
     {"smtp_host": "smtp.example.com", "port": 2525, "secure_mode": "insecure",
      "user": "hub@example.net", "password": NASTY, "targets": [(False, "mara+home@example.org")],
      "from_addr": (False, "hub@example.net")}),
    ("email", {"to": "a@b.org", "sender": "c@d.org", "host": "192.168.1.2"},
     {"smtp_host": "192.168.1.2", "port": 587, "secure_mode": "starttls", "user": None}),
    ("twilio", {"sid": "AC" + "0a" * 16, "token": "b" * 32, "from": "+15551234567",
                "to": "+43 664 12345678"},
     {"account_sid": "AC" + "0a" * 16, "auth_token": "b" * 32, "source": "+15551234567",
      "targets": [("T", "+4366412345678")]}),
    ("home_assistant", {"server": "http://homeassistant.local:8123", "token": "ey.J0-_x.y%z",
                        "notifier": "mobile_app_phone"},
     {"host": "homeassistant.local", "port": 8123, "accesstoken": "ey.J0-_x.y%z"}),
    ("kodi", {"server": "192.168.1.30:8080", "user": "kodi", "password": NASTY},
     {"host": "192.168.1.30", "port": 8080, "user": "kodi", "password": NASTY}),
    ("json", {"server": "https://hooks.example.org/a%20b/c?key=v1&x=%26", "user": "u",
              "password": NASTY},
     {"host": "hooks.example.org", "fullpath": "/a%20b/c", "params": {"key": "v1", "x": "&"},
      "user": "u", "password": NASTY, "secure": True}),
    ("xml", {"server": "http://192.168.1.40/hook"}, {"host": "192.168.1.40", "fullpath": "/hook"}),
    ("url", {"url": "json://127.0.0.1/x"}, {"host": "127.0.0.1"}),
]  # fmt: skip
IDS = [f"{case[0]}{number}" for number, case in enumerate(CASES)]


@pytest.mark.parametrize("service, answers, held", CASES, ids=IDS)
def test_the_answers_arrive_in_the_plugin(service, answers, held):
    plugin = apprise.plugin_of(build_url(service, answers))
    assert plugin is not None
    assert {key: getattr(plugin, key) for key in held} == held


@pytest.mark.parametrize("service, answers, held", CASES, ids=IDS)
def test_what_is_shown_holds_no_password(service, answers, held):
    shown = addresses.check(build_url(service, answers)).shown
    hidden = [
        str(answers[field.key])
        for field in form(service).fields
        if field.kind == "password" and field.key in answers and field.part != "*"
    ]
    assert [word for word in hidden if word in shown] == []


def test_every_form_is_tried_here():
    assert {case[0] for case in CASES} == {found.service for found in FORMS}


@pytest.mark.parametrize("service", [found.service for found in FORMS if found.service != "url"])
def test_every_field_is_a_part_that_apprise_describes(service):
    answers = next(case[1] for case in CASES if case[0] == service)
    schema = addresses.check(build_url(service, answers)).schema
    facts = apprise.template(schema)
    known = {*facts["tokens"], *facts["args"]}
    parts = {field.part or field.key for field in form(service).fields} - {"*"}
    assert parts - known == set()


@pytest.mark.parametrize("service", [found.service for found in FORMS if found.service != "url"])
def test_what_apprise_calls_private_is_asked_as_a_password(service):
    answers = next(case[1] for case in CASES if case[0] == service)
    schema = addresses.check(build_url(service, answers)).schema
    tokens = apprise.template(schema)["tokens"]
    open_ones = [
        field.key
        for field in form(service).fields
        if tokens.get(field.part or field.key, {}).get("private") and field.kind != "password"
    ]
    # A phone number's ID and a public device key are no secrets; Apprise is over-careful there.
    assert set(open_ones) <= {"sender"}


def test_there_are_at_least_twelve_services_with_unique_names():
    assert len({found.service for found in FORMS}) == len(FORMS) >= 12
    assert all(found.help and found.icon and found.fields for found in FORMS)


@pytest.mark.parametrize(
    "service, answers, where, words",
    [
        ("telegram", {"chat": "1"}, "token", "Bot token is needed."),
        ("telegram", {"token": "abc", "chat": "1"}, "token", "Bot token has the wrong form."),
        ("ntfy", {"topic": "a b"}, "topic", "Topic has the wrong form."),
        ("ntfy", {"topic": "a", "server": "ftp://x"}, "server", "Server is not an address."),
        ("ntfy", {"topic": "a", "server": "http://x:99999"}, "server", "Server is not an address."),
        ("ntfy", {"topic": "a", "server": "http://u:p@x"}, "server", "Server is not an address."),
        ("ntfy", {"topic": "a", "user": "a\nb"}, "user", "line break"),
        ("email", {"to": "x", "sender": "a@b", "host": "h"}, "to", "To has the wrong form."),
        ("email", {"to": "a@b", "sender": "a@b", "host": "h", "port": "x"}, "port", "whole number"),
        ("email", {"to": "a@b", "sender": "a@b", "host": "h", "security": "x"}, "security",
         "Encryption can't be “x”."),
        ("discord", {"webhook": "https://example.org/x"}, "webhook", "has the wrong form"),
        ("carrier pigeon", {}, "service", "There is no form for “carrier pigeon”."),
    ],
)  # fmt: skip
def test_a_wrong_answer_names_its_field(service, answers, where, words):
    with pytest.raises(Invalid) as caught:
        build_url(service, answers)
    assert caught.value.where == where
    assert words in caught.value.sentence


def test_a_wrong_answer_to_a_secret_is_not_repeated():
    with pytest.raises(Invalid) as caught:
        build_url("telegram", {"token": "my secret", "chat": "1"})
    assert "my secret" not in str(caught.value)
