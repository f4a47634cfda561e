"""The first visit, step by step."""

from __future__ import annotations

import asyncio

import pytest

from hub.testing import House
from tests.web.conftest import PASSWORD, Visitor

ACCOUNT = {"name": "Mara Lindqvist", "sign_in_name": "mara", "password": PASSWORD}
HOME = {"home_name": "Linden 12", "time_zone": "Europe/Berlin", "language": "en"}


@pytest.fixture
async def first(house: House, visitor: Visitor) -> Visitor:
    """Somebody who has just opened the printed link."""
    await visitor.get(f"/setup?token={house.hub.setup_token}")
    return visitor


@pytest.fixture
async def named(house: House, first: Visitor) -> Visitor:
    """The owner, after the first step."""
    await first.send("/setup/account", {**ACCOUNT, "token": house.hub.setup_token})
    await first.get("/setup/home")
    return first


async def test_without_the_printed_link_nothing_can_be_set_up(visitor: Visitor) -> None:
    closed = await visitor.get("/setup")
    wrong = await visitor.get("/setup?token=guess")
    taken = await visitor.send("/setup/account", {**ACCOUNT, "token": "guess"})
    assert [closed.status_code, wrong.status_code, taken.status_code] == [403, 403, 403]
    assert "no longer valid" in wrong.text


async def test_before_there_is_an_owner_signing_in_tells_how_to_begin(visitor: Visitor) -> None:
    away = await visitor.get("/")
    page = await visitor.get(away.headers["location"])
    assert "waits for its owner" in page.text
    assert "Your new hub" in page.text


async def test_the_token_is_in_no_page_but_its_own(visitor: Visitor, house: House) -> None:
    page = await visitor.get("/setup")
    assert house.hub.setup_token not in page.text


async def test_the_owner_is_made_and_signed_in(house: House, first: Visitor) -> None:
    answer = await first.send("/setup/account", {**ACCOUNT, "token": house.hub.setup_token})
    assert (answer.status_code, answer.headers["location"]) == (303, "/setup/home")
    owner = house.hub.people.owner
    assert owner
    assert (owner.name, owner.sign_in_name, owner.role) == ("Mara Lindqvist", "mara", "owner")
    assert (await first.get("/setup/home")).status_code == 200


async def test_two_at_once_make_one_owner(house: House, first: Visitor, other: Visitor) -> None:
    token = house.hub.setup_token
    await other.get(f"/setup?token={token}")
    await asyncio.gather(
        first.send("/setup/account", {**ACCOUNT, "token": token}),
        other.send("/setup/account", {**ACCOUNT, "sign_in_name": "eve", "token": token}),
    )
    assert len(house.hub.people.all()) == 1


@pytest.mark.parametrize(
    "wrong, sentence",
    [
        ({"name": " "}, "Tell the hub your name."),
        ({"sign_in_name": ""}, "Choose a name to sign in with"),
        ({"password": ""}, "Choose a password."),
        ({"password": "Tulp-9x"}, "at least 10 characters"),
        ({"password": "sommer2024"}, "among the first that are guessed"),
        ({"name": "N" * 200}, "1 to 120 characters"),
    ],
)
async def test_a_wrong_account_comes_back_with_a_sentence_beside_the_field(
    house: House, first: Visitor, wrong: dict[str, str], sentence: str
) -> None:
    field = next(iter(wrong))
    values = {**ACCOUNT, "token": house.hub.setup_token, **wrong}
    answer = await first.send("/setup/account", values)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'aria-describedby="{field}-error" autofocus' in answer.text
    assert house.hub.people.owner is None


async def test_nothing_typed_is_lost_but_the_password_is_not_sent_back(
    house: House, first: Visitor
) -> None:
    values = {**ACCOUNT, "name": '<Mara "M">', "sign_in_name": "", "token": house.hub.setup_token}
    answer = await first.send("/setup/account", values)
    assert "&lt;Mara &#34;M&#34;&gt;" in answer.text
    assert PASSWORD not in answer.text


