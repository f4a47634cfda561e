"""/metrics for Prometheus (prometheus.io, text format 0.0.4). The one door to prometheus_client.

Nothing is measured for it at run time beyond plain counting; the samples are made when asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub import __version__
from hub.access import People
from hub.clock import Clock
from hub.health import Health
from hub.states import States
from hub.tasks import Tasks
from web.api.counters import Counters
from web.api.traffic import BUCKETS, Traffic
from web.api.websocket import WebSockets
from web.identity import caller_of
from web.sight import SEE_SYSTEM
from web.tokens import Unauthenticated, is_local

_LEVELS = {"ok": 0, "warn": 1, "bad": 2}


class Metrics:
    """Answers a scraper."""

    def __init__(
        self,
        *,
        counters: Counters,
        traffic: Traffic,
        states: States,
        health: Health,
        people: People,
        tasks: Tasks,
        clock: Clock,
        sockets: WebSockets,
    ) -> None:
        self._counters, self._traffic, self._sockets = counters, traffic, sockets
        self._states, self._health, self._people = states, health, people
        self._tasks, self._clock = tasks, clock
        self._started = clock.time()

    def route(self) -> Route:
        """Its address."""
        return Route("/metrics", self.answer)

    async def answer(self, request: Request) -> Response:
        """Every sample, for this machine or a token with `hub.see_system`."""
        caller = caller_of(request)
        if caller is not None:
            self._people.require(caller.context(), SEE_SYSTEM)
        elif not is_local(request):
            raise Unauthenticated(
                "Metrics are for this machine, or for a token.",
                remedy="Send a token: Authorization: Bearer …",
            )
        text, kind = self._text()
        return Response(text, media_type=kind)

    def _text(self) -> tuple[bytes, str]:
        # 70 ms and 5 MB that a house without a scraper never pays.
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest  # noqa: PLC0415

        return generate_latest(_Registry(self._families())), CONTENT_TYPE_LATEST

    def _families(self) -> Iterator[Any]:
        from prometheus_client.core import (  # noqa: PLC0415 - as above
            CounterMetricFamily,
            GaugeMetricFamily,
        )

        counters = self._counters
        yield _labelled(
            GaugeMetricFamily, "hearth_info", "The hub's version.", {(__version__,): 1}, ["version"]
        )
        domains: dict[tuple[str, ...], float] = {}
        for state in self._states.all():
            domains[state.domain,] = domains.get((state.domain,), 0) + 1
        yield _labelled(
            GaugeMetricFamily, "hearth_entities", "Entities by domain.", domains, ["domain"]
        )
        yield CounterMetricFamily("hearth_events", "Events published.", counters.events)
        yield CounterMetricFamily(
            "hearth_state_changes", "Changes of entities' states.", counters.state_changes
        )
        yield _labelled(
            CounterMetricFamily,
            "hearth_action_calls",
            "Action calls by action and outcome.",
            counters.actions,
            ["action", "outcome"],
        )
        yield _labelled(
            CounterMetricFamily,
            "hearth_runs",
            "Runs of skills that came into a state.",
            {(state,): count for state, count in counters.runs.items()},
            ["state"],
        )
        yield _labelled(
            CounterMetricFamily,
            "hearth_deliveries",
            "Deliveries of notifications that came into a state.",
            {(state,): count for state, count in counters.deliveries.items()},
            ["state"],
        )
        yield _labelled(
            GaugeMetricFamily,
            "hearth_part_health",
            "Each part's condition: 0 ok, 1 warn, 2 bad.",
            {(c.part,): _LEVELS[c.status] for c in self._health.all()},
            ["part"],
        )
        yield from self._web()
        yield from self._machine()

    def _web(self) -> Iterator[Any]:
        from prometheus_client.core import (  # noqa: PLC0415 - as above
            CounterMetricFamily,
            GaugeMetricFamily,
            HistogramMetricFamily,
        )

        answers = {(m, r, str(s)): count for (m, r, s), count in self._traffic.answers.items()}
        yield _labelled(
            CounterMetricFamily,
            "hearth_http_requests",
            "HTTP requests answered.",
            answers,
            ["method", "route", "status"],
        )
        seconds = HistogramMetricFamily(
            "hearth_http_request_seconds", "Time to the first byte.", labels=["route"]
        )
        for route, timing in self._traffic.timings.items():
            so_far, buckets = 0, []
            for bound, count in zip((*BUCKETS, "+Inf"), timing.counts, strict=True):
                so_far += count
                buckets.append((str(bound), so_far))
            seconds.add_metric([route], buckets, timing.seconds)
        yield seconds
        yield GaugeMetricFamily("hearth_websocket_clients", "Open WebSockets.", self._sockets.open)
        yield CounterMetricFamily(
            "hearth_websocket_cut_off", "Clients that read too slowly.", self._sockets.cut_off
        )

    def _machine(self) -> Iterator[Any]:
        from prometheus_client import ProcessCollector  # noqa: PLC0415 - as above
        from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 - as above

        yield from ProcessCollector(registry=None).collect()
        yield GaugeMetricFamily("hearth_tasks", "Background tasks.", len(self._tasks))
        yield GaugeMetricFamily(
            "hearth_up_seconds", "Since the start.", self._clock.time() - self._started
        )


class _Registry:
    """What `generate_latest` asks of a registry: the families, made at this moment."""

    def __init__(self, families: Iterable[Any]) -> None:
        self._families = families

    def collect(self) -> Iterable[Any]:
        """All of them."""
        return self._families


def _labelled(kind: Any, name: str, text: str, samples: Any, labels: list[str]) -> Any:
    family = kind(name, text, labels=labels)
    for values, count in sorted(samples.items()):
        family.add_metric(list(values), count)
    return family
