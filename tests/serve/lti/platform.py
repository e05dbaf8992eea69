"""A learning platform as LTI 1.3 sees one: it sends people over, and takes their marks.

It signs and verifies by `cryptography` alone and shares no code with what it tests, so that a slip in the one is not made in the other.
"""

from __future__ import annotations

import base64
import contextlib
import json
import threading
import time
from html import escape
from urllib.parse import parse_qs, urlencode

import uvicorn
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership"
LEARNER, INSTRUCTOR = f"{ROLE}#Learner", f"{ROLE}#Instructor"
ASSISTANT = f"{ROLE}/Instructor#TeachingAssistant"
SCOPES = {f"{AGS}scope/score", f"{AGS}scope/lineitem", f"{NRPS}scope/contextmembership.readonly"}
CLIENT, DEPLOYMENT, COURSE = "client-17", "deployment-3", "course-101"


def encoded(data):
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def number_of(value):
    return encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def signed(claims, key, kid, alg="RS256"):
    start = f"{encoded({'alg': alg, 'typ': 'JWT', 'kid': kid})}.{encoded(claims)}"
    return f"{start}.{encoded(key.sign(start.encode(), padding.PKCS1v15(), SHA256()))}"


def verified(token, keys):
    """The claims of a token of the tool. Raises ValueError if none of its keys has signed it."""
    start, _dot, signature = token.rpartition(".")
    header, claims = (json.loads(decoded(part)) for part in start.split("."))
    key = next((one for one in keys["keys"] if one["kid"] == header["kid"]), None)
    if key is None or header["alg"] != "RS256":
        raise ValueError("no such key")
    numbers = rsa.RSAPublicNumbers(int.from_bytes(decoded(key["e"]), "big"), int.from_bytes(decoded(key["n"]), "big"))
    try:
        numbers.public_key().verify(decoded(signature), start.encode(), padding.PKCS1v15(), SHA256())
    except InvalidSignature as error:
        raise ValueError("forged") from error
    return claims


