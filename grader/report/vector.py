"""Make of an SVG that Matplotlib has written one that can stand in any page: no ids that meet others, no style that leaks, no address
outside of itself, and colours that follow the page.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from grader.report.palette import SENTINELS, style_of, variable
from grader.safe_text import safe_text

NAMESPACE = "http://www.w3.org/2000/svg"
GAP = 24
ROOT = re.compile(r"<svg\b[^>]*>", re.DOTALL)
METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
# Matplotlib's own rule is for "*", which in a page is everybody.
STYLE = re.compile(r"<defs>\s*<style\b[^>]*>.*?</style>\s*</defs>", re.DOTALL)
IDENTIFIERS = re.compile(r'\bid="([^"]*)"|url\(#([^)]*)\)|\b(?:xlink:)?href="#([^"]*)"')
GROUP = re.compile(r'<g id="[^"]*"')
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
FONTS = re.compile(r"(font: [^;\"]*?[0-9.]+px |font-family: )[^;\"]*")
STYLE_AND_GROUND = re.compile(r"<style>[^<]*</style>\n<rect [^>]*/>\n")
# A hundredth of a pixel is seen by nobody, and what is behind it is half of the file.
TAG = re.compile(r"<[^>]*>")
DIGITS = re.compile(r"(\d+\.\d\d)\d+")
# Its own font first: its widths are those that the drawing was laid out with, and Verdana's are the same.
FAMILY = "'DejaVu Sans', Verdana, sans-serif"


def inlined(svg: str, *, name: str, title: str, description: str, size: tuple[int, int]) -> str:
    """Clean one drawing and give it a name, a title and a description.

    Parameters
    ----------
    svg
        What Matplotlib has written, with the colours of ``palette.SENTINELS``.
    name
        Unique in the page; all ids begin with it.
    """
    body = ROOT.split(METADATA.sub("", svg), maxsplit=1)[1].rpartition("</svg>")[0]
    # Nobody refers to a group, and a comment repeats a text that may hold anything.
    body = GROUP.sub("<g", COMMENT.sub("", STYLE.sub("", body)))
    body = IDENTIFIERS.sub(lambda match: _renamed(match, name), body)
    body = TAG.sub(lambda tag: DIGITS.sub(r"\1", tag.group()), body)
    body = FONTS.sub(rf"\g<1>{FAMILY}", body)
    for color, value in SENTINELS.items():
        body = body.replace(value, variable(color))
    return _root(body.strip(), name, title, description, size)


def compose(drawings: Sequence[tuple[str, int, int]], *, columns: int, name: str, title: str, description: str) -> str:
    """Set drawings, each with its width and height, into `columns`, row by row, in one SVG."""
    left, top, row_height, width = 0, 0, 0, 0
    placed = []
    for number, (svg, drawing_width, drawing_height) in enumerate(drawings):
        if number % columns == 0 and number:
            left, top, row_height = 0, top + row_height + GAP, 0
        # The whole has one style and one ground for all.
        bare = STYLE_AND_GROUND.sub("", svg, count=1)
        placed.append(bare.replace("<svg ", f'<svg x="{left}" y="{top}" ', 1))
        left, row_height = left + drawing_width + GAP, max(row_height, drawing_height)
        width = max(width, left - GAP)
    return _root("\n".join(placed), name, title, description, (width, top + row_height))


def _root(body: str, name: str, title: str, description: str, size: tuple[int, int]) -> str:
    width, height = size
    label = html.escape(safe_text(title), quote=True)
    # Who wrote it, so that `grade lab` writes over no file but its own.
    return (
        f'<svg xmlns="{NAMESPACE}" class="lw-drawing" data-generator="Layerwise" id="{name}" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" role="img" aria-label="{label}" stroke-linejoin="round" style="max-width:100%;height:auto">\n'
        f"<title>{label}</title>\n<desc>{html.escape(safe_text(description))}</desc>\n"
        f"<style>{style_of(':where(.lw-drawing)')}</style>\n"
        f'<rect width="{width}" height="{height}" style="fill:{variable("ground")}"/>\n{body}\n</svg>\n'
    )


def _renamed(match: re.Match[str], name: str) -> str:
    identifier, address, link = match.groups()
    if identifier is not None:
        return f'id="{name}-{identifier}"'
    return f"url(#{name}-{address})" if address is not None else f'href="#{name}-{link}"'
