"""Fuzz the readers of hostile input for as long as you like; tests/fuzz/ runs a little of the same with every test run.

    python benchmarks/fuzz.py replies --count 1000000
    python benchmarks/fuzz.py submissions --count 100000 --jobs 2
    python benchmarks/fuzz.py courses --minutes 10
    python benchmarks/fuzz.py replies --again 67957
    python benchmarks/fuzz.py replies --engine atheris --minutes 1

Every input has a number, and comes again with that number and the same seed. The exit code is 1 if anything was found. docs/fuzzing.md says
what counts as a finding, and what to do with one.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent))

# The root is on the path from here on, and coverage is measured of what is imported while Atheris watches.
INSTRUMENTED = ["grader.sandbox.inside.codec", "grader.checks", "grader.judging", "grader.credible", "grader.execution"]
if "atheris" in sys.argv:
    import atheris

    with atheris.instrument_imports(include=INSTRUMENTED):
        import grader.grading  # noqa: F401

from tests.fuzz.courses import COURSES, RECORDS  # noqa: E402 - after the lines above
from tests.fuzz.replies import REPLIES, Given, calls  # noqa: E402 - after the lines above
from tests.fuzz.submissions import SUBMISSIONS  # noqa: E402 - after the lines above
from tests.fuzz.watching import Found, Target, chance_of, run, try_one  # noqa: E402 - after the lines above

TARGETS: dict[str, Target] = {target.name: target for target in (REPLIES, SUBMISSIONS, COURSES, RECORDS)}
SLICE = 2000


def by_mutation(target: Target, count: int, seed: int, until: float, jobs: int) -> tuple[int, dict[str, Found]]:
    """Bend real inputs, blindly and fast."""
    slices = [range(start, min(start + SLICE, count)) for start in range(0, count, SLICE)]
    found: dict[str, Found] = {}
    tried = 0
    with ProcessPoolExecutor(jobs, mp_context=get_context("fork"), initializer=_quiet_as_in_tests) as pool:
        for one, kept in pool.map(_slice, *zip(*((target.name, piece, seed, until) for piece in slices), strict=True)):
            tried += one
            if tried % (50 * SLICE) == 0:
                print(f"  {tried} tried", flush=True)
            for finding in kept:
                if found.setdefault(finding.place, finding) is finding:
                    print(f"  {target.name} {finding.number}: {finding.place}: {finding.what}", flush=True)
    return tried, found


def _slice(name: str, numbers: range, seed: int, until: float) -> tuple[int, list[Found]]:
    tried, found = run(TARGETS[name], numbers, seed, until)
    # Not everything that is drawn can be sent from one process to another, and its number is enough.
    return tried, [Found(number=one.number, place=one.place, what=one.what, given=None) for one in found]


def _quiet_as_in_tests() -> None:
    # A warning from a judge would be lost among a class's; here it is an error, as in the tests.
    warnings.simplefilter("error")


def _noting(found: dict[str, Found], tried: list[int], until: float) -> Callable[[Given], None]:
    def note(given: Given) -> None:
        tried[0] += 1
        one = try_one(REPLIES, given, tried[0])
        if one is not None and found.setdefault(one.place, one) is one:
            print(f"  after {tried[0]}: {one.place}: {one.what}", flush=True)
        if time.monotonic() > until:
            print(f"  {tried[0]} tried, {len(found)} kinds of findings", flush=True)
            raise KeyboardInterrupt

    return note


def by_hypothesis(seed: int, until: float) -> tuple[int, dict[str, Found]]:
    """Let Hypothesis choose the call and the value that comes in place of each part of its reply."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from hypothesis import strategies as st
    from hypothesis.extra import numpy as arrays

    from grader.sandbox.inside import codec

    found: dict[str, Found] = {}
    tried = [0]
    note = _noting(found, tried, until)
    dtypes = st.sampled_from(list(codec.DTYPES.values()))
    leaves = st.one_of(
        st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(), st.text(), st.complex_numbers(),
        arrays.arrays(dtypes, arrays.array_shapes(min_dims=0, min_side=0, max_side=5)), st.builds(codec.Opaque, st.text()),
    )  # fmt: skip
    values = st.recursive(leaves, lambda one: st.lists(one) | st.tuples(one, one) | st.dictionaries(st.text(), one), max_leaves=8)
    small = [one for one in (*calls()[0], *calls()[1]) if len(one.honest) <= 4096]

    @seeded(seed)
    @settings(max_examples=10**9, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(small), st.data())
    def look(asked, data):
        honest = codec.decode(asked.honest)
        kind = data.draw(st.integers(0, 3))
        if kind == 0:
            raw = data.draw(st.binary(max_size=200))
        elif kind == 1:
            raw = codec.encode(data.draw(values))
        else:
            parts = [data.draw(values) if data.draw(st.booleans()) else part for part in honest[1]]
            raw = codec.encode((honest[0], tuple(parts), *honest[2:]))
        note(Given(raw=raw, asked=asked))

    with suppress(KeyboardInterrupt):
        look()
    return tried[0], found


