"""Sunrise and sunset: the trigger, the condition, and what is said without the home's place."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hub.errors import Invalid
from hub.events import Event
from hub.home import Home
from skills import sun
from skills.blueprints import sentence
from tests.skills.conftest import START

DOCUMENT = """
    alias: Sun
    mode: parallel
    triggers: [{{trigger: sun, {options}}}]
    actions: [{{event: fired}}]
"""
BERLIN = (52.52, 13.405)


async def _fired(home, options: str, days: float = 1.0) -> list[str]:
    """At which times (UTC, without seconds) it fires in so many days after 2025-06-15 15:06."""
    await home.house.hub.home.move(*BERLIN)
    await home.save(DOCUMENT.format(options=options))
    await home.house.advance(hours=24 * days)
    return [run.trigger["now"][:16] for run in await home.runs()]


# Sunrise and sunset in Berlin on these days: 04:43 and 21:31 of its summer time (UTC+2).
@pytest.mark.parametrize(
    "options, fired",
    [
        ("event: sunset", ["2025-06-15T19:30"]),
        ("event: sunrise", ["2025-06-16T02:43"]),
        ('event: sunset, offset: "-01:00:00"', ["2025-06-15T18:30"]),
        ("event: sunset, offset: {hours: -5}", ["2025-06-16T14:31"]),
        ("event: sunset, offset: 1800", ["2025-06-15T20:00"]),
        ('event: sunrise, offset: "+00:10"', ["2025-06-16T02:53"]),
    ],
)
async def test_the_trigger_fires_when_the_sun_does(home, options, fired):
    assert await _fired(home, options) == fired


async def test_it_fires_every_day_and_says_for_what(home):
    found = await _fired(home, 'event: sunset, offset: "-00:30:00"', days=2)
    assert [moment[:10] for moment in found] == ["2025-06-15", "2025-06-16"]
    run = await home.last()
    assert run.trigger["event"] == "sunset"
    assert run.trigger["offset"] == "-00:30:00"
    assert run.trigger["description"] == "30 minutes before sunset"


async def test_a_sunset_that_was_missed_is_made_up_for(opens, tmp_path):
    sunset = datetime(2025, 6, 15, 19, 30, 57, tzinfo=UTC).timestamp()
    async with opens(tmp_path / "one", sunset - 60) as home:
        await home.house.hub.home.move(*BERLIN)
        await home.save(DOCUMENT.format(options="event: sunset"))
    async with opens(tmp_path / "one", sunset + 300) as home:
        run = await home.last()
        assert run.trigger["description"].startswith("sunset, missed at 2025-06-15 19:30:5")


async def test_without_a_place_it_is_told_what_to_do_and_works_once_that_is_done(home):
    skill = await home.save(DOCUMENT.format(options="event: sunset"))
    (found,) = home.skills.get(skill.id).findings
    assert (found.level, found.path) == ("error", "triggers/0")
    assert found.line == 4
    assert "latitude" in (found.remedy or "")
    assert home.skills.get(skill.id).next_run is None
    await home.house.hub.home.move(*BERLIN)
    info = home.skills.get(skill.id)
    assert info.findings == []
    assert info.next_run is not None
    assert round((info.next_run - START) / 60) == 264


async def test_a_condition_in_a_step_is_found_too(home):
    found = home.skills.check("""
alias: Sun
actions:
  - if: [{condition: sun, after: sunset}]
    then: [{event: fired}]
