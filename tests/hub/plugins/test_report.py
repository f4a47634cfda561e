"""Health knows which integrations don't run."""

from __future__ import annotations

from hub.testing import House

BROKEN = "raise RuntimeError('no')"


async def test_a_quarantined_integration_is_told_until_it_is_gone(house: House, write) -> None:
    place = write("odd", BROKEN)
    house.hub.plugins.rescan()
    await house.hub.plugins.load("odd")
    told = {c.part: c.status for c in house.hub.health.all()}
    assert told.get("integration odd") == "warn"

    (place / "__init__.py").write_text("")
    await house.hub.plugins.reload("odd")
    assert "integration odd" not in {c.part for c in house.hub.health.all()}
