"""JSON as the API writes and reads it. The one place that knows how a value is spelled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from hub.errors import HubError, Invalid
from web.errors import as_data

T = TypeVar("T")


def _spell(value: Any) -> Any:
    """What JSON has no word for: mappings that are no dict, and anything by its text."""
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)


_encoder = msgspec.json.Encoder(enc_hook=_spell)

encode = _encoder.encode


def encode_error(error: HubError) -> dict[str, str]:
    """An error as it stands under the key `error`."""
    return as_data(error)


def read(decode: Callable[[bytes | str], T], raw: bytes | str, place: str) -> T:
    """What `decode` makes of JSON. Raises Invalid with a sentence, and where under `place`."""
    try:
        return decode(raw)
    except msgspec.ValidationError as error:
        raise misshapen(error, place) from error
    except msgspec.DecodeError as error:
        raise Invalid(
            f"This is not valid JSON: {error}.",
            where=place,
            remedy="Look for a missing quote, comma or bracket.",
        ) from error
    except UnicodeDecodeError as error:
        raise Invalid("This is not UTF-8.", where=place) from error
    except RecursionError as error:
        raise Invalid("This JSON is nested too deeply.", where=place) from error


def misshapen(error: msgspec.ValidationError, place: str) -> Invalid:
    """A sentence for data of the wrong shape, and where it stands under `place`."""
    message, _sep, path = str(error).partition(" - at `$")
    return Invalid(f"{message}.", where=place + path.rstrip("`"))
