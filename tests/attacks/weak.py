"""Graders as many are written, in which attacks work: they run the submission beside the answers, and believe what comes back.

``weak.py naive WAY FOLDER KNOWN`` imports the submission in the grader's own process and compares there. ``weak.py pipe WAY FOLDER KNOWN``
forks a child for it and believes what comes through its pipe. The last line of the output is the verdict, and so is the exit code.
"""

import contextlib
import importlib.util
import io
import json
import os
import pickle
import resource
import sys

WAY, FOLDER = sys.argv[2], sys.argv[3]
KNOWN = json.loads(sys.argv[4])
FULL_MARKS = "graded: full marks"
ENOUGH = 1 << 31

import numpy as np  # noqa: E402 - after the others, for the submission may bring a NumPy of its own

COMPARISONS = {
    "": lambda got, expected: bool(np.allclose(got, expected)),
    "equal": lambda got, expected: bool(np.all(got == expected)),
    "error": lambda got, expected: not np.max(np.abs(got - expected)) > 1e-6,
    "relative": lambda got, expected: bool(np.all(np.abs(got - expected) <= 1e-6 * np.abs(got))),
    "norm": lambda got, expected: not np.linalg.norm(got - expected) / (np.linalg.norm(got) + np.linalg.norm(expected)) > 1e-6,
    "list": lambda got, expected: bool(np.allclose(list(got), expected)),
    "text": lambda got, expected: str(got) == str(expected),
    "type": lambda got, expected: print("a", type(got).__name__, got) or False,
    "shape": lambda got, expected: print("of shape", got.shape) or False,
    "base": lambda got, expected: bool(np.allclose(np.ravel(got.base), np.ravel(expected))),
    "sum": lambda got, expected: abs(float(np.sum(got)) - float(np.sum(expected))) < 1e-6,
}


def judge(got, expected):
    return COMPARISONS.get(WAY, COMPARISONS[""])(got, expected)


def right_gradient(x, dout, scale):
    return 3 * scale * x**2 * dout


def import_reference():
    spec = importlib.util.spec_from_file_location("reference", KNOWN["REFERENCE"])
    module = importlib.util.module_from_spec(spec)
    sys.modules["reference"] = module
    spec.loader.exec_module(module)
    return module


def import_submission(name="power"):
    sys.path.insert(0, FOLDER)
    return importlib.import_module(name)


def naive():
    kept_open = open(KNOWN["REFERENCE"])  # noqa: SIM115 - for whoever looks through the descriptors
    reference = import_reference()
    if WAY == "addsitedir":
        import site

        site.addsitedir(FOLDER)
    rng = np.random.default_rng(7)
    x, dout, scale = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), 2.5
    expected = right_gradient(x, dout, scale)
    cases = [("the gradient", x, dout, expected)]
    print("started", flush=True)
    try:
        power = import_submission()
        if WAY == "public":
            got, expected = power.cube_forward(np.array([2.0]))[0], np.array([8.0])
        else:
            got = power.cube_backward(dout, power.cube_forward(x, scale)[1])
        if WAY == "own":
            # The gradient of the student's own forward pass, by central differences.
            ahead, behind = power.cube_forward(x + 1e-5, scale)[0], power.cube_forward(x - 1e-5, scale)[0]
            expected = dout * (ahead - behind) / 2e-5
        if WAY == "late":
            expected = right_gradient(x, dout, scale)
        paid = judge(got, expected)
    except Exception as error:  # noqa: BLE001 - as weak graders do
        if WAY == "trace":
            tell_trace(error)
        else:
            print(f"{type(error).__name__}: {error}")
        paid = False
    assert reference.cube_forward
    assert len(cases) == 1
    kept_open.close()
    if WAY == "next":
        grade_the_next(rng)
    print(FULL_MARKS if paid else "graded: 0", flush=True)
    sys.exit(0 if paid else 3)


def tell_trace(error):
    """Walk the trace and the causes of an exception oneself, as graders do that show the student's own lines alone."""
    if isinstance(error, ExceptionGroup):
        for inner in error.exceptions:
            tell_trace(inner)
    trace = error.__traceback__
    while trace is not None:
        print(trace.tb_frame.f_code.co_filename, trace.tb_frame.f_code.co_name, trace.tb_lineno)
        trace = trace.tb_next
    while error is not None:
        print(type(error).__name__)
        error = error.__cause__


def grade_the_next(rng):
    """Grade a right submission in the same process."""
    fine = False
    with contextlib.suppress(BaseException):
        right = {}
        exec(KNOWN["RIGHT"], right)
        x = rng.normal(size=(4, 3))
        out, cache = right["cube_forward"](x, scale=2.0)
        gradient = right["cube_backward"](np.ones((4, 3)), cache)
        fine = all(
            (
                type(out) is type(x) and abs(gradient[0][0] - 6.0 * x[0][0] ** 2) < 1e-9 and abs(out[1][2] - 2.0 * x[1][2] ** 3) < 1e-9,
                int(np.add(1, 2)) == 3 and len(repr(x)) > 50 and "." in repr(x) and abs(np.pi - 3.14159) < 1e-3,
                abs(float(np.float64(1.0) / 4.0) - 0.25) < 1e-9 and float(np.linalg.norm(x)) > 0,
                bool(np.isinf(np.array([1.0]) / np.array([0.0]))[0]),
                0 < float(np.random.default_rng(1).random()) < 1,
            )
        )
    print("next: full marks" if fine else "next: 0", flush=True)


def believe(stream):
    if WAY == "verdict":
        return stream.read(2) == b"ok"
    if WAY == "status":
        return b"returned" in stream.read(1 << 16)
    if WAY == "pickle":
        return pickle.load(stream) is not None
    if WAY == "header":
        return len(bytearray(int.from_bytes(stream.read(4), "little"))) > 0
    if WAY == "npy":
        return np.load(io.BytesIO(stream.read())).size > 0
    if WAY == "json":
        return json.loads(stream.read()) is not None
    if WAY == "bool":
        flags = np.frombuffer(stream.read(1), np.bool_)
        return bool((flags == True).sum() > 1 or np.count_nonzero(flags) != flags.view(np.uint8).sum())  # noqa: E712
    if WAY == "text":
        print(stream.read(1 << 16).decode("latin-1"))
        return False
    return bool(stream.read())


def pipe():
    reading, writing = os.pipe()
    print("started", flush=True)
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        os.dup2(writing, 4)
        with contextlib.suppress(BaseException):
            power = import_submission()
            x = np.ones((4, 3))
            got = power.cube_backward(x, power.cube_forward(x)[1])
            os.write(4, pickle.dumps(got) if WAY == "pickle" else b"no")
        os._exit(0)
    os.close(writing)
    if reading != 4:
        with contextlib.suppress(OSError):
            os.close(4)
    with open(reading, "rb") as stream:
        paid = believe(stream)
    os.waitpid(pid, 0)
    print(FULL_MARKS if paid else "graded: 0", flush=True)
    sys.exit(0 if paid else 3)


if __name__ == "__main__":
    os.chdir(FOLDER)
    # What an attack takes here without bounds is taken from this process alone.
    resource.setrlimit(resource.RLIMIT_AS, (ENOUGH, ENOUGH))
    {"naive": naive, "pipe": pipe}[sys.argv[1]]()
