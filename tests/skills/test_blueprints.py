"""Blueprints: read, listed, filled in, checked, told in words."""

import pytest

from hub.errors import Invalid, NotFound
from skills.blueprints import SHIPPED, Blueprints, House, parse
from skills.blueprints.report import check_files
from skills.blueprints.selectors import KINDS
from skills.source import Input, load

HEAD = "blueprint:\n  name: Test\n  domain: automation\n"
MOTION = """\
blueprint:
  name: Motion light
  description: |
    Turns a light on.
  domain: automation
  author: Somebody
  source_url: https://example.org/x.yaml
  homeassistant:
    min_version: 2024.6.0
  input:
    motion:
      name: Motion sensor
      selector:
        entity:
          filter:
            - domain: binary_sensor
              device_class: motion
    details:
      name: Details
      icon: mdi:cog
      collapsed: true
      input:
        wait:
          name: Wait
          default: 120
          selector:
            number: {min: 0, max: 3600, unit_of_measurement: seconds}
        light:
          selector: {target: {entity: {domain: light}}}
triggers:
  - trigger: state
    entity_id: !input motion
    to: "on"
actions:
  - action: light.turn_on
    target: !input light
  - delay: !input wait
"""


def blueprint(text, path="test.yaml"):
    return parse(load(text, path), path)


def with_input(selector, default=""):
    return blueprint(
        f"{HEAD}  input:\n    x:\n      selector: {selector}\n{default}actions: [!input x]\n"
    )


def test_a_blueprint_is_read():
    found = blueprint(MOTION)
    assert (found.name, found.description, found.author) == (
        "Motion light", "Turns a light on.", "Somebody",
    )  # fmt: skip
    assert (found.min_version, found.document_url) == ("2024.6.0", "https://example.org/x.yaml")
    assert [(s.name, s.collapsed, [i.key for i in s.inputs]) for s in found.sections] == [
        ("", False, ["motion"]),
        ("Details", True, ["wait", "light"]),
    ]
    assert [(i.key, i.name, i.required, i.default) for i in found.inputs] == [
        ("motion", "Motion sensor", True, None),
        ("wait", "Wait", False, 120),
        ("light", "Light", True, None),
    ]
    assert found.category == "Light"
    assert found.warnings == ()


def test_its_blanks_are_filled_in():
    found = blueprint(MOTION).document(
        {"motion": "binary_sensor.hall", "light": {"area_id": "hall"}}, "Hall light"
    )
    assert found["alias"] == "Hall light"
    assert found["description"] == "Turns a light on."
    assert "blueprint" not in found
    assert found["triggers"][0]["entity_id"] == "binary_sensor.hall"
    assert found["actions"] == [
        {"action": "light.turn_on", "target": {"area_id": "hall"}},
        {"delay": 120},
    ]


def test_a_value_is_copied_to_each_place():
    found = blueprint(
        f"{HEAD}  input:\n    x: {{}}\nactions: [!input x]\nvariables:\n  x: !input x\n"
    )
    value = {"a": [1]}
    document = found.document({"x": value})
    document["actions"][0]["a"].append(2)
    assert (document["variables"]["x"], value) == ({"a": [1]}, {"a": [1]})


def test_a_missing_input_is_told():
    with pytest.raises(Invalid, match="The input “motion” is missing") as caught:
        blueprint(MOTION).document({"light": {}})
    assert caught.value.where == "triggers/0/entity_id"


