"""`kill -9` at random moments: no run is lost, and nothing that may happen once happens twice."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import IO, Any

import pytest

KILLS = 6
RUNS = 15
_CHILD = Path(__file__).with_name("crash_child.py")
_ROOT = Path(__file__).parents[2]


class Child:
    """The hub's process."""

    def __init__(self, folder: Path, runs: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(_CHILD), str(folder), str(runs)],
            cwd=_ROOT,
            env={"PYTHONPATH": str(_ROOT), "PATH": "/usr/bin:/bin"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.wait_for("started")

    @property
    def out(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout

    def wait_for(self, word: str) -> None:
        line = self.out.readline()
        assert line.startswith(word), self.process.communicate(timeout=5)[1]

    def kill(self) -> list[str]:
        """Kill it; the runs that it had answered for."""
        self.process.kill()
        out, _ = self.process.communicate(timeout=10)
        return [line.split()[1] for line in out.splitlines() if line.startswith("stored ")]

    def ask(self) -> dict[str, Any]:
        """What it knows in the end."""
        out, err = self.process.communicate("tell\n", timeout=30)
        assert self.process.returncode == 0, err
        answer: dict[str, Any] = json.loads(out.splitlines()[-1])
        return answer


@pytest.fixture(scope="module")
def after_the_kills(tmp_path_factory) -> dict[str, Any]:
    """What is there after a house was killed again and again and then left to end its runs."""
    folder = tmp_path_factory.mktemp("crash")
    moments = random.Random(8)  # noqa: S311 - a seeded sequence of moments
    accepted: list[str] = []
    for _ in range(KILLS):
        child = Child(folder, RUNS)
        time.sleep(moments.uniform(0.1, 1.0))
        accepted += child.kill()
    child = Child(folder, 0)
    time.sleep(6)
    keys = (folder / "effects").read_text().split()
    return {"accepted": accepted, "keys": Counter(keys), **child.ask()}


@pytest.mark.slow
def test_no_accepted_run_is_lost(after_the_kills):
    ended = {run_id for run_id, _, state, _ in after_the_kills["runs"] if state == "finished"}
    doubtful = {run_id for run_id, _, state, _ in after_the_kills["runs"] if state == "in_doubt"}
    assert len(after_the_kills["accepted"]) > KILLS
    assert set(after_the_kills["accepted"]) <= ended | doubtful


@pytest.mark.slow
def test_nothing_ends_in_another_way(after_the_kills):
    states = Counter(state for _, _, state, _ in after_the_kills["runs"])
    assert set(states) <= {"finished", "in_doubt", "did_not_start"}, after_the_kills["runs"]
    # Only what was in the middle of an effect at the very moment can be in doubt.
    assert states["in_doubt"] < states["finished"]


@pytest.mark.slow
def test_no_once_effect_is_repeated(after_the_kills):
    assert [key for key, count in after_the_kills["keys"].items() if count > 1] == []


@pytest.mark.slow
def test_a_run_that_ended_well_had_each_of_its_effects(after_the_kills):
    keys = Counter(key.partition(":")[0] for key in after_the_kills["keys"])
    finished = [r for r in after_the_kills["runs"] if r[1:3] == ["Steps", "finished"]]
    assert {keys[run_id] for run_id, *_ in finished} == {4}


@pytest.mark.slow
def test_each_message_was_stored_once(after_the_kills):
    told = Counter(after_the_kills["told"])
    finished = [r for r in after_the_kills["runs"] if r[2] == "finished"]
    assert max(told.values()) == 1
    assert len(told) >= len(finished)


@pytest.mark.slow
def test_each_door_s_for_fired_once(after_the_kills):
    doors = [r for r in after_the_kills["runs"] if r[1] == "Door"]
    assert len(doors) == 12
