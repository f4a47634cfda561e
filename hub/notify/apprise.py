"""The one door to Apprise, loaded at first use (0.7 s of CPU, 30 MB) and never on the event loop.

https://github.com/caronc/apprise. A plugin is made for each attempt and asked directly: the queue,
the retries and the worker threads are the hub's own.
"""

from __future__ import annotations

import asyncio
import functools
import importlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from hub.config import Notify as Settings
from hub.notify.outcome import Outcome
from hub.notify.reasons import Attempt, Hidden, explain

T = TypeVar("T")

_log = logging.getLogger(__name__)
_SPLIT = "split"
_TYPES = {"low": "info", "normal": "info", "high": "warning", "critical": "failure"}
# Pushover's “emergency” rings until somebody confirms; that is for escalation, not for a message.
_PUSHOVER = {"low": "low", "high": "high", "critical": "high"}
_GOTIFY = {"low": "low", "high": "high", "critical": "emergency"}
_NTFY = {"low": "low", "high": "high", "critical": "max"}
_PRIORITIES = {
    "ntfy": _NTFY,
    "ntfys": _NTFY,
    "pover": _PUSHOVER,
    "prowl": _PUSHOVER,
    "gotify": _GOTIFY,
    "gotifys": _GOTIFY,
}
_FORMATS = ("markdown", "text", "html")


class AppriseSender:
    """Sends through Apprise's plugins, each attempt in a thread of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def send(self, url: str, title: str, message: str, data: Mapping[str, Any]) -> Outcome:
        """Try once; `data` may name `format` (markdown, text, html) and `urgency`."""
        timeout = self._settings.timeout
        try:
            address = _with_priority(url, str(data.get("urgency", "")))
            plugin = await in_thread(lambda: plugin_of(address))
            if plugin is None:
                return Outcome(False, "The address is not understood any more.", final=True)
            patience = timeout + _pauses(plugin, message)
            work = in_thread(lambda: _send(plugin, url, title, message, data, timeout))
            return await asyncio.wait_for(work, patience)
        except TimeoutError:
            return Outcome(False, f"The service took longer than {timeout:g} seconds.")


def plugin_of(url: str) -> Any:
    """The plugin for a URL, or None when Apprise can't make one of it. Blocks: use a thread."""
    library = _library()
    return library.Apprise.instantiate(url, asset=_asset())


def schemas() -> list[str]:
    """Every word that can stand before `://`, those of plugins that lack a package too."""
    return sorted(_manager().schemas())


def plugin_class(schema: str) -> Any:
    """The plugin's class for a schema, or None."""
    manager = _manager()
    # The manager is no mapping: it has no `get`.
    return manager[schema] if schema in manager else None  # noqa: SIM401


def template(schema: str) -> dict[str, Any]:
    """Apprise's own description of a schema's URL: templates, tokens and arguments."""
    _library()
    plugins = importlib.import_module("apprise.plugins")
    found: dict[str, Any] = plugins.details(plugin_class(schema))
    return found


def missing_packages(schema: str) -> list[str]:
    """Python packages that a schema's plugin needs and that are not installed."""
    _library()
    plugins = importlib.import_module("apprise.plugins")
    return list(plugins.requirements(plugin_class(schema))["packages_required"])


async def in_thread(work: Callable[[], T]) -> T:
    """Run `work` in a daemon thread: one that hangs holds up neither a pool nor the hub's stop."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def deliver(result: T | None, error: BaseException | None) -> None:
        if answer.done():
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(result)  # type: ignore[arg-type]  # None only beside an error

    def run() -> None:
        result, failure = None, None
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits
            failure = error
        try:
            loop.call_soon_threadsafe(deliver, result, failure)
        except RuntimeError:
            _log.debug("An answer came after the loop was closed")

    threading.Thread(target=run, name="notify", daemon=True).start()
    return await answer


def _send(
    plugin: Any, url: str, title: str, message: str, data: Mapping[str, Any], timeout: float
) -> Outcome:
    # requests is imported by Apprise's plugins anyway; not before they are.
    exchange = importlib.import_module("hub.notify.exchange")
    # A little less than the whole patience, so that the plugin can say what it waited for.
    plugin.socket_connect_timeout = min(10.0, timeout * 0.8)
    plugin.socket_read_timeout = timeout * 0.8
    body_format = data.get("format")
    crash = ""
    with exchange.watched() as exchanges, _heard() as said:
        try:
            ok = bool(
                plugin.notify(
                    body=message,
                    title=title,
                    notify_type=_TYPES.get(str(data.get("urgency")), "info"),
                    overflow=_SPLIT,
                    body_format=body_format if body_format in _FORMATS else "markdown",
                )
            )
        except Exception as error:  # noqa: BLE001 - 173 plugins by many hands; its kind is reported
            ok, crash = False, type(error).__name__
    if ok:
        return Outcome(True)
    failed = next((made for made in exchanges if made.failed), None)
    tried = Attempt(
        service=str(plugin.service_name),
        host=failed.host if failed else _host(plugin),
        status=failed.status if failed else 0,
        body=failed.body if failed else "",
        error=failed.error if failed else None,
        retry_after=failed.retry_after(time.time()) if failed else 0.0,
        said=said,
        crash=crash,
    )
    return explain(tried, Hidden.of(url))


def _with_priority(url: str, urgency: str) -> str:
    """The URL with the service's own word for the urgency, unless it names a priority itself."""
    word = _PRIORITIES.get(url.partition("://")[0].lower(), {}).get(urgency)
    if word is None or "priority=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}priority={word}"


def _pauses(plugin: Any, message: str) -> float:
    """Seconds that the plugin waits between the pieces of a long message, by the service's rules."""
    longest = int(getattr(plugin, "body_maxlen", 0)) or 32768
    pieces = (len(message) // longest + 1) * max(len(plugin), 1)
    return float(plugin.request_rate_per_sec) * (pieces - 1)


def _host(plugin: Any) -> str:
    host = getattr(plugin, "smtp_host", None) or getattr(plugin, "host", None) or ""
    port = getattr(plugin, "port", None)
    return f"{host}:{port}" if host and port else str(host)


@functools.cache
def _library() -> Any:
    library = importlib.import_module("apprise")
    logger = logging.getLogger("apprise")
    logger.addHandler(_Listener())
    # DEBUG says why a connection failed. It may hold secrets, so it goes to the listener only.
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    # At DEBUG it logs every path, and with it tokens.
    logging.getLogger("urllib3").setLevel(logging.WARNING)
    return library


@functools.cache
def _asset() -> Any:
    return _library().AppriseAsset(
        app_id="Hearth",
        app_desc="Hearth",
        app_url="",
        async_mode=False,
        image_url_mask="",
        image_url_logo="",
        secure_logging=True,
        storage_mode="memory",
    )


def _manager() -> Any:
    _library()
    return importlib.import_module("apprise.plugins").N_MGR


class _Listener(logging.Handler):
    """Keeps what Apprise says in a thread that listens; the rest goes nowhere."""

    def emit(self, record: logging.LogRecord) -> None:
        said: list[tuple[int, str]] | None = getattr(_thread, "said", None)
        if said is not None and len(said) < 200:
            said.append((record.levelno, record.getMessage()))


_thread = threading.local()


@contextmanager
def _heard() -> Iterator[list[tuple[int, str]]]:
    said: list[tuple[int, str]] = []
    _thread.said = said
    try:
        yield said
    finally:
        _thread.said = None
