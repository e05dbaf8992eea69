"""What the parts of LTI share while a service runs."""

from __future__ import annotations

from pathlib import Path

from fastapi import Request

from grader.serve.limits import Limiter
from grader.serve.lti.calls import Calls
from grader.serve.lti.keys import Keys
from grader.serve.lti.platform_keys import PlatformKeys
from grader.serve.lti.sending import Sending
from grader.serve.service import Service
from grader.serve.settings import Pace

# Of one address, behind which a whole university may sit when a lecture begins.
LAUNCHES = Pace(times=1200, seconds=60)


class Lti:
    """The keys of both sides, the tokens, and the thread that sends marks."""

    def __init__(self, service: Service) -> None:
        self.keys = Keys(folder_of(service))
        self.platform_keys = PlatformKeys()
        self.calls = Calls(self.keys)
        self.sending = Sending(service, self.calls)
        self.launches = Limiter("launches from your network", LAUNCHES)


def folder_of(service: Service) -> Path:
    """Where what is no database's business is kept."""
    settings = service.settings
    if settings.folder is not None:
        return settings.folder
    return settings.place.parent if isinstance(settings.place, Path) else Path("service")


def lti_of(request: Request) -> Lti:
    """The one of the service that a request came to."""
    lti: Lti = request.app.state.lti
    return lti
