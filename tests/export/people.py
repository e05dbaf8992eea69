"""A class with marks and scorecards in memory, and texts that attack whoever reads them."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

from hypothesis import strategies as st

from grader.classwork import Mark, Policy, Revision, Student
from grader.export import ClassResults
from grader.model import View
from grader.scorecard import scorecard_document
from tests.cards import card_with, make_card, make_submission

# What ends, begins or escapes something in at least one of the forms.
SHARP = [
    *("=1+1", "＝1", "@SUM(A1)", "+1|cmd", "-2+3", "\t=1", "\r\n", "\n", '"', "'", ",", ";", "Points Possible"),
    *(
        "::error::x",
        "%0A",
        "%",
        "##[error]",
        ":",
        "|",
        "`",
        "*",
        "_",
        "~~",
        "$x$",
        "@a",
        "#1",
        "\\",
        "[a](b)",
        "![a](b)",
        "www.x.org",
        "http://x",
    ),
    *("<b>", "&amp;", "]]>", "\x00", "\x1b[31m", "\x85", "\u2028", "\ufffe", "\ud800", "\u202e", "\u00a0", "é", "日本"),
]
hostile = st.lists(st.one_of(st.sampled_from(SHARP), st.text(max_size=4)), max_size=6).map("".join)

CANVAS = {"Student": "Lovelace, Ada", "ID": "101", "SIS User ID": "u1", "SIS Login ID": "ada", "Section": "A", "Homework 1 (4711)": ""}
WORKSHEET = {
    "Identifier": "Participant 11",
    "Full name": "Ada Lovelace",
    "Email address": "ada@example.org",
    "Grade": "",
    "Maximum Grade": "8.00",
    "Last modified (grade)": "-",
    "Feedback comments": "",
}


def student(who="ada", columns=None, **more):
    return Student(id=who, columns=dict(columns or {}), **more)


def mark(name="ada", exercise="power", points=4, max_points=8, **more):
    return Mark(
        **{
            "student": name,
            "exercise": exercise,
            "points": points,
            "max_points": max_points,
            "final": Fraction(points),
            "handin": 1,
            **more,
        }
    )


def make_class(students, marks, cards=None, **more):
    """The results of a class; `cards` are scorecard documents by student, a small one for everybody by default."""
    revision = Revision(
        id=1,
        made_at=datetime(2025, 9, 2, tzinfo=UTC),
        command="batch",
        course="tiny",
        course_version="1",
        course_digest="sha256:" + "c" * 64,
        seed_fingerprint="5eedf1a9e4b2",
        policy=Policy(),
        points={},
        marks=tuple(marks),
    )
    found = {one.id: document() for one in students} if cards is None else cards
    return ClassResults(students=tuple(students), revision=revision, card=found.get, **more)


def document(view=View.STUDENT, card=None):
    return scorecard_document(card or make_card(), view)


def document_saying(text, view=View.STUDENT):
    """A scorecard into whose every place for a student's own words `text` was written, past what the scorecard escapes."""
    found = document(view, card_with(None, submission=make_submission()))
    check = found["exercises"][0]["functions"][0]["checks"][0]
    check["finding"] = {
        "rung": "value",
        "message": text,
        "raised": {"type_name": text, "path": text, "line": 3, "function": text, "message": text},
    }
    check["requirement"] = check["title"] = text
    found["exercises"][0] |= {"path": text, "message": text, "name": text or "x"}
    found["exercises"][0]["functions"][0]["diagnoses"] = [{"evidence": "general_cause", "names": [], "explanation": text}]
    found["submission"]["name"] = text
    found["submission"]["problems"] = [{"path": text, "message": text}]
    return found
