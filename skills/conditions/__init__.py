"""The conditions of Home Assistant's language, compiled once and checked often."""

from skills.conditions.base import Condition
from skills.conditions.compiler import Conditions

__all__ = ["Condition", "Conditions"]
