"""Every attack of this folder, one by one: what it comes to in the sandboxes, and that it works where nothing stops it."""

from __future__ import annotations

import dataclasses
import os
import platform
from concurrent.futures import ThreadPoolExecutor

import pytest

from grader.errors import SubmissionError
from grader.grading import grade_submission
from grader.model import Limits, SourceFile, Submission, Verdict, View
from grader.report import render
from grader.safe_text import safe_text
from grader.scorecard import scorecard_document, validate_document
from grader.submission import load_submission
from tests.attacks import leftovers
from tests.attacks.attack import FAMILIES, load_attacks
from tests.attacks.controls import SIGNS, WORKED, run_weak
from tests.sandbox.hostile import RIGHT, SECRET

ATTACKS = load_attacks()
# What is read as a file never comes to a sandbox.
CODE = [attack for attack in ATTACKS if attack.builder is None]
each = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)
controlled = pytest.mark.parametrize(
    "attack", [attack for attack in ATTACKS if attack.mode not in ("plain", "itself")], ids=lambda attack: attack.id
)
# What the honest part is worth in the tiny course.
WORTH = {"all": 12, "forward": 6, "nothing": 0}
REFUSED = "refused"
CALL_S = 0.3
# Longer than any sentence of ours, and much shorter than what an attacker would like to say.
SENTENCE = 300


def limits_for(attack):
    """Little time where it is time that is to run out, and enough where it is not; little memory always, so that it is soon full."""
    is_slow = attack.ends & {"time_limit_exceeded"}
    return Limits(call_s=CALL_S if is_slow else 20.0, memory_mib=256)


def right():
    file = SourceFile(path="power.py", text=RIGHT, sha256="0" * 64, size=len(RIGHT))
    return Submission(name="somebody", files=(file,), digest="sha256:" + "0" * 64)


def grade_right(grader, sandbox):
    card = grade_submission(right(), sandbox, grader=grader, limits=Limits(memory_mib=256))
    return dataclasses.replace(card, run=None)


@pytest.fixture(scope="module")
def undisturbed(attacked, process):
    """The right answer, graded before any attack."""
    return grade_right(attacked, process)


def grade_attack(attack, grader, sandbox, world, folder):
    """Grade an attack as everybody is graded: read from the disk. None where there is no submission."""
    try:
        submission = load_submission(attack.write(folder, world.known))
    except SubmissionError as error:
        refusal = str(error)
    else:
        refusal = ""
    assert bool(refusal) is (attack.ends == {REFUSED}), refusal
    if refusal:
        assert is_clean(refusal)
        return None
    return grade_submission(submission, sandbox, grader=grader, limits=limits_for(attack))


def is_clean(sentence):
    return sentence == safe_text(sentence) and 0 < len(sentence) < SENTENCE and "Traceback" not in sentence


def attacked_verdicts(card):
    """The verdicts of the function that attacks."""
    checks = next(one for one in card.exercises[0].functions if one.name == "cube_backward").checks
    return {check.verdict.value for check in checks}


def require_the_expected_end(attack, card):
    """No point too many, the verdict that belongs to it, and a clean sentence at every point that was lost."""
    assert card.points == WORTH[attack.earns]
    # Beside the check in which it ends, others may be right (where the function itself is), or not be reached any more.
    also = {"skipped"} if attack.earns != "all" else set()
    assert attacked_verdicts(card) <= attack.ends | also
    assert attacked_verdicts(card) & attack.ends
    for function in card.exercises[0].functions:
        for check in function.checks:
            assert check.verdict is Verdict.ACCEPTED or (check.finding is not None and is_clean(check.finding.message))
    if attack.problem:
        assert any(attack.problem in problem.message for problem in card.submission.problems), card.submission.problems
    assert all(is_clean(problem.message) and is_clean(problem.path) for problem in card.submission.problems)


def require_nothing_is_told(attack, card):
    """No view holds the seed or acts on who reads it, and the student's none of what a probe has carried out."""
    for view in View:
        document = scorecard_document(card, view)
        validate_document(document)
        page = render(card, "html", view=view, verbose=True)
        told = render(card, "json", view=view) + page
        assert SECRET not in told
        assert "\x1b" not in told
        assert attack.sign != "shown raw" or attack.raw not in page
        if view is View.STUDENT:
            assert "probed" not in told


@each
def test_in_the_process_sandbox_it_gains_nothing_and_leaves_no_trace(attack, attacked, process, undisturbed, world, tmp_path):
    if attack.needs and platform.machine() != attack.needs:
        pytest.skip(f"needs {attack.needs}")
    zygote = process._process.pid
    known = {*leftovers.jobs.children_of(os.getpid())}
    before = leftovers.look(world.folder, known, zygote)

    card = grade_attack(attack, attacked, process, world, tmp_path)

    if card is not None:
        require_the_expected_end(attack, card)
        require_nothing_is_told(attack, card)
        assert attack.harmless or WORKED not in card.exercises[0].printed
    assert leftovers.look(world.folder, known, zygote) == before
    assert process._process.poll() is None
    assert grade_right(attacked, process) == undisturbed


