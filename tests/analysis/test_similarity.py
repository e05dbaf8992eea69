"""Works that are alike are found however they are dressed, and works that are each somebody's own are not."""

from __future__ import annotations

import ast
import random
import re
import time
import tracemalloc

import numpy as np
import pytest

from grader.analysis.fingerprints import WINDOW, K, all_marks, located, marks_of
from grader.analysis.passages import agreements
from grader.analysis.similarity import Similarity
from grader.catalog import load_course, reference_source, variant_sources

COURSE = load_course()
BATCHNORM = COURSE.exercise("batchnorm")
STUBS = [exercise.stub for exercise in COURSE.exercises]
RIGHT = variant_sources(COURSE, BATCHNORM)
LOOPS, EINSUM, STAGED = RIGHT["batchnorm_loops"], RIGHT["batchnorm_einsum"], RIGHT["batchnorm_staged"]


def compared(works, stubs=STUBS):
    similarity = Similarity(stubs)
    for name, text in works.items():
        similarity.add([name], {"batchnorm.py": text})
    return similarity.find()


def renamed(source):
    """Every name that the file itself gives to an argument or a variable, under another one."""
    tree = ast.parse(source)
    own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in own:
            node.id = f"other_{node.id}"
        elif isinstance(node, ast.arg) and node.arg in own:
            node.arg = f"other_{node.arg}"
    return ast.unparse(tree)


def reformatted(source):
    """Four spaces are two, comments stand everywhere, and every comma ends a line that is inside of brackets."""
    lines = [f"{line.replace('    ', '  ')}  # my own idea" for line in ast.unparse(ast.parse(source)).splitlines()]
    return "\n\n".join(lines)


def independent(seed, size=40):
    """A program that nobody else writes."""
    draw = random.Random(seed)
    operators = ["+", "-", "*", "/", "@", "**"]
    lines = [
        f"    v{number} = (x[{draw.randrange(9)}] {draw.choice(operators)} np.exp({draw.randrange(99)})) {draw.choice(operators)} y.sum()"
        f" {draw.choice(operators)} {draw.randrange(99)}"
        for number in range(size)
    ]
    return "\n".join(["def batchnorm_forward(x, y):", *lines, "    return v1"])


# --------------------------------------------------------------------------------------------------------------- what is found


@pytest.mark.parametrize("dressed", [renamed, reformatted, lambda text: reformatted(renamed(text))], ids=["names", "layout", "both"])
@pytest.mark.parametrize("name", RIGHT)
def test_a_copy_in_other_clothes_is_found(name, dressed):
    others = {f"own{seed}": independent(seed) for seed in range(10)}

    alike = compared({"ada": ast.unparse(ast.parse(RIGHT[name])), **others, "bo": dressed(RIGHT[name])})

    (group,) = alike.groups
    assert group.names == ("ada", "bo")
    assert group.share == pytest.approx(1)


@pytest.mark.parametrize("exercise", COURSE.exercises, ids=lambda exercise: exercise.name)
def test_right_solutions_that_are_each_somebodys_own_are_not_alike(exercise):
    works = {**variant_sources(COURSE, exercise), "reference": reference_source(COURSE, exercise)}

    alike = compared(works)

    assert (alike.groups, alike.pairs) == ((), ())


def test_a_copy_with_a_function_of_ones_own_is_still_found():
    changed = re.sub(r"def batchnorm_forward.*?(?=\ndef )", independent(99) + "\n\n", LOOPS, count=1, flags=re.DOTALL)

    alike = compared({"ada": LOOPS, "bo": changed, **{f"own{seed}": independent(seed) for seed in range(10)}})

    assert changed != LOOPS
    assert [set(group.names) for group in alike.groups] + [{pair.first, pair.second} for pair in alike.pairs] == [{"ada", "bo"}]


def test_half_a_work_is_found_as_a_pair():
    half = LOOPS[: len(LOOPS) // 2]

    alike = compared(
        {"ada": half + independent(1, 15), "bo": half + independent(2, 15), **{f"own{s}": independent(s) for s in range(3, 13)}}
    )

    assert alike.groups == ()
    (pair,) = alike.pairs
    assert {pair.first, pair.second} == {"ada", "bo"}
    assert 0.5 <= pair.share < 1


def test_a_work_that_a_third_of_the_class_shares_is_found_and_does_not_become_how_one_writes_it():
    # Each copy has a line of its own, so that no two are the same.
    copies = {f"copy{number:02}": f"{EINSUM}\nz = {number} * w + {number} / q - v[{number}] ** {number} @ m\n" for number in range(30)}
    own = {f"own{seed:02}": independent(seed) for seed in range(70)}

    alike = compared({**own, **copies})

    (group,) = alike.groups
    assert set(group.names) == set(copies)
    assert group.share > 0.9
    assert alike.pairs == ()


def test_the_very_same_files_of_several_are_a_group():
    similarity = Similarity(STUBS)
    similarity.add(["ada", "bo"], {"batchnorm.py": LOOPS})
    similarity.add(["cy"], {"batchnorm.py": STAGED})

    (group,) = similarity.find().groups

    assert group.names == ("ada", "bo")


def test_what_the_stub_says_does_not_count():
    own = {f"own{seed}": f"{BATCHNORM.stub}\n\n{independent(seed)}" for seed in range(6)}
    untouched = {"ada": BATCHNORM.stub, "bo": BATCHNORM.stub}

    alike = compared({**own, **untouched})

    assert (alike.groups, alike.pairs) == ((), ())
    # Without the stub they would be: the test sees what it looks for.
    assert compared(untouched, stubs=[]).groups != ()


def test_what_most_of_the_class_was_given_besides_does_not_make_them_alike():
    alike = compared({f"own{seed}": f"{EINSUM}\n\n{independent(seed)}" for seed in range(20)})

    assert (alike.groups, alike.pairs) == ((), ())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00\x01\x02" * 100,
        "def f(:\n  'never ended",
        '"""' + "\\" * 2000,
        "\ud800" * 50,
        "(" * 5000,
        "é" * 3000,
        "'" * 4001,
        "1e" * 3000,
    ],
)
def test_a_work_that_is_no_python_is_compared_all_the_same(text):
    alike = compared({"odd": text, "ada": LOOPS, "bo": renamed(LOOPS), "cy": STAGED})

    assert [group.names for group in alike.groups] == [("ada", "bo")]


