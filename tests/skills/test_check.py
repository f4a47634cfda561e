"""The static check: what is told about a document before it ever runs."""

from __future__ import annotations

import textwrap
from dataclasses import replace

import pytest

from skills.info import Finding
from store import skills as store


def found(home, document: str) -> list[tuple[str, str, int | None]]:
    findings: list[Finding] = home.skills.check(textwrap.dedent(document).lstrip())
    return [(f.level, f.path, f.line) for f in findings]


async def test_a_good_document_has_no_findings(home):
    assert (
        found(
            home,
            """
            alias: Good
            triggers: [{trigger: state, entity_id: binary_sensor.motion, to: "on"}]
            conditions: [{condition: state, entity_id: light.a, state: "off"}]
            actions:
              - action: light.turn_on
                target: {entity_id: light.a}
                data: {brightness: 100, color_name: "{{ 'red' }}"}
            """,
        )
        == []
    )


async def test_every_mistake_is_found_with_its_line(home):
    assert found(
        home,
        """
        alias: Bad
        mode: sometimes
        triggers:
          - trigger: state
            entity_id: binary_sensor.motion
            form: "on"
          - trigger: time
            at: 25:00
        conditions:
          - condition: numeric_state
            entity_id: sensor.outside
        actions:
          - action: light.turn_on
            target: {entity_id: light.a}
          - delay: later
          - if: "{{ 1 + }}"
            then: []
        """,
    ) == [
        ("error", "mode", 2),
        ("error", "triggers/0/form", 6),
        ("error", "triggers/1/at", 8),
        ("error", "conditions/0", 10),
        ("error", "actions/1/delay", 15),
        ("error", "actions/2/if", 16),
    ]


async def test_what_is_not_in_the_house_is_a_warning(home):
    assert found(
        home,
        """
        alias: Unknown
        triggers: [{trigger: state, entity_id: binary_sensor.cellar}]
        conditions: [{condition: state, entity_id: light.cellar, state: "on"}]
        actions:
          - choose:
              - conditions: "{{ true }}"
                sequence:
                  - action: light.turn_on
                    target: {entity_id: light.attic, area_id: attic}
        """,
    ) == [
        ("warning", "triggers/0", 2),
        ("warning", "conditions", 3),
        ("warning", "actions/0/choose/0/sequence/0/target", 9),
        ("warning", "actions/0/choose/0/sequence/0/target", 9),
    ]


@pytest.mark.parametrize(
    "step, path, words",
    [
        ("{action: light.turnon, target: {entity_id: light.a}}", "action", "light.turn_on"),
        ("{action: light.turn_on}", "", "needs a target"),
        (
            "{action: light.turn_on, target: {entity_id: light.a}, data: {brightness: 300}}",
            "data/brightness",
            "<= 255",
        ),
        (
            "{action: light.turn_on, target: {entity_id: light.a}, data: {brigthness: 3}}",
            "data/brigthness",
            "has no field",
        ),
        ("{action: notify.send, data: {title: x}}", "data", "needs “message”"),
    ],
)
async def test_wrong_data_of_an_action_is_found_by_its_schema(home, step, path, words):
    findings = home.skills.check(f"alias: x\nactions:\n  - {step}\n")
    assert [(f.level, f.path, f.line) for f in findings] == [
        ("error", "/".join(filter(None, ("actions/0", path))), 3)
    ]
    assert words in f"{findings[0].message} {findings[0].remedy}"


async def test_templates_are_left_to_the_run(home):
    step = (
        "{action: 'light.{{ x }}', target: {entity_id: '{{ y }}'}, data: {brightness: '{{ z }}'}}"
    )
    assert home.skills.check(f"alias: x\nactions:\n  - {step}\n") == []


@pytest.mark.parametrize(
    "document",
    ["", "5", "[]", "alias: [", "a: b: c", "use_blueprint: 5", "use_blueprint: {path: none.yaml}"],
)
async def test_nothing_that_can_be_typed_makes_the_check_fail(home, document):
    findings = home.skills.check(document)
    assert findings
    assert {f.level for f in findings} == {"error"}


async def test_findings_follow_the_house(home):
    saved = await home.save("""
        alias: Later
        actions: [{action: light.turn_on, target: {entity_id: light.later}}]
    """)
    assert [f.level for f in saved.findings] == ["warning"]
    await home.house.add("light.later")
    assert home.skills.get(saved.id).findings == []


async def test_a_skill_that_can_not_run_is_told_in_health(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        await home.save("alias: Evening\nactions: []")
        row = (await store.all_skills())[0]
        await store.put(replace(row, version=2, document="alias: Evening\nactions: 5"), None, "")
    async with opens(tmp_path / "one") as home:
        health = {part.part: part for part in home.house.hub.health.all()}
        assert health["skills"].status == "warn"
        assert "Evening" in health["skills"].sentence
        mended = home.skills.all()[0]
        await home.skills.save("alias: Evening\nactions: []", home.context, mended.id)
        health = {part.part: part for part in home.house.hub.health.all()}
        assert health["skills"].status == "ok"


async def test_a_target_left_empty_is_a_warning_and_none_at_all_a_mistake(home):
    assert found(
        home,
        """
        alias: Goodnight
        actions:
          - action: light.turn_off
            target: {}
          - action: light.turn_off
        """,
    ) == [("warning", "actions/0", 3), ("error", "actions/1", 5)]
