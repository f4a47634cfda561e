"""Durations and times of day in every spelling."""

from datetime import time, timedelta

import pytest

from hub.errors import Invalid
from skills import times


@pytest.mark.parametrize(
    "value, seconds",
    [
        (300, 300),
        (0.5, 0.5),
        ("300", 300),
        ("00:05:00", 300),
        ("1:00", 3600),
        ("00:00:01.5", 1.5),
        ("48:00:00", 172800),
        ({"minutes": 5}, 300),
        ({"days": 1, "hours": "2", "milliseconds": 500}, 93600.5),
        (timedelta(minutes=1), 60),
    ],
)
def test_a_duration_is_read(value, seconds):
    assert times.seconds(value) == seconds


@pytest.mark.parametrize(
    "value, where",
    [
        ("soon", "for"),
        (None, "for"),
        (True, "for"),
        (-5, "for"),
        ([5], "for"),
        ({}, "for"),
        (float("inf"), "for"),
        ("nan", "for"),
        (1e12, "for"),
        ({"weeks": 1}, "for/weeks"),
        ({"minutes": "some"}, "for/minutes"),
        ({"minutes": True}, "for/minutes"),
    ],
)
def test_what_is_no_duration_is_refused(value, where):
    with pytest.raises(Invalid) as caught:
        times.seconds(value, "for")
    assert caught.value.where == where


def test_a_time_of_day_is_read():
    assert times.time_of_day("07:30") == time(7, 30)
    assert times.time_of_day("23:59:59") == time(23, 59, 59)
    assert times.time_of_day(time(1)) == time(1)


@pytest.mark.parametrize(
    "value, words",
    [
        (79200, '"22:00:00"'),
        (1320, '"22:00"'),
        ("24:00", "not a time"),
        ("7", "not a time"),
        (None, "not a time"),
        (True, "not a time"),
    ],
)
def test_what_is_no_time_of_day_is_refused(value, words):
    with pytest.raises(Invalid) as caught:
        times.time_of_day(value)
    assert words in str(caught.value)


def test_days_of_the_week_are_read():
    assert times.weekdays("mon") == {0}
    assert times.weekdays(["sat", "Sunday"]) == {5, 6}
    with pytest.raises(Invalid, match="monkey"):
        times.weekdays(["monkey"])


@pytest.mark.parametrize(
    "seconds, words",
    [
        (0, "0 seconds"),
        (0.5, "0.5 seconds"),
        (1, "1 second"),
        (300, "5 minutes"),
        (5400, "1 hour 30 minutes"),
        (90061, "1 day 1 hour 1 minute 1 second"),
    ],
)
def test_a_duration_in_words(seconds, words):
    assert times.in_words(seconds) == words


def test_a_duration_as_a_clock_shows_it():
    assert times.clock_words(3725) == "01:02:05"
