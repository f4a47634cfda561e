from __future__ import annotations

import pytest

from hub.context import Context
from hub.errors import NotFound, Refused
from hub.notify.outcome import Outcome
from hub.testing import Sent, hub_for_test
from store import targets
from store.secrets import SecretLost

HUB = Context.new()
URL = "json://127.0.0.1:9/hook"


async def test_a_target_is_masked_and_its_secret_encrypted(house):
    mara = await house.hub.people.add("Mara", None, "adult")
    url = "ntfys://mara:correct-horse@ntfy.example.org/house"
    made = await house.hub.notify.add_target(mara.id, "Phone", "ntfy", url, HUB)
    assert made.shown == "ntfys://mara:****@ntfy.example.org/house"
    assert "correct-horse" not in repr(await house.hub.notify.targets(mara.id))


async def test_a_target_can_be_turned_off_changed_and_removed(house, reachable, only):
    mara = await reachable()
    notify = house.hub.notify
    (target,) = await notify.targets(mara)
    await notify.update_target(target.id, HUB, enabled=False)
    await notify.send("Off")
    assert (await only()).state == "no_target"
    changed = await notify.update_target(
        target.id, HUB, enabled=True, name="New", url="json://127.0.0.2:9/x"
    )
    assert (changed.name, changed.shown) == ("New", "json://127.0.0.2:9/…")
    house.sender.answers.append(Outcome(False, "Down."))
    await notify.send("Waits")
    await house.settle()
    await notify.remove_target(target.id, HUB)
    note = (await notify.recent(1))[0]
    assert (note.deliveries[0].state, note.deliveries[0].reason) == (
        "failed", "The target was removed before the message was delivered.",
    )  # fmt: skip
    assert await notify.targets(mara) == []


async def test_a_new_address_is_tried_at_once(house, reachable):
    mara = await reachable()
    (target,) = await house.hub.notify.targets(mara)
    house.sender.answers.append(Outcome(False, "Down.", after=3600))
    await house.hub.notify.send("Hello")
    await house.settle()
    await house.hub.notify.update_target(target.id, HUB, url="json://127.0.0.1:10/")
    await house.settle()
    assert [sent.url for sent in house.sender.sent] == ["json://127.0.0.1:10/"]


async def test_others_targets_need_the_permission(house, reachable):
    mara = await reachable()
    ben = await house.hub.people.add("Ben", None, "adult")
    mine, other = Context.new("person", person_id=mara), Context.new("person", person_id=ben.id)
    (target,) = await house.hub.notify.targets(mara)
    with pytest.raises(Refused):
        await house.hub.notify.add_target(mara, "x", "json", URL, other)
    with pytest.raises(Refused):
        await house.hub.notify.remove_target(target.id, other)
    with pytest.raises(Refused):
        await house.hub.notify.test_target(target.id, other)
    assert (await house.hub.notify.test_target(target.id, mine)).ok
    with pytest.raises(NotFound):
        await house.hub.notify.remove_target("nothing", HUB)


async def test_a_test_message_says_from_where(house):
    assert (await house.hub.notify.test_url(URL, "Elm Street")).ok
    assert house.sender.sent == [
        Sent(URL, "A test from Elm Street", "It works: notifications from Elm Street arrive here.")
    ]


async def test_the_address_goes_with_the_person(tmp_path):
    async with hub_for_test(parts=(), folder=tmp_path) as house:
        await house.owner()
        ben = await house.hub.people.add("Ben", None, "adult")
        await house.hub.notify.add_target(ben.id, "Phone", "json", URL, HUB)
        secret_id = (await targets.all_of([ben.id]))[0].secret_id
        await house.hub.people.remove(ben.id)
        assert await targets.all_of() == []
    async with hub_for_test(parts=(), folder=tmp_path) as house:
        with pytest.raises(SecretLost):
            await house.hub.secrets.get(secret_id)
