"""Keys of a course: made, kept where their owner alone reads them, told apart by a fingerprint."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.secrecy import may_be_read_by_others, write_private
from grader.signing.errors import KeyFileError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PUBLIC_SUFFIX = ".pub"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateKey:
    """What signs. Its text never shows the key."""

    fingerprint: str
    key: Ed25519PrivateKey = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """What verifies. The fingerprint is the SHA-256 of the key's DER form (SubjectPublicKeyInfo)."""

    fingerprint: str
    key: Ed25519PublicKey = field(repr=False)


def new_key(path: Path) -> PublicKey:
    """Make a pair of keys: the private one at `path`, for its owner's eyes, and the public one beside it, with ``.pub`` added.

    Raises
    ------
    KeyFileError
        If one of the files is there already, or cannot be written.
    """
    private = ed25519().Ed25519PrivateKey.generate()
    from cryptography.hazmat.primitives import serialization

    secret = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    open_text = private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    beside = path.with_name(path.name + PUBLIC_SUFFIX)
    try:
        if beside.exists():
            raise FileExistsError(f"{beside} already exists")
        write_private(path, secret.decode("ascii"))
        with beside.open("x", encoding="ascii", newline="\n") as file:
            file.write(open_text.decode("ascii"))
    except OSError as error:
        why = "it already exists" if isinstance(error, FileExistsError) else error.strerror
        raise KeyFileError(f"no key was made at {path}: {why}", remedy="Give a new name; a key is never overwritten.") from error
    return PublicKey(fingerprint=_fingerprint(private.public_key()), key=private.public_key())


def load_private_key(path: Path) -> PrivateKey:
    """Read a private key (PEM, PKCS #8, not encrypted) of a file that its owner alone may read.

    Raises
    ------
    KeyFileError
        If it is not there, is something else, or lies open to other users.
    """
    kind = ed25519().Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    data = _read_key(path)
    if may_be_read_by_others(path):
        raise KeyFileError(f"other users of this machine can read {path}", remedy=f"Run `chmod 600 {path}`, or make another key.")
    try:
        key = load_pem_private_key(data, password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, kind):
        # Without the library's own message, which might show a part of what it has read.
        raise KeyFileError(f"{path} does not hold a private Ed25519 key in PEM", remedy="Make one with `grade keys new FILE`.")
    return PrivateKey(fingerprint=_fingerprint(key.public_key()), key=key)


def load_public_key(path: Path) -> PublicKey:
    """Read a public key (PEM, SubjectPublicKeyInfo).

    Raises
    ------
    KeyFileError
        If it is not there, or is something else.
    """
    kind = ed25519().Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(_read_key(path))
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, kind):
        raise KeyFileError(
            f"{path} does not hold a public Ed25519 key in PEM", remedy="It is the file ending in .pub beside the private key."
        )
    return PublicKey(fingerprint=_fingerprint(key), key=key)


def _read_key(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeyFileError(f"the key {path} cannot be read: {error.strerror}", remedy="Check its path and its permissions.") from None


def _fingerprint(key: Ed25519PublicKey) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return "sha256:" + hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def ed25519() -> Any:
    """The library, imported only by who signs or verifies."""
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError:
        raise KeyFileError("signatures need the package cryptography", remedy="Install it: pip install 'layerwise[sign]'") from None
    return ed25519
