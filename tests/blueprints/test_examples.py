"""Every shipped blueprint does what its own examples say."""

import pytest

from skills.blueprints import SHIPPED, parse
from skills.examples import run_example
from skills.source import read

_BLUEPRINTS = [parse(read(file, file.name), file.name) for file in sorted(SHIPPED.rglob("*.yaml"))]
_EXAMPLES = [
    pytest.param(blueprint, example, id=f"{blueprint.path}: {example['name']}")
    for blueprint in _BLUEPRINTS
    for example in blueprint.tests
]


@pytest.mark.parametrize("blueprint, example", _EXAMPLES)
async def test_the_example_holds(blueprint, example):
    assert await run_example(blueprint, example) == []
