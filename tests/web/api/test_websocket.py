from __future__ import annotations

import asyncio
import json

import pytest

from hub import Call, action
from hub.context import Context
from hub.events import HUB_STOPPING, STATE_CHANGED, Event


async def _let_in(api, role="adult", limits=None):
    socket = await api.socket(await api.token(role, limits))
    assert (await socket.hear())["type"] == "auth_ok"
    return socket


async def test_a_client_is_let_in_by_its_first_message(api):
    token = await api.token("adult")
    socket = await api.socket()

    first = await socket.hear()
    answer = await socket.ask(type="auth", token=token)

    assert first["type"] == "auth_required"
    assert answer["type"] == "auth_ok"
    assert answer["person"]["name"] == "A adult"
    await socket.hang_up()


async def test_a_wrong_token_is_turned_away(api):
    socket = await api.socket()
    await socket.hear()

    answer = await socket.ask(type="auth", token="hearth_wrong")
    closed = await socket.hear()

    assert answer["type"] == "auth_invalid"
    assert answer["error"]["kind"] == "Unauthenticated"
    assert closed["code"] == 1008


@pytest.mark.parametrize("text", ["nonsense", '{"type": "ping", "id": 1}', "[]"])
async def test_anything_else_first_is_turned_away(api, text):
    socket = await api.socket()
    await socket.hear()

    socket.say_text(text)

    assert (await socket.hear())["type"] == "auth_invalid"
    assert (await socket.hear())["code"] == 1008


async def test_who_says_nothing_is_turned_away(api):
    socket = await api.socket()
    await socket.hear()

    await api.house.advance(11)

    assert (await socket.hear())["type"] == "auth_invalid"
    assert (await socket.hear())["code"] == 1008


async def test_who_hangs_up_before_the_token_leaves_nothing_behind(api):
    socket = await api.socket()
    await socket.hear()

    await socket.hang_up()

    assert socket.task.done()


async def test_a_page_of_another_site_is_turned_away(api):
    socket = await api.socket(origin="http://elsewhere.example")

    assert (await socket.hear())["type"] == "websocket.close"


async def test_states_are_told(socket):
    answer = await socket.ask(id=1, type="get_states", domain="light")

    assert answer["success"] is True
    assert [state["entity_id"] for state in answer["result"]] == ["light.hall"]


async def test_a_change_of_state_is_told_with_before_and_after(socket, house):
    subscribed = await socket.ask(id=7, type="subscribe_events", event_type=STATE_CHANGED)
    house.hub.states.set("sensor.wind", "9")
    told = await socket.hear()

    assert subscribed == {"id": 7, "type": "result", "success": True, "result": None}
    assert (told["id"], told["type"], told["event"]["type"]) == (7, "event", STATE_CHANGED)
    assert told["event"]["data"]["old_state"]["state"] == "3"
    assert told["event"]["data"]["new_state"]["state"] == "9"
    assert told["event"]["context"]["origin"] == "device"


async def test_only_the_entities_asked_for_are_told(socket, house):
    await socket.ask(id=1, type="subscribe_events", entity_id=["lock.door", "light.hall"])
    house.hub.states.set("sensor.wind", "9")
    house.hub.states.set("lock.door", "unlocked")

    assert (await socket.hear())["event"]["entity_id"] == "lock.door"


async def test_after_unsubscribing_nothing_is_told(socket, house):
    await socket.ask(id=1, type="subscribe_events")
    await socket.ask(id=2, type="unsubscribe", subscription=1)
    house.hub.states.set("sensor.wind", "9")

    assert (await socket.ask(id=3, type="ping")) == {"id": 3, "type": "pong"}


async def test_a_client_that_hangs_up_leaves_no_listener(api, house):
    before = house.hub.bus.listener_count
    socket = await _let_in(api)
    await socket.ask(id=1, type="subscribe_events")

    await socket.hang_up()

    assert house.hub.bus.listener_count == before


