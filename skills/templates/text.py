"""Text for templates: JSON, hashes, encodings.

https://www.home-assistant.io/docs/configuration/templating/
"""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode as quote_mapping

import msgspec

from skills.templates import patterns
from skills.templates.errors import WrongValue
from skills.templates.views import StateView

_UNSET: Any = ...


def from_json(value: Any, default: Any = _UNSET) -> Any:
    """The data in a JSON text."""
    try:
        return msgspec.json.decode(value if isinstance(value, bytes) else str(value))
    except (msgspec.DecodeError, RecursionError) as error:
        if default is not _UNSET:
            return default
        raise WrongValue(f"from_json got text that is no JSON: {error}.") from error


def to_json(
    value: Any, ensure_ascii: bool = False, pretty_print: bool = False, sort_keys: bool = False
) -> str:
    """JSON text of data."""
    try:
        encoded = msgspec.json.encode(
            value, enc_hook=_encodable, order="sorted" if sort_keys else None
        )
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise WrongValue(f"to_json can't write this: {error}.") from error
    text = (msgspec.json.format(encoded, indent=2) if pretty_print else encoded).decode()
    if not ensure_ascii:
        return text
    return "".join(c if c.isascii() else _escaped(c) for c in text)


def _encodable(value: Any) -> Any:
    if isinstance(value, StateView):
        return value.as_dict()
    if hasattr(value, "__iter__"):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON")


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be")
    pairs = range(0, len(units), 2)
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in pairs)


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _hash(name: str) -> Callable[[Any], str]:
    def hashed(value: Any) -> str:
        return hashlib.new(name, _bytes(value), usedforsecurity=False).hexdigest()

    return hashed


def base64_encode(value: Any) -> str:
    """Base64 (RFC 4648)."""
    return base64.b64encode(_bytes(value)).decode()


def base64_decode(value: Any, encoding: str | None = "utf-8") -> Any:
    """What was encoded with Base64; bytes when `encoding` is none."""
    try:
        decoded = base64.b64decode(_bytes(value))
        return decoded.decode(encoding) if encoding else decoded
    except (ValueError, LookupError) as error:
        raise WrongValue("base64_decode got what is not Base64 of text.") from error


def slugify(value: Any, separator: str = "_") -> str:
    """Small letters and digits only: `Living room` becomes `living_room`."""
    folded = unicodedata.normalize("NFKD", str(value)).encode("ascii", "ignore").decode().lower()
    words = "".join(c if c.isalnum() else " " for c in folded).split()
    return str(separator)[:10].join(words) or "unknown"


def urlencode(value: Any) -> str:
    """A query string out of a mapping or pairs."""
    return quote_mapping(value) if not isinstance(value, str) else quote_mapping({"": value})[1:]


def ord_of(value: Any) -> int:
    """The number of a character."""
    return ord(str(value))


def from_hex(value: Any) -> bytes:
    """Bytes out of hexadecimal digits."""
    return bytes.fromhex(str(value))


def string_like(value: Any) -> bool:
    """Whether it is text or bytes."""
    return isinstance(value, str | bytes | bytearray)


_HASHES = {name: _hash(name) for name in ("md5", "sha1", "sha256", "sha512")}
BOTH: dict[str, Callable[..., Any]] = {
    **_HASHES,
    "slugify": slugify,
    "base64_encode": base64_encode,
    "base64_decode": base64_decode,
    "ord": ord_of,
}
FILTERS: dict[str, Callable[..., Any]] = {
    **BOTH,
    "regex_match": patterns.match,
    "regex_search": patterns.search,
    "regex_replace": patterns.replace,
    "regex_findall": patterns.findall,
    "regex_findall_index": patterns.findall_index,
    "from_json": from_json,
    "to_json": to_json,
    "from_hex": from_hex,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {**BOTH, "urlencode": urlencode}
TESTS: dict[str, Callable[..., Any]] = {
    "match": patterns.match,
    "search": patterns.search,
    "string_like": string_like,
}
