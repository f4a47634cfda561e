"""What could keep a hub from working well on this machine, each with what to do about it.

Looks only; works whether a hub runs or not.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import socket
import sqlite3
import stat
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hub import __version__
from hub.addresses import lan_addresses
from hub.config import Config
from hub.health import Status

OLDEST_PYTHON = (3, 11)
_ENOUGH_DISK, _LITTLE_DISK = 1_000_000_000, 100_000_000  # bytes
_WRITTEN = 1_760_000_000.0  # epoch seconds; no clock that is right shows less
_MDNS = ("224.0.0.251", 5353)
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True, slots=True)
class Finding:
    """How one thing is. `remedy` says what to do when it isn't `ok`."""

    name: str
    status: Status
    sentence: str
    remedy: str = ""


def examine(config: Config, running_at: str = "") -> Iterator[Finding]:
    """Every check, in the order of what the next one needs.

    `running_at` is the address of the hub that runs on this data folder, if one does.
    """
    looks: tuple[Callable[[Config, str], Finding], ...] = (
        _python, _folder, _disk, _secret_key, _main_database, _history, _port, _mdns, _clock,
        _time_zones, _local_model, _browser,
    )  # fmt: skip
    for look in looks:
        yield look(config, running_at)


def _python(_config: Config, _running_at: str) -> Finding:
    told = f"Hearth {__version__} on Python {platform.python_version()}, {platform.machine()}"
    if sys.version_info < OLDEST_PYTHON:
        return Finding("python", "bad", f"{told}: too old.", "Install Python 3.11 or newer.")
    return Finding("python", "ok", f"{told}, SQLite {sqlite3.sqlite_version}.")


def _folder(config: Config, _running_at: str) -> Finding:
    folder = config.data
    try:
        info = folder.stat()
    except FileNotFoundError:
        return Finding("data folder", "ok", f"{folder} is not there yet; the first start makes it.")
    except OSError as error:
        return Finding(
            "data folder", "bad", f"{folder} can't be looked at: {error.strerror}.", _RIGHTS
        )
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        return Finding("data folder", "bad", f"{folder} can't be written.", _RIGHTS)
    if stat.S_IMODE(info.st_mode) & 0o007:
        return Finding(
            "data folder", "warn", f"Everybody on this machine can look into {folder}.",
            f"chmod o= {folder}",
        )  # fmt: skip
    return Finding("data folder", "ok", f"{folder.resolve()} can be written.")


_RIGHTS = "Give this user the right to write there, or set HUB_DATA to another folder."


def _disk(config: Config, _running_at: str) -> Finding:
    place = next(p for p in (config.data.absolute(), *config.data.absolute().parents) if p.exists())
    free = shutil.disk_usage(place).free
    told = f"{free / 1e9:.1f} GB are free where {config.data} is."
    if free < _LITTLE_DISK:
        return Finding("disk", "bad", told, "Free some space: the hub soon can't store anything.")
    if free < _ENOUGH_DISK:
        return Finding("disk", "warn", told, "Free some space, or shorten [storage] history_days.")
    return Finding("disk", "ok", told)


def _secret_key(config: Config, _running_at: str) -> Finding:
    key = config.data / "secret.key"
    try:
        mode = stat.S_IMODE(key.stat().st_mode)
    except OSError:
        return Finding("secret.key", "ok", "It is not there yet; the first start makes it.")
    if mode & 0o077:
        return Finding("secret.key", "warn", "Others can read the key.", f"chmod 600 {key}")
    if not os.access(key, os.R_OK):
        return Finding("secret.key", "bad", f"{key} can't be read.", _RIGHTS)
    return Finding("secret.key", "ok", "Only its owner can read it.")


def _main_database(config: Config, _running_at: str) -> Finding:
    return _database("database", config.data / "hub.db")


def _history(config: Config, _running_at: str) -> Finding:
    return _database("history", config.data / "history.db")


