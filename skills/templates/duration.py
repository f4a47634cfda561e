"""Durations that may hold templates: of `for`, `delay`, `timeout`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.errors import Invalid
from skills import times
from skills.templates.complex import Complex
from skills.templates.template import Template, Templates


class Duration:
    """A duration that is known now or when it is needed."""

    __slots__ = ("_data", "_path", "_seconds")

    def __init__(self, data: Complex[Template], seconds: float | None, path: str) -> None:
        self._data = data
        self._seconds = seconds
        self._path = path

    @classmethod
    def compile(cls, value: Any, templates: Templates, path: str = "") -> Duration:
        """From any spelling of a duration. Raises Invalid with the path."""
        data = templates.compile_complex(value, path)
        if data.constant:
            return cls(data, times.seconds(value, path), path)
        if isinstance(value, Mapping):
            # Unknown units are found now; each template stands for an amount that is good.
            times.seconds(dict.fromkeys(value, 0), path)
        return cls(data, None, path)

    @property
    def constant(self) -> bool:
        """Whether it is known without rendering."""
        return self._seconds is not None

    def seconds(self, variables: Mapping[str, Any] | None = None) -> float:
        """The duration in seconds. Raises TemplateFailed, or Invalid for a wrong result."""
        if self._seconds is not None:
            return self._seconds
        return times.seconds(self._data.render(variables), self._path)

    def words(self, variables: Mapping[str, Any] | None = None) -> str:
        """The duration for people; `a while` when it can't be known."""
        try:
            return times.in_words(self.seconds(variables))
        except Invalid:
            return "a while"
