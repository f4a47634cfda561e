"""What can go wrong in a template, in words."""

from __future__ import annotations

from hub.errors import Invalid


class TemplateFailed(Invalid):
    """A template can't be read or rendered. `where` names the path and the template's line."""

    def __init__(
        self, sentence: str, *, where: str = "", remedy: str = "", template: str = ""
    ) -> None:
        super().__init__(sentence, where=where, remedy=remedy)
        self.template = template

    def at(self, path: str) -> TemplateFailed:
        """The same trouble with the path of the template in front of its line."""
        where = ", ".join(part for part in (path, self.where) if part)
        return TemplateFailed(
            self.sentence, where=where, remedy=self.remedy, template=self.template
        )


class WrongValue(ValueError):
    """A template function was given what it can't use; its text is a sentence."""


class TooMuch(Exception):
    """A template went over one of its limits; its text is a sentence."""
