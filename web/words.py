"""Words for people: the translation hook, and times as people say them.

`_()` marks a sentence for translation. It follows gettext: values are `%(name)s`, a percent
sign is written `%%`. Until catalogues are shipped it answers in English.
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from markupsafe import Markup

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def gettext(text: str) -> str:
    """The sentence in the reader's language."""
    return text


def ngettext(one: str, many: str, count: int) -> str:
    """The same for a counted thing."""
    return one if count == 1 else many


def _(text: str, **values: Any) -> str:
    """Translate a sentence and fill in its values."""
    return gettext(text) % values


def clock_words(when: float, now: float, zone: tzinfo) -> str:
    """`18:44` today, `yesterday 18:44`, `12 Nov 18:44`, `12 Nov 2024`. Times in epoch seconds."""
    then, today = datetime.fromtimestamp(when, zone), datetime.fromtimestamp(now, zone)
    days = (today.date() - then.date()).days
    time = then.strftime("%H:%M")
    if days == 0:
        return time
    if days == 1:
        return _("yesterday %(time)s", time=time)
    if days == -1:
        return _("tomorrow %(time)s", time=time)
    if then.year == today.year:
        return f"{then.day} {then.strftime('%b')} {time}"
    return f"{then.day} {then.strftime('%b %Y')}"


def ago_words(when: float, now: float) -> str:
    """`just now`, `4 min ago`, `2 h ago`, `3 days ago`; `in 5 min` for what is to come."""
    seconds = abs(now - when)
    if seconds < 45:
        return _("just now")
    size = _span_words(seconds)
    return _("%(size)s ago", size=size) if when < now else _("in %(size)s", size=size)


def duration_words(seconds: float) -> str:
    """`0.6 s`, `12 s`, `4 min`, `2 h 5 min`: how long something took or will take."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < _HOUR:
        return f"{seconds / _MINUTE:.0f} min"
    hours, rest = divmod(round(seconds / _MINUTE), 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def time_tag(text: str, when: float, zone: tzinfo) -> Markup:
    """A <time> element that tells machines and pointers the exact moment."""
    exact = datetime.fromtimestamp(when, zone)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        exact.isoformat(timespec="seconds"), exact.strftime("%Y-%m-%d %H:%M:%S"), text
    )


def initials(name: str) -> str:
    """`Mara Lindqvist` -> `ML`, `Lina` -> `LI`."""
    parts = name.split()
    letters = parts[0][:1] + parts[-1][:1] if len(parts) > 1 else name.strip()[:2]
    return letters.upper()


def face_tone(name: str) -> str:
    """One of the five colours of a face, always the same for a name."""
    return ("", "b", "c", "d", "e")[sum(map(ord, name)) % 5]


def _span_words(seconds: float) -> str:
    if seconds < _HOUR:
        return _("%(n)d min", n=max(1, round(seconds / _MINUTE)))
    if seconds < _DAY:
        return _("%(n)d h", n=round(seconds / _HOUR))
    days = round(seconds / _DAY)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