async def test_htmx_gets_the_step_alone(house: House, first: Visitor) -> None:
    htmx = {"HX-Request": "true", "HX-Request-Type": "partial"}
    values = {**ACCOUNT, "name": "", "token": house.hub.setup_token}
    answer = await first.send("/setup/account", values, htmx)
    assert answer.status_code == 422
    assert "<html" not in answer.text
    assert answer.text.lstrip().startswith("<form")


@pytest.mark.parametrize(
    "password, words",
    [("abc", "Too short: 7 more."), ("password123", "guessed"), (PASSWORD, "Good.")],
)
async def test_the_password_is_judged_while_it_is_typed(
    first: Visitor, password: str, words: str
) -> None:
    answer = await first.send("/setup/account/password", {"password": password})
    assert words in answer.text
    assert 'id="strength"' in answer.text


async def test_the_home_gets_its_name_zone_and_language(house: House, named: Visitor) -> None:
    answer = await named.send("/setup/home", {**HOME, "language": "zh-Hans"})
    home, owner = house.hub.home, house.hub.people.owner
    assert answer.headers["location"] == "/setup/address"
    assert (home.name, home.time_zone, home.language) == ("Linden 12", "Europe/Berlin", "zh-Hans")
    assert owner
    assert (owner.time_zone, owner.language) == ("Europe/Berlin", "zh-Hans")


@pytest.mark.parametrize(
    "typed, zone",
    [
        ("europe/berlin", "Europe/Berlin"),
        ("New York", "America/New_York"),
        (" shanghai ", "Asia/Shanghai"),
        ("utc", "UTC"),
    ],
)
async def test_a_time_zone_may_be_typed_as_people_type(
    house: House, named: Visitor, typed: str, zone: str
) -> None:
    await named.send("/setup/home", {**HOME, "time_zone": typed})
    assert house.hub.home.time_zone == zone


@pytest.mark.parametrize(
    "wrong, sentence",
    [
        ({"home_name": ""}, "Give your home a name."),
        ({"home_name": "x" * 61}, "1 to 60 characters"),
        ({"time_zone": ""}, "Choose your time zone"),
        ({"time_zone": "Atlantis"}, "There is no time zone “Atlantis”."),
        ({"language": "tlh"}, "The language “tlh” is not there yet."),
    ],
)
async def test_a_wrong_home_comes_back_with_a_sentence_beside_the_field(
    house: House, named: Visitor, wrong: dict[str, str], sentence: str
) -> None:
    answer = await named.send("/setup/home", {**HOME, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'id="{next(iter(wrong))}-error"' in answer.text
    assert house.hub.home.name != "Linden 12"


async def test_the_address_step_lists_where_the_hub_is(named: Visitor) -> None:
    page = await named.get("/setup/address")
    assert "http://hub.local:8321" in page.text
    assert "You are here" in page.text


async def test_trouble_with_the_name_is_said(house: House, named: Visitor) -> None:
    house.hub.health.report("mdns", "warn", "hub.local is taken.", "Another hub has it.")
    page = await named.get("/setup/address")
    assert "hub.local is taken." in page.text


@pytest.mark.parametrize("step", ["home", "address", "notify"])
async def test_later_steps_are_the_owners_alone(
    house: House, named: Visitor, other: Visitor, step: str
) -> None:
    await house.hub.people.add("Jonas", PASSWORD, "adult")
    stranger = await other.get(f"/setup/{step}")
    begin = await other.get(stranger.headers["location"])
    await other.sign_in("jonas")
    adult = await other.get(f"/setup/{step}")
    assert begin.headers["location"] == "/signin"
    assert adult.headers["location"] == "/setup"
    assert (await other.get("/setup")).headers["location"] == "/"


async def test_the_owner_comes_back_to_where_the_set_up_was_left(
    house: House, named: Visitor
) -> None:
    token = house.hub.setup_token
    again = await named.get(f"/setup?token={token}")
    assert again.headers["location"] == "/setup/home"


async def test_afterwards_the_printed_link_leads_home(house: House, owner: Visitor) -> None:
    token = house.hub.setup_token
    answers = [await owner.get(p) for p in (f"/setup?token={token}", "/setup/account")]
    assert [answer.headers["location"] for answer in answers] == ["/", "/"]
    await owner.get("/nowhere")
    judged = await owner.send("/setup/account/password", {"password": "x"})
    assert judged.status_code == 404
