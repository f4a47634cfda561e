"""`hub run` as a program of its own: how it starts, what it says, how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest

from hub import addresses
from tests.hub.cli.conftest import type_in

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.slow

# An integration that takes its time to end.
SLOW = """
import asyncio
from hub import hookimpl

class Slow:
    async def start(self): ...
    async def act(self, entity_id, verb, data, context): ...
    async def stop(self):
        await asyncio.sleep(60)

@hookimpl
def adapter(face, entry):
    return Slow()
"""


class Running:
    """A hub in a process of its own."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hub", "run"],
            cwd=folder.parent,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said: list[str] = []

    def until(self, pattern: str) -> re.Match[str]:
        """Read what it says up to a line with this pattern."""
        for line in self._out:
            self.said.append(line.rstrip("\n"))
            if found := re.search(pattern, line):
                return found
        raise AssertionError(f"It never said {pattern}, but: {self.said}")

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        self.said += [line.rstrip("\n") for line in self._out]
        return self.process.wait(20)

    @property
    def _out(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout


Run = Callable[..., Running]


@pytest.fixture
def run(folder: Path) -> Iterator[Run]:
    started: list[Running] = []

    def start(**environ: str) -> Running:
        usual = {"HUB_PORT": "0", "HUB_MDNS_ENABLED": "false", "HUB_INTEGRATIONS_ENABLED": ""}
        started.append(Running(folder, usual | environ))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()
        one._out.close()


def test_the_first_start_tells_what_it_makes_and_where_to_go(run: Run, folder: Path) -> None:
    hub = run()
    link = hub.until(r"First visit +(http://\S+/setup\?token=\S+)")[1]
    assert f"Making the data folder {folder}." in hub.said
    assert [line for line in hub.said if line.startswith("Preparing the database")]
    assert [line for line in hub.said if re.search(r"This machine +http://localhost:\d+", line)]
    said = "\n".join(hub.said)
    told = {a.strip("[]") for a in re.findall(r"This network +http://(\S+):\d+", said)}
    assert told == set(addresses.lan_addresses("::"))
    with urllib.request.urlopen(link, timeout=10) as page:
        assert (page.status, b"<form" in page.read()) == (200, True)
    assert hub.end() == 0
    assert [line for line in hub.said if "Traceback" in line] == []


def test_with_an_owner_there_is_no_setup_link(run: Run, folder: Path) -> None:
    type_in("user", "add", "Mara", "--role", "owner", "--no-password")
    hub = run()
    hub.until("This machine")
    assert hub.end() == 0
    assert [line for line in hub.said if "setup" in line] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly(run: Run, folder: Path, number: signal.Signals) -> None:
    hub = run()
    hub.until("This machine")
    assert json.loads((folder / "run.json").read_text())["pid"] == hub.process.pid
    assert hub.end(number) == 0
    assert not (folder / "run.json").exists()


def test_ctrl_c_a_second_time_does_not_wait(run: Run, folder: Path) -> None:
    slow = folder / "integrations" / "slow"
    slow.mkdir(parents=True)
    (slow / "integration.toml").write_text('domain = "slow"\nname = "Slow"\nversion = "1"\n')
    (slow / "__init__.py").write_text(SLOW)
    hub = run(HUB_INTEGRATIONS_ENABLED="slow")
    hub.until("This machine")
    hub.process.send_signal(signal.SIGINT)
    hub.until("Ctrl-C again ends it at once")
    assert hub.end() == 128 + signal.SIGINT


def test_a_signal_during_the_start_ends_it_too(run: Run) -> None:
    hub = run()
    hub.until("Making the data folder")
    assert hub.end(signal.SIGTERM) in (0, -signal.SIGTERM)
    assert [line for line in hub.said if "Traceback" in line] == []


def told_once(hub: Running, code: int, *words: str) -> None:
    assert hub.wait() == code, hub.said
    assert [line for line in hub.said if "Traceback" in line] == []
    last = hub.said[-1]
    assert [word for word in words if word not in last] == []


def test_a_port_in_use_is_told_with_what_to_do(run: Run) -> None:
    with socket.socket() as listener:
        listener.bind(("", 0))
        listener.listen()
        port = listener.getsockname()[1]
        told_once(run(HUB_PORT=str(port)), 1, f"Port {port} is already used", "HUB_PORT=")


def test_a_second_hub_on_the_folder_is_refused(run: Run, folder: Path) -> None:
    first = run()
    first.until("This machine")
    told_once(run(), 1, "Another hub is running on the data folder", "HUB_DATA")
    assert (folder / "run.json").exists()
    assert first.end() == 0


def test_wrong_settings_are_told_with_their_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "hub.toml").write_text("[mdns]\nname = 7\n")
    told_once(run(), 2, "hub.toml, line 2", "mdns.name can't be 7")


def test_a_damaged_database_is_told_and_left_alone(run: Run, folder: Path) -> None:
    folder.mkdir()
    (folder / "hub.db").write_bytes(b"no database" * 500)
    told_once(run(), 1, "hub.db is damaged", "backup")
    assert (folder / "hub.db").read_bytes() == b"no database" * 500


def test_a_data_folder_that_is_a_file_is_told(run: Run, folder: Path) -> None:
    folder.write_text("")
    told_once(run(), 1, str(folder), "HUB_DATA")


def test_another_settings_file_is_taken(run: Run, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text("[server]\nhost = '127.0.0.1'\n")
    hub = run(HUB_CONFIG="other.toml")
    hub.until("This machine")
    assert hub.end() == 0
    assert [line for line in hub.said if "This network" in line] == []


@pytest.mark.network
@pytest.mark.skipif(not addresses.lan_addresses(), reason="mDNS: this machine is on no network")
def test_the_name_that_was_got_is_told(run: Run) -> None:
    name = f"test-{os.getpid()}"
    hub = run(HUB_MDNS_ENABLED="true", HUB_MDNS_NAME=name)
    assert re.fullmatch(rf"http://{name}\.local:\d+", hub.until(r"By name +(http://\S+)")[1])
    assert hub.end() == 0
