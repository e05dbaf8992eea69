"""GitHub sees exactly the commands that are meant, and a summary in which nothing but our own table is markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from grader.export import Setting, render_one
from grader.export.github import MOST_ERRORS, SUMMARY_BYTES, command, render_summary
from grader.safe_text import safe_text
from tests.cards import card_with, make_card, make_check, make_exercise, make_function
from tests.export.people import document, document_saying, hostile

REGISTERED = {"error", "warning", "notice", "debug", "add-mask", "set-env", "add-path", "stop-commands", "save-state", "set-output"}
IN_DATA = (("%0D", "\r"), ("%0A", "\n"), ("%25", "%"))
IN_PROPERTIES = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))


def unescaped(text, mappings):
    for replacement, token in mappings:
        text = text.replace(replacement, token)
    return text


def understood(line):
    """What the runner takes a line for: name, properties and message; None if it is no command (TryParseV2 of ActionCommand.cs)."""
    line = line.lstrip()
    if not line.startswith("::") or (end := line.find("::", 2)) < 0:
        return None
    name, _, properties = line[2:end].partition(" ")
    if name not in REGISTERED:
        return None
    pairs = [[part for part in one.split("=", 1) if part] for one in properties.strip().split(",") if one]
    return name, {pair[0]: unescaped(pair[1], IN_PROPERTIES) for pair in pairs if len(pair) == 2}, unescaped(line[end + 2 :], IN_DATA)


def lines_of(text):
    # A .NET StreamReader ends a line at each of these three.
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")


@given(hostile, hostile, hostile)
def test_a_command_arrives_as_it_was_meant(file, title, message):
    line = command("error", {"file": file, "title": title}, message)

    shown = {name: safe_text(value.strip(), keep_newlines=True) for name, value in (("file", file), ("title", title)) if value.strip()}
    assert len(lines_of(line)) == 1
    assert understood(line) == ("error", shown, safe_text(message, keep_newlines=True))


@given(hostile)
def test_there_are_never_more_commands_than_the_one_failure_and_the_total(text):
    found = [understood(line) for line in lines_of(render_one("github", document_saying(text)))]

    assert [one[0] for one in found] == ["error", "notice"]
    assert set(found[0][1]) <= {"file", "line", "title"}


def test_an_annotation_stands_where_the_exception_was_raised_in_the_repository():
    found = [understood(line) for line in lines_of(render_one("github", document(), Setting(folder="hw1/")))]

    assert found[1][1] == {"file": "hw1/power.py", "line": "8", "title": "cube_backward: 0 of 3 points"}


def test_functions_beyond_what_github_shows_are_told_together():
    functions = [make_function(make_check(), name=f"f{number}") for number in range(MOST_ERRORS + 5)]

    found = [understood(line) for line in lines_of(render_one("github", document(card=make_card(make_exercise(*functions)))))]

    assert [one[0] for one in found] == ["error"] * MOST_ERRORS + ["notice"]
    assert found[MOST_ERRORS - 1][2] == "6 more functions lost points; the summary has all."


def test_a_fault_of_the_grader_is_a_warning():
    found = document(card=card_with(None))
    found["exercises"][0]["functions"][0]["checks"][0]["verdict"] = "grader_error"

    assert understood(lines_of(render_one("github", found))[0])[0] == "warning"


def rendered(text):
    """The types of Markdown's blocks, and of what is inside of their lines."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    inside = {child.type for token in tokens for child in token.children or ()}
    return [token.type for token in tokens if token.type.endswith("_open")], inside, tokens


@given(hostile)
def test_nothing_that_a_student_writes_is_markup(text):
    blocks, inside, _ = rendered(render_summary(document_saying(text)))

    # GitHub's heading, the list of two remarks, and a table of one row below its head.
    remarks = ["bullet_list_open", *["list_item_open", "paragraph_open"] * (2 if text else 1)]
    table = ["table_open", "thead_open", "tr_open", *["th_open"] * 4, "tbody_open", "tr_open", *["td_open"] * 4]
    assert blocks == ["heading_open", *remarks, *table]
    assert inside <= {"text", "text_special"}


@given(st.text(alphabet=st.characters(codec="ascii"), max_size=20))
def test_a_cell_says_what_was_said(text):
    _, _, tokens = rendered(render_summary(document_saying(text)))

    cells = ["".join(child.content for child in token.children) for token in tokens if token.type == "inline"]
    assert cells[-4] == " ".join(safe_text(text or "x", keep_newlines=True).split())


def test_a_summary_fits_into_what_github_takes():
    found = document_saying("x" * (SUMMARY_BYTES + 5))

    text = render_summary(found)

    assert len(text.encode()) < 1024 * 1024
    assert text.endswith("The rest did not fit here.\n")


@pytest.mark.parametrize("address", ["www.example.org", "WWW.example.org", "https://example.org"])
def test_an_address_of_a_student_is_no_link(address):
    assert address not in render_summary(document_saying(address))
