"""Say why a result is wrong, by evidence: a known mistake, two of them together, a general cause, or honestly nothing.

A mistake is named only when it explains all that was seen of the function: the same expectations hold and fail, for the same
reason, and wherever numbers are compared they are the mistake's numbers. When two mistakes do, both are named. The same is asked of two
mistakes made together, and of a general cause (``grader.causes``).
"""

from __future__ import annotations
import __future__

import functools
import itertools
import re
import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from grader.catalog import Course, Exercise, load_mistakes, load_reference, reference_source
from grader.causes import Cause, find_relation, find_setting
from grader.checks.answers import collect
from grader.checks.mistakes import Mistake, mistaken_source
from grader.checks.model import Answers, PlannedCall, PlannedCheck
from grader.errors import CourseError
from grader.known import Judged, Known, same_values
from grader.model import Diagnosis, Evidence, Verdict
from grader.observations import OF_VALUES, Observations, Signatures, observe
from grader.partly import part_shown
from grader.sandbox.inside import child
from grader.supposing import Supposition, suppositions
from grader.telling import telling_facts

if TYPE_CHECKING:
    from collections.abc import Iterable

    _Places = frozenset[tuple[str, int]]

MOST_NAMED = 2
# What the search for two mistakes may cost for one function of one submission, counted in calls and not in seconds, so that a busy
# machine names the same mistakes. A call takes some 20 to 100 microseconds.
PAIR_CALLS = 3000
CALLS_TO_COMPILE = 10
# As in the modules themselves, which a part of one does not inherit.
LATE_ANNOTATIONS = __future__.annotations.compiler_flag
# How many pairs of one exercise are kept for the next submissions, at some 50 kB each.
MOST_KEPT = 500
ENOUGH_CASES = 2
MOST_PARTS = 4


@dataclass(frozen=True, slots=True)
class _Part:
    """One known mistake as one of two: where it fails, and where it alone would give what was seen."""

    mistake: Mistake
    fails: _Places
    agrees: _Places


def _agree(one: _Part, other: _Part) -> bool:
    return one.fails - other.fails <= one.agrees and other.fails - one.fails <= other.agrees


