from msgspec import Meta as Meta

from hub.actions import Action as Action
from hub.actions import Call as Call
from hub.actions import action as action
from hub.context import Context as Context
from hub.entities import Adapter as Adapter
from hub.entities import DeviceDescription as DeviceDescription
from hub.entities import EntityDescription as EntityDescription
from hub.errors import Broken as Broken
from hub.errors import HubError as HubError
from hub.errors import Invalid as Invalid
from hub.errors import NeedsPerson as NeedsPerson
from hub.errors import NotFound as NotFound
from hub.errors import Refused as Refused
from hub.errors import Retry as Retry
from hub.events import Event as Event
from hub.plugins.face import Face as Face
from hub.plugins.hookspecs import hookimpl as hookimpl
from hub.states import State as State
from store.home import ConfigEntryRow as ConfigEntry

__version__: str

__all__ = [
    "Action",
    "Adapter",
    "Broken",
    "Call",
    "ConfigEntry",
    "Context",
    "DeviceDescription",
    "EntityDescription",
    "Event",
    "Face",
    "HubError",
    "Invalid",
    "Meta",
    "NeedsPerson",
    "NotFound",
    "Refused",
    "Retry",
    "State",
    "action",
    "hookimpl",
]
