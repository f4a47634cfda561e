"""A real hub in a process of its own, a real browser, and a real receiver of notifications."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

ROOT = Path(__file__).resolve().parents[2]
_START_LIMIT = 40.0
_BROWSER_FLAGS = (
    "--no-sandbox", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-gpu",
)  # fmt: skip


class Receiver:
    """An HTTP server on loopback that takes what Apprise posts."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        received = self.messages

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                received.append(json.loads(self.rfile.read(length)))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_about: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"json://127.0.0.1:{self._server.server_port}/hook"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def told(self, pattern: str) -> list[str]:
        """The messages that match."""
        texts = [str(m.get("title", "")) + " " + str(m.get("message", "")) for m in self.messages]
        return [text for text in texts if re.search(pattern, text)]

    async def wait_for(self, pattern: str, count: int = 1, seconds: float = 15) -> list[str]:
        """Wait until `count` messages match."""
        end = time.monotonic() + seconds
        # The receiver is a server in a thread of its own: there is no event of the loop to wait for.
        while len(self.told(pattern)) < count and time.monotonic() < end:  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.05)
        found = self.told(pattern)
        assert len(found) >= count, f"{len(found)} messages match “{pattern}”: {self.messages}"
        return found


class RunningHub:
    """`hub run` on a data folder of its own; can be killed and started again."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = _free_port()
        self.url = f"http://localhost:{self.port}"
        self.setup_link = ""
        self._said_where = False
        self._process: subprocess.Popen[str] | None = None
        self._log = (data.parent / "hub.log").open("a")

    def start(self) -> None:
        """Start it, and wait until it has said where it is and answers."""
        self._said_where = False
        environ = {k: v for k, v in os.environ.items() if not k.startswith("HUB_")} | {
            "HUB_DATA": str(self.data),
            "HUB_PORT": str(self.port),
            "HUB_MDNS_ENABLED": "false",
            "HUB_TESTING_MOVABLE_CLOCK": "true",
            "PYTHONUNBUFFERED": "1",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hub", "run"],
            cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=self._log, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        threading.Thread(target=self._read, args=[self._process.stdout], daemon=True).start()
        end = time.monotonic() + _START_LIMIT
        while not (self._said_where and self._answers()):
            assert self._process.poll() is None, f"the hub ended: {self.log()}"
            assert time.monotonic() < end, f"the hub does not answer: {self.log()}"
            time.sleep(0.05)

    def kill(self) -> None:
        """kill -9: nothing is told to the hub."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        if self._process is None or self._process.poll() is not None:
            return self._process.returncode if self._process else 0
        self._process.terminate()
        return self._process.wait(timeout=15)

    def close(self) -> None:
        """Stop it and let go of its files."""
        self.stop()
        self._log.close()

    def log(self) -> str:
        """What it wrote so far."""
        self._log.flush()
        return Path(self._log.name).read_text()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Use the API with the token of whoever can read the data folder."""
        where = json.loads((self.data / "run.json").read_text())
        request = urllib.request.Request(
            where["url"] + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {where['token']}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=15) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def sense(self, entity_id: str, state: str) -> None:
        """Make a demo sensor report something."""
        data = {"entity_id": entity_id, "state": state}
        self.call("POST", "/api/actions/demo.trigger", {"data": data})

    def advance(self, seconds: float) -> None:
        """Move the hub's clock forward."""
        self.call("POST", "/api/testing/clock", {"advance": seconds})

    def _read(self, lines: Any) -> None:
        for line in lines:
            self._log.write(line)
            self._said_where = self._said_where or "First visit" in line or "This network" in line
            if found := re.search(r"https?://\S+/setup\?token=(\S+)", line):
                self.setup_link = f"{self.url}/setup?token={found[1]}"
        lines.close()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + "/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver of notifications."""
    found = Receiver()
    yield found
    found.stop()


@pytest.fixture
def running_hub(tmp_path: Path) -> Iterator[RunningHub]:
    """A started hub on an empty data folder."""
    hub = RunningHub(tmp_path / "data")
    hub.start()
    yield hub
    hub.close()


@pytest.fixture
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    """A headless Chromium."""
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(
            executable_path=chromium_path, args=list(_BROWSER_FLAGS)
        )
        yield found
        await found.close()


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A page 1280 wide whose errors fail the test."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    found = await context.new_page()
    problems: list[str] = []
    found.on("pageerror", lambda error: problems.append(str(error)))
    found.on(
        "console",
        lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None,
    )
    found.set_default_timeout(15_000)
    yield found
    await context.close()
    assert not problems, f"the pages complained: {problems}"


async def look(page: Page, name: str) -> None:
    """Keep a screenshot under test-results/, to be looked at."""
    folder = ROOT / "test-results" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=folder / f"{name}.png", full_page=False)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
