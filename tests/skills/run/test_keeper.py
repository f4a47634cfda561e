"""What happens while the database can't be written."""

from __future__ import annotations

from tortoise.connection import get_connection

from hub.actions import Call, action

FILL = "x" * 200_000


async def _full(home, full: bool) -> None:
    """A disk that is full, or has room again."""
    pages = 1 if full else 1_000_000
    await get_connection("default").execute_query(f"PRAGMA max_page_count = {pages}")
    await home.house.settle()


async def test_a_full_disk_stops_no_run(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        await home.save(f"""
            alias: Big
            variables: {{fill: {FILL}}}
            triggers: {{trigger: event, event_type: go}}
            actions: [{{delay: 60}}, {{action: light.turn_on, target: {{entity_id: light.a}}}}]
        """)
        await _full(home, True)
        home.house.face.publish("go", {})
        await home.house.settle()
        health = {part.part: part for part in home.house.hub.health.all()}
        assert health["runs"].status == "bad"
        await home.house.advance(60)
        assert home.acted() == ["light.a turn_on"]
        await _full(home, False)
        await home.house.advance(10)
        health = {part.part: part for part in home.house.hub.health.all()}
        assert health["runs"].status == "ok"
        assert [run.state for run in await home.runs()] == ["finished"]


async def test_what_may_happen_once_is_not_done_when_it_can_not_be_noted(opens, tmp_path):
    done: list[str] = []

    @action("door.open_for_good", effect="once")
    async def open_once(call: Call) -> None:
        """Open it."""
        done.append(call.action)

    async with opens(tmp_path / "one") as home:
        home.house.hub.actions.register(open_once)
        await home.save(f"""
            alias: Big
            variables: {{fill: {FILL}}}
            triggers: {{trigger: event, event_type: go}}
            actions: [{{action: door.open_for_good}}]
        """)
        await _full(home, True)
        home.house.face.publish("go", {})
        await home.house.settle()
        await _full(home, False)
        run = await home.last()
        assert (run.state, done) == ("failed", [])
        assert "must not be repeated" in run.reason