def by_atheris(seed: int, until: float) -> tuple[int, dict[str, Found]]:
    """Let libFuzzer look for new branches of the decoder and the judges; it begins with honest replies."""
    import tempfile

    found: dict[str, Found] = {}
    tried = [0]
    note = _noting(found, tried, until)
    small = [one for one in (*calls()[0], *calls()[1]) if len(one.honest) <= 4096]
    folder = tempfile.mkdtemp(prefix="atheris-")
    for number, one in list(enumerate(small))[:: max(1, len(small) // 500)]:
        Path(folder, str(number)).write_bytes(number.to_bytes(2, "little") + one.honest)

    def look(data: bytes) -> None:
        note(Given(raw=data[2:], asked=small[int.from_bytes(data[:2], "little") % len(small)]))

    # libFuzzer leaves the process by itself, so what was found has been printed by then.
    limit = max(1, int(until - time.monotonic()))
    atheris.Setup([sys.argv[0], folder, f"-seed={seed + 1}", f"-max_total_time={limit}", "-max_len=6000", "-verbosity=0"], look)
    with suppress(KeyboardInterrupt):
        atheris.Fuzz()
    return tried[0], found


def show_again(target: Target, number: int, seed: int) -> int:
    """Try one input again, with everything that it raises."""
    given = target.draw(chance_of(seed, number))
    print(repr(given)[:2000])
    found = try_one(target, given, number)
    if found is None:
        print("nothing is found")
        return 0
    print(f"{found.place}: {found.what}")
    try:
        target.read(given)
    except Exception:  # noqa: BLE001 - whatever it was is shown
        traceback.print_exc()
    return 1


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--count", type=int, default=10**9)
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--again", type=int, metavar="NUMBER")
    parser.add_argument("--engine", choices=("mutation", "hypothesis", "atheris"), default="mutation")
    chosen = parser.parse_args(arguments)
    target = TARGETS[chosen.target]
    _quiet_as_in_tests()
    if chosen.again is not None:
        return show_again(target, chosen.again, chosen.seed)
    target.draw(Random(0))
    os.nice(10)
    began = time.monotonic()
    until = began + 60 * chosen.minutes
    if chosen.engine == "mutation":
        tried, found = by_mutation(target, chosen.count, chosen.seed, until, chosen.jobs)
    elif chosen.target != "replies":
        parser.error("the other engines were tried on replies alone")
    else:
        tried, found = (by_hypothesis if chosen.engine == "hypothesis" else by_atheris)(chosen.seed, until)
    seconds = time.monotonic() - began
    print(f"{tried} {target.name} in {seconds:.0f} s ({tried / max(seconds, 1e-9):.0f} a second), {len(found)} kinds of findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
