"""A provider of single sign-on in a few lines: an honest one, until a test makes it lie."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from functools import cache
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

import httpx2
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

ISSUER = "https://login.example.edu/students"
CLIENT = "layerwise"
SECRET = "a secret & with: odd signs"


@cache
def key(name):
    """A key pair; making one of RSA takes long, so that tests share them."""
    if name.startswith("ec"):
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=1024 if name.startswith("short") else 2048)


def public(name, **more):
    kind = jwt.algorithms.ECAlgorithm if name.startswith("ec") else jwt.algorithms.RSAAlgorithm
    return {**kind.to_jwk(key(name).public_key(), as_dict=True), "kid": name, "use": "sig", **more}


class University:
    """What it is asked is in ``asked``; what it says of whoever signs in next is in ``claims``."""

    def __init__(self):
        self.signs_by, self.published = "rsa", ["rsa"]
        self.claims = {"sub": "248289761001", "email": "ada@example.org", "email_verified": True, "name": "Ada"}
        self.userinfo = None
        self.description = {}
        # Of the ID token: claims that are changed, or left out where they are None; or all of it.
        self.changed, self.token = {}, None
        self.broken = {}
        self.asked, self._codes = [], {}

    def client(self):
        return httpx2.Client(transport=httpx2.MockTransport(self.answer), follow_redirects=False)

    # What a browser sees of it.

    def agree(self, location, **more):
        """Where it sends the browser back to, after somebody has signed in there."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        code = secrets.token_urlsafe(8)
        self._codes[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": ISSUER, **more}
        back = urlsplit(asked["redirect_uri"])
        return f"{back.path}?{urlencode({name: value for name, value in answer.items() if value is not None})}"

    # What the service sees of it.

    def answer(self, request):
        path = request.url.path.removeprefix("/students")
        self.asked.append(path)
        if path in self.broken:
            return self.broken[path](request)
        return {
            "/.well-known/openid-configuration": self._describe,
            "/jwks": lambda _request: httpx2.Response(200, json={"keys": [public(name) for name in self.published]}),
            "/token": self._exchange,
            "/userinfo": lambda _request: httpx2.Response(200, json=self.userinfo),
        }[path](request)

    def _describe(self, _request):
        found = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize?campus=main",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/jwks",
            "authorization_response_iss_parameter_supported": True,
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            **({"userinfo_endpoint": f"{ISSUER}/userinfo"} if self.userinfo else {}),
            **self.description,
        }
        return httpx2.Response(200, json={name: value for name, value in found.items() if value is not None})

    def _exchange(self, request):
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        asked = self._codes.pop(form.get("code"), None)
        pair = base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode().split(":")
        if [unquote_plus(part) for part in pair] != [CLIENT, SECRET]:
            return httpx2.Response(401, json={"error": "invalid_client"})
        # RFC 7636, section 4.6.
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if asked is None or (asked["code_challenge"], asked["redirect_uri"]) != (challenge, form["redirect_uri"]):
            return httpx2.Response(400, json={"error": "invalid_grant"})
        token = self.token(self.payload(asked)) if self.token else self.signed(self.payload(asked))
        return httpx2.Response(200, json={"access_token": "opaque", "token_type": "Bearer", "id_token": token})

    def payload(self, asked):
        now = int(time.time())
        made = {"iss": ISSUER, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"], **self.claims, **self.changed}
        return {name: value for name, value in made.items() if value is not None}

    def signed(self, payload, name=None, **header):
        name = name or self.signs_by
        algorithm = "ES256" if name.startswith("ec") else "RS256"
        return jwt.encode(payload, key(name), algorithm, headers={"kid": name, **header})


def by_hand(header, payload, sign):
    """A token that no library would make."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, payload)]
    signature = base64.urlsafe_b64encode(sign(b".".join(parts))).rstrip(b"=")
    return b".".join([*parts, signature]).decode()
