"""The pages, their fragments and live stream, and the API. Imported by nobody: the hub loads it."""

from __future__ import annotations

from hub import hookimpl
from hub.app import Hub
from web.app import build
from web.server import WebPart


@hookimpl
def part(hub: Hub) -> WebPart:
    """The web part of a hub."""
    return WebPart(build(hub), hub.config.server, hub.folder, hub.local_token)
