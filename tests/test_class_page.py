"""`grade class`: one page about a class, for its instructor; nothing of a student's becomes markup, and nothing is a verdict."""

from __future__ import annotations

import csv
import dataclasses
import html
import re
from fractions import Fraction

import pytest

from grader.analysis.gather import gather
from grader.analysis.items import Item, NamedMistake, Standing
from grader.analysis.overview import ClassOverview, Excerpt, Likeness, Low, Origin, distribution_of
from grader.analysis.passages import Agreement, Passage
from grader.analysis.similarity import Alike, Group, Pair
from grader.analysis.tables import render_tables
from grader.analysis.write import write_class_report
from grader.batch.marking import BatchPlan, keep, mark
from grader.batch.run import ClassRun
from grader.catalog import load_course, variant_sources
from grader.classwork import Part, Policy, Student
from grader.cli import run
from grader.intake import find_handins
from grader.model import Evidence, Limits, Verdict
from grader.report.class_page import CLASS_STYLE, render_class_page
from grader.report.page import POLICY
from grader.store import Store
from tests.batch.test_run import FakePool, Heard
from tests.marks.worlds import DEADLINE
from tests.pages import HOSTILE, Reader, words_of

COURSE = load_course()
DROPOUT = variant_sources(COURSE, COURSE.exercise("dropout"))
LOOPS, BINOMIAL = DROPOUT["dropout_loops"], DROPOUT["dropout_binomial"]
PLAN = BatchPlan(course=COURSE, exercises=("dropout",), sandbox="process", limits=Limits())
ORIGIN = Origin(
    course="tiny", title="Tiny", version="1", digest="sha256:1", revision=3, command="batch", made_at=DEADLINE, seed_fingerprint="5eed",
    sandboxes=("process",), software=("Layerwise 0",), first_run="2026-11-02", last_run="2026-11-03",
)  # fmt: skip


def overview_of(text="ada", **changes):
    """A class in which `text` stands wherever a student, or a course, can have put some."""
    place = Agreement(first=Passage(path=text, first=1, last=2), second=Passage(path=text, first=3, last=3), tokens=20)
    excerpts = (Excerpt(place=place, first=(text, text), second=(text,)),)
    group = Group(names=(text, "bo", "cy"), share=0.9, fingerprints=12)
    pair = Pair(first=text, second="di", share=0.6, fingerprints=9)
    known = {
        "origin": dataclasses.replace(ORIGIN, title=text, software=(text,)),
        "students": 9,
        "names": {text: f"{text}!", "bo": text},
        "missing": (text,),
        "unreadable": (("bo", text),),
        "pending": ((text, (text,)),),
        "totals": distribution_of(map(Fraction, (10, 40, 60, 100, 100))),
        "exercises": {text: distribution_of(map(Fraction, (0, 50)))},
        "standings": (Standing(exercise=text, function=text, students=9, begun=5, accepted=2, stuck=(text, "bo", "cy")),),
        "mistakes": (
            NamedMistake(exercise=text, function=text, name=text, explanation=text, evidence=Evidence.KNOWN_MISTAKE, students=(text, "bo")),
        ),
        "items": (
            Item(exercise=text, function=text, check=text, students=30, tried=30, passed=15, discrimination=-0.25),
            Item(exercise=text, function=text, check=f"{text}2", students=30, tried=30, passed=15, discrimination=0.5),
        ),
        "lowest": (Low(student=text, percent=Fraction(10), stuck_on=(text,), not_begun=2),),
        "below_half": 2,
        "alike": Alike(works=9, groups=(group,), pairs=(pair,)),
        "likenesses": (
            Likeness(found=group, first=text, second="bo", excerpts=excerpts),
            Likeness(found=pair, first=text, second="di", excerpts=excerpts),
        ),
        "requirements": {(text, text, text): text},
    }
    return ClassOverview(**{**known, **changes})


def page_of(text="ada", **changes):
    return render_class_page(overview_of(text, **changes))


# ------------------------------------------------------------------------------------------------------------- hostile text


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_a_students_becomes_markup(text):
    harmless = Reader(page_of("harmless"))

    page = page_of(text)
    read = Reader(page)

    assert read.tags == harmless.tags
    assert [name for name, _value in read.attributes] == [name for name, _value in harmless.attributes]
    assert read.open == []
    assert all(character.isprintable() or character == "\n" for character in page)


