"""What every kind of step has."""

from __future__ import annotations

from skills.workshop import Common


class Base:
    """Base of the steps. `label` is a part of a sentence ("Turn on Hall")."""

    __slots__ = ("continue_on_error", "enabled", "kind", "label", "path")

    def __init__(self, common: Common) -> None:
        self.path = common.path
        self.kind = common.kind
        self.label = common.label
        self.enabled = common.enabled
        self.continue_on_error = common.continue_on_error
