"""Real children behind the seal."""

from __future__ import annotations

import errno
import json
import os
import signal
import sys

import pytest

from grader.sandbox.inside import seal
from tests.sandbox.sealed import (
    LINUX,
    MODES,
    NOBODY,
    OTHERWISE,
    REFUSED,
    ROOT,
    SCRIPT,
    SYSTEM_PYTHON,
    UNSEALED,
    WORKING,
    interpreters,
    modes,
    outcomes,
    run_script,
    usable,
)


@LINUX
@interpreters
def test_an_unsealed_child_can_do_all_of_it(interpreter):
    # The positive control: without it, an attempt that is itself broken would count as refused.
    seen = outcomes("unsealed", usable(interpreter))

    assert seen == {name: OTHERWISE[name][1] if name in OTHERWISE else "done" for name in [*REFUSED, *OTHERWISE, *WORKING]}


@LINUX
@interpreters
@modes
def test_a_sealed_child_is_refused_all_but_computing(mode, interpreter):
    seen = outcomes(mode, usable(interpreter))

    assert {name: seen[name] for name in REFUSED} == dict.fromkeys(REFUSED, "PermissionError EPERM")
    assert {name: seen[name] for name in OTHERWISE} == {name: sealed for name, (sealed, _) in OTHERWISE.items()}


@LINUX
@interpreters
@modes
def test_a_sealed_child_can_still_compute(mode, interpreter):
    seen = outcomes(mode, usable(interpreter))

    assert {name: seen[name] for name in WORKING} == dict.fromkeys(WORKING, "done")


@LINUX
@ROOT
def test_a_plain_user_can_seal_as_well():
    arguments = [json.dumps(MODES["all locks"]), json.dumps([*REFUSED, *WORKING])]

    seen = json.loads(run_script(SCRIPT, *arguments, interpreter=usable(SYSTEM_PYTHON), user=NOBODY, group=NOBODY, extra_groups=[]))

    assert seen == {**dict.fromkeys(REFUSED, "PermissionError EPERM"), **dict.fromkeys(WORKING, "done")}


@LINUX
@pytest.mark.skipif(sys.platform == "linux" and os.uname().machine != "x86_64", reason="machine code for x86_64")
def test_a_32_bit_call_from_machine_code_kills_the_child():
    free, sealed = (json.loads(run_script(SCRIPT, json.dumps(mode), '["int80"]'))["int80"] for mode in (UNSEALED, MODES["all locks"]))
    if free != "done":
        pytest.skip("this kernel takes no 32-bit calls")

    assert sealed == f"killed {int(signal.SIGSYS)}"


NUMPY_SCRIPT = r"""
import os, sys
sys.path.insert(0, sys.argv[1])
import numpy as np
import seal

def compute():
    rng = np.random.default_rng(7)
    a, b = rng.standard_normal((300, 200)), rng.standard_normal((200, 300))
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    product = np.einsum("ij,jk->ik", a, b, optimize=True)
    assert np.allclose(u * s @ vt, a) and np.allclose(product, a @ b)
    return (a @ b).tobytes() + s.tobytes() + product.tobytes()

expected = compute()
program = seal.prepare_filter()
seal.seal_zygote(drop_to=int(sys.argv[2]) or None)
pid = os.fork()
if pid == 0:
    seal.seal_child(program=program, cpu_s=20, address_space_bytes=1 << 30)
    os._exit(0 if compute() == expected else 1)
assert os.waitpid(pid, 0)[1] == 0
"""


@LINUX
@pytest.mark.parametrize("drop_to", [0, pytest.param(NOBODY, marks=ROOT)])
def test_numpy_computes_the_same_inside_the_seal(drop_to):
    run_script(NUMPY_SCRIPT, str(drop_to))


LIMITS_SCRIPT = r"""
import json, os, resource, sys
sys.path.insert(0, sys.argv[1])
import seal
names = ["CPU", "AS", "STACK", "NOFILE", "SIGPENDING", "FSIZE", "NPROC", "CORE", "MEMLOCK", "MSGQUEUE"]
reading, writing = os.pipe()
held, let_go = os.pipe()
pid = os.fork()
if pid == 0:
    os.close(let_go)
    seal.seal_child(program=seal.prepare_filter(), cpu_s=3, address_space_bytes=1 << 30, file_descriptors=20, stack_bytes=1 << 23)
    os.write(writing, json.dumps({name: resource.getrlimit(getattr(resource, "RLIMIT_" + name)) for name in names}).encode())
    os.read(held, 1)
    os._exit(0)
limits = json.loads(os.read(reading, 4096))
json.dump({"limits": limits, "leads_its_session": os.getsid(pid) == pid}, sys.stdout)
"""


