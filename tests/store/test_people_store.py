from __future__ import annotations

import pytest

from store import people
from store.people import PersonRow, SessionRow, Taken, TokenRow

pytestmark = pytest.mark.usefixtures("memory")

MARA = PersonRow(
    "p1", "Mara", "mara", "owner", 1.0, "zh-Hans", "Europe/Berlin", "hash",
    [{"permission": "light.*", "allow": False}],
)  # fmt: skip
JONAS = PersonRow("p2", "Jonas", "jonas", "adult", 2.0)


def session(token_hash: str, *, expires_at: float = 100.0, seen_at: float = 1.0) -> SessionRow:
    return SessionRow(token_hash, "p1", "csrf", 0.0, seen_at, expires_at, "Firefox", "10.0.0.2")


async def test_people_are_kept_in_the_order_of_their_making() -> None:
    await people.add(JONAS)
    await people.add(MARA)
    assert await people.all_people() == [MARA, JONAS]


async def test_a_sign_in_name_is_taken_once() -> None:
    await people.add(MARA)
    await people.add(JONAS)
    with pytest.raises(Taken):
        await people.add(PersonRow("p3", "Other", "mara", "adult", 3.0))
    with pytest.raises(Taken):
        await people.update("p2", sign_in_name="mara")
    assert await people.all_people() == [MARA, JONAS]


async def test_a_change_is_kept() -> None:
    await people.add(JONAS)
    await people.update("p2", name="Jo", limits=[{"permission": "*"}], disabled=True)
    (row,) = await people.all_people()
    assert (row.name, row.limits, row.disabled) == ("Jo", [{"permission": "*"}], True)


async def test_with_a_person_their_sessions_and_tokens_go() -> None:
    await people.add(MARA)
    await people.add_session(session("s1"))
    await people.add_token(TokenRow("t1", "h1", "p1", "phone", 1.0))
    await people.remove("p1")
    assert await people.all_people() == []
    assert await people.session("s1") is None
    assert await people.token("h1") is None


async def test_a_session_is_found_by_its_hash_and_moved_on() -> None:
    await people.add(MARA)
    await people.add_session(session("s1"))
    assert await people.session("s1") == session("s1")
    await people.session_seen("s1", 50.0, 200.0)
    assert await people.session("s1") == session("s1", seen_at=50.0, expires_at=200.0)
    await people.end_session("s1")
    assert await people.session("s1") is None


async def test_signing_out_everywhere_else() -> None:
    await people.add(MARA)
    for number in range(3):
        await people.add_session(session(f"s{number}", seen_at=float(number)))
    assert [s.token_hash for s in await people.sessions_of("p1")] == ["s2", "s1", "s0"]
    assert await people.end_sessions("p1", but="s1") == 2
    assert [s.token_hash for s in await people.sessions_of("p1")] == ["s1"]
    assert await people.end_sessions("p1") == 1


async def test_sessions_that_ended_are_dropped() -> None:
    await people.add(MARA)
    await people.add_session(session("old", expires_at=10.0))
    await people.add_session(session("new", expires_at=100.0))
    assert await people.end_expired_sessions(50.0) == 1
    assert [s.token_hash for s in await people.sessions_of("p1")] == ["new"]


async def test_a_token_is_revoked_by_its_own_person_only() -> None:
    await people.add(MARA)
    token = TokenRow("t1", "h1", "p1", "phone", 1.0, expires_at=9.0)
    await people.add_token(token)
    assert await people.all_tokens() == [token]
    assert not await people.remove_token("t1", "p2")
    assert await people.token("h1") == token
    await people.token_used("t1", 5.0)
    (used,) = await people.tokens_of("p1")
    assert used.used_at == 5.0
    assert await people.remove_token("t1", "p1")
    assert await people.tokens_of("p1") == []