def test_it_runs_nothing_and_asks_nobody():
    page = page_of()

    assert f'content="{POLICY}"' in page
    assert not re.search(r"<script|@import|https?:|src=|<link|<form|<iframe|\son\w+=", page)
    assert {value for name, value in Reader(page).attributes if name == "href"} == {
        "#main", "#totals", "#functions", "#mistakes", "#help", "#items", "#alike"
    }  # fmt: skip


def test_the_style_asks_nobody_either():
    assert not re.search(r"url\(|@import|https?:", CLASS_STYLE.read_text(encoding="utf-8"))


# ------------------------------------------------------------------------------------------------------------------- what it says


def test_every_link_leads_somewhere_and_every_id_is_there_once():
    page = page_of()
    ids = re.findall(r'\sid="([^"]+)"', page)

    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    assert set(re.findall(r'aria-labelledby="([^"]+)"', page)) <= set(ids)


def test_every_table_has_a_caption_and_every_head_a_scope():
    page = page_of()

    assert page.count("<table>") == page.count("<caption>") > 3
    assert all("scope=" in head for head in re.findall(r"<th\b[^>]*>", page))


def test_the_histogram_says_in_words_what_it_shows():
    page = page_of()

    (told,) = re.findall(r'role="img" aria-label="([^"]+)"', page)
    assert html.unescape(told) == (
        "Histogram of totals, students by share of all points. 10 to 20 %: 1; 40 to 50 %: 1; 60 to 70 %: 1; 90 to 100 %: 2."
    )
    # The small ones stand beside their numbers.
    assert page.count("<svg") == 1 + page.count('aria-hidden="true"><rect') > 1


def test_the_quartiles_are_said_in_words():
    # 10, 40, 60, 100, 100: the second, third and fourth of five.
    words = words_of(page_of())

    assert "5 works have a final mark. Half of them are at 60 % or above; the lowest quarter is at 40 % or below" in words
    assert "the highest at 100 %. 2 of them have full marks." in words


def test_likeness_is_evidence_and_no_verdict():
    words = words_of(page_of())

    assert "This is evidence to look at, and no verdict" in words
    assert "two people can write nearly the same without having seen each other's work" in words
    assert not re.search(r"plagiar|cheat|guilty|copied|suspect", words, re.IGNORECASE)


def test_both_sides_of_a_likeness_are_shown_with_their_lines():
    page = page_of("ada")

    assert page.count("lines 1 to 2") == page.count("line 3<") == 2


def test_a_check_that_is_failed_by_those_who_do_well_is_told_apart_from_the_rest():
    words = words_of(page_of())

    assert "Failed by those who do well elsewhere: 1" in words
    assert "−0.25" in words
    assert "1 check without anything odd" in words


@pytest.mark.parametrize("count", [41, 10_000])
def test_a_long_list_is_cut_and_says_how_much_more_there_is(count):
    students = tuple(f"s{number:05}" for number in range(count))
    mistake = dataclasses.replace(overview_of().mistakes[0], students=students)
    standing = dataclasses.replace(overview_of().standings[0], stuck=students)

    page = page_of(missing=students, mistakes=(mistake,) * 60, standings=(standing,))

    assert f"And {count - 40} more, in <code>gradebook.csv</code>." in page
    assert f"And {count - 40} more, in <code>mistakes.csv</code>." in page
    assert "And 35 more, in <code>mistakes.csv</code>." in page
    assert len(page) < 200_000


def test_an_empty_class_has_a_page_too():
    nothing = dict.fromkeys(("missing", "unreadable", "pending", "standings", "mistakes", "items", "lowest", "likenesses"), ())
    page = page_of(**nothing, students=0, totals=distribution_of([]), exercises={}, below_half=0, alike=None)

    assert "No work has a final mark yet." in words_of(page)
    assert "Works were not compared." in words_of(page)


def test_a_tenth_holds_its_lower_end_and_the_last_one_both():
    spread = distribution_of(map(Fraction, (0, 10, 90, 100, 110)))

    assert spread.bins == (1, 1, 0, 0, 0, 0, 0, 0, 0, 3)
    assert spread.full == 2
    assert distribution_of([Fraction(3)]).quartiles is None


def test_no_cell_of_a_table_is_a_formula():
    tables = render_tables(overview_of("=1+1"))

    cells = [cell for text in tables.values() for row in csv.reader(text.splitlines()) for cell in row]
    assert not [cell for cell in cells if cell.startswith("=")]
    assert "'=1+1" in cells


# ----------------------------------------------------------------------------------------------------------------- from a store


