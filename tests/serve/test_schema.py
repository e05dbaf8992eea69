"""The API is what its description says, whoever asks for whatever: `/api/v1/openapi.json`, tried by Schemathesis within the process.

``LAYERWISE_FUZZ=20`` tries twenty times as much, and something else each time.
"""

from __future__ import annotations

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from grader.serve.app import create_app
from grader.serve.service import open_service
from tests.serve.by_word import hand_in, work
from tests.serve.conftest import PASSWORD, Site, add_people, send, settings_for

MORE = int(os.environ.get("LAYERWISE_FUZZ", "1"))
# The least that comes upon each kind of refusal, and takes ten seconds for all operations and people.
EXAMPLES = 8
HOW = settings(
    max_examples=EXAMPLES * MORE,
    derandomize=MORE == 1,
    database=None,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPERATIONS = (
    "POST /api/v1/sessions",
    "DELETE /api/v1/sessions",
    "GET /api/v1/me",
    "GET /api/v1/status",
    "GET /api/v1/syllabus",
    "GET /api/v1/exercises/{name}",
    "GET /api/v1/exercises/{name}/stub",
    "POST /api/v1/uploads",
    "GET /api/v1/uploads",
    "GET /api/v1/uploads/{number}",
    "GET /api/v1/uploads/{number}/scorecard",
    "GET /api/v1/uploads/{number}/events",
)
# Ada's upload that is graded, one of hers that waits, one of Bob's, and one that is not there.
NUMBERS = (1, 2, 3, 4)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A service that grades nothing by itself, and what Schemathesis has read of it."""
    from argon2 import PasswordHasher

    patch = pytest.MonkeyPatch()
    patch.setattr("grader.serve.passwords.hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    service = open_service(settings_for(tmp_path_factory.mktemp("service")))
    add_people(service.database)
    site = Site(service, create_app(service))
    assert hand_in(site, "ada", work("scales_the_cube")) == [1]
    assert [send(site.browser(name), work()) for name in ("ada", "bob")] == [2, 3]
    # A stream goes on while nothing is graded.
    service.hub.close()
    yield site, schemathesis.openapi.from_asgi("/api/v1/openapi.json", without_lifespan(site.app))
    service.close()
    patch.undo()


def without_lifespan(app):
    """The application as Schemathesis may start it: the real one would begin to grade."""

    async def bare(scope, receive, send):
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        for step in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{step}.complete"})

    return bare


def test_every_operation_is_tried(world):
    _site, schema = world

    assert {found.ok().label for found in schema.get_all_operations()} == set(OPERATIONS)


def test_every_answer_has_its_content_type_in_the_description(world):
    site, _schema = world
    paths = site.browser().get("/api/v1/openapi.json").json()["paths"]

    operations = {(method, path): one for path, own in paths.items() for method, one in own.items()}
    empty = {(*place, code) for place, one in operations.items() for code, answer in one["responses"].items() if not answer.get("content")}

    assert empty == {("delete", "/api/v1/sessions", "204")}


@pytest.mark.parametrize(("query", "content_type"), [({}, "application/json"), ({"format": "text", "width": 80}, "text/plain")])
def test_a_scorecard_comes_as_either_of_what_the_description_names(query, content_type, world):
    site, schema = world
    case = schema["/api/v1/uploads/{number}/scorecard"]["GET"].Case(path_parameters={"number": 1}, query=query)

    answer = case.call_and_validate(headers={"authorization": site.terminal("ada").headers["authorization"]}, checks=CHECKS)

    assert answer.status_code == 200
    assert answer.headers["content-type"][0].startswith(content_type)


@pytest.mark.parametrize("who", ["", "ada", "ira"])
@pytest.mark.parametrize("label", OPERATIONS)
def test_what_is_answered_is_what_the_description_says(label, who, world):
    site, schema = world
    method, path = label.split(" ")
    operation = schema[path][method]
    headers = {"authorization": site.terminal(who).headers["authorization"]} if who else {}

    @HOW
    @given(operation.as_strategy(), st.sampled_from(NUMBERS), st.booleans())
    def means_it(case, number, is_there):
        if is_there and case.path_parameters:
            case.path_parameters = {"name": "power"} if "name" in case.path_parameters else {"number": number}
        case.call_and_validate(headers=headers, checks=CHECKS)

    @HOW
    @given(operation.as_strategy(GenerationMode.NEGATIVE))
    def does_not(case):
        case.call_and_validate(headers=headers, checks=CHECKS)

    means_it()
    if operation.body or list(operation.iter_parameters()):
        does_not()


def test_a_token_that_was_given_holds_and_a_wrong_password_gives_none(world):
    _site, schema = world
    operation = schema["/api/v1/sessions"]["POST"]
    bodies = [{"email": "ada@example.org", "password": password} for password in (PASSWORD, "no")]

    answers = [operation.Case(body=body, media_type="application/json").call_and_validate(checks=CHECKS) for body in bodies]

    assert [answer.status_code for answer in answers] == [201, 401]
