"""What each kind of step does."""

from __future__ import annotations

import pytest

from hub.actions import Call, action
from hub.errors import Broken, Invalid
from hub.events import Event


def paths(run):
    return [step.path for step in run.trace]


async def test_an_action_s_response_is_put_into_a_variable(home):
    @action("test.answer")
    async def answer(call: Call, number: int) -> dict[str, int]:
        """Answer."""
        return {"twice": number * 2}

    home.house.hub.actions.register(answer)
    run = await home.try_steps("""
        - action: test.answer
          data: {number: 21}
          response_variable: said
        - variables: {found: "{{ said.twice }}"}
    """)
    assert run.trace[0].changed_variables == {"said": {"twice": 42}}
    assert run.trace[1].changed_variables == {"found": 42}


async def test_a_target_may_be_templates(home):
    await home.try_steps("""
        - variables: {lamps: [light.a, light.b]}
        - action: light.turn_on
          target: {entity_id: "{{ lamps }}"}
        - action: "light.turn_{{ 'off' }}"
          target: {entity_id: "{{ lamps[0] }}, {{ lamps[1] }}"}
    """)
    assert home.acted() == [
        "light.a turn_on", "light.b turn_on", "light.a turn_off", "light.b turn_off",
    ]  # fmt: skip


async def test_an_area_means_what_is_in_it_now(home):
    await home.house.add("light.kitchen", area="Kitchen")
    await home.try_steps("- {action: light.turn_on, target: {area_id: kitchen}}")
    assert home.acted() == ["light.kitchen turn_on"]


async def test_an_error_ends_the_run_and_is_shown_at_its_step(home):
    home.house.entities.failures.append(Broken("The lamp is broken."))
    run = await home.try_steps("""
        - {action: light.turn_on, target: {entity_id: light.a}}
        - {action: light.turn_on, target: {entity_id: light.b}}
    """)
    assert (run.state, paths(run)) == ("failed", ["action/0"])
    assert "The lamp is broken." in (run.trace[0].error or "")
    assert run.reason.startswith("action/0: ")


async def test_a_run_may_go_on_after_an_error(home):
    home.house.entities.failures.append(Broken("The lamp is broken."))
    run = await home.try_steps("""
        - action: light.turn_on
          target: {entity_id: light.a}
          continue_on_error: true
        - {action: light.turn_on, target: {entity_id: light.b}}
    """)
    assert run.state == "finished"
    assert run.trace[0].error is not None
    assert home.acted() == ["light.b turn_on"]


async def test_a_step_that_is_switched_off_is_left_out(home):
    run = await home.try_steps("""
        - {action: light.turn_on, target: {entity_id: light.a}, enabled: false}
        - {action: light.turn_on, target: {entity_id: light.b}, enabled: "{{ 1 == 1 }}"}
    """)
    assert home.acted() == ["light.b turn_on"]
    assert run.trace[0].result == {"enabled": False}


@pytest.mark.parametrize(
    "written", ["90", "'00:01:30'", "{minutes: 1, seconds: 30}", "{seconds: '{{ 45 * 2 }}'}"]
)
async def test_delay_waits(home, written):
    run = await home.try_steps(f"- delay: {written}")
    assert run.state == "waiting"
    assert run.resume_at == home.house.clock.time() + 90
    await home.house.advance(89)
    assert (await home.last()).state == "waiting"
    await home.house.advance(1)
    assert (await home.last()).state == "finished"


async def test_choose_takes_the_first_option_that_holds(home):
    run = await home.try_steps(
        """
        - choose:
            - conditions: "{{ number == 1 }}"
              sequence: {event: one}
            - conditions:
                - condition: template
                  value_template: "{{ number == 2 }}"
              sequence: [{event: two}, {event: more}]
            - conditions: "{{ number == 2 }}"
              sequence: {event: never}
          default: {event: other}
    """,
        number=2,
    )
    assert paths(run) == [
        "action/0", "action/0/choose/1/sequence/0", "action/0/choose/1/sequence/1",
    ]  # fmt: skip
    assert run.trace[0].result == {"choice": 1}


async def test_choose_without_a_match_takes_the_default(home):
    run = await home.try_steps("""
        - choose: {conditions: "{{ false }}", sequence: {event: one}}
          default: {event: other}
    """)
    assert paths(run) == ["action/0", "action/0/default/0"]


@pytest.mark.parametrize("number, taken", [(1, "action/0/then/0"), (2, "action/0/else/0")])
async def test_if(home, number, taken):
    run = await home.try_steps(
        """
        - if: "{{ number == 1 }}"
          then: {event: yes}
          else: {event: no}
        """.replace("yes", "first").replace("no}", "second}"),
        number=number,
    )
    assert paths(run) == ["action/0", taken]