def test_nobody_at_all_is_alike_to_nobody():
    assert compared({}) == compared({}, stubs=[])
    assert compared({"ada": ""}).works == 1


# ----------------------------------------------------------------------------------------------------------------- fingerprints


@pytest.mark.parametrize("seed", range(5))
def test_a_run_that_is_long_enough_is_never_missed(seed):
    # The guarantee of the paper: of K + WINDOW - 1 tokens in a row that two have in common, one fingerprint at least is chosen in both.
    tokens = independent(seed + 50).split("\n    ")[1:8]
    run = " ".join(tokens)
    assert len(located(run)) >= WINDOW

    shared = np.intersect1d(marks_of(f"{independent(seed)}\n{run}"), marks_of(f"{run}\n{independent(seed + 20)}"))

    assert len(shared) >= 1


def test_what_is_chosen_is_a_part_of_what_there_is():
    chosen, there = marks_of(LOOPS), all_marks(LOOPS)

    assert np.isin(chosen, there).all()
    # Winnowing keeps 2 of WINDOW + 1 on average.
    assert len(chosen) / len(there) == pytest.approx(2 / (WINDOW + 1), rel=0.2)


def test_numbers_count_and_how_they_are_written_does_not():
    line = "a = b * {} + (c - d) / e ** f @ g % h - (i + j) * k / m + n\n"

    assert len(all_marks(line)) >= WINDOW
    assert np.array_equal(marks_of(line.format("0.00001")), marks_of(line.format("1E-5")))
    assert not np.array_equal(marks_of(line.format("0.00001")), marks_of(line.format("0.001")))


def test_lines_are_counted_from_one_and_hold_the_whole_run():
    text = "\n\n" + "a = b + c\n" * 12

    first = located(text)[0]

    # Five tokens on a line, so that K = 14 of them end on the third.
    assert K == 14
    assert first[1:] == (3, 5)


def test_no_text_makes_reading_slow():
    begun = time.perf_counter()
    for text in ('"""' * 30_001, "'\\" * 100_000, "." * 200_000, "1e+" * 60_000, "rbf" * 60_000, "# \\\n'" * 40_000):
        marks_of(text)

    assert time.perf_counter() - begun < 20


# --------------------------------------------------------------------------------------------------------------------- passages


def test_the_place_where_two_works_agree_is_shown_in_both():
    piece = "\n".join(independent(1).splitlines()[1:9])
    one = {"a.py": f"{independent(2)}\n{piece}\n"}
    other = {"b.py": f"{piece}\n{independent(3)}\n"}

    (found, *_rest) = agreements(one, other, all_marks(""))

    assert (found.first.path, found.second.path) == ("a.py", "b.py")
    lines = one["a.py"].split("\n")[found.first.first - 1 : found.first.last]
    assert set(piece.split("\n")) <= set(lines)
    assert found.second.first == 1


def test_a_passage_that_stands_in_the_stub_is_not_shown():
    assert agreements({"a.py": BATCHNORM.stub}, {"b.py": BATCHNORM.stub}, all_marks(BATCHNORM.stub)) == ()


def test_a_passage_ends_with_what_is_the_students_own():
    one = {"a.py": f"{independent(1)}\n{BATCHNORM.stub}"}

    (found, *_rest) = agreements(one, one, all_marks(BATCHNORM.stub))

    # The last run that is not the stub's may reach K tokens into it.
    assert found.first.last <= len(independent(1).splitlines()) + len(BATCHNORM.stub.splitlines()) / 2


# ----------------------------------------------------------------------------------------------------------------- a large class


def test_memory_for_a_work_is_a_few_kilobytes():
    similarity = Similarity(STUBS)
    similarity.add(["warm"], {"a.py": independent(0)})
    tracemalloc.start()
    for seed in range(1, 201):
        similarity.add([f"s{seed}"], {"a.py": independent(seed)})
    taken, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    # A work of 2,000 characters; its text is not kept.
    assert taken / 200 < 4096
