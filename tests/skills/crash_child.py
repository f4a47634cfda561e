"""A hub that is killed: the process that `test_crash.py` starts again and again.

`python crash_child.py FOLDER RUNS`: sets up what is not there yet, starts so many runs by hand, says
`stored ID` for each that was answered, and lives on until it is killed or told to stop by a line on
its standard input; it then answers with what it knows as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from pathlib import Path

import msgspec

from hub.actions import Call, action
from hub.app import build
from hub.config import Config, Integrations, Storage
from hub.context import Context
from skills.service import Skills
from store import outbox

DOORS = [f"binary_sensor.door_{number}" for number in range(12)]
HELD = 4.0

STEPS = """
alias: Steps
mode: parallel
max: 1000
actions:
  - action: test.once
  - delay: {milliseconds: "{{ wait_ms }}"}
  - action: notify.send
    data: {message: "{{ number }}"}
  - wait_template: "{{ is_state('binary_sensor.nothing', 'on') }}"
    timeout: {milliseconds: 400}
  - parallel:
      - sequence:
          - delay: {milliseconds: 300}
          - action: test.once
      - repeat:
          count: 2
          sequence:
            - action: test.once
            - delay: {milliseconds: 200}
"""
DOOR = f"""
alias: Door
mode: parallel
max: 1000
triggers:
  - trigger: state
    entity_id: {json.dumps(DOORS)}
    to: "on"
    for: {HELD}
actions:
  - action: test.once
  - delay: {{milliseconds: 200}}
  - action: notify.send
    data: {{message: "{{{{ trigger.entity_id }}}}"}}
"""


async def main(folder: Path, runs: int) -> None:
    """Run the hub."""
    config = msgspec.structs.replace(
        Config(),
        integrations=Integrations(enabled=[]),
        storage=Storage(data=str(folder / "data"), traces_kept=10_000),
    )
    hub = build(config)
    effects = os.open(folder / "effects", os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    @action("test.once", effect="once")
    async def once(call: Call) -> None:
        """Leave a line that can't be taken back."""
        await asyncio.sleep(random.random() * 0.01)  # noqa: S311 - a moment to be killed in
        os.write(effects, f"{call.key}\n".encode())

    hub.actions.register(once)
    await hub.start(("skills",))
    skills = hub.part(Skills)
    if not skills.all():
        await hub.people.add("Mara", None, "owner")
        for document in (STEPS, DOOR):
            await skills.save(document, Context.new())
    # What an integration does after a start: it says what the doors are.
    for door in DOORS:
        hub.states.set(door, "on", {}, Context.new("device"))
    print("started", flush=True)  # noqa: T201 - the test reads it
    for number in range(runs):
        wait = random.randrange(100, 1500)  # noqa: S311 - any moment will do
        variables = {"wait_ms": wait, "number": f"{os.getpid()}-{number}"}
        run = await skills.run("Steps", Context.new(), variables)
        print("stored", run.id, flush=True)  # noqa: T201 - the test reads it
        await asyncio.sleep(0.01)
    await asyncio.to_thread(sys.stdin.readline)
    found = await skills.runs(limit=100_000)
    told = [n.notification.message for n in await outbox.recent(100_000)]
    answer = {"runs": [(r.id, r.skill_name, r.state, r.reason) for r in found], "told": told}
    print(json.dumps(answer), flush=True)  # noqa: T201 - the test reads it
    await hub.stop()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