""")
    assert [one.path for one in found] == ["actions/0/if/0"]


@pytest.mark.parametrize(
    "options, where",
    [
        ("event: noon", "triggers/0/event"),
        ("offset: 5", "triggers/0"),
        ("event: sunset, offset: late", "triggers/0/offset"),
        ("event: sunset, when: now", "triggers/0/when"),
    ],
)
async def test_a_wrong_trigger_is_refused_with_its_path(home, options, where):
    with pytest.raises(Invalid) as error:
        await home.save(DOCUMENT.format(options=options))
    assert where in (error.value.where or "")


DARK, LIGHT = ["01:00", "22:00"], ["04:00", "12:00"]
# In Berlin on 2025-06-15 the sun rises at 02:43 and sets at 19:30 UTC.


@pytest.mark.parametrize(
    "options, holds",
    [
        ({"after": "sunset"}, ["22:00"]),
        ({"before": "sunset"}, ["01:00", "04:00", "12:00"]),
        ({"after": "sunrise"}, ["04:00", "12:00", "22:00"]),
        ({"before": "sunrise"}, ["01:00"]),
        ({"after": "sunset", "before": "sunrise"}, DARK),
        ({"after": "sunrise", "before": "sunset"}, LIGHT),
        ({"before": "sunrise", "before_offset": "02:00:00"}, ["01:00", "04:00"]),
        ({"after": "sunset", "after_offset": "-08:00:00"}, ["12:00", "22:00"]),
        ({"after": "sunset", "before": "sunset", "before_offset": 7200}, []),
        ({"after": "sunset", "before": "sunset", "before_offset": {"hours": 3}}, ["22:00"]),
    ],
)
async def test_the_condition_holds_by_the_sun_of_the_day(opens, options, holds):
    found = []
    for at in sorted(DARK + LIGHT):
        begin = datetime.fromisoformat(f"2025-06-15T{at}:00+00:00").timestamp()
        async with opens(start=begin) as home:
            await home.house.hub.home.move(*BERLIN)
            condition = {"condition": "sun", **options}
            run = await home.try_steps(f"- condition: and\n  conditions: [{condition}]\n")
            found += [at] * (run.state == "finished")
    assert found == holds


async def test_the_condition_says_how_it_is(home):
    await home.house.hub.home.change(time_zone="Europe/Berlin")
    await home.house.hub.home.move(*BERLIN)
    await home.save("""
        alias: Sun
        triggers: [{trigger: event, event_type: go}]
        conditions: [{condition: sun, after: sunset, after_offset: "-00:30:00"}]
        actions: []
    """)
    home.house.hub.bus.publish(Event("go", {}, START, home.context))
    await home.house.settle()
    run = await home.last()
    assert run.state == "did_not_start"
    assert run.reason == "It is 17:06, not after 30 minutes before sunset (21:00)."


async def test_the_condition_without_a_place_does_not_hold_and_says_why(home):
    await home.save("""
        alias: Sun
        triggers: [{trigger: event, event_type: go}]
        conditions: [{condition: sun, after: sunset}]
        actions: []
    """)
    home.house.hub.bus.publish(Event("go", {}, START, home.context))
    await home.house.settle()
    run = await home.last()
    assert run.state == "did_not_start"
    assert "where the home is" in run.reason


@pytest.mark.parametrize(
    "options, where",
    [
        ("", "conditions/0"),
        ("after: noon", "conditions/0/after"),
        ("after: sunset, after_offset: late", "conditions/0/after_offset"),
        ("after: sunset, before_offset: 5", "conditions/0/before_offset"),
        ("after: sunset, at: 5", "conditions/0/at"),
    ],
)
async def test_a_wrong_condition_is_refused_with_its_path(home, options, where):
    with pytest.raises(Invalid) as error:
        await home.save(f"""
            alias: Sun
            conditions: [{{condition: sun, {options}}}]
            actions: []
        """)
    assert where in (error.value.where or "")


async def test_in_the_polar_day_the_next_sunset_is_weeks_away(home):
    await home.house.hub.home.move(78.2, 15.6)
    where = home.house.hub.home
    due = sun.next_after("sunset", START, 0.0, where)
    assert due is not None
    assert datetime.fromtimestamp(due, UTC).date().isoformat()[:7] == "2025-08"
    assert sun.today("sunset", START, where) is None


@pytest.mark.parametrize("longitude", [-179.9, -90.0, 0.0, 90.0, 179.9])
async def test_the_sun_rises_once_a_day_all_round_the_world(home, longitude):
    place: Home = home.house.hub.home
    await place.move(10.0, longitude)
    moment, days = START, []
    for _ in range(400):
        due = sun.next_after("sunrise", moment, 0.0, place)
        assert due is not None
        days.append(due - moment)
        moment = due
    assert max(days[1:]) - min(days[1:]) < 120
    assert abs(sum(days[1:]) / 399 - 86_400) < 10


@pytest.mark.parametrize(
    "trigger, condition, words",
    [
        ({"event": "sunset"}, {"after": "sunrise"},
         "When it is sunset, and only if it is after sunrise, "),
        ({"event": "sunset", "offset": "-00:30:00"}, {"after": "sunset", "before": "sunrise"},
         "When it is 30 minutes before sunset, and only if it is after sunset or before sunrise, "),
        ({"event": "sunrise", "offset": 60}, {"before": "sunset", "before_offset": "01:00:00"},
         "When it is 1 minute after sunrise, and only if it is before 1 hour after sunset, "),
        ({"event": "sunrise", "offset": "x"}, {"before": "sunset", "before_offset": 0},
         "When it is sunrise, moved by x, and only if it is before sunset, "),
    ],
)  # fmt: skip
def test_the_sentence_speaks_of_the_sun(trigger, condition, words):
    body = {
        "triggers": [{"trigger": "sun", **trigger}],
        "conditions": [{"condition": "sun", **condition}],
        "actions": [{"stop": ""}],
    }
    found = "".join(text for text, _ in sentence.words(body, {}, {}, str))
    assert found.startswith(words)
