"""A home's name as a label of DNS-SD: at most 63 bytes, cut at a whole character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.discovery.announce import label


@pytest.mark.parametrize(
    "name,expected",
    [
        ("Home", "Home"),
        ("\t", "Hearth"),
        ("A\x00B\n", "AB"),
        ("房" * 30, "房" * 19),
        ("  ", "Hearth"),
    ],
)
def test_what_becomes_of_a_name(name: str, expected: str) -> None:
    assert label(name) == expected


@given(st.text(max_size=120))
def test_every_name_becomes_a_label_with_room_for_a_number(name: str) -> None:
    found = label(name)
    assert 0 < len(found.encode()) <= 63 - 4
    assert found.isprintable()
