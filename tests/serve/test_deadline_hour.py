"""Before a deadline everybody comes at once: the queue is told truly, pages do not wait for passwords, and a full disk uses up no tries."""

from __future__ import annotations

import asyncio
import heapq
import random
import threading
import time
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from grader.serve import tables, uploads
from grader.serve.app import create_app
from grader.serve.database import Database, now
from grader.serve.pace import PaceMaker
from grader.serve.service import open_service
from grader.serve.uploads import State, find_upload
from grader.serve.watching import RETRY, events_of, pause_after
from grader.store import StoreAway, StoreError, StoreFull, connect
from grader.store.connect import parse_address, turn
from tests.serve.conftest import RIGHT, Site, add_people, send, settings_for, wait_for

# What uploads cost, in seconds of work: a short exercise, a long one, and a zip with the whole course.
COSTS = {"short": 0.2, "long": 1.5, "": 6.0}


class Clock:
    def __init__(self):
        self.time = 1000.0

    def __call__(self):
        return self.time


def simulated(seed, workers, slowdown, count=150):
    """A queue of uploads that are there at once, graded by workers of a machine that others slow down; what was told, and what was true."""
    chance, clock = random.Random(seed), Clock()
    pace = PaceMaker(workers, clock)
    queue = [chance.choices(list(COSTS), weights=(5, 3, 2))[0] for _ in range(count)]
    works = [COSTS[name] * chance.uniform(0.5, 1.5) for name in queue]
    running, told, ended, begun = [], {}, {}, 0
    while len(ended) < count:
        while begun < count and len(running) < workers:
            heapq.heappush(running, (clock.time + works[begun] * slowdown, begun))
            begun += 1
        clock.time, number = heapq.heappop(running)
        ended[number] = clock.time
        pace.worked(works[number], more=begun < count)
        pace.finished(queue[number], works[number])
        # Now and then somebody here and there asks.
        for place in range(begun + 5, count, 11) if len(ended) % 10 == 0 else ():
            under_way = [(queue[one], 0.5) for _, one in running]
            told.setdefault(place, []).append(
                (clock.time, pace.wait([*under_way, *((name, 1.0) for name in queue[begun:place])], queue[place]))
            )
    return [(at, wait, ended[place] - at) for place, pairs in told.items() for at, wait in pairs]


