"""``grade batch`` as an instructor gives it."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader.errors import SandboxError

ROOT = Path(__file__).parent.parent.parent
SAMPLES = ROOT / "samples"
EXAMPLE = ROOT / "examples" / "numerical_methods"


def batch(*arguments, code=0):
    done = subprocess.run(
        [sys.executable, "-m", "grader", "batch", *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == code, done.stderr
    return done


@pytest.fixture
def works(tmp_path):
    root = tmp_path / "works"
    for student, sample in (("ada", "complete"), ("bob", "typical_mistakes"), ("eve", "half_done")):
        shutil.copytree(SAMPLES / sample, root / student, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def gradebook(results):
    with (results / "gradebook.csv").open(newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_a_folder_of_folders_gives_a_gradebook_and_scorecards(works, tmp_path):
    results = tmp_path / "results"

    done = batch(works, "dropout", "--out", results)

    marks = gradebook(results)
    assert list(marks) == ["ada", "bob", "eve"]
    assert marks["ada"]["percent"] == "100.00"
    assert float(marks["bob"]["dropout"]) < float(marks["ada"]["dropout"])
    assert json.loads((results / "scorecards" / "bob.json").read_text())["view"] == "instructor"
    assert done.stdout.splitlines()[0] == f"{results / 'gradebook.csv'}: revision 1"


def test_the_same_command_again_grades_nothing(works, tmp_path):
    batch(works, "dropout", "--out", tmp_path / "results")

    again = batch(works, "dropout", "--out", tmp_path / "results")

    assert "3 known before" in again.stderr


def test_a_roster_shows_who_is_missing_and_gives_names(works, tmp_path):
    (tmp_path / "roster.csv").write_text("id,name,section\nada,Ada Lovelace,A\nbob,Bob,B\neve,Eve,A\nzoe,Zoe,B\n")

    done = batch(works, "dropout", "--out", tmp_path / "results", "--roster", tmp_path / "roster.csv")

    marks = gradebook(tmp_path / "results")
    assert "1 on the roster handed nothing in" in done.stderr
    assert marks["zoe"]["state"] == "nothing handed in"
    assert (marks["ada"]["name"], marks["ada"]["section"]) == ("Ada Lovelace", "A")


def test_late_work_loses_what_the_policy_says(works, tmp_path):
    (tmp_path / "times.csv").write_text("student,submitted_at\nada,2026-11-02T12:00:00+00:00\nbob,2026-11-01T00:00:00+00:00\n")

    batch(
        works, "dropout", "--out", tmp_path / "results", "--times", tmp_path / "times.csv",
        "--deadline", "2026-11-01T12:00:00+00:00", "--late", "10%/day",
    )  # fmt: skip

    marks = gradebook(tmp_path / "results")
    assert (marks["ada"]["percent"], marks["ada"]["late days"]) == ("90.00", "1")
    assert marks["bob"]["late days"] == "0"


def test_a_zip_of_zips_is_read(works, tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    for student in ("ada", "bob"):
        shutil.make_archive(str(inner / student), "zip", works / student)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for path in sorted(inner.iterdir()):
            archive.write(path, path.name)

    batch(tmp_path / "all.zip", "dropout", "--out", tmp_path / "results")

    assert gradebook(tmp_path / "results")["ada"]["percent"] == "100.00"


def test_work_that_cannot_be_read_is_named_and_the_rest_is_graded(works, tmp_path):
    folder = tmp_path / "zips"
    folder.mkdir()
    shutil.make_archive(str(folder / "ada"), "zip", works / "ada")
    (folder / "bad.zip").write_bytes(b"no zip at all")

    done = batch(folder, "dropout", "--out", tmp_path / "results", code=3)

    marks = gradebook(tmp_path / "results")
    assert "bad" in done.stderr
    assert marks["ada"]["percent"] == "100.00"
    assert marks["bad"]["dropout"] == "0.00"


def test_quiet_says_nothing_when_all_is_well(works, tmp_path):
    done = batch(works, "dropout", "--out", tmp_path / "results", "--quiet")

    assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("nothing-there", "--out", "results"), 4, "nothing-there"),
        ((".", "--out", "results", "--course", "no-course"), 5, "course.toml"),
        ((".", "nonsense", "--out", "results"), 5, "nonsense"),
        ((".",), 2, "--out"),
        ((".", "--out", "results", "--late", "much"), 5, "much"),
        ((".", "--out", "results", "--roster", "no-roster.csv"), 4, "no-roster.csv"),
        ((".", "--out", "results", "--dask-tls", "one,two", "--dask", "tls://nowhere:1"), 2, "--dask-tls"),
    ],
)
def test_bad_input_is_one_sentence_and_the_documented_exit_code(tmp_path, monkeypatch, works, arguments, code, told):
    monkeypatch.chdir(works)
    place = [tmp_path / one if one == "results" else one for one in arguments]

    done = batch(*place, code=code)

    assert told in done.stderr
    assert not (tmp_path / "results" / "gradebook.csv").exists()


def test_a_broken_check_ends_the_batch_at_once_and_marks_nobody(works, tmp_path):
    course = Path(shutil.copytree(EXAMPLE, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__")))
    checks = sorted((course / "reference" / "checks").glob("*.py"))[0]
    checks.write_text(checks.read_text().replace("yield ", "yield undefined_name or ", 1))

    done = batch(works, "--out", tmp_path / "results", "--course", course, code=5)

    assert "undefined_name" in done.stderr
    assert not (tmp_path / "results" / "gradebook.csv").exists()


@pytest.fixture
def engine():
    sandbox = pytest.importorskip("grader.sandbox.docker")
    try:
        engine = sandbox.connect_engine()
        sandbox.find_image(engine, None)
    except SandboxError as error:
        pytest.skip(str(error))
    yield engine
    engine.close()


def containers_of(engine):
    return {one.name for one in engine.containers.list(all=True, filters={"name": "layerwise-"}, ignore_removed=True)}


@pytest.mark.docker
@pytest.mark.parametrize("containers", ["warm", "submission"])
def test_in_containers_the_same_is_found_and_none_is_left(works, tmp_path, engine, containers):
    batch(works, "dropout", "--out", tmp_path / "here")
    before = containers_of(engine)

    batch(works, "dropout", "--out", tmp_path / "there", "--sandbox", "docker", "--containers", containers)

    assert (tmp_path / "there" / "gradebook.csv").read_bytes() == (tmp_path / "here" / "gradebook.csv").read_bytes()
    card = json.loads((tmp_path / "there" / "scorecards" / "ada.json").read_text())
    assert card["run"]["sandbox"]["container"] is True
    assert containers_of(engine) <= before


def test_signed_scorecards_stay_signed_whatever_comes_after(works, tmp_path):
    pytest.importorskip("cryptography", reason="the extra `sign` is not installed")
    key, results = tmp_path / "course.key", tmp_path / "results"
    grade("keys", "new", key)
    public = next(path for path in tmp_path.iterdir() if path.name.startswith("course") and path != key)

    batch(works, "dropout", "--out", results, "--sign", key)
    grade("override", results, "bob", "dropout", "5", "--reason", "shown in person")
    batch(works, "dropout", "--out", results, "--sign", key)

    cards = sorted(results.glob("scorecards*/*.json"))
    assert len(cards) == 6
    grade("signature", *cards, "--key", public)


def grade(*arguments):
    done = subprocess.run([sys.executable, "-m", "grader", *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done
