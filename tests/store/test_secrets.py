from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from store.database import Database
from store.models import Secret
from store.secrets import SecretLost, Secrets
from store.trouble import StoreError

pytestmark = pytest.mark.usefixtures("memory")


async def test_a_secret_comes_back_as_it_was() -> None:
    secrets = Secrets.fresh()
    await secrets.put("target/1", "tgram://token/客厅")
    assert await secrets.get("target/1") == "tgram://token/客厅"
    await secrets.put("target/1", "other")
    assert await secrets.get("target/1") == "other"


async def test_the_database_alone_tells_nothing() -> None:
    await Secrets.fresh().put("s", "tgram://very-secret")
    row = await Secret.get(id="s")
    assert b"very-secret" not in bytes(row.ciphertext)


async def test_the_same_text_is_never_sealed_the_same_way() -> None:
    secrets = Secrets.fresh()
    await secrets.put("a", "text")
    await secrets.put("b", "text")
    a, b = await Secret.get(id="a"), await Secret.get(id="b")
    assert bytes(a.ciphertext) != bytes(b.ciphertext)


async def test_a_secret_that_is_gone_or_was_never_there_is_lost() -> None:
    secrets = Secrets.fresh()
    await secrets.put("a", "text")
    await secrets.remove("a")
    await secrets.remove("a")
    with pytest.raises(SecretLost, match="There is no secret a"):
        await secrets.get("a")


async def test_another_key_does_not_open_it() -> None:
    await Secrets.fresh().put("a", "text")
    with pytest.raises(SecretLost, match="Enter it again"):
        await Secrets.fresh().get("a")


async def test_rows_can_not_be_swapped_or_changed() -> None:
    secrets = Secrets.fresh()
    await secrets.put("a", "mine")
    await secrets.put("b", "yours")
    stolen = bytes((await Secret.get(id="b")).ciphertext)
    for sealed in (stolen, stolen[:-1] + b"x", b""):
        await Secret.filter(id="a").update(ciphertext=sealed)
        with pytest.raises(SecretLost):
            await secrets.get("a")


async def test_a_key_opens_what_it_sealed_before(tmp_path: Path) -> None:
    await Secrets.in_folder(tmp_path).put("a", "text")
    assert await Secrets.in_folder(tmp_path).get("a") == "text"


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    Secrets.in_folder(tmp_path)
    key = tmp_path / "secret.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(key.read_bytes()) == 32
    before = key.read_bytes()
    Secrets.in_folder(tmp_path)
    assert key.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["secret.key"]


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_damaged_key_is_told_and_kept(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret.key").write_bytes(content)
    with pytest.raises(StoreError, match=r"secret.key is damaged") as caught:
        Secrets.in_folder(tmp_path)
    assert "backup" in str(caught.value)
    assert (tmp_path / "secret.key").read_bytes() == content


def test_a_full_disk_leaves_no_half_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="is full"):
        Secrets.in_folder(tmp_path)
    assert list(tmp_path.iterdir()) == []


async def test_secrets_outlive_the_process(tmp_path: Path, memory: Database) -> None:
    await memory.close()
    for expected in (["none"], ["text"]):
        database = Database(tmp_path)
        await database.open()
        secrets = Secrets.in_folder(tmp_path)
        found = [await secrets.get("a")] if await Secret.exists(id="a") else ["none"]
        await secrets.put("a", "text")
        await database.close()
        assert found == expected
