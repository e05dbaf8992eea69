"""The checks of a course as its class has answered them: which are to be looked at, and why."""

from __future__ import annotations

from collections.abc import Iterator

from grader.analysis.items import ENOUGH, Attention, Item
from grader.analysis.overview import ClassOverview
from grader.report.class_parts import counted, function_of, more, table
from grader.report.html import escaped

# What each may mean; none of it is certain, since a number is not a reason.
MEANINGS = {
    Attention.REVERSED: (
        "Failed by those who do well elsewhere",
        "Who does well elsewhere fails these more often than who does not: look at the requirement, the cases and the reference.",
    ),
    Attention.NOBODY: ("Passed by nobody", "These may ask for what was not taught or not said, or be wrong."),
    Attention.WEAK: (
        "Weak: they hardly tell anybody apart",
        "Who does well elsewhere passes these hardly more often than who does not: they may pass by luck, or test something by itself.",
    ),
    Attention.HARD: ("Passed by fewer than one in five", "These may be worth a word in class."),
}
ORDER = [*MEANINGS, Attention.NONE]
MOST = 40


def items_section(overview: ClassOverview) -> Iterator[str]:
    """Difficulty and discrimination of every check; those that somebody should look at on top."""
    yield '<section aria-labelledby="items">\n<h2 id="items">The checks themselves</h2>'
    yield "<p>What the class says about the checks. <em>Pass rate</em> (customarily <em>difficulty</em>, although a high one is easy) is"
    yield "the share of those who have begun the function that pass. <em>Discrimination</em> is the correlation, from −1 to 1, of"
    yield "passing this check with the share of all others passed; above 0.2 it is customarily taken to be sound. It is not given where"
    yield f"all or none pass, or fewer than {ENOUGH} have tried.</p>"
    items = sorted(overview.items, key=_order)
    others = [item for item in items if item.attention is Attention.NONE]
    if len(others) == len(items):
        yield "<p>No check needs attention.</p>"
    for attention, (title, meaning) in MEANINGS.items():
        found = [item for item in items if item.attention is attention]
        if found:
            yield f"<h3>{escaped(title)}: {len(found)}</h3><p>{escaped(meaning)}</p>"
            yield from _table(overview, title, found)
    if others:
        yield f"<details><summary><span>{counted(len(others), 'check', 'checks')} without anything odd</span></summary>"
        yield from _table(overview, "Checks without anything odd", others)
        yield "</details>"
    yield "</section>"


def _order(item: Item) -> tuple[int, float]:
    return ORDER.index(item.attention), 1.0 if item.discrimination is None else item.discrimination


def _table(overview: ClassOverview, caption: str, items: list[Item]) -> Iterator[str]:
    rows = []
    for item in items[:MOST]:
        requirement = overview.requirements.get((item.exercise, item.function, item.check), "")
        told = f'<span class="lw-faint">{escaped(requirement)}</span>' if requirement else ""
        where = f'<span class="lw-faint">{function_of(item.exercise, item.function)}</span>'
        numbers = (str(item.tried), str(item.passed), _share(item.difficulty), _signed(item.discrimination))
        rows.append((f"{escaped(item.check.replace('_', ' '))}{where}{told}", *numbers))
    yield from table(caption, ("Check", "Tried", "Passed", "Pass rate", "Discrimination"), rows)
    yield from more(len(items) - MOST, "items.csv")


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f} %"


def _signed(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".replace("-", "−")
