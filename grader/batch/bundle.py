"""A course as one value, so that a worker on another machine needs no file of ours: what it is given is what the batch has, seed and all.

It holds the hidden side. It goes to workers that the instructor runs, and nowhere else; see docs/cluster.md.
"""

from __future__ import annotations

import atexit
import dataclasses
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from grader.batch.keys import engine_digest
from grader.catalog import Course, find_files, load_course
from grader.errors import CourseError


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The files of a course by their paths, its seed, and the engine that it is to be graded with."""

    files: dict[str, bytes]
    seed: bytes
    seed_is_secret: bool
    digest: str
    engine: str

    # A log of a cluster shows the arguments of a task that failed.
    def __repr__(self) -> str:
        return f"Bundle({self.digest})"


def pack_course(course: Course) -> Bundle:
    """Take a course along."""
    paths = [course.root / "course.toml", *find_files(course.root)]
    files = {path.relative_to(course.root).as_posix(): path.read_bytes() for path in paths}
    return Bundle(files=files, seed=course.seed, seed_is_secret=course.seed_is_secret, digest=course.digest, engine=engine_digest())


def unpack_course(bundle: Bundle) -> Course:
    """Lay a course out in a private folder of this machine, which goes when the process does.

    Raises
    ------
    CourseError
        If this machine has another version of Layerwise, whose marks might differ.
    """
    if bundle.engine != engine_digest():
        remedy = "Install the same version on every machine."
        raise CourseError("this worker has another version of Layerwise than the batch", remedy=remedy)
    if bundle.seed_is_secret:
        from grader.secrecy import shield_memory

        shield_memory()
    # References and checks are imported when they are first needed, so the folder lives as long as the process.
    root = Path(tempfile.mkdtemp(prefix="layerwise-course-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    for name, data in bundle.files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    course = dataclasses.replace(load_course(root), seed=bundle.seed, seed_is_secret=bundle.seed_is_secret)
    if course.digest != bundle.digest:
        raise CourseError("the course did not arrive complete on this worker", remedy="Run the batch again.")
    return course
