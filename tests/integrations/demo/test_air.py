from __future__ import annotations

import pytest

from integrations.demo.air import Air, Drivers, breathe, radiator


def test_a_heated_room_warms_up_over_an_hour() -> None:
    air = breathe(Air(18.0), Drivers(8.0, heating=True), 3600)
    assert 19.0 < air.temperature < 20.0


def test_a_room_cools_slowly_when_shut_and_fast_with_an_open_window() -> None:
    shut = breathe(Air(20.0), Drivers(5.0), 3600)
    aired = breathe(Air(20.0), Drivers(5.0, open=True), 3600)
    assert 19.5 < shut.temperature < 20.0
    assert 10.0 < aired.temperature < 17.0


def test_left_alone_for_a_week_a_room_is_as_cold_as_outdoors() -> None:
    air = breathe(Air(20.0), Drivers(5.0), 7 * 24 * 3600)
    assert air.temperature == pytest.approx(5.0, abs=0.5)


def test_people_use_up_the_air_and_a_window_brings_it_back() -> None:
    stale = breathe(Air(20.0, co2=500), Drivers(8.0, people=4), 2 * 3600)
    fresh = breathe(stale, Drivers(8.0, people=4, open=True), 3600)
    assert stale.co2 > 1000
    assert fresh.co2 < 0.7 * stale.co2


def test_a_shower_makes_it_damp_but_never_more_than_air_can_hold() -> None:
    assert breathe(Air(22.0, 50.0), Drivers(8.0, shower=30), 1800).humidity > 55
    assert breathe(Air(22.0, 50.0), Drivers(8.0, shower=5000), 3600).humidity <= 99


def test_many_small_steps_come_to_the_same_as_one_long() -> None:
    drivers = Drivers(5.0, people=2)
    small = Air(20.0)
    for _ in range(240):
        small = breathe(small, drivers, 15)
    assert small.temperature == pytest.approx(
        breathe(Air(20.0), drivers, 3600).temperature, abs=0.05
    )


@pytest.mark.parametrize(
    "mode, temperature, was_on, night, airing, heats",
    [
        ("heat", 20.0, False, False, False, True),
        ("heat", 21.5, True, False, False, False),
        ("heat", 20.9, False, False, False, False),
        ("heat", 20.9, True, False, False, True),
        ("off", 5.0, True, False, False, False),
        ("heat", 5.0, True, False, True, False),
        ("auto", 20.0, False, True, False, False),
        ("auto", 17.0, False, True, False, True),
        ("heat", 20.0, False, True, False, True),
    ],
)
def test_a_thermostat_keeps_21_degrees(
    mode: str, temperature: float, was_on: bool, night: bool, airing: bool, heats: bool
) -> None:
    found = radiator(mode, 21.0, Air(temperature), was_on, night=night, airing=airing)
    assert found is heats
