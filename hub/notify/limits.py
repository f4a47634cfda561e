"""What a notification may hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from hub.errors import Invalid

LONGEST_TITLE = 500
LONGEST_MESSAGE = 64_000
LONGEST_DATA = 64_000
URGENCIES = ("low", "normal", "high", "critical")


def check(message: str, title: str, urgency: str, data: Mapping[str, Any] | None) -> None:
    """Raises Invalid with the field that is wrong."""
    if not message.strip():
        raise Invalid("A notification needs a message.", where="message")
    if len(title) > LONGEST_TITLE:
        raise Invalid(
            f"The title has {len(title)} characters.",
            where="title",
            remedy=f"At most {LONGEST_TITLE} are possible; the rest belongs in the message.",
        )
    if (size := len(message.encode())) > LONGEST_MESSAGE:
        raise Invalid(
            f"The message is {size / 1000:.0f} kB long.",
            where="message",
            remedy=f"At most {LONGEST_MESSAGE // 1000} kB are possible.",
        )
    if urgency not in URGENCIES:
        raise Invalid(
            f"There is no urgency “{urgency}”.",
            where="urgency",
            remedy=f"Choose one of: {', '.join(URGENCIES)}.",
        )
    _check_data(data or {})


def _check_data(data: Mapping[str, Any]) -> None:
    try:
        size = len(msgspec.json.encode(data))
    except (TypeError, ValueError, OverflowError) as error:
        raise Invalid(
            f"The data can't be kept: {error}.",
            where="data",
            remedy="Use text, numbers, lists and mappings only.",
        ) from error
    if size > LONGEST_DATA:
        raise Invalid(
            f"The data is {size / 1000:.0f} kB long.",
            where="data",
            remedy=f"At most {LONGEST_DATA // 1000} kB are possible.",
        )
