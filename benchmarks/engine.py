"""How fast the skill engine is: `PYTHONPATH=. .venv/bin/python benchmarks/engine.py`.

1. From `states.set` of a sensor to the end of the one-action skill that listens to it, with 1, 100
   and 1,000 skills loaded of which one listens. Aim: p50 under 200 µs, the same at 1,000 as at 1.
2. State changes per second with history recorded, alone and with a skill on each.

Everything runs in one process with real files in a temporary folder; the light is an adapter in the
same process that answers at once.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from hub import Context, EntityDescription
from hub.app import Hub, build
from hub.config import Config, Integrations, Storage
from hub.events import RUN_CHANGED, Event
from hub.plugins.face import Face
from skills.service import Skills

_SKILL = """
alias: Skill {number}
triggers:
  - trigger: state
    entity_id: binary_sensor.motion_{number}
    to: "{state}"
actions:
  - action: light.turn_{state}
    target:
      entity_id: light.hall
"""


class Light:
    """A lamp that obeys at once."""

    def __init__(self, face: Face) -> None:
        self._face = face
        self.acted = 0

    async def start(self) -> None:
        """Nothing to connect to."""

    async def stop(self) -> None:
        """Nothing to disconnect from."""

    async def act(
        self, entity_id: str, verb: str, data: Mapping[str, Any], context: Context
    ) -> None:
        """Report the state that the verb leads to."""
        del data
        self.acted += 1
        self._face.set_state(entity_id, verb.removeprefix("turn_"), None, context)


@asynccontextmanager
async def running_hub(folder: Path) -> AsyncIterator[tuple[Hub, Light]]:
    """A hub with the skills' part on real files, and one lamp."""
    config = msgspec.structs.replace(
        Config(), integrations=Integrations(enabled=[]), storage=Storage(data=str(folder))
    )
    hub = build(config)
    await hub.start(("skills",))
    face = Face(
        "bench",
        bus=hub.bus,
        clock=hub.clock,
        states=hub.states,
        registry=hub.registry,
        entities=hub.entities,
    )
    light = Light(face)
    lamp = EntityDescription("light.hall", "Hall", actions=("turn_on", "turn_off"))
    await face.add_entities([lamp], light)
    face.set_state("light.hall", "off")
    try:
        yield hub, light
    finally:
        await hub.stop()


async def latency(hub: Hub, rounds: int, pause: float) -> list[float]:
    """Microseconds from each `states.set` to the end of the run that it starts."""
    ended = asyncio.Event()
    taken: list[float] = []
    end = 0.0

    def on_run(event: Event) -> None:
        nonlocal end
        if event.data["state"] == "finished":
            end = time.perf_counter()
            ended.set()

    stop = hub.bus.subscribe(RUN_CHANGED, on_run)
    for _ in range(rounds):
        hub.states.set("binary_sensor.motion_0", "off", {}, Context.new("device"))
        await asyncio.sleep(pause)
        ended.clear()
        begin = time.perf_counter()
        hub.states.set("binary_sensor.motion_0", "on", {}, Context.new("device"))
        await ended.wait()
        taken.append((end - begin) * 1e6)
    stop()
    return taken


async def throughput(hub: Hub, light: Light, changes: int) -> tuple[float, float, float]:
    """State changes per second, CPU µs each, runs each, until all of it is on the disk."""
    before, cpu, begin = light.acted, time.process_time(), time.perf_counter()
    for number in range(changes):
        state = "on" if number % 2 else "off"
        hub.states.set("binary_sensor.motion_0", state, {}, Context.new("device"))
        if number % 20 == 0:
            await asyncio.sleep(0)
    await asyncio.sleep(0)
    await hub.recorder.flush()
    seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
    return changes / seconds, cpu / changes * 1e6, (light.acted - before) / changes


async def with_skills(count: int, rounds: int) -> list[float]:
    """Latencies with so many skills loaded."""
    with tempfile.TemporaryDirectory() as folder:
        async with running_hub(Path(folder)) as (hub, _):
            skills = hub.part(Skills)
            context = Context.new()
            for number in range(count):
                await skills.save(_SKILL.format(number=number, state="on"), context)
            await latency(hub, 200, 0)
            gc.collect()
            gc.freeze()
            taken = await latency(hub, rounds, 0.0)
            gc.unfreeze()
            return taken


async def sustained(changes: int) -> None:
    """Print state changes per second, without and with skills that act on each."""
    print(f"\nState changes with history recorded ({changes:,}, real files)")
    print(f"{'':32}{'per second':>12}{'CPU µs each':>14}{'runs each':>11}")
    with tempfile.TemporaryDirectory() as folder:
        async with running_hub(Path(folder)) as (hub, light):
            await throughput(hub, light, 500)
            rate, cpu, runs = await throughput(hub, light, changes)
            print(f"{'no skill listens':32}{rate:>12,.0f}{cpu:>14.0f}{runs:>11.2f}")
            skills = hub.part(Skills)
            for state in ("on", "off"):
                await skills.save(_SKILL.format(number=0, state=state), Context.new())
            await throughput(hub, light, 500)
            rate, cpu, runs = await throughput(hub, light, changes)
            print(f"{'a skill acts on each':32}{rate:>12,.0f}{cpu:>14.0f}{runs:>11.2f}")


async def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2_000)
    parser.add_argument("--changes", type=int, default=20_000)
    parser.add_argument("--skills", type=int, nargs="+", default=[1, 100, 1_000])
    options = parser.parse_args()
    print(f"From states.set to the end of a one-action skill, µs ({options.rounds:,} rounds)")
    print(f"{'skills loaded':>14}{'p50':>9}{'p95':>9}{'p99':>9}{'mean':>9}")
    for count in options.skills:
        taken = sorted(await with_skills(count, options.rounds))
        p95, p99 = taken[int(len(taken) * 0.95)], taken[int(len(taken) * 0.99)]
        p50, mean = statistics.median(taken), statistics.fmean(taken)
        print(f"{count:>14,}{p50:>9.0f}{p95:>9.0f}{p99:>9.0f}{mean:>9.0f}")
    await sustained(options.changes)


if __name__ == "__main__":
    asyncio.run(main())
