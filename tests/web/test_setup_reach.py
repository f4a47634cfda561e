"""The first visit's later steps: a way to be notified, and the end."""

from __future__ import annotations

import pytest

from hub.notify.service import Outcome
from hub.testing import House
from tests.web.conftest import PASSWORD, Visitor

URL = "json://192.0.2.7:9000/hook"


@pytest.fixture
async def mara(house: House, visitor: Visitor) -> Visitor:
    """The owner, at the step where targets are added."""
    await house.owner("Mara", PASSWORD)
    await house.hub.home.change(name="Linden 12")
    await visitor.sign_in()
    await visitor.get("/setup/notify?service=url")
    return visitor


def typed(**values: str) -> dict[str, str]:
    """The form for any service, filled in."""
    return {"service": "url", "f_url": URL, "name": "My phone", **values}


async def test_every_service_has_a_form(house: House, mara: Visitor) -> None:
    for form in house.hub.notify.forms():
        page = await mara.get(f"/setup/notify?service={form.service}")
        missing = [f.key for f in form.fields if f'name="f_{f.key}"' not in page.text]
        assert (page.status_code, missing) == (200, [])


async def test_any_address_is_offered_last(house: House, mara: Visitor) -> None:
    page = await mara.get("/setup/notify")
    services = [form.service for form in house.hub.notify.forms()]
    places = {name: page.text.index(f'id="service-{name}"') for name in services}
    assert max(places, key=places.__getitem__) == "url"


async def test_a_test_is_really_sent_and_its_success_told(house: House, mara: Visitor) -> None:
    answer = await mara.send("/setup/notify/test", typed())
    assert answer.status_code == 200
    assert "The service took the message." in answer.text
    assert [sent.url for sent in house.sender.sent] == [URL]


async def test_a_test_that_fails_tells_the_services_reason(house: House, mara: Visitor) -> None:
    house.sender.answers.append(Outcome(False, "The service answered 401: the token is wrong."))
    answer = await mara.send("/setup/notify/test", typed())
    assert "The message did not get through." in answer.text
    assert "the token is wrong" in answer.text
    assert house.sender.sent == []


async def test_a_test_keeps_nothing(house: House, mara: Visitor) -> None:
    await mara.send("/setup/notify/test", typed())
    assert await house.hub.notify.targets((await house.owner()).id) == []


@pytest.mark.parametrize("path", ["/setup/notify", "/setup/notify/test"])
@pytest.mark.parametrize("url", ["", "no-address", "nosuchservice://x"])
async def test_a_wrong_address_is_told_beside_its_field(
    house: House, mara: Visitor, path: str, url: str
) -> None:
    answer = await mara.send(path, typed(f_url=url))
    assert answer.status_code == 422
    assert 'id="f_url-error"' in answer.text
    assert 'value="My phone"' in answer.text
    assert not house.hub.home.setup_done


async def test_saving_keeps_the_target_and_ends_the_set_up(house: House, mara: Visitor) -> None:
    answer = await mara.send("/setup/notify", typed())
    kept = await house.hub.notify.targets((await house.owner()).id)
    assert answer.headers["location"] == "/setup/done"
    assert [target.name for target in kept] == ["My phone"]
    assert house.hub.home.setup_done


async def test_the_last_page_tells_what_is_ready(house: House, mara: Visitor) -> None:
    await house.add("light.hall", name="Hall")
    house.hub.health.report("mdns", "warn", "hub.local is taken.", "Another hub has it.")
    await mara.send("/setup/notify", typed())
    page = await mara.get("/setup/done")
    for words in ("Linden 12 is ready", "My phone", "1 thing in the house", "hub.local is taken."):
        assert words in page.text
    assert URL not in page.text


async def test_it_can_be_done_later(house: House, mara: Visitor) -> None:
    answer = await mara.send("/setup/finish", {})
    page = await mara.get(answer.headers["location"])
    assert "No way to reach you yet" in page.text
    assert house.hub.home.setup_done


async def test_when_it_is_over_it_is_over(mara: Visitor) -> None:
    await mara.send("/setup/finish", {})
    again = await mara.get("/setup/notify")
    posted = await mara.send("/setup/notify", typed())
    assert (again.headers["location"], posted.headers["location"]) == ("/setup", "/setup")


async def test_the_end_is_not_shown_before_the_end(mara: Visitor) -> None:
    answer = await mara.get("/setup/done")
    assert answer.headers["location"] == "/setup"
