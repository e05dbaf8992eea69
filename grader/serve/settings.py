"""What a service is told when it begins, and never changes while it runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from grader.model import Limits
from grader.serve.single_sign_on import SignOn

MIB = 1024 * 1024
MOST_PASTED_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """So many times in so many seconds."""

    times: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How one service runs.

    ``place`` is the path or URL of the store. ``public_url`` is what people type, without a slash at its end; links that are sent to them
    begin with it, and never with what a request says of its host. ``jobs`` workers grade at once here, or those at the Dask address
    ``dask`` do, reached with the authority, the certificate and the key of ``dask_tls``.
    """

    course_root: Path | None
    place: str | Path
    public_url: str
    # Where keys lie; None for beside the store, if that is a file.
    folder: Path | None = None
    sandbox: str = "process"
    limits: Limits = field(default_factory=Limits)
    jobs: int = 1
    dask: str = ""
    # A university's, beside passwords or in place of them.
    single_sign_on: SignOn | None = None
    dask_tls: tuple[str, str, str] | None = None
    upload_bytes: int = 8 * MIB
    # Work that one student may have waiting: one who sends more keeps everybody else waiting.
    waiting_uploads: int = 3
    uploads: Pace = field(default_factory=lambda: Pace(times=20, seconds=600))
    # Of one account, and of one address: behind one address may sit a whole computer room.
    sign_ins: Pace = field(default_factory=lambda: Pace(times=8, seconds=300))
    sign_ins_from_address: Pace = field(default_factory=lambda: Pace(times=120, seconds=300))
    # Of one student: each takes a minute of the machine.
    figures: Pace = field(default_factory=lambda: Pace(times=6, seconds=3600))
    requests: Pace = field(default_factory=lambda: Pace(times=600, seconds=60))
    session_days: int = 30
    idle_days: int = 7
    invitation_days: int = 14

    @property
    def is_encrypted(self) -> bool:
        """Whether browsers reach the service by https, so that its cookie never travels otherwise."""
        return self.public_url.startswith("https://")
