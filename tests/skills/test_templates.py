"""Templates: Home Assistant's functions, results typed as there, errors in words."""

from zoneinfo import ZoneInfo

import pytest

from hub.bus import Bus
from hub.clock import ManualClock
from hub.home import Home
from hub.registry import Registry
from hub.states import States
from skills.templates import Limits, TemplateFailed, Templates
from store.home import AreaRow, DeviceRow, EntityRow, FloorRow, LabelRow

# A Sunday, 15:06:40 UTC.
NOW = 1_750_000_000.0


@pytest.fixture
def clock():
    return ManualClock(NOW)


@pytest.fixture
def registry(clock):
    found = Registry(Bus(), clock)
    found.floors = {"ground": FloorRow("ground", "Ground floor")}
    found.areas = {
        "hall": AreaRow("hall", "Hall", "ground", labels=["night"]),
        "attic": AreaRow("attic", "Attic"),
    }
    found.labels = {"night": LabelRow("night", "At night")}
    found.devices = {"d1": DeviceRow("d1", "Lamp", "demo", "hall", details={"model": "L1"})}
    found.entities = {
        "light.hall": EntityRow("light.hall", "Hall light", "demo", "d1", labels=["night"]),
        "sensor.out": EntityRow("sensor.out", "Outdoors", "demo", None, "attic"),
        "light.secret": EntityRow("light.secret", "Secret", "demo", None, "hall", hidden=True),
    }
    return found


@pytest.fixture
def states(clock):
    found = States(Bus(), clock)
    found.set("light.hall", "on", {"friendly_name": "Hall light", "brightness": 120})
    found.set("light.attic", "off", {"friendly_name": "Attic light"})
    found.set("sensor.out", "21.5", {"unit_of_measurement": "°C", "friendly_name": "Outdoors"})
    found.set("sensor.gone", "unavailable")
    found.set("binary_sensor.door", "on", {"device_class": "door", "friendly_name": "Door"})
    found.set("group.all", "on", {"entity_id": ["light.hall", "light.attic"]})
    return found


@pytest.fixture
def templates(states, registry, clock):
    return Templates(states, registry, clock, Home())


