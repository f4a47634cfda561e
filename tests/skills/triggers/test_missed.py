"""What becomes of the moments that a time trigger missed while the hub was off."""

from __future__ import annotations

import pytest

from hub.errors import Invalid
from skills.document import Problems, parse
from skills.missed import latest
from store import settings
from tests.skills.conftest import START

# START is 15:06:40.
DAILY = """
    alias: Daily
    mode: parallel
    {missed}
    triggers: [{{trigger: time, at: "15:10", id: daily}}]
    actions: [{{event: fired}}]
"""
PATTERN = """
    alias: Pattern
    mode: parallel
    {missed}
    triggers: [{{trigger: time_pattern, minutes: /2}}]
    actions: [{{event: fired}}]
"""


async def _after(opens, folder, document: str, off: float, crash: bool = False) -> list[str]:
    """At which times a skill ran when the hub was off from START + 10 on, for `off` seconds."""
    async with opens(folder / "one") as home:
        await home.save(document)
        await home.house.advance(10)
        home.snapshot(folder / "two")
    async with opens(folder / ("two" if crash else "one"), START + 10 + off) as home:
        await home.house.advance(1)
        return [run.trigger["now"][11:16] for run in await home.runs("finished")]


@pytest.mark.parametrize(
    "missed, off, ran",
    [
        ("", 300, ["15:10"]),
        ("", 789, ["15:10"]),
        ("", 800, []),
        ("", 100, []),
        ("missed_run: once", 300, ["15:10"]),
        ("missed_run: all", 300, ["15:10"]),
        ("missed_run: skip", 300, []),
        ('missed_run: {once: {within: "01:00:00"}}', 3600, ["15:10"]),
        ('missed_run: {once: {within: "01:00:00"}}', 3900, []),
        ("missed_run: {once: {within: {minutes: 1}}}", 300, []),
        ("missed_run: {all: {within: {days: 3}}}", 2.5 * 86_400, ["15:10"] * 3),
        ("missed_run: {once: {within: {days: 3}}}", 2.5 * 86_400, ["15:10"]),
    ],
)
async def test_a_time(opens, tmp_path, missed, off, ran):
    assert await _after(opens, tmp_path, DAILY.format(missed=missed), off) == ran


@pytest.mark.parametrize(
    "missed, off, ran",
    [
        ("", 300, ["15:10"]),
        ("missed_run: all", 300, ["15:08", "15:10"]),
        ("missed_run: all", 800, ["15:12", "15:14", "15:16", "15:18", "15:20"]),
        ("missed_run: skip", 300, []),
    ],
)
async def test_a_pattern(opens, tmp_path, missed, off, ran):
    assert await _after(opens, tmp_path, PATTERN.format(missed=missed), off) == ran


async def test_a_crash_is_like_a_stop(opens, tmp_path):
    assert await _after(opens, tmp_path, DAILY.format(missed=""), 300, crash=True) == ["15:10"]


async def test_the_trace_says_that_it_was_missed_and_when(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        await home.save(DAILY.format(missed=""))
    async with opens(tmp_path / "one", START + 300) as home:
        run = await home.last()
        assert run.trigger["description"] == (
            "time, missed at 2025-06-15 15:10:00 while the hub was off"
        )
        assert (run.trigger["id"], run.trigger["missed"]) == ("daily", True)
        assert run.started_at == START + 300
        assert run.state == "finished"


async def test_what_it_ran_for_just_before_a_crash_was_not_missed(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        await home.save(DAILY.format(missed=""))
        await home.house.advance(205)
        assert len(await home.runs()) == 1
        home.snapshot(tmp_path / "two")
    # The hub was last known to be alive before 15:10.
    async with opens(tmp_path / "two", START + 300) as home:
        assert len(await home.runs()) == 1


async def test_a_skill_that_was_saved_after_that_moment_missed_nothing(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        await home.house.advance(195)
        home.house.hub.clock.stop()
        await home.house.advance(30)
        await home.save(DAILY.format(missed=""))
        home.snapshot(tmp_path / "two")
    async with opens(tmp_path / "two", START + 300) as home:
        assert await home.runs() == []


async def test_its_conditions_are_asked(opens, tmp_path):
    document = DAILY.format(missed='conditions: [\'{{ is_state("light.b", "on") }}\']')
    async with opens(tmp_path / "one") as home:
        await home.save(document)
    async with opens(tmp_path / "one", START + 300) as home:
        run = await home.last()
        assert run.state == "did_not_start"


async def test_once_is_once_for_all_of_its_triggers(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        await home.save("""
            alias: Two
            mode: parallel
            triggers:
              - {trigger: time, at: ["15:10", "15:08"], id: first}
              - {trigger: time, at: "15:09", id: second}
            actions: [{event: fired}]
        """)
    async with opens(tmp_path / "one", START + 300) as home:
        assert [run.trigger["now"][11:16] for run in await home.runs()] == ["15:10"]


async def test_a_skill_that_is_off_makes_up_for_nothing(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        skill = await home.save(DAILY.format(missed=""))
        await home.skills.set_enabled(skill.id, False, home.context)
    async with opens(tmp_path / "one", START + 300) as home:
        assert await home.runs() == []


async def test_the_hub_notes_each_minute_that_it_is_alive(home):
    await home.house.advance(59)
    assert (await settings.load())["hub.alive_at"] == START
    await home.house.advance(minutes=5)
    assert (await settings.load())["hub.alive_at"] == START + 300


async def test_a_clean_stop_is_noted(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        await home.house.advance(42)
    async with opens(tmp_path / "one", START + 30) as home:
        # The machine's clock went back: nothing was missed.
        assert await home.runs() == []
        assert home.house.hub.home.get("hub.alive_at") == START + 30


@pytest.mark.parametrize(
    "missed, where",
    [
        ("often", "missed_run"),
        (5, "missed_run"),
        ({}, "missed_run"),
        ({"skip": {"within": 5}}, "missed_run/skip"),
        ({"once": 5}, "missed_run/once"),
        ({"once": {"within": 5, "more": 1}}, "missed_run/once"),
        ({"once": {"within": "soon"}}, "missed_run/once/within"),
        ({"all": {"within": 0}}, "missed_run/all/within"),
        ({"all": {"within": {"days": 8}}}, "missed_run/all/within"),
    ],
)
def test_a_wrong_one_is_told_with_its_path(missed, where):
    problems = Problems()
    parse({"alias": "A", "actions": [], "missed_run": missed}, problems)
    assert [problem.where for problem in problems.found] == [where]


async def test_a_skill_with_a_wrong_one_is_refused(home):
    with pytest.raises(Invalid, match="missed_run"):
        await home.save(DAILY.format(missed="missed_run: often"))


def test_only_the_last_hundred_moments_are_looked_at():
    found = latest(lambda moment: moment // 1 + 1, 0.0, 1_000_000.5)
    assert found == [1_000_000.0 - back for back in range(99, -1, -1)]
