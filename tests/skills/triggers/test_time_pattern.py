"""At which moments a time pattern fires."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from hub.errors import Invalid
from skills.blueprints import sentence
from tests.skills.conftest import START

BERLIN = ZoneInfo("Europe/Berlin")

DOCUMENT = """
    alias: Pattern
    mode: parallel
    triggers: [{{trigger: time_pattern, {pattern}}}]
    actions: [{{event: fired}}]
"""


async def _moments(home, pattern: str, hours: float, zone: str = "UTC") -> list[str]:
    """When it fires in so many hours after 15:06:40, a Sunday."""
    await home.house.hub.home.change(time_zone=zone)
    await home.save(DOCUMENT.format(pattern=pattern))
    await home.house.advance(hours=hours)
    return [run.trigger["now"][11:19] for run in await home.runs()]


@pytest.mark.parametrize(
    "pattern, hours, moments",
    [
        ("minutes: /20", 1, ["15:20:00", "15:40:00", "16:00:00"]),
        ("minutes: '*'", 0.05, ["15:07:00", "15:08:00", "15:09:00"]),
        ("minutes: 7, seconds: 30", 2, ["15:07:30", "16:07:30"]),
        ("minutes: '05'", 1, ["16:05:00"]),
        ("hours: /8", 17, ["16:00:00", "00:00:00", "08:00:00"]),
        ("hours: 16", 24, ["16:00:00"]),
        ("hours: 16, minutes: /30", 24, ["16:00:00", "16:30:00"]),
        ("hours: '*', minutes: 0", 2, ["16:00:00", "17:00:00"]),
        ("seconds: /30", 0.02, ["15:07:00", "15:07:30"]),
        ("hours: 16, seconds: 10", 0.92, ["16:00:10", "16:01:10"]),
    ],
)
async def test_it_fires_whenever_its_pattern_fits(home, pattern, hours, moments):
    assert await _moments(home, pattern, hours) == moments


async def test_its_hours_are_those_of_the_home(home):
    assert await _moments(home, "hours: 18", 24, "Europe/Berlin") == ["18:00:00"]
    run = await home.last()
    assert run.trigger["now"].endswith("+02:00")
    assert run.trigger["description"] == "time pattern"


@pytest.mark.parametrize(
    "pattern, night, moments",
    [
        # In the night to summer time there is no hour 2, in the one back there are two of them.
        ("hours: 2", "2026-03-28", 0),
        ("hours: 2", "2026-10-24", 1),
        ("hours: '*', minutes: 0", "2026-03-28", 23),
        ("hours: '*', minutes: 0", "2026-10-24", 25),
    ],
)
async def test_a_change_of_summer_time(opens, pattern, night, moments):
    begin = datetime.fromisoformat(f"{night} 12:30").replace(tzinfo=BERLIN).timestamp()
    day = (moments if moments > 2 else 24) * 3600
    async with opens(start=begin) as home:
        found = await _moments(home, pattern, day / 3600, "Europe/Berlin")
    assert len(found) == moments


async def test_the_skill_shows_when_it_is_due_next(home):
    skill = await home.save(DOCUMENT.format(pattern="hours: '*', minutes: 10"))
    assert home.skills.get(skill.id).next_run == START + 200
    await home.house.advance(200)
    assert home.skills.get(skill.id).next_run == START + 3800


async def test_another_time_zone_is_another_moment(home):
    skill = await home.save(DOCUMENT.format(pattern="hours: 16"))
    assert home.skills.get(skill.id).next_run == START + 3200
    await home.house.hub.home.change(time_zone="Asia/Kolkata")
    assert home.skills.get(skill.id).next_run == START + 3200 + 18.5 * 3600


@pytest.mark.parametrize(
    "pattern, where",
    [
        ("minutes: 60", "/minutes"),
        ("hours: 24", "/hours"),
        ("seconds: /0", "/seconds"),
        ("seconds: /60", "/seconds"),
        ("seconds: -1", "/seconds"),
        ("minutes: 1.5", "/minutes"),
        ("minutes: yes", "/minutes"),
        ("minutes: often", "/minutes"),
        ("minutes: [1, 2]", "/minutes"),
        ("minutes: '²'", "/minutes"),
        ("days: 1", ""),
        ("hours: null", ""),
    ],
)
async def test_a_wrong_pattern_is_refused_with_its_path(home, pattern, where):
    with pytest.raises(Invalid) as error:
        await home.save(DOCUMENT.format(pattern=pattern))
    assert f"triggers/0{where}" in (error.value.where or "")


@pytest.mark.parametrize(
    "pattern, words",
    [
        ({"minutes": "/5"}, "every 5 minutes"),
        ({"minutes": "*"}, "every minute"),
        ({"hours": "/2"}, "every 2 hours"),
        ({"hours": "*", "minutes": 0}, "every hour"),
        ({"minutes": 7}, "at minute 7 of every hour"),
        ({"seconds": 30}, "at second 30 of every minute"),
        ({"hours": 7, "minutes": 5}, "every day at 07:05"),
        ({"hours": 7, "minutes": "/15"}, "every 15 minutes from 07:00 to 07:59"),
        ({"hours": "/2", "minutes": 30}, "at minute 30 of every 2nd hour"),
        ({"hours": "x"}, "its time pattern fits"),
    ],
)
def test_the_sentence_says_how_often(pattern, words):
    body = {
        "triggers": [{"trigger": "time_pattern", **pattern}],
        "actions": [{"stop": ""}],
    }
    parts = sentence.words(body, {}, {}, str)
    assert "".join(text for text, _ in parts).startswith(f"When it is time ({words}), ")
