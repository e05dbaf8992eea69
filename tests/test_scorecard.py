"""The scorecard as JSON: valid under its schema, the same bytes every time, and silent about hidden checks."""

from __future__ import annotations

import ast
import dataclasses
import json
import re
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model import Diagnosis, Evidence, Finding, Kind, Layers, Limits, Problem, Raised, Rung, Verdict, View, Visibility
from grader.scorecard import SCHEMA, UNNAMED, UNTRUSTED_MESSAGE, render_scorecard, scorecard_document, scorecard_schema, validate_document
from tests.cards import OFF, RAISED, RUN, TEXT, card_with, make_card, make_check, make_exercise, make_function, make_submission

DOCS = Path(__file__).parent.parent / "docs" / "scorecard.md"
SECRET = "Zq7Marker"
HOSTILE = "\x1b[2Jgone\r\n\u202eevil\u200b\u2028\x9b\x00\ud800"
RAW = [character for character in HOSTILE if not character.isprintable()]


def only_check(document):
    return document["exercises"][0]["functions"][0]["checks"][0]


def objects(schema):
    """All objects of the schema that have fields of their own, by name; the views only narrow them."""
    return {"scorecard": schema} | {name: part for name, part in schema["$defs"].items() if part.get("type") == "object"}


# ---------------------------------------------------------------------------------------------------------------- the schema


def test_the_schema_is_a_valid_json_schema_of_2020_12():
    schema = scorecard_schema()

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)


def test_a_document_names_the_schema_that_it_follows():
    assert scorecard_document(make_card(), View.STUDENT)["schema"] == scorecard_schema()["$id"] == SCHEMA


@pytest.mark.parametrize("view", View)
def test_both_views_are_valid(view):
    validate_document(scorecard_document(make_card(), view))


@pytest.mark.parametrize(
    ("name", "enum"), [("kind", Kind), ("verdict", Verdict), ("visibility", Visibility), ("rung", Rung), ("evidence", Evidence)]
)
def test_an_enum_of_the_schema_is_that_of_the_model(name, enum):
    assert scorecard_schema()["$defs"][name]["enum"] == [member.value for member in enum]


def test_the_views_of_the_schema_are_those_of_the_model():
    assert scorecard_schema()["properties"]["view"]["enum"] == [view.value for view in View]


@pytest.mark.parametrize(("name", "model"), [("sandbox", Layers), ("limits", Limits)])
def test_the_run_has_all_fields_of_the_model(name, model):
    assert list(scorecard_schema()["$defs"][name]["properties"]) == [field.name for field in dataclasses.fields(model)]


def test_every_object_is_closed_and_every_property_described():
    parts = objects(scorecard_schema())

    assert [name for name, part in parts.items() if part["additionalProperties"] is not False] == []
    assert [name for part in parts.values() for name, field in part["properties"].items() if not field.get("description")] == []


def test_an_unknown_field_is_refused():
    document = scorecard_document(make_card(), View.INSTRUCTOR)
    only_check(document)["note"] = "hello"

    with pytest.raises(jsonschema.ValidationError, match="note"):
        validate_document(document)


def test_fields_stand_in_the_order_of_the_schema():
    document = scorecard_document(make_card(), View.INSTRUCTOR)
    parts = objects(scorecard_schema())

    # The signature is there only where it was asked for; tests/test_signing.py has it.
    assert [*document, "signature"] == list(parts["scorecard"]["properties"])
    assert list(document["exercises"][0]) == list(parts["exercise"]["properties"])
    assert list(document["exercises"][0]["functions"][0]) == list(parts["function"]["properties"])
    assert list(only_check(document)) == list(parts["check"]["properties"])
    assert list(only_check(document)["finding"]) == list(parts["finding"]["properties"])


# -------------------------------------------------------------------------------------------------- what a student may not see


