"""The thread that sends marks to platforms. It alone does, one mark after another, so that no older one overtakes a newer one."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from sqlalchemy import update

from grader.errors import LayerwiseError
from grader.marks.marking import full_points
from grader.serve import tables
from grader.serve.database import now
from grader.serve.gradebook import rows_of
from grader.serve.lti import claims as words
from grader.serve.lti import scores
from grader.serve.lti.calls import Calls
from grader.serve.lti.fetching import PlatformError, address_problem
from grader.serve.lti.registrations import Context, Link, Platform, all_contexts, all_links, all_platforms, people_of
from grader.serve.lti.scores import Waiting
from grader.serve.service import Service

LOG = logging.getLogger("layerwise")
LOOK_EVERY_S = 5.0
# Of the time: in the hour of a deadline every upload changes a mark, and the machine has better things to do.
SHARE = 0.1
# How long a platform is left in peace that does not answer at all.
REST = timedelta(seconds=60)


class Sending(threading.Thread):
    """Compares marks with what platforms have, and sends what differs. A service that dies finds out by itself what is to be sent."""

    def __init__(self, service: Service, calls: Calls) -> None:
        super().__init__(name="lti marks", daemon=True)
        self.service, self.calls = service, calls
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._seen: tuple[Any, ...] = ()
        self._look_at = 0.0

    def nudge(self) -> None:
        """Say that something has changed."""
        self._look_at = 0.0
        self._wake.set()

    def stop(self, timeout: float = 5.0) -> None:
        """End soon. What waits is sent after the next start."""
        self._stopping.set()
        self._wake.set()
        if self.is_alive():
            self.join(timeout)

    def run(self) -> None:
        """Send until told to stop. What goes wrong is said, and tried again."""
        while not self._stopping.is_set():
            try:
                self.round()
            except LayerwiseError as error:
                LOG.warning("marks are not sent: %s", error)
            except Exception:
                LOG.exception("sending marks broke down")
            self._wake.wait(LOOK_EVERY_S)
            self._wake.clear()

    def round(self) -> int:
        """Look once at what has changed, and send what is due; give how many marks reached a platform."""
        platforms = {platform.id: platform for platform in all_platforms(self.service.database)}
        if not platforms:
            return 0
        contexts = {context.id: context for context in all_contexts(self.service.database) if context.connected}
        places = {
            link.id: (link, contexts[link.context])
            for link in all_links(self.service.database)
            if link.context in contexts and scores.can_carry(link)
        }
        if not places:
            return 0
        people = people_of(self.service.database)
        self._look(places, people)
        return self._send(platforms, places, people)

    def _look(self, places: Mapping[int, tuple[Link, Context]], people: Mapping[int, Mapping[int, str]]) -> None:
        begun = time.monotonic()
        if begun < self._look_at:
            return
        rows = rows_of(self.service)
        # What students do not see here, they do not see there; what was sent before stays as it is.
        closed = self.service.rules.closed()
        places = {number: place for number, place in places.items() if place[0].exercise not in closed}
        # The gradebook makes its rows anew exactly when something that they are made of has changed.
        if not self._seen or self._seen[0] is not rows or self._seen[1:] != (places, people):
            scores.note_wanted(self.service.database, rows, people, places)
            self._seen = (rows, places, people)
        self._look_at = time.monotonic() + (time.monotonic() - begun) / SHARE

    # --------------------------------------------------------------------------------------------------------------------- send

    def _send(
        self, platforms: Mapping[int, Platform], places: Mapping[int, tuple[Link, Context]], people: Mapping[int, Mapping[int, str]]
    ) -> int:
        reached, away = 0, set()
        while batch := scores.due(self.service.database):
            for one in batch:
                if self._stopping.is_set():
                    return reached
                link, context = places.get(one.link, (None, None))
                sub = people.get(context.platform, {}).get(one.account) if context else None
                if link is None or context is None or sub is None:
                    scores.was_not_sent(
                        self.service.database, one, problem="its course is no longer connected, or its student is no longer linked"
                    )
                elif context.platform in away:
                    scores.not_before(self.service.database, [one], now() + REST)
                elif self._deliver(platforms[context.platform], link, one, sub):
                    reached += 1
                else:
                    away.add(context.platform)
        return reached

    def _deliver(self, platform: Platform, link: Link, one: Waiting, sub: str) -> bool:
        """Send one mark; False if the platform seems to be away. What comes of it is noted either way."""
        page = f"{self.service.settings.public_url}/exercises/{link.exercise}"
        try:
            line_item = link.line_item or self._line_item(platform, link)
            document = scores.score_document(one, sub, page)
            self.calls.ask(platform, beneath(line_item, "scores"), words.SCORE, kind=words.SCORE_TYPE, document=document)
        except PlatformError as error:
            problem = f"{error}. {error.remedy}".strip()
            LOG.warning("a mark did not reach %s: %s", platform.name, error)
            scores.was_not_sent(self.service.database, one, problem=problem, status=error.status, after_s=error.after_s)
            return error.status not in (0, 401, 429) and error.status < 500
        scores.was_sent(self.service.database, one)
        return True

    def _line_item(self, platform: Platform, link: Link) -> str:
        """The column of a link's marks: the one that is there, or a new one (AGS 2.0, section 3.2). Raises PlatformError."""
        asked = with_query(link.line_items, {"resource_link_id": link.resource_link})
        there = self.calls.ask(platform, asked, words.LINE_ITEM, accept=words.LINE_ITEMS_TYPE).document()
        listed = there if isinstance(there, list) else []
        mine = [one for one in listed if isinstance(one, dict) and one.get("resourceLinkId") == link.resource_link]
        found = mine[0] if mine else self._new_line_item(platform, link)
        address = str(found.get("id", "")) if isinstance(found, dict) else ""
        if address_problem(address):
            raise PlatformError(f"{platform.name} named no column for the marks of {link.exercise}")
        with self.service.database.writing() as connection:
            connection.execute(update(tables.lti_links).where(tables.lti_links.c.id == link.id).values(line_item=address))
        return address

    def _new_line_item(self, platform: Platform, link: Link) -> Any:
        document = line_item_document(self.service, link.exercise) | {"resourceLinkId": link.resource_link}
        return self.calls.ask(platform, link.line_items, words.LINE_ITEM, kind=words.LINE_ITEM_TYPE, document=document).document()


def line_item_document(service: Service, exercise: str) -> dict[str, Any]:
    """A column for the marks of an exercise."""
    title = next(one.title for one in service.course.exercises if one.name == exercise)
    return {"label": title, "scoreMaximum": full_points(service.marking.points[exercise]), "resourceId": exercise}


def beneath(address: str, name: str) -> str:
    """An address with a part more to its path; a query stays behind it, where Moodle has one."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{name}"))


def with_query(address: str, query: Mapping[str, str]) -> str:
    """An address with more of a query."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(query=f"{parts.query}{'&' if parts.query else ''}{urlencode(query)}"))
