"""How often a password may be guessed: per account and per address, on the hub's clock.

A guess is counted before the password is looked at, so that guesses sent at the same moment
count too; a right password takes its own count back.
"""

from __future__ import annotations

import ipaddress
import math
from collections import deque

from hub.clock import Clock
from web.words import _, ngettext

# A household behind one address may forget passwords at the same time.
_ADDRESS_FACTOR = 4
_MOST_KEYS = 10_000


class Guesses:
    """Counts guesses in a sliding window of `window` seconds."""

    def __init__(self, clock: Clock, attempts: int, window: float) -> None:
        self._clock = clock
        self._attempts = attempts
        self._window = window
        self._made: dict[str, deque[float]] = {}

    def take(self, account: str, address: str) -> float:
        """Count one guess; 0 if it is allowed, else the seconds to wait (and nothing is counted)."""
        now = self._clock.time()
        keys = self._keys(account, address)
        wait = max(self._wait(key, most, now) for key, most in keys)
        if wait <= 0:
            self._make_room(now)
            for key, _most in keys:
                self._made.setdefault(key, deque()).append(now)
        return max(wait, 0.0)

    def right(self, account: str, address: str) -> None:
        """The password was right: forget the account's guesses and this one of the address."""
        (account_key, _a), (address_key, _b) = self._keys(account, address)
        self._made.pop(account_key, None)
        if made := self._made.get(address_key):
            made.pop()

    def __len__(self) -> int:
        """How many accounts and addresses are being counted."""
        return len(self._made)

    def _keys(self, account: str, address: str) -> tuple[tuple[str, int], tuple[str, int]]:
        return (
            (f"account {account.strip().casefold()[:120]}", self._attempts),
            (f"address {_network(address)}", self._attempts * _ADDRESS_FACTOR),
        )

    def _wait(self, key: str, most: int, now: float) -> float:
        made = self._made.get(key)
        if not made:
            return 0.0
        while made and made[0] <= now - self._window:
            made.popleft()
        return made[-most] + self._window - now if len(made) >= most else 0.0

    def _make_room(self, now: float) -> None:
        room_for_two = _MOST_KEYS - 2
        if len(self._made) <= room_for_two:
            return
        old = now - self._window
        self._made = {key: made for key, made in self._made.items() if made and made[-1] > old}
        while len(self._made) > room_for_two:
            del self._made[next(iter(self._made))]


def wait_sentence(seconds: float) -> str:
    """Tells how long to wait."""
    if seconds < 90:
        seconds = max(1, math.ceil(seconds))
        span = ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
    else:
        span = _("%(n)d minutes", n=math.ceil(seconds / 60))
    return _("Too many wrong passwords. Try again in %(span)s.", span=span)


def _network(address: str) -> str:
    """An IPv6 machine owns its whole /64, so that is what is counted."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
