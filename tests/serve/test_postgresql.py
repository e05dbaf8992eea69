"""The same service on PostgreSQL, where a server is installed."""

from __future__ import annotations

from fastapi.testclient import TestClient

from grader.serve.app import create_app
from grader.serve.service import open_service
from tests.serve.conftest import WRONG, Site, add_people, send, settings_for, wait_for
from tests.store.conftest import make_database, server  # noqa: F401 - fixtures


def test_from_an_upload_to_the_gradebook(make_database, tmp_path):  # noqa: F811 - pytest gives the fixture by its name
    service = open_service(settings_for(tmp_path, place=make_database()))
    add_people(service.database)
    app = create_app(service)
    with TestClient(app):
        site = Site(service, app)
        bob = site.browser("bob")

        done = wait_for(bob, send(bob, WRONG))

        gradebook = site.browser("tom").get("/staff/gradebook.csv").text
        assert done["state"] == "graded"
        assert f"bob,Bob,,bob@example.org,{done['points']}.00" in gradebook