@dataclass(slots=True)
class Diagnostician:
    """The known mistakes of one exercise, run on its planned cases when a wrong answer first asks for them."""

    course: Course
    exercise: Exercise
    checks: Sequence[PlannedCheck]
    _mistakes: tuple[Mistake, ...] | None = None
    _module: types.ModuleType | None = None
    _known: dict[tuple[str, ...], Known] = field(default_factory=dict)
    _two: dict[tuple[str, str, str], Known | None] = field(default_factory=dict)
    _calls: dict[int, PlannedCall] = field(default_factory=dict)

    def explain(self, seen: Judged, answers: Answers) -> tuple[Diagnosis, ...]:
        """What explains everything that was seen of the checks of one function; if nothing does, the most telling facts."""
        seen = _judged(seen)
        function = seen[0][0].check.function
        candidates = self._candidates(function)
        found = [mistake for mistake in candidates if self._run(mistake).explains(seen, answers)]
        if found:
            return tuple(Diagnosis(mistake=one.name, explanation=one.explanation) for one in found[:MOST_NAMED])
        pairs = tuple(itertools.islice(self._pairs(candidates, _by_values(seen), answers), MOST_NAMED))
        # Of many ways to get nothing but zeros, two mistakes that happen to do so are not the likeliest.
        if pairs and not self._is_nothing(seen, answers):
            return tuple(_both(*pair) for pair in pairs)
        return self._in_general(seen, answers)

    def _candidates(self, function: str) -> list[Mistake]:
        if self._mistakes is None:
            self._mistakes = load_mistakes(self.course, self.exercise)
        return [mistake for mistake in self._mistakes if mistake.function == function]

    def _run(self, mistake: Mistake) -> Known:
        """The reference with this mistake in it."""
        key = (mistake.function, mistake.name)
        if key not in self._known:
            self._known[key] = Known(child.session_of(mistaken_module(self.course, self.exercise, mistake)))
        return self._known[key]

    # ------------------------------------------------------------------------------------------------------- two mistakes

    def _pairs(self, candidates: Sequence[Mistake], seen: Judged, answers: Answers) -> Iterator[tuple[Mistake, Mistake]]:
        """The pairs of mistakes that explain everything together, as far as the search may go.

        What fails must fail with one of the two, and what holds must hold with both: a mistake that hides another one's traces in part is
        not looked for. The likeliest come first: those in which, where only one of the two fails, it gives the numbers that were seen.
        """
        mine = _failures(seen)
        if not any(planned.expectations[index].values for planned, _mine in seen for name, index in mine if name == planned.check.name):
            # Laws alone fail for many reasons: of all pairs, one would break the same ones by chance.
            return
        parts = [_Part(mistake, fails, agrees) for mistake in candidates for fails, agrees in [self._traces(mistake, mine, seen, answers)]]
        left = PAIR_CALLS
        first = len(seen[0][0].calls) + CALLS_TO_COMPILE
        parts = [part for part in parts if part.fails and part.fails <= mine]
        pairs = [(one, other) for one, other in itertools.combinations(parts, 2) if one.fails | other.fails == mine]
        for one, other in sorted(pairs, key=lambda pair: not _agree(*pair)):
            left -= first
            if left < 0:
                return
            both = self._both(one.mistake, other.mistake)
            if both is not None and both.explains(seen, answers):
                yield one.mistake, other.mistake

    def _traces(self, mistake: Mistake, mine: _Places, seen: Judged, answers: Answers) -> tuple[_Places, _Places]:
        """Where a mistake fails, and where of `mine` it gives the numbers that were seen."""
        known = self._run(mistake)
        fails = _failures([(planned, known.run(planned)) for planned, _mine in seen])
        expectations = {(planned.check.name, index): one for planned, _mine in seen for index, one in enumerate(planned.expectations)}
        agrees = frozenset(place for place in mine & fails if same_values(expectations[place], answers, known.answers))
        return fails, agrees

    def _both(self, one: Mistake, other: Mistake) -> Known | None:
        """The reference with two mistakes in it; None if they cannot be made together."""
        key = (one.function, one.name, other.name)
        if key not in self._two:
            if len(self._two) >= MOST_KEPT:
                # They are run again if they are asked for, and give the same.
                self._two.clear()
            made = composed(reference_source(self.course, self.exercise), one, other)
            module = None if made is None else self._edited(made)
            self._two[key] = None if module is None else Known(child.session_of(module), is_proved=False)
        return self._two[key]

    def _edited(self, mistake: Mistake) -> types.ModuleType | None:
        """The reference with one function compiled anew, which takes a tenth of the time of the whole module."""
        text = _function_text(mistaken_source(reference_source(self.course, self.exercise), mistake), mistake.function)
        module = types.ModuleType(f"{self.exercise.name}_{mistake.name}")
        module.__dict__.update(self._reference().__dict__)
        module.__file__ = f"{mistake.name}.py"
        try:
            code = compile(text, module.__file__, "exec", flags=LATE_ANNOTATIONS, dont_inherit=True)
        except SyntaxError:
            return None
        exec(code, module.__dict__)  # noqa: S102 - our own source, edited by our own file
        return module

    def _reference(self) -> types.ModuleType:
        if self._module is None:
            self._module = load_reference(self.course, self.exercise)
        return self._module

    # ------------------------------------------------------------------------------------------------------ general causes

    def _observe(self, seen: Judged, answers: Answers) -> Observations:
        if not self._calls:
            self._calls = {call.number: call for planned in self.checks for call in planned.calls}
        return observe(seen, answers, self.exercise.stub, self._calls)

    def _is_nothing(self, seen: Judged, answers: Answers) -> bool:
        with np.errstate(all="ignore"):
            cause = find_relation(self._observe(seen, answers))
        return cause is not None and cause.name == "zero"

    def _in_general(self, seen: Judged, answers: Answers) -> tuple[Diagnosis, ...]:
        try:
            with np.errstate(all="ignore"):
                return self._search(seen, answers)
        except Exception as error:  # noqa: BLE001 - what a student returns may be stranger than all that was thought of; the marks stand
            words = f"The search for the cause broke down ({type(error).__name__}); this is no fault of yours. Please tell your instructor."
            return (Diagnosis(mistake="", explanation=words, evidence=Evidence.NOT_RECOGNISED),)

    def _search(self, seen: Judged, answers: Answers) -> tuple[Diagnosis, ...]:
        observations = self._observe(seen, answers)
        cause = find_relation(observations) or self._supposed(observations, seen, answers)
        cause = cause or self._partly(observations, seen, answers) or find_setting(observations)
        if cause is not None:
            return (Diagnosis(mistake=cause.name, explanation=cause.words, evidence=Evidence.GENERAL_CAUSE),)
        facts = telling_facts(observations)
        if not facts:
            return ()
        return (Diagnosis(mistake="", explanation=" ".join(facts), evidence=Evidence.NOT_RECOGNISED),)

    def _partly(self, observations: Observations, seen: Judged, answers: Answers) -> Cause | None:
        """The known mistake of which a part gives every value that was seen: of those that do, the one that shows most."""
        judged = _by_values(seen)
        mine = _failures(judged)
        found: list[tuple[float, Cause]] = []
        alike = [(len(self._traces(one, mine, judged, answers)[1]), one) for one in self._candidates(observations.function)]
        alike = sorted((pair for pair in alike if pair[0]), key=lambda pair: -pair[0])
        for _agreeing, mistake in alike[:MOST_PARTS]:
            known = self._run(mistake)
            theirs = self._observe([(planned, known.run(planned)) for planned, _mine in judged], known.answers)
            part = part_shown(observations, theirs)
            if part is not None:
                found.append((part.share, Cause(name=mistake.name, words=part.words(mistake.explanation))))
        return max(found, key=lambda one: one[0])[1] if found else None

    def _supposed(self, observations: Observations, seen: Judged, answers: Answers) -> Cause | None:
        """The misuse of an argument that gives every value that was seen; None if there is none."""
        judged = [(planned, mine) for planned, mine in _by_values(seen) if planned.check.kind in OF_VALUES]
        wrong = {pair.case.number for pair in observations.pairs if pair.compared and not pair.right}
        if len(wrong) < ENOUGH_CASES:
            return None
        signatures = Signatures.of(self.exercise.stub)
        for one in suppositions(observations, signatures.names(observations.function)):
            key = (observations.function, "supposing", one.words)
            if key not in self._known:
                session = child.session_of(self._reference())
                self._known[key] = Known(session, frame=functools.partial(_framed, one, signatures), is_proved=False)
            if self._known[key].explains(judged, answers):
                return Cause(name=one.name, words=f"It is what the right function gives when {one.words}")
        return None


