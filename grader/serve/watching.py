"""Server-sent events: what happens to one upload, as it happens (WHATWG HTML, section 9.2)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.concurrency import run_in_threadpool

from grader.serve import uploads
from grader.serve.cards import exercise_documents
from grader.serve.hub import CLOSED
from grader.serve.service import Service
from grader.serve.views import card_of, upload_shape
from grader.store import StoreError

# How often somebody who waits is told of the queue; it also keeps proxies from closing a quiet line. Who has long to wait is told less
# often, for there are the more who wait, and all of them are told of the same queue.
TELL_EVERY_S = 4.0
TELL_AT_LEAST_EVERY_S = 15.0
# A stream that was left open ends by itself, and a page that is still there asks again.
LONGEST_S = 600.0
RETRY = "retry: 3000\n\n"


async def events_of(service: Service, number: int) -> AsyncIterator[str]:
    """First how an upload stands, then what happens to it, until it is done. Every event holds what a student may see."""
    yield RETRY
    try:
        async for event in _events(service, number):
            yield _written(event)
    except StoreError:
        # The line ends, and the page asks again until the store is there.
        return


async def _events(service: Service, number: int) -> AsyncIterator[dict[str, Any]]:
    with service.hub.listening(number) as queue:
        ended, pause_s = False, TELL_EVERY_S
        async for event in _now(service, number):
            yield event
            ended, pause_s = event["type"] == "ended", pause_after(event, pause_s)
        until = asyncio.get_running_loop().time() + LONGEST_S
        while not ended and asyncio.get_running_loop().time() < until:
            try:
                event = await asyncio.wait_for(queue.get(), pause_s)
            except TimeoutError:
                async for event in _now(service, number, place_alone=True):
                    yield event
                    ended, pause_s = event["type"] == "ended", pause_after(event, pause_s)
                continue
            if event is CLOSED:
                return
            yield event
            ended = event["type"] == "ended"


def pause_after(event: dict[str, Any], before_s: float) -> float:
    """How many seconds pass until the queue is told of again: a tenth of the wait, within bounds."""
    if event["type"] != "waiting":
        return before_s
    return min(TELL_AT_LEAST_EVERY_S, max(TELL_EVERY_S, (event["wait_s"] or 0.0) / 10))


async def _now(service: Service, number: int, *, place_alone: bool = False) -> AsyncIterator[dict[str, Any]]:
    upload = await run_in_threadpool(uploads.find_upload, service.database, number)
    if upload is None:
        return
    if upload.is_waiting:
        shape = await run_in_threadpool(upload_shape, service, upload)
        trouble = service.grading.trouble
        place = {"ahead": shape.ahead, "wait_s": shape.wait_s, "trouble": bool(trouble), "exercises": len(upload.exercises)}
        yield {"type": "waiting", "state": upload.state.value, **place}
    if not place_alone:
        card = await run_in_threadpool(card_of, service, upload)
        for document in exercise_documents(card):
            yield {"type": "exercise", "exercise": document}
    if not upload.is_waiting:
        yield {"type": "ended", "state": upload.state.value}


def _written(event: dict[str, Any]) -> str:
    # JSON writes a newline as \n, so that no text of a student's can begin a line of its own.
    return f"event: {event['type']}\ndata: {json.dumps(event)}\n\n"
