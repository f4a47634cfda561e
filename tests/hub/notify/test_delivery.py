"""The whole way: hub, outbox, Apprise, a real receiver; over failures, restarts and kill -9."""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
import sys
from contextlib import asynccontextmanager

import pytest

from hub.app import build
from hub.config import Config, Integrations, Notify, Storage
from hub.context import Context
from hub.events import NOTIFICATION_CHANGED
from hub.notify.outcome import Outcome
from hub.testing import hub_for_test

HUB = Context.new()


@asynccontextmanager
async def real_hub(**settings):
    """A hub with the real clock and the real Apprise, its database in memory."""
    config = Config(
        integrations=Integrations(enabled=[]),
        storage=Storage(history_flush=0.01),
        notify=Notify(**{"first_wait": 0.02, "longest_wait": 0.05, "timeout": 5.0, **settings}),
    )
    hub = build(config, in_memory=True)
    await hub.start(())
    try:
        yield hub
    finally:
        await hub.stop()


async def delivered(hub, message, *urls):
    """Send to Mara at these addresses; her deliveries when nothing more is to be done."""
    mara = await hub.people.add("Mara", None, "adult")
    for number, url in enumerate(urls):
        await hub.notify.add_target(mara.id, f"target {number}", "json", url, HUB)
    open_ones: set[str] = set()
    done = asyncio.Event()

    def on_change(event):
        is_open = event.data["state"] in {"queued", "sending"}
        (open_ones.add if is_open else open_ones.discard)(event.data["delivery_id"])
        (done.clear if open_ones else done.set)()

    hub.bus.subscribe(NOTIFICATION_CHANGED, on_change)
    told = await hub.notify.send(message, title="Hall")
    await asyncio.wait_for(done.wait(), 10)
    return (await hub.notify.get(told)).deliveries


async def test_a_message_reaches_a_real_receiver(receiver):
    async with real_hub() as hub:
        (delivery,) = await delivered(hub, "The door is open.", receiver.url())
    assert (delivery.state, delivery.attempts, delivery.reason) == ("delivered", 1, "")
    assert [(got["title"], got["message"]) for got in receiver.got] == [
        ("Hall", "The door is open.")
    ]


async def test_a_receiver_that_fails_twice_gets_it_the_third_time(receiver):
    receiver.answers += [(500, {}, b""), (502, {}, b"")]
    async with real_hub() as hub:
        (delivery,) = await delivered(hub, "Hi", receiver.url())
        tries = await hub.notify.attempts(delivery.id)
    assert (delivery.state, delivery.attempts) == ("delivered", 3)
    assert [made.reason.partition("is in trouble")[2] for made in tries] == [
        " (HTTP 500).", " (HTTP 502).", "",
    ]  # fmt: skip
    assert len(receiver.got) == 1


async def test_a_wrong_password_fails_at_once_with_the_reason(receiver):
    receiver.answers.append((401, {}, b""))
    async with real_hub() as hub:
        (delivery,) = await delivered(hub, "Hi", receiver.url(auth="mara:s3cret@"))
    assert (delivery.state, delivery.attempts) == ("failed", 1)
    assert "refused the sign-in" in delivery.reason
    assert "s3cret" not in delivery.reason


async def test_a_receiver_that_is_not_there_fails_after_all_attempts(nobody):
    async with real_hub(attempts=3) as hub:
        (delivery,) = await delivered(hub, "Hi", f"json://127.0.0.1:{nobody}/")
    assert (delivery.state, delivery.attempts) == ("failed", 3)
    assert "refused the connection" in delivery.reason


async def test_a_receiver_that_hangs_does_not_hold_up_another(receiver, nobody):
    receiver.hangs.clear()
    async with real_hub(attempts=1, timeout=0.3) as hub:
        hung, refused = await delivered(
            hub, "Hi", receiver.url(), f"json://127.0.0.1:{nobody}/"
        )  # fmt: skip
    assert (hung.state, refused.state) == ("failed", "failed")
    assert refused.finished_at < hung.finished_at


