"""Speaks with a running hub through its API.

With the standard library's HTTP client: a command asks one thing on loopback, and loading a
larger library would take longer than the answer.
"""

from __future__ import annotations

import http.client
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from hub.cli.exits import NotRunning
from hub.cli.house import House
from hub.errors import Broken, HubError, Invalid, NeedsPerson, NotFound, Refused, Retry

RUN_FILE = "run.json"
_TIMEOUT = 60.0  # seconds; an action may wait for a slow device
_KINDS: dict[str, type[HubError]] = {
    kind.__name__: kind for kind in (Invalid, NotFound, Refused, NeedsPerson, Retry, Broken)
}


class Client:
    """A hub at `url`, spoken to with `token`."""

    def __init__(self, url: str, token: str, start: str = "Start it with:  hub run") -> None:
        self._url = _checked(url)
        self._token = token
        self._start = start

    @property
    def url(self) -> str:
        """Where the hub answers."""
        return self._url.geturl()

    def get(self, *path: str, **query: Any) -> Any:
        """What is at `/api/a/b`; a query value of None or "" is left out."""
        wanted = {key: value for key, value in query.items() if value not in (None, "")}
        return self._ask("GET", path, None, wanted)

    def post(self, *path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Make or do something."""
        return self._ask("POST", path, body or {})

    def patch(self, *path: str, body: Mapping[str, Any]) -> Any:
        """Change something."""
        return self._ask("PATCH", path, body)

    def delete(self, *path: str) -> None:
        """Remove something."""
        self._ask("DELETE", path)

    def is_there(self) -> bool:
        """Whether the hub answers."""
        try:
            self.get()
        except NotRunning:
            return False
        return True

    def events(self, **subscription: Any) -> Iterator[dict[str, Any]]:
        """Events as they happen, until the hub ends or the reader stops (WebSocket, RFC 6455)."""
        # Only watching needs it, and it takes longer to load than any other command runs.
        from websockets.exceptions import WebSocketException  # noqa: PLC0415
        from websockets.sync.client import connect  # noqa: PLC0415 - as above

        scheme = "wss" if self._url.scheme == "https" else "ws"
        address = f"{scheme}://{self._url.netloc}{self._url.path}/api/websocket"
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            with connect(address, additional_headers=headers, max_size=None, proxy=None) as socket:
                _expect(json.loads(socket.recv(_TIMEOUT)), "auth_ok")
                wanted = {key: value for key, value in subscription.items() if value}
                socket.send(json.dumps({"id": 1, "type": "subscribe_events", **wanted}))
                _expect(json.loads(socket.recv(_TIMEOUT)), "result")
                for frame in socket:
                    yield json.loads(frame)["event"]
        except (OSError, WebSocketException) as error:
            raise self._gone(error) from error

    def _ask(
        self,
        method: str,
        path: tuple[str, ...],
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
    ) -> Any:
        target = self._url.path + "/".join(["/api", *(quote(part, safe="") for part in path)])
        target += f"?{urlencode(query)}" if query else ""
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        content = None
        if body is not None:
            content = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        connection = self._connection()
        try:
            connection.request(method, target, content, headers)
            answer = connection.getresponse()
            return _read(answer.status, answer.read())
        except (OSError, http.client.HTTPException) as error:
            raise self._gone(error) from error
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        https = self._url.scheme == "https"
        kind = http.client.HTTPSConnection if https else http.client.HTTPConnection
        return kind(self._url.hostname or "localhost", self._url.port, timeout=_TIMEOUT)

    def _gone(self, error: Exception) -> HubError:
        if isinstance(error, TimeoutError):
            return Retry(f"The hub at {self._url.geturl()} did not answer within {_TIMEOUT:g} s.")
        return NotRunning(f"No hub answers at {self._url.geturl()} ({error}).", remedy=self._start)


def reach(house: House) -> Client:
    """The way to the hub that a command is about. Raises NotRunning."""
    return find(house.folder, os.environ)


def find(folder: Path, environ: Mapping[str, str]) -> Client:
    """The hub that runs on this data folder, or the one that HUB_URL and HUB_TOKEN name.

    Raises NotRunning when there is none.
    """
    if url := environ.get("HUB_URL"):
        return Client(url, environ.get("HUB_TOKEN", ""), "Is HUB_URL right?")
    file = folder / RUN_FILE
    try:
        where = json.loads(file.read_text(encoding="utf-8"))
        return Client(where["url"], where["token"])
    except FileNotFoundError:
        raise NotRunning(
            f"No hub is running on the data folder {folder}.",
            remedy="Start it with:  hub run   (HUB_DATA names another data folder.)",
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HubError(
            f"It can't be read how to reach the hub: {error}.",
            where=str(file),
            remedy="Run this as the user whose hub it is.",
        ) from error


def _checked(url: str) -> SplitResult:
    found = urlsplit(url.rstrip("/"))
    if found.scheme not in ("http", "https") or not found.hostname:
        raise Invalid(f"“{url}” is no hub's address.", remedy="Like this: http://hub.local:8321")
    return found


def _read(status: int, content: bytes) -> Any:
    try:
        answer = json.loads(content) if content else None
    except ValueError as error:
        raise HubError(f"The answer was not the hub's ({status}).", remedy="Is the address right?") from error  # fmt: skip
    if status < 400:
        return answer
    raise _error(answer, status)


def _error(answer: Any, status: int) -> HubError:
    told = answer.get("error", {}) if isinstance(answer, dict) else {}
    sentence = told.get("sentence") or f"The hub answered with status {status}."
    places = {key: told.get(key, "") for key in ("where", "remedy", "culprit")}
    return _KINDS.get(told.get("kind", ""), HubError)(sentence, **places)


def _expect(message: dict[str, Any], kind: str) -> None:
    if message.get("type") != kind or message.get("success") is False:
        raise _error(message, 401)
