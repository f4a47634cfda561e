"""Where the home is, on its page of the settings."""

from __future__ import annotations

import pytest

from hub.home import Place
from hub.testing import House
from tests.web.conftest import Visitor

HOME = {"name": "Linden 12", "time_zone": "Europe/Berlin", "language": "en"}


@pytest.fixture(autouse=True)
async def opened(owner: Visitor) -> None:
    await owner.get("/settings/home")


async def test_the_place_of_the_home_is_kept_and_shown(owner: Visitor, house: House) -> None:
    place = {"latitude": "52.520008", "longitude": "13.404954", "elevation": ""}
    answer = await owner.send("/settings/home", HOME | place)

    assert answer.status_code == 200
    assert house.hub.home.place == Place(52.520008, 13.404954, 0.0)
    assert 'value="13.404954"' in (await owner.get("/settings/home")).text


async def test_an_emptied_place_is_forgotten_and_one_that_was_not_sent_stays(
    owner: Visitor, house: House
) -> None:
    await house.hub.home.move(52.5, 13.4)
    await owner.send("/settings/home", HOME)
    kept = house.hub.home.place
    await owner.send("/settings/home", HOME | {"latitude": "", "longitude": "", "elevation": ""})

    assert kept == Place(52.5, 13.4)
    assert house.hub.home.place is None


async def test_a_wrong_place_is_told_beside_its_field(owner: Visitor, house: House) -> None:
    place = {"latitude": "here", "longitude": "13.4", "elevation": ""}
    answer = await owner.send("/settings/home", HOME | place)

    assert answer.status_code == 422
    assert 'id="latitude-error"' in answer.text
    assert 'value="here"' in answer.text
    assert house.hub.home.place is None
