"""The process that draws: it runs experiments with the functions of a submission, in the sandbox, and gives figures back as JSON.

Nothing is unpickled from it, and Matplotlib is imported here alone.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from grader import interrupts
from grader.catalog import load_course
from grader.errors import LayerwiseError, MachineError, machine_error
from grader.model import Submission
from grader.report.page import Figure, Picture, Plate, Table
from grader.secrecy import shield_memory

# Behind everything else that the machine does.
NICE = 10
MOST_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What is to be drawn, and where."""

    course_root: Path | None
    sandbox: str
    submission: Submission
    experiments: tuple[str, ...]


def serve(line: Connection, wanted: Drawing) -> None:
    """Send, for each experiment in order, a JSON object with a ``figure``, or with the ``problem`` of the machinery."""
    interrupts.ignore()
    if sys.platform != "win32":
        os.nice(NICE)
    shield_memory()
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        try:
            _draw_all(wanted, lambda told: line.send_bytes(json.dumps(told).encode("utf-8", "surrogatepass")))
        except LayerwiseError as error:
            line.send_bytes(json.dumps(_problem(error)).encode())
        except (BrokenPipeError, ConnectionResetError):
            raise
        except (OSError, MemoryError) as error:
            line.send_bytes(json.dumps(_problem(machine_error(error))).encode())


def _draw_all(wanted: Drawing, send: Callable[[dict[str, Any]], None]) -> None:
    from grader.experiments import load_experiments, run_experiment
    from grader.report.gallery import figure_of
    from grader.sandbox.open import open_sandbox

    course = load_course(wanted.course_root)
    known = {experiment.name: experiment for experiment in load_experiments(course)}
    with contextlib.closing(open_sandbox(wanted.sandbox, extra_modules=course.modules)) as box:
        for name in wanted.experiments:
            send({"figure": encode(figure_of(run_experiment(course, known[name], wanted.submission, box)))})


def _problem(error: LayerwiseError | MachineError) -> dict[str, Any]:
    return {"problem": f"{error}. {error.remedy}".strip()}


def encode(figure: Figure) -> dict[str, Any]:
    """A figure as JSON has it."""
    return dataclasses.asdict(figure)


def decode(document: Mapping[str, Any]) -> Figure:
    """A figure from JSON. Raises KeyError or TypeError if it is none."""
    return Figure(
        title=document["title"],
        question=document["question"],
        expected=document["expected"],
        notes=tuple(document["notes"]),
        sources=tuple(document["sources"]),
        plates=tuple(_plate(plate) for plate in document["plates"]),
    )


def _plate(plate: Mapping[str, Any]) -> Plate:
    table = plate["table"]
    return Plate(
        title=plate["title"],
        told=plate["told"],
        pictures=tuple(Picture(**picture) for picture in plate["pictures"]),
        table=table and Table(caption=table["caption"], columns=tuple(table["columns"]), rows=tuple(map(tuple, table["rows"]))),
    )