async def test_what_a_person_may_not_see_is_not_told(api, house):
    limits = [{"permission": "hub.see", "allow": False, "entity": "lock.*"}]
    socket = await _let_in(api, "guest", limits)
    await socket.ask(id=1, type="subscribe_events")

    await house.hub.actions.call("lock.unlock", {}, "lock.door")
    await house.hub.actions.call("notify.send", {"message": "Psst.", "person": "Mara"})
    house.hub.bus.publish(Event("custom_bell", {}, house.clock.time(), Context.new()))
    await house.hub.actions.call("light.turn_on", {}, "light.hall")
    told = [await socket.hear(), await socket.hear()]

    assert [message["event"]["type"] for message in told] == ["state_changed", "action_called"]
    assert told[0]["event"]["entity_id"] == "light.hall"
    assert socket.nothing_more()
    await socket.hang_up()


async def test_one_is_told_of_what_is_sent_to_oneself(api, house):
    socket = await _let_in(api, "guest")
    await socket.ask(id=1, type="subscribe_events", event_type="notification_changed")

    await house.hub.notify.send("For Mara.", to=["Mara"])
    await house.hub.notify.send("For the guest.", to=["A guest"])
    told = await socket.hear()

    assert told["event"]["data"]["person_id"] == house.hub.people.find("A guest").id
    assert socket.nothing_more()
    await socket.hang_up()


async def test_one_is_told_of_ones_own_calls(api):
    socket = await _let_in(api, "guest")
    await socket.ask(id=1, type="subscribe_events", event_type="action_called")

    socket.say(id=2, type="call_action", action="light.turn_on", target="light.hall")
    heard = [await socket.hear(), await socket.hear()]

    assert {message["type"] for message in heard} == {"event", "result"}
    await socket.hang_up()


async def test_an_action_is_called(socket, house):
    answer = await socket.ask(id=4, type="call_action", action="light.turn_on", target="light.hall")

    assert answer["result"]["states"][0]["state"] == "on"
    assert house.state("light.hall") == "on"


async def test_a_slow_action_holds_up_nobody(socket, house):
    go_on = asyncio.Event()

    @action("slow.wait")
    async def wait(call: Call) -> None:
        await go_on.wait()

    house.hub.actions.register(wait)
    socket.say(id=1, type="call_action", action="slow.wait")
    meanwhile = await socket.ask(id=2, type="ping")
    go_on.set()

    assert meanwhile == {"id": 2, "type": "pong"}
    assert (await socket.hear())["id"] == 1


async def test_a_refused_action_is_told(api):
    socket = await _let_in(api, "guest")

    answer = await socket.ask(id=4, type="call_action", action="lock.unlock", target="lock.door")

    assert answer["success"] is False
    assert answer["error"]["kind"] == "Refused"
    await socket.hang_up()


async def test_a_state_is_set_by_who_manages_the_system(socket, api, house):
    done = await socket.ask(id=1, type="set_state", entity_id="input.x", state="on")
    adult = await _let_in(api)
    refused = await adult.ask(id=1, type="set_state", entity_id="input.x", state="off")

    assert done["result"]["context"]["origin"] == "api"
    assert refused["error"]["kind"] == "Refused"
    assert house.state("input.x") == "on"
    await adult.hang_up()


async def test_an_event_is_fired(socket, house):
    heard: list[Event] = []
    house.hub.bus.subscribe("custom_bell", heard.append)

    good = await socket.ask(id=1, type="fire_event", event_type="custom_bell", event_data={"n": 1})
    bad = await socket.ask(id=2, type="fire_event", event_type="state_changed")

    assert good["success"]
    assert heard[0].data == {"n": 1}
    assert bad["error"]["kind"] == "Refused"


@pytest.mark.parametrize(
    "text, command_id, words",
    [
        ("{", None, "not valid JSON"),
        ('{"id": 5, "type": "dance"}', 5, "dance"),
        ('{"type": "ping"}', None, "id"),
        ('{"id": 6, "type": "ping", "loud": true}', 6, "loud"),
        ('{"id": 8, "type": "set_state", "entity_id": "x"}', 8, "state"),
        ('{"id": 9, "type": "set_state", "entity_id": "No", "state": "on"}', 9, "No"),
        ('{"id": 10, "type": "unsubscribe", "subscription": 99}', 10, "99"),
        (
            '{"id": 11, "type": "subscribe_events", "event_type": "x", "entity_id": "light.a"}',
            11,
            "state_changed",
        ),
    ],
)
async def test_a_wrong_command_is_told_and_the_next_one_is_done(socket, text, command_id, words):
    socket.say_text(text)
    answer = await socket.hear()

    assert (answer["id"], answer["success"]) == (command_id, False)
    assert words in answer["error"]["sentence"]
    assert (await socket.ask(id=12, type="ping"))["type"] == "pong"