@pytest.mark.parametrize(
    "template, value",
    [
        # what a result is
        ("just text", "just text"),
        ("", ""),
        ("{{ 1 }}", 1),
        ("{{ '21.5' }}", 21.5),
        ("{{ '007' }}", "007"),
        ("{{ '1e5' }}", "1e5"),
        ("{{ '+5' }}", 5),
        ("{{ '.5' }}", 0.5),
        ("{{ '5.' }}", 5.0),
        ("{{ '.' }}", "."),
        ("{{ true }}", True),
        ("{{ none }}", None),
        ("{{ 'on' }}", "on"),
        ("{{ [1, 'a'] }}", [1, "a"]),
        ("{{ (1, 2) }}", [1, 2]),
        ("{{ {'a': {'b': 1}} }}", {"a": {"b": 1}}),
        ("255, 0, {{ 1 }}", [255, 0, 1]),
        ("{{ '[1, 2' }}", "[1, 2"),
        ("{{ \"'quoted'\" }}", "'quoted'"),
        ("  {{ 3 }}\n", 3),
        ("{# nothing #}", ""),
        ("{{ '1:30' }}", "1:30"),
        # states
        ("{{ states('sensor.out') }}", 21.5),
        ("{{ states('sensor.nobody') }}", "unknown"),
        ("{{ states('sensor.out', with_unit=True) }}", "21.5 °C"),
        ("{{ states.sensor.out.state }}", 21.5),
        ("{{ states['sensor.out'].state_with_unit }}", "21.5 °C"),
        ("{{ states.light.hall.attributes.brightness }}", 120),
        ("{{ states.light.hall.attributes['brightness'] }}", 120),
        ("{{ states.light.hall.name }} {{ states.light.hall.object_id }}", "Hall light hall"),
        ("{{ states.light.hall.domain }}", "light"),
        ("{{ states.light | map(attribute='entity_id') | list }}", ["light.attic", "light.hall"]),
        ("{{ states.light | selectattr('state', 'eq', 'on') | list | count }}", 1),
        ("{{ states | count }}", 6),
        ("{% for s in states.light %}{{ s.state }} {% endfor %}", "off on"),
        ("{{ state_attr('light.hall', 'brightness') }}", 120),
        ("{{ state_attr('light.hall', 'nope') }}", None),
        ("{{ 'light.hall' | state_attr('brightness') }}", 120),
        ("{{ is_state('light.hall', 'on') }}", True),
        ("{{ is_state('light.hall', ['off', 'on']) }}", True),
        ("{{ is_state('light.nope', 'on') }}", False),
        ("{{ 'light.hall' is is_state('on') }}", True),
        ("{{ is_state_attr('light.hall', 'brightness', 120) }}", True),
        ("{{ has_value('sensor.gone') }}", False),
        ("{{ 'sensor.out' is has_value }}", True),
        ("{{ ['sensor.out', 'sensor.gone'] | select('has_value') | list }}", ["sensor.out"]),
        ("{{ state_translated('binary_sensor.door') }}", "Open"),
        ("{{ expand('group.all') | map(attribute='entity_id') | list }}",
         ["light.attic", "light.hall"]),
        ("{{ expand(['light.hall', states.sensor]) | count }}", 3),
        ("{{ is_hidden_entity('light.secret') }}", True),
        ("{{ states.light.nope is none }}", True),
        # the registry
        ("{{ areas() }}", ["hall", "attic"]),
        ("{{ area_id('Hall') }} {{ area_id('light.hall') }} {{ area_id('d1') }}", "hall hall hall"),
        ("{{ area_name('light.hall') }}", "Hall"),
        ("{{ area_name('nope') }}", None),
        ("{{ area_entities('Hall') }}", ["light.hall"]),
        ("{{ area_entities('nope') }}", []),
        ("{{ area_devices('hall') }}", ["d1"]),
        ("{{ floors() }}", ["ground"]),
        ("{{ floor_id('light.hall') }} {{ floor_name('hall') }}", "ground Ground floor"),
        ("{{ floor_areas('ground') }}", ["hall"]),
        ("{{ floor_entities('ground') }}", ["light.hall"]),
        ("{{ labels() }} {{ labels('light.hall') }}", "['night'] ['night']"),
        ("{{ label_id('At night') }} {{ label_name('night') }}", "night At night"),
        ("{{ label_entities('night') }}", ["light.hall"]),
        ("{{ label_areas('night') }}", ["hall"]),
        ("{{ label_devices('night') }}", []),
        ("{{ device_id('light.hall') }} {{ device_name('light.hall') }}", "d1 Lamp"),
        ("{{ device_attr('d1', 'model') }}", "L1"),
        ("{{ is_device_attr('d1', 'model', 'L1') }}", True),
        ("{{ device_entities('d1') }}", ["light.hall"]),
        ("{{ integration_entities('demo') | count }}", 3),
        # time
        ("{{ now().isoformat() }}", "2025-06-15T15:06:40+00:00"),
        ("{{ utcnow().hour }}", 15),
        ("{{ now().weekday() }}", 6),
        ("{{ now().strftime('%H:%M') }}", "15:06"),
        ("{{ today_at('10:15') }}", "2025-06-15 10:15:00+00:00"),
        ("{{ now() > today_at('10:15') }}", True),
        ("{{ (now() - timedelta(hours=3)) | relative_time }}", "3 hours"),
        ("{{ relative_time(now() - timedelta(seconds=1)) }}", "1 second"),
        ("{{ time_since(now() - timedelta(hours=2, minutes=5), precision=2) }}",
         "2 hours 5 minutes"),
        ("{{ time_until(now() + timedelta(days=1)) }}", "1 day"),
        ("{{ as_timestamp('2025-06-15T15:06:40+00:00') }}", 1750000000.0),
        ("{{ as_timestamp(now()) == as_timestamp(states.light.hall.last_changed) }}", True),
        ("{{ as_timestamp('nonsense', 0) }}", 0),
        ("{{ as_datetime('2024-01-02 03:04:05').minute }}", 4),
        ("{{ as_datetime(0).year }}", 1970),
        ("{{ 0 | timestamp_custom('%H:%M') }}", "00:00"),
        ("{{ 0 | timestamp_utc }}", "1970-01-01T00:00:00+00:00"),
        ("{{ 0 | timestamp_local }}", "1970-01-01T00:00:00+00:00"),
        ("{{ strptime('10:20', '%H:%M').minute }}", 20),
        ("{{ strptime('x', '%H', 'none') }}", "none"),
        ("{{ as_timedelta('01:30:00').total_seconds() }}", 5400.0),
        ("{{ (as_local(utcnow())).hour }}", 15),
        # numbers
        ("{{ states('sensor.out') | float + 1 }}", 22.5),
        ("{{ 'x' | float(0) }} {{ 'x' | int(3) }}", "0 3"),
        ("{{ '3.9' | int }}", 3),
        ("{{ '0x1f' | int(base=16) }}", 31),
        ("{{ 3.14159 | round(2) }} {{ 3.6 | round }}", "3.14 4"),
        ("{{ 3.1 | round(0, 'ceil') }} {{ 3.9 | round(0, 'floor') }}", "4 3"),
        ("{{ 3.3 | round(1, 'half') }}", 3.5),
        ("{{ 'x' | round(1, default='?') }}", "?"),
        ("{{ [1, 2, 6] | average }} {{ average(1, 2) }}", "3.0 1.5"),
        ("{{ [1, 2, 9] | median }}", 2.0),
        ("{{ [] | average('none') }}", "none"),
        ("{{ min(3, 2) }} {{ max([1, 5]) }} {{ [4, 3] | min }}", "2 5 3"),
        ("{{ [1, 1, 2] | statistical_mode }}", 1),
        ("{{ is_number('3') }} {{ is_number('x') }} {{ 'inf' is is_number }}", "True False False"),
        ("{{ 'yes' | bool }} {{ 'off' | bool }} {{ 'x' | bool(false) }}", "True False False"),
        ("{{ sqrt(16) }} {{ 100 | log(10) }}", "4.0 2.0"),
        ("{{ sin(0) }} {{ pi | round(2) }} {{ tau | round(2) }} {{ e | round(2) }}",
         "0.0 3.14 6.28 2.72"),
        ("{{ 12 | clamp(0, 10) }} {{ 370 | wrap(0, 360) }}", "10.0 10.0"),
        ("{{ 5 | remap(0, 10, 0, 100) }}", 50.0),
        ("{{ '2' | multiply(3) }} {{ '2' | add(3) }}", "6.0 5.0"),
        ("{{ 5 | bitwise_and(4) }} {{ bitwise_or(1, 2) }} {{ 3 | bitwise_xor(1) }}", "4 3 2"),
        ("{{ 1 | ordinal }} {{ 12 | ordinal }} {{ 23 | ordinal }}", "1st 12th 23rd"),
        ("{{ (0xFF | pack('>B')) | unpack('>B') }}", 255),
        # text
        ("{{ 'Living Room!' | slugify }}", "living_room"),
        ("{{ slugify('Küche', '-') }}", "kuche"),
        ("{{ 'abc' | regex_match('B', true) }} {{ 'abc' | regex_search('c$') }}", "False True"),
        (
            ("{{ '0b7a3b1e-6a4d-4c61-9a1e-0123456789ab' | regex_match("
            "'^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$') }}"),
            True,
        ),
        ("{{ 'a1b2' | regex_replace('[0-9]', '-') }}", "a-b-"),
        ("{{ 'a1b22' | regex_findall('[0-9]+') }}", ["1", "22"]),
        ("{{ 'a1b22' | regex_findall_index('[0-9]+', 1) }}", 22),
        ("{{ 'abc' is match('ab') }} {{ 'abc' is search('bc') }}", "True True"),
        ("{{ '{\"a\": [1]}' | from_json }}", {"a": [1]}),
        ("{{ 'broken' | from_json('none') }}", "none"),
        ("{{ {'b': 1, 'a': 'é'} | to_json(sort_keys=True) }}", {"a": "é", "b": 1}),
        ("{{ 'é' | to_json(ensure_ascii=True) }}", '"\\u00e9"'),
        ("{{ 'abc' | base64_encode }} {{ 'YWJj' | base64_decode }}", "YWJj abc"),
        ("{{ md5('a') }}", "0cc175b9c0f1b6a831c399e269772661"),
        ("{{ ('a' | sha256)[:8] }}", "ca978112"),
        ("{{ urlencode({'a': 'b c'}) }}", "a=b+c"),
        ("{{ 'a' | ord }}", 97),
        ("{{ 'a b' | title }} {{ 'x' ~ 1 ~ none }}", "A B x1None"),
        ("{{ '%s-%02d' | format('x', 3) }} {{ '{}-{b}'.format(1, b=2) }}", "x-03 1-2"),
        ("{{ 'a,b'.split(',') }} {{ ' x '.strip() }}", "['a', 'b'] x"),
        ("{{ 'aXa' | replace('a', 'b') }} {{ 'aXa'.replace('a', 'c') }}", "bXb cXc"),
        ("{{ ['a', 'b'] | join(', ') }} {{ '-'.join(['a', 'b']) }}", "a, b a-b"),
        # lists
        ("{{ ['b', 'a', 'b'] | distinct }} {{ ['b', 'a', 'b'] | unique | list }}",
         "['b', 'a'] ['b', 'a']"),
        ("{{ [1, [2, [3]]] | flatten }} {{ flatten([1, [2, [3]]], 1) }}", "[1, 2, 3] [1, 2, [3]]"),
        ("{{ [1, 2] | intersect([2, 3]) }} {{ [1, 2] | difference([2]) }}", "[2] [1]"),
        ("{{ [1] | union([2]) }} {{ [1, 2] | symmetric_difference([2, 3]) }}", "[1, 2] [1, 3]"),
        ("{{ [1, 2] | contains(2) }} {{ [1, 2] is contains(3) }}", "True False"),
        ("{{ ['a', 'b'] | select('in', ['b']) | list }}", ["b"]),
        ("{{ combine({'a': {'x': 1}}, {'a': {'y': 2}}, recursive=True) }}",
         {"a": {"x": 1, "y": 2}}),
        ("{{ zip([1, 2], ['a', 'b']) | list }}", [[1, "a"], [2, "b"]]),
        ("{{ shuffle([1, 2, 3], 'seed') | sort }}", [1, 2, 3]),
        ("{{ [{'n': 1}, {'n': 2}] | sum(attribute='n') }}", 3),
        ("{{ [[1], [2]] | sum(start=[]) }}", [1, 2]),
        ("{{ [1, 2, 3] | batch(2) | list }} {{ [1, 2, 3] | slice(2) | list }}",
         "[[1, 2], [3]] [[1, 2], [3]]"),
        ("{{ {'b': 1, 'a': 2} | dictsort }}", [["a", 2], ["b", 1]]),
        ("{{ {'a': 1}.items() | list }} {{ {'a': 1}.get('b', 0) }}", "[('a', 1)] 0"),
        ("{{ [] is list }} {{ set([1]) is set }} {{ now() is datetime }}", "True True True"),
        ("{{ 1 | typeof }} {{ 'a' is string_like }}", "int True"),
        ("{{ iif(true, 'a', 'b') }} {{ false | iif('a', 'b') }} {{ iif(none, 1, 2, 3) }}",
         "a b 3"),
        (("{% macro up(x) %}{{ x | upper }}{% endmacro %}"
         "{{ ['a'] | map('apply', up) | list }}"), ["A"]),
        # the language itself
        (("{% set ns = namespace(n=0) %}{% for i in range(5) %}{% set ns.n = ns.n + i %}"
         "{% endfor %}{{ ns.n }}"), 10),
        (("{% for i in [1, 2, 3] %}{{ loop.index }}/{{ loop.length }}{{ '' if loop.last else ',' }}"
         "{% endfor %}"), "1/3,2/3,3/3"),
        ("{% for i in [1, 2, 3] %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}", 1),
        ("{% macro f(x) %}<{{ x }}>{% endmacro %}{{ f(1) }}{{ f('a') }}", "<1><a>"),
        ("{{ missing | default('x') }} {{ missing is defined }}", "x False"),
        ("{{ missing }}", ""),
        ("{{ given + 1 }}", 6),
    ],
)  # fmt: skip
def test_what_a_template_gives(templates, template, value):
    found = templates.render(template, {"given": 5})
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "template, words",
    [
        ("{{ x", "can't be read"),
        ("{% if %}", "can't be read"),
        ("{{ 1 | nonsense }}", "No filter named 'nonsense'"),
        ("{{ nonsense.x }}", "no variable “nonsense”"),
        ("{{ states.light.nope.state.x }}", "not there"),
        ("{{ 'x' | float }}", "no number, and no default"),
        ("{{ [] | average }}", "at least one number"),
        ("{{ 1 / 0 }}", "divides by zero"),
        ("{{ 'a' + 1 }}", "fails"),
        ("{{ 'x' | from_json }}", "no JSON"),
        ("{{ 'x' | regex_match('(') }}", "not a regular expression"),
        ("{{ as_timestamp('x') }}", "as a time"),
        ("{% include 'x' %}", "other files"),
        ("{% break %}", "outside loop"),
    ],
)
def test_trouble_is_told_in_words(templates, template, words):
    with pytest.raises(TemplateFailed) as caught:
        templates.render(template)
    assert words in caught.value.sentence
    assert "\n" not in caught.value.sentence


