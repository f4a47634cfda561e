"""The announcement on loopback, asked for by a second zeroconf."""

from __future__ import annotations

import pytest
from zeroconf import (  # type: ignore[attr-defined]  # its documentation's names, not in __all__
    AddressResolver,
    DNSQuestionType,
)
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from hub import __version__
from hub.discovery.announce import SERVICES
from tests.hub.discovery.conftest import LOOPBACK, Found

pytestmark = [pytest.mark.network, pytest.mark.slow]
ELSEWHERE = "198.51.100.7"
BEFORE = "10.0.0.7"  # an earlier address than loopback's


async def resolved(other: AsyncZeroconf, host: str) -> list[str]:
    resolver = AddressResolver(f"{host}.")
    await resolver.async_request(other.zeroconf, 1500, DNSQuestionType.QM)
    return resolver.parsed_addresses()


async def service(other: AsyncZeroconf, kind: str, name: str) -> AsyncServiceInfo | None:
    info = AsyncServiceInfo(kind, f"{name}.{kind}")
    there = await info.async_request(other.zeroconf, 3000, DNSQuestionType.QM)
    return info if there else None


async def pretend(other: AsyncZeroconf, host: str, address: str) -> None:
    """Another machine answers to a name."""
    info = AsyncServiceInfo(
        "_test._tcp.local.", f"{host}._test._tcp.local.", 9, server=f"{host}.local.",
        parsed_addresses=[address],
    )  # fmt: skip
    await (await other.async_register_service(info))


async def test_both_services_lead_to_the_hub(found: Found, other: AsyncZeroconf) -> None:
    await found.home.change(name="Müllers Haus")
    await found.discovery.start()
    await found.discovery.look()
    assert found.discovery.hostname == f"{found.name}.local"
    assert await resolved(other, found.discovery.hostname) == [LOOPBACK]
    for kind in SERVICES:
        told = await service(other, kind, "Müllers Haus")
        assert told is not None
        assert (told.port, told.server) == (8321, f"{found.name}.local.")
        assert told.decoded_properties == {
            "version": __version__,
            "path": "/",
            "name": "Müllers Haus",
            "id": found.home.get("hub.id"),
        }
    assert found.health is not None
    assert (found.health.status, found.name in found.health.sentence) == ("ok", True)


async def test_a_browser_of_services_sees_it_come_and_go(
    found: Found, other: AsyncZeroconf
) -> None:
    seen: list[tuple[str, str]] = []
    browser = AsyncServiceBrowser(
        other.zeroconf,
        [SERVICES[0]],
        handlers=[lambda **told: seen.append((told["name"], told["state_change"].name))],
        question_type=DNSQuestionType.QM,
    )
    await found.home.change(name=found.name)
    await found.discovery.look()
    await found.discovery.stop()
    await other.zeroconf.async_wait(1000)
    await browser.async_cancel()
    ours = [change for name, change in seen if name == f"{found.name}.{SERVICES[0]}"]
    assert ours == ["Added", "Removed"]
    assert found.discovery.hostname == ""


async def test_a_name_that_another_machine_has_is_left_to_it(
    found: Found, other: AsyncZeroconf
) -> None:
    await pretend(other, found.name, ELSEWHERE)
    await found.discovery.look()
    assert found.discovery.hostname == f"{found.name}-2.local"
    assert found.health is not None
    assert f"{found.name}-2.local" in found.health.sentence


async def test_this_machine_may_answer_to_the_name_already(
    found: Found, other: AsyncZeroconf
) -> None:
    await pretend(other, found.name, LOOPBACK)
    await found.discovery.look()
    assert found.discovery.hostname == f"{found.name}.local"


async def test_of_two_that_took_a_name_at_once_the_later_address_keeps_it(
    found: Found, other: AsyncZeroconf
) -> None:
    await found.discovery.look()
    await pretend(other, found.name, ELSEWHERE)
    await found.discovery.look()
    assert found.discovery.hostname == f"{found.name}-2.local"


async def test_who_goes_on_answering_to_the_name_gets_it_in_the_end(
    found: Found, other: AsyncZeroconf
) -> None:
    await found.discovery.look()
    await pretend(other, found.name, BEFORE)
    await found.discovery.look()
    await found.discovery.look()
    assert found.discovery.hostname == f"{found.name}.local"
    await found.discovery.look()
    assert found.discovery.hostname == f"{found.name}-2.local"


async def test_a_new_name_and_a_new_address_are_announced(
    found: Found, other: AsyncZeroconf
) -> None:
    await found.discovery.look()
    await found.home.change(name=f"{found.name} new")
    found.addresses = [LOOPBACK, "127.0.0.2"]
    await found.discovery.look()
    assert await service(other, SERVICES[0], f"{found.name} new") is not None
    assert set(await resolved(other, f"{found.name}.local")) == {LOOPBACK, "127.0.0.2"}


async def test_hearing_nothing_any_more_is_reason_to_begin_anew(
    found: Found, other: AsyncZeroconf, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing() -> set[str]:
        return set()

    await found.discovery.look()
    first = found.discovery._announcer
    await found.discovery.look()
    assert found.discovery._announcer is first
    monkeypatch.setattr(first, "_heard", nothing)
    await found.discovery.look()
    assert found.discovery._announcer is not first
    assert await resolved(other, found.discovery.hostname) == [LOOPBACK]


async def test_any_name_of_a_home_can_be_announced(found: Found, other: AsyncZeroconf) -> None:
    found.home._values["home.name"] = "No. 5 (Frau Åberg) " + "房子" * 20
    await found.discovery.look()
    assert found.health is not None
    assert found.health.status == "ok", found.health.sentence
    assert await resolved(other, found.discovery.hostname) == [LOOPBACK]