async def test_an_id_can_not_be_subscribed_twice(socket):
    await socket.ask(id=1, type="subscribe_events")

    assert not (await socket.ask(id=1, type="subscribe_events"))["success"]


async def test_many_commands_at_once_are_answered_in_order(socket):
    for number in range(500):
        socket.say(id=number, type="set_state", entity_id="input.x", state=str(number))

    answers = [await socket.hear() for _ in range(500)]

    assert [answer["id"] for answer in answers] == list(range(500))
    assert answers[-1]["result"]["state"] == "499"


async def test_each_message_is_a_frame_unless_the_client_can_read_arrays(socket, house):
    await socket.ask(id=1, type="subscribe_events", event_type=STATE_CHANGED)
    before = socket.frames
    house.hub.states.set("sensor.wind", "10")
    house.hub.states.set("sensor.wind", "11")
    apart = [await socket.hear(), await socket.hear()]
    one_each = socket.frames - before

    await socket.ask(id=2, type="supported_features", coalesce=True)
    before = socket.frames
    house.hub.states.set("sensor.wind", "12")
    house.hub.states.set("sensor.wind", "13")
    together = [await socket.hear(), await socket.hear()]

    assert (len(apart), one_each) == (2, 2)
    assert (len(together), socket.frames - before) == (2, 1)


async def test_a_client_that_does_not_read_is_cut_off(api, house):
    socket = await _let_in(api)
    await socket.ask(id=1, type="subscribe_events", event_type=STATE_CHANGED)
    socket.reads.clear()
    text = "x" * 200_000
    for number in range(60):
        house.hub.states.set("input.x", str(number), {"long": text})
    await house.settle()
    listeners = house.hub.bus.listener_count
    socket.reads.set()

    closed = await _close_of(socket)

    assert closed["code"] == 1008
    assert "slow" in closed["reason"]
    assert listeners < house.hub.bus.listener_count + 1
    await socket.task


async def test_a_revoked_token_is_told_nothing_more(api, house):
    socket = await _let_in(api)
    person = house.hub.people.find("A adult")
    await socket.ask(id=1, type="subscribe_events", event_type=STATE_CHANGED)

    (row,) = house.hub.people.tokens_of(person.id)
    await house.hub.people.revoke_token(person.id, row.id)
    house.hub.states.set("sensor.wind", "99")
    closed = await socket.hear()

    assert closed["type"] == "websocket.close"
    await socket.task


async def test_a_disabled_person_is_hung_up_at_the_next_word(api, house):
    socket = await _let_in(api)
    await house.hub.people.change(house.hub.people.find("A adult").id, disabled=True)

    answer = await socket.ask(id=1, type="get_states")

    assert answer["type"] == "websocket.close"


async def test_a_browser_that_signs_out_is_hung_up(api, house):
    browser = await api.browser()
    socket = await api.socket(cookie=f"hearth_session={browser.cookies['hearth_session']}")
    assert (await socket.hear())["type"] == "auth_ok"

    await house.advance(31)
    still = await socket.ask(id=1, type="ping")
    await browser.end()
    await house.advance(31)

    assert still["type"] == "pong"
    assert (await socket.hear())["type"] == "websocket.close"


async def test_a_hub_that_stops_says_so(socket, house):
    house.hub.bus.publish(Event(HUB_STOPPING, {}, house.clock.time(), Context.new()))

    closed = await socket.hear()

    assert (closed["code"], closed["reason"]) == (1001, "The hub stops.")


async def test_an_attribute_that_json_has_no_word_for_is_told_as_text(socket, house):
    await socket.ask(id=1, type="subscribe_events")
    house.hub.states.set("input.x", "on", {"odd": complex(1, 2), "set": {1}})

    told = await socket.hear()

    assert told["event"]["data"]["new_state"]["attributes"] == {"odd": "(1+2j)", "set": [1]}


async def _close_of(socket):
    message = await socket.hear()
    while message["type"] != "websocket.close":
        message = await socket.hear()
    return message


async def test_the_largest_message_of_json_depth_is_survived(socket):
    socket.say_text('{"id":1,"type":"call_action","action":"x","data":' + "[" * 5000)
    answer = await socket.hear()

    assert answer["success"] is False
    assert json.dumps(answer)
