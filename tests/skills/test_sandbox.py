"""A template can't reach Python, can't run away, and can't fill the memory."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.bus import Bus
from hub.clock import ManualClock
from hub.home import Home
from hub.registry import Registry
from hub.states import States
from skills.templates import StateView, TemplateFailed, Templates

# Signs that something of Python shows: a class, a function's address, a module.
_PYTHON = re.compile(r"<class|<module|<function|<bound|<built-in|object at 0x|mappingproxy")


@pytest.fixture(scope="module")
def templates():
    clock = ManualClock()
    states = States(Bus(), clock)
    states.set("light.hall", "on", {"friendly_name": "Hall", "secret": {"deep": [1]}})
    return Templates(states, Registry(Bus(), clock), clock, Home())


@pytest.fixture(scope="module")
def variables():
    clock = ManualClock()
    state = States(Bus(), clock).set("light.hall", "on", {"a": 1})
    return {"trigger": {"to_state": StateView(state), "for": None}, "text": "abc", "list": [1]}


def outcome(templates, text, variables=None):
    """What a template gives as text, or `refused: …`."""
    try:
        return templates.compile(text).render_text(variables or {})
    except TemplateFailed as error:
        return f"refused: {error}"


_OBJECTS = [
    "''", "1", "1.0", "true", "none", "[]", "{}", "()", "states", "states.light",
    "states.light.hall", "states.light.hall.attributes", "states.light.hall.last_changed", "now()",
    "now", "timedelta", "timedelta()", "range", "range(3)", "dict", "namespace", "namespace()",
    "cycler", "cycler(1)", "joiner", "joiner()", "self", "iif", "shuffle", "md5", "missing",
    "missing.x", "set", "set()", "trigger.to_state", "expand()", "now().tzinfo", "float",
    "states.light.hall.context",
]  # fmt: skip
_INNER = [
    "__class__", "__init__", "__globals__", "__dict__", "__mro__", "__subclasses__", "__call__",
    "__func__", "__self__", "__code__", "__builtins__", "__getattribute__", "__reduce__",
    "gi_frame", "f_globals", "cr_frame", "func_globals", "_state", "_watched", "hub_state", "mro",
    "__wrapped__", "tzinfo.from_file", "__module__", "_Namespace__attrs", "of",
    "_TemplateReference__context", "environment",
]  # fmt: skip


@pytest.mark.parametrize("thing", _OBJECTS)
def test_nothing_of_python_can_be_reached_from(templates, variables, thing):
    forms = ["{{{{ ({0}).{1} }}}}", "{{{{ ({0})['{1}'] }}}}", "{{{{ ({0}) | attr('{1}') }}}}",
             "{{{{ [{0}] | map(attribute='{1}') | list }}}}",
             "{{{{ '{{0.{1}}}'.format({0}) }}}}"]  # fmt: skip
    found = {
        text: outcome(templates, text, variables)
        for inner in _INNER
        for text in (form.format(thing, inner) for form in forms)
    }
    leaks = {text: value for text, value in found.items() if _PYTHON.search(value)}
    assert leaks == {}


@pytest.mark.parametrize(
    "text",
    [
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ self.__init__.__globals__.__builtins__.__import__('os') }}",
        "{{ states.__class__.__init__.__globals__ }}",
        "{{ (states | attr('__class__')).__name__.x }}",
        "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
        "{% macro f() %}{% endmacro %}{{ f.__call__.__globals__ }}",
        "{% for x in [1] %}{{ loop.__init__.__globals__ }}{% endfor %}",
        "{{ '{0.__class__.__init__.__globals__}'.format(states).x.y }}",
        "{% set x = namespace() %}{{ x.__init__.__globals__ }}",
        "{{ [].append(1) }}",
        "{{ {}.update(a=1) }}",
        "{{ list.append(1) }}",
        "{{ states.light.hall.attributes.update(a=1) }}",
        "{{ states.light.hall.attributes.secret.deep.append(1) }}",
        "{{ states.set('light.hall', 'off') }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% extends 'x' %}",
        "{{ lipsum(1) }}",
        "{{ dict.mro() }}",
        "{{ now().now() }}",
        "{{ 'x'.encode('zlib') }}",
        "{{ (1).to_bytes(9, 'big') }}",
    ],
)
def test_an_attack_is_refused(templates, text):
    assert outcome(templates, text).startswith("refused")


def test_nothing_was_changed_by_the_attacks(templates):
    assert templates.render("{{ states.light.hall.attributes.secret.deep }}") == [1]


_NEST = (
    "{% set ns = namespace(x=[1], y=[1]) %}{% for i in range(60) %}"
    "{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}"
)


@pytest.mark.parametrize(
    "text",
    [
        "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
        "{% for i in range(10**9) %}{% endfor %}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f(n) %}{% if n %}{{ f(n-1) }}{{ f(n-1) }}{% endif %}{% endmacro %}{{ f(60) }}",
        "{% for x in [1, 2] recursive %}{{ loop([1, 2]) }}{% endfor %}",
        "{% block a %}{{ self.a() }}{% endblock %}",
        "{{ 'a' * 10**9 }}",
        "{{ 10**9 * 'a' }}",
        "{{ [1] * 10**9 }}",
        "{{ 2**99999999 }}",
        (
            "{% set ns = namespace(n=9**999) %}{% for i in range(99) %}{% set ns.n = ns.n * ns.n %}"
            "{% endfor %}"
        ),
        "{{ 'x'.ljust(10**9) }}",
        "{{ 'x'.zfill(10**9) }}",
        "{{ 'x' | center(10**9) }}",
        "{{ '\t'.expandtabs(10**9) }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '%*d' % (10**9, 1) }}",
        "{{ '%.*f' % (10**9, 1.0) }}",
        "{{ '%(a)1000000000d' % {'a': 1} }}",
        "{{ '%1000000000d' | format(1) }}",
        "{{ '{:>1000000000}'.format(1) }}",
        "{{ '{:>{}}'.format(1, 10**9) }}",
        (
            "{% set ns = namespace(x='a' * 999) %}{% for i in range(99) %}"
            "{% set ns.x = ns.x ~ ns.x %}{% endfor %}"
        ),
        (
            "{% set ns = namespace(x='a' * 999) %}{% for i in range(99) %}"
            "{% set ns.x = ns.x + ns.x %}{% endfor %}"
        ),
        (
            "{% set ns = namespace(x='a' * 999) %}{% for i in range(99) %}"
            "{% set ns.x %}{{ ns.x }}{{ ns.x }}{% endset %}{% endfor %}"
        ),
        (
            "{% set ns = namespace(x=[]) %}{% for i in range(99999) %}"
            "{% set ns.x = ns.x + ['a' * 200000] %}{% endfor %}"
        ),
        _NEST + "{{ ns.x }}",
        _NEST + "{{ ns.x | string }}",
        _NEST + "{{ ns.x | to_json }}",
        _NEST + "{{ ns.x == ns.y }}",
        _NEST + "{{ ns.x in [ns.y] }}",
        _NEST + "{{ [ns.x] | contains(ns.y) }}",
        _NEST + "{{ [ns.x, ns.y] | sort }}",
        _NEST + "{{ [ns.x, ns.y] | min }}",
        _NEST + "{{ ns.x | flatten }}",
        _NEST + "{{ ns.x ~ '' }}",
        _NEST + "{{ '%s' % ns.x }}",
        _NEST + "{{ '{}'.format(ns.x) }}",
        _NEST + "{{ ns.x | md5 }}",
        _NEST + "{{ ns.x | join }}",
        _NEST + "{{ ns.x | slugify }}",
        _NEST + "{{ ns.x | regex_search('a') }}",
        _NEST + "{{ ns.x | upper }}",
        _NEST + "{{ ns.x | unique | list }}",
        _NEST + "{{ {'a': ns.x} | combine({'a': ns.y}) }}",
        _NEST + "{{ ns.x is eq ns.y }}",
        "{{ ('a' * 40 ~ '!') | regex_match('(a|aa)+$') }}",
        "{{ 'x' | regex_match('a{1000000000}') }}",
        "{{ 'x' | regex_match('((a{99}){99}){99}') }}",
        "{{ 'x' | regex_match('((ab|cd){46}){999}') }}",
        "{{ 'x' | regex_match('a' * 1001) }}",
        "{{ 1 | round(-10**9) }}",
        "{{ 1 | round(10**9) }}",
        "{{ [1] | batch(10**9, 0) | list }}",
        "{{ [1] | slice(10**9) | list }}",
        "{{ 'x' | indent(10**9) }}",
        "{{ ('x\n' * 1000) | indent('y' * 100000) }}",
        "{{ pack(1, '1000000000x') }}",
        "{{ range(100000) | list | join('x' * 100000) }}",
        "{{ ('a' * 100000) | replace('a', 'b' * 100000) }}",
        "{{ ('a' * 100000).replace('a', 'b' * 100000) }}",
        "{{ ('a' * 100000) | regex_replace('a', 'b' * 100000) }}",
        "{{ ('x' * 9000).join(['a'] * 9000) }}",
        "{{ [range(100000) | list] * 1000 }}",
        "{{ ([range(100000) | list] * 1000) | sum(start=[]) }}",
        "{{ (['a' * 200000] * 1000) | string }}",
        "{{ (['a' * 200000] * 1000) | to_json }}",
        "{% for i in range(100000) %}" + "x" * 1000 + "{% endfor %}",
        "{{ range(100000) | map('regex_replace', 'a', 'b') | list | length }}",
        "{{ range(99999) | map('string') | map('upper') | map('lower') | map('md5') | list }}",
        "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
        "{{ " + "-" * 5000 + "1 }}",
        "{{ " + "[" * 500 + "]" * 500 + " }}",
        "{{ " + "a." * 5000 + "b }}",
        "{{ " + "1+" * 9000 + "1 }}",
        "{% if 1 %}" * 500 + "{% endif %}" * 500,
        "{% for i in [1] %}" * 30 + "{% endfor %}" * 30,
        "{{ x }}" * 20_000,
        "{{ ('[' * 100000) | from_json }}",
        "{{ timedelta(days=10**20) }}",
        "{{ '9' * 5000 | int }}{{ ('9' * 5000) | int }}",
    ],
)
def test_what_would_run_away_is_stopped(templates, text):
    before = time.process_time()
    found = outcome(templates, text)
    assert found.startswith("refused")
    assert time.process_time() - before < 1.5


@pytest.mark.parametrize("literal", ["[" * 9000 + "]" * 9000, "-" * 90_000 + "1", "{1:" * 500])
def test_a_deep_result_stays_text(templates, literal):
    assert templates.render("{{ x }}", {"x": literal}) == literal


def test_a_stopped_template_leaves_the_next_alone(templates):
    assert outcome(templates, "{{ 'a' * 10**9 }}").startswith("refused")
    assert templates.render("{{ 'a' * 3 }}") == "aaa"


def test_much_honest_work_is_allowed(templates):
    text = (
        "{% set ns = namespace(n=0) %}{% for i in range(5000) %}"
        "{% set ns.n = ns.n + (i | string | length) %}{% endfor %}{{ ns.n }}"
    )
    assert templates.render(text) == 18890
    assert len(templates.render("{{ 'x' * 200000 }}")) == 200_000


_WORDS = st.sampled_from(
    ["{{", "}}", "{%", "%}", "{#", "#}", " ", "states", "states.light", "now()", "(", ")", "[", "]",
     "{", "}", "|", "float", "int", "round", "join", "list", "sort", "map", "attribute=", "'x'",
     "'__class__'", ".", "__class__", ",", ":", "1", "99999999999", "*", "**", "+", "-", "/", "%",
     "~", "if", "else", "for", "in", "range", "endfor", "endif", "set", "x", "=", "==", "not",
     "macro f()", "endmacro", "f()", "loop", "namespace", "regex_match", "to_json", "from_json",
     "is", "defined", "none", "\n", "\\", '"', "é", "break", "do", "indent", "expand", "'%9d'"]
)  # fmt: skip


@settings(deadline=None, max_examples=500)
@given(
    st.lists(_WORDS, max_size=25).map(" ".join) | st.text(max_size=60).map("{{{{ {} }}}}".format)
)
def test_any_text_is_rendered_or_refused(text):
    outcome(_TEMPLATES, text, {"x": [1, "a", {"b": None}]})
    assert _TEMPLATES.render("{{ 1 + 1 }}") == 2


_CLOCK = ManualClock()
_TEMPLATES = Templates(States(Bus(), _CLOCK), Registry(Bus(), _CLOCK), _CLOCK, Home())
