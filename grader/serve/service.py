"""One running service: what its parts share, and how they begin and end."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.batch.marking import BatchPlan, Keys
from grader.batch.pool import Pool
from grader.catalog import Course, load_course
from grader.errors import LayerwiseError
from grader.marks import read_policy
from grader.serve.cards import Cards
from grader.serve.class_memory import ClassMemory
from grader.serve.database import Database
from grader.serve.figures import Figures
from grader.serve.grading import Grading
from grader.serve.hub import Hub
from grader.serve.limits import Limiter
from grader.serve.marks import Marking
from grader.serve.pace import PaceMaker
from grader.serve.provider import Provider
from grader.serve.regrading import retarget
from grader.serve.rules import RuleBook
from grader.serve.settings import Settings
from grader.store import Store

LOG = logging.getLogger("layerwise")
# Workers take what the pages leave. Not less than a third of a core that is contended: a call is given seconds by the clock.
STAND_BACK = 5


class Remembered:
    """A value that takes long to make, and what it was made of."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made_of: object = None
        self._value: Any = None

    def get(self, made_of: object, make: Callable[[], Any]) -> Any:
        """The value, made anew if it was made of something else. Who asks meanwhile waits for it, and does not make it as well."""
        with self._lock:
            if self._made_of != made_of:
                self._value, self._made_of = make(), made_of
            return self._value


@dataclass(slots=True, kw_only=True)
class Service:
    """What routes are given. ``reader`` is for any thread, since it only reads."""

    settings: Settings
    course: Course
    database: Database
    reader: Store
    hub: Hub
    grading: Grading
    figures: Figures
    cards: Cards
    marking: Marking
    rules: RuleBook
    sign_ins: Limiter
    sign_ins_from_address: Limiter
    uploads: Limiter
    figure_pace: Limiter
    requests: Limiter
    # What staff write; a store is for one at a time, and the one of the grading is not theirs.
    staff_store: Store
    provider: Provider | None = None
    staff_lock: threading.Lock = field(default_factory=threading.Lock)
    class_marks: Remembered = field(default_factory=Remembered)
    # What an open regrade would change.
    proposals: Remembered = field(default_factory=Remembered)
    class_memory: ClassMemory = field(default_factory=ClassMemory)
    stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    is_closed: bool = False

    @contextlib.contextmanager
    def staff_writing(self) -> Iterator[Store]:
        """The store, for a short change by staff."""
        with self.staff_lock:
            yield self.staff_store

    def start(self) -> None:
        """Begin to grade what waits."""
        self._keep_marks()
        self.grading.start()
        self.figures.start()

    def close(self) -> None:
        """End. What is under way is taken up by the next start."""
        if self.is_closed:
            return
        self.is_closed = True
        self.hub.close()
        if self.grading.is_alive():
            self.grading.stop()
        if self.figures.is_alive():
            self.figures.stop()
        self._keep_marks()
        self.stack.close()

    def _keep_marks(self) -> None:
        """Leave a revision for the commands of a terminal. That a database is gone must not keep a service from ending, or from waiting."""
        from grader.serve.gradebook import keep_marks

        try:
            keep_marks(self)
        except LayerwiseError as error:
            LOG.warning("the marks were not kept as a revision: %s", error)


def open_service(settings: Settings) -> Service:
    """Open everything that a service needs; nothing is graded yet.

    Raises
    ------
    CourseError, StoreError
        If the course is broken, or the store cannot be opened, or a batch or another service has it.
    """
    course = load_course(settings.course_root)
    names = tuple(exercise.name for exercise in course.exercises)
    policy = read_policy(course.grading, names)
    keys = Keys(BatchPlan(course=course, exercises=names, sandbox=settings.sandbox, limits=settings.limits))
    with contextlib.ExitStack() as stack:
        if isinstance(settings.place, Path):
            settings.place.parent.mkdir(parents=True, exist_ok=True)
        writer = stack.enter_context(Store.open(settings.place))
        keep_hold = stack.enter_context(writer.lock())
        database = stack.enter_context(contextlib.closing(Database.open(settings.place)))
        cards = Cards(course, database)
        retarget(database, keys)
        reader = stack.enter_context(Store.open(settings.place, read_only=True))
        rules = RuleBook(database, policy, names)
        provider = stack.enter_context(contextlib.closing(Provider(settings.single_sign_on))) if settings.single_sign_on else None
        hub = Hub()
        pace = PaceMaker(settings.jobs, may_grow=bool(settings.dask))
        return Service(
            settings=settings,
            course=course,
            database=database,
            reader=reader,
            hub=hub,
            grading=Grading(writer, database, hub, keys, cards, lambda: open_pool(settings), rules, pace=pace, keep_hold=keep_hold),
            cards=cards,
            marking=Marking(keys, cards, rules),
            rules=rules,
            sign_ins=Limiter("attempts to sign in", settings.sign_ins),
            sign_ins_from_address=Limiter("attempts to sign in from your network", settings.sign_ins_from_address),
            uploads=Limiter("uploads", settings.uploads),
            figures=Figures(database, reader, course, settings),
            figure_pace=Limiter("drawings", settings.figures),
            staff_store=stack.enter_context(Store.open(settings.place)),
            requests=Limiter("requests", settings.requests),
            provider=provider,
            stack=stack.pop_all(),
        )


def open_pool(settings: Settings) -> Pool:
    """The workers: here, or on a Dask cluster."""
    from grader.batch.worker import WorkerOptions

    how = WorkerOptions(course_root=settings.course_root, sandbox=settings.sandbox, limits=settings.limits, nice=STAND_BACK)
    if settings.dask:
        from grader.batch.cluster import ClusterPool, Security

        files = settings.dask_tls
        return ClusterPool(how, settings.dask, Security(ca=files[0], certificate=files[1], key=files[2]) if files else None)
    from grader.batch.pool import LocalPool

    return LocalPool(how, settings.jobs)
