"""The object ``signature`` of a scorecard: put there by who has the private key, and verified by anybody who has the public one."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from grader.model import Scorecard, View
from grader.safe_text import safe_text
from grader.scorecard import scorecard_document
from grader.signing.canonical import canonical, parse_document
from grader.signing.errors import SignatureError
from grader.signing.keys import PrivateKey, PublicKey, ed25519

ALGORITHM = "Ed25519"


def sign_document(document: dict[str, Any], key: PrivateKey) -> dict[str, Any]:
    """Give a copy of a scorecard's document with the object ``signature`` at its end; one that is there is replaced.

    The same document and key give the same bytes: there is no time and no random number in a signature.

    Raises
    ------
    UnsignableError
        If the document is no scorecard.
    """
    # What is written is signed, not what it was made of: the text is read back as any verifier reads it.
    signed = parse_document(json.dumps({**document, "signature": None}, allow_nan=False).encode())
    signed["signature"] = {"algorithm": ALGORITHM, "key": key.fingerprint}
    value = key.key.sign(canonical(signed))
    signed["signature"]["value"] = base64.b64encode(value).decode("ascii")
    return signed


def render_signed(card: Scorecard, view: View, key: PrivateKey, *, indent: int | None = 2) -> str:
    """Render a signed scorecard as JSON text, as ``render_scorecard`` does an unsigned one."""
    return json.dumps(sign_document(scorecard_document(card, view), key), indent=indent, ensure_ascii=False, allow_nan=False) + "\n"


def verify_document(document: dict[str, Any], keys: list[PublicKey]) -> PublicKey:
    """Give the one of `keys` that has signed a document which ``parse_document`` has read.

    Raises
    ------
    SignatureError
        If none has, or if the document is another one than was signed.
    UnsignableError
        If the document has no canonical form.
    """
    ed25519()
    from cryptography.exceptions import InvalidSignature

    signature = document.get("signature")
    if signature is None:
        raise SignatureError("the scorecard is not signed", remedy="Ask for the one that the course has published.")
    if not isinstance(signature, dict) or set(signature) != {"algorithm", "key", "value"} or signature["algorithm"] != ALGORITHM:
        raise SignatureError(
            "the signature is not in the form that Layerwise writes", remedy=f"It must have algorithm ({ALGORITHM}), key and value."
        )
    # The document says which key it names; who trusts which key is decided by `keys` alone.
    key = next((key for key in keys if key.fingerprint == signature["key"]), None)
    if key is None:
        raise SignatureError(
            f"the scorecard is signed with another key: {safe_text(str(signature['key']))[:80]}",
            remedy=f"The key that you trust is {', '.join(key.fingerprint for key in keys)}.",
        )
    rest = {**document, "signature": {name: value for name, value in signature.items() if name != "value"}}
    try:
        key.key.verify(_signature_bytes(signature["value"]), canonical(rest))
    except InvalidSignature:
        raise SignatureError(
            "the scorecard is not the one that was signed: something in it was changed, or the signature belongs to another one",
            remedy="Ask for the one that the course has published.",
        ) from None
    return key


def _signature_bytes(value: Any) -> bytes:
    """Read a signature, which has one spelling only."""
    try:
        data = base64.b64decode(value, validate=True)
    except (TypeError, ValueError, binascii.Error):
        data = b""
    if base64.b64encode(data).decode("ascii") != value:
        raise SignatureError("the value of the signature is not in base64", remedy="Ask for the scorecard that the course has published.")
    return data
