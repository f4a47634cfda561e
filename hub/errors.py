"""Errors that tell the host what to do, and hold a sentence that a person understands.

`sentence` says what happened, `where` names the file, line, path or field, `remedy` says
what to do, `culprit` is the part to blame (an integration's domain, an action, a skill id).
"""

from __future__ import annotations


class HubError(Exception):
    """Base of every error that Hearth raises on purpose."""

    def __init__(
        self, sentence: str, *, where: str = "", remedy: str = "", culprit: str = ""
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.where = where
        self.remedy = remedy
        self.culprit = culprit

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{place}{self.sentence}{remedy}"


class Invalid(HubError):
    """The input is wrong; the same input will never work. HTTP 422, exit code 2."""


class NotFound(HubError):
    """The thing that was named does not exist. HTTP 404."""


class Refused(HubError):
    """Not allowed, never retry. HTTP 403."""


class NeedsPerson(HubError):
    """A person must sign in again, approve or configure something before it can work."""


class Retry(HubError):
    """A passing trouble: try again, not before `after` seconds."""

    def __init__(
        self,
        sentence: str,
        *,
        after: float = 0.0,
        where: str = "",
        remedy: str = "",
        culprit: str = "",
    ) -> None:
        super().__init__(sentence, where=where, remedy=remedy, culprit=culprit)
        self.after = after


class Broken(HubError):
    """A bug in the culprit: the host quarantines it."""
