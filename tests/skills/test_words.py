"""Steps in plain words."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "step, words",
    [
        ("{action: light.turn_on, target: {entity_id: light.a}}", "Turn on A"),
        ("{service: light.turn_off, entity_id: 'light.a, light.b'}", "Turn off A and B"),
        (
            "{action: light.toggle, target: {entity_id: [light.a, light.b, light.c, light.d]}}",
            "Toggle A, B and 2 more",
        ),
        ("{action: light.turn_on, target: {area_id: hall}}", "Turn on Hall"),
        ("{action: light.turn_on, data: {entity_id: light.a}}", "Turn on A"),
        ("{action: 'light.{{ x }}', target: {entity_id: light.a}}", "Do what the template says"),
        (
            "{action: light.turn_on, target: {entity_id: '{{ x }}'}}",
            "Turn on what the template says",
        ),
        ("{action: notify.send, data: {message: The door is open}}", "Send “The door is open”"),
        ("{action: notify.send, data: {message: '{{ x }}'}}", "Send a message"),
        ("{action: vacuum.clean_spot, target: {entity_id: light.a}}", "Clean spot A"),
        ("{action: backup.create}", "Create (backup.create)"),
        ("{delay: '00:05:00'}", "Wait 5 minutes"),
        ("{delay: '{{ x }}'}", "Wait"),
        ("{variables: {one: 1, two: 2}}", "Set one and two"),
        ("{stop: Enough}", "Stop: Enough"),
        ("{event: ping}", "Publish the event ping"),
        ("{repeat: {count: 3, sequence: []}}", "Repeat 3 times"),
        ("{choose: []}", "Choose"),
        ("{wait_template: '{{ x }}'}", "Wait until it is so"),
        ("{delay: 5, alias: Breathe in}", "Breathe in"),
    ],
)
async def test_a_step_is_part_of_a_sentence(home, step, words):
    for name in ("light.c", "light.d"):
        await home.house.add(name)
    await home.house.add("light.hall", area="Hall")
    saved = await home.save(f"alias: x\nactions:\n  - {step}\n")
    plan = home.skills._library.get(saved.id).plan
    assert plan is not None
    assert plan.sequence.steps[0].label == words