def leaks():
    """Scorecards with the marker in one place that a student must not see."""
    raised = dataclasses.replace(RAISED.raised, message=SECRET)
    yield "message of an exception", card_with(dataclasses.replace(RAISED, raised=raised))
    yield "value of a fact", card_with(dataclasses.replace(OFF, facts={"got": SECRET}))
    yield "name of a fact", card_with(dataclasses.replace(OFF, facts={SECRET: 1.0}))
    yield "fact inside a fact", card_with(dataclasses.replace(OFF, facts={"at": [{"x": SECRET}]}))
    yield "code", card_with(dataclasses.replace(OFF, code=SECRET))
    yield "print", make_card(make_exercise(make_function(make_check()), printed=SECRET))
    yield "fingerprint of the seed", make_card(course=dataclasses.replace(make_card().course, seed_fingerprint=SECRET))
    for field, value in {"type_name": SECRET, "path": SECRET, "function": SECRET}.items():
        changed = dataclasses.replace(RAISED.raised, **{field: value})
        told = f"cube_forward raised {changed.type_name} at {changed.path}, line {changed.line}."
        yield f"forged {field}", card_with(dataclasses.replace(RAISED, raised=changed, message=told))


LEAKS = dict(leaks())


@pytest.mark.parametrize("place", LEAKS)
def test_a_student_does_not_see_the(place):
    assert SECRET not in render_scorecard(LEAKS[place], View.STUDENT)


@pytest.mark.parametrize("place", LEAKS)
def test_an_instructor_sees_the(place):
    assert SECRET in render_scorecard(LEAKS[place], View.INSTRUCTOR)


def test_the_text_of_a_submission_is_in_no_view():
    card = make_card(submission=make_submission(f"# {SECRET}\n"))

    assert all(SECRET not in render_scorecard(card, view) for view in View)


def test_a_line_that_the_file_has_not_is_not_shown():
    # 424242 could be a hidden input that was written into a code object as its line number.
    raised = dataclasses.replace(RAISED.raised, line=424242)
    card = card_with(dataclasses.replace(RAISED, raised=raised, message="cube_forward raised IndexError at power.py, line 424242."))

    text = render_scorecard(card, View.STUDENT)

    assert "424242" not in text
    assert UNTRUSTED_MESSAGE in text


@given(st.text().map(SECRET.__add__), st.text().map(SECRET.__add__), st.integers(), st.text().map(SECRET.__add__))
def test_of_an_exception_a_student_reads_only_what_stood_in_the_submission_before(type_name, path, line, function):
    raised = Raised(type_name=type_name, message=SECRET, path=path, line=line, function=function)
    card = card_with(Finding(rung=Rung.RETURNED, message=f"{type_name} at {path}, line {line}", raised=raised))

    finding = only_check(scorecard_document(card, View.STUDENT))["finding"]

    assert finding["raised"] == {"type_name": UNNAMED, "path": "", "line": 0, "function": ""}
    assert finding["message"] == UNTRUSTED_MESSAGE


@pytest.mark.parametrize("type_name", ["IndexError", "LinAlgError", "OddShape"])
def test_a_type_that_python_numpy_or_the_submission_defines_is_named_with_its_line(type_name):
    raised = dataclasses.replace(RAISED.raised, type_name=type_name)

    finding = only_check(scorecard_document(card_with(dataclasses.replace(RAISED, raised=raised)), View.STUDENT))["finding"]

    assert finding["raised"] == {"type_name": type_name, "path": "power.py", "line": 8, "function": "cube_backward"}
    assert finding["message"] == RAISED.message


def test_a_syntax_error_at_the_end_of_a_file_keeps_its_line():
    # "if x:" breaks off: the parser names the line after the last one.
    raised = Raised(type_name="SyntaxError", message="", path="power.py", line=len(TEXT.splitlines()) + 1, function="")

    finding = only_check(scorecard_document(card_with(dataclasses.replace(RAISED, raised=raised)), View.STUDENT))["finding"]

    assert finding["raised"]["line"] == len(TEXT.splitlines()) + 1


