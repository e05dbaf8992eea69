"""Hand in a course.toml of one's own, with one's own checks, beside the work.

ends: wrong_answer
works in: itself
"""

from pathlib import Path

from grader.catalog import load_course

TINY = Path(__file__).parents[2] / "courses" / "tiny"


def build(folder, right):
    import shutil

    shutil.copytree(TINY, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "reference", "exercises"))
    (Path(folder) / "power.py").write_text(right + "\n\ndef cube_backward(dout, cache):\n    return np.zeros_like(dout)\n")
    return folder


def works(path, folder):
    import shutil

    shutil.copytree(TINY, folder, dirs_exist_ok=True)
    # Whoever looks for the course where the work is finds this one.
    return (Path(path) / "course.toml").exists() and load_course(Path(folder)).name == "tiny"
