"""The popular services, each with its form. URL formats: https://appriseit.com/services/.

A test fills every form in and has Apprise understand the URL.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.errors import Invalid
from hub.notify.catalogue.messengers import MESSENGERS
from hub.notify.catalogue.others import OTHERS
from hub.notify.catalogue.push import PUSH
from hub.notify.forms import ServiceForm, build

FORMS: tuple[ServiceForm, ...] = (*MESSENGERS, *PUSH, *OTHERS)


def form(service: str) -> ServiceForm:
    """The form of a service. Raises Invalid with the services there are."""
    for found in FORMS:
        if found.service == service:
            return found
    known = ", ".join(found.service for found in FORMS)
    raise Invalid(f"There is no form for “{service}”.", where="service", remedy=f"Known: {known}.")


def build_url(service: str, values: Mapping[str, Any]) -> str:
    """The URL that a filled-in form means. Raises Invalid with the field in `where`."""
    return build(form(service), values)
