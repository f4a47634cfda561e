"""How often a password may be guessed."""

from __future__ import annotations

import pytest

from hub.clock import ManualClock
from web.limits import Guesses, wait_sentence

WINDOW = 300.0


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def guesses(clock: ManualClock) -> Guesses:
    return Guesses(clock, attempts=3, window=WINDOW)


async def test_after_the_allowed_guesses_one_has_to_wait(guesses: Guesses) -> None:
    waits = [guesses.take("mara", "10.0.0.9") for _ in range(4)]
    assert waits == [0.0, 0.0, 0.0, WINDOW]


async def test_waiting_less_as_time_goes_by(guesses: Guesses, clock: ManualClock) -> None:
    for _ in range(3):
        guesses.take("mara", "10.0.0.9")
    await clock.advance(100)
    assert guesses.take("mara", "10.0.0.9") == 200.0
    await clock.advance(200)
    assert guesses.take("mara", "10.0.0.9") == 0.0


async def test_asking_while_waiting_makes_it_no_longer(
    guesses: Guesses, clock: ManualClock
) -> None:
    for _ in range(9):
        guesses.take("mara", "10.0.0.9")
    await clock.advance(WINDOW)
    assert guesses.take("mara", "10.0.0.9") == 0.0


async def test_an_account_is_guarded_from_many_addresses(guesses: Guesses) -> None:
    waits = [guesses.take("Mara ", f"10.0.0.{n}") for n in range(4)]
    assert waits[-1] == WINDOW


async def test_an_address_is_guarded_over_many_accounts(guesses: Guesses) -> None:
    waits = [guesses.take(f"person {n}", "10.0.0.9") for n in range(13)]
    assert (waits[11], waits[12]) == (0.0, WINDOW)


async def test_an_ipv6_network_counts_as_one_address(guesses: Guesses) -> None:
    waits = [guesses.take(f"person {n}", f"fd00::{n:x}") for n in range(13)]
    assert waits[12] == WINDOW


async def test_a_right_password_takes_its_guesses_back(guesses: Guesses) -> None:
    guesses.take("mara", "10.0.0.9")
    guesses.take("mara", "10.0.0.9")
    guesses.take("mara", "10.0.0.9")
    guesses.right("mara", "10.0.0.9")
    assert guesses.take("mara", "10.0.0.9") == 0.0


async def test_guesses_at_many_names_do_not_fill_the_memory(guesses: Guesses) -> None:
    for n in range(12_000):
        guesses.take(f"person {n}", f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}")
    assert len(guesses) <= 10_000


@pytest.mark.parametrize(
    "seconds, span", [(0.2, "1 second"), (41.5, "42 seconds"), (299, "5 minutes")]
)
def test_the_sentence_says_how_long(seconds: float, span: str) -> None:
    assert wait_sentence(seconds) == f"Too many wrong passwords. Try again in {span}."
