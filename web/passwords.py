"""How strong a password is, in a word and a bar, while it is being typed.

A rough estimate of the guesses that it takes: known passwords and patterns count nothing, words
count as words, the rest by the kinds of its characters. The rule that refuses is hub.access's.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from hub.access import SHORTEST_PASSWORD
from web.words import _

# The most used ones of public leaks that are long enough to pass, without their digits at the end.
_KNOWN = frozenset(  # a text, because as a list it would be seventy lines
    """password passwort iloveyou qwertyuiop qwertyuio qwerty asdfghjkl zxcvbnm 1q2w3e4r 1qaz2wsx
    q1w2e3r4 administrator welcome letmein football baseball basketball superman batman starwars
    princess sunshine michael charlie jessica jennifer dragon monkey master shadow hunter
    computer internet samsung liverpool chelsea arsenal barcelona pokemon minecraft whatever
    trustno blink family forever freedom summer sommer winter fruehling herbst spring autumn hallo
    schatz hello changeme default secret geheim mustang corvette ferrari porsche mercedes google
    facebook linkedin abcdefgh abcdefghij abcdefghijk qazwsxedc zaq12wsx woaini""".split()  # noqa: SIM905 - see above
)
_ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertzuiop", "qwertyuiop", "asdfghjkl")
_WORD_BITS = 11.0  # a word out of about two thousand that people think of first


@dataclass(frozen=True, slots=True)
class Strength:
    """`level` 0 (refused) to 4, and what to say about it."""

    level: int
    words: str


def strength(password: str, *about: str) -> Strength:
    """Judge a password; `about` are words that others know of the person (name, sign-in name)."""
    if not password:
        return Strength(0, "")
    if len(password) < SHORTEST_PASSWORD:
        missing = SHORTEST_PASSWORD - len(password)
        return Strength(1, _("Too short: %(n)d more. Four unrelated words work well.", n=missing))
    if is_known(password, *about):
        return Strength(1, _("Among the first that are guessed. Four unrelated words work well."))
    bits = _bits(password)
    if bits < 38:
        return Strength(2, _("Weak: add a word."))
    if bits < 55:
        return Strength(3, _("Good."))
    return Strength(4, _("Strong."))


def is_known(password: str, *about: str) -> bool:
    """Whether it is a much used password, a row of keys, a repetition, or made from the name."""
    plain = password.casefold()
    core = re.sub(r"[\W\d_]+$", "", plain)
    if core in _KNOWN or (not core and len(set(plain)) < 8):
        return True
    if any(plain[:8] in row or plain[:8] in row[::-1] for row in _ROWS):
        return True
    if re.fullmatch(r"(.{1,5}?)\1+.{0,2}", plain):
        return True
    names = {part for text in about for part in [text.casefold(), *text.casefold().split()]}
    return any(len(name) > 2 and core == name for name in names)


def _bits(password: str) -> float:
    words = re.findall(r"[^\W\d_]{3,}", password)
    if len({w.casefold() for w in words}) >= 3:
        return _WORD_BITS * len({w.casefold() for w in words}) + 3 * bool(
            re.search(r"\d", password)
        )
    kinds = (("[a-z]", 26), ("[A-Z]", 26), (r"\d", 10), (r"[^\w\s]|_", 30), (r"[^\x00-\x7f]", 100))
    alphabet = sum(size for kind, size in kinds if re.search(kind, password))
    varied = len(set(password)) / len(password)
    word_like = 0.62 if words else 0.9
    return len(password) * math.log2(max(alphabet, 2)) * math.sqrt(varied) * word_like
