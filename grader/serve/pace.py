"""How fast grading goes, learned from what was graded, and how long an upload will therefore wait.

What an upload costs is learned for each exercise, and for uploads that hold several: an exercise takes from a twentieth of a second to
seconds. How many seconds of such work are done in a second is measured while work waits, since a worker without work says nothing of
how fast it is; it is less than the number of workers where the machine has other things to do as well.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterable

# How much the newest value says, once there are more than a few: what costs far more than others is rare.
NEWEST = 0.1
# How much of what was measured of the speed still counts after each piece of work.
KEPT = 0.97
# Before so many seconds of work nothing is said of the speed.
ENOUGH_S = 3.0


class Mean:
    """The mean of what came, the newest a little more than what is long ago."""

    def __init__(self) -> None:
        self.count = 0
        self.value = 0.0

    def add(self, value: float) -> None:
        """Learn from one more."""
        self.count += 1
        self.value += (value - self.value) * max(NEWEST, 1 / self.count)


class PaceMaker:
    """Learns in the thread that grades; asked from any."""

    def __init__(self, workers: int, clock: Callable[[], float] = time.monotonic, *, may_grow: bool = False) -> None:
        self.workers = workers
        # A cluster may have more workers than anybody here knows of.
        self._most = math.inf if may_grow else float(workers)
        self._clock = clock
        self._lock = threading.Lock()
        self._costs: dict[str, Mean] = {}
        self._any = Mean()
        self._done_s = 0.0
        self._busy_s = 0.0
        self._since: float | None = None

    def worked(self, seconds: float, *, more: bool) -> None:
        """Say that a piece of work of so many seconds is done, and whether more of it waits than the workers can begin at once."""
        now = self._clock()
        with self._lock:
            if self._since is not None:
                self._busy_s = self._busy_s * KEPT + now - self._since
                self._done_s = self._done_s * KEPT + seconds
            self._since = now if more else None

    def rest(self) -> None:
        """Say that nothing is done for a while."""
        with self._lock:
            self._since = None

    def finished(self, exercise: str, seconds: float) -> None:
        """Say what all of an upload has cost; `exercise` is empty for one that may hold several."""
        with self._lock:
            self._costs.setdefault(exercise, Mean()).add(seconds)
            self._any.add(seconds)

    def speed(self) -> float:
        """How many seconds of work are done in a second."""
        with self._lock:
            if self._busy_s < ENOUGH_S or not self._done_s:
                return float(self.workers)
            return min(self._most, self._done_s / self._busy_s)

    def cost(self, exercise: str) -> float | None:
        """How many seconds of work an upload for this exercise is likely to be; None while nothing is known."""
        with self._lock:
            found = self._costs.get(exercise, self._any)
            return found.value if found.count else None

    def wait(self, ahead: Iterable[tuple[str, float]], exercise: str | None, share: float = 1.0) -> float | None:
        """About how many seconds pass until an upload is graded; None where nothing is known.

        Parameters
        ----------
        ahead : pairs
            For each upload before it, its exercise and which share of it is still to be done.
        exercise : str
            What the upload itself is for: an exercise, nothing for one that may hold several, None where there is no such upload.
        share : float
            Which share of it is still to be done.
        """
        own = self.cost(exercise or "")
        if own is None:
            return None
        own = 0.0 if exercise is None else own * share
        work = sum((self.cost(name) or 0.0) * share for name, share in ahead)
        speed = self.speed()
        # One exercise is one worker's work, however many there are.
        return work / speed + own / (speed if not exercise else min(1.0, speed))
