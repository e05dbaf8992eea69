"""The report of a class as one page, for its instructor: read without a network and without a script, as ``grader.report.page`` is.

It shows the beginning of every list, and says how much more there is; the whole is in the tables beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from grader import __version__
from grader.analysis.overview import ClassOverview, Distribution, Low
from grader.marks.total import brief
from grader.report.class_alike import alike_section
from grader.report.class_chart import histogram, small_histogram
from grader.report.class_items import items_section
from grader.report.class_parts import counted, function_of, more, people, person, table
from grader.report.html import STYLE, escaped
from grader.report.page import GENERATOR, PAGE_STYLE, POLICY

CLASS_STYLE = Path(__file__).with_name("class_page.css")
SECTIONS = {
    "totals": "Totals",
    "functions": "Functions",
    "mistakes": "Commonest mistakes",
    "help": "Who needs help",
    "items": "The checks themselves",
    "alike": "Works that are alike",
}
MOST_MISTAKES = 25
MOST_STUCK = 8


def render_class_page(overview: ClassOverview) -> str:
    """Render one HTML document that needs nothing else. It names students and hidden checks, so it is for instructors alone."""
    parts = [*_head(overview), *_top(overview), '<div class="lw-columns">', *_navigation()]
    parts += ['<main id="main" tabindex="-1">']
    parts += [*_totals(overview), *_functions(overview), *_mistakes(overview), *_help(overview)]
    parts += [*items_section(overview), *alike_section(overview), "</main>", "</div>", *_footer(overview), "</body>", "</html>"]
    return "\n".join(parts) + "\n"


def _head(overview: ClassOverview) -> Iterator[str]:
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    yield f'{GENERATOR} {__version__}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="light dark">'
    yield f"<title>{escaped(overview.origin.title)}: the class · Layerwise</title>"
    styles = "".join(path.read_text(encoding="utf-8") for path in (PAGE_STYLE, CLASS_STYLE))
    yield f"{STYLE}\n<style>\n{styles}</style>\n</head>"
    yield '<body class="layerwise">\n<a class="lw-skip" href="#main">Skip to the report</a>'


def _top(overview: ClassOverview) -> Iterator[str]:
    origin = overview.origin
    yield "<header>"
    yield '<p class="lw-over">Layerwise class report, for instructors: it names students and hidden checks, so do not hand it on</p>'
    yield f"<h1>{escaped(origin.title)}</h1>"
    yield f'<p class="lw-faint">Revision {origin.revision} of the marks, {escaped(f"{origin.made_at:%Y-%m-%d %H:%M} UTC")}</p>'
    numbers = {
        "Students": overview.students,
        "Handed in": overview.handed_in,
        "Nothing handed in": len(overview.missing),
        "Cannot be read": len(overview.unreadable),
        "Not final": len(overview.pending),
    }
    yield '<dl class="lw-numbers">'
    yield from (f"<div><dt>{name}</dt><dd>{number}</dd></div>" for name, number in numbers.items())
    yield "</dl>"
    if "plain" in origin.sandboxes:
        yield '<p class="lw-open">Some of it ran without a sandbox: only do that with your own code.</p>'
    yield "</header>"


def _navigation() -> Iterator[str]:
    yield '<nav aria-label="Sections"><ul>'
    yield from (f'<li><a href="#{name}">{title}</a></li>' for name, title in SECTIONS.items())
    yield "</ul></nav>"


def _begin(name: str) -> str:
    return f'<section aria-labelledby="{name}">\n<h2 id="{name}">{SECTIONS[name]}</h2>'


# ------------------------------------------------------------------------------------------------------------------------ totals


def _totals(overview: ClassOverview) -> Iterator[str]:
    yield _begin("totals")
    totals = overview.totals
    yield f"<p>{escaped(in_words(totals))}</p>"
    if totals.count:
        yield f"<figure>{histogram(totals.bins, bins_in_words(totals))}"
        yield "<figcaption>How many students have which share of all points. Who has handed nothing in, whose work could not be read, and"
        yield "whose marks are not final are left out.</figcaption></figure>"
        yield from _by_exercise(overview)
    yield "</section>"


def in_words(totals: Distribution) -> str:
    """How the marks of a class lie, in some sentences."""
    if not totals.count:
        return "No work has a final mark yet."
    number = counted(totals.count, "work has a final mark", "works have a final mark")
    full = f"{totals.full} of them {'has' if totals.full == 1 else 'have'} full marks."
    if totals.quartiles is None:
        return f"{number}. {full}"
    lower, median, upper = (brief(value) for value in totals.quartiles)
    above = "" if totals.quartiles[2] >= 100 else " or above"
    return (
        f"{number}. Half of them are at {median} % or above; the lowest quarter is at {lower} % or below, the highest at {upper} %"
        f"{above}. {full}"
    )


def bins_in_words(totals: Distribution) -> str:
    """What a histogram of them shows, for who does not see it."""
    step = 100 // len(totals.bins)
    parts = [f"{number * step} to {(number + 1) * step} %: {count}" for number, count in enumerate(totals.bins) if count]
    return f"Histogram of totals, students by share of all points. {'; '.join(parts)}."


def _by_exercise(overview: ClassOverview) -> Iterator[str]:
    columns = ("Exercise", "Works", "Lower quartile", "Median", "Upper quartile", "Full marks", "0 to 100 %")
    rows = []
    for name, one in overview.exercises.items():
        quartiles = [f"{brief(value)} %" for value in one.quartiles] if one.quartiles else ["–"] * 3
        rows.append((escaped(name), str(one.count), *quartiles, str(one.full), small_histogram(one.bins)))
    yield from table("Each exercise, in percent of its points", columns, rows)


# --------------------------------------------------------------------------------------------------------- functions and mistakes


def _functions(overview: ClassOverview) -> Iterator[str]:
    yield _begin("functions")
    yield "<p>Of how many works everything that is asked of a function is accepted; the hardest first, by the share of all works.</p>"
    rows = [
        (
            function_of(one.exercise, one.function),
            f"{one.accepted} of {one.students}",
            _percent(one.accepted, one.students),
            str(len(one.stuck)),
            str(one.students - one.begun),
        )
        for one in sorted(overview.standings, key=lambda one: one.accepted / one.students)
    ]
    if rows:
        yield from table("Where the class stands", ("Function", "Accepted", "Share", "Begun, not right", "Not begun"), rows)
    else:
        yield "<p>Nothing has been graded yet.</p>"
    yield "</section>"


def _mistakes(overview: ClassOverview) -> Iterator[str]:
    yield _begin("mistakes")
    if not overview.mistakes:
        yield "<p>No mistake was recognised.</p></section>"
        return
    yield "<p>Mistakes that were recognised by what the functions return. One that stands beside another counts for both; where two explain"
    yield "the same results, both count. <code>mistakes.csv</code> has all, with everybody who made them.</p>"
    for mistake in overview.mistakes[:MOST_MISTAKES]:
        number = counted(len(mistake.students), "student", "students")
        name = escaped(mistake.name.replace("_", " "))
        yield f'<details><summary><span><span class="lw-many">{number}</span>: {name} '
        yield f'<span class="lw-faint">in {function_of(mistake.exercise, mistake.function)}</span></span></summary>'
        known = mistake.evidence.value == "known_mistake"
        yield f"<p>{'This is what you get when ' if known else 'For example: '}{escaped(mistake.explanation)}</p>"
        yield from people(overview, mistake.students)
        yield "</details>"
    yield from more(len(overview.mistakes) - MOST_MISTAKES, "mistakes.csv")
    yield "</section>"


def _percent(count: int, of: int) -> str:
    return f"{100 * count / of:.0f} %" if of else "–"


# -------------------------------------------------------------------------------------------------------------------------- help


def _help(overview: ClassOverview) -> Iterator[str]:
    yield _begin("help")
    lists = {
        "Nothing handed in": [person(overview, student) for student in overview.missing],
        "The work could not be read, which gives 0": [
            f"{person(overview, student)} <span class='lw-faint'>{escaped(error)}</span>" for student, error in overview.unreadable
        ],
        "Not final, because the grader failed or has not run; run <code>grade batch</code> again": [
            f"{person(overview, student)} <span class='lw-faint'>{escaped(', '.join(exercises))}</span>"
            for student, exercises in overview.pending
        ],
    }
    for title, entries in lists.items():
        if entries:
            yield f"<details><summary><span>{title}: {len(entries)}</span></summary>"
            yield from _entries(entries)
            yield "</details>"
    yield from _lowest(overview)
    yield from _stuck(overview)
    if not any(lists.values()) and not overview.lowest:
        yield "<p>Everybody has handed in, and nobody is below half of the points.</p>"
    yield "</section>"


def _entries(entries: Sequence[str], most: int = 40) -> Iterator[str]:
    yield f'<ul class="lw-people">{"".join(f"<li>{entry}</li>" for entry in entries[:most])}</ul>'
    yield from more(len(entries) - most, "gradebook.csv")


def _lowest(overview: ClassOverview) -> Iterator[str]:
    if not overview.lowest:
        return
    rows = [(person(overview, low.student), f"{brief(low.percent)} %", _functions_of(low)) for low in overview.lowest]
    title = f"{counted(overview.below_half, 'work is', 'works are')} below half of the points; the lowest of them"
    yield from table(title, ("Student", "Total", "Not right yet"), rows, text_columns=(2,))
    yield from more(overview.below_half - len(overview.lowest), "gradebook.csv")


def _functions_of(low: Low, most: int = 6) -> str:
    names = [f"<code>{escaped(name)}</code>" for name in low.stuck_on[:most]]
    rest = [f"{len(low.stuck_on) - most} more"] if len(low.stuck_on) > most else []
    undone = [f"{counted(low.not_begun, 'function', 'functions')} not begun"] if low.not_begun else []
    return ", ".join([*names, *rest, *undone]) or "every check holds; late, or set by hand"


def _stuck(overview: ClassOverview) -> Iterator[str]:
    together = sorted((one for one in overview.standings if len(one.stuck) > 1), key=lambda one: -len(one.stuck))[:MOST_STUCK]
    if not together:
        return
    yield "<h3>Stuck on the same function</h3>"
    yield "<p>Who has begun it and is not there yet: enough for a session together.</p>"
    for one in together:
        number = counted(len(one.stuck), "student", "students")
        yield f"<details><summary><span>{function_of(one.exercise, one.function)}: {number}</span></summary>"
        yield from people(overview, one.stuck, file="the scorecards")
        yield "</details>"


# ------------------------------------------------------------------------------------------------------------------------ footer


def _footer(overview: ClassOverview) -> Iterator[str]:
    yield '<footer aria-labelledby="origin">\n<h2 id="origin">Where this comes from</h2>\n<dl>'
    yield from (f"<dt>{name}</dt><dd>{escaped(value)}</dd>" for name, value in _provenance(overview))
    yield "</dl>\n</footer>"


def _provenance(overview: ClassOverview) -> Iterator[tuple[str, str]]:
    origin = overview.origin
    yield "Marks", f"revision {origin.revision}, by grade {origin.command}, {origin.made_at:%Y-%m-%d %H:%M:%S} UTC"
    yield "Course", f"{origin.course} {origin.version}, {origin.digest}"
    yield "Hidden cases", f"seed fingerprint {origin.seed_fingerprint}"
    if origin.first_run:
        yield "Graded", f"from {origin.first_run} to {origin.last_run}"
    yield "Sandbox", ", ".join(origin.sandboxes) or "nothing was run"
    yield "Software", "; ".join(origin.software) or f"Layerwise {__version__}"
