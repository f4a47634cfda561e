"""Every page draws itself for everybody who may open it, and is well made."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from hub.testing import House
from tests.web.conftest import Visitor
from tests.web.pages.conftest import Enter

FOR_EVERYBODY = ["/", "/settings/security", "/settings/tokens"]
FOR_ADULTS = [
    "/skills", "/skills/{skill_id}", "/blueprints", "/blueprints/motion_light.yaml",
    "/blueprints/door_left_open.yaml", "/blueprints/temperature_alert.yaml",
    "/blueprints/goodnight.yaml", "/blueprints/leak_alarm.yaml", "/blueprints/daily_summary.yaml",
    "/activity", "/activity/deliveries", "/activity/audit", "/integrations", "/settings/people",
    "/settings/system",
]  # fmt: skip
FOR_CHILDREN = ["/settings/notifications"]
FOR_OWNERS = ["/settings/home"]
EVERY_PAGE = [*FOR_EVERYBODY, *FOR_CHILDREN, *FOR_ADULTS, *FOR_OWNERS]

ROLES = {
    "owner": EVERY_PAGE,
    "adult": [*FOR_EVERYBODY, *FOR_CHILDREN, *FOR_ADULTS],
    "child": [*FOR_EVERYBODY, *FOR_CHILDREN],
    "guest": FOR_EVERYBODY,
}


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_opens_its_pages_and_no_others(role: str, enter: Enter, skill_id: str) -> None:
    visitor = await enter(role)
    opened = []
    for path in EVERY_PAGE:
        answer = await visitor.get(path.format(skill_id=skill_id))
        opened += [path] * (answer.status_code == 200)

    assert opened == [path for path in EVERY_PAGE if path in ROLES[role]]


@pytest.mark.parametrize("role", ROLES)
async def test_a_page_links_only_to_what_may_be_opened(role: str, enter: Enter) -> None:
    visitor = await enter(role)
    page = (await visitor.get("/")).text
    links = set(re.findall(r'<a [^>]*href="(/[^"?#]*)', page)) - {"/skip"}
    answers = {path: (await visitor.get(path)).status_code for path in sorted(links)}

    assert {path: status for path, status in answers.items() if status not in (200, 303)} == {}


async def test_pages_have_one_heading_landmarks_and_a_label_for_every_field(
    enter: Enter, skill_id: str
) -> None:
    owner = await enter("owner")
    complaints = {}
    for path in EVERY_PAGE:
        page = (await owner.get(path.format(skill_id=skill_id))).text
        complaints[path] = Reader.read(page).complaints()

    assert {path: found for path, found in complaints.items() if found} == {}


@pytest.mark.parametrize("name", ["summary", "feed", "ran", "needs", "strip"])
async def test_a_fragment_of_the_home_page_draws_itself(name: str, enter: Enter) -> None:
    for role in ROLES:
        answer = await (await enter(role)).get(f"/ui/home/{name}")
        assert answer.status_code == 200
        assert "<html" not in answer.text


async def test_an_unknown_fragment_is_not_found(enter: Enter) -> None:
    assert (await (await enter("owner")).get("/ui/home/nothing")).status_code == 404


async def test_a_tile_draws_itself(enter: Enter, house: House) -> None:
    owner = await enter("owner")
    for state in house.hub.states.all():
        answer = await owner.get(f"/ui/entities/{state.entity_id}")
        assert answer.status_code == 200, state.entity_id


async def test_bad_values_in_an_address_get_a_sentence(enter: Enter) -> None:
    owner = await enter("owner")

    assert (await owner.get("/activity/audit?before=soon")).status_code == 422
    assert (await owner.get("/ui/blueprints/motion_light.yaml/pick/no")).status_code == 404
    assert (await owner.get("/blueprints/no.yaml")).status_code == 404
    assert (await owner.send("/integrations/demo/explode", {})).status_code == 404


async def test_a_guest_is_offered_nothing_that_would_be_refused(enter: Enter, house: House) -> None:
    guest: Visitor = await enter("guest")
    page = (await guest.get("/")).text
    offered = set(re.findall(r'hx-post="/ui/entities/(\w+)\.', page))

    assert offered == {"light"}
    assert "/skills" not in page


class Reader(HTMLParser):
    """Looks at a page as a checker of accessibility does."""

    def __init__(self) -> None:
        super().__init__()
        self.headings = 0
        self.landmarks: list[str] = []
        self.fields: list[dict[str, str | None]] = []
        self.labelled: set[str] = set()
        self._open_labels = 0
        self._ids: list[str] = []

    @classmethod
    def read(cls, page: str) -> Reader:
        reader = cls()
        reader.feed(page)
        return reader

    def complaints(self) -> list[str]:
        """What is wrong, in words."""
        found = [] if self.headings == 1 else [f"{self.headings} h1"]
        found += [] if {"main", "nav", "header"} <= set(self.landmarks) else ["landmarks"]
        found += [
            f"no label: {field}"
            for field in self.fields
            if not (field.get("aria-label") or field.get("id") in self.labelled)
        ]
        doubles = {name for name in self._ids if self._ids.count(name) > 1}
        return found + [f"id twice: {name}" for name in sorted(doubles)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._ids += [str(given["id"])] if given.get("id") else []
        self.headings += tag == "h1"
        self.landmarks += [tag] if tag in ("main", "nav", "header") else []
        self._open_labels += tag == "label"
        if tag == "label" and given.get("for"):
            self.labelled.add(str(given["for"]))
        shown = given.get("type") not in ("hidden", "submit")
        if tag in ("input", "select", "textarea") and shown and not self._open_labels:
            self.fields.append(given)

    def handle_endtag(self, tag: str) -> None:
        self._open_labels -= tag == "label"
