"""The hub as Avahi sees it: the resolver of most Linux desktops, on this machine's own network."""

from __future__ import annotations

import asyncio
import shutil
import subprocess

import pytest

from hub.addresses import lan_addresses
from tests.hub.discovery.conftest import Found

EVERY_IPV4 = "0.0.0.0"


def _missing() -> str:
    if shutil.which("avahi-browse") is None or shutil.which("avahi-resolve") is None:
        return "Avahi's tools are not here; install them with: sudo apt install avahi-utils"
    asked = subprocess.run(
        ["avahi-browse", "--all", "--terminate"], check=False, capture_output=True
    )
    if asked.returncode:
        return "no Avahi daemon answers; start it with: sudo service avahi-daemon start"
    return "" if lan_addresses(EVERY_IPV4) else "this machine is on no network"


MISSING = _missing()
pytestmark = [
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"mDNS as Avahi sees it: {MISSING}"),
]


async def answered(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    assert process.returncode == 0
    return output.decode()


async def test_avahi_resolves_the_name_and_lists_the_services(found: Found) -> None:
    found.addresses = lan_addresses(EVERY_IPV4)
    await found.home.change(name=found.name)
    await found.discovery.start()
    await found.discovery.look()
    host = found.discovery.hostname
    assert host == f"{found.name}.local"
    resolved = await answered("avahi-resolve", "-4", "--name", host)
    assert resolved.split() == [host, found.addresses[0]]
    for kind in ("_hearth-hub._tcp", "_http._tcp"):
        listed = await answered("avahi-browse", "--resolve", "--parsable", "--terminate", kind)
        lines = [line for line in listed.splitlines() if line.startswith("=") and host in line]
        assert lines, listed
        assert ";8321;" in lines[0]
        assert '"path=/"' in lines[0]
