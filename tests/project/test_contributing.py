"""The example in CONTRIBUTING.md runs."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any


async def test_the_example_of_a_test_for_an_integration_passes(root: Path) -> None:
    text = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.+?)```", text, re.DOTALL)
    names: dict[str, Any] = {}
    exec(example, names)  # noqa: S102 - our own page
    tests: list[Callable[[], Awaitable[None]]] = [
        names[name] for name in re.findall(r"async def (test_\w+)", example)
    ]
    assert len(tests) == 1
    await tests[0]()