async def test_a_condition_ends_the_run(home):
    run = await home.try_steps("""
        - {event: before}
        - "{{ 1 == 2 }}"
        - {event: after}
    """)
    assert (run.state, paths(run)) == ("stopped", ["action/0", "action/1"])
    assert run.trace[1].result == {"result": False}
    assert run.reason


async def test_a_condition_in_a_branch_ends_that_branch_only(home):
    run = await home.try_steps("""
        - if: "{{ true }}"
          then:
            - condition: template
              value_template: "{{ false }}"
            - {event: never}
        - {event: after}
    """)
    assert run.state == "finished"
    assert paths(run) == ["action/0", "action/0/then/0", "action/1"]


@pytest.mark.parametrize("error, state", [("false", "stopped"), ("true", "failed")])
async def test_stop(home, error, state):
    run = await home.try_steps(
        f"""
        - if: "{{{{ true }}}}"
          then: [{{stop: "Enough of {{{{ what }}}}", error: {error}}}]
        - {{event: never}}
    """,
        what="this",
    )
    assert (run.state, run.reason) == (state, "Enough of this")
    assert paths(run) == ["action/0", "action/0/then/0"]


async def test_wait_template_goes_on_when_it_becomes_true(home):
    run = await home.try_steps("""
        - wait_template: "{{ is_state('light.a', 'on') and is_state('light.b', 'on') }}"
          timeout: 60
        - {event: after}
    """)
    assert run.state == "waiting"
    await home.set("light.a", "on")
    await home.house.advance(10)
    await home.set("light.b", "on")
    run = await home.last()
    assert run.state == "finished"
    assert run.trace[0].changed_variables == {
        "wait": {"completed": True, "remaining": 50.0, "trigger": None}
    }


async def test_wait_template_that_is_true_does_not_wait(home):
    run = await home.try_steps("- wait_template: \"{{ is_state('light.a', 'off') }}\"")
    assert run.state == "finished"


async def test_wait_template_goes_on_at_the_timeout(home):
    await home.try_steps("""
        - wait_template: "{{ false }}"
          timeout: 60
        - {event: after}
    """)
    await home.house.advance(60)
    run = await home.last()
    assert (run.state, paths(run)) == ("finished", ["action/0", "action/1"])
    assert run.trace[0].result == {"completed": False, "remaining": 0.0}


async def test_wait_template_may_end_the_run_at_the_timeout(home):
    await home.try_steps("""
        - wait_template: "{{ false }}"
          timeout: 60
          continue_on_timeout: false
        - {event: never}
    """)
    await home.house.advance(60)
    run = await home.last()
    assert (run.state, paths(run)) == ("stopped", ["action/0"])


async def test_wait_for_trigger(home):
    await home.try_steps("""
        - wait_for_trigger:
            - trigger: state
              entity_id: light.a
              to: "on"
              for: 5
              id: lamp
          timeout: 60
        - variables: {what: "{{ wait.trigger.id }} {{ wait.trigger.to_state.state }}"}
    """)
    await home.set("light.a", "on")
    await home.house.advance(4)
    assert (await home.last()).state == "waiting"
    await home.house.advance(1)
    run = await home.last()
    assert run.trace[1].changed_variables == {"what": "lamp on"}


async def test_variables_may_use_those_before_them(home):
    run = await home.try_steps("""
        - variables: {a: "{{ 1 + 1 }}", b: "{{ a * 10 }}", c: [1, "{{ b }}"]}
    """)
    assert run.trace[0].changed_variables == {"a": 2, "b": 20, "c": [1, 20]}


async def test_variables_set_in_a_branch_stay(home):
    run = await home.try_steps("""
        - variables: {a: 1}
        - if: "{{ true }}"
          then: {variables: {a: 2, b: 3}}
        - variables: {sum: "{{ a + b }}"}
    """)
    assert run.trace[-1].changed_variables == {"sum": 5}


@pytest.mark.parametrize(
    "loop, turns",
    [
        ("count: 3", 3),
        ("count: '{{ 1 + 1 }}'", 2),
        ("count: 0", 0),
        ("for_each: [x, y]", 2),
        ("for_each: '{{ [1, 2, 3] }}'", 3),
        ("while: '{{ repeat.index < 3 }}'", 2),
        ("until: '{{ repeat.index == 4 }}'", 4),
    ],
)
async def test_repeat(home, loop, turns):
    run = await home.try_steps(f"- repeat: {{{loop}, sequence: [{{event: turn}}]}}")
    assert run.state == "finished"
    assert paths(run).count("action/0/repeat/sequence/0") == turns