def test_trouble_names_the_line(templates):
    with pytest.raises(TemplateFailed) as rendering:
        templates.render("first\n{{ 1 }}\n{{ 1 / 0 }}")
    with pytest.raises(TemplateFailed) as reading:
        templates.compile("first\n{{ 1 | nonsense }}")
    assert (rendering.value.where, reading.value.where) == ("line 3", "line 2")


def test_a_text_without_marks_is_not_compiled(templates):
    found = templates.compile("{ not a template }")
    assert found.constant
    assert found.render() == "{ not a template }"


def test_the_same_text_is_compiled_once(templates):
    assert templates.compile("{{ 1 }}") is templates.compile("{{ 1 }}")


def test_a_template_knows_the_variables_it_needs(templates):
    found = templates.compile("{{ a }}{% for b in c %}{{ b }}{% endfor %}{{ states('x.y') }}")
    assert found.names == {"a", "c"}


def test_a_template_notes_what_it_reads(templates):
    read = templates.compile("{{ states('light.hall') }} {{ states.sensor | count }}")
    found = read.render_watched()
    assert found.entities == {"light.hall"}
    assert found.domains == {"sensor"}
    assert (found.all_states, found.time, found.registry) == (False, False, False)
    assert found.reads("light.hall")
    assert found.reads("sensor.any")
    assert not found.reads("light.attic")


