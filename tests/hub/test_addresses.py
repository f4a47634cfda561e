"""Which addresses people are told, and which this machine has."""

from __future__ import annotations

import ipaddress

import pytest

from hub.addresses import lan_addresses, local_name, own_addresses, url

EVERYWHERE = ["0.0.0.0", "::", ""]


def test_this_machine_has_at_least_its_loopback_address() -> None:
    assert "127.0.0.1" in own_addresses()


def test_nobody_else_reaches_a_server_on_loopback() -> None:
    assert [lan_addresses(host) for host in ("127.0.0.1", "::1", "localhost")] == [[], [], []]


def test_a_server_at_one_address_is_reached_there_alone() -> None:
    assert lan_addresses("192.0.2.7") == ["192.0.2.7"]


def test_a_name_that_means_nothing_leads_nowhere() -> None:
    assert lan_addresses("no-such-host.invalid") == []


@pytest.mark.parametrize("host", EVERYWHERE)
def test_only_own_addresses_that_others_can_reach_are_told(host: str) -> None:
    told = lan_addresses(host)
    assert set(told) <= own_addresses()
    assert [a for a in told if ipaddress.ip_address(a).is_loopback] == []
    assert len(set(told)) == len(told)


def test_a_server_on_ipv4_is_not_announced_with_ipv6() -> None:
    assert [a for a in lan_addresses(EVERYWHERE[0]) if ":" in a] == []


@pytest.mark.parametrize(
    "host,port,expected",
    [
        ("hub.local", 8321, "http://hub.local:8321"),
        ("hub.local", 80, "http://hub.local"),
        ("fd00::2", 8321, "http://[fd00::2]:8321"),
    ],
)
def test_addresses_are_written_as_browsers_want_them(host: str, port: int, expected: str) -> None:
    assert url(host, port) == expected


@pytest.mark.parametrize(
    "host,expected",
    [(EVERYWHERE[0], "localhost"), ("::", "localhost"), ("127.0.0.1", "localhost"),
     ("192.0.2.7", "192.0.2.7")],
)  # fmt: skip
def test_this_machine_itself_reaches_it_by(host: str, expected: str) -> None:
    assert local_name(host) == expected