@pytest.mark.parametrize(("workers", "slowdown"), [(1, 1.0), (2, 1.0), (2, 3.0), (8, 1.5)])
def test_the_expected_wait_is_near_the_true_one_once_a_few_are_done(workers, slowdown):
    told = simulated(4, workers, slowdown, 100 + 50 * workers)
    later = [(wait, true) for at, wait, true in told if at > 1000 + 20 * slowdown and true > 10]

    off = sorted(abs(wait - true) / true for wait, true in later)

    # Works differ by half of their cost either way, so that no estimate is exact; one of the mean alone would be off by a factor.
    assert len(off) > 40
    assert off[len(off) // 2] < 0.15
    assert off[int(len(off) * 0.95)] < 0.5


def test_nothing_is_said_of_the_wait_before_anything_is_known():
    assert PaceMaker(2).wait([("long", 1.0)], "short") is None


def test_the_wait_is_of_the_uploads_before_and_of_one_s_own_exercise():
    pace = PaceMaker(2)
    for name, cost in COSTS.items():
        pace.finished(name, cost)

    # By hand: two workers do 0.2 + 1.5 s before it in 0.85 s; one exercise is then one worker's, and a zip is shared by both.
    assert pace.wait([("short", 1.0), ("long", 1.0)], "long") == pytest.approx(0.85 + 1.5)
    assert pace.wait([("short", 1.0), ("long", 1.0)], "") == pytest.approx(0.85 + 3.0)


def test_workers_without_work_say_nothing_of_how_fast_they_are():
    clock = Clock()
    pace = PaceMaker(2, clock)

    for _ in range(10):
        clock.time += 100
        pace.worked(0.5, more=False)

    assert pace.speed() == 2


def test_places_in_the_queue_are_true_and_waits_grow_with_them(site):
    ada, bob = site.browser("ada"), site.browser("bob")
    numbers = [send(ada, RIGHT), send(bob, RIGHT), send(ada, RIGHT + "\n")]
    site.service.grading.pace.finished("power", 2.0)

    first, second, third = (client.get(f"/api/v1/uploads/{number}").json() for client, number in zip((ada, bob, ada), numbers, strict=True))

    assert [one["ahead"] for one in (first, second, third)] == [0, 1, 2]
    # Of one worker, at two seconds each.
    assert [one["wait_s"] for one in (first, second, third)] == [2.0, 4.0, 6.0]


def test_no_wait_is_promised_while_grading_rests(site):
    ada = site.browser("ada")
    number = send(ada, RIGHT)
    site.service.grading.pace.finished("power", 2.0)
    site.service.grading.trouble = "there is no sandbox"

    told = ada.get(f"/api/v1/uploads/{number}").json()

    assert (told["ahead"], told["wait_s"]) == (0, None)


def test_pages_do_not_wait_for_a_room_that_signs_in_at_once(tmp_path, monkeypatch):
    service = open_service(settings_for(tmp_path))
    may_go, inside = threading.Event(), []

    def slow(*_):
        inside.append(1)
        may_go.wait(30)

    monkeypatch.setattr("grader.serve.pages.sign_in", slow)
    with TestClient(create_app(service), follow_redirects=False) as client:
        # More than the threads by which pages are made.
        room = [
            threading.Thread(target=client.post, args=("/sign-in",), kwargs={"data": {"email": "a", "password": "b"}}) for _ in range(60)
        ]
        for one in room:
            one.start()
        until = time.monotonic() + 20
        while len(inside) < 2 and time.monotonic() < until:
            time.sleep(0.01)

        answer = client.get("/sign-in")

        waiting = sum(one.is_alive() for one in room)
        may_go.set()
        for one in room:
            one.join(30)
    assert answer.status_code == 200
    assert (len(inside) >= 2, waiting) == (True, 60)


def test_who_writes_stands_in_line_and_is_told_if_that_takes_too_long(tmp_path, monkeypatch):
    monkeypatch.setattr(connect, "WAIT_S", 0.05)
    address = parse_address(tmp_path / "layerwise.db")
    inside, may_go = threading.Event(), threading.Event()

    def hold():
        with turn(address):
            inside.set()
            may_go.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    inside.wait(10)

    with pytest.raises(StoreAway, match="is busy"), turn(address):
        pass

    may_go.set()
    holder.join()
    with turn(address):
        pass


def test_a_full_disk_keeps_nobody_from_reading(site, monkeypatch):
    ada = site.browser("ada")
    with site.service.database.writing() as connection:
        connection.execute(update(tables.sessions).values(seen_at=now() - timedelta(hours=1)))

    def full(self):
        raise StoreFull("the store: the disk is full")

    monkeypatch.setattr(Database, "writing", full)

    assert ada.get("/").status_code == 200
    refused = ada.post("/api/v1/uploads?name=power.py&exercise=power", content=b"x = 1", headers={"x-csrf-token": "wrong"})
    assert refused.status_code == 403


@pytest.mark.parametrize("error", [StoreFull("the store: the disk is full"), StoreAway("the store: it cannot be reached")])
def test_what_fails_at_the_store_uses_up_no_tries(tmp_path, monkeypatch, error):
    monkeypatch.setattr("grader.serve.grading.PAUSE_S", 0.01)
    monkeypatch.setattr("grader.serve.grading.AWAY_S", 0.01)
    service = open_service(settings_for(tmp_path))
    add_people(service.database)
    site = Site(service, create_app(service))
    ada = site.browser("ada")
    number = send(ada, RIGHT)
    right, failures = uploads.was_read, []

    def was_read(*given, **named):
        if len(failures) < 30:
            failures.append(1)
            raise error
        right(*given, **named)

    monkeypatch.setattr("grader.serve.uploads.was_read", was_read)

    service.start()
    done = wait_for(ada, number)

    service.close()
    assert (done["state"], len(failures)) == ("graded", 30)


def test_what_fails_for_its_own_sake_is_set_aside_in_the_end(tmp_path, monkeypatch):
    monkeypatch.setattr("grader.serve.grading.PAUSE_S", 0.01)
    service = open_service(settings_for(tmp_path))
    add_people(service.database)
    ada = Site(service, create_app(service)).browser("ada")
    number = send(ada, RIGHT)

    def was_read(*_, **__):
        raise StoreError("the store: invalid byte sequence")

    monkeypatch.setattr("grader.serve.uploads.was_read", was_read)

    service.start()
    until = time.monotonic() + 30
    while find_upload(service.database, number).state is not State.LOST and time.monotonic() < until:
        time.sleep(0.02)

    state = find_upload(service.database, number).state
    service.close()
    assert state is State.LOST


def test_a_stream_ends_quietly_when_the_database_goes_away(site, monkeypatch):
    number = send(site.browser("ada"), RIGHT)

    def away(*_):
        raise StoreAway("the store: it cannot be reached")

    monkeypatch.setattr("grader.serve.uploads.find_upload", away)

    async def told():
        return [event async for event in events_of(site.service, number)]

    assert asyncio.run(told()) == [RETRY]


def test_who_has_long_to_wait_is_told_of_the_queue_less_often():
    assert [pause_after({"type": "waiting", "wait_s": wait}, 4.0) for wait in (None, 2.0, 90.0, 900.0)] == [4.0, 4.0, 9.0, 15.0]
    assert pause_after({"type": "exercise"}, 9.0) == 9.0
