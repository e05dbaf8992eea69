"""From a file that somebody sends to the scorecard that they read."""

from __future__ import annotations

import io
import json
import zipfile

from tests.serve.conftest import RIGHT, WRONG, form_of, send, wait_for


def test_a_right_file_is_graded_and_counts(running):
    ada = running.browser("ada")

    done = wait_for(ada, send(ada, RIGHT))

    assert (done["state"], done["points"]) == ("graded", done["max_points"])
    assert ada.get("/api/v1/syllabus").json()["exercises"][0]["state"] == "complete"


def test_the_scorecard_page_names_the_mistake(running):
    bob = running.browser("bob")

    number = send(bob, WRONG)
    wait_for(bob, number)

    page = bob.get(f"/uploads/{number}").text
    assert "Multiply the cube by scale." in page
    assert "This is what you get when" in page


def test_a_text_written_into_the_page_is_handed_in_as_the_file_of_its_exercise(running):
    bob = running.browser("bob")

    answer = bob.post("/uploads", data={"form": form_of(bob), "exercise": "power", "text": RIGHT.replace("\n", "\r\n")}, files={})

    done = wait_for(bob, int(answer.headers["location"].rpartition("/")[2]))
    assert (done["name"], done["points"]) == ("power.py", done["max_points"])


def test_a_zip_counts_for_what_it_holds(running):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("hw1/powers.py", RIGHT)
        zipped.writestr("hw1/data.csv", "1,2")
    ada = running.browser("ada")

    done = wait_for(ada, send(ada, archive.getvalue(), exercise="", name="work.zip"))

    assert (done["exercises"], done["points"]) == (["power"], done["max_points"])


def test_what_cannot_be_read_says_why_and_leaves_the_mark_alone(running):
    ada = running.browser("ada")
    wait_for(ada, send(ada, RIGHT))

    done = wait_for(ada, send(ada, b"PK no zip", name="work.zip"))

    assert done["state"] == "unreadable"
    assert "not a readable zip" in done["sentence"]
    assert ada.get("/api/v1/syllabus").json()["exercises"][0]["state"] == "complete"


def test_a_stream_tells_of_an_exercise_and_of_the_end(running):
    ada = running.browser("ada")
    number = send(ada, RIGHT + "\n# another\n")

    text = ada.get(f"/api/v1/uploads/{number}/events").text

    events = [block.split("\n") for block in text.split("\n\n") if block.startswith("event:")]
    names = [lines[0].removeprefix("event: ") for lines in events]
    shown = [json.loads(lines[1].removeprefix("data: "))["exercise"]["name"] for lines in events if lines[0] == "event: exercise"]
    assert names[-1] == "ended"
    assert set(shown) == {"power"}


def test_a_page_of_a_waiting_upload_loads_itself_again_without_a_script(site):
    ada = site.browser("ada")

    page = ada.get(f"/uploads/{send(ada, RIGHT)}").text

    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert "Yours is next" in page


def test_a_terminal_hands_in_and_reads_the_scorecard_as_text(running):
    ada = running.terminal("ada")

    answer = ada.post("/api/v1/uploads?name=power.py&exercise=power", content=RIGHT)
    wait_for(ada, answer.json()["id"])

    assert answer.status_code == 202
    assert ada.get(f"{answer.headers['location']}/scorecard?format=text").text.split()[-2:] == ["total", "12/12"]


def test_the_page_goes_on_with_what_was_handed_in_last(running):
    bob = running.browser("bob")
    text = RIGHT + "\n# my last word </textarea><b>\n"

    wait_for(bob, send(bob, text))

    page = bob.get("/exercises/power").text
    assert "# my last word &lt;/textarea&gt;&lt;b&gt;" in page


def test_what_changed_since_the_attempt_before_is_said(running):
    bob = running.browser("bob")
    wait_for(bob, send(bob, WRONG))

    number = send(bob, RIGHT)
    wait_for(bob, number)

    assert "Turned green since" in bob.get(f"/uploads/{number}").text
