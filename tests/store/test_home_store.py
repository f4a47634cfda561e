from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from store import home, settings
from store.home import AreaRow, ConfigEntryRow, DeviceRow, EntityRow, FloorRow, LabelRow

pytestmark = pytest.mark.usefixtures("memory")

ROWS: list[Any] = [
    FloorRow("up", "Upstairs", 1),
    AreaRow("bath", "Bathroom", "up", "bath", ["wet"], 3),
    LabelRow("wet", "Wet"),
    DeviceRow("washer", "Washer", "demo", "bath", ["wet"], {"model": "X"}),
    EntityRow("switch.washer", "Washer", "demo", "washer", "bath", ["wet"], ["wash"], True, 4),
    ConfigEntryRow("e1", "demo", "Demo", 1.0, {"host": "10.0.0.3"}, False),
]
KINDS = [type(row).__name__ for row in ROWS]


@pytest.mark.parametrize("row", ROWS, ids=KINDS)
async def test_a_row_comes_back_as_it_was(row: Any) -> None:
    await home.put(row)
    assert await home.all_rows(type(row)) == [row]


@pytest.mark.parametrize("row", ROWS, ids=KINDS)
async def test_a_row_is_replaced_and_removed_by_its_id(row: Any) -> None:
    await home.put(row)
    field = "title" if isinstance(row, ConfigEntryRow) else "name"
    changed = replace(row, **{field: "Other"})
    await home.put(changed)
    assert await home.all_rows(type(row)) == [changed]
    await home.remove(type(row), getattr(row, "id", getattr(row, "entity_id", "")))
    assert await home.all_rows(type(row)) == []


async def test_many_rows_are_added_at_once() -> None:
    rows = [AreaRow(f"a{n}", f"Area {n}", position=n) for n in range(500)]
    await home.put_all(rows)
    await home.put_all(list[AreaRow]())
    assert await home.all_rows(AreaRow) == rows


@pytest.mark.parametrize(
    "value", ["text", "", "5", '{"a": 1}', 5, 1.5, True, False, None, [1, "a"], {"a": {"b": []}}]
)
async def test_a_setting_is_what_json_can_hold(value: object) -> None:
    await settings.put("key", "something else")
    await settings.put("key", value)
    found = await settings.load()
    assert found == {"key": value}
    assert type(found["key"]) is type(value)
