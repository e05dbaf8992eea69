"""What each of many students does before a deadline, and what staff do meanwhile: run by ``serve_load.py``, with Locust.

Everybody follows a line of the plan, a file of JSON whose path is in the variable LAYERWISE_PLAN. Everything that is asked for, and how
long the answer took, is written as a line of JSON into the file that the plan names.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests
from locust import HttpUser, events, task
from locust.exception import StopUser
from requests.adapters import HTTPAdapter

FORM = re.compile(r'name="form" value="([^"]+)"')
TIMEOUT_S = 120
AS_BROWSERS_DO = {"sec-fetch-site": "same-origin", "user-agent": "Mozilla/5.0 (deadline hour)"}


class Plan:
    """What all have to do, and where it is told what came of it."""

    def __init__(self, path: Path) -> None:
        told = json.loads(path.read_text(encoding="utf-8"))
        self.password: str = told["password"]
        self.lasts_s: float = told["lasts_s"]
        self.students: Iterator[dict[str, Any]] = iter(told["students"])
        self.staff: Iterator[dict[str, Any]] = itertools.cycle(told["staff"])
        self.running = len(told["students"])
        self.began = time.time()
        self._file = Path(told["log"]).open("w", encoding="utf-8", buffering=1)  # noqa: SIM115 - open as long as the run

    def note(self, **values: Any) -> None:
        """Write one line."""
        self._file.write(json.dumps({"at": time.time(), **values}) + "\n")


PLAN = Plan(Path(os.environ["LAYERWISE_PLAN"]))


class OwnAddress(HTTPAdapter):
    """Comes from an address of its own: the service counts sign-ins by address, and not all students sit behind one."""

    def __init__(self, host: str) -> None:
        self.host = host
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options, source_address=(self.host, 0))


@events.request.add_listener  # type: ignore[untyped-decorator]  # it is not annotated
def _request(name: str, request_type: str, response_time: float, exception: Exception | None, response: Any, **_: Any) -> None:
    status = getattr(response, "status_code", 0)
    PLAN.note(what="request", name=name, method=request_type, ms=round(response_time, 2), status=status, error=str(exception or ""))


class Person(HttpUser):
    """Somebody with a browser."""

    abstract = True

    def on_start(self) -> None:
        self.client.headers.update(AS_BROWSERS_DO)

    def come_from(self, number: int) -> None:
        """Have an address."""
        self.client.mount("http://", OwnAddress(f"127.{1 + number // 65536}.{number // 256 % 256}.{number % 256}"))

    def get(self, path: str, name: str) -> requests.Response:
        """Load a page."""
        answer: requests.Response = self.client.get(path, name=name, timeout=TIMEOUT_S)
        return answer

    def sign_in(self, email: str) -> None:
        """Come in, loading what a browser loads the first time."""
        self.get("/sign-in", "sign-in page")
        for path in ("/style/scorecard.css", "/static/service.css", "/static/icon.svg"):
            self.get(path, "static")
        time.sleep(2)
        form = {"email": email, "password": PLAN.password, "next": "/"}
        while True:
            answer = self.client.post("/sign-in", form, name="sign in", allow_redirects=False, timeout=TIMEOUT_S)
            if answer.status_code == 303:
                return
            PLAN.note(what="refused", doing="sign in", status=answer.status_code, after=answer.headers.get("retry-after"))
            time.sleep(float(answer.headers.get("retry-after", 5)))


def events_in(stream: requests.Response) -> Iterator[tuple[str, Any]]:
    """The events of a stream as they come; what is not looked at is not read as JSON, for students share the machine with the service."""
    rest = b""
    for part in stream.iter_content(chunk_size=None):
        *whole, rest = (rest + part).split(b"\n\n")
        for event in whole:
            name, _newline, data = event.removeprefix(b"event: ").partition(b"\ndata: ")
            yield name.decode(), json.loads(data) if name == b"waiting" else None


class Student(Person):
    """Reads, hands in, waits or leaves, looks at the scorecard, and comes again."""

    weight = 1

    @task
    def everything(self) -> None:
        """One student's way, once."""
        mine = next(PLAN.students, None)
        if mine is None:
            raise StopUser
        try:
            time.sleep(max(0.0, PLAN.began + mine["begins_s"] - time.time()))
            self.come_from(mine["number"] + 2)
            self.sign_in(mine["email"])
            for work in mine["works"]:
                self.work_at(work, mine["email"])
            self.get("/", "syllabus")
        except requests.RequestException as error:
            PLAN.note(what="gave up", who=mine["email"], error=str(error)[:200])
        finally:
            PLAN.running -= 1
            if not PLAN.running and self.environment.runner is not None:
                threading.Timer(1, self.environment.runner.quit).start()
        raise StopUser

    def work_at(self, work: dict[str, Any], email: str) -> None:
        """Hand one thing in, and see what comes of it."""
        text = self.get("/", "syllabus").text
        where = f"/exercises/{work['exercise']}" if work["exercise"] else "/uploads"
        time.sleep(work["thinks_s"] / 2)
        text = self.get(where, "exercise" if work["exercise"] else "my uploads").text
        if work["exercise"]:
            self.get("/static/editor.js", "static")
        time.sleep(work["thinks_s"] / 2)
        found = FORM.search(text)
        if found is None:
            PLAN.note(what="no form", who=email, page=text[:300])
            return
        number = self.hand_in(work, found[1], email)
        if number is None:
            return
        text = self.get(f"/uploads/{number}", "upload, waiting").text
        if 'id="live"' in text:
            self.get("/static/live.js", "static")
            if not self.watch(number, work["stays_s"]):
                return
        self.get(f"/uploads/{number}", "scorecard")

    def hand_in(self, work: dict[str, Any], form: str, email: str) -> int | None:
        """Send the file; the number of the upload, once it is accepted."""
        path = Path(work["path"])
        while True:
            answer = self.client.post(
                "/uploads",
                data={"form": form, "exercise": work["exercise"]},
                files={"file": (work["name"], path.read_bytes())},
                name="hand in",
                allow_redirects=False,
                timeout=TIMEOUT_S,
            )
            if answer.status_code == 303:
                number = int(answer.headers["location"].rpartition("/")[2])
                PLAN.note(what="accepted", upload=number, who=email, path=str(path), kind=work["kind"], exercise=work["exercise"])
                return number
            PLAN.note(what="refused", doing="hand in", status=answer.status_code, after=answer.headers.get("retry-after"))
            if answer.status_code not in (429, 503, 507):
                return None
            time.sleep(float(answer.headers.get("retry-after", 5)))

    def watch(self, number: int, stays_s: float) -> bool:
        """Watch the stream until the upload is done, or the patience; whether it is done."""
        until = time.time() + stays_s
        with contextlib.suppress(requests.RequestException):
            stream = self.client.get(f"/api/v1/uploads/{number}/events", name="events begin", stream=True, timeout=TIMEOUT_S)
            if stream.status_code != 200:
                return False
            for kind, told in events_in(stream):
                if kind == "waiting":
                    PLAN.note(what="told", upload=number, ahead=told["ahead"], wait_s=told["wait_s"], state=told["state"])
                if kind == "ended" or time.time() > until:
                    PLAN.note(what="ended" if kind == "ended" else "left", upload=number)
                    stream.close()
                    return kind == "ended"
        PLAN.note(what="stream cut", upload=number)
        return False


class Teacher(Person):
    """Looks at the gradebook again and again: sorted by this and that, and at one student's story."""

    fixed_count = 2

    @task
    def look(self) -> None:
        """From the beginning to the end."""
        me = next(PLAN.staff)
        self.come_from(0)
        self.sign_in(me["email"])
        for number in itertools.count():
            if time.time() > PLAN.began + PLAN.lasts_s:
                break
            sort = ("student", "total", "name")[number % 3]
            text = self.get(f"/staff/gradebook?sort={sort}", "gradebook").text
            time.sleep(3)
            people = re.findall(r'href="(/staff/people/\d+)"', text)
            if people:
                self.get(people[number * 37 % len(people)], "a student's story")
            time.sleep(3)
        raise StopUser