def _database(name: str, path: Path) -> Finding:
    if not path.exists():
        return Finding(name, "ok", f"{path.name} is not there yet; the first start makes it.")
    try:
        with sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5) as db:
            answer = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        db.close()
    except sqlite3.Error as error:
        answer = str(error)
    if answer != "ok":
        return Finding(
            name, "bad", f"{path} is damaged or can't be read: {answer}.",
            "Stop the hub, move the file away and put a backup in its place.",
        )  # fmt: skip
    return Finding(name, "ok", f"{path.name} is sound, {path.stat().st_size / 1e6:.1f} MB.")


def _port(config: Config, running_at: str) -> Finding:
    host, port = config.server.host, config.server.port
    if running_at:
        return Finding("port", "ok", f"A hub is running and answers at {running_at}.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        return Finding(
            "port", "bad", f"{host}, port {port} can't be opened: {error.strerror}.",
            "Stop the program that holds it, or choose another port: HUB_PORT=8322.",
        )  # fmt: skip
    return Finding("port", "ok", f"Port {port} is free; no hub is running.")


def _mdns(config: Config, _running_at: str) -> Finding:
    if not config.mdns.enabled:
        return Finding("mDNS", "ok", "Switched off in hub.toml: [mdns] enabled = false.")
    addresses = [a for a in lan_addresses(config.server.host) if ":" not in a]
    if not addresses:
        return Finding(
            "mDNS", "warn", "This machine has no address on a network that others could reach.",
            "Connect it to the network, or correct [server] host in hub.toml.",
        )  # fmt: skip
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            probe.bind(("", _MDNS[1]))
            membership = socket.inet_aton(_MDNS[0]) + socket.inet_aton(addresses[0])
            probe.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
    except OSError as error:
        return Finding(
            "mDNS", "warn", f"Multicast can't be had on {addresses[0]}: {error.strerror}.",
            "People reach the hub by its address. If Avahi holds port 5353, set "
            "disallow-other-stacks=no in /etc/avahi/avahi-daemon.conf.",
        )  # fmt: skip
    return Finding("mDNS", "ok", f"Can be announced at {', '.join(addresses)}.")


def _clock(config: Config, _running_at: str) -> Finding:
    now = time.time()
    if now < _WRITTEN:
        shown = time.strftime("%Y-%m-%d", time.gmtime(now))
        return Finding("clock", "bad", f"The clock of this machine shows {shown}.", _SET_CLOCK)
    newest = max((_changed(config.data / n) for n in ("hub.db", "history.db")), default=0.0)
    if newest > now + 60:
        behind = (newest - now) / 60
        return Finding(
            "clock", "warn", f"The database was written {behind:.0f} minutes in the future.",
            _SET_CLOCK,
        )  # fmt: skip
    return Finding("clock", "ok", f"{time.strftime('%Y-%m-%d %H:%M:%S %Z')}.")


_SET_CLOCK = "Set it, and let it be kept right: sudo timedatectl set-ntp true"


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _time_zones(_config: Config, _running_at: str) -> Finding:
    if importlib.util.find_spec("tzdata") or Path("/usr/share/zoneinfo/Europe/Berlin").exists():
        return Finding("time zones", "ok", "Known.")
    return Finding(
        "time zones", "bad", "This machine has no time zone database.", "pip install tzdata"
    )


def _local_model(_config: Config, _running_at: str) -> Finding:
    if importlib.util.find_spec("llama_cpp"):
        return Finding("local model", "ok", "Its runtime is installed.")
    return Finding("local model", "ok", "Its runtime is not installed; make llama does that.")


def _browser(_config: Config, _running_at: str) -> Finding:
    found = next(filter(None, map(shutil.which, _BROWSERS)), "")
    if found:
        return Finding("Chromium", "ok", f"{found}; the tests in a browser can run.")
    return Finding("Chromium", "ok", "Not installed; only the tests in a browser need it.")