def test_a_student_sees_of_a_hidden_check_what_helps():
    check = make_check(finding=OFF, follow_through="It is right for your own forward pass.")
    card = make_card(make_exercise(make_function(check, diagnoses=(Diagnosis(mistake="squared", explanation="x is squared."),))))

    document = scorecard_document(card, View.STUDENT)

    assert document["exercises"][0]["functions"][0]["mistakes"] == [{"name": "squared", "explanation": "x is squared."}]
    shown = only_check(document)
    assert (shown["title"], shown["requirement"]) == (check.title, check.requirement)
    assert (shown["verdict"], shown["points"], shown["max_points"]) == ("wrong_answer", 0, 2)
    assert shown["follow_through"] == "It is right for your own forward pass."
    assert shown["finding"] == {"rung": "value", "message": OFF.message, "raised": None}


def test_a_student_sees_facts_and_message_of_a_public_check():
    finding = dataclasses.replace(RAISED, facts={"at": [1, 2]})

    shown = only_check(scorecard_document(card_with(finding, visibility=Visibility.PUBLIC), View.STUDENT))["finding"]

    assert shown["facts"] == {"at": [1, 2]}
    assert shown["raised"]["message"] == RAISED.raised.message


@pytest.mark.parametrize("place", ["facts", "code", "raised", "printed", "seed_fingerprint"])
def test_the_schema_refuses_a_students_document_that_leaks(place):
    document = scorecard_document(card_with(RAISED), View.STUDENT)
    validate_document(document)
    finding = only_check(document)["finding"]
    spill = {
        "facts": lambda: finding.update(facts={"got": 1.0}),
        "code": lambda: finding.update(code="squared"),
        "raised": lambda: finding["raised"].update(message="too many indices"),
        "printed": lambda: document["exercises"][0].update(printed="x is 1"),
        "seed_fingerprint": lambda: document["course"].update(seed_fingerprint="5eedf1a9e4b2"),
    }

    spill[place]()

    with pytest.raises(jsonschema.ValidationError):
        validate_document(document)


@pytest.mark.parametrize("view", View)
def test_the_schema_refuses_one_view_under_the_name_of_the_other(view):
    document = scorecard_document(card_with(RAISED), view)
    document["view"] = next(other.value for other in View if other is not view)

    with pytest.raises(jsonschema.ValidationError):
        validate_document(document)


# ------------------------------------------------------------------------------------------------------------------- bytes


@pytest.mark.parametrize("view", View)
def test_two_runs_differ_in_the_run_object_alone(view):
    later = dataclasses.replace(RUN, started_at="2026-01-01T00:00:00+00:00", duration_s=9.5, numpy="9.9.9")
    first, second = (render_scorecard(make_card(run=run), view) for run in (RUN, later))

    # `run` is the last object, so all bytes before it must be the same.
    assert first != second
    assert first.split('\n  "run": ')[0] == second.split('\n  "run": ')[0]
    assert list(json.loads(first))[-1] == "run"


def test_the_order_in_which_files_were_found_does_not_matter():
    one = make_submission().files[0]
    files = (one, dataclasses.replace(one, path="a.py"))
    problems = (Problem(path="z.py", message="is a link"), Problem(path="b.py", message="is a link"))
    found, reverse = (make_submission(files=files[::step], problems=problems[::step]) for step in (1, -1))

    assert render_scorecard(make_card(submission=found), View.STUDENT) == render_scorecard(make_card(submission=reverse), View.STUDENT)


def test_an_address_in_memory_is_not_part_of_the_marks():
    texts = []
    for address in ("0x7f3a5c0b1d90", "0x7fffa1b2c3d4"):
        raised = dataclasses.replace(RAISED.raised, message=f"<object object at {address}>")
        card = card_with(dataclasses.replace(RAISED, raised=raised))
        exercise = dataclasses.replace(card.exercises[0], printed=f"<Layer at {address}>")
        texts.append(render_scorecard(dataclasses.replace(card, exercises=(exercise,)), View.INSTRUCTOR))

    assert texts[0] == texts[1]


