"""What pages about the class remember: they take long to make, and are looked at again and again while little has changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

# What took longer than this to make is not made again for a multiple of that time, however much is handed in meanwhile.
LONG_S, REST = 1.0, 10


@dataclass(slots=True)
class ClassMemory:
    """Views that were made, and what each was made of. One is made at a time, since it takes the processor from everybody else."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    kept: dict[str, tuple[object, float, float, Any]] = field(default_factory=dict)

    def get(self, name: str, made_of: object, make: Callable[[], Any]) -> Any:
        """The value, made anew if it was made of something else and that does not take too much of the time."""
        with self.lock:
            before = self.kept.get(name)
            if before is not None:
                known, made_at, took, value = before
                if known == made_of or (took > LONG_S and monotonic() - made_at < REST * took):
                    return value
            begun = monotonic()
            value = make()
            ended = monotonic()
            self.kept[name] = (made_of, ended, ended - begun, value)
            return value
