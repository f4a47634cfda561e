"""Times and names as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from web.words import _, ago_words, clock_words, duration_words, face_tone, initials, time_tag

NOW = datetime(2026, 11, 21, 18, 45, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "before, words",
    [
        (timedelta(minutes=1), "18:44"),
        (timedelta(hours=19), "yesterday 23:45"),
        (timedelta(hours=-6), "tomorrow 00:45"),
        (timedelta(days=9), "12 Nov 18:45"),
        (timedelta(days=400), "17 Oct 2025"),
    ],
)
def test_a_moment_in_words(before: timedelta, words: str) -> None:
    assert clock_words(NOW - before.total_seconds(), NOW, UTC) == words


def test_a_moment_is_told_in_the_homes_time_zone() -> None:
    assert clock_words(NOW, NOW, ZoneInfo("Asia/Shanghai")) == "02:45"


@pytest.mark.parametrize(
    "seconds, words",
    [
        (3, "just now"),
        (240, "4 min ago"),
        (7200, "2 h ago"),
        (86400, "1 day ago"),
        (3 * 86400, "3 days ago"),
        (-300, "in 5 min"),
    ],
)
def test_how_long_ago(seconds: float, words: str) -> None:
    assert ago_words(NOW - seconds, NOW) == words


@pytest.mark.parametrize(
    "seconds, words",
    [(0.55, "0.6 s"), (42, "42 s"), (240, "4 min"), (3600, "1 h"), (7500, "2 h 5 min")],
)
def test_how_long_something_took(seconds: float, words: str) -> None:
    assert duration_words(seconds) == words


def test_a_time_tells_machines_the_exact_moment() -> None:
    tag = time_tag("now & then", NOW, UTC)
    assert 'datetime="2026-11-21T18:45:00+00:00"' in tag
    assert "now &amp; then" in tag


@pytest.mark.parametrize(
    "name, letters", [("Mara Lindqvist", "ML"), ("Lina", "LI"), ("李", "李"), ("", "")]
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_face_keeps_its_colour() -> None:
    assert face_tone("Mara") == face_tone("Mara")


def test_a_sentence_takes_its_values() -> None:
    assert _("50 %% of %(what)s", what="it") == "50 % of it"
