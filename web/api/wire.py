"""Messages on their way to one WebSocket client: in order, in few writes, in bounded memory."""

from __future__ import annotations

import asyncio

from starlette.types import Send

LIMIT = 8 * 1024 * 1024
# Seconds that a client has to read what it has asked for before it may ask for more.
PATIENCE = 30.0


class Wire:
    """A queue with one writer.

    What is put during one turn of the loop leaves together in the next, so that a burst costs
    few wake-ups and few writes. `limit` bytes may wait; a client that reads more slowly than
    that is given up (`overflow`), because its backlog would become the hub's.
    """

    def __init__(self, send: Send, limit: int = LIMIT, patience: float = PATIENCE) -> None:
        self._send = send
        self._limit, self._half = limit, limit // 2
        self._patience = patience
        self._waiting: list[bytes] = []
        self._size = 0
        self._awake: asyncio.Future[None] | None = None
        self._drained: asyncio.Future[None] | None = None
        self.coalesce = False
        self.overflow: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def put(self, message: bytes) -> None:
        """Add a message. After an overflow nothing more is taken."""
        if self.overflow.done():
            return
        self._waiting.append(message)
        self._size += len(message)
        if self._size > self._limit:
            self._give_up()
        elif self._awake is not None:
            self._awake.set_result(None)
            self._awake = None

    @property
    def full(self) -> bool:
        """Whether more than half of the limit is waiting: no new commands meanwhile."""
        return self._size > self._half

    async def has_room(self) -> None:
        """Wait until it is no longer full; a client that reads nothing is given up."""
        while self.full and not self.overflow.done():
            self._drained = asyncio.get_running_loop().create_future()
            try:
                await asyncio.wait_for(self._drained, self._patience)
            except TimeoutError:
                self._drained = None
                self._give_up()

    async def write(self) -> None:
        """Write for ever; ends by being cancelled, or by what `send` raises when it is closed."""
        send = self._send
        while True:
            if not self._waiting:
                self._awake = asyncio.get_running_loop().create_future()
                await self._awake
            batch, self._waiting = self._waiting, []
            if self.coalesce and len(batch) > 1:
                self._size += len(batch) + 1  # the brackets and commas
                batch = [b"[" + b",".join(batch) + b"]"]
            for message in batch:
                await send({"type": "websocket.send", "text": message.decode()})
                self._size -= len(message)
                if self._drained is not None and not self.full:
                    self._drained.set_result(None)
                    self._drained = None

    def _give_up(self) -> None:
        self._waiting.clear()
        if not self.overflow.done():
            self.overflow.set_result(None)
