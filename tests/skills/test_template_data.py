"""Templates in nested data, and variables that are saved and read again."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from hub.bus import Bus
from hub.clock import ManualClock
from hub.home import Home
from hub.registry import Registry
from hub.states import States
from skills.templates import StateView, TemplateFailed, Templates, from_plain, to_plain

NOW = 1_750_000_000.0


@pytest.fixture
def states():
    found = States(Bus(), ManualClock(NOW))
    found.set("light.hall", "on", {"friendly_name": "Hall light", "brightness": 120})
    return found


@pytest.fixture
def templates(states):
    clock = ManualClock(NOW)
    return Templates(states, Registry(Bus(), clock), clock, Home())


def test_nested_data_is_rendered(templates):
    data = {"a": ["x", {"{{ 1 + 1 }}": "{{ given }}"}], "b": 3}
    assert templates.render_complex(data, {"given": [1]}) == {"a": ["x", {2: [1]}], "b": 3}


def test_constant_data_is_given_back_as_it_is(templates):
    data = {"a": ["x", 1]}
    found = templates.compile_complex(data)
    assert found.constant
    assert found.render({}) is data


def test_trouble_in_nested_data_names_its_path(templates):
    with pytest.raises(TemplateFailed) as caught:
        templates.render_complex({"data": {"list": ["", "a\n{{ 1/0 }}"]}}, {}, "actions/0")
    assert caught.value.where == "actions/0/data/list/1, line 2"
    with pytest.raises(TemplateFailed) as caught:
        templates.compile_complex({"x": "{{ a b }}"}, "actions/0/data")
    assert caught.value.where == "actions/0/data/x"


def test_variables_survive_being_saved(states):
    state = states.get("light.hall")
    assert state is not None
    variables = {
        "trigger": {"to_state": StateView.of(state), "for": timedelta(minutes=5)},
        "now": datetime(2025, 6, 15, 12, 0, tzinfo=UTC),
        "numbers": {1: "a", 2: [None, True, 1.5]},
        "pairs": ({"__hearth__": "not ours"},),
        "day": datetime(2025, 6, 15, tzinfo=UTC).date(),
    }
    saved = msgspec.json.decode(msgspec.json.encode(to_plain(variables)))
    back = from_plain(saved)
    assert back == {**variables, "pairs": [{"__hearth__": "not ours"}]}
    assert back["trigger"]["to_state"].last_changed == datetime.fromtimestamp(NOW, UTC)
