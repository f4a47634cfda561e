"""How strong a password is said to be."""

from __future__ import annotations

import pytest

from web.passwords import is_known, strength


@pytest.mark.parametrize(
    "password",
    [
        "password123",
        "sommer2024",
        "qwertyuiop",
        "1234567890",
        "9876543210",
        "abababababab",
        "aaaaaaaaaaaa",
        "lindqvist2024!",
        "Iloveyou!!",
        "2019202020",
    ],
)
def test_passwords_that_are_guessed_first_are_known(password: str) -> None:
    assert is_known(password, "Mara Lindqvist", "mara")


@pytest.mark.parametrize(
    "password",
    ["correct horse battery staple", "tulpe-anker-nebel", "K9v!qz72Lw", "我家的门锁密码很长很长"],
)
def test_passwords_that_are_not(password: str) -> None:
    assert not is_known(password, "Mara Lindqvist", "mara")


@pytest.mark.parametrize(
    "password, level",
    [
        ("", 0),
        ("short", 1),
        ("password123", 1),
        ("sunflowery", 2),
        ("correct horse battery staple", 3),
        ("correct horse battery staple 42 river", 4),
    ],
)
def test_the_level_grows_with_the_password(password: str, level: int) -> None:
    assert strength(password).level == level


def test_a_short_one_says_how_much_is_missing() -> None:
    assert strength("12345678").words.startswith("Too short: 2 more.")