def test_the_text_is_utf_8_indented_by_two_and_ends_with_a_newline():
    text = render_scorecard(make_card(submission=make_submission(name="Zoë")), View.STUDENT)

    assert '"name": "Zoë"' in text
    assert text.startswith('{\n  "schema"')
    assert text.endswith("}\n")
    assert text.encode().decode() == text


# ------------------------------------------------------------------------------------------------------------ hostile content


def hostile_card():
    submission = make_submission(name=HOSTILE, problems=(Problem(path=HOSTILE, message=HOSTILE),))
    file = dataclasses.replace(submission.files[0], path=HOSTILE)
    raised = Raised(type_name=HOSTILE, message=HOSTILE, path=HOSTILE, line=-7, function=HOSTILE)
    finding = Finding(rung=Rung.RETURNED, message=HOSTILE, raised=raised, facts={HOSTILE: [HOSTILE]})
    checks = [make_check(finding=finding, visibility=visibility, follow_through=HOSTILE) for visibility in Visibility]
    exercise = make_exercise(make_function(*checks), path=HOSTILE, message=HOSTILE, printed=HOSTILE)
    return make_card(exercise, submission=dataclasses.replace(submission, files=(file,)))


@pytest.mark.parametrize("view", View)
def test_no_text_of_a_student_can_act_on_a_terminal(view):
    text = render_scorecard(hostile_card(), view)

    # The newlines are those of the indentation: a newline in a text is escaped by JSON itself.
    assert [character for character in RAW if character in text and character != "\n"] == []
    # Once decoded the printed block keeps its newline, and nothing else has one.
    document = json.loads(text)
    printed = document["exercises"][0].pop("printed", "\n")
    assert [character for character in RAW if character in printed] == ["\n"]
    assert [character for character in RAW if character in "".join(strings(document))] == []


@pytest.mark.parametrize("view", View)
def test_hostile_text_leaves_the_document_valid(view):
    validate_document(json.loads(render_scorecard(hostile_card(), view)))


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (float("nan"), '"nan"'),
        (float("-inf"), '"-inf"'),
        (np.float64("inf"), '"inf"'),
        (np.float32(0.5), "0.5"),
        (np.int64(3), "3"),
        (np.True_, "true"),
        (np.array([1.0, np.nan]), '[1.0, "nan"]'),
        ((1, None), "[1, null]"),
        (0.1, "0.1"),
        (1 + 2j, '"(1+2j)"'),
    ],
)
def test_a_fact_is_written_in_jsons_own_types(value, text):
    document = scorecard_document(card_with(dataclasses.replace(OFF, facts={"got": value})), View.INSTRUCTOR)

    validate_document(document)
    assert json.dumps(only_check(document)["finding"]["facts"]["got"], allow_nan=False) == text


# ----------------------------------------------------------------------------------------------------------------- the docs


def documented():
    """The tables of docs/scorecard.md: the fields under each heading ``### `object` ``."""
    sections = re.split(r"^### `(\w+)`$", DOCS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    named = zip(sections[1::2], sections[2::2], strict=True)
    return {name: re.findall(r"^\| `(\w+)` \|", body, flags=re.MULTILINE) for name, body in named}


def test_every_field_of_the_schema_is_documented_and_no_other():
    assert documented() == {name: list(part["properties"]) for name, part in objects(scorecard_schema()).items()}


def test_every_word_of_an_enum_is_in_the_docs():
    text = DOCS.read_text(encoding="utf-8")

    assert [word for enum in (Kind, Verdict, Visibility, View, Rung, Evidence) for word in enum if f"`{word}`" not in text] == []


def test_the_example_in_the_docs_is_what_is_written():
    example = DOCS.read_text(encoding="utf-8").split("```json\n")[1].split("```")[0]

    assert example == render_scorecard(make_card(make_card().exercises[0]), View.STUDENT)


def test_the_module_does_not_import_jsonschema_before_it_is_needed():
    import grader.scorecard

    tree = ast.parse(Path(grader.scorecard.__file__).read_text(encoding="utf-8"))
    names = [ast.unparse(node) for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]

    assert [name for name in names if "jsonschema" in name or "numpy" in name] == []
