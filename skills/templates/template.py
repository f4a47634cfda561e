"""Templates: compiled once, rendered often, typed as Home Assistant types them.

https://www.home-assistant.io/docs/configuration/templating/
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.clock import Clock
from hub.home import Home
from hub.registry import Registry
from hub.states import States
from skills.templates import collections, numbers, text
from skills.templates.bounded import bound, paying
from skills.templates.budget import Budget, Limits
from skills.templates.complex import Complex
from skills.templates.errors import TemplateFailed, TooMuch, WrongValue
from skills.templates.house import House
from skills.templates.moments import Moments
from skills.templates.sandbox import (
    Sandbox,
    SecurityError,
    TemplateSyntaxError,
    UndefinedError,
)
from skills.templates.values import is_template, typed
from skills.templates.views import Reads, Watched

_MOST_CACHED = 2000


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendering and what it read: of entities, whole domains, time and registry."""

    value: Any
    error: TemplateFailed | None
    entities: frozenset[str]
    domains: frozenset[str]
    all_states: bool
    time: bool
    registry: bool

    def reads(self, entity_id: str) -> bool:
        """Whether a change of this entity can change the result."""
        domain = entity_id.partition(".")[0]
        return self.all_states or entity_id in self.entities or domain in self.domains


class Template:
    """One template. Made by `Templates.compile`."""

    __slots__ = ("_code", "_owner", "constant", "names", "text")

    def __init__(self, owner: Templates, source: str, code: Any, names: frozenset[str]) -> None:
        self.text = source
        self.constant = code is None
        self.names = names
        self._code = code
        self._owner = owner

    def render(self, variables: Mapping[str, Any] | None = None) -> Any:
        """The value it stands for. Raises TemplateFailed."""
        if self._code is None:
            return self.text
        return typed(self._owner.run(self, self._code, variables))

    def render_text(self, variables: Mapping[str, Any] | None = None) -> str:
        """The rendered text as it is. Raises TemplateFailed."""
        if self._code is None:
            return self.text
        return self._owner.run(self, self._code, variables)

    def render_watched(self, variables: Mapping[str, Any] | None = None) -> Rendered:
        """The value (or the error) and what was read for it. Never raises TemplateFailed."""
        with self._owner.watching() as reads:
            value, error = None, None
            try:
                value = self.render(variables)
            except TemplateFailed as failed:
                error = failed
        return Rendered(
            value,
            error,
            frozenset(reads.entities),
            frozenset(reads.domains),
            reads.all_states,
            reads.time,
            reads.registry,
        )


class _Watching:
    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._before: Reads | None = None

    def __enter__(self) -> Reads:
        self._before, self._watched.reads = self._watched.reads, Reads()
        return self._watched.reads

    def __exit__(self, *error: object) -> None:
        self._watched.reads = self._before


