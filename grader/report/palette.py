"""The colours of pictures: one name for each use, a value for light and for dark, and one that stands for it while it is drawn."""

from __future__ import annotations

SERIES = 6

# Each is at least 4.5:1 (ink, faint) or 3:1 (series) from its ground (WCAG 2.2, 1.4.3 and 1.4.11); the order of the series alternates
# light and dark, and each has a dash and a marker of its own besides.
LIGHT: dict[str, str] = {
    "ground": "#ffffff",
    "ink": "#1f2328",
    "faint": "#59636e",
    "line": "#d1d9e0",
    "series-1": "#0550ae",
    "series-2": "#bc4c00",
    "series-3": "#1a7f37",
    "series-4": "#a0399b",
    "series-5": "#8a6100",
    "series-6": "#0f766e",
}
DARK: dict[str, str] = {
    "ground": "#0d1117",
    "ink": "#e6edf3",
    "faint": "#9198a1",
    "line": "#3d444d",
    "series-1": "#79c0ff",
    "series-2": "#ffa657",
    "series-3": "#56d364",
    "series-4": "#e2a3f5",
    "series-5": "#e3c341",
    "series-6": "#5eead4",
}
# Colours that nobody would choose, each of which is replaced by a CSS variable afterwards.
SENTINELS: dict[str, str] = {name: f"#fe01{number:02x}" for number, name in enumerate(LIGHT, 0xA0)}


def style_of(selector: str) -> str:
    """The CSS that gives the variables their values, light and dark, within `selector`."""
    light, dark = (";".join(f"--lw-{name}:{value}" for name, value in table.items()) for table in (LIGHT, DARK))
    return f"{selector}{{{light}}}@media (prefers-color-scheme:dark){{{selector}{{{dark}}}}}"


def variable(name: str) -> str:
    """How a colour is spoken of in CSS, with its light value where nobody has set it."""
    return f"var(--lw-{name},{LIGHT[name]})"
