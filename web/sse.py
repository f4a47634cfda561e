"""Server-sent events as htmx 4's hx-sse extension reads them (WHATWG HTML, section 9.2).

A message without a name is HTML that is swapped; wrapped in <hx-partial> it says itself where.
A message with a name becomes a DOM event of that name on #live and bubbles to <body>.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator

from markupsafe import escape
from starlette.responses import StreamingResponse

# Proxies and phones drop connections that say nothing for longer.
HEARTBEAT = 20.0


def message(data: str, *, name: str = "", event_id: str = "") -> str:
    """One event of the stream. Without a name, `data` is HTML."""
    head = (f"id: {event_id}\n" if event_id else "") + (f"event: {name}\n" if name else "")
    return head + "".join(f"data: {line}\n" for line in data.splitlines() or [""]) + "\n"


def partial(target: str, html: str, *, swap: str = "outerMorph") -> str:
    """HTML that htmx swaps at `target` (a CSS selector), whoever asked."""
    head = f'<hx-partial hx-target="{escape(target)}" hx-swap="{escape(swap)}">'
    return f"{head}{html}</hx-partial>"


def stream(messages: AsyncIterator[str]) -> StreamingResponse:
    """The answer to a stream's request: the messages, and a comment whenever it is quiet."""
    return StreamingResponse(
        _with_heartbeat(messages),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _with_heartbeat(messages: AsyncIterator[str]) -> AsyncIterator[str]:
    yield ": here\n\n"
    coming = asyncio.ensure_future(anext(messages))
    try:
        while True:
            done, _pending = await asyncio.wait({coming}, timeout=HEARTBEAT)
            if not done:
                yield ": still here\n\n"
                continue
            try:
                yield coming.result()
            except StopAsyncIteration:
                return
            coming = asyncio.ensure_future(anext(messages))
    finally:
        coming.cancel()
        with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration):
            await coming
        if isinstance(messages, AsyncGenerator):
            await messages.aclose()
