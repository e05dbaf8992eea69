"""The experiments of the course, drawn with the functions of an upload: asked for by its student, drawn when nothing is to be graded.

What was asked for is a table, like the uploads: a new process goes on with it where the last one died. One process draws at a time, below
everything else; it is ended if it takes too long.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import multiprocessing
import threading
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.context import SpawnProcess
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, func, insert, select, update

from grader import __version__, interrupts
from grader.errors import ExitCode, LayerwiseError
from grader.experiments import Experiment, load_experiments
from grader.report.figure import has_pictures
from grader.report.page import Figure
from grader.serve import figure_worker, tables, uploads
from grader.serve.database import Database, now
from grader.serve.figure_worker import Drawing

if TYPE_CHECKING:
    from grader.catalog import Course
    from grader.serve.service import Service
    from grader.serve.settings import Settings
    from grader.store import Store

LOG = logging.getLogger("layerwise")
# One experiment: twelve parts of 30 s at the very most, if every one runs out of time.
PATIENCE_S = 400.0
START_S = 60.0
LOOK_EVERY_S = 5.0
STEP_S = 0.5
TRIES = 3
# Submissions of one student of which figures are kept.
MOST_KEPT = 3
BROKE = "The grader could not draw this figure. That says nothing about your work; ask for it again later."


class FigureState(StrEnum):
    """How far a figure has come."""

    QUEUED = "queued"
    DRAWING = "drawing"
    DONE = "done"
    FAILED = "failed"


WAITING = (FigureState.QUEUED.value, FigureState.DRAWING.value)


class FiguresRefused(LayerwiseError):  # noqa: N818 - it is named after what it says
    """Figures are not drawn now, and why."""

    exit_code = ExitCode.SUBMISSION_UNREADABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One experiment of an upload: nothing yet where nobody asked (an empty ``state``), a sentence, or the figure."""

    experiment: Experiment
    state: str
    sentence: str = ""
    figure: Figure | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether it is still to be drawn."""
        return self.state in WAITING


class Figures(threading.Thread):
    """Draws what was asked for, one submission at a time, while nothing is to be graded."""

    def __init__(self, database: Database, store: Store, course: Course, settings: Settings) -> None:
        super().__init__(name="figures", daemon=True)
        self.database, self.store, self.settings = database, store, settings
        self.experiments = load_experiments(course) if has_pictures() else ()
        self._mark = f"{course.mark.digest} {__version__}"
        self._wake = threading.Event()
        self._stopping = threading.Event()

    def of(self, functions: Sequence[str]) -> tuple[Experiment, ...]:
        """The experiments that use a function of these."""
        return tuple(one for one in self.experiments if not set(functions).isdisjoint(one.needs))

    def key(self, student: str, digest: str, experiment: Experiment) -> str:
        """Whose figure it is, and what it depends on: the submission, the experiment, the course and the engine."""
        return hashlib.sha256("\n".join((student, digest, experiment.name, self._mark)).encode("utf-8", "surrogatepass")).hexdigest()

    def nudge(self) -> None:
        """Say that something was asked for."""
        self._wake.set()

    def stop(self, timeout: float = 10.0) -> None:
        """End soon; what is under way is drawn anew by the next start."""
        self._stopping.set()
        self._wake.set()
        self.join(timeout)

    def run(self) -> None:
        """Draw until told to stop."""
        again = True
        while not self._stopping.is_set():
            try:
                if again:
                    take_up(self.database)
                    again = False
                if is_grading(self.database) or not self.draw_next():
                    self._wake.wait(LOOK_EVERY_S)
                    self._wake.clear()
            except Exception:
                LOG.exception("drawing broke down")
                again = True
                self._stopping.wait(LOOK_EVERY_S)

    def draw_next(self) -> bool:
        """Draw what waits longest, with all else that waits of the same submission; False if nothing waits."""
        claimed = claim(self.database)
        if not claimed:
            return False
        names = {key: name for key, name, _digest in claimed}
        digest = claimed[0][2]
        wanted = Drawing(
            course_root=self.settings.course_root,
            sandbox=self.settings.sandbox,
            submission=self.store.submission(digest),
            experiments=tuple(names.values()),
        )
        with _process(wanted) as (process, line):
            patience = START_S + PATIENCE_S
            for key in names:
                told = self._hear(process, line, patience)
                if told is None:
                    break
                figure, problem = told.get("figure"), str(told.get("problem", ""))
                _finish(self.database, key, figure, problem)
                if problem:
                    LOG.warning("figures of %s: %s", digest, problem)
                patience = PATIENCE_S
        if not self._stopping.is_set():
            left = [key for key in names if state_of(self.database, key) in WAITING]
            for key in left:
                _finish(self.database, key, None, "it did not end in time")
        return True

    def _hear(self, process: SpawnProcess, line: Any, patience: float) -> dict[str, Any] | None:
        """The next word of the process; None if there comes none."""
        until = time.monotonic() + patience
        while time.monotonic() < until and not self._stopping.is_set():
            if line.poll(STEP_S):
                try:
                    told: dict[str, Any] = json.loads(line.recv_bytes(figure_worker.MOST_BYTES))
                except (EOFError, OSError, ValueError):
                    return None
                return told
            if not process.is_alive() and not line.poll(0):
                return None
        return None


@contextlib.contextmanager
def _process(wanted: Drawing) -> Any:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=figure_worker.serve, args=(theirs, wanted), daemon=True)
    with interrupts.held():
        process.start()
    theirs.close()
    try:
        yield process, ours
    finally:
        ours.close()
        # It has sent all that was asked, or is not to go on.
        process.kill()
        process.join()


# ------------------------------------------------------------------------------------------------------------------------ table


def figures_of(service: Service, student: str, digest: str, functions: Sequence[str]) -> list[Drawn]:
    """Every experiment for these functions of a submission, as far as it is drawn."""
    figures = service.figures
    experiments = figures.of(functions)
    keys = {figures.key(student, digest, one): one for one in experiments}
    columns = tables.figures.c
    query = select(columns.key, columns.state, columns.sentence, columns.body).where(columns.key.in_(list(keys)))
    with service.database.reading() as connection:
        rows = {row.key: row for row in connection.execute(query)}
    found = []
    for key, experiment in keys.items():
        row = rows.get(key)
        figure = figure_worker.decode(json.loads(zlib.decompress(row.body))) if row and row.body else None
        found.append(Drawn(experiment=experiment, state=row.state if row else "", sentence=row.sentence if row else "", figure=figure))
    return found


def ask(service: Service, student: str, digest: str, functions: Sequence[str]) -> None:
    """Queue what is not drawn yet of a submission.

    Raises
    ------
    FiguresRefused, TooOften
        If figures of another submission of the student's are waiting, or there were too many of late.
    """
    wanted = [one.experiment for one in figures_of(service, student, digest, functions) if one.state in ("", FigureState.FAILED.value)]
    if not wanted:
        return
    columns = tables.figures.c
    with service.database.reading() as connection:
        others = select(func.count()).where(columns.student == student, columns.digest != digest, columns.state.in_(WAITING))
        if connection.execute(others).scalar_one():
            raise FiguresRefused(
                "figures of another of your uploads are still being drawn", remedy="Wait until they are done, then ask again."
            )
    service.figure_pace.use(student)
    with service.database.writing() as connection:
        for experiment in wanted:
            key = service.figures.key(student, digest, experiment)
            mine = update(tables.figures).where(columns.key == key)
            values = {"state": FigureState.QUEUED.value, "asked_at": now(), "tries": 0, "sentence": "", "body": b""}
            if connection.execute(mine.where(columns.state == FigureState.FAILED.value).values(**values)).rowcount:
                continue
            if not connection.execute(select(columns.key).where(columns.key == key)).first():
                about = {"key": key, "student": student, "digest": digest, "experiment": experiment.name}
                connection.execute(insert(tables.figures).values(**about, **values))
        _forget_old(connection, student)
    service.figures.nudge()


def _forget_old(connection: Connection, student: str) -> None:
    """Keep the figures of the last few submissions of a student: they can be drawn again."""
    columns = tables.figures.c
    newest = select(columns.digest).where(columns.student == student).group_by(columns.digest).order_by(func.max(columns.asked_at).desc())
    kept = [digest for (digest,) in connection.execute(newest.limit(MOST_KEPT))]
    old = (columns.student == student, columns.digest.not_in(kept), columns.state.not_in(WAITING))
    connection.execute(delete(tables.figures).where(*old))


def is_grading(database: Database) -> bool:
    """Whether an upload waits, which comes before every figure."""
    columns = tables.uploads.c
    with database.reading() as connection:
        return connection.execute(select(columns.id).where(columns.state.in_(uploads.WAITING)).limit(1)).first() is not None


def take_up(database: Database) -> None:
    """Put back what a process that died was at; what was tried too often has failed."""
    columns = tables.figures.c
    under_way = update(tables.figures).where(columns.state == FigureState.DRAWING.value)
    with database.writing() as connection:
        connection.execute(under_way.where(columns.tries >= TRIES).values(state=FigureState.FAILED.value, sentence=BROKE))
        connection.execute(under_way.where(columns.tries < TRIES).values(state=FigureState.QUEUED.value))


def claim(database: Database) -> list[tuple[str, str, str]]:
    """Take what has waited longest, and what waits of the same submission: keys, names of experiments, and the digest."""
    columns = tables.figures.c
    with database.reading() as connection:
        queued = select(columns.digest, columns.student).where(columns.state == FigureState.QUEUED.value)
        first = connection.execute(queued.order_by(columns.id)).first()
    if first is None:
        return []
    with database.writing() as connection:
        mine = (columns.digest == first.digest, columns.student == first.student, columns.state == FigureState.QUEUED.value)
        taken = update(tables.figures).where(*mine).values(state=FigureState.DRAWING.value, tries=columns.tries + 1)
        rows = connection.execute(taken.returning(columns.id, columns.key, columns.experiment, columns.digest)).all()
    return [(row.key, row.experiment, row.digest) for row in sorted(rows)]


def state_of(database: Database, key: str) -> str:
    """How far the figure with a key has come."""
    with database.reading() as connection:
        return str(connection.execute(select(tables.figures.c.state).where(tables.figures.c.key == key)).scalar())


def _finish(database: Database, key: str, figure: Any, problem: str) -> None:
    columns = tables.figures.c
    body = b"" if figure is None else zlib.compress(json.dumps(figure).encode("utf-8", "surrogatepass"))
    state, sentence = (FigureState.FAILED, BROKE) if problem or figure is None else (FigureState.DONE, "")
    with database.writing() as connection:
        ended = update(tables.figures).where(columns.key == key, columns.state == FigureState.DRAWING.value)
        connection.execute(ended.values(state=state.value, sentence=sentence, body=body))
