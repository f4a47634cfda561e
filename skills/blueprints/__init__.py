"""Blueprints: skills with blanks, as files; and the catalogue of those that are there."""

from skills.blueprints.catalogue import SHIPPED, Blueprints
from skills.blueprints.model import Blueprint, BlueprintInput, House, Section
from skills.blueprints.parse import parse
from skills.blueprints.selectors import Selector

__all__ = [
    "SHIPPED",
    "Blueprint",
    "BlueprintInput",
    "Blueprints",
    "House",
    "Section",
    "Selector",
    "parse",
]