@LINUX
def test_every_limit_is_set_and_cannot_be_raised():
    seen = json.loads(run_script(LIMITS_SCRIPT))

    values = {"CPU": 3, "AS": 1 << 30, "STACK": 1 << 23, "NOFILE": 20, "SIGPENDING": 16}
    values |= dict.fromkeys(["FSIZE", "NPROC", "CORE", "MEMLOCK", "MSGQUEUE"], 0)
    assert seen["limits"] == {name: [value, value] for name, value in values.items()}
    assert seen["leads_its_session"]


ZYGOTE_SCRIPT = r"""
import ctypes, dataclasses, json, os, sys
sys.path.insert(0, sys.argv[1])
import seal
libc = ctypes.CDLL(None, use_errno=True)
def state():
    word = ctypes.c_int()
    libc.prctl(2, ctypes.byref(word), 0, 0, 0)  # PR_GET_PDEATHSIG
    try:
        os.listdir("/")
    except OSError as error:
        listing = error.errno
    else:
        listing = 0
    try:
        os.setuid(0)
    except OSError as error:
        root = error.errno
    else:
        root = 0
    try:
        os.chroot("/")
    except OSError as error:
        chroot = error.errno
    else:
        chroot = 0
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    return {"dumpable": libc.prctl(3, 0, 0, 0, 0), "parent_death": word.value, "listdir": listing, "uids": os.getresuid(),
            "gids": os.getresgid(), "groups": os.getgroups(), "become_root": root, "chroot": chroot, "fork": os.waitpid(pid, 0)[1]}
before = state()
result = seal.seal_zygote(drop_to=json.loads(sys.argv[2]))
json.dump({"before": before, "result": dataclasses.asdict(result), "after": state()}, sys.stdout)
"""


@LINUX
@ROOT
def test_a_sealed_zygote_is_nobody_and_holds_no_privilege():
    seen = json.loads(run_script(ZYGOTE_SCRIPT, str(NOBODY), extra_groups=[4, 6]))
    before, after = seen["before"], seen["after"]

    assert seen["result"]["uid_dropped"]
    assert seen["result"]["no_new_privs"]
    assert (after["uids"], after["gids"], after["groups"]) == ([NOBODY] * 3, [NOBODY] * 3, [])
    assert before["groups"] == [4, 6]
    assert (before["become_root"], before["chroot"]) == (0, 0)
    assert (after["become_root"], after["chroot"]) == (errno.EPERM, errno.EPERM)


@LINUX
@ROOT
def test_root_without_a_user_to_become_still_loses_its_capabilities():
    seen = json.loads(run_script(ZYGOTE_SCRIPT, "null"))

    assert not seen["result"]["uid_dropped"]
    assert seen["before"]["chroot"] == 0
    assert seen["after"]["chroot"] == errno.EPERM


@LINUX
@pytest.mark.parametrize("drop_to", ["null", pytest.param(str(NOBODY), marks=ROOT)])
def test_the_zygote_dies_with_its_parent_and_cannot_be_traced_also_after_the_uid_change(drop_to):
    # setresuid() clears both settings, so the order shows here.
    seen = json.loads(run_script(ZYGOTE_SCRIPT, drop_to))

    assert (seen["before"]["dumpable"], seen["before"]["parent_death"]) == (1, 0)
    assert (seen["after"]["dumpable"], seen["after"]["parent_death"]) == (0, int(signal.SIGKILL))


@LINUX
def test_the_zygote_opens_nothing_under_landlock_but_can_fork():
    seen = json.loads(run_script(ZYGOTE_SCRIPT, "null"))
    if seen["result"]["landlock_abi"] == 0:
        pytest.skip("this kernel has no Landlock")

    assert (seen["before"]["listdir"], seen["after"]["listdir"]) == (0, errno.EACCES)
    assert seen["after"]["fork"] == 0


