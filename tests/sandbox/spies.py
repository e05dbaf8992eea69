"""What a submission searches for answers: frames, garbage, memory, environment, modules, and what it can import."""

from __future__ import annotations

# `find` knows every needle as two halves that never lie side by side in the submission itself, so that it cannot find its own.
SPY = """
import ctypes, gc, importlib, inspect, os, sys
import numpy as np

def find(raw):
    found = set()
    for name, first, second in NEEDLES:
        at = raw.find(first)
        while at >= 0 and name not in found:
            if raw.startswith(second, at + len(first)):
                found.add(name)
            at = raw.find(first, at + 1)
    return found

def find_in(value, depth=3):
    if isinstance(value, str):
        return find(value.encode("utf-8", "replace"))
    if isinstance(value, (bytes, bytearray)):
        return find(bytes(value))
    if isinstance(value, np.ndarray):
        return find(value.view(np.ndarray).tobytes()) if value.dtype != object and value.size < 10000 else set()
    if depth and type(value) in (dict, list, tuple):
        items = value.values() if type(value) is dict else value
        return set().union(*[find_in(item, depth - 1) for item in list(items)])
    return set()

%s

def cube_forward(x, scale=1.0):
    if np.shape(x) == (3, 4) and scale == 1.0:
        raise AssertionError(repr(sorted(spy())))
    return x, None

def cube_backward(dout, cache):
    return dout
"""

FRAMES = """
def spy():
    found, frame = set(), sys._getframe()
    while frame is not None:
        for scope in (frame.f_locals, frame.f_globals, frame.f_builtins):
            found |= find_in(dict(scope))
            for value in list(scope.values()):
                found |= find_in([getattr(value, name, None) for name in ("seed", "texts", "expected", "__dict__")])
        frame = frame.f_back
    try:
        records = inspect.stack(0)
    except OSError:  # it looks for source files
        records = []
    return found.union(*[find_in(dict(record.frame.f_locals)) for record in records])
"""

GARBAGE = """
def spy():
    gc.unfreeze()
    found, objects = set(), gc.get_objects()
    for start in range(0, len(objects), 1000):
        for leaf in gc.get_referents(*objects[start : start + 1000]):
            found |= find_in(leaf, 0)
    return found
"""

# rt_sigprocmask copies its mask in before it refuses the first argument: EFAULT says that a page is not there, and nothing is harmed.
MEMORY = """
libc = ctypes.CDLL(None, use_errno=True)
PAGE = 4096
PROBE = 135 if os.uname().machine == "aarch64" else 14

def is_there(address):
    libc.syscall(ctypes.c_long(PROBE), ctypes.c_long(99), ctypes.c_void_p(address), None, ctypes.c_long(8))
    return ctypes.get_errno() != 14

def known_addresses():
    gc.unfreeze()
    yield from (id(one) for one in gc.get_objects())
    yield from (one.ctypes.data for one in gc.get_referents(*gc.get_objects()) if type(one) is np.ndarray)
    yield ctypes.cast(libc.getenv, ctypes.c_void_p).value
    yield ctypes.c_void_p.in_dll(libc, "environ").value
    yield ctypes.addressof(ctypes.create_string_buffer(64))
    yield ctypes.addressof(ctypes.create_string_buffer(1 << 22))

def regions():
    end = 0
    for page in sorted({address // PAGE * PAGE for address in known_addresses() if address}):
        if page < end or not is_there(page):
            continue
        start = page
        while is_there(start - PAGE):
            start -= PAGE
        end = page + PAGE
        while is_there(end):
            end += PAGE
        yield start, end

def spy():
    found, seen = set(), 0
    for start, end in list(regions()):
        for at in range(start, end, 1 << 23):
            found |= find(ctypes.string_at(at, min((1 << 23) + 256, end - at)))
        seen += end - start
    assert seen > 10 << 20, seen
    return found
"""

ENVIRONMENT = """
def spy():
    libc = ctypes.CDLL(None)
    libc.getenv.restype = ctypes.c_char_p
    return find_in(dict(os.environ)) | find_in(dict(os.environb)) | find(libc.getenv(b"TINY_SEED") or b"")
"""

MODULES = """
def spy():
    found = {name.split(".")[0] for name in list(sys.modules)} & {"grader", "reference", "tests", "pytest", "jsonschema", "docker"}
    for module in list(sys.modules.values()):
        found |= find_in(dict(getattr(module, "__dict__", None) or {}))
    return found
"""

IMPORTS = """
def spy():
    found = set()
    for path in ("", ROOT, ROOT + "/reference", ROOT + "/tests/courses/tiny/reference"):
        sys.path.append(path)
    importlib.invalidate_caches()
    for name in ("grader", "grader.catalog", "reference", "power", "reference.power", "pytest", "multiprocessing.pool", "scipy"):
        try:
            module = importlib.import_module(name)
        except (ImportError, OSError):
            continue
        # One's own file, loaded once more under the name that the reference has too, is no find.
        if getattr(module.__spec__, "origin", "") != "power.py":
            found.add(name)
    return found
"""

READING = {"frames": FRAMES, "garbage": GARBAGE, "memory": MEMORY, "environment": ENVIRONMENT, "modules": MODULES, "imports": IMPORTS}