class Platform:
    """One platform with one course. What it got is there to be looked at; `fails` are the statuses of its next answers."""

    def __init__(self):
        self.keys = {"first": rsa.generate_private_key(65537, 2048)}
        self.shown = None
        self.reset()

    def reset(self):
        """Begin anew, for the next test."""
        self.kid = "first"
        self.people = {}
        self.links = {"link-1": {"title": "Powers", "custom": {"exercise": "power"}, "lineitem": True}}
        self.columns, self.scores, self.fails, self.asked = {}, [], [], []
        self.tokens, self.seen_jti, self.returned, self.registered = {}, set(), [], []
        self.changes = lambda claims: claims
        self.tool_keys = lambda: {"keys": []}
        self.seen_keys = 0
        self.newest = {}

    def add(self, sub, *, roles=(LEARNER,), email="", name="", **claims):
        self.people[sub] = {"roles": list(roles), "email": email, "name": name, **claims}

    # ------------------------------------------------------------------------------------------------------------------- routes

    def app(self):
        routes = {
            "/auth": self.authorize,
            "/jwks": self.jwks,
            "/token": self.token,
            "/lineitems": self.line_items,
            "/lineitems/{number}/scores": self.score,
            "/members": self.members,
            "/return": self.take_choice,
            "/register": self.register,
            "/.well-known/openid-configuration": self.configuration,
            "/elsewhere": lambda request: RedirectResponse("http://127.0.0.1:9/jwks"),
            "/endless": lambda request: Response(b"[" * (3 * 2**20), media_type="application/json"),
        }
        return Starlette(routes=[Route(path, endpoint, methods=["GET", "POST"]) for path, endpoint in routes.items()])

    def login(self, tool, sub, link="link-1", **changes):
        """The address by which somebody begins."""
        return f"/lti/login?{urlencode(self.login_fields(tool, sub, link, **changes))}"

    def login_fields(self, tool, sub, link="link-1", **changes):
        fields = {
            "iss": self.url,
            "client_id": CLIENT,
            "lti_deployment_id": DEPLOYMENT,
            "login_hint": sub,
            "lti_message_hint": link,
            "target_link_uri": f"{tool}/lti/launch",
            **changes,
        }
        return {name: value for name, value in fields.items() if value is not None}

    async def authorize(self, request):
        asked = dict(request.query_params)
        self.asked.append(asked)
        wanted = {"scope": "openid", "response_type": "id_token", "response_mode": "form_post", "prompt": "none", "client_id": CLIENT}
        if any(asked.get(name) != value for name, value in wanted.items()):
            return Response("bad request", 400)
        token = self.id_token(asked["login_hint"], asked.get("lti_message_hint", ""), asked["nonce"], asked["redirect_uri"])
        sent = {"id_token": token, "state": asked["state"]}
        fields = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in sent.items())
        return HTMLResponse(f'<form method="post" action="{escape(asked["redirect_uri"])}">{fields}<button>Go on</button></form>')

    def id_token(self, sub, link, nonce, redirect):
        claims = self.changes(self.claims(sub, link, nonce, redirect.rpartition("/lti/")[0]))
        return signed(claims, self.keys[self.kid], self.kid)

    def claims(self, sub, link, nonce, tool):
        person, now = self.people[sub], int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": sub,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            f"{LTI}version": "1.3.0",
            f"{LTI}deployment_id": DEPLOYMENT,
            f"{LTI}roles": person["roles"],
            f"{LTI}context": {"id": COURSE, "title": "Deep Learning"},
            f"{NRPS}claim/namesroleservice": {"context_memberships_url": f"{self.url}/members?role=", "service_versions": ["2.0"]},
            **{name: person[name] for name in ("email", "name") if person[name]},
        }
        if link == "choose":
            settings = {
                "deep_link_return_url": f"{self.url}/return",
                "accept_types": ["link", "ltiResourceLink"],
                "accept_presentation_document_targets": ["iframe", "window"],
                "data": "the platform's own",
            }
            return claims | {
                f"{LTI}message_type": "LtiDeepLinkingRequest",
                f"{LTI}target_link_uri": f"{tool}/lti/choose",
                f"{DL}deep_linking_settings": settings,
            }
        about = self.links[link]
        endpoint = {"scope": sorted(SCOPES), "lineitems": f"{self.url}/lineitems"}
        if about["lineitem"]:
            self.columns.setdefault(link, {"id": f"{self.url}/lineitems/{link}?type_id=4", "resourceLinkId": link})
            # Moodle's have a query.
            endpoint["lineitem"] = self.columns[link]["id"]
        return claims | {
            f"{LTI}message_type": "LtiResourceLinkRequest",
            f"{LTI}target_link_uri": about.get("target", f"{tool}/lti/launch"),
            f"{LTI}resource_link": {"id": link, "title": about["title"]},
            f"{LTI}custom": about["custom"],
            f"{AGS}claim/endpoint": endpoint,
        }

    async def jwks(self, request):
        self.seen_keys += 1
        shown = self.shown or self.keys
        numbers = {kid: key.public_key().public_numbers() for kid, key in shown.items()}
        fixed = {"kty": "RSA", "use": "sig", "alg": "RS256"}
        return JSONResponse({"keys": [{**fixed, "kid": kid, "n": number_of(one.n), "e": number_of(one.e)} for kid, one in numbers.items()]})

    async def token(self, request):
        if self.fails and self.fails[0] == "token":
            self.fails.pop(0)
            return JSONResponse({"error": "invalid_client"}, 400)
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        try:
            claims = verified(form["client_assertion"], self.tool_keys())
        except ValueError:
            return JSONResponse({"error": "invalid_client"}, 401)
        scopes = set(form["scope"].split())
        right = (
            form["grant_type"] == "client_credentials",
            form["client_assertion_type"] == kind,
            claims["iss"] == claims["sub"] == CLIENT,
            claims["aud"] == f"{self.url}/token",
            claims["exp"] > time.time() >= claims["iat"] - 5,
            claims["jti"] not in self.seen_jti,
            scopes <= SCOPES,
        )
        if not all(right):
            return JSONResponse({"error": "invalid_client"}, 400)
        self.seen_jti.add(claims["jti"])
        token = f"token-{len(self.tokens)}"
        self.tokens[token] = scopes
        return JSONResponse({"access_token": token, "token_type": "Bearer", "expires_in": 3600, "scope": form["scope"]})

    def refusal(self, request, scope):
        """An answer in place of the one that was asked for; None if all is well."""
        if self.fails and self.fails[0] != "token":
            status = self.fails.pop(0)
            return Response("not now", status, headers={"retry-after": "120"} if status == 429 else {})
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return None if scope in self.tokens.get(token, set()) else Response("no", 401)

    async def line_items(self, request):
        refusal = self.refusal(request, f"{AGS}scope/lineitem")
        if refusal:
            return refusal
        if request.method == "GET":
            wanted = request.query_params.get("resource_link_id")
            return JSONResponse([one for one in self.columns.values() if one["resourceLinkId"] == wanted])
        sent = await request.json()
        self.columns[sent["resourceLinkId"]] = {**sent, "id": f"{self.url}/lineitems/{sent['resourceLinkId']}"}
        return JSONResponse(self.columns[sent["resourceLinkId"]], 201)

    async def score(self, request):
        refusal = self.refusal(request, f"{AGS}scope/score")
        if refusal:
            return refusal
        score, whose = await request.json(), request.path_params["number"]
        if request.headers["content-type"] != "application/vnd.ims.lis.v1.score+json" or score["userId"] not in self.people:
            return Response("bad request", 400)
        # AGS 2.0, section 3.3.2: an older one does not stand over a newer one.
        if score["timestamp"] <= self.newest.get((whose, score["userId"]), ""):
            return Response("older than what is there", 409)
        self.newest[(whose, score["userId"])] = score["timestamp"]
        self.scores.append({**score, "column": whose})
        return Response(status_code=204)

    async def members(self, request):
        refusal = self.refusal(request, f"{NRPS}scope/contextmembership.readonly")
        if refusal:
            return refusal
        # Two to a page.
        start, subs = int(request.query_params.get("from", 0)), list(self.people)
        listed = [{"user_id": sub, "status": "Active", **self.people[sub]} for sub in subs[start : start + 2]]
        headers = {"link": f'<{self.url}/members?from={start + 2}>; rel="next"'} if start + 2 < len(subs) else {}
        kind = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
        return JSONResponse({"id": str(request.url), "context": {"id": COURSE}, "members": listed}, media_type=kind, headers=headers)

    async def take_choice(self, request):
        form = parse_qs((await request.body()).decode())
        claims = verified(form["JWT"][0], self.tool_keys())
        self.returned.append(claims)
        return HTMLResponse("made")

    async def configuration(self, request):
        names = {"authorization_endpoint": "auth", "token_endpoint": "token", "jwks_uri": "jwks", "registration_endpoint": "register"}
        about = {"https://purl.imsglobal.org/spec/lti-platform-configuration": {"product_family_code": "moodle", "version": "5.0"}}
        return JSONResponse({"issuer": self.url, **{name: f"{self.url}/{path}" for name, path in names.items()}, **about})

    async def register(self, request):
        sent = await request.json()
        self.registered.append((request.headers.get("authorization"), sent))
        tool = {**sent["https://purl.imsglobal.org/spec/lti-tool-configuration"], "deployment_id": DEPLOYMENT}
        return JSONResponse({**sent, "client_id": CLIENT, "https://purl.imsglobal.org/spec/lti-tool-configuration": tool})


@contextlib.contextmanager
def served(platform):
    """Let a platform answer on a port of this machine."""
    server = uvicorn.Server(uvicorn.Config(platform.app(), host="127.0.0.1", port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < until
        time.sleep(0.01)
    platform.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield platform
    server.should_exit = True
    thread.join(10)
