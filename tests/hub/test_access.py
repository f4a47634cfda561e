from __future__ import annotations

import pytest

from hub.access import ROLE_WORDS, ROLES, People, hash_password
from hub.clock import ManualClock
from hub.context import Context
from hub.errors import Invalid, NotFound, Refused
from hub.testing import House

PASSWORD = "correct horse battery"


@pytest.fixture
def people(house: House) -> People:
    return house.hub.people


async def test_everybody_is_remembered(people: People) -> None:
    mara = await people.add("Mara", None, "owner", language="zh-Hans", time_zone="Europe/Berlin")
    await people.load()
    assert people.all() == [mara]
    assert people.get(mara.id) == mara
    assert people.get("nobody") is None


async def test_a_person_is_found_by_name_sign_in_name_or_id(people: People) -> None:
    mara = await people.add("Mara Lindqvist", None, "owner", sign_in_name="Mara")
    assert people.find(" mara ") == mara
    assert people.find("MARA LINDQVIST") == mara
    assert people.find(mara.id) == mara
    with pytest.raises(NotFound, match="Nobody here is called “Zoe”") as caught:
        people.find("Zoe")
    assert caught.value.remedy == "Known: Mara Lindqvist."


async def test_a_sign_in_name_is_used_once(people: People) -> None:
    await people.add("Mara", None, "owner")
    with pytest.raises(Invalid, match="already the sign-in name") as caught:
        await people.add(" mara ", None)
    assert caught.value.where == "name"


@pytest.mark.parametrize(
    "name, role, where",
    [("", "adult", "name"), ("x" * 121, "adult", "name"), ("A", "king", "role")],
)
async def test_a_person_needs_a_name_and_a_known_role(
    people: People, name: str, role: str, where: str
) -> None:
    with pytest.raises(Invalid) as caught:
        await people.add(name, None, role)
    assert caught.value.where == where
    assert people.all() == []


@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaa", "mara lindqvist", "x" * 513])
def test_a_weak_password_is_refused(weak: str) -> None:
    with pytest.raises(Invalid) as caught:
        hash_password(weak, "Mara Lindqvist")
    assert caught.value.where == "password"


async def test_signing_in_needs_the_right_password(people: People) -> None:
    mara = await people.add("Mara", PASSWORD, "owner")
    assert people.verify(" MARA ", PASSWORD) == mara
    assert people.verify("mara", PASSWORD + "!") is None
    assert people.verify("zoe", PASSWORD) is None
    assert mara.password_hash is not None
    assert mara.password_hash.startswith("$argon2id$")


async def test_who_is_disabled_or_has_no_password_can_not_sign_in(people: People) -> None:
    await people.add("Mara", PASSWORD, "owner")
    lina = await people.add("Lina", PASSWORD, "child")
    await people.add("Guest", None, "guest")
    await people.change(lina.id, disabled=True)
    assert people.verify("lina", PASSWORD) is None
    assert people.verify("guest", "") is None


@pytest.mark.parametrize(
    "role, permission, expected",
    [
        ("owner", "hub.manage_system", True),
        ("adult", "lock.unlock", True),
        ("adult", "hub.manage_people", False),
        ("adult", "hub.manage_integrations", False),
        ("child", "light.turn_on", True),
        ("child", "lock.unlock", False),
        ("child", "hub.manage_skills", False),
        ("guest", "light.turn_on", True),
        ("guest", "switch.turn_on", False),
        ("guest", "hub.see", True),
    ],
)
async def test_a_role_allows_and_denies(
    people: People, role: str, permission: str, expected: bool
) -> None:
    person = await people.add("Somebody", None, role)
    assert people.may(person.id, permission) is expected


def test_every_role_is_explained() -> None:
    assert ROLE_WORDS.keys() == ROLES.keys()


async def test_own_limits_overrule_the_role_and_the_last_match_decides(people: People) -> None:
    lina = await people.add("Lina", None, "child")
    limits = [
        {"permission": "light.*", "allow": False},
        {"permission": "light.*", "entity": "light.kids_*"},
    ]
    await people.change(lina.id, limits=limits)
    assert people.may(lina.id, "light.turn_on", ["light.kids_room"])
    assert not people.may(lina.id, "light.turn_on", ["light.kids_room", "light.hall"])
    assert people.may(lina.id, "switch.turn_on")


