"""A form as the browser sent it: what was typed, and what is wrong with it.

Nothing typed is lost: the same Form goes back into the template with its errors. Passwords
are the exception; macros/form.html never prints them.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import UploadFile
from starlette.requests import Request

from hub.errors import HubError


class Form:
    """Values by field name, and errors in the order in which they were found."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self.values = dict(values or {})
        self.errors: dict[str, str] = {}
        self._lists: dict[str, list[str]] = {}

    @classmethod
    async def read(cls, request: Request) -> Form:
        """From a request's body; uploaded files are left out."""
        data = await request.form()
        form = cls()
        for name, value in data.multi_items():
            if not isinstance(value, UploadFile):
                form.values[name] = value
                form._lists.setdefault(name, []).append(value)
        return form

    def value(self, name: str) -> str:
        """What was typed, or an empty text."""
        return self.values.get(name, "")

    def text(self, name: str) -> str:
        """The same without the spaces around it."""
        return self.value(name).strip()

    def all(self, name: str) -> list[str]:
        """Every value of a field that may come more than once."""
        return self._lists.get(name, [])

    def lists(self) -> dict[str, list[str]]:
        """Every field with all of its values, as the browser sent them."""
        return dict(self._lists)

    def checked(self, name: str) -> bool:
        """Whether a checkbox was on."""
        return name in self.values

    def wrong(self, name: str, sentence: str) -> None:
        """Say what is wrong with a field; the first sentence about it stays."""
        self.errors.setdefault(name, sentence)

    def blame(self, error: HubError, *, known: tuple[str, ...], otherwise: str) -> None:
        """Put a hub's refusal beside the field that it names, or beside `otherwise`."""
        field = error.where if error.where in known else otherwise
        self.wrong(field, f"{error.sentence} {error.remedy}".strip())

    def error(self, name: str) -> str:
        """What is wrong with a field, or an empty text."""
        return self.errors.get(name, "")

    @property
    def first_error(self) -> str:
        """The first wrong field's name; it gets the focus."""
        return next(iter(self.errors), "")

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong (so far)."""
        return not self.errors
