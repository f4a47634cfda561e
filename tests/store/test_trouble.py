"""What is said while the hub runs, about a disk or a file that fails."""

from __future__ import annotations

import errno
import sqlite3

import pytest
from tortoise.exceptions import OperationalError

from store.trouble import while_running


@pytest.mark.parametrize(
    "error, words",
    [
        (OperationalError("database is locked"), "locked by another program"),
        (sqlite3.OperationalError("database or disk is full"), "The disk is full"),
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full"),
        (sqlite3.DatabaseError("database disk image is malformed"), "is damaged"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "can't be written"),
        (sqlite3.OperationalError("disk I/O error"), "The disk of the data folder fails"),
    ],
)
def test_each_trouble_has_a_sentence_and_what_to_do(error: Exception, words: str) -> None:
    told = while_running(error)
    assert told
    assert words in told[0]
    assert told[1].endswith(".")


def test_a_bug_is_no_trouble_of_the_disk() -> None:
    assert while_running(OperationalError("UNIQUE constraint failed: person.id")) is None
