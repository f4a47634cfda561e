"""Templates anywhere in nested data, compiled once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, Protocol, TypeVar

from skills.templates.errors import TemplateFailed
from skills.templates.values import is_template

_Variables = Mapping[str, Any] | None
_Render = Callable[[_Variables], Any]


class Renders(Protocol):
    """A compiled template."""

    def render(self, variables: _Variables = None) -> Any:
        """The value it stands for. Raises TemplateFailed."""


T = TypeVar("T", bound=Renders)


class Complex(Generic[T]):
    """Data whose templates are compiled; `render` fills them in. Constants cost nothing."""

    __slots__ = ("_data", "_render", "templates")

    def __init__(self, compiling: Callable[[str], T], data: Any, path: str = "") -> None:
        self.templates: list[tuple[str, T]] = []
        self._data = data
        self._render = self._compiled(compiling, data, path)

    @property
    def constant(self) -> bool:
        """Whether there is no template in it."""
        return self._render is None

    def render(self, variables: _Variables = None) -> Any:
        """The data with every template's value. Raises TemplateFailed with its path."""
        return self._data if self._render is None else self._render(variables)

    def _compiled(self, compiling: Callable[[str], T], data: Any, path: str) -> _Render | None:
        if isinstance(data, str):
            return self._text(compiling, data, path) if is_template(data) else None
        if isinstance(data, Mapping):
            return self._mapping(compiling, data, path)
        if isinstance(data, list | tuple):
            return self._list(compiling, data, path)
        return None

    def _text(self, compiling: Callable[[str], T], data: str, path: str) -> _Render:
        try:
            template = compiling(data)
        except TemplateFailed as error:
            raise error.at(path) from error
        self.templates.append((path, template))

        def render(variables: _Variables) -> Any:
            try:
                return template.render(variables)
            except TemplateFailed as error:
                raise error.at(path) from error

        return render

    def _list(self, compiling: Callable[[str], T], data: Any, path: str) -> _Render | None:
        parts = [self._compiled(compiling, v, _inner(path, n)) for n, v in enumerate(data)]
        if not any(parts):
            return None
        pairs = list(zip(data, parts, strict=True))
        return lambda variables: [
            value if part is None else part(variables) for value, part in pairs
        ]

    def _mapping(
        self, compiling: Callable[[str], T], data: Mapping[Any, Any], path: str
    ) -> _Render | None:
        rows = [
            (
                key,
                self._compiled(compiling, key, _inner(path, key)),
                value,
                self._compiled(compiling, value, _inner(path, key)),
            )
            for key, value in data.items()
        ]
        if not any(by_key or by_value for _, by_key, _, by_value in rows):
            return None
        return lambda variables: {
            by_key(variables) if by_key else key: by_value(variables) if by_value else value
            for key, by_key, value, by_value in rows
        }


def _inner(path: str, key: Any) -> str:
    return f"{path}/{key}" if path else str(key)
