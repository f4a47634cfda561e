"""Tells health about integrations that don't run, so that /healthz and `hub doctor` know."""

from __future__ import annotations

from hub.bus import Bus, Unsubscribe
from hub.errors import NotFound
from hub.events import INTEGRATION_CHANGED, Event
from hub.health import Health
from hub.plugins.manager import Plugins

_TROUBLED = ("retrying", "needs person", "quarantined")
PREFIX = "integration "


def watch(bus: Bus, plugins: Plugins, health: Health) -> Unsubscribe:
    """Report each integration as it changes; one that is switched off is no trouble."""

    def on_change(event: Event) -> None:
        domain = str(event.data["domain"])
        try:
            integration = plugins.get(domain)
        except NotFound:
            health.clear(PREFIX + domain)
            return
        if integration.status in _TROUBLED:
            # Not its error: guests may read health, and a stranger's exception may hold a secret.
            sentence = f"{integration.name} is not running."
            remedy = "Its last error stands under Integrations."
            health.report(PREFIX + domain, "warn", sentence, remedy)
        else:
            health.clear(PREFIX + domain)

    return bus.subscribe(INTEGRATION_CHANGED, on_change)
