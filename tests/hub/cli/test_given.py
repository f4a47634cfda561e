"""What people type for data and targets."""

from __future__ import annotations

from typing import Any

import pytest

from hub.cli import given
from hub.errors import Invalid


@pytest.mark.parametrize(
    "texts,expected",
    [
        ((), {}),
        (("brightness=200",), {"brightness": 200}),
        (("flash=true", "note=null"), {"flash": True, "note": None}),
        (("name=Night door",), {"name": "Night door"}),
        (("url=a=b",), {"url": "a=b"}),
        (("rgb=[255, 0, 0]",), {"rgb": [255, 0, 0]}),
        (("code='0042'", 'text="42"'), {"code": "'0042'", "text": "42"}),
        (('{"a": {"b": 1}}', "c=2", "a=3"), {"a": 3, "c": 2}),
        (("empty=",), {"empty": ""}),
    ],
)
def test_data_is_put_together(texts: tuple[str, ...], expected: dict[str, Any]) -> None:
    assert given.data(texts) == expected


@pytest.mark.parametrize("text", ["brightness", "=2", " =2", '{"a": 1', "{a: 1}", ""])
def test_data_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        given.data([text])
    assert caught.value.remedy


def test_targets_are_entities_and_places() -> None:
    assert given.target(["light.hall", "area:kitchen", "light.desk", "label:night"]) == {
        "entity_id": ["light.hall", "light.desk"],
        "area_id": ["kitchen"],
        "label_id": ["night"],
    }


@pytest.mark.parametrize("text", ["room:kitchen", "area:", ""])
def test_a_target_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="is no target"):
        given.target([text])
