"""What goes on after the hub was killed: the data folder is copied at some moment, as a `kill -9`
would leave it, and a new hub is started on the copy at a later time."""

from __future__ import annotations

from hub.actions import Call, action
from hub.events import ACTION_CALLED
from tests.skills.conftest import START

DELAYED = """
    alias: Delayed
    triggers:
      - trigger: state
        entity_id: binary_sensor.motion
        to: "on"
    actions:
      - variables: {seen: "{{ trigger.to_state.state }} of {{ trigger.to_state.name }}"}
      - action: light.turn_on
        target: {entity_id: light.a}
      - delay: "00:05:00"
      - action: light.turn_off
        target: {entity_id: light.a}
      - variables: {said: "{{ seen }}, {{ trigger.to_state.state }} since {{ trigger.to_state.last_changed }}"}
"""


async def test_a_delay_goes_on_with_what_is_left_of_it(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        await home.save(DELAYED)
        await home.set("binary_sensor.motion", "on")
        await home.house.advance(60)
        home.snapshot(tmp_path / "two")
    async with opens(tmp_path / "two", START + 100) as home:
        run = await home.last()
        assert (run.state, run.resume_at) == ("waiting", START + 300)
        await home.house.advance(199)
        assert home.acted() == []
        await home.house.advance(1)
        assert home.acted() == ["light.a turn_off"]
        run = await home.last()
        assert run.state == "finished"
        assert [s.path for s in run.trace] == [f"action/{n}" for n in range(5)]
        assert run.trace[2].seconds == 300
        assert run.trace[4].changed_variables == {
            "said": "on of Motion, on since 2025-06-15 15:06:40+00:00"
        }


async def test_a_delay_that_ended_while_the_hub_was_off_ends_at_once(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        await home.save("""
            alias: Delayed
            triggers: {trigger: state, entity_id: binary_sensor.motion, to: "on"}
            actions:
              - delay: {hours: 1}
              - event: done
        """)
        await home.set("binary_sensor.motion", "on")
        home.snapshot(tmp_path / "two")
    async with opens(tmp_path / "two", START + 10_000) as home:
        run = await home.last()
        assert (run.state, run.finished_at) == ("finished", START + 10_000)
        assert [s.path for s in run.trace] == ["action/0", "action/1"]


async def test_a_clean_stop_keeps_a_waiting_run_too(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        await home.save(DELAYED)
        await home.set("binary_sensor.motion", "on")
    async with opens(tmp_path / "one", START + 100) as home:
        await home.house.advance(200)
        assert home.acted() == ["light.a turn_off"]
        assert (await home.last()).state == "finished"


async def test_a_run_goes_on_with_the_version_that_it_was_begun_with(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        saved = await home.save(DELAYED)
        await home.set("binary_sensor.motion", "on")
        await home.save(DELAYED.replace("light.a", "light.b"), saved.id)
        home.snapshot(tmp_path / "two")
    async with opens(tmp_path / "two", START + 100) as home:
        await home.house.advance(200)
        assert home.acted() == ["light.a turn_off"]


async def test_a_delay_inside_branches_and_loops_is_found_again(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        await home.save("""
            alias: Deep
            triggers: {trigger: state, entity_id: binary_sensor.motion, to: "on"}
            actions:
              - repeat:
                  for_each: [light.a, light.b]
                  sequence:
                    - choose:
                        - conditions: "{{ repeat.item == 'light.b' }}"
                          sequence:
                            - delay: 60
                            - if: "{{ true }}"
                              then:
                                - delay: 60
                                - action: light.turn_on
                                  target: {entity_id: "{{ repeat.item }}"}
                      default:
                        - action: light.turn_on
                          target: {entity_id: "{{ repeat.item }}"}
              - action: light.turn_off
                target: {entity_id: light.a}
        """)
        await home.set("binary_sensor.motion", "on")
        assert home.acted() == ["light.a turn_on"]
        await home.house.advance(60)
        home.snapshot(tmp_path / "two")
    async with opens(tmp_path / "two", START + 70) as home:
        await home.house.advance(50)
        assert home.acted() == ["light.b turn_on", "light.a turn_off"]
        assert (await home.last()).state == "finished"


async def test_parallel_branches_go_on_each_where_it_was(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        await home.save("""
            alias: Both
            triggers: {trigger: state, entity_id: binary_sensor.motion, to: "on"}
            actions:
              - parallel:
                  - sequence:
                      - variables: {lamp: light.a}
                      - delay: 60
                      - action: light.turn_on
                        target: {entity_id: "{{ lamp }}"}
                  - sequence:
                      - variables: {lamp: light.b}
                      - delay: 120
                      - action: light.turn_on
                        target: {entity_id: "{{ lamp }}"}
                  - action: light.turn_off
                    target: {entity_id: light.a}
              - action: light.turn_off
                target: {entity_id: light.b}
        """)
        await home.set("binary_sensor.motion", "on")
        await home.house.advance(60)
        assert home.acted() == ["light.a turn_off", "light.a turn_on"]
        home.snapshot(tmp_path / "two")
    async with opens(tmp_path / "two", START + 90) as home:
        await home.house.advance(30)
        assert home.acted()[-2:] == ["light.b turn_on", "light.b turn_off"]
        assert (await home.last()).state == "finished"


async def test_a_wait_for_a_template_goes_on(opens, tmp_path):
    document = """
        alias: Wait
        triggers: {trigger: state, entity_id: binary_sensor.motion, to: "on"}
        actions:
          - wait_template: "{{ is_state('binary_sensor.door', 'on') }}"
            timeout: 600
          - variables: {done: "{{ wait.completed }}", left: "{{ wait.remaining }}"}
    """
    async with opens(tmp_path / "one") as home:
        await home.save(document)
        await home.set("binary_sensor.motion", "on")
        home.snapshot(tmp_path / "two")
        home.snapshot(tmp_path / "three")
    async with opens(tmp_path / "two", START + 100) as home:
        await home.house.advance(100)
        await home.set("binary_sensor.door", "on")
        assert (await home.last()).trace[-1].changed_variables == {"done": True, "left": 400.0}
    async with opens(tmp_path / "three", START + 100) as home:
        await home.house.advance(500)
        assert (await home.last()).trace[-1].changed_variables == {"done": False, "left": 0.0}


async def test_runs_in_the_queue_keep_their_place(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        await home.save("""
            alias: Queue
            mode: queued
            triggers: {trigger: event, event_type: go}
            actions:
              - delay: 60
              - event: done
                event_data: {number: "{{ trigger.event.data.number }}"}
        """)
        for number in (1, 2, 3):
            home.house.face.publish("go", {"number": number})
            await home.house.settle()
        home.snapshot(tmp_path / "two")
    async with opens(tmp_path / "two", START + 30) as home:
        done: list[int] = []
        home.house.hub.bus.subscribe("done", lambda event: done.append(event.data["number"]))
        await home.house.advance(30)
        assert done == [1]
        await home.house.advance(120)
        assert done == [1, 2, 3]


async def test_a_once_effect_cut_off_by_a_crash_is_in_doubt_and_not_repeated(opens, tmp_path):
    done: list[str | None] = []

    async with opens(tmp_path / "one") as home:

        @action("door.open_for_good", effect="once")
        async def open_once(call: Call) -> None:
            """Open it."""
            done.append(call.key)
            home.snapshot(tmp_path / "two")

        home.house.hub.actions.register(open_once)
        run = await home.try_steps("- action: door.open_for_good\n- delay: 5")
        assert done == [f"{run.id}:action/0:0"]

    async with opens(tmp_path / "two", START + 10) as home:
        home.house.hub.actions.register(open_once)
        await home.house.advance(10)
        run = await home.last()
        assert run.state == "in_doubt"
        assert "was not repeated" in run.reason
        assert len(done) == 1


async def test_a_once_effect_that_was_done_is_not_repeated(opens, tmp_path):
    done: list[str | None] = []

    @action("door.open_for_good", effect="once")
    async def open_once(call: Call) -> None:
        """Open it."""
        done.append(call.key)

    async with opens(tmp_path / "one") as home:
        home.house.hub.actions.register(open_once)
        await home.try_steps("- action: door.open_for_good\n- delay: 60")
        home.snapshot(tmp_path / "two")
    async with opens(tmp_path / "two", START + 10) as home:
        home.house.hub.actions.register(open_once)
        await home.house.advance(60)
        assert (await home.last()).state == "finished"
        assert len(done) == 1


async def test_each_turn_of_a_loop_has_a_key_of_its_own(home):
    keys: list[str | None] = []

    @action("test.note")
    async def note(call: Call) -> None:
        """Note the key."""
        keys.append(call.key)

    home.house.hub.actions.register(note)
    run = await home.try_steps("""
        - repeat:
            count: 2
            sequence:
              - repeat:
                  count: 2
                  sequence:
                    - action: test.note
    """)
    path = "action/0/repeat/sequence/0/repeat/sequence/0"
    assert keys == [f"{run.id}:{path}:{turn}" for turn in ("1.1", "1.2", "2.1", "2.2")]


async def test_a_run_of_a_deleted_version_is_ended_with_its_reason(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        saved = await home.save(DELAYED)
        await home.set("binary_sensor.motion", "on")
        home.snapshot(tmp_path / "two")
        assert saved.version == 1
    async with opens(tmp_path / "two", START + 10) as home:
        await home.skills.delete(saved.id, home.context)
        run = await home.skills.run_info((await home.skills.runs())[0].id)
        assert (run.state, run.reason) == ("cancelled", "The skill was deleted.")


async def test_a_branch_in_doubt_is_not_begun_again_by_a_second_crash(opens, tmp_path):
    done: list[str | None] = []
    folders = [tmp_path / "two"]

    async with opens(tmp_path / "one") as home:

        @action("door.open_for_good", effect="once")
        async def open_once(call: Call) -> None:
            """Open it."""
            done.append(call.key)
            home.snapshot(folders.pop())

        home.house.hub.actions.register(open_once)
        await home.try_steps("""
            - parallel:
                - delay: 100
                - action: door.open_for_good
        """)
    async with opens(tmp_path / "two", START + 10) as home:
        await home.house.advance(10)
        assert (await home.last()).state == "waiting"
        home.snapshot(tmp_path / "three")
    async with opens(tmp_path / "three", START + 50) as home:
        home.house.hub.actions.register(open_once)
        await home.house.advance(100)
        assert (await home.last()).state == "in_doubt"
        assert len(done) == 1


async def test_a_notification_is_stored_once_though_the_step_is_done_again(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        await home.house.owner()
        home.house.hub.bus.subscribe(
            ACTION_CALLED, lambda event: home.snapshot(tmp_path / event.data["action"])
        )
        await home.try_steps("- delay: 5\n- action: notify.send\n  data: {message: Door}")
        await home.house.advance(5)
    async with opens(tmp_path / "notify.send", START + 10) as home:
        run = await home.last()
        assert (run.state, run.trace[-1].path) == ("finished", "action/1")
        told = await home.house.hub.notify.recent(10)
        assert [notification.message for notification in told] == ["Door"]


async def test_a_run_that_goes_on_counts_for_the_mode(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        await home.save("""
            alias: Single
            triggers: [{trigger: homeassistant, event: start}, {trigger: event, event_type: go}]
            actions: [{delay: 60}]
        """)
        home.house.face.publish("go", {})
        await home.house.settle()
        home.snapshot(tmp_path / "two")
    async with opens(tmp_path / "two", START + 10) as home:
        states = [run.state for run in await home.runs()]
        assert states == ["waiting", "did_not_start"]
