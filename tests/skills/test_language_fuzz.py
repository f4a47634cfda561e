"""Whatever a person can paste is understood or refused with a sentence; nothing else happens."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.bus import Bus
from hub.clock import ManualClock
from hub.errors import HubError, Invalid
from hub.home import Home
from hub.registry import Registry
from hub.states import States
from skills.blueprints import parse
from skills.blueprints.selectors import KINDS
from skills.conditions import Conditions
from skills.source import Input, dump, load
from skills.templates import Templates

_CLOCK = ManualClock()
_STATES = States(Bus(), _CLOCK)
_STATES.set("light.hall", "on", {"brightness": 5})
_REGISTRY = Registry(Bus(), _CLOCK)
_CONDITIONS = Conditions(
    _STATES, _REGISTRY, _CLOCK, Home(), Templates(_STATES, _REGISTRY, _CLOCK, Home())
)

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 90_000)
    | st.floats(allow_nan=False, width=16)
    | st.sampled_from([
        "on", "light.hall", "light.nope", "{{ true }}", "{{ x", "22:00", "mon", "x", "", "state",
        "time", "and", "5", "{{ states('light.hall') }}", "hall", "all", "trigger",
    ])
)  # fmt: skip
_KEYS = st.sampled_from([
    "condition", "conditions", "and", "or", "not", "entity_id", "state", "attribute", "for", "match",
    "above", "below", "value_template", "after", "before", "weekday", "id", "alias", "enabled",
    "minutes", "x",
])  # fmt: skip
_CONDITION_KINDS = st.sampled_from(["state", "numeric_state", "time", "template", "trigger", "and"])
_CONFIGS = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(_KEYS, inner, max_size=4)
        | st.builds(
            lambda kind, rest: {"condition": kind, **rest},
            _CONDITION_KINDS,
            st.dictionaries(_KEYS, inner, max_size=4),
        )
    ),
    max_leaves=12,
)


def outcome(config):
    """What becomes of conditions: a bool, or a refusal."""
    try:
        condition = _CONDITIONS.compile(config)
        assert condition.explain({})
        return condition.check({})
    except HubError as error:
        return str(error)


@settings(deadline=None, max_examples=500)
@given(_CONFIGS)
def test_any_condition_is_checked_or_refused(config):
    assert outcome(config) in (True, False) or len(outcome(config)) > 10
    assert all(error.where for error in _CONDITIONS.problems(config))


_PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from(["text", "light", "automation", "{{ x }}", "00:05:00", "on"])
    | st.builds(Input, st.sampled_from(["a", "b", "c"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([
                "name", "input", "selector", "default", "trigger", "triggers", "actions", "action",
                "target", "entity_id", "data", "if", "then", "choose", "delay", "repeat", "for",
                "variables", "options", "filter", "domain", "min", "text", "entity", "conditions",
            ]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)  # fmt: skip
_INPUTS = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.fixed_dictionaries(
        {},
        optional={
            "name": st.sampled_from(["A", "B"]),
            "default": _PLAIN,
            "selector": st.dictionaries(st.sampled_from(sorted(KINDS)), _PLAIN, max_size=1)
            | _PLAIN,
        },
    )
    | _PLAIN,
    max_size=3,
)
_BLUEPRINTS = st.builds(
    lambda inputs, body: {
        "blueprint": {"name": "x", "domain": "automation", "input": inputs},
        **body,
    },
    _INPUTS,
    st.dictionaries(
        st.sampled_from(["triggers", "conditions", "actions", "variables", "mode", "tests"]),
        _PLAIN,
        max_size=4,
    ),
)


def used(data):
    """What a blueprint answers to everything that a page asks of it, or the refusal."""
    try:
        found = parse(load(dump(data), "x.yaml"), "x.yaml")
    except Invalid as error:
        return error.sentence
    values = dict.fromkeys("abc", "x")
    found.check_inputs(values)
    found.check_inputs(found.complete({}))
    found.from_form({"a": ["1"], "b.minutes": ["2"], "c.entity_id": ["x"]})
    found.to_form(found.complete(values))
    found.document(values, "x")
    return "".join(part for part, _ in found.words(found.complete({}), str))


@settings(deadline=None, max_examples=500)
@given(_BLUEPRINTS)
def test_any_blueprint_is_used_or_refused(data):
    assert used(data)