async def test_limits_hold_again_at_once_when_they_change(people: People) -> None:
    lina = await people.add("Lina", None, "child")
    assert people.may(lina.id, "light.turn_on")
    await people.change(lina.id, limits=[{"permission": "*", "allow": False}])
    assert not people.may(lina.id, "light.turn_on")


async def test_limits_that_make_no_sense_are_refused(people: People) -> None:
    lina = await people.add("Lina", None, "child")
    with pytest.raises(Invalid) as caught:
        await people.change(lina.id, limits=[{"allow": "perhaps"}])
    assert caught.value.where == "limits"


async def test_the_hub_itself_has_no_limits_and_a_stranger_no_rights(people: People) -> None:
    assert people.may(None, "lock.unlock")
    assert not people.may("nobody", "hub.see")


async def test_who_may_not_is_told_so_by_name(people: People) -> None:
    lina = await people.add("Lina", None, "child")
    with pytest.raises(Refused, match=r"Lina may not do lock.unlock on lock.front_door") as caught:
        people.require(Context.new(person_id=lina.id), "lock.unlock", ["lock.front_door"])
    assert caught.value.culprit == "lock.unlock"


async def test_the_hub_always_keeps_an_owner(people: People) -> None:
    mara = await people.add("Mara", None, "owner")
    for change in ({"role": "adult"}, {"disabled": True}):
        with pytest.raises(Invalid, match="needs an owner"):
            await people.change(mara.id, **change)
    with pytest.raises(Invalid, match="needs an owner"):
        await people.remove(mara.id)
    jonas = await people.add("Jonas", None, "owner")
    await people.remove(mara.id)
    assert people.owner == jonas


async def test_a_person_can_change_their_name_but_not_to_a_used_or_empty_one(
    people: People,
) -> None:
    await people.add("Mara", None, "owner")
    jonas = await people.add("Jonas", None)
    changed = await people.change(jonas.id, name=" Jo ", sign_in_name=" JO ")
    assert (changed.name, changed.sign_in_name) == ("Jo", "jo")
    for wrong in ({"sign_in_name": "MARA"}, {"name": " "}, {"role": "king"}):
        with pytest.raises(Invalid):
            await people.change(jonas.id, **wrong)
    await people.load()
    assert people.get(jonas.id) == changed


async def test_changing_or_removing_somebody_who_is_gone_says_so(people: People) -> None:
    with pytest.raises(NotFound):
        await people.change("gone", name="X")
    with pytest.raises(NotFound):
        await people.remove("gone")


async def test_a_token_opens_until_it_ends(house: House, people: People) -> None:
    mara = await people.add("Mara", None, "owner")
    text, row = await people.make_token(mara.id, "phone", lasts=3600)
    assert text.startswith("hearth_")
    assert text not in repr(row)
    assert await people.by_token(text) == mara
    await house.advance(3600)
    assert await people.by_token(text) is None
    assert await people.by_token("hearth_wrong") is None


async def test_a_token_is_remembered_with_its_last_use(house: House, people: People) -> None:
    mara = await people.add("Mara", None, "owner")
    text, _ = await people.make_token(mara.id, "  ")
    await house.advance(100)
    await people.by_token(text)
    await people.load()
    (row,) = people.tokens_of(mara.id)
    assert (row.name, row.used_at) == ("token", house.clock.time())


async def test_a_token_ends_with_its_person_and_when_it_is_revoked(people: People) -> None:
    await people.add("Mara", None, "owner")
    jonas = await people.add("Jonas", None)
    first, row = await people.make_token(jonas.id, "one")
    second, _ = await people.make_token(jonas.id, "two")
    await people.revoke_token(jonas.id, row.id)
    assert await people.by_token(first) is None
    with pytest.raises(NotFound):
        await people.revoke_token(jonas.id, row.id)
    await people.change(jonas.id, disabled=True)
    assert await people.by_token(second) is None
    await people.remove(jonas.id)
    await people.load()
    assert people.tokens_of(jonas.id) == []


def test_nobody_is_known_before_loading() -> None:
    assert People(ManualClock()).owner is None