async def test_what_was_queued_goes_out_after_a_restart(tmp_path):
    async with hub_for_test(parts=(), folder=tmp_path) as house:
        mara = await house.owner()
        await house.hub.notify.add_target(mara.id, "Phone", "json", "json://127.0.0.1/a", HUB)
        house.sender.answers.append(Outcome(False, "Down.", after=600))
        await house.hub.notify.send("first")
        await house.hub.notify.send("second")
        await house.settle()
        assert house.sender.sent == []
    async with hub_for_test(parts=(), folder=tmp_path) as house:
        await house.advance(599)
        assert house.sender.sent == []
        await house.advance(2)
        assert [sent.message for sent in house.sender.sent] == ["first", "second"]


async def test_an_attempt_that_a_crash_cut_short_is_made_again_and_visible(tmp_path):
    async with hub_for_test(parts=(), folder=tmp_path) as house:
        mara = await house.owner()
        await house.hub.notify.add_target(mara.id, "Phone", "json", "json://127.0.0.1/a", HUB)
        house.hub.notify._outbox._sender = _Silent()
        await house.hub.notify.send("Hi")
        await house.settle()
        (note,) = await house.hub.notify.recent()
        assert note.deliveries[0].state == "sending"
        # Nothing is tidied up at a crash: leave out what stop() waits for.
        house.hub.notify._outbox._under_way.clear()
    async with hub_for_test(parts=(), folder=tmp_path) as house:
        assert [sent.message for sent in house.sender.sent] == ["Hi"]
        (note,) = await house.hub.notify.recent()
        assert note.deliveries[0].state == "delivered"
        tries = await house.hub.notify.attempts(note.deliveries[0].id)
        assert [made.outcome for made in tries] == ["interrupted", "delivered"]
        assert "may have arrived" in tries[0].reason


class _Silent:
    """Never answers."""

    async def send(self, *_: object) -> Outcome:
        await asyncio.Event().wait()
        return Outcome(True)


async def test_a_stop_lets_the_attempt_under_way_end(receiver):
    async with real_hub() as hub:
        mara = await hub.people.add("Mara", None, "adult")
        await hub.notify.add_target(mara.id, "Phone", "json", receiver.url(), HUB)
        sending = asyncio.Event()
        hub.bus.subscribe(
            NOTIFICATION_CHANGED,
            lambda event: sending.set() if event.data["state"] == "sending" else None,
        )
        await hub.notify.send("first")
        await hub.notify.send("second")
        await asyncio.wait_for(sending.wait(), 5)
        await hub.notify.stop()
        first, second = reversed(await hub.notify.recent())
        assert (first.deliveries[0].state, second.deliveries[0].state) == ("delivered", "queued")
    assert [got["message"] for got in receiver.got] == ["first"]


_PROGRAM = """
import asyncio, sys
from hub.app import build
from hub.config import Config, Integrations, Notify, Storage
from hub.context import Context

async def main(folder, url, first, count):
    config = Config(
        integrations=Integrations(enabled=[]), storage=Storage(data=folder),
        notify=Notify(first_wait=0.05, longest_wait=0.2),
    )
    hub = build(config)
    await hub.start(())
    owner = hub.people.owner or await hub.people.add("Mara", None, "owner")
    if not await hub.notify.targets(owner.id):
        await hub.notify.add_target(owner.id, "Phone", "json", url, Context.new())
    for number in range(first, first + count):
        await hub.notify.send(f"message {number}")
        print(number, flush=True)
    while any(d.state in ("queued", "sending") for n in await hub.notify.recent(1000)
              for d in n.deliveries):
        await asyncio.sleep(0.05)
    print("done", flush=True)
    await hub.stop()

asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
"""


def _run(folder, receiver, first, count):
    return subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(folder), receiver.url(), str(first), str(count)],
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_no_accepted_message_is_lost_by_kill_9(tmp_path, receiver):
    chance = random.Random(9)  # noqa: S311 - the same kills in every run
    accepted: list[int] = []
    for first in range(0, 300, 100):
        # Half of the answers are failures, so that many are queued again when the kill comes.
        receiver.answers += [(503, {}, b""), (200, {}, b"")] * 20
        with _run(tmp_path, receiver, first, 100) as hub:
            lines = range(chance.randint(1, 60))
            accepted += [int(hub.stdout.readline()) for _ in lines]
            hub.send_signal(signal.SIGKILL)
    with _run(tmp_path, receiver, 1000, 1) as hub:
        said = hub.stdout.read().split()
    assert said[-1] == "done"
    arrived = {int(got["message"].split()[1]) for got in receiver.got}
    assert set(accepted) - arrived == set()
    assert len(accepted) > 30
