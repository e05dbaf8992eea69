"""GitHub Actions: workflow commands that become annotations, and a step summary in Markdown.

The runner takes every line that begins with ``::`` for a command (``ActionCommand.cs`` of actions/runner), and gives back ``%25``, ``%0D``
and ``%0A`` in the message, ``%3A`` and ``%2C`` in properties as well. A value cannot leave its place once these are escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.export.results import ClassResults, Document, standings
from grader.export.told import Told, checks_of, problem_lines
from grader.intake.places import safe_id
from grader.model import Verdict
from grader.safe_text import safe_text

# What GitHub shows of one step; whatever else there is gets one line together.
MOST_ERRORS = 10
# Of 1 MiB, with room for what others have written.
SUMMARY_BYTES = 900_000
# What could begin emphasis, code, links, HTML, entities, addresses, emoji, mentions or formulas in one line of Markdown.
ACTIVE = frozenset("\\`*_{}[]<>#|~&:@$!^\"'")
CUT = "\n\nThe rest did not fit here.\n"


def render_annotations(document: Document, *, folder: str = "") -> str:
    """Render one ``::error`` line for each function that lost points, at the line of the exception if there was one.

    `folder` is the path of the submission inside of the repository, which the paths of annotations begin with.
    """
    failures = [one for one in checks_of(document) if one.is_first_failure]
    most = MOST_ERRORS if len(failures) <= MOST_ERRORS else MOST_ERRORS - 1
    commands = [_annotation(one, folder) for one in failures[:most]]
    if len(failures) > most:
        commands.append(command("error", {"title": "More"}, f"{len(failures) - most} more functions lost points; the summary has all."))
    done = f"{document['points']} of {document['max_points']} points"
    commands.append(command("notice", {"title": document["submission"]["name"]}, done))
    return "".join(f"{line}\n" for line in commands)


def render_summary(document: Document) -> str:
    """Render a step summary: the points of every function, and what the first failed check of each saw."""
    lines = [f"### {_cell(document['submission']['name'])}: {document['points']} of {document['max_points']} points", ""]
    # Two spaces at the end of a line would break it; a list needs no more than a dash.
    lines += [*(f"- {_cell(line)}" for line in problem_lines(document)), ""]
    lines += ["| exercise | function | points | first thing to look at |", "| --- | --- | ---: | --- |"]
    first = {id(one.function): one for one in checks_of(document) if one.is_first_failure}
    for exercise in document["exercises"]:
        for function in exercise["functions"]:
            told = first.get(id(function))
            text = "" if told is None else " ".join([f"{told.check['title']}.", *told.lines[1:]])
            points = f"{function['points']}/{function['max_points']}"
            lines.append(f"| {_cell(exercise['name'])} | {_cell(function['name'])} | {points} | {_cell(text)} |")
    text = "\n".join([*lines, ""])
    if len(text.encode()) <= SUMMARY_BYTES:
        return text
    return text.encode()[:SUMMARY_BYTES].decode(errors="ignore").rpartition("\n")[0] + CUT


def write_github(results: ClassResults) -> Iterator[tuple[str, str]]:
    """Write annotations and a summary for each student with a scorecard."""
    for one in standings(results.students, results.revision):
        document = results.card(one.student.id)
        if document is not None:
            stem = safe_id(one.student.id)
            yield f"{stem}.annotations.txt", render_annotations(document)
            yield f"{stem}.summary.md", render_summary(document)


def command(name: str, properties: dict[str, str], message: str) -> str:
    """One workflow command: a line that means exactly this."""
    # The runner trims properties, and does not parse one without a value.
    pairs = ",".join(f"{key}={_property(value.strip())}" for key, value in properties.items() if value.strip())
    return f"::{name}{' ' if pairs else ''}{pairs}::{_data(message)}"


def _annotation(one: Told, folder: str) -> str:
    raised = (one.check["finding"] or {}).get("raised") or {}
    path = raised.get("path") or one.exercise["path"] or ""
    line = str(raised["line"]) if raised.get("path") and raised.get("line") else ""
    title = f"{one.function['name']}: {one.function['points']} of {one.function['max_points']} points"
    level = "warning" if one.check["verdict"] == Verdict.GRADER_ERROR else "error"
    text = "\n".join([f"{one.check['title']}.", *one.lines])
    file = f"{folder.rstrip('/')}/{path}" if folder and path else path
    return command(level, {"file": file, "line": line if file else "", "title": title}, text)


def _data(text: str) -> str:
    return safe_text(text, keep_newlines=True).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _cell(text: str) -> str:
    """Text that is nothing but text in Markdown. Every active character is written as its number, which starts no structure (GFM, 6.2)."""
    text = " ".join(safe_text(text, keep_newlines=True).split())
    # At the beginning of a list's item, a dash or a number would begin another list.
    head, tail = (f"&#{ord(text[0])};", text[1:]) if text[:1] and text[0] in "+-0123456789" else ("", text)
    inert = head + "".join(f"&#{ord(character)};" if character in ACTIVE else character for character in tail)
    # GitHub links addresses that nobody has marked as such, from these four characters on.
    return re.sub(r"(?i)(www)\.", r"\1&#46;", inert)
