"""Why a file can't be used, in words: what happened, to which file, what to do."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from tortoise.exceptions import BaseORMException

# SQLite needs this much for its log before it can begin to write.
_TOO_LITTLE = 64 * 1024


class StoreError(Exception):
    """The data folder or a database can't be used; the text says why and what to do."""


# Whatever a function of this folder may raise when the disk or a file is at fault.
TROUBLES = (StoreError, sqlite3.Error, BaseORMException, OSError)
# What a database says by itself, while it is open.
DATABASE_ERRORS: tuple[type[Exception], ...] = (sqlite3.Error, BaseORMException)
_WHILE_RUNNING: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("locked", "busy"),
        "The database is locked by another program, so nothing could be stored.",
        "Close whatever has it open (a database browser, a backup) and try again.",
    ),
    (
        ("malformed", "not a database", "corrupt", "could not decode"),
        "A database of the hub is damaged.",
        "Stop the hub; `hub doctor` says which file it is and what to do.",
    ),
    (
        ("full", "no space", "quota"),
        "The disk is full, so nothing could be stored.",
        "Free some space and try again; what was stored before is not lost.",
    ),
    (
        ("readonly", "read-only"),
        "The data folder can't be written, so nothing could be stored.",
        "Give the hub's user the right to write there; `hub doctor` says which folder it is.",
    ),
    (
        ("i/o error", "unable to open"),
        "The disk of the data folder fails.",
        "Look whether it is full, and into the system's log; `hub doctor` helps.",
    ),
)


def explain(error: BaseException, path: Path) -> StoreError:
    """The StoreError for what the system or SQLite said about `path`."""
    if isinstance(error, StoreError):
        return error
    return StoreError(_sentence(str(error), path))


def _sentence(said: str, path: Path) -> str:
    text = said.lower()
    if "locked" in text or "busy" in text:
        return (
            f"{path} is locked by another program. Close whatever has it open "
            "(a database browser, a backup) and start again."
        )
    if "malformed" in text or "not a database" in text or "corrupt" in text:
        return (
            f"{path} is damaged ({said}). Move it away and put a backup in its place "
            f"(look for {path.stem}.before-*.db and backups beside it)."
        )
    # A full disk looks like many things: also like an I/O error or a file that can't be opened.
    if "full" in text or "no space" in text or "quota" in text or _is_full(path):
        return (
            f"The disk that holds {path} is full. Free some space and start again; "
            "nothing that was stored is lost."
        )
    if "read-only" in text or "readonly" in text or "permission" in text:
        return f"{path} can't be written. Give this user the right to write there, or set HUB_DATA."
    if "i/o error" in text:
        return (
            f"The disk that holds {path} fails ({said}). Look into the system's log, "
            "save the folder to another disk and start from there."
        )
    return f"{path} can't be opened: {said}. Look whether it is there and is a file."


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _TOO_LITTLE
    except OSError:
        return False


def while_running(error: BaseException) -> tuple[str, str] | None:
    """What happened and what to do, for whoever asked a running hub to store or read something.

    None when neither the disk nor a file is at fault, but the program.
    """
    text = str(error).lower()
    found = (told for words, *told in _WHILE_RUNNING if any(word in text for word in words))
    sentence, remedy = next(found, ("", ""))
    return (sentence, remedy) if sentence else None
