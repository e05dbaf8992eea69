"""Works that are alike, side by side: something to look at, and nothing that is decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.analysis.overview import ClassOverview, Excerpt, Likeness
from grader.analysis.passages import Passage
from grader.analysis.similarity import Group
from grader.report.class_parts import counted, more, people, person
from grader.report.html import escaped

EVIDENCE = (
    "This is evidence to look at, and no verdict: it says that texts are alike, and not why. The answers to these exercises are short and "
    "follow the same formulas, so that two people can write nearly the same without having seen each other's work; others were allowed to "
    "work together, or have read the same page. Look at both works, and talk to both, before you think anything of either."
)


def alike_section(overview: ClassOverview) -> Iterator[str]:
    """Groups and pairs with how much they share, and the passages of both."""
    yield '<section aria-labelledby="alike">\n<h2 id="alike">Works that are alike</h2>'
    alike = overview.alike
    if alike is None:
        yield "<p>Works were not compared.</p></section>"
        return
    yield f'<p class="lw-evidence">{EVIDENCE}</p>'
    yield f"<p>{counted(alike.works, 'work was', 'works were')} compared, without names, texts, comments and layout, without what"
    yield "stands in the stubs, and without what many of the class have written. What is left are runs of code that few share; the share"
    yield "is that of the smaller work. <code>similarity.csv</code> has the whole list.</p>"
    if not alike.groups and not alike.pairs:
        yield "<p>No works were found to be alike.</p>"
    groups = [one for one in overview.likenesses if isinstance(one.found, Group)]
    pairs = [one for one in overview.likenesses if not isinstance(one.found, Group)]
    if groups:
        yield "<h3>The same, or nearly so</h3>"
        for one in groups:
            yield from _group(overview, one)
        yield from more(len(alike.groups) - len(groups), "similarity.csv")
    if pairs:
        yield "<h3>Alike in parts</h3>"
        for one in pairs:
            yield from _likeness(overview, one, f"{person(overview, one.first)} and {person(overview, one.second)}")
        yield from more(len(alike.pairs) - len(pairs), "similarity.csv")
    yield "</section>"


def _group(overview: ClassOverview, one: Likeness) -> Iterator[str]:
    assert isinstance(one.found, Group)  # noqa: S101 - the caller has chosen the groups
    names = one.found.names
    others = f" and {len(names) - 3} more" if len(names) > 3 else ""
    title = f"{len(names)} works: {', '.join(person(overview, name) for name in names[:3])}{others}"
    yield from _likeness(overview, one, title, names)


def _likeness(overview: ClassOverview, one: Likeness, title: str, everybody: Sequence[str] = ()) -> Iterator[str]:
    least = "at least " if everybody and one.found.share < 1 else ""
    told = f"{least}{100 * one.found.share:.0f} % shared, {counted(one.found.fingerprints, 'rare piece', 'rare pieces')}"
    yield f'<details><summary><span>{title} <span class="lw-faint">{told}</span></span></summary>'
    if len(everybody) > 2:
        yield from people(overview, everybody, file="similarity.csv")
    if not one.excerpts:
        yield "<p>They agree in many short pieces, and in none that is long enough to show.</p>"
    for excerpt in one.excerpts:
        yield from _excerpt(overview, one, excerpt)
    yield "</details>"


def _excerpt(overview: ClassOverview, one: Likeness, excerpt: Excerpt) -> Iterator[str]:
    yield '<div class="lw-sides">'
    sides = ((one.first, excerpt.place.first, excerpt.first), (one.second, excerpt.place.second, excerpt.second))
    for student, passage, lines in sides:
        where = f"<code>{escaped(passage.path)}</code>, {_lines_of(passage)}"
        yield f'<div><p>{person(overview, student)} <span class="lw-faint">{where}</span></p>'
        rest = passage.last - passage.first + 1 - len(lines)
        text = "\n".join(lines) + (f"\n… {rest} more lines" if rest > 0 else "")
        yield f'<pre tabindex="0">{escaped(text, keep_newlines=True)}</pre></div>'
    yield "</div>"


def _lines_of(passage: Passage) -> str:
    return f"line {passage.first}" if passage.first == passage.last else f"lines {passage.first} to {passage.last}"
