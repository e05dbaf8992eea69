"""Twelve students at seven exercises of the default course, as they stand in the middle of a term: what one looks at pages with."""

from __future__ import annotations

import time
from pathlib import Path

from grader.serve.accounts import Role
from grader.serve.terminal import Line, Place
from grader.serve.terminal import send as send_line
from tests.browser.served import PASSWORD, add_person, address

ROOT = Path(__file__).parents[2]
STUDENTS = {
    "Ada Okafor": "s2101",
    "Bob Lindqvist": "s2102",
    "Chiara Rossi": "s2103",
    "Dilnoza Karimova": "s2104",
    "Emil Novák": "s2105",
    "Farid Haddad": "s2106",
    "Grace Kimani": "s2107",
    "Hana Suzuki": "s2108",
    "Iker Etxeberria": "s2109",
    "Jun Park": "s2110",
    "Kateryna Bondarenko-Wiśniewska": "s2111",
    "Lena Vogel": "s2112",
}
# What each handed in, one after the other: a letter for the exercise, then which of its files below.
ATTEMPTS = {
    "Ada": "a0 a2 l1 k0 k1 b1 b2 d1 d3",
    "Bob": "a2 l1 b0 d0",
    "Chiara": "a2 l1 k1 p1 b2 d3 i1",
    "Dilnoza": "a0 l0",
    "Emil": "a0 a2 l1 k0 b1 d0 d3",
    "Farid": "d0",
    "Grace": "a2 l1 k1 p1 b0 b1 b2",
    "Hana": "a2 l1 k1 b2 d1 i1",
    "Iker": "",
    "Jun": "a0 a2 l1 p1 b2 i0",
    "Kateryna": "a2 l1 k0 b1 d3",
    "Lena": "a1 l1 b2",
}
WRONG = "tests/submissions/wrong_answer"
FILES = {
    "a": ("activations", ["samples/half_done", "samples/crashes", "samples/complete"]),
    "l": ("losses", ["exercises", "reference"]),
    "k": ("backprop", [f"{WRONG}/numerical_gradient__forward_difference", "reference"]),
    "p": ("preprocessing", ["exercises", "reference"]),
    "b": ("batchnorm", ["samples/typical_mistakes", f"{WRONG}/batchnorm_forward__eps_outside_root", "samples/complete"]),
    "d": ("dropout", ["samples/typical_mistakes", f"{WRONG}/dropout_forward__p_is_drop", "samples/half_done", "samples/complete"]),
    "i": ("initialization", ["exercises", "samples/complete"]),
}


def add_class(folder: Path) -> None:
    """The accounts; before the service starts."""
    for name, student in STUDENTS.items():
        add_person(folder, name, Role.STUDENT, student)
    add_person(folder, "Tom Achterberg", Role.ASSISTANT)
    add_person(folder, "Ira Feldman", Role.INSTRUCTOR)


def file_of(attempt: str) -> tuple[str, bytes]:
    """The exercise of an attempt, and what is handed in."""
    exercise, folders = FILES[attempt[0]]
    return exercise, (ROOT / folders[int(attempt[1])] / f"{exercise}.py").read_bytes()


def hand_in_all(url: str) -> None:
    """Everybody hands in, first attempts first, and all of it is graded."""
    lines = {name: _line(url, name) for name in ATTEMPTS}
    for turn in range(max(len(attempts.split()) for attempts in ATTEMPTS.values())):
        sent = {}
        for name, attempts in ATTEMPTS.items():
            if turn < len(attempts.split()):
                exercise, body = file_of(attempts.split()[turn])
                sent[name] = send_line(lines[name], f"{exercise}.py", body, exercise)["id"]
        for name, number in sent.items():
            while lines[name].ask_json("GET", f"/api/v1/uploads/{number}")["state"] in ("queued", "grading"):
                time.sleep(0.1)


def _line(url: str, name: str) -> Line:
    token = Line(Place(url=url)).ask_json("POST", "/api/v1/sessions", {"email": address(name), "password": PASSWORD})["token"]
    return Line(Place(url=url, token=token))
