from __future__ import annotations

import pytest
from tortoise.exceptions import OperationalError

from hub.context import Context
from hub.errors import Invalid, NotFound, Retry
from hub.events import NOTIFICATION_CHANGED, Event
from hub.notify.outcome import Outcome
from hub.testing import House, Sent
from store import outbox as store

HUB = Context.new()
URL = "json://127.0.0.1:9/hook"


def states(house: House) -> list[str]:
    seen: list[str] = []
    house.hub.bus.subscribe(NOTIFICATION_CHANGED, lambda event: seen.append(event.data["state"]))
    return seen


async def test_a_message_reaches_the_person(house, reachable):
    mara = await reachable()
    seen = states(house)
    told = await house.hub.notify.send("The door is open.", title="Hall", to=[mara])
    await house.settle()
    assert house.sender.sent == [Sent(URL, "Hall", "The door is open.")]
    assert seen == ["queued", "sending", "delivered"]
    (note,) = await house.hub.notify.recent()
    assert (note.id, note.title, note.message, note.urgency) == (
        told, "Hall", "The door is open.", "normal",
    )  # fmt: skip
    (delivery,) = note.deliveries
    assert (delivery.person_name, delivery.target_name, delivery.state, delivery.attempts) == (
        "Mara", "Mara's phone", "delivered", 1,
    )  # fmt: skip
    (attempt,) = await house.hub.notify.attempts(delivery.id)
    assert (attempt.outcome, attempt.seconds) == ("delivered", 0.0)


async def test_it_is_stored_before_it_is_sent(house, reachable, only):
    await reachable()
    await house.hub.notify.send("Stored.")
    assert house.sender.sent == []
    assert (await only()).state in {"queued", "sending"}


async def test_the_same_key_is_stored_and_sent_once(house, reachable):
    await reachable()
    first = await house.hub.notify.send("One.", key="run-1/step-2")
    second = await house.hub.notify.send("One.", key="run-1/step-2")
    await house.settle()
    assert first == second
    assert len(house.sender.sent) == 1
    assert len(await house.hub.notify.recent()) == 1


async def test_a_person_without_a_target_is_visible_with_what_to_do(house, only):
    await house.hub.people.add("Noah", None, "child")
    await house.hub.notify.send("Hello", to=["noah"])
    await house.settle()
    delivery = await only()
    assert delivery.state == "no_target"
    assert "Noah has no notification target yet. Add one" in delivery.reason
    assert house.hub.health.status == "warn"


async def test_roles_and_everyone_are_found(house):
    for name, role in (("Ada", "adult"), ("Ben", "child"), ("Cleo", "adult")):
        person = await house.hub.people.add(name, None, role)
        await house.hub.notify.add_target(person.id, name, "json", f"json://127.0.0.1/{name}", HUB)
    await house.hub.notify.send("adults", to=["role:adult"])
    await house.hub.notify.send("all", to=["everyone", "Ada"])
    await house.hub.notify.send("default")
    await house.settle()
    by_message: dict[str, set[str]] = {}
    for sent in house.sender.sent:
        by_message.setdefault(sent.message, set()).add(sent.url[-3:])
    assert by_message == {
        "adults": {"Ada", "leo"},
        "all": {"Ada", "Ben", "leo"},
        "default": {"Ada", "Ben", "leo"},
    }


@pytest.mark.parametrize(
    "to, part",
    [
        ("Zoe", "Nobody here is called “Zoe”. Known: Mara."),
        ("role:king", "There is no role “king”"),
    ],
)
async def test_an_unknown_receiver_is_named_with_who_is_known(house, to, part, reachable):
    await reachable()
    with pytest.raises(Invalid) as caught:
        await house.hub.notify.send("Hello", to=[to])
    assert part in str(caught.value)
    assert await house.hub.notify.recent() == []


@pytest.mark.parametrize(
    "wrong, where",
    [
        ({"message": "  "}, "message"),
        ({"message": "x" * 64_001}, "message"),
        ({"message": "x", "title": "t" * 501}, "title"),
        ({"message": "x", "urgency": "panic"}, "urgency"),
        ({"message": "x", "data": {"a": object()}}, "data"),
        ({"message": "x", "data": {"a": "y" * 64_001}}, "data"),
    ],
)
async def test_what_can_not_be_sent_is_refused_with_the_field(house, wrong, where):
    with pytest.raises(Invalid) as caught:
        await house.hub.notify.send(**wrong)
    assert caught.value.where == where


