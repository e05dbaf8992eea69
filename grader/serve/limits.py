"""How often somebody may do something, and when to come back."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

from grader.errors import ExitCode, LayerwiseError
from grader.serve.settings import Pace

MOST_KEYS = 20_000


class TooOften(LayerwiseError):  # noqa: N818 - it is named after what it says
    """Somebody must wait; ``after_s`` says for how many seconds."""

    exit_code = ExitCode.SUBMISSION_UNREADABLE

    def __init__(self, what: str, after_s: float) -> None:
        self.after_s = max(1, math.ceil(after_s))
        shown = f"{self.after_s} seconds" if self.after_s < 120 else f"{math.ceil(self.after_s / 60)} minutes"
        super().__init__(f"too many {what}", remedy=f"Try again in {shown}.")


class Limiter:
    """Leaky buckets, one for each name: a burst is allowed up to ``times``, then one every ``seconds / times``."""

    def __init__(self, what: str, pace: Pace, clock: Callable[[], float] = time.monotonic) -> None:
        self.what = what
        self.pace = pace
        self._clock = clock
        self._lock = threading.Lock()
        # For each name, when its bucket will be empty.
        self._empty_at: dict[str, float] = {}

    def use(self, name: str) -> None:
        """Count one use. Raises TooOften if there were too many."""
        each, now = self.pace.seconds / self.pace.times, self._clock()
        with self._lock:
            if len(self._empty_at) >= MOST_KEYS:
                self._empty_at = {key: at for key, at in self._empty_at.items() if at > now}
            empty_at = max(self._empty_at.get(name, now), now)
            wait = empty_at + each - now - self.pace.seconds
            # A thousandth of a second is rounding, not haste.
            if wait > 0.001:
                raise TooOften(self.what, wait)
            self._empty_at[name] = empty_at + each

    def forgive(self, name: str) -> None:
        """Forget the uses of a name: who has signed in was not guessing."""
        with self._lock:
            self._empty_at.pop(name, None)
