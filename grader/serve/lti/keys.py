"""The keys of the service: platforms know it by them. They lie in a file that only the service may read, and in no database."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import stat
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from grader.errors import MachineError
from grader.serve.database import now
from grader.serve.id_token import unpadded

LOG = logging.getLogger("layerwise")
# Anybody may ask for our public keys, and nobody needs to know where we keep the others.
UNUSABLE, SEE_LOG = "the keys of this service cannot be used at the moment", "The log of the server says why."
FILE = "lti-keys.json"
BITS = 2048
# Platforms keep our public keys for a while: a new one is shown before it signs, and an old one after.
SHOWN_BEFORE = timedelta(hours=1)
SHOWN_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One of them. ``id`` is the thumbprint of its public half (RFC 7638)."""

    id: str
    made_at: datetime
    private: RSAPrivateKey


class Keys:
    """All of them, the newest first. Made when somebody first asks: a service without platforms has none."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._lock = threading.Lock()
        self._keys: tuple[Key, ...] = ()

    def all(self) -> tuple[Key, ...]:
        """The keys. Raises MachineError if the file cannot be read, or others can read it."""
        with self._lock:
            if not self._keys:
                self._keys = read_keys(self.path) if self.path.exists() else self._write((new_key(),))
            return self._keys

    def rotate(self) -> Key:
        """Make a new key. It signs after an hour; the one before it is shown for a week more."""
        made = new_key()
        older = self.all()
        with self._lock:
            signing = next((key for key in older if key.made_at + SHOWN_BEFORE <= made.made_at), older[-1])
            kept = [key for key in older if key.made_at >= signing.made_at or signing.made_at + SHOWN_AFTER > made.made_at]
            self._keys = self._write((made, *kept))
        return made

    def _write(self, keys: tuple[Key, ...]) -> tuple[Key, ...]:
        """Replace the file as a whole, so that no key is lost if the machine stops meanwhile."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # mkstemp makes it readable for its owner alone (0600).
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=".lti-keys-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump([written(key) for key in keys], file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(self.path)
        return keys

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A token of ours."""
        keys, time = self.all(), now()
        key = next((key for key in keys if key.made_at + SHOWN_BEFORE <= time), keys[-1])
        return jwt.encode(dict(claims), key.private, algorithm="RS256", headers={"kid": key.id})

    def published(self) -> dict[str, Any]:
        """The public halves, as a JWK set (RFC 7517)."""
        return {"keys": [{**public_part(key.private), "kid": key.id, "alg": "RS256", "use": "sig"} for key in self.all()]}


def public_part(private: RSAPrivateKey) -> dict[str, str]:
    """The members of a public RSA key (RFC 7518, section 6.3.1)."""
    numbers = private.public_key().public_numbers()
    return {"kty": "RSA", "n": _base64url(numbers.n), "e": _base64url(numbers.e)}


def _base64url(number: int) -> str:
    return unpadded(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def thumbprint(private: RSAPrivateKey) -> str:
    """The name of a key, which follows from the key (RFC 7638)."""
    members = json.dumps(public_part(private), sort_keys=True, separators=(",", ":"))
    return unpadded(hashlib.sha256(members.encode()).digest())


def new_key() -> Key:
    """A key that nobody has had before."""
    private = generate_private_key(public_exponent=65537, key_size=BITS)
    return Key(id=thumbprint(private), made_at=now(), private=private)


def written(key: Key) -> dict[str, str]:
    """A key as the file holds it."""
    pem = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return {"made_at": key.made_at.isoformat(), "private": pem}


def read_keys(path: Path) -> tuple[Key, ...]:
    """The keys of a file.

    Raises
    ------
    MachineError
        If it cannot be read, or others than its owner can read it.
    """
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            LOG.error("other users can read %s, which holds private keys: run chmod 600 on it, and make a new key", path)
            raise MachineError(UNUSABLE, remedy=SEE_LOG)
        keys = []
        for one in json.loads(path.read_text(encoding="utf-8")):
            private = load_pem_private_key(one["private"].encode(), None)
            assert isinstance(private, RSAPrivateKey)  # noqa: S101 - as it was written
            keys.append(Key(id=thumbprint(private), made_at=datetime.fromisoformat(one["made_at"]), private=private))
    except (OSError, ValueError, KeyError, TypeError) as error:
        LOG.error("%s cannot be read (%s): restore it from a backup, or move it away", path, type(error).__name__)
        raise MachineError(UNUSABLE, remedy=SEE_LOG) from error
    return tuple(sorted(keys, key=lambda key: key.made_at, reverse=True))
