"""Secrets: encrypted at rest with a key that lies beside the database, readable by its owner only.

AES-256-GCM (NIST SP 800-38D), a fresh 96-bit nonce a secret, the secret's id as associated
data so that rows can't be swapped. Without `secret.key` a stolen database tells nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.models import Secret
from store.trouble import StoreError, explain

_NONCE = 12
_KEY = 32


class SecretLost(Exception):
    """A secret can't be decrypted: the key is another one, or the row was changed."""


class Secrets:
    """Put, get and remove secrets by id."""

    def __init__(self, key: bytes) -> None:
        if len(key) != _KEY:
            raise ValueError(f"A key has {_KEY} bytes, not {len(key)}.")
        self._cipher = AESGCM(key)

    @classmethod
    def in_folder(cls, folder: Path) -> Secrets:
        """With the key in `folder`/secret.key, made at the first use (mode 0600).

        Raises StoreError when it can't be made or read.
        """
        path = folder / "secret.key"
        try:
            if not path.exists():
                _make_key(path)
            return cls(path.read_bytes())
        except OSError as error:
            raise explain(error, path) from error
        except ValueError as error:
            raise StoreError(
                f"{path} is damaged: it holds no key of {_KEY} bytes. Put back the one from your "
                "backup. Without it the stored secrets can't be read: move it away to begin with "
                "a new one, and enter the secrets again."
            ) from error

    @classmethod
    def fresh(cls) -> Secrets:
        """With a key that is never written down; for tests."""
        return cls(AESGCM.generate_key(8 * _KEY))

    async def put(self, secret_id: str, text: str) -> None:
        """Encrypt and keep `text`, replacing what was there."""
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, text.encode(), secret_id.encode())
        await Secret.update_or_create(defaults={"ciphertext": sealed}, id=secret_id)

    async def get(self, secret_id: str) -> str:
        """The text. Raises SecretLost when it is gone or can't be decrypted."""
        row = await Secret.get_or_none(id=secret_id)
        if row is None:
            raise SecretLost(f"There is no secret {secret_id}.")
        sealed = bytes(row.ciphertext)
        try:
            return self._cipher.decrypt(
                sealed[:_NONCE], sealed[_NONCE:], secret_id.encode()
            ).decode()
        except (InvalidTag, ValueError) as error:
            raise SecretLost(
                f"Secret {secret_id} can't be read with this secret.key. Enter it again."
            ) from error

    async def remove(self, secret_id: str) -> None:
        """Forget a secret."""
        await Secret.filter(id=secret_id).delete()


def _make_key(path: Path) -> None:
    """Written aside first: a full disk must not leave an empty key that looks like one."""
    work = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        handle = os.open(work, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(AESGCM.generate_key(8 * _KEY))
            file.flush()
            os.fsync(file.fileno())
        if not path.exists():
            work.replace(path)
    finally:
        work.unlink(missing_ok=True)
