"""The demo home: a flat and a studio that change by themselves and obey.

Declares the adapter and `demo.trigger`, which makes a sensor report something now.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from hub import Action, Adapter, Call, Face, Invalid, Meta, action, hookimpl
from integrations.demo.adapter import TRIGGERED, DemoAdapter
from integrations.demo.house import THINGS, reportable
from integrations.demo.world import World

EntityId = Annotated[str, Meta(description="A sensor of the demo home")]
Report = Annotated[str, Meta(description="What it reports: on or off, a number, unavailable")]


@hookimpl
def adapter(face: Face) -> Adapter:
    """The demo home itself; there is nothing to configure."""
    return DemoAdapter(face, World(THINGS))


@hookimpl
def actions(face: Face) -> Iterable[Action]:
    """`demo.trigger`."""

    @action("demo.trigger")
    async def trigger(call: Call, entity_id: EntityId, state: Report) -> None:
        """Make a sensor of the demo home report something now, to try a skill.

        The sensor then stays as it is for 30 minutes; motion ends after one.
        """
        if problem := reportable(entity_id, state):
            raise Invalid(problem, where="data.entity_id", remedy=_known(entity_id))
        face.publish(TRIGGERED, {"entity_id": entity_id, "state": state}, call.context)

    return [trigger]


def _known(entity_id: str) -> str:
    domain = entity_id.partition(".")[0]
    near = [t.entity_id for t in THINGS if t.entity_id.startswith(domain + ".")]
    return f"There are: {', '.join(near)}." if domain in ("binary_sensor", "sensor") else ""
