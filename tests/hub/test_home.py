from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from hub.errors import Invalid
from hub.home import Home, Place
from hub.testing import House
from store import settings


async def test_a_home_begins_with_sensible_settings() -> None:
    home = Home()
    assert (home.name, home.time_zone, home.language) == ("Home", "UTC", "en")
    assert home.place is None
    assert not home.setup_done
    assert home.zone is UTC


async def test_what_people_chose_is_remembered(house: House) -> None:
    await house.hub.home.change(
        name=" Linden 12 ", time_zone="Europe/Berlin", language="zh-Hans", setup_done=True
    )
    await house.hub.home.put("page.order", ["a", {"b": None}])
    again = Home()
    await again.load()
    assert (again.name, again.time_zone, again.language) == (
        "Linden 12",
        "Europe/Berlin",
        "zh-Hans",
    )
    assert again.setup_done
    assert again.zone == ZoneInfo("Europe/Berlin")
    assert again.get("page.order") == ["a", {"b": None}]
    assert again.get("nothing", 5) == 5


@pytest.mark.parametrize(
    "change",
    [
        {"name": " "},
        {"name": "x" * 61},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../etc"},
        {"language": "xx"},
    ],
)
async def test_a_wrong_value_is_refused_with_its_field(
    house: House, change: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as caught:
        await house.hub.home.change(**change)  # type: ignore[arg-type]  # one text field
    assert caught.value.where == next(iter(change))
    assert (house.hub.home.name, house.hub.home.time_zone) == ("Home", "UTC")


async def test_a_time_zone_that_the_machine_lost_does_not_stop_the_start(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await settings.put("home.time_zone", "Mars/Olympus")
    await house.hub.home.load()
    assert house.hub.home.zone is UTC
    assert "Mars/Olympus" in caplog.text


async def test_integrations_see_the_homes_time(house: House) -> None:
    await house.hub.home.change(time_zone="Asia/Shanghai")
    assert house.face.now().hour == (house.clock.now().hour + 8) % 24
    assert house.face.now() == house.clock.now()


async def test_where_it_is_is_remembered(house: House) -> None:
    home = house.hub.home
    told: list[Place | None] = []
    end = home.on_change(lambda: told.append(home.place))
    await home.move("52,52", " 13.405 ", "34")
    assert home.place == Place(52.52, 13.405, 34.0)
    again = Home()
    await again.load()
    assert again.place == home.place
    await home.move("", "")
    end()
    await home.move(0, 0)
    assert told == [Place(52.52, 13.405, 34.0), None]
    assert home.place == Place(0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    "given, where",
    [
        (("91", "0"), "latitude"),
        (("", "13"), "latitude"),
        (("here", "13"), "latitude"),
        (("nan", "13"), "latitude"),
        (("52", ""), "longitude"),
        (("52", "-180.1"), "longitude"),
        (("52", "inf"), "longitude"),
        (("52", "13", "high"), "elevation"),
    ],
)
async def test_a_wrong_place_is_refused_with_its_field(
    house: House, given: tuple[str, ...], where: str
) -> None:
    with pytest.raises(Invalid) as caught:
        await house.hub.home.move(*given)
    assert caught.value.where == where
    assert house.hub.home.place is None
