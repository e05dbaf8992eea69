"""Read the experiments of a course: what is public about them, which is everything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grader.catalog import Course, Exercise, read_toml, refuse_unknown
from grader.errors import CourseError
from grader.experiments.model import Experiment, Kind, Panel, Part, Series
from grader.forms import EXPERIMENT, require

TREE = "experiments"
KEYS = {"title", "sources", "question", "expected", "data", "parts", "panels"}
PART_KEYS = {"name", "title", "needs"}
PANEL_KEYS = {"title", "kind", "x", "y", "log_y", "rows", "series"}
SERIES_KEYS = {"part", "key", "label", "x_key", "row_key"}


def load_experiments(course: Course) -> tuple[Experiment, ...]:
    """Read ``experiments/*.toml`` of a course, in alphabetical order; none if it has no such folder.

    Raises
    ------
    CourseError
        If something in them is unknown, missing, or contradicts something else.
    """
    return tuple(_load_experiment(course, path) for path in sorted((course.root / TREE).glob("*.toml")))


def exercise_of(course: Course, function: str) -> Exercise:
    """The exercise that has a function of this name.

    Raises
    ------
    CourseError
        If none has it, or more than one.
    """
    found = [exercise for exercise in course.exercises if any(spec.name == function for spec in exercise.functions)]
    if len(found) != 1:
        raise CourseError(f"{'no exercise has' if not found else 'more than one exercise has'} a function {function!r}")
    return found[0]


def _load_experiment(course: Course, path: Path) -> Experiment:
    table = read_toml(path)
    refuse_unknown(table, KEYS, path)
    require(table, EXPERIMENT, path)
    program = path.with_suffix(".py")
    if not program.is_file():
        raise CourseError(f"{path} has no program {program.name} beside it")
    data = str(table.get("data", ""))
    if data and (Path(data).name != data or not (path.parent / data).is_file()):
        raise CourseError(f"{path} wants the data {data!r}, but there is no such file beside it")
    try:
        parts = tuple(_read_part(entry, path) for entry in table.get("parts", ()))
        panels = tuple(_read_panel(entry, path) for entry in table.get("panels", ()))
    except KeyError as error:
        raise CourseError(f"{path} has a part, a panel or a series without {error.args[0]!r}") from error
    experiment = Experiment(
        name=path.stem,
        title=str(table.get("title", path.stem)),
        sources=tuple(map(str, table.get("sources", ()))),
        question=_one_line(table.get("question", "")),
        expected=_one_line(table.get("expected", "")),
        data=data,
        parts=parts,
        panels=panels,
        text=program.read_text(encoding="utf-8"),
    )
    _refuse_contradictions(course, experiment, path)
    return experiment


def _read_part(entry: dict[str, Any], path: Path) -> Part:
    refuse_unknown(entry, PART_KEYS, path)
    name = str(entry["name"])
    return Part(name=name, title=str(entry.get("title", name)), needs=tuple(map(str, entry["needs"])))


def _read_panel(entry: dict[str, Any], path: Path) -> Panel:
    refuse_unknown(entry, PANEL_KEYS, path)
    kind = str(entry["kind"])
    if kind not in set(Kind):
        raise CourseError(f"{path} has a panel of the unknown kind {kind!r}", remedy=f"The kinds are {', '.join(Kind)}.")
    series = tuple(_read_series(one, path) for one in entry["series"])
    return Panel(
        title=str(entry["title"]),
        kind=Kind(kind),
        x=str(entry.get("x", "")),
        y=str(entry.get("y", "")),
        log_y=bool(entry.get("log_y", False)),
        rows=str(entry.get("rows", "layer")),
        series=series,
    )


def _read_series(entry: dict[str, Any], path: Path) -> Series:
    refuse_unknown(entry, SERIES_KEYS, path)
    texts = {key: str(value) for key, value in entry.items()}
    return Series(**{"part": texts["part"], "key": texts["key"], **texts, "label": texts.get("label", texts["key"])})


def _refuse_contradictions(course: Course, experiment: Experiment, path: Path) -> None:
    names = [part.name for part in experiment.parts]
    if not experiment.parts or not experiment.panels or len(set(names)) != len(names):
        raise CourseError(f"{path} needs parts of different names, and panels")
    for function in experiment.needs:
        try:
            exercise_of(course, function)
        except CourseError as error:
            raise CourseError(f"{path}: {error}") from error
    for panel in experiment.panels:
        for series in panel.series:
            if series.part not in names:
                raise CourseError(f"{path}: the panel {panel.title!r} draws {series.part!r}, which is not a part")
        if not panel.series:
            raise CourseError(f"{path}: the panel {panel.title!r} draws nothing")


def _one_line(text: object) -> str:
    return " ".join(str(text).split())
