"""JUnit XML always parses, and is what the schema of its readers allows."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given

from grader.export import EXPORTS, render_one
from grader.model import Verdict
from tests.cards import card_with
from tests.export.people import CANVAS, document, document_saying, hostile, make_class, mark, student

SCHEMA = Path(__file__).parent / "junit-10.xsd"
XS = "{http://www.w3.org/2001/XMLSchema}"


def rules():
    """What the schema says of each element: its attributes, those that are required, its children, and whether it has text."""
    root = ET.parse(SCHEMA).getroot()
    types = {one.get("name"): one for one in root.findall(f"{XS}complexType")}
    time = root.find(f"{XS}simpleType//{XS}pattern").get("value")
    found = {}
    for element in root.findall(f"{XS}element"):
        kind = types.get(element.get("type"), element)
        attributes = {one.get("name"): one for one in kind.iter(f"{XS}attribute")}
        found[element.get("name")] = (
            {name: time if one.get("type") == "SUREFIRE_TIME" else ".*" for name, one in attributes.items()},
            {name for name, one in attributes.items() if one.get("use") == "required"},
            {one.get("ref") for one in kind.iter(f"{XS}element")} - {None},
            kind.get("mixed") == "true" or element.get("type") == "xs:string",
        )
    return found


def faults(element, allowed):
    attributes, required, children, has_text = allowed[element.tag]
    yield from (f"{element.tag} lacks {name}" for name in required - set(element.attrib))
    for name, value in element.attrib.items():
        if name not in attributes or not re.fullmatch(attributes[name], value, re.DOTALL):
            yield f"{element.tag} has {name}={value!r}"
    if not has_text and (element.text or "").strip():
        yield f"{element.tag} has text"
    for child in element:
        if child.tag not in children:
            yield f"{element.tag} has {child.tag}"
        else:
            yield from faults(child, allowed)


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_gives_a_document_of_the_schema(verdict):
    found = document()
    found["exercises"][0]["functions"][0]["checks"][0]["verdict"] = verdict.value

    assert list(faults(ET.fromstring(render_one("junit", found)), rules())) == []


def test_the_rules_see_what_the_schema_forbids():
    wrong = ET.fromstring(
        '<testsuites time="soon"><testsuite name="a" tests="1" errors="0"><testcase>x</testcase></testsuite></testsuites>'
    )

    assert sorted(faults(wrong, rules())) == [
        "testcase has text",
        "testcase lacks name",
        "testsuite lacks failures",
        "testsuites has time='soon'",
    ]


@given(hostile)
def test_whatever_a_student_writes_is_xml_of_the_schema(text):
    root = ET.fromstring(render_one("junit", document_saying(text)).encode())

    assert list(faults(root, rules())) == []
    assert [one.tag for one in root.iter()] == ["testsuites", "testsuite", "properties", *["property"] * 3, "testcase", "failure"]


def test_the_counts_are_those_of_the_cases():
    root = ET.fromstring(render_one("junit", document()))

    for suite in root:
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("errors")) == len(suite.findall("testcase/error"))
    assert int(root.get("tests")) == len(root.findall(".//testcase"))


def test_a_check_that_the_grader_could_not_judge_is_an_error_and_says_whose_fault_it_is():
    found = document(card=card_with(None))
    found["exercises"][0]["functions"][0]["checks"][0]["verdict"] = "grader_error"

    text = ET.fromstring(render_one("junit", found)).find(".//error").text

    assert "The grader could not judge this check" in text


def test_a_class_has_one_file_for_each_student_with_a_scorecard():
    results = make_class([student(columns=CANVAS), student("bob", CANVAS)], [mark(), mark("bob", handin=None)], {"ada": document()})

    assert [name for name, _ in EXPORTS["junit"].writer(results)] == ["ada.xml"]


def test_junitparser_reads_it():
    junitparser = pytest.importorskip("junitparser")

    suites = junitparser.JUnitXml.fromstring(render_one("junit", document()).encode())

    assert [(suite.name, suite.tests, suite.failures, suite.errors) for suite in suites] == [("power", 3, 2, 1), ("root", 1, 1, 0)]


def test_a_schema_processor_accepts_it():
    xmlschema = pytest.importorskip("xmlschema")

    xmlschema.XMLSchema(SCHEMA).validate(render_one("junit", document()))