async def test_a_failure_is_tried_again_with_growing_waits(house, reachable, only):
    await reachable()
    house.sender.answers += [Outcome(False, "It is down.")] * 3
    await house.hub.notify.send("Hello")
    await house.settle()
    first = await only()
    assert (first.state, first.reason, first.attempts) == ("queued", "It is down.", 1)
    assert 1.0 <= first.next_attempt_at - house.clock.time() <= 2.0
    await house.advance(2)
    second = await only()
    assert second.attempts == 2
    last_try = (await house.hub.notify.attempts(second.id))[-1].started_at
    assert 2.0 <= second.next_attempt_at - last_try <= 4.0
    await house.advance(60)
    last = await only()
    assert (last.state, last.attempts, last.reason) == ("delivered", 4, "")
    assert [made.outcome for made in await house.hub.notify.attempts(last.id)] == [
        "failed", "failed", "failed", "delivered",
    ]  # fmt: skip


async def test_the_wait_that_a_service_asks_for_is_kept(house, reachable):
    await reachable()
    house.sender.answers.append(Outcome(False, "Too many.", after=120))
    await house.hub.notify.send("Hello")
    await house.advance(119)
    assert house.sender.sent == []
    await house.advance(1)
    assert len(house.sender.sent) == 1


async def test_a_final_failure_fails_at_once_and_can_be_tried_again(house, reachable, only):
    await reachable()
    house.sender.answers.append(Outcome(False, "The token is wrong.", final=True))
    await house.hub.notify.send("Hello")
    await house.settle()
    failed = await only()
    assert (failed.state, failed.reason, failed.attempts) == ("failed", "The token is wrong.", 1)
    assert house.hub.health.status == "warn"
    await house.hub.notify.retry(failed.id, HUB)
    await house.settle()
    assert (await only()).state == "delivered"
    with pytest.raises(Invalid, match="delivered"):
        await house.hub.notify.retry(failed.id, HUB)
    with pytest.raises(NotFound):
        await house.hub.notify.retry("nothing", HUB)


async def test_a_failure_is_in_the_audit_log_with_its_cause(house, reachable):
    mara = await reachable()
    house.sender.answers.append(Outcome(False, "The token is wrong.", final=True))
    cause = Context.new("skill", person_id=mara)
    await house.hub.notify.send("Hello", context=cause)
    await house.settle()
    await house.hub.recorder.flush()
    (line,) = [
        row
        for row in await house.hub.history.audit(house.clock.time() + 1)
        if row.kind == "notification"
    ]
    assert (line.subject, line.outcome, line.reason, line.context_id) == (
        "Mara's phone", "failed", "The token is wrong.", cause.id,
    )  # fmt: skip


async def test_it_gives_up_after_the_attempts_that_are_set(house, reachable, only):
    await reachable()
    house.sender.answers += [Outcome(False, "Down.")] * 50
    await house.hub.notify.send("Hello")
    await house.advance(hours=12)
    failed = await only()
    assert (failed.state, failed.attempts) == ("failed", house.hub.config.notify.attempts)
    assert failed.finished_at is not None


async def test_messages_to_one_target_keep_their_order_over_failures(house, reachable):
    await reachable()
    house.sender.answers.append(Outcome(False, "Down."))
    for number in range(5):
        await house.hub.notify.send(str(number))
    await house.advance(10)
    assert [sent.message for sent in house.sender.sent] == list("01234")


async def test_one_target_that_is_down_does_not_hold_up_another(house, reachable):
    await reachable("Ada", "json://127.0.0.1/ada")
    await reachable("Ben", "json://127.0.0.1/ben")
    house.sender.answers.append(Outcome(False, "Down."))
    await house.hub.notify.send("Hello")
    await house.settle()
    assert len(house.sender.sent) == 1


async def test_health_is_well_again_after_an_hour(house, reachable):
    await reachable()
    house.sender.answers.append(Outcome(False, "No.", final=True))
    await house.hub.notify.send("Hello")
    await house.settle()
    (condition,) = [c for c in house.hub.health.all() if c.part == "notifications"]
    assert (condition.status, condition.sentence) == ("warn", "1 delivery failed in the last hour.")
    await house.advance(hours=1)
    assert house.hub.health.status == "ok"


async def test_health_warns_when_the_queue_grows_old(house, reachable):
    await reachable()
    house.sender.answers.append(Outcome(False, "Later.", after=3600))
    await house.hub.notify.send("Hello")
    await house.advance(minutes=14)
    assert house.hub.health.status == "ok"
    await house.advance(minutes=1)
    assert house.hub.health.status == "warn"


