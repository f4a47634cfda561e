"""What people do on the pages: skills, blueprints, people, tokens, deliveries, causes."""

from __future__ import annotations

import json
import re

import pytest

from hub.context import Context
from hub.errors import Broken
from hub.testing import House
from skills.service import Skills
from tests.web.conftest import PASSWORD, Visitor
from tests.web.pages.conftest import SKILL, Enter

DOOR = {
    "door": ["", "binary_sensor.front_door"], "duration.hours": "0", "duration.minutes": "7",
    "duration.seconds": "0", "person": ["", "everyone"], "message": "Close it", "urgency": "high",
    "reminders": "0", "skill_name": "Front door",
}  # fmt: skip


@pytest.fixture
async def owner(enter: Enter) -> Visitor:
    return await enter("owner")


async def test_a_tile_says_what_the_hub_did_not_what_was_wished(
    owner: Visitor, house: House
) -> None:
    await house.add("switch.kettle", "off")
    house.entities.failures.append(Broken("The kettle is unplugged."))
    failed = await owner.send("/ui/entities/switch.kettle/toggle", {}, {"HX-Request": "true"})
    done = await owner.send("/ui/entities/switch.kettle/toggle", {}, {"HX-Request": "true"})

    assert failed.status_code >= 400
    assert "unplugged" in failed.headers["HX-Trigger"]
    assert 'aria-pressed="true"' in done.text


async def test_lights_off_puts_out_what_burns_in_an_area(owner: Visitor, house: House) -> None:
    await house.hub.actions.call("light.turn_on", target="light.hall")
    area = house.hub.registry.area_of("light.hall")
    assert area is not None
    answer = await owner.send(f"/ui/areas/{area.id}/off", {})

    assert (answer.status_code, house.state("light.hall")) == (204, "off")
    assert (await owner.send("/ui/areas/nowhere/off", {})).status_code == 404


async def test_a_blueprint_makes_a_skill_and_its_settings_come_back(
    owner: Visitor, house: House
) -> None:
    made = await owner.send("/blueprints/door_left_open.yaml", DOOR)
    skill = house.hub.part(Skills).get("Front door")
    form = (await owner.get(f"/blueprints/door_left_open.yaml?skill={skill.id}")).text
    again = {**DOOR, "duration.minutes": "9"}
    changed = await owner.send(f"/blueprints/door_left_open.yaml?skill={skill.id}", again)

    assert (made.status_code, changed.status_code) == (303, 303)
    assert re.search(r'name="duration.minutes" value="7"', form)
    assert re.search(r'value="binary_sensor.front_door" checked', form)
    assert re.search(r'value="everyone" checked', form)
    assert 'value="Close it"' in form
    assert house.hub.part(Skills).get("Front door").version == 2
    assert "9 minutes" in house.hub.part(Skills).get("Front door").words


async def test_a_wrong_form_keeps_what_was_typed_and_says_what_is_wrong(owner: Visitor) -> None:
    wrong = {**DOOR, "door": "", "skill_name": "", "message": "My own words"}
    answer = await owner.send("/blueprints/door_left_open.yaml", wrong)

    assert answer.status_code == 422
    assert 'id="door-error"' in answer.text
    assert 'id="skill_name-error"' in answer.text
    assert 'value="My own words"' in answer.text
    assert re.search(r'value="everyone" checked', answer.text)


async def test_the_preview_in_words_follows_what_is_typed(owner: Visitor) -> None:
    address = "/ui/blueprints/door_left_open.yaml/check"
    answer = await owner.send(address, DOOR, {"HX-Request": "true"})

    assert "7 minutes" in answer.text


async def test_a_picker_finds_by_words(owner: Visitor) -> None:
    address = "/ui/blueprints/motion_light.yaml/pick/motion?q=hall"
    answer = await owner.get(address, {"HX-Request": "true"})

    assert re.findall(r'data-value="([^"]+)"', answer.text) == ["binary_sensor.hall_motion"]


async def test_a_skill_is_switched_off_and_undo_stands_ready(
    owner: Visitor, house: House, skill_id: str
) -> None:
    off = await owner.send(f"/skills/{skill_id}/enabled", {})
    toast = json.loads(off.headers["HX-Trigger"])["toast"]
    assert not house.hub.part(Skills).get(skill_id).enabled

    await owner.send(toast["undo"], {})
    assert house.hub.part(Skills).get(skill_id).enabled


async def test_a_dry_run_moves_nothing_and_shows_its_steps(
    owner: Visitor, house: House, skill_id: str
) -> None:
    await house.hub.actions.call("light.turn_off", target="light.hall")
    sent = await owner.send(f"/skills/{skill_id}/run?dry=1", {})
    page = (await owner.get(sent.headers["location"])).text

    assert house.state("light.hall") == "off"
    assert "Dry run" in page
    assert "Turn on" in page


async def test_a_run_waits_and_can_be_stopped(owner: Visitor, house: House, skill_id: str) -> None:
    sent = await owner.send(f"/skills/{skill_id}/run", {})
    await house.settle()
    page = (await owner.get(sent.headers["location"])).text
    await owner.send(sent.headers["location"] + "/cancel", {})
    after = (await owner.get(sent.headers["location"])).text

    assert "Waiting" in page
    assert "Stop it" in page
    assert "Cancelled" in after


