from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta

from hub.sentences import trouble


class Lamp(msgspec.Struct, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=5, pattern="^[a-z]*$")] = "lamp"
    level: Annotated[float, Meta(gt=0, lt=10)] = 1.0
    count: Annotated[int, Meta(ge=1, le=5)] | None = None
    mode: Literal["a", "b"] = "a"
    parts: Annotated[list[int], Meta(max_length=2)] = []
    on: bool = False


@pytest.mark.parametrize(
    "value, sentence",
    [
        ({"level": 10}, "level must be less than 10"),
        ({"level": 0}, "level must be more than 0"),
        ({"count": 6}, "count must be at most 5"),
        ({"count": 0}, "count must be at least 1"),
        ({"count": "x"}, "count must be a whole number, not text"),
        ({"name": "lanterns"}, "name may have at most 5 characters"),
        ({"name": ""}, "name must have at least 1 characters"),
        ({"name": "LAMP"}, "name does not have the right form"),
        ({"mode": "c"}, "mode can't be “c”"),
        ({"parts": [1, 2, 3]}, "parts may have at most 2 items"),
        ({"parts": ["x"]}, "parts[0] must be a whole number, not text"),
        ({"on": "perhaps"}, "on must be true or false, not text"),
        ({"colour": 1}, "colour is not known here"),
        ([], "it must be a mapping, not a list"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(value: Any, sentence: str) -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(value, Lamp)
    assert str(trouble(caught.value)) == sentence


def test_what_has_no_plain_words_yet_is_passed_on() -> None:
    odd = msgspec.ValidationError("Something new - at `$.a.b`")
    assert str(trouble(odd)) == "a.b is wrong: Something new"
