"""HTML as a browser reads it, and the texts that somebody would put into it to be read as more than text."""

from __future__ import annotations

from html.parser import HTMLParser

from grader.model import Diagnosis, Finding, Problem, Raised, Rung, Verdict, Visibility
from tests.cards import make_card, make_check, make_exercise, make_function, make_submission

VOID = {"br", "hr", "img", "input", "link", "meta"}


class Reader(HTMLParser):
    """Reads a page as a browser does: its tags, their attributes, and the text that is shown."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.shown: list[str] = []
        self.read_aloud: list[str] = []
        self.open: list[tuple[str, bool]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append((tag, dict(attrs).get("aria-hidden") == "true"))

    def handle_endtag(self, tag):
        assert self.open
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        if not any(tag == "style" for tag, _hidden in self.open):
            self.shown.append(data)
            if not any(hidden for _tag, hidden in self.open):
                self.read_aloud.append(data)


def words_of(text: str) -> str:
    return " ".join("".join(Reader(text).shown).split())


HOSTILE = [
    "<script>alert(1)</script>",
    "</section><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' onmouseover='alert(1)",
    "</style><script>alert(1)</script>",
    "<!-- ",
    "]]>",
    "&lt;script&gt;",
    "&#x3c;script&#x3e;",
    "javascript:alert(1)",
    "\u202egpj.exe\u202c",
    "\u2066hidden\u2069",
    "\x1b[2J\x1b]0;title\x07",
    "a\0b",
    "\ud800",
    "\u2028\u2029\n\r",
    "\u200b\ufeff",
]


def hostile_card(text: str):
    """A scorecard with `text` wherever a student, or what runs as one, can have put some."""
    raised = Raised(type_name=text, message=text, path=text, line=3, function=text)
    finding = Finding(rung=Rung.RETURNED, verdict=Verdict.RUNTIME_ERROR, message=text, raised=raised, facts={text: text})
    check = make_check(title=text, requirement=text, finding=finding, visibility=Visibility.PUBLIC)
    credited = make_check(verdict=Verdict.ACCEPTED, points=2, finding=None, follow_through=text)
    function = make_function(check, credited, name=text, diagnoses=(Diagnosis(mistake=text, explanation=text),))
    exercise = make_exercise(function, name=text, title=text + "!", path=text, message=text, printed=text)
    submission = make_submission(name=text, problems=(Problem(path=text, message=text),))
    return make_card(exercise, submission=submission)


def luminance(color: str) -> float:
    """Relative luminance, by WCAG 2.2's definition."""
    channels = [int(color[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
