"""Hearth: a hub for a household or a small office. This module is the face for integrations.

An integration imports from here and from nowhere else of Hearth::

    from hub import Context, EntityDescription, Face, hookimpl

Each name is loaded when it is first asked for, so that the command line, which lives below this
package, does not wait for the database's libraries. `__init__.pyi` tells type checkers the same.
"""

import importlib

__version__ = "0.1.0"

_WHERE = {
    "Action": "hub.actions",
    "Adapter": "hub.entities",
    "Broken": "hub.errors",
    "Call": "hub.actions",
    "ConfigEntry": "store.home:ConfigEntryRow",
    "Context": "hub.context",
    "DeviceDescription": "hub.entities",
    "EntityDescription": "hub.entities",
    "Event": "hub.events",
    "Face": "hub.plugins.face",
    "HubError": "hub.errors",
    "Invalid": "hub.errors",
    "Meta": "msgspec:Meta",
    "NeedsPerson": "hub.errors",
    "NotFound": "hub.errors",
    "Refused": "hub.errors",
    "Retry": "hub.errors",
    "State": "hub.states",
    "action": "hub.actions",
    "hookimpl": "hub.plugins.hookspecs",
}

__all__ = sorted(_WHERE)  # noqa: PLE0605 - the names of the table above, which the stub spells out


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, other_name = _WHERE[name].partition(":")
    value: object = getattr(importlib.import_module(module), other_name or name)
    globals()[name] = value
    return value
