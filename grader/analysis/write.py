"""Write the report of a class: one page, and beside it the tables that it shows the beginning of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from grader.analysis.gather import gather
from grader.analysis.tables import render_tables
from grader.catalog import Course
from grader.classwork import Revision
from grader.keep import write_whole
from grader.report.class_page import render_class_page

if TYPE_CHECKING:
    from grader.store import Store

PAGE = "class.html"


def write_class_report(
    store: Store, course: Course, folder: Path, revision: Revision, *, out: Path | None = None, similarity: bool = True
) -> Path:
    """Write ``class.html`` (or `out`) and the tables ``items.csv``, ``mistakes.csv`` and ``similarity.csv`` into a folder of results.

    Returns the path of the page. Each file is replaced whole. No student's code is run.

    Raises
    ------
    StoreError
        If the store cannot be read.
    CourseError
        If the checks of the course cannot be loaded.
    OSError
        If the folder cannot be written to.
    """
    overview = gather(store, course, revision, similarity=similarity)
    if not similarity:
        # One of an earlier report would be taken for one of this.
        (folder / "similarity.csv").unlink(missing_ok=True)
    for name, text in render_tables(overview).items():
        write_whole(folder / name, text)
    path = folder / PAGE if out is None else out
    write_whole(path, render_class_page(overview))
    return path