@pytest.mark.parametrize(
    "template, flags",
    [
        ("{{ now() }}", (False, True, False)),
        ("{{ states | count }}", (True, False, False)),
        ("{{ area_name('light.hall') }}", (False, False, True)),
        ("{{ states('a.b') }}", (False, False, False)),
    ],
)
def test_a_template_notes_time_registry_and_all_states(templates, template, flags):
    found = templates.compile(template).render_watched()
    assert (found.all_states, found.time, found.registry) == flags


def test_only_the_branch_that_was_taken_is_read(templates):
    found = templates.compile(
        "{{ states('light.attic') if is_state('light.hall', 'off') else 1 }}"
    ).render_watched()
    assert found.entities == {"light.hall"}


def test_trouble_is_part_of_a_watched_rendering(templates):
    found = templates.compile("{{ states('light.hall') | float }}").render_watched()
    assert found.value is None
    assert found.error is not None
    assert found.entities == {"light.hall"}


def test_integrations_add_functions_but_replace_none(templates):
    templates.add_functions({"twice": lambda x: x * 2, "states": lambda _: "stolen"})
    assert templates.render("{{ twice(4) }} {{ states('light.hall') }}") == "8 on"
    templates.remove_functions(["twice", "states"])
    with pytest.raises(TemplateFailed):
        templates.render("{{ twice(4) }}")
    assert templates.render("{{ states('light.hall') }}") == "on"


async def test_what_depends_on_the_time_is_never_frozen(templates, clock):
    text = "{{ '2025-06-15T15:00:00+00:00' | as_datetime | relative_time }}"
    before = templates.render(text)
    await clock.advance(3600)
    assert (before, templates.render(text)) == ("6 minutes", "1 hour")


def test_times_are_those_of_the_home(states, registry, clock):
    home = Home()
    home._values["home.time_zone"] = "Europe/Berlin"
    home._zone = ZoneInfo("Europe/Berlin")
    templates = Templates(states, registry, clock, home)
    assert templates.render("{{ now().hour }} {{ today_at('12:00').hour }}") == "17 12"
    assert templates.render("{{ 0 | timestamp_custom('%H:%M') }}") == "01:00"
    assert templates.render("{{ as_timestamp('2025-06-15 17:06:40') }}") == NOW


def test_limits_can_be_chosen(states, registry, clock):
    templates = Templates(states, registry, clock, Home(), limits=Limits(output=10))
    assert templates.render("{{ 'x' * 10 }}") == "x" * 10
    with pytest.raises(TemplateFailed, match="longer than 10"):
        templates.render("{{ 'x' * 11 }}")
