"""When the hub was last alive, so that the next start knows what was missed meanwhile."""

from __future__ import annotations

import logging

from hub.clock import Cancel, Clock
from hub.home import Home
from hub.tasks import Tasks
from store.trouble import TROUBLES

_log = logging.getLogger(__name__)
_KEY = "hub.alive_at"
_EVERY = 60.0


class Alive:
    """Writes one small row a minute, and one at a clean stop."""

    def __init__(self, home: Home, clock: Clock, tasks: Tasks) -> None:
        self._home, self._clock, self._tasks = home, clock, tasks
        self._cancel: Cancel | None = None

    def begin(self) -> float | None:
        """From now on it is noted. The answer is when it was last, before this start."""
        before = self._home.get(_KEY)
        self._beat()
        return float(before) if isinstance(before, int | float) else None

    async def stop(self) -> None:
        """The last moment at which triggers could fire."""
        if self._cancel is not None:
            self._cancel()
            self._cancel = None
            await self._write()

    def _beat(self) -> None:
        self._cancel = self._clock.call_later(_EVERY, self._beat)
        self._tasks.spawn(self._write(), "note that the hub is alive")

    async def _write(self) -> None:
        try:
            await self._home.put(_KEY, self._clock.time())
        except TROUBLES as error:
            # The store tells the health itself; the next minute is another chance.
            _log.debug("Not noted that the hub is alive: %s", error)
