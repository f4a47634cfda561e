"""Health knows which integrations don't run."""

from __future__ import annotations

from hub.testing import House

BROKEN = "raise RuntimeError('token hunter2')"


async def test_a_quarantined_integration_is_told_until_it_is_gone(house: House, write) -> None:
    place = write("odd", BROKEN)
    house.hub.plugins.rescan()
    await house.hub.plugins.load("odd")
    (told,) = [c for c in house.hub.health.all() if c.part == "integration odd"]
    assert (told.status, told.sentence) == ("warn", "Odd is not running.")
    assert "hunter2" in str(house.hub.plugins.get("odd").error)
    assert "hunter2" not in told.remedy

    (place / "__init__.py").write_text("")
    await house.hub.plugins.reload("odd")
    assert "integration odd" not in {c.part for c in house.hub.health.all()}