@pytest.mark.docker
@each
def test_in_the_docker_sandbox_it_gains_nothing_and_leaves_no_trace(attack, attacked, container, undisturbed, world, tmp_path):
    if attack.needs and platform.machine() != attack.needs:
        pytest.skip(f"needs {attack.needs}")
    assert container.versions
    known = {*leftovers.jobs.children_of(os.getpid())}
    before = (leftovers.look(world.folder, known), len(container.container.top()["Processes"]))

    card = grade_attack(attack, attacked, container, world, tmp_path)

    if card is not None:
        require_the_expected_end(attack, card)
        require_nothing_is_told(attack, card)
        assert attack.harmless or WORKED not in card.exercises[0].printed
    assert (leftovers.look(world.folder, known), len(container.container.top()["Processes"])) == before
    assert grade_right(attacked, container) == undisturbed


def chosen(request, test):
    """The attacks that a test of this session is about."""
    return [item.callspec.params["attack"] for item in request.session.items if item.name.startswith(test + "[")]


@pytest.mark.parametrize("attack", [attack for attack in CODE if attack.plain == "works"], ids=lambda attack: attack.id)
def test_in_the_plain_sandbox_it_works_as_the_page_says(attack, attacked, plain, world, tmp_path):
    if attack.needs and platform.machine() != attack.needs:
        pytest.skip(f"needs {attack.needs}")
    assert plain.versions
    known = {*leftovers.jobs.children_of(os.getpid())}
    before = leftovers.look(world.folder, known)
    try:
        card = grade_attack(attack, attacked, plain, world, tmp_path)
        if attack.sign == "left":
            # A daemon takes a moment to do its work.
            leftovers.wait_for(lambda: leftovers.differs(before, leftovers.look(world.folder, known)))
        worked = WORKED in card.exercises[0].printed or leftovers.differs(before, leftovers.look(world.folder, known))
    finally:
        leftovers.tidy(world.folder, known)

    if not worked and attack.may_be_forbidden:
        pytest.skip("this kernel or container forbids it to everybody")
    assert worked


@pytest.fixture(scope="module")
def plainly_graded(request, attacked, world, tmp_path_factory):
    """The scorecards that the plain sandbox gives to what is stopped there too, several at a time."""
    from grader.sandbox.plain import PlainSandbox

    def run(attack):
        with PlainSandbox() as opened:
            return grade_attack(attack, attacked, opened, world, tmp_path_factory.mktemp(attack.name))

    attacks = chosen(request, "test_in_the_plain_sandbox_it_is_stopped_as_the_page_says")
    before = leftovers.look(world.folder, {*leftovers.jobs.children_of(os.getpid())})
    with ThreadPoolExecutor(3) as pool:
        cards = dict(zip([attack.id for attack in attacks], pool.map(run, attacks), strict=True))
    assert not leftovers.differs(before, leftovers.look(world.folder, {*leftovers.jobs.children_of(os.getpid())}))
    return cards


@pytest.mark.parametrize("attack", [attack for attack in CODE if attack.plain == "stopped"], ids=lambda attack: attack.id)
def test_in_the_plain_sandbox_it_is_stopped_as_the_page_says(attack, plainly_graded):
    card = plainly_graded[attack.id]

    assert card.points <= WORTH[attack.earns]
    assert WORKED not in card.exercises[0].printed


@pytest.fixture(scope="module")
def weakly_graded(request, world, tmp_path_factory):
    """The outcomes on weak graders, several at a time; of attacks that leave something behind, one after the other."""

    def run(attack):
        return run_weak(attack, tmp_path_factory.mktemp(attack.name), world.known, lambda: False)

    attacks = [one for one in chosen(request, "test_control_it_works_on_a_weaker_grader") if one.sign != "left"]
    with ThreadPoolExecutor(3) as pool:
        return dict(zip([attack.id for attack in attacks], pool.map(run, attacks), strict=True))


def grade_weakly(attack, world, folder):
    known = {*leftovers.jobs.children_of(os.getpid())}
    before = leftovers.look(world.folder, known)
    try:
        return run_weak(attack, folder, world.known, lambda: leftovers.differs(before, leftovers.look(world.folder, known)))
    finally:
        leftovers.tidy(world.folder, known)


@controlled
def test_control_it_works_on_a_weaker_grader(attack, attacked, weakly_graded, world, tmp_path):
    if attack.needs and platform.machine() != attack.needs:
        pytest.skip(f"needs {attack.needs}")

    seen = grade_weakly(attack, world, tmp_path) if attack.sign == "left" else weakly_graded[attack.id]

    if attack.may_be_forbidden and not SIGNS[attack.sign](seen):
        pytest.skip("this kernel or container forbids it to everybody")
    assert SIGNS[attack.sign](seen), (seen.exit_code, seen.output[-2000:])


@pytest.mark.parametrize("attack", [attack for attack in ATTACKS if attack.mode == "itself"], ids=lambda attack: attack.id)
def test_control_it_works_on_a_reader_that_takes_no_care(attack, attacked, world, tmp_path):
    assert attack.control is not None
    (tmp_path / "submission").mkdir()
    (tmp_path / "weak").mkdir()

    assert attack.control(attack.write(tmp_path / "submission", world.known), tmp_path / "weak")


def test_the_right_answer_has_full_marks_so_that_there_is_something_to_lose(undisturbed):
    assert undisturbed.points == undisturbed.max_points == WORTH["all"]


def test_there_are_more_than_a_hundred_attacks_of_every_family():
    assert len(ATTACKS) > 100
    assert {attack.family for attack in ATTACKS} == set(FAMILIES)


def test_every_attack_says_in_its_own_words_what_it_tries():
    assert len({attack.title for attack in ATTACKS}) == len(ATTACKS)
    assert all(attack.title.endswith(".") and attack.sign in SIGNS and attack.earns in WORTH for attack in ATTACKS)