class Templates:
    """Compiles and renders. Use it in the event loop's thread only."""

    def __init__(
        self,
        states: States,
        registry: Registry,
        clock: Clock,
        home: Home,
        functions: Mapping[str, Callable[..., Any]] | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._budget = Budget(self._limits)
        self._watched = Watched(states)
        self._sandbox = Sandbox(self._budget)
        self._cache: dict[str, Template] = {}
        self._fill(House(self._watched, registry), Moments(clock, home, self._watched))
        self._own = frozenset(self._sandbox.globals)
        self.add_functions(functions or {})

    def add_functions(self, functions: Mapping[str, Callable[..., Any]]) -> None:
        """Add functions of integrations; those of the language can't be replaced."""
        for name, function in functions.items():
            if name not in self._own:
                self._sandbox.globals[name] = paying(self._sandbox, function)
        self._cache.clear()

    def remove_functions(self, names: list[str]) -> None:
        """Take functions of integrations away again."""
        for name in names:
            if name not in self._own:
                self._sandbox.globals.pop(name, None)
        self._cache.clear()

    def compile(self, source: str) -> Template:
        """A template; the same text is compiled once. Raises TemplateFailed."""
        found = self._cache.get(source)
        if found is None:
            found = self._compiled(source)
            if len(self._cache) >= _MOST_CACHED:
                self._cache.pop(next(iter(self._cache)))
            self._cache[source] = found
        return found

    def render(self, source: str, variables: Mapping[str, Any] | None = None) -> Any:
        """Compile and render. Raises TemplateFailed."""
        return self.compile(source).render(variables)

    def compile_complex(self, data: Any, path: str = "") -> Complex[Template]:
        """Every template in nested data. Raises TemplateFailed with the template's path."""
        return Complex(self.compile, data, path)

    def render_complex(
        self, data: Any, variables: Mapping[str, Any] | None = None, path: str = ""
    ) -> Any:
        """Nested data with its templates rendered. Raises TemplateFailed with the path."""
        return self.compile_complex(data, path).render(variables)

    def watching(self) -> _Watching:
        """A `with` block that notes what is read."""
        return _Watching(self._watched)

    def run(self, template: Template, code: Any, variables: Mapping[str, Any] | None) -> str:
        """The text of compiled code; for Template."""
        budget, sandbox = self._budget, self._sandbox
        budget.reset()
        try:
            context = code.new_context(variables or {})
            return sandbox.concat(code.root_render_func(context))
        except Exception as error:
            raise _failed(error, template.text, code.get_corresponding_lineno) from error

    def _compiled(self, source: str) -> Template:
        if not is_template(source):
            return Template(self, source, None, frozenset())
        if len(source) > self._limits.source:
            raise TemplateFailed(
                f"A template can't have more than {self._limits.source:,} characters.",
                template=source[:100],
            )
        try:
            code, names = self._sandbox.prepared(source)
        except Exception as error:
            raise _failed(error, source) from error
        return Template(self, source, code, names)

    def _fill(self, house: House, moments: Moments) -> None:
        sandbox = self._sandbox
        bound(sandbox)
        at_home = house.functions()
        time_functions, time_filters = moments.catalogue()
        filters: dict[str, Any] = {
            **numbers.FILTERS,
            **text.FILTERS,
            **collections.FILTERS,
            **collections.applying(sandbox),
            **time_filters,
            **{name: function for name, function in at_home.items() if name != "states"},
            "states": house.states,
        }
        functions: dict[str, Any] = {
            **numbers.FUNCTIONS,
            **text.FUNCTIONS,
            **collections.FUNCTIONS,
            **collections.applying(sandbox),
            **time_functions,
            **at_home,
        }
        tests: dict[str, Any] = {
            **numbers.TESTS,
            **text.TESTS,
            **collections.TESTS,
            **house.tests(),
        }
        for table, found in ((sandbox.filters, filters), (sandbox.tests, tests)):
            table |= {name: paying(sandbox, function) for name, function in found.items()}
        views = (house.states, *(v for v in functions.values() if not callable(v)))
        sandbox.globals |= {
            name: found if found in views else paying(sandbox, found)
            for name, found in functions.items()
        }


def _failed(
    error: Exception, source: str, line_of: Callable[[int], int] | None = None
) -> TemplateFailed:
    """An exception in words, with the template's line."""
    line = error.lineno if isinstance(error, TemplateSyntaxError) else None
    if line is None and line_of is not None:
        frames = traceback.extract_tb(error.__traceback__)
        inside = [f.lineno for f in frames if f.filename == "<template>" and f.lineno]
        line = line_of(inside[-1]) if inside else None
    sentence, remedy = _in_words(error)
    return TemplateFailed(
        sentence,
        where=f"line {line}" if line and "\n" in source.strip() else "",
        remedy=remedy,
        template=source,
    )


def _in_words(error: Exception) -> tuple[str, str]:
    said = str(error)
    match error:
        case TooMuch():
            return f"The template was stopped. {said}", "Make it do less."
        case WrongValue():
            return said, "Give it a default, such as | float(0)." if "no default" in said else ""
        case UndefinedError():
            name = re.match(r"'(\w+)' is undefined", said)
            if name:
                return (
                    f"There is no variable “{name[1]}” here.",
                    f"Check its spelling, or give it a default: {name[1]} | default('').",
                )
            return f"Something in the template is not there: {said}.", "Check the spelling."
        case SecurityError():
            return f"A template may not do that: {said}.", "Use the functions of the language."
        case TemplateSyntaxError():
            message = (error.message or said).rstrip(".")
            return f"The template can't be read: {message}.", "Compare its brackets and words."
        case SyntaxError():
            return f"The template can't be read: {error.msg}.", ""
        case AttributeError():
            return f"Something in the template is not there: {said}.", "Check the spelling."
        case RecursionError() | MemoryError():
            return "The template is nested too deep.", "Write it simpler."
        case TypeError() if "no loader" in said:
            return "A template can't read other files.", "Put the macro into the template itself."
        case ZeroDivisionError():
            return "The template divides by zero.", "Ask first whether the number is 0."
        case _:
            return f"The template fails: {said or type(error).__name__}.", ""