async def test_the_variable_repeat(home):
    run = await home.try_steps("""
        - repeat:
            for_each: [x, y]
            sequence:
              - variables:
                  at: "{{ repeat.item }} {{ repeat.index }} {{ repeat.first }} {{ repeat.last }}"
        - variables: {gone: "{{ repeat is none }}"}
    """)
    said = [(s.changed_variables or {}).get("at") for s in run.trace if s.path.endswith("e/0")]
    assert said == ["x 1 True False", "y 2 False True"]
    assert run.trace[-1].changed_variables == {"gone": True}


async def test_a_loop_that_never_ends_is_stopped(home):
    run = await home.try_steps("""
        - repeat:
            while: "{{ true }}"
            sequence: [{variables: {x: 1}}]
    """)
    await home.house.settle()
    run = await home.skills.run_info(run.id)
    while run.state == "running":
        await home.house.settle()
        run = await home.skills.run_info(run.id)
    assert run.state == "failed"
    assert "given up after 10000 turns" in run.reason
    assert len(run.trace) <= 1000


async def test_a_choice_in_a_loop_is_made_again_after_an_error(home):
    home.house.entities.failures.append(Broken("The lamp is broken."))
    run = await home.try_steps("""
        - repeat:
            count: 2
            sequence:
              - choose:
                  - conditions: "{{ repeat.first }}"
                    sequence: {action: light.turn_on, target: {entity_id: light.a}}
                default: {action: light.turn_on, target: {entity_id: light.b}}
                continue_on_error: true
    """)
    assert run.state == "finished"
    assert home.acted() == ["light.b turn_on"]


async def test_parallel_ends_when_the_last_branch_has_ended(home):
    await home.try_steps("""
        - parallel:
            - [{delay: 10}, {action: light.turn_on, target: {entity_id: light.a}}]
            - sequence: [{delay: 5}, {action: light.turn_on, target: {entity_id: light.b}}]
        - {action: light.turn_off, target: {entity_id: light.a}}
    """)
    await home.house.advance(9)
    assert home.acted() == ["light.b turn_on"]
    await home.house.advance(1)
    assert home.acted() == ["light.b turn_on", "light.a turn_on", "light.a turn_off"]


async def test_an_event_of_one_s_own(home):
    heard: list[Event] = []
    home.house.hub.bus.subscribe("ping", heard.append)
    run = await home.try_steps("- {event: ping, event_data: {n: '{{ 1 + 1 }}'}}")
    assert [(event.data, event.context.id) for event in heard] == [({"n": 2}, run.context.id)]


async def test_a_name_of_one_s_own_is_what_the_trace_says(home):
    run = await home.try_steps("- {delay: 0, alias: Breathe}")
    assert run.trace[0].label == "Breathe"


@pytest.mark.parametrize(
    "step, path",
    [
        ("{action: ''}", "actions/0/action"),
        ("{action: light.turn_on, traget: {}}", "actions/0/traget"),
        ("{action: light.turn_on, target: {room: x}}", "actions/0/target"),
        ("{action: light.turn_on, data: 5}", "actions/0/data"),
        ("{action: light.turn_on, data: {x: ['{{ 1 + }}']}}", "actions/0/data/x/0"),
        ("{delay: never}", "actions/0/delay"),
        ("{delay: {minuts: 5}}", "actions/0/delay/minuts"),
        ("{choose: [{conditions: []}]}", "actions/0/choose/0"),
        ("{choose: [{conditions: {condition: x}, sequence: []}]}", "actions/0/choose/0/conditions"),
        ("{if: '{{ true }}'}", "actions/0"),
        ("{if: '{{ true }}', then: [{stop: x}, {delay: x}]}", "actions/0/then/1/delay"),
        ("{wait_template: '{{ }'}", "actions/0/wait_template"),
        ("{wait_template: '{{ true }}', timeout: x}", "actions/0/timeout"),
        ("{stop: x, error: maybe}", "actions/0/error"),
        ("{variables: 5}", "actions/0/variables"),
        ("{repeat: {count: 2}}", "actions/0/repeat"),
        ("{repeat: {count: 2, while: '{{ 1 }}', sequence: []}}", "actions/0/repeat"),
        ("{parallel: [{delay: x}]}", "actions/0/parallel/0/0/delay"),
        ("{wait_for_trigger: [{trigger: x}]}", "actions/0/wait_for_trigger/0"),
        ("{event: }", "actions/0/event"),
        ("{nothing: 5}", "actions/0"),
        ("{device_id: abc, domain: light, type: turn_on}", "actions/0"),
        ("5", "actions/0"),
        ("{delay: 5, enabled: 7}", "actions/0/enabled"),
    ],
)
async def test_a_wrong_step_is_told_with_its_path(home, step, path):
    with pytest.raises(Invalid) as caught:
        await home.save(f"alias: x\nactions:\n  - {step}\n")
    assert f"at {path}" in caught.value.where
    assert "line 3" in caught.value.where
