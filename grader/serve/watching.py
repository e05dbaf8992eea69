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

# How often somebody who waits is told of the queue; it also keeps proxies from closing a quiet line.
TELL_EVERY_S = 4.0
# A stream that was left open ends by itself, and a page that is still there asks again.
LONGEST_S = 600.0
RETRY = "retry: 3000\n\n"


async def events_of(service: Service, number: int) -> AsyncIterator[str]:
    """First how an upload stands, then what happens to it, until it is done. Every event holds what a student may see."""
    yield RETRY
    with service.hub.listening(number) as queue:
        ended = False
        async for event in _now(service, number):
            yield _written(event)
            ended = event["type"] == "ended"
        until = asyncio.get_running_loop().time() + LONGEST_S
        while not ended and asyncio.get_running_loop().time() < until:
            try:
                event = await asyncio.wait_for(queue.get(), TELL_EVERY_S)
            except TimeoutError:
                async for event in _now(service, number, place_alone=True):
                    yield _written(event)
                    ended = event["type"] == "ended"
                continue
            if event is CLOSED:
                return
            yield _written(event)
            ended = event["type"] == "ended"


async def _now(service: Service, number: int, *, place_alone: bool = False) -> AsyncIterator[dict[str, Any]]:
    upload = await run_in_threadpool(uploads.find_upload, service.database, number)
    if upload is None:
        return
    if upload.is_waiting:
        shape = await run_in_threadpool(upload_shape, service, upload)
        trouble = service.grading.trouble
        yield {"type": "waiting", "state": upload.state.value, "ahead": shape.ahead, "wait_s": shape.wait_s, "trouble": bool(trouble)}
    if not place_alone:
        card = await run_in_threadpool(card_of, service, upload)
        for document in exercise_documents(card):
            yield {"type": "exercise", "exercise": document}
    if not upload.is_waiting:
        yield {"type": "ended", "state": upload.state.value}


def _written(event: dict[str, Any]) -> str:
    # JSON writes a newline as \n, so that no text of a student's can begin a line of its own.
    return f"event: {event['type']}\ndata: {json.dumps(event)}\n\n"
