"""The one way in: `bus.publish(event)`.

Listeners are indexed by (type, entity), so an event costs what its own listeners cost,
whatever the number of skills. A listener is a plain function and is called at once, in the
order of subscription; one that fails is logged and never stops the others.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable

from hub.events import Event

_log = logging.getLogger(__name__)

Listener = Callable[[Event], object]
Unsubscribe = Callable[[], None]
Callback = Callable[[], object]

_MOST_AT_ONCE = 100


class Bus:
    """Carries events from whoever saw a fact to whoever asked for it."""

    def __init__(self) -> None:
        self._listeners: dict[tuple[str | None, str | None], tuple[Listener, ...]] = {}
        self.published = 0
        self._depth = 0
        self._after: deque[Callback] = deque()

    def publish(self, event: Event) -> None:
        """Hand `event` to its listeners: by type and entity, by type, then to all."""
        self.published += 1
        self._depth += 1
        listeners = self._listeners
        found = listeners.get((event.type, None), ()) + listeners.get((None, None), ())
        if event.entity_id is not None:
            found = listeners.get((event.type, event.entity_id), ()) + found
        for listener in found:
            try:
                listener(event)
            except Exception:  # noqa: BLE001 - one listener never stops the others
                _log.exception("A listener of %s failed", event.type)
        self._depth -= 1
        if self._after and not self._depth:
            self._do_after()

    def afterwards(self, callback: Callback) -> None:
        """Call `callback` when everybody has been told of the event at hand.

        For what an event starts: its own events come after this one for every listener. Outside of
        an event it is called at once.
        """
        self._after.append(callback)
        if not self._depth:
            self._do_after()

    def subscribe(
        self, type: str | None, listener: Listener, *, entity_id: str | None = None
    ) -> Unsubscribe:
        """Call `listener` for events of `type` (None: all), of `entity_id` only if given.

        Returns the call that ends the subscription; ending it twice does no harm.
        """
        if type is None and entity_id is not None:
            raise ValueError("An entity's events are subscribed to by type.")
        key = (type, entity_id)
        self._listeners[key] = (*self._listeners.get(key, ()), listener)
        subscribed = [listener]

        def unsubscribe() -> None:
            if not subscribed:
                return
            left = list(self._listeners[key])
            left.remove(subscribed.pop())
            if left:
                self._listeners[key] = tuple(left)
            else:
                self._listeners.pop(key, None)

        return unsubscribe

    def _do_after(self) -> None:
        # Events published meanwhile add to the queue instead of nesting ever deeper; whoever
        # answers each event with another must leave others their turn of the loop.
        self._depth += 1
        try:
            for _ in range(_MOST_AT_ONCE):
                if not self._after:
                    return
                _call_back(self._after.popleft())
        finally:
            self._depth -= 1
        if self._after:
            asyncio.get_running_loop().call_soon(self._do_after)

    @property
    def listener_count(self) -> int:
        """How many subscriptions there are now."""
        return sum(len(found) for found in self._listeners.values())


def _call_back(callback: Callback) -> None:
    try:
        callback()
    except Exception:  # noqa: BLE001 - what one event started never stops the others
        _log.exception("What an event started has failed")
