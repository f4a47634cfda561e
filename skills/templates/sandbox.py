"""The one door to Jinja: a sandbox that can't reach Python, and that can't run away.

Beside Jinja's own sandbox, which forbids what begins with an underscore and what changes a value:

- an attribute is readable only when its type's row in `_READABLE` names it;
- every turn of a loop, call and filter takes a step of the budget, and every text that is made
  is paid for before it is made;
- nothing is computed while a template is compiled (its optimiser is off), so that the budget
  holds for everything and a time-dependent filter is never frozen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from functools import partial
from typing import Any, cast

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.meta import find_undeclared_variables
from jinja2.runtime import Context, LoopContext, Macro, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Cycler, Joiner, Namespace, pass_context, pass_environment

from skills.templates.budget import Budget
from skills.templates.errors import TooMuch
from skills.templates.views import StateView

# What the other modules of this folder need of Jinja.
__all__ = [
    "Sandbox",
    "SecurityError",
    "TemplateError",
    "TemplateSyntaxError",
    "Undefined",
    "UndefinedError",
    "pass_context",
    "pass_environment",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STEPS = "(steps)"  # the filter around what a loop goes through; a template can't write its name
_CLOCK = _words(
    "year month day hour minute second microsecond tzinfo weekday isoweekday isocalendar isoformat "
    "strftime date time timetz timestamp timetuple replace astimezone utcoffset dst tzname fold "
    "total_seconds days seconds microseconds toordinal utctimetuple ctime"
)
_TEXT = _words(
    "capitalize casefold count endswith find index isalnum isalpha isascii isdecimal "
    "isdigit isidentifier islower isnumeric isprintable isspace istitle isupper lower lstrip "
    "partition removeprefix removesuffix rfind rindex rpartition rsplit rstrip split splitlines "
    "startswith strip swapcase title upper"
)
# These make text of any length: the wrapped ones pay first.
_LONG_TEXT = _words("center ljust rjust zfill expandtabs replace join format")
_VIEW = _words(
    "entity_id domain object_id state name attributes last_changed last_updated last_reported "
    "context state_with_unit as_dict"
)
_LOOP = _words(
    "index index0 first last length revindex revindex0 previtem nextitem depth depth0 cycle changed"
)
_READABLE: tuple[tuple[type, frozenset[str]], ...] = (
    (StateView, _VIEW),
    (str, _TEXT),
    (dict, frozenset(("get", "items", "keys", "values", "copy"))),
    (list, frozenset(("index", "count", "copy"))),
    (tuple, frozenset(("index", "count"))),
    (set, _words("union intersection difference issubset issuperset isdisjoint copy")),
    (frozenset, _words("union intersection difference issubset issuperset isdisjoint")),
    (bool, frozenset()),
    (int, frozenset(("bit_length", "is_integer"))),
    (float, frozenset(("is_integer",))),
    (bytes, frozenset(("decode", "hex"))),
    (datetime, _CLOCK),
    (date, _CLOCK),
    (time, _CLOCK),
    (timedelta, _CLOCK),
    (tzinfo, frozenset(("key", "utcoffset", "tzname", "dst"))),
    (LoopContext, _LOOP),
    (Cycler, frozenset(("next", "current", "reset"))),
    (Macro, frozenset(("name", "arguments"))),
    (Mapping, frozenset(("get", "items", "keys", "values"))),
)
_CALLABLE_TYPES = (dict, Namespace, Cycler, Joiner)
_NOTHING: frozenset[str] = frozenset()
# A width or precision of four digits or `*`, before the letter of a %-conversion.
_WIDE = re.compile(r"(?:\d{4,}|\*)(?:\.(?:\d*|\*))?[hlL]?[diouxXeEfFgGcrsa]")


class _Generator(CodeGenerator):
    """Writes Python in which joining and comparing ask the environment first."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802  # Jinja's name
        self.write("environment.joined((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")

    def visit_Compare(self, node: nodes.Compare, frame: Frame) -> None:  # noqa: N802  # Jinja's name
        self.write("(environment.compared(")
        self.visit(node.expr, frame)
        self.write(")")
        for operand in node.ops:
            self.visit(operand, frame)
        self.write(")")


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's environment with our limits. One rendering at a time, in one thread."""

    code_generator_class = _Generator
    intercepted_binops = frozenset(("+", "*", "**", "%"))

    def __init__(self, budget: Budget) -> None:
        super().__init__(
            optimized=False,
            autoescape=False,
            cache_size=0,
            extensions=["jinja2.ext.loopcontrols", "jinja2.ext.do"],
            finalize=pass_context(lambda _context, value: self._finished(value)),
        )
        self.budget = budget
        self.globals = {
            "range": self._range,
            "dict": dict,
            "namespace": Namespace,
            "cycler": Cycler,
            "joiner": Joiner,
        }
        self.filters[_STEPS] = budget.count
        self._names: dict[type, frozenset[str]] = {}

    def prepared(self, source: str) -> tuple[Any, frozenset[str]]:
        """A compiled template and the variables that it needs from outside."""
        tree = self.parse(source)
        names = frozenset(find_undeclared_variables(tree)) - self.globals.keys()
        code = self.compile(tree, "template", "<template>")
        return self.template_class.from_code(self, cast("Any", code), self.globals), names

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,
    ) -> str:
        for loop in source.find_all(nodes.For):
            loop.iter = nodes.Filter(
                loop.iter, _STEPS, [], [], None, None, lineno=loop.lineno, environment=self
            )
        return super()._generate(source, name, filename, defer_init)

    # --- reading attributes

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What `obj.attribute` is in a template."""
        kind = type(obj)
        names = self._names.get(kind)
        if names is None:
            names = self._names[kind] = _readable(kind)
        if attribute in names:
            return getattr(obj, attribute)
        if attribute.startswith("_"):
            return self._item(obj, attribute)
        if isinstance(obj, Undefined):
            return getattr(obj, attribute)
        if isinstance(obj, Namespace):
            return getattr(obj, attribute, self.undefined(obj=obj, name=attribute))
        if isinstance(obj, str) and attribute in _LONG_TEXT:
            return partial(self._long_text, obj, attribute)
        return self._item(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """What `obj[argument]` is in a template: an item, else an attribute of that name."""
        found = self._item(obj, argument)
        if isinstance(found, Undefined) and isinstance(argument, str):
            return self.getattr(obj, argument)
        return found

    def _item(self, obj: Any, argument: Any) -> Any:
        if not isinstance(obj, type):
            try:
                return obj[argument]
            except (TypeError, LookupError, AttributeError):
                pass  # no such item: undefined, as in Jinja
        return self.undefined(obj=obj, name=argument)

    # --- doing

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805  # so that no keyword is taken
        """Call a function or macro."""
        __self.budget.spend(5)
        if isinstance(__obj, Macro):
            return __context.call(__obj, *args, **kwargs)
        return super().call(__context, __obj, *args, **kwargs)

    def is_safe_callable(self, obj: Any) -> bool:
        """Whatever a template can reach is ours to call, but of types only these."""
        return not isinstance(obj, type) or obj in _CALLABLE_TYPES

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002  # Jinja's signature
        """`+`, `*`, `**` and `%`, after a look at how large the result will be."""
        simple = isinstance(left, float) or isinstance(right, float)
        if not simple:
            self._check_size(operator, left, right)
        return self.binop_table[operator](left, right)

    def joined(self, parts: Iterable[Any]) -> str:
        """`a ~ b`."""
        texts = [part if isinstance(part, str) else self._finished(part) for part in parts]
        return self.concat(texts)

    def concat(self, parts: Iterable[str]) -> str:
        """The text of a template, macro or block out of its parts."""
        texts = list(parts)
        self.budget.make(sum(map(len, texts)))
        return "".join(texts)

    def compared(self, value: Any) -> Any:
        """The left side of a comparison: nested data is measured, so that it can't explode."""
        if isinstance(value, list | tuple | dict):
            self.budget.measure(value)
        return value

    def _finished(self, value: Any) -> str:
        if isinstance(value, str):
            self.budget.spend(1 + (len(value) >> 7))
            return value
        if callable(value) and not isinstance(value, Macro | Undefined):
            return f"<{getattr(value, '__name__', 'function')}>"
        if not isinstance(value, int | float | StateView | Undefined | None):
            if hasattr(value, "__next__"):
                value = list(self.budget.count(value))
            self.budget.measure(value)
        return str(value)

    def _range(self, *bounds: int) -> range:
        found = range(*bounds)
        if len(found) > 100_000:
            raise TooMuch("A range can't have more than 100,000 numbers.")
        return found

    def _long_text(self, text: str, method: str, *args: Any, **kwargs: Any) -> str:
        """A method of str that can make a long text."""
        numbers = [abs(arg) for arg in args if isinstance(arg, int)]
        match method:
            case "join":
                parts = [str(part) for part in self.budget.admit(args[0])]
                self.budget.make(sum(map(len, parts)) + len(text) * len(parts))
                return text.join(parts)
            case "replace":
                old, new = str(args[0]), str(args[1])
                self.budget.make(len(text) + (text.count(old) * len(new)))
            case "expandtabs":
                self.budget.make(len(text) + text.count("\t") * max(numbers, default=8))
            case "format":
                return self._formatted(text, args, kwargs)
            case _:
                self.budget.make(max([len(text), *numbers]))
        return str(getattr(text, method)(*args, **kwargs))

    def _formatted(self, text: str, args: Iterable[Any], kwargs: dict[str, Any]) -> str:
        if re.search(r"\d{4,}|:[^}]*\{", text):
            raise TooMuch("A width in a format can't have more than three digits.")
        values = [*args, *kwargs.values()]
        size = sum(self.budget.measure(value) for value in values)
        self.budget.make(len(text) + (1 + text.count("{")) * size + 1000 * text.count(":"))
        wrapped = self.wrap_str_format(text.format)
        assert wrapped is not None  # noqa: S101  # it is the format method of a str
        return wrapped(*args, **kwargs)

    def _check_size(self, operator: str, left: Any, right: Any) -> None:
        match operator:
            case "+":
                if isinstance(left, str | list | tuple) and isinstance(right, str | list | tuple):
                    self.budget.make(len(left) + len(right))
            case "*":
                self._check_product(left, right)
            case "**":
                if isinstance(left, int) and isinstance(right, int):
                    self._check_number(left.bit_length() * abs(right))
            case _:
                if isinstance(left, str):
                    if _WIDE.search(left):
                        raise TooMuch("A width in a format can't have more than three digits.")
                    size = self.budget.measure(right)
                    self.budget.make(len(left) + left.count("%") * (1000 + size))

    def _check_product(self, left: Any, right: Any) -> None:
        for times, value in ((left, right), (right, left)):
            if isinstance(times, int) and isinstance(value, str | list | tuple | bytes):
                self.budget.make(len(value) * max(times, 0))
        if isinstance(left, int) and isinstance(right, int):
            self._check_number(left.bit_length() + right.bit_length())

    def _check_number(self, bits: int) -> None:
        if bits > 4096:
            raise TooMuch("The number would have more than a thousand digits.")


def _readable(kind: type) -> frozenset[str]:
    for base, names in _READABLE:
        if issubclass(kind, base):
            return names
    return _NOTHING
