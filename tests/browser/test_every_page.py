"""What holds for every page that somebody can come to by links: nobody is shut out, and nothing sticks out of a phone."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import AXE

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "async (run) => (await axe.run(document, { ...run, resultTypes: ['violations'] })).violations"
PHONE = {"width": 360, "height": 700}
LINKS = "links => links.map(one => [one.origin, one.pathname])"


def every_page(page):
    """Go to one page of each kind that links lead to from the first: numbers and queries make no other kind."""
    seen, waiting = set(), ["/"]
    while waiting:
        path = waiting.pop(0)
        kind = re.sub(r"\d+", "N", path)
        if kind in seen:
            continue
        seen.add(kind)
        page.goto(path)
        yield path
        found = page.eval_on_selector_all("a[href]:not([download])", LINKS)
        waiting += [there for origin, there in found if page.url.startswith(origin) and not re.search(r"\.\w+$|/stub$", there)]


def axe(page):
    """What axe finds: all that it knows in a light page, and of a dark one the contrast, which alone is another."""
    # What is folded away is read as well.
    page.eval_on_selector_all("details", "all => all.forEach((one) => { one.open = true; })")
    found = page.evaluate(RUN, {"runOnly": RULES})
    page.emulate_media(color_scheme="dark")
    found += page.evaluate(RUN, {"runOnly": ["color-contrast"]})
    page.emulate_media(color_scheme="light")
    return [f"{page.url}: {one['id']}: {node['html'][:120]} {node['failureSummary']}" for one in found for node in one["nodes"]]


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not there: .ci/editor packages")
@pytest.mark.parametrize("who", ["", "Bob", "Ira"])
def test_axe_finds_nothing_that_keeps_anybody_out(who, site):
    page = site.visit(who, script=AXE.read_text())

    found = [finding for _path in every_page(page) for finding in axe(page)]

    assert found == []


@pytest.mark.parametrize("who", ["Bob", "Ira"])
def test_no_page_scrolls_sideways_on_the_smallest_phone(who, site):
    page = site.visit(who, viewport=PHONE)

    widths = {path: page.evaluate("document.documentElement.scrollWidth") for path in every_page(page)}

    assert len(widths) > 3
    assert {path: width for path, width in widths.items() if width > PHONE["width"]} == {}
