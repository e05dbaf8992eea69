"""Sign scorecards, and tell whether one is signed: Ed25519 over the canonical JSON (RFC 8785) of everything that it says.

docs/signing.md says what is signed, what that proves, and how to verify it without Layerwise.
"""

from __future__ import annotations

from grader.signing.canonical import canonical, parse_document
from grader.signing.errors import KeyFileError, SignatureError, UnsignableError
from grader.signing.keys import PrivateKey, PublicKey, load_private_key, load_public_key, new_key
from grader.signing.signature import render_signed, sign_document, verify_document

__all__ = [
    "KeyFileError",
    "PrivateKey",
    "PublicKey",
    "SignatureError",
    "UnsignableError",
    "canonical",
    "load_private_key",
    "load_public_key",
    "new_key",
    "parse_document",
    "render_signed",
    "sign_document",
    "verify_document",
]