@pytest.fixture
def graded(tmp_path):
    """A class of six: two share a work, one has another, one is wrong, one cannot be read, one has handed in nothing."""
    files = {"ada": LOOPS, "bo": f"# mine\n{LOOPS}", "cy": BINOMIAL, "di": "x = 1\n"}
    for name, text in files.items():
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / "dropout.py").write_text(text, encoding="utf-8")
    (tmp_path / "in" / "ed").mkdir()
    (tmp_path / "broken.zip").write_bytes(b"PK and no more")
    roster = tuple(Student(id=name, name=name.title()) for name in (*files, "ed", "flo"))
    results = tmp_path / "results"
    results.mkdir()
    with Store.open(results / "layerwise.db") as store:
        intake = find_handins(tmp_path / "in", layout="folders", roster=roster, scratch=tmp_path / "scratch")
        broken = (Part(path=tmp_path / "broken.zip", name="broken.zip"),)
        handins = tuple(dataclasses.replace(one, parts=broken) if one.student == "ed" else one for one in intake.handins)
        intake = dataclasses.replace(intake, handins=handins)
        pool = FakePool({"x = 1\n": Verdict.WRONG_ANSWER, BINOMIAL: "the machine is gone"})
        class_run = ClassRun(PLAN, store, Heard())
        class_run.run(intake, pool)
        keep(store, mark(store, class_run.keys, Policy(), command="batch"))
    return results


def overview_from(results, **options):
    with Store.open(results / "layerwise.db", read_only=True) as store:
        return gather(store, COURSE, store.revision(), **options)


def test_everybody_of_the_class_is_somewhere(graded):
    overview = overview_from(graded)

    assert (overview.students, overview.handed_in) == (6, 5)
    assert overview.missing == ("flo",)
    assert [student for student, _error in overview.unreadable] == ["ed"]
    assert overview.pending == (("cy", ("dropout",)),)
    assert overview.totals.count == 3
    assert [(low.student, low.percent) for low in overview.lowest] == [("di", 0)]
    assert overview.origin.sandboxes == ("process",)


def test_the_shares_of_the_functions_are_those_of_the_works_that_were_graded(graded):
    standings = overview_from(graded).standings

    assert {(one.accepted, one.students, one.stuck) for one in standings} == {(2, 3, ("di",))}


def test_works_that_are_the_same_but_for_a_comment_are_found(graded):
    overview = overview_from(graded)

    (group,) = overview.alike.groups
    assert group.names == ("ada", "bo")
    (shown,) = overview.likenesses
    # The comment is one line more.
    place = shown.excerpts[0].place
    assert place.second.first == place.first.first + 1


def test_the_command_writes_the_page_and_the_tables(graded, capsys):
    code = run(["class", str(graded)])

    assert code == 0
    assert capsys.readouterr().out == f"wrote {graded / 'class.html'} (revision 1)\n"
    words = words_of((graded / "class.html").read_text(encoding="utf-8"))
    assert "Flo (flo)" in words
    for name, head in {"items": "exercise,function,check", "mistakes": "exercise,function,mistake", "similarity": "kind,number"}.items():
        assert (graded / f"{name}.csv").read_text(encoding="utf-8").startswith(head)
    assert "group,1,bo,ada,1.000" in (graded / "similarity.csv").read_text(encoding="utf-8")


def test_the_same_class_gives_the_same_page(graded):
    run(["class", str(graded)])
    first = (graded / "class.html").read_bytes()

    run(["class", str(graded)])

    assert (graded / "class.html").read_bytes() == first


def test_without_similarity_nothing_of_it_is_left(graded):
    run(["class", str(graded)])

    assert run(["class", str(graded), "--no-similarity"]) == 0

    assert "Works were not compared." in (graded / "class.html").read_text(encoding="utf-8")
    assert not (graded / "similarity.csv").exists()


def test_a_file_of_somebody_elses_is_left_alone(graded, tmp_path, capsys):
    mine = tmp_path / "mine.html"
    mine.write_text("my thesis", encoding="utf-8")

    assert run(["class", str(graded), "--out", str(mine)]) == 4
    assert mine.read_text(encoding="utf-8") == "my thesis"
    assert "was not written by Layerwise" in capsys.readouterr().err
    assert run(["class", str(graded), "--out", str(mine), "--force"]) == 0
    assert mine.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_folder_without_results_is_said_in_one_sentence(tmp_path, capsys):
    assert run(["class", str(tmp_path)]) == 4
    assert "holds no results" in capsys.readouterr().err
    assert not (tmp_path / "class.html").exists()


def test_a_batch_can_write_it_with_its_own_store(graded):
    with Store.open(graded / "layerwise.db") as store:
        path = write_class_report(store, COURSE, graded, store.revision(), similarity=False)

    assert path == graded / "class.html"
