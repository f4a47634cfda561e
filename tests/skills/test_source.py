"""YAML in, plain data out; every mistake is told with its line and what to do."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import Invalid
from skills import source
from skills.source import Input, dump, load

LAUGHS = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)


@pytest.mark.parametrize(
    "text, value",
    [
        ("on", True),
        ("Off", False),
        ("yes", True),
        ("y", "y"),
        ("'on'", "on"),
        ("~", None),
        ("", None),
        ("12", 12),
        ("0x10", 16),
        ("010", 8),
        ("0b11", 3),
        ("089", "089"),
        ("1_000", 1000),
        ("22:00:00", 79200),
        ("07:00:00", "07:00:00"),
        ("5:30", 330),
        ("-1:30", -90),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", "1e3"),
        ("1.0e+3", 1000.0),
        ("1:30.5", 90.5),
        ("2024-01-31", "2024-01-31"),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("!!float '1.5'", 1.5),
        ("!!bool 'on'", True),
        ("!!null x", None),
        ("=", "="),
    ],
)
def test_scalars_are_read_as_home_assistant_reads_them(text, value):
    found = load(f"key: {text}").data["key"]
    assert (found, type(found)) == (value, type(value))


def test_infinity_is_a_number():
    assert load("- .inf\n- -.inf").data == [float("inf"), float("-inf")]


def test_inputs_are_kept():
    assert load("entity_id: !input motion_sensor").data == {"entity_id": Input("motion_sensor")}


def test_the_old_word_for_an_input_is_understood():
    assert load("entity_id: !placeholder motion").data == {"entity_id": Input("motion")}


def test_every_path_has_its_line():
    found = load("alias: x\ntriggers:\n  - trigger: state\n    entity_id: light.x\n", "motion.yaml")
    assert found.line("triggers/0/entity_id") == 4
    assert found.line("triggers/0/nothing/here") == 3
    assert found.line("") == 1
    assert found.where("triggers/0") == "motion.yaml, line 3, at triggers/0"


def test_anchors_and_merge_keys_work():
    text = "a: &a {x: 1, y: 2}\nb: *a\nc:\n  <<: *a\n  y: 3\nd:\n  <<: [*a, {z: 4}]\n"
    data = load(text).data
    assert data["b"] == {"x": 1, "y": 2}
    assert data["c"] == {"x": 1, "y": 3}
    assert data["d"] == {"x": 1, "y": 2, "z": 4}


def test_an_alias_is_a_copy():
    data = load("a: &a [1]\nb: *a").data
    data["a"].append(2)
    assert data["b"] == [1]


@pytest.mark.parametrize(
    "text, line, words",
    [
        ("a: b: c", 1, "second colon"),
        ("a:\n\t- b", 2, "tab"),
        ("a:\n  b: 1\n\tc: 2", 3, "tab"),
        ("a: 1\nb: 'x", 2, "quotation mark"),
        ("a:\n  - [1, 2", 2, "bracket"),
        ("a: {{ states('x') }}", 1, "template must stand in quotes"),
        ("a: 1\nb: 2\na: 3", 3, "lines 1 and 3"),
        ("x:\n  a: 1\n  a: 2", 3, "stands twice"),
        ("a:\n  - b\n c: d", 3, "indentation"),
        ("a: *nobody", 1, "not above it"),
        ("a: &a [*a]", 1, "within itself"),
        ("a: @x", 1, "start with this character"),
        ('a: "\\q"', 1, "backslash"),
        ("a: 1\nb: \x01", 2, "can't be shown"),
        ("a: 1\n---\nb: 2", 2, "two documents"),
        ("- !secret wifi", 1, "!secret"),
        ("a: 1\nb: !include other.yaml", 2, "paste their text"),
        ("a: !include_dir_list x", 1, "paste their text"),
        ("a: !env_var X", 1, "not allowed"),
        ("a: !!python/object/apply:os.system [ls]", 1, "not allowed"),
        ("a: !!python/name:os.system ''", 1, "not allowed"),
        ("a: !!timestamp 2020-01-01", 1, "not allowed"),
        ("a: !input", 1, "needs the name"),
        ("a: !input [x]", 1, "needs the name"),
        ("a: !!int foo", 1, "is no int"),
        ("<<: 3", 1, "no mapping"),
        ("? [a]\n: b", 1, "can't be a key"),
        ("a: \ud800", 1, "half of a character"),
    ],
)
def test_a_mistake_is_told_with_its_line(text, line, words):
    with pytest.raises(Invalid) as caught:
        load(text, "skill.yaml")
    assert caught.value.where == f"skill.yaml, line {line}"
    assert words in f"{caught.value.sentence} {caught.value.remedy}"
    assert caught.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        "x: " + "a" * (source.LONGEST + 1),
        "[" * 100_000,
        "- " * 20_000,
        "{a: " * 5_000,
        "[" + "1," * 150_000 + "1]",
        "- &a x\n" + "- *a\n" * 120_000,
    ],
    ids=["laughs", "long", "brackets", "dashes", "braces", "many", "aliases"],
)
def test_what_would_explode_is_refused_quickly(text):
    before = time.process_time()
    with pytest.raises(Invalid):
        load(text)
    assert time.process_time() - before < 3


def test_a_file_that_is_no_text_is_refused(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_bytes(b"\xff\xfe\x00\xd8")
    with pytest.raises(Invalid, match="UTF-8"):
        source.read(file)
    with pytest.raises(Invalid, match="can't be read"):
        source.read(tmp_path / "missing.yaml")


def test_a_byte_order_mark_is_no_trouble(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    assert source.read(file).data == {"a": 1, "b": 2}


def test_dumped_text_is_nice_to_read():
    data = {
        "alias": "on",
        "triggers": [{"trigger": "time", "at": "22:00:00"}],
        "entity_id": Input("motion"),
        "message": "One.\nTwo.\n",
    }
    assert dump(data) == (
        "alias: 'on'\n"
        "triggers:\n"
        "  - trigger: time\n"
        "    at: '22:00:00'\n"
        "entity_id: !input motion\n"
        "message: |\n"
        "  One.\n"
        "  Two.\n"
    )


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False, min_value=-1e6, max_value=1e6)
    | _TEXT
    | st.sampled_from(["on", "22:00", "07:00:00", "=", "<<", "~", "0x1", "1e3", "2024-01-01", "!x"])
    | st.builds(Input, st.from_regex(r"[a-z][a-z_]{0,9}", fullmatch=True))
)
_DATA = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None, max_examples=200)
@given(_DATA)
def test_what_is_dumped_is_read_again(data):
    assert load(dump(data)).data == data


_PIECES = st.sampled_from(
    ["a: ", "b:\n", "- ", "\n", "  ", "\t", "[", "]", "{", "}", "!input x", "!x ", "&a ", "*a", "'",
     '"', "|", ">", "# x", "---\n", "...", "{{ x }}", "<<: ", "%TAG", "é", "\x00", ": ", "? ", ",",
     "22:00", "0o7", "@", "\u2028", "\x85"]
)  # fmt: skip


@settings(deadline=None, max_examples=400)
@given(st.lists(_PIECES, max_size=30).map("".join) | st.text(max_size=80))
def test_any_text_is_read_or_refused(text):
    try:
        found = load(text)
    except Invalid as error:
        refused = str(error)
        assert refused
    else:
        assert found.line("") in (None, *range(1, text.count("\n") + 40))
