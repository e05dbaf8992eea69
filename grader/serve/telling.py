"""What is said of an error, to whoever has sent the request: its sentence and what to do, and nothing of where things lie on the server."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from grader.errors import LayerwiseError
from grader.serve.limits import TooOften
from grader.serve.uploads import UploadRefused
from grader.store import StoreError, StoreFull

LOG = logging.getLogger("layerwise")
STORE_AWAY = "The service cannot reach its store at the moment. Everything that it has accepted is safe; try again in a minute."

STORE_FULL = "The service's disk is full, so this was not kept. Everything that it accepted before is safe; try again in a few minutes."


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer in place of what was asked for."""

    status: int
    sentence: str
    headers: dict[str, str] = field(default_factory=dict)


def told(error: LayerwiseError) -> Told:
    """What is said of an error."""
    words = str(error)
    sentence = f"{words[:1].upper()}{words[1:]}. {error.remedy}".strip()
    if isinstance(error, TooOften):
        return Told(status=429, sentence=sentence, headers={"retry-after": str(error.after_s)})
    if isinstance(error, UploadRefused):
        return Told(status=error.status, sentence=sentence, headers={"retry-after": "15"} if error.status == 429 else {})
    if isinstance(error, StoreFull):
        LOG.error("%s %s", error, error.remedy)
        return Told(status=507, sentence=STORE_FULL, headers={"retry-after": "60"})
    if isinstance(error, StoreError):
        LOG.error("%s %s", error, error.remedy)
        return Told(status=503, sentence=STORE_AWAY, headers={"retry-after": "30"})
    return Told(status=422, sentence=sentence)
