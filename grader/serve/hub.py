"""Tells who is listening what happens to an upload. It forgets at once: whoever comes later reads the database."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

Event = dict[str, Any]
# What a listener is told when the service ends.
CLOSED: Event = {"type": "closed"}


class Hub:
    """From the thread that grades to the loop that answers browsers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[int, set[tuple[asyncio.AbstractEventLoop, asyncio.Queue[Event]]]] = defaultdict(set)
        self.closed = False

    @contextlib.contextmanager
    def listening(self, upload: int) -> Iterator[asyncio.Queue[Event]]:
        """Events of an upload, from now on."""
        queue: asyncio.Queue[Event] = asyncio.Queue()
        listener = (asyncio.get_running_loop(), queue)
        with self._lock:
            if self.closed:
                queue.put_nowait(CLOSED)
            self._listeners[upload].add(listener)
        try:
            yield queue
        finally:
            with self._lock:
                self._listeners[upload].discard(listener)
                if not self._listeners[upload]:
                    del self._listeners[upload]

    def hears(self, upload: int) -> bool:
        """Whether anybody listens to this upload: what nobody hears need not be put into words."""
        with self._lock:
            return upload in self._listeners

    def tell(self, upload: int, event: Event) -> None:
        """Tell who listens to this upload; from any thread."""
        with self._lock:
            for loop, queue in self._listeners.get(upload, ()):
                # A loop that has ended listens to nothing any more.
                with contextlib.suppress(RuntimeError):
                    loop.call_soon_threadsafe(queue.put_nowait, event)

    def close(self) -> None:
        """Send everybody home, so that the server need not wait for open streams."""
        with self._lock:
            self.closed = True
            uploads = list(self._listeners)
        for upload in uploads:
            self.tell(upload, CLOSED)
