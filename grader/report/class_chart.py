"""Histograms as SVG that stands in a page: drawn by its colours, so that they are light or dark with it."""

from __future__ import annotations

from collections.abc import Sequence

from grader.report.html import escaped

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 8, 8, 30, 30
SMALL_WIDTH, SMALL_HEIGHT = 120, 28


def histogram(bins: Sequence[int], alternative: str) -> str:
    """Draw how many students are in each part of 0 to 100 %, with the counts over the bars; `alternative` says the same in words."""
    step = (WIDTH - LEFT - RIGHT) / len(bins)
    ground = HEIGHT - BOTTOM
    parts = [f'<svg class="lw-chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escaped(alternative)}">']
    for number, (count, height) in enumerate(zip(bins, _heights(bins, ground - TOP), strict=True)):
        x = LEFT + number * step
        if count:
            parts.append(f'<rect x="{x + 2:.1f}" y="{ground - height:.1f}" width="{step - 4:.1f}" height="{height:.1f}"/>')
            parts.append(f'<text class="lw-count" x="{x + step / 2:.1f}" y="{ground - height - 6:.1f}">{count}</text>')
    parts.append(f'<line x1="{LEFT}" y1="{ground}" x2="{WIDTH - RIGHT}" y2="{ground}"/>')
    for tick in range(0, 101, 20):
        # By a class, since a page may allow no style but that of its own files.
        place = {0: ' class="lw-begin"', 100: ' class="lw-end"'}.get(tick, "")
        x = LEFT + tick / 100 * (WIDTH - LEFT - RIGHT)
        parts.append(f'<text{place} x="{x:.1f}" y="{HEIGHT - 7}">{tick} %</text>')
    return "".join([*parts, "</svg>"])


def small_histogram(bins: Sequence[int]) -> str:
    """The same for the eye alone, in a cell of a table that has the numbers."""
    step = SMALL_WIDTH / len(bins)
    size = f'viewBox="0 0 {SMALL_WIDTH} {SMALL_HEIGHT}" width="{SMALL_WIDTH}" height="{SMALL_HEIGHT}"'
    bars = "".join(
        f'<rect x="{number * step + 1:.1f}" y="{SMALL_HEIGHT - 1 - height:.1f}" width="{step - 2:.1f}" height="{height:.1f}"/>'
        for number, height in enumerate(_heights(bins, SMALL_HEIGHT - 2))
        if height
    )
    line = f'<line x1="0" y1="{SMALL_HEIGHT - 0.5}" x2="{SMALL_WIDTH}" y2="{SMALL_HEIGHT - 0.5}"/>'
    return f'<svg class="lw-chart lw-small" {size} aria-hidden="true">{bars}{line}</svg>'


def _heights(bins: Sequence[int], most: float) -> list[float]:
    # One student among thousands is still to be seen.
    return [max(1.5, most * count / max(bins)) if count else 0.0 for count in bins]