async def test_the_event_carries_the_cause(house, reachable):
    mara = await reachable()
    events: list[Event] = []
    house.hub.bus.subscribe(NOTIFICATION_CHANGED, events.append)
    cause = Context.new("skill", person_id=mara)
    await house.hub.notify.send("Hello", context=cause)
    await house.settle()
    assert {event.context for event in events} == {cause}


async def test_recent_pages_and_filters(house, reachable):
    await reachable()
    for number in range(5):
        await house.hub.notify.send(str(number))
        await house.advance(1)
    newest = await house.hub.notify.recent(2)
    older = await house.hub.notify.recent(2, before=newest[-1].created_at)
    assert [note.message for note in newest + older] == ["4", "3", "2", "1"]
    assert await house.hub.notify.recent(9, state="failed") == []
    assert len(await house.hub.notify.recent(9, state="delivered")) == 5


async def test_a_delivery_without_a_target_can_be_made_once_there_is_one(house, only):
    noah = await house.hub.people.add("Noah", None, "adult")
    await house.hub.notify.send("Hello")
    delivery = await only()
    with pytest.raises(Invalid, match="Noah has no target that is turned on"):
        await house.hub.notify.retry(delivery.id, HUB)
    for name in ("Phone", "Mail"):
        await house.hub.notify.add_target(noah.id, name, "json", f"json://127.0.0.1/{name}", HUB)
    await house.hub.notify.retry(delivery.id, HUB)
    await house.settle()
    (note,) = await house.hub.notify.recent()
    assert [(made.target_name, made.state) for made in note.deliveries] == [
        ("Phone", "delivered"), ("Mail", "delivered"),
    ]  # fmt: skip


async def test_a_delivery_whose_target_was_removed_goes_to_another(house, reachable, only):
    mara = await reachable()
    house.sender.answers.append(Outcome(False, "No.", final=True))
    await house.hub.notify.send("Hello")
    await house.settle()
    (target,) = await house.hub.notify.targets(mara)
    await house.hub.notify.remove_target(target.id, HUB)
    await house.hub.notify.add_target(mara, "Mail", "json", "json://127.0.0.1/new", HUB)
    await house.hub.notify.retry((await only()).id, HUB)
    await house.settle()
    assert [sent.url for sent in house.sender.sent] == ["json://127.0.0.1/new"]


@pytest.fixture
def failing(monkeypatch):
    """The errors that the store raises, in order, before it works again."""
    errors: list[Exception] = []
    whole = store.turn

    async def turn(*arguments):
        while errors:
            raise errors.pop(0)
        return await whole(*arguments)

    monkeypatch.setattr(store, "turn", turn)
    return errors


async def test_a_store_that_fails_delays_and_loses_nothing(house, reachable, failing):
    await reachable()
    failing += [OperationalError("database or disk is full")] * 2
    await house.hub.notify.send("Hello")
    await house.settle()
    assert house.hub.health.status == "bad"
    assert "disk is full" in house.hub.health.all()[0].sentence
    await house.advance(10)
    assert len(house.sender.sent) == 1
    assert house.hub.health.status == "ok"


async def test_a_notification_that_can_not_be_stored_says_so(house, monkeypatch, reachable):
    async def put(*_):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(store, "put", put)
    await reachable()
    with pytest.raises(Retry, match="disk is full"):
        await house.hub.notify.send("Hello")


async def test_a_bug_holds_one_target_up_for_a_minute_only(house, reachable, only, failing):
    await reachable()
    failing.append(KeyError("bug"))
    await house.hub.notify.send("Hello")
    await house.settle()
    assert (await only()).state == "queued"
    await house.advance(60)
    assert (await only()).state == "delivered"


async def test_many_deliveries_share_a_few_commits(house, reachable, monkeypatch):
    turns, whole = [], store.turn

    async def turn(ends, begins, now):
        turns.append(len(ends) + len(begins))
        return await whole(ends, begins, now)

    monkeypatch.setattr(store, "turn", turn)
    for number in range(20):
        await reachable(f"Person {number}")
    await house.hub.notify.send("Hello")
    await house.settle()
    assert len(house.sender.sent) == 20
    assert sum(turns) == 40
    assert len(turns) < 12


async def test_old_notifications_are_forgotten_but_not_those_still_open(house, reachable):
    await reachable()
    await house.hub.notify.send("old")
    await house.settle()
    house.sender.answers.append(Outcome(False, "Later.", after=200 * 86_400))
    await house.hub.notify.send("old but open")
    await house.advance(hours=24 * 91 + 1)
    assert [note.message for note in await house.hub.notify.recent()] == ["old but open"]