async def test_a_wrong_document_is_kept_with_the_line_that_is_wrong(
    owner: Visitor, house: House, skill_id: str
) -> None:
    wrong = SKILL + "  - bad: [\n"
    answer = await owner.send(f"/skills/{skill_id}", {"document": wrong})

    assert answer.status_code == 422
    assert "- bad: [" in answer.text
    assert re.search(r'id="document-error".*?[Ll]ine \d+', answer.text, re.DOTALL)
    assert house.hub.part(Skills).get(skill_id).version == 1


async def test_a_deleted_skill_is_gone(owner: Visitor, house: House, skill_id: str) -> None:
    answer = await owner.send(f"/skills/{skill_id}/delete", {})

    assert answer.headers["location"] == "/skills"
    assert (await owner.get(f"/skills/{skill_id}")).status_code == 404


async def test_people_come_change_and_go(owner: Visitor, house: House) -> None:
    form = {"name": "Lina", "sign_in_name": "", "password": "", "role": "child"}
    await owner.send("/settings/people", form)
    lina = house.hub.people.find("lina")
    await owner.send(f"/settings/people/{lina.id}/role", {"role": "guest"})
    changed = house.hub.people.find("lina").role
    weak = await owner.send("/settings/people", {**form, "name": "Jo", "password": "short"})
    await owner.send(f"/settings/people/{lina.id}/remove", {})

    assert changed == "guest"
    assert (weak.status_code, 'id="password-error"' in weak.text) == (422, True)
    assert [row.name for row in house.hub.people.all()] == ["Mara"]


async def test_a_token_is_shown_once_and_revoked_at_once(owner: Visitor, house: House) -> None:
    made = (await owner.send("/settings/tokens", {"name": "Tablet"})).text
    text = re.findall(r"hearth_[\w-]+", made)[0]
    row = house.hub.people.tokens_of(house.hub.people.find("mara").id)[0]
    assert await house.hub.people.by_token(text) is not None

    await owner.send(f"/settings/tokens/{row.id}/remove", {})
    assert await house.hub.people.by_token(text) is None
    assert text not in (await owner.get("/settings/tokens")).text


async def test_the_password_changes_only_with_the_present_one(owner: Visitor) -> None:
    new = "four other words here"
    wrong = await owner.send("/settings/security", {"present": "no", "password": new})
    right = await owner.send("/settings/security", {"present": PASSWORD, "password": new})

    assert (wrong.status_code, right.status_code) == (422, 200)
    assert 'id="present-error"' in wrong.text


async def test_others_messages_are_for_who_manages_people(
    owner: Visitor, enter: Enter, house: House
) -> None:
    adult = await enter("adult")
    mara = house.hub.people.find("mara")
    by_mara = Context.new("person", person_id=mara.id)
    await house.hub.notify.send("A surprise", to=[mara.id], context=by_mara)
    await house.hub.notify.send("Dinner", to=["everyone"], context=by_mara)
    await house.settle()

    assert "A surprise" in (await owner.get("/activity/deliveries")).text
    seen = (await adult.get("/activity/deliveries")).text
    assert ("Dinner" in seen, "A surprise" in seen) == (True, False)


async def test_the_cause_leads_from_the_lamp_to_the_lock(
    owner: Visitor, enter: Enter, house: House, skill_id: str
) -> None:
    await house.hub.actions.call("light.turn_off", target="light.hall")
    await house.hub.actions.call("lock.unlock", target="lock.front_door")
    await house.advance(10)
    state = house.hub.states.get("light.hall")
    assert state is not None
    address = f"/activity/cause/{state.context.id}"
    whole = (await owner.get(address)).text
    blind = await enter("adult", [{"permission": "hub.see", "allow": False, "entity": "lock.*"}])
    partly = (await blind.get(address)).text

    assert ("Evening" in whole, "Front door" in whole) == (True, True)
    assert ("Hall" in partly, "Front door" in partly) == (True, False)


async def test_what_one_may_not_see_is_nowhere_on_the_pages(
    enter: Enter, house: House, skill_id: str
) -> None:
    await house.hub.actions.call("lock.unlock", target="lock.front_door")
    await house.advance(10)
    blind = await enter("guest", [{"permission": "hub.see", "allow": False, "entity": "lock.*"}])

    assert "lock.front_door" not in (await blind.get("/")).text
    assert "Front door lock" not in (await blind.get("/ui/home/feed")).text
    assert (await blind.get("/ui/entities/lock.front_door")).status_code == 404


async def test_the_present_password_can_not_be_guessed_without_end(
    owner: Visitor, house: House
) -> None:
    guess = {"present": "no", "password": "a quite new pass phrase"}
    for _try in range(house.hub.config.sign_in.attempts):
        await owner.send("/settings/security", guess)
    right = await owner.send("/settings/security", guess | {"present": PASSWORD})
    assert (right.status_code, "Too many wrong passwords" in right.text) == (422, True)
