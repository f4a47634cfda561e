"""Whatever is written into a document, the check answers, and saving raises a HubError at most."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.errors import HubError
from skills import source
from skills.info import Finding

_WORDS = [
    "on",
    "off",
    "state",
    "light.a",
    "light.turn_on",
    "binary_sensor.motion",
    "template",
    "numeric_state",
    "time",
    "event",
    "{{true}}",
    "{{",
    "1",
    "/",
    "0",
    "}}",
    "{{",
    "x(",
    "}}",
    "00:05",
    "22:00",
    "5",
    "-1",
    "single",
    "queued",
    "all",
    "mon",
    "sensor.outside",
]
_KEYS = [
    "triggers",
    "trigger",
    "platform",
    "conditions",
    "condition",
    "actions",
    "action",
    "service",
    "sequence",
    "alias",
    "mode",
    "max",
    "variables",
    "trigger_variables",
    "entity_id",
    "from",
    "to",
    "not_to",
    "for",
    "above",
    "below",
    "value_template",
    "at",
    "weekday",
    "event_type",
    "event_data",
    "event",
    "offset",
    "attribute",
    "id",
    "enabled",
    "delay",
    "choose",
    "default",
    "if",
    "then",
    "else",
    "repeat",
    "count",
    "for_each",
    "while",
    "until",
    "parallel",
    "wait_template",
    "wait_for_trigger",
    "timeout",
    "stop",
    "error",
    "response_variable",
    "data",
    "target",
    "area_id",
    "continue_on_error",
    "use_blueprint",
    "path",
    "input",
    "and",
    "or",
    "not",
    "minutes",
    "seconds",
]
_scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 70_000), st.floats(), st.sampled_from(_WORDS)
)
_values = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(_KEYS), inner, max_size=5)
    ),
    max_leaves=25,
)


def _one(key: str, *others: str) -> st.SearchStrategy[dict[str, object]]:
    """A part that surely has `key`, maybe some of the others, each with any value."""
    return st.fixed_dictionaries({key: _values}, optional=dict.fromkeys(others, _values))


_steps = st.one_of(
    _one("action", "data", "target", "response_variable", "continue_on_error", "enabled"),
    _one("delay"),
    _one("wait_template", "timeout", "continue_on_timeout"),
    _one("wait_for_trigger", "timeout"),
    _one("choose", "default"),
    _one("if", "then", "else"),
    _one("repeat"),
    _one("parallel"),
    _one("variables"),
    _one("stop", "error"),
    _one("event", "event_data"),
)
_triggers = st.builds(
    lambda kind, rest: {"trigger": kind, **rest},
    st.sampled_from(("state", "numeric_state", "time", "event", "template", "homeassistant")),
    st.dictionaries(st.sampled_from(_KEYS), _values, max_size=4),
)
_documents = st.fixed_dictionaries(
    {"actions": st.lists(_steps, max_size=3)},
    optional={
        "triggers": st.lists(_triggers, max_size=3),
        "conditions": _values,
        "variables": st.dictionaries(st.sampled_from("ab"), _values, max_size=2),
    },
)


@pytest.mark.slow
@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.one_of(_values, _documents))
async def test_the_check_answers_and_a_dry_run_of_what_was_saved_ends(home, data):
    document = source.dump(data)
    findings = home.skills.check(document)
    assert all(isinstance(finding, Finding) for finding in findings)
    with contextlib.suppress(HubError):
        saved = await home.skills.save(document, home.context)
        run = await home.skills.run(saved.id, home.context, dry_run=True)
        assert run.finished_at is not None
        await home.skills.delete(saved.id, home.context)
