"""Say how a folder of submissions is laid out, from what is in it; where two answers fit, none is given."""

from __future__ import annotations

from grader.intake.archive import METADATA
from grader.intake.canvas import is_canvas_name
from grader.intake.gradescope import is_gradescope
from grader.intake.moodle import is_moodle_name
from grader.intake.places import IntakeError, Place
from grader.intake.plain import is_clone

NAME_LAYOUT = "Say which it is with --layout folders, files, zips, canvas, moodle, gradescope or git."


def recognise(places: list[Place]) -> tuple[str, str]:
    """Give the layout of a folder with these entries, and why.

    Raises
    ------
    IntakeError
        If there is no work in it, or if more than one layout fits.
    """
    return recognise_platform(places) or _recognise_plain(places)


def recognise_platform(places: list[Place]) -> tuple[str, str] | None:
    """Give the platform that these are the download of, and why; None if they are of none."""
    if is_gradescope(places):
        return "gradescope", f"there is {METADATA}"
    works = [place for place in places if place.is_work]
    moodle = sum(is_moodle_name(place.name) for place in places)
    # A student's own file beside them, or one that an instructor put there, makes no other layout of it.
    if moodle and 2 * moodle > len(works):
        return "moodle", f"{moodle} of {len(places)} names have _assignsubmission_ in them"
    files = [place for place in places if not place.is_folder]
    canvas = sum(is_canvas_name(place.name) for place in files)
    if canvas and 2 * canvas > len(works):
        return "canvas", f"{canvas} of {len(files)} files are called name_number_number_file"
    return None


def _recognise_plain(places: list[Place]) -> tuple[str, str]:
    folders = [place for place in places if place.is_folder]
    zips = [place for place in places if place.is_zip]
    files = [place for place in places if place.is_code]
    kinds = [(folders, "folders"), (zips, "zips"), (files, "Python files and notebooks")]
    there = [f"{len(some)} {name}" for some, name in kinds if some]
    if not there:
        text = "there is no handed-in work: no folder, zip, Python file or notebook"
        raise IntakeError(text, remedy="Name the folder with the submissions.")
    if len(there) > 1:
        text = f"it is not clear how the submissions are laid out: there are {' and '.join(there)} side by side"
        raise IntakeError(text, remedy=NAME_LAYOUT)
    if zips:
        return "zips", f"there are {there[0]} and no folders"
    if files:
        return "files", f"there are {there[0]} and no folders"
    clones = sum(map(is_clone, folders))
    if clones == len(folders):
        return "git", f"all of the {there[0]} have a .git"
    own = f", {clones} of them with a .git of their own" if clones else ""
    return "folders", f"there are {there[0]} and nothing else{own}"
