r"""JUnit XML, as Jenkins, GitLab and others read it: a suite for each exercise, a case for each check.

The elements and attributes are those of ``junit-10.xsd`` of Jenkins's xUnit plugin. XML 1.0 has no way to write a control character, not
even escaped, so each is written as ``\xNN`` first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from grader.export.results import ClassResults, Document, standings
from grader.export.told import Told, checks_of
from grader.intake.places import safe_id
from grader.model import Verdict
from grader.safe_text import safe_text

# A failure is an assertion that did not hold; an error is everything that ended otherwise.
ELEMENTS: dict[str, str] = {
    Verdict.WRONG_ANSWER: "failure",
    Verdict.NOT_IMPLEMENTED: "failure",
    Verdict.RUNTIME_ERROR: "error",
    Verdict.TIME_LIMIT_EXCEEDED: "error",
    Verdict.MEMORY_LIMIT_EXCEEDED: "error",
    Verdict.OUTPUT_LIMIT_EXCEEDED: "error",
    Verdict.SECURITY_VIOLATION: "error",
    Verdict.GRADER_ERROR: "error",
    Verdict.SKIPPED: "skipped",
}
COUNTED = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def render_junit(document: Document) -> str:
    """Render one scorecard document as one ``testsuites`` element."""
    told = list(checks_of(document))
    counts = _counts(told)
    counts.pop("skipped")
    whole = {"name": document["submission"]["name"], "time": f"{document['run']['duration_s']:.3f}", **counts}
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites{_attributes(whole)}>"]
    for exercise in document["exercises"]:
        lines += _suite(document, exercise, [one for one in told if one.exercise is exercise])
    return "\n".join([*lines, "</testsuites>", ""])


def write_junit(results: ClassResults) -> Iterator[tuple[str, str]]:
    """Write one file for each student with a scorecard."""
    for one in standings(results.students, results.revision):
        document = results.card(one.student.id)
        if document is not None:
            yield f"{safe_id(one.student.id)}.xml", render_junit(document)


def _suite(document: Document, exercise: Document, told: list[Told]) -> Iterator[str]:
    # Readers of this format know local times without a zone alone; ours are in UTC.
    started = document["run"]["started_at"].partition(".")[0].partition("+")[0].removesuffix("Z")
    suite = {"name": exercise["name"], **_counts(told), "timestamp": started}
    if exercise["path"] is not None:
        suite["file"] = exercise["path"]
    yield f"  <testsuite{_attributes(suite)}>"
    yield "    <properties>"
    for name in ("points", "max_points", "verdict"):
        yield f"      <property{_attributes({'name': name, 'value': str(exercise[name])})}/>"
    yield "    </properties>"
    for one in told:
        yield from _case(one)
    yield "  </testsuite>"


def _case(one: Told) -> Iterator[str]:
    case = {"name": one.check["title"], "classname": f"{one.exercise['name']}.{one.function['name']}"}
    element = ELEMENTS.get(one.check["verdict"])
    if element is None:
        yield f"    <testcase{_attributes(case)}/>"
        return
    told = {"message": one.message or one.check["verdict"].replace("_", " "), "type": one.check["verdict"]}
    yield f"    <testcase{_attributes(case)}>"
    yield f"      <{element}{_attributes(told)}>{_text(chr(10).join(one.lines))}</{element}>"
    yield "    </testcase>"


def _counts(told: list[Told]) -> dict[str, str]:
    found = Counter(ELEMENTS.get(one.check["verdict"], "") for one in told)
    return {"tests": str(len(told)), **{name: str(found[element]) for name, element in COUNTED.items()}}


def _attributes(values: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(safe_text(value))}" for name, value in values.items())


def _text(text: str) -> str:
    return escape(safe_text(text, keep_newlines=True))
