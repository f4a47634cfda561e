"""What is said about the hub on the LAN."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Announcement:
    """`name` is the home's; `host` the wanted host name without `.local`.

    `properties` become the TXT record (RFC 6763, section 6).
    """

    name: str
    host: str
    port: int
    addresses: tuple[str, ...]
    properties: Mapping[str, str] = field(default_factory=dict)