def test_root_is_not_a_user_to_drop_to():
    with pytest.raises(ValueError, match="drop_to is 0"):
        seal.seal_zygote(drop_to=0)


ORPHAN_SCRIPT = r"""
import os, select, sys, time
sys.path.insert(0, sys.argv[1])
import seal
reading, writing = os.pipe()
zygote = os.fork()
if zygote == 0:
    ready, tell = os.pipe()
    program = seal.prepare_filter()
    if os.fork() == 0:
        if sys.argv[2] == "sealed":
            seal.seal_child(program=program, cpu_s=5, address_space_bytes=1 << 30)
        os.write(tell, b".")
        time.sleep(2)
        os._exit(0)
    os.read(ready, 1)
    os._exit(0)
os.close(writing)
os.waitpid(zygote, 0)
print("dead" if select.select([reading], [], [], 1)[0] else "alive")
"""


@LINUX
@pytest.mark.parametrize(("kind", "fate"), [("sealed", "dead"), ("unsealed", "alive")])
def test_a_sealed_child_does_not_outlive_the_zygote(kind, fate):
    assert run_script(ORPHAN_SCRIPT, kind).strip() == fate


FAILURE_SCRIPT = r"""
import sys
sys.path.insert(0, sys.argv[1])
import seal
try:
    exec(sys.argv[2])
except OSError as error:
    print("refused:", error)
else:
    print("went through")
"""


@LINUX
@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        # An instruction that the kernel's checker does not know.
        ("seal.seal_child(program=b'\\xff' * 8, cpu_s=1, address_space_bytes=1 << 30)", f"[Errno {errno.EINVAL}] sandbox: seccomp filter"),
        # The kernel stacks at most 16 Landlock layers: the 17th is a lock that fails to close.
        ("[seal.seal_zygote(drop_to=None) for _ in range(17)]", f"[Errno {errno.E2BIG}] sandbox: landlock restriction"),
    ],
)
def test_a_lock_that_does_not_close_is_an_error(statement, refusal):
    if "landlock" in refusal and seal.landlock_abi() == 0:
        pytest.skip("this kernel has no Landlock")

    assert run_script(FAILURE_SCRIPT, statement).startswith(f"refused: {refusal}")


PROBE_SCRIPT = r"""
import dataclasses, json, struct, sys
sys.path.insert(0, sys.argv[1])
import seal
exec(sys.argv[2])
json.dump(dataclasses.asdict(seal.probe()), sys.stdout)
"""
EVERYTHING = ["open", "stat", "listdir", "getcwd", "fork", "socket", "execve", "kill"]


@LINUX
@interpreters
@pytest.mark.parametrize("first", ["", "seal.seal_zygote(drop_to=None)"], ids=["unsealed process", "zygote"])
def test_the_probe_finds_every_attempt_refused(first, interpreter):
    seen = json.loads(run_script(PROBE_SCRIPT, first, interpreter=usable(interpreter)))

    assert seen["seccomp"]
    assert (seen["denied"], seen["allowed"], seen["failure"]) == (EVERYTHING, [], "")
    assert seen["landlock_abi"] == seal.landlock_abi()


@LINUX
def test_the_probe_is_not_taken_in_by_landlock_without_a_filter():
    # A program of one instruction that lets everything through; Landlock still refuses open and listdir with EACCES.
    seen = json.loads(run_script(PROBE_SCRIPT, "seal.prepare_filter = lambda: struct.pack('<HBBI', 6, 0, 0, 0x7FFF0000)"))

    assert not seen["seccomp"]
    assert (seen["denied"], seen["allowed"]) == ([], EVERYTHING)


@LINUX
def test_the_probe_names_the_lock_that_failed():
    seen = json.loads(run_script(PROBE_SCRIPT, "seal.prepare_filter = lambda: bytes(8)"))

    assert not seen["seccomp"]
    assert "seccomp filter" in seen["failure"]


def test_elsewhere_than_on_linux_the_module_imports_and_the_probe_says_no():
    # Python on Windows has neither of the two modules that are taken away here.
    pretend = "import sys, ctypes, platform; sys.platform = 'win32'; sys.modules['resource'] = sys.modules['fcntl'] = None\n"

    seen = json.loads(run_script(pretend + PROBE_SCRIPT, ""))

    assert not seen["seccomp"]
    assert "win32" in seen["failure"]
