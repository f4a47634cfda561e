"""The real Apprise against real servers on loopback."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

import pytest

from hub.config import Notify as Settings
from hub.notify.apprise import AppriseSender, in_thread, plugin_of


@pytest.fixture
def sender():
    return AppriseSender(Settings(timeout=5.0))


async def test_a_message_arrives(sender, receiver):
    outcome = await sender.send(receiver.url(), "Hall", "The *door* is open.", {})
    assert (outcome.ok, outcome.reason) == (True, "")
    (got,) = receiver.got
    assert (got["title"], got["message"], got["type"]) == ("Hall", "The *door* is open.", "info")
    assert receiver.paths == ["/hook"]


async def test_urgency_becomes_the_type(sender, receiver):
    await sender.send(receiver.url(), "", "x", {"urgency": "critical"})
    await sender.send(receiver.url(), "", "x", {"urgency": "high"})
    assert [got["type"] for got in receiver.got] == ["failure", "warning"]


@pytest.mark.parametrize(
    "query, urgency, priority",
    [
        ("", "critical", "max"),
        ("", "low", "low"),
        ("", "normal", None),
        ("&priority=low", "critical", "low"),
    ],
)
async def test_urgency_becomes_the_services_priority(sender, receiver, query, urgency, priority):
    url = f"ntfy://127.0.0.1:{receiver.port}/home?mode=private{query}"
    assert (await sender.send(url, "", "x", {"urgency": urgency})).ok
    assert receiver.headers[0].get("X-Priority") == priority


@pytest.mark.parametrize(
    "status, final, words",
    [
        (400, True, "did not accept the request (HTTP 400)."),
        (401, True, "refused the sign-in: the token, user or password is wrong (HTTP 401)."),
        (403, True, "refused: this sender has no right to write there (HTTP 403)."),
        (404, True, "does not know this address, topic or recipient (HTTP 404)."),
        (429, False, "says that too many messages were sent (HTTP 429)."),
        (500, False, "is in trouble (HTTP 500)."),
        (503, False, "is in trouble (HTTP 503)."),
    ],
)
async def test_a_refusal_becomes_a_sentence(sender, receiver, status, final, words):
    receiver.answers.append((status, {}, b"<html>no</html>"))
    outcome = await sender.send(receiver.url(), "", "x", {})
    assert outcome.reason == f"JSON at 127.0.0.1:{receiver.port} {words}"
    assert (outcome.ok, outcome.final) == (False, final)


@pytest.mark.parametrize(
    "headers, body, after",
    [
        ({"Retry-After": "17"}, b"", 17.0),
        ({}, b'{"ok": false, "parameters": {"retry_after": 35}}', 35.0),
        ({}, b'{"retry_after": 0.5}', 0.5),
        ({}, b'{"retry_after_ms": 2000}', 2.0),
        ({"Retry-After": "soon"}, b"[]", 0.0),
    ],
)
async def test_the_wait_that_is_asked_for_is_found(sender, receiver, headers, body, after):
    receiver.answers.append((429, headers, body))
    assert (await sender.send(receiver.url(), "", "x", {})).after == after


async def test_a_date_to_wait_for_is_understood(sender, receiver):
    until = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 60))
    receiver.answers.append((503, {"Retry-After": until}, b""))
    assert 50 < (await sender.send(receiver.url(), "", "x", {})).after <= 60


async def test_what_the_service_says_is_part_of_the_reason(sender, receiver):
    receiver.answers.append(
        (400, {}, b'{"ok": false, "description": "Bad Request: chat not found"}')
    )
    outcome = await sender.send(receiver.url(), "", "x", {})
    assert outcome.reason.endswith("(HTTP 400): Bad Request: chat not found.")


async def test_a_refused_connection_is_tried_again(sender, nobody):
    outcome = await sender.send(f"json://127.0.0.1:{nobody}/", "", "x", {})
    assert outcome.reason == (
        f"127.0.0.1:{nobody} refused the connection. Is the service running there?"
    )
    assert not outcome.final


async def test_a_name_that_does_not_exist_is_tried_again(sender):
    outcome = await sender.send("json://no-such-host.invalid/", "", "x", {})
    assert outcome.reason == "The name no-such-host.invalid can't be found on the network."
    assert not outcome.final


async def test_a_service_that_hangs_is_left_after_the_timeout(receiver):
    receiver.hangs.clear()
    outcome = await AppriseSender(Settings(timeout=0.3)).send(receiver.url(), "", "x", {})
    assert (outcome.ok, outcome.final) == (False, False)
    assert "did not answer in time" in outcome.reason or "longer than" in outcome.reason


async def test_a_service_that_drips_is_left_too(sender):
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = threading.Event()
        thread = threading.Thread(target=_drip, args=(server, done))
        thread.start()
        url = f"json://127.0.0.1:{server.getsockname()[1]}/"
        outcome = await AppriseSender(Settings(timeout=0.3)).send(url, "", "x", {})
        done.set()
        thread.join()
    assert outcome.reason == "The service took longer than 0.3 seconds."


def _drip(server: socket.socket, done: threading.Event) -> None:
    connection, _ = server.accept()
    with connection:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while not done.wait(0.05):
            connection.sendall(b"X: y\r\n")


async def test_a_long_message_is_split_for_the_service(sender, receiver):
    message = "word " * 10_000
    outcome = await sender.send(receiver.url(schema="json"), "T", message, {})
    assert outcome.ok
    assert " ".join(got["message"] for got in receiver.got).split() == message.split()


async def test_an_address_that_nobody_understands_fails_for_good(sender):
    outcome = await sender.send("nonsense", "", "x", {})
    assert (outcome.ok, outcome.final) == (False, True)


async def test_a_plugin_that_crashes_says_so_without_its_message(sender, receiver, monkeypatch):
    plugin = type(await in_thread(lambda: plugin_of(receiver.url())))
    monkeypatch.setattr(plugin, "send", _crash)
    outcome = await sender.send(receiver.url("/secret"), "", "x", {})
    assert outcome.reason == "JSON failed inside its plugin (KeyError)."
    assert not outcome.final


def _crash(*_, **__):
    raise KeyError("secret")


async def test_many_attempts_do_not_mix_their_reasons(sender, receiver, nobody):
    urls = [receiver.url(), f"json://127.0.0.1:{nobody}/", "json://no-such-host.invalid/"] * 8
    outcomes = await asyncio.gather(*(sender.send(url, "", "x", {}) for url in urls))
    assert [outcome.ok for outcome in outcomes] == [True, False, False] * 8
    assert {outcome.reason for outcome in outcomes[1::3]} == {outcomes[1].reason}
    assert {outcome.reason for outcome in outcomes[2::3]} == {outcomes[2].reason}
    assert len(receiver.got) == 8


async def test_sending_does_not_hold_up_the_loop(sender, receiver):
    receiver.hangs.clear()
    sending = asyncio.create_task(sender.send(receiver.url(), "", "x", {}))
    for _ in range(50):
        await asyncio.sleep(0)
    assert not sending.done()
    receiver.hangs.set()
    assert (await sending).ok
