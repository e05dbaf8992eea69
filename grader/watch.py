"""Look again whenever a file of the submission changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from grader.errors import LayerwiseError, SandboxError, SubmissionError

# Editors write in several steps: a change is taken up when nothing more has come for one step, and never later than the longest wait.
STEP_MS, LONGEST_WAIT_MS = 30, 150
# How soon after the start the watcher reports that it is up, for what was saved while the first look was on its way.
SIGN_OF_LIFE_MS = 1000
SUFFIXES = (".py", ".ipynb", ".zip")


def watch_submission(path: Path, look: Callable[[], None], complain: Callable[[LayerwiseError], None]) -> None:
    """Call `look` now and after every change of a Python file, notebook or zip at or below `path`, until Ctrl-C.

    Once the first look is there, an error of a later one that another change can mend, such as a zip that is half written, is handed to
    `complain` and does not end the watch.

    Raises
    ------
    LayerwiseError
        If nothing is left to watch, or if there is an error that no change of the submission can mend.
    """
    from watchfiles import DefaultFilter, watch

    folder = path if path.is_dir() else path.parent

    class Sources(DefaultFilter):
        """The default leaves out caches, version control and editors' droppings."""

        def __call__(self, change: object, name: str) -> bool:
            mine = name.endswith(SUFFIXES) if folder == path else Path(name).name == path.name
            return mine and super().__call__(change, name)  # type: ignore[arg-type]

    try:
        look()
        up = False
        for changes in watch(
            folder,
            watch_filter=Sources(),
            debounce=LONGEST_WAIT_MS,
            step=STEP_MS,
            rust_timeout=SIGN_OF_LIFE_MS,
            yield_on_timeout=True,
            raise_interrupt=True,
            recursive=folder == path,
        ):
            if not folder.is_dir():
                raise SubmissionError(f"{folder} is gone", remedy="There is nothing left to watch.")
            if changes or not up:
                _attempt(look, complain)
            up = True
    except KeyboardInterrupt:
        return
    except FileNotFoundError as error:
        raise SubmissionError(f"there is no {folder}", remedy="Name a folder, a .py file or a .zip.") from error


def _attempt(look: Callable[[], None], complain: Callable[[LayerwiseError], None]) -> None:
    try:
        look()
    except (SubmissionError, SandboxError) as error:
        complain(error)
