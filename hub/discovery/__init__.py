"""How the hub is found on the LAN: by name (`hub.local`) and as a service, through mDNS."""

from __future__ import annotations

from hub.addresses import lan_addresses
from hub.app import Hub
from hub.discovery.service import Discovery
from hub.plugins.hookspecs import hookimpl


@hookimpl
def part(hub: Hub) -> Discovery:
    """The part that makes a hub found."""
    return Discovery(
        hub.clock,
        hub.tasks,
        hub.health,
        hub.home,
        hub.config.mdns,
        port=lambda: hub.port,
        addresses=lambda: lan_addresses(hub.config.server.host),
    )