@pytest.mark.parametrize(
    "text, line, words",
    [
        ("a: 1", 1, "“blueprint:” is missing"),
        ("blueprint: x", 1, "“blueprint:” is missing"),
        ("blueprint:\n  domain: automation", 1, "has no name"),
        ("blueprint:\n  name: x", 1, "has no domain"),
        ("blueprint:\n  name: x\n  domain: cooking", 3, "“cooking” is not known"),
        ("blueprint:\n  name: [x]\n  domain: automation", 2, "must be text"),
        (HEAD + "  input: [x]", 4, "must be a mapping"),
        (HEAD + "  input:\n    x: 5", 5, "must be a mapping"),
        (HEAD + "  input:\n    x:\n      selector: {nonsense: {}}", 6, "no selector “nonsense”"),
        (HEAD + "  input:\n    x:\n      selector: {text: {}, time: {}}", 6, "exactly one kind"),
        (HEAD + "  input:\n    x:\n      selector:\n        number:\n          min: low", 8,
         "must be a number"),
        (HEAD + "  input:\n    x:\n      selector: {number: {min: 5, max: 1}}", 6, "more than"),
        (HEAD + "  input:\n    x:\n      selector:\n        select: {}", 7, "needs “options”"),
        (HEAD + "  input:\n    x:\n    s:\n      input:\n        x:", 8, "two inputs “x”"),
        (HEAD + "actions:\n  - delay: !input wait", 5, "!input wait is used"),
        (HEAD + "  homeassistant: {}", 4, "only “min_version”"),
        (HEAD + "tests: 5", 4, "list of examples"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(text, line, words):
    with pytest.raises(Invalid) as caught:
        blueprint(text, "some.yaml")
    assert caught.value.where.startswith(f"some.yaml, line {line}")
    assert words in caught.value.sentence


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_selector_is_known(kind):
    options = {"select": "{options: [a]}"}.get(kind, "{}")
    found = with_input(f"{{{kind}: {options}}}")
    assert found.inputs[0].selector.kind == kind
    assert found.warnings == ()


def test_what_is_strange_is_a_warning():
    found = blueprint(
        f"{HEAD}  color: red\n  homeassistant: {{min_version: '2099.1'}}\n"
        "  input:\n    x:\n      hint: y\n      selector: {text: {shiny: true}}\n"
    )
    assert [path for path, _ in found.warnings] == [
        "blueprint/color",
        "blueprint/input/x/hint",
        "blueprint/input/x/selector/text/shiny",
        "blueprint/input/x",
        "blueprint/homeassistant/min_version",
    ]


@pytest.mark.parametrize(
    "default, kind",
    [("true", "boolean"), ("5", "number"), ("[]", "object"), ("text", "text")],
)
def test_without_selector_the_default_decides(default, kind):
    found = blueprint(f"{HEAD}  input:\n    x:\n      default: {default}\nactions: [!input x]\n")
    assert found.inputs[0].selector.kind == kind


# --- the catalogue


def _nobody():
    return House(None, None, None)  # type: ignore[arg-type]  # nothing is looked up


def test_a_broken_file_is_listed_and_the_rest_works(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "good.yaml").write_text(MOTION)
    (tmp_path / "broken.yaml").write_text("blueprint:\n\tname: x")
    found = Blueprints([tmp_path], _nobody())
    found.load()
    assert [one.path for one in found.all()] == ["sub/good.yaml"]
    assert [(path, error.where) for path, error in found.broken()] == [
        ("broken.yaml", "broken.yaml, line 2")
    ]
    with pytest.raises(Invalid, match="tab"):
        found.get("broken.yaml")
    with pytest.raises(NotFound):
        found.get("nothing.yaml")


def test_the_homes_own_file_counts_before_the_shipped_one(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    (first / "x.yaml").write_text(HEAD)
    (second / "x.yaml").write_text(HEAD.replace("Test", "Mine"))
    found = Blueprints([first, second, tmp_path / "missing"], _nobody())
    found.load()
    assert [one.name for one in found.all()] == ["Mine"]
    (second / "x.yaml").unlink()
    found.load()
    assert [one.name for one in found.all()] == ["Test"]


def test_files_are_checked_without_a_hub(tmp_path):
    (tmp_path / "a.yaml").write_text("blueprint:\n  name: x\n  domain: nonsense\n")
    (tmp_path / "b.yaml").write_text(
        f"{HEAD}  input:\n    n:\n      default: 9\n      selector: {{number: {{max: 5}}}}\n"
        "actions: [!input n]\n"
    )
    found = check_files([tmp_path, tmp_path / "missing.yaml"])
    assert [(f.file.rpartition("/")[2], f.level, f.path, f.line) for f in found] == [
        ("a.yaml", "error", "blueprint/domain", 3),
        ("b.yaml", "warning", "blueprint/input/n/default", 6),
        ("missing.yaml", "error", "", None),
    ]


def test_the_shipped_ones_are_without_fault():
    assert check_files([SHIPPED]) == []


@pytest.mark.parametrize("path", sorted(file.name for file in SHIPPED.glob("*.yaml")))
def test_a_shipped_one_has_all_that_people_read(path):
    found = Blueprints([SHIPPED], _nobody())
    found.load()
    shipped = found.get(path)
    assert shipped.description
    assert shipped.category != "Other"
    assert shipped.tests
    assert [one.key for one in shipped.inputs if not one.name] == []


@pytest.mark.parametrize("path", sorted(file.name for file in SHIPPED.glob("*.yaml")))
def test_values_go_to_the_form_and_back(path):
    found = Blueprints([SHIPPED], _nobody())
    found.load()
    shipped = found.get(path)
    values = shipped.complete(shipped.tests[0]["input"])
    again = shipped.to_form(shipped.from_form(shipped.to_form(values)))
    assert again == shipped.to_form(values)
    assert shipped.check_inputs(shipped.from_form(again)) == {}


# --- words


def words(found, values):
    def name_of(text):
        return {"binary_sensor.hall": "Hall motion", "light.hall": "Hall lamp"}.get(text, text)

    return "".join(f"[{part}]" if value else part for part, value in found.words(values, name_of))


def test_a_blueprint_is_told_in_a_sentence():
    found = blueprint(MOTION)
    values = {"motion": "binary_sensor.hall", "light": {"entity_id": ["light.hall"]}}
    assert words(found, values) == (
        "When [Hall motion] notices motion, turn on [Hall lamp] and wait [120]."
    )
    assert words(found, {}) == (
        "When [motion sensor] notices motion, turn on [light] and wait [120]."
    )


@pytest.mark.parametrize(
    "body, sentence",
    [
        ("triggers: [{trigger: time, at: '07:30:00'}]\nactions: [{stop: x}]",
         "When it is 07:30, stop."),
        (("trigger:\n  platform: state\n  entity_id: binary_sensor.front_door\n  to: 'on'\n"
         "  for: '00:05:00'\naction: [{service: notify.send, data: {message: 'Close it'}}]"),
         "When binary_sensor.front_door has been open for 5 minutes, tell everyone “Close it”."),
        (("triggers: [{trigger: numeric_state, entity_id: sensor.t, above: 28}]\n"
         "conditions: [{condition: time, after: '22:00', before: '06:00'}]\n"
         "actions: [{delay: {minutes: 5}}, {action: lock.lock, target: {entity_id: lock.x}}]"),
         ("When sensor.t rises above 28, and only if it is between 22:00 and 06:00, wait 5 minutes"
         " and lock lock.x.")),
        (("actions:\n  - if: [{condition: state, entity_id: light.x, state: 'on'}]\n"
         "    then: [{action: light.turn_off, target: {entity_id: light.x}}]\n"
         "    else: [{alias: Do something else, action: script.x}]"),
         "If light.x is on, turn off light.x, else do something else."),
        (("triggers: [{trigger: event, event_type: bell}]\nactions:\n  - choose:\n"
         "      - conditions: '{{ x }}'\n        sequence: [{delay: '00:01:00'}]\n"
         "    default: []"),
         "When the event bell happens, if a template is true, wait 1 minute."),
        ("actions: []", "Do nothing."),
        ("actions: 5\ntriggers: 7\nconditions: [[1]]", "Do nothing."),
    ],
)  # fmt: skip
def test_other_documents_are_told_too(body, sentence):
    assert words(blueprint(f"{HEAD}{body}\n"), {}) == sentence


def test_marks_in_a_value_do_no_harm():
    found = blueprint(f"{HEAD}  input:\n    x: {{}}\nactions: [{{delay: !input x}}]\n")
    assert words(found, {"x": "\ue000a\ue001\ue001 <b>"}) == "Wait [a <b>]."


def test_inputs_are_kept_in_the_body():
    assert blueprint(MOTION).body["actions"][1] == {"delay": Input("wait")}