def _framed(supposed: Supposition, signatures: Signatures, call: PlannedCall) -> bytes:
    return supposed.frame(call, signatures)


def _judged(seen: Judged) -> Judged:
    """All but the checks that waited for another function, which say nothing of this one."""
    return [
        (planned, mine) for planned, mine in seen if not any(one.finding and one.finding.verdict is Verdict.SKIPPED for one in mine)
    ] or seen


def _by_values(seen: Judged) -> Judged:
    """All but what several functions achieve together: it follows from the values, and takes long to run."""
    return [(planned, mine) for planned, mine in seen if not planned.check.by_outcome]


def _failures(seen: Judged) -> _Places:
    """The expectations that failed, by check and number."""
    return frozenset((planned.check.name, index) for planned, mine in seen for index, one in enumerate(mine) if one.finding is not None)


def _both(one: Mistake, other: Mistake) -> Diagnosis:
    return Diagnosis(
        mistake=f"{one.name} + {other.name}",
        explanation=f"{one.explanation} And: {other.explanation}",
        evidence=Evidence.TWO_MISTAKES,
    )


def composed(source: str, one: Mistake, other: Mistake) -> Mistake | None:
    """Two mistakes of one function as one, in whichever order their edits compose; None if they touch the same piece.

    A rewrite replaces the whole function, so it composes with nothing.
    """
    if one.body or other.body:
        return None
    for first, second in ((one, other), (other, one)):
        made = replace(first, name=f"{one.name} + {other.name}", edits=(*first.edits, *second.edits))
        try:
            mistaken_source(source, made)
        except CourseError:
            continue
        return made
    return None


def _function_text(source: str, function: str) -> str:
    """One function of a module, from its ``def`` to the next thing that begins a line."""
    start = source.index(f"\ndef {function}(") + 1
    end = re.compile(r"^[^\s)#]", re.MULTILINE).search(source, start + 1)
    return source[start:] if end is None else source[start : end.start()]


def mistaken_module(course: Course, exercise: Exercise, mistake: Mistake) -> types.ModuleType:
    """The reference with the mistake made in it, as a module of ours."""
    source = mistaken_source(reference_source(course, exercise), mistake)
    module = types.ModuleType(f"{exercise.name}_{mistake.name}")
    module.__file__ = f"{mistake.name}.py"
    exec(compile(source, module.__file__, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - our own source, edited by our own file
    return module


def run_trusted(module: types.ModuleType, checks: Iterable[PlannedCheck]) -> Answers:
    """Answer planned calls by a module of ours, in this process, by the code that answers them for students."""
    session = child.session_of(module)
    answers = Answers({})
    for planned in checks:
        collect(planned.calls, [session.answer(call.frame) for call in planned.calls], into=answers.by_call)
    return answers
