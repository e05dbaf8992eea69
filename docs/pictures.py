"""Take the pictures that stand in the README: ``python -m docs.pictures``.

It serves the default course to a class of twelve, made up for the purpose, and photographs three of its pages; and the report of a sample.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from PIL import Image

from tests.browser.class_of_twelve import add_class, file_of, hand_in_all
from tests.browser.served import PASSWORD, address, chromium, serving

IMAGES = Path(__file__).with_name("images")
SAMPLE = Path(__file__).parent.parent / "samples" / "typical_mistakes"
# A page has few colours; a palette makes a picture of it a third as large.
COLOURS = 256
# The page hears of four exercises and then of nothing more, or it would be at the scorecard before the camera is.
HOLD = """
const listen = EventSource.prototype.addEventListener;
let left = 4;
EventSource.prototype.addEventListener = function (kind, heard) {
  if (kind !== "exercise") { if (kind !== "ended") listen.call(this, kind, heard); return; }
  listen.call(this, kind, (event) => { left -= 1; if (left >= 0) heard(event); });
};
"""


def visit(browser: Any, url: str, name: str, path: str, width: int, height: int, scheme: str, scale: float = 1.0) -> Any:
    """A page, signed in as somebody."""
    view = {"width": width, "height": height}
    context = browser.new_context(base_url=url, viewport=view, color_scheme=scheme, device_scale_factor=scale)
    page = context.new_page()
    page.goto(f"/sign-in?next={path}")
    page.get_by_label("Email address").fill(address(name))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda there: "/sign-in" not in there)
    return page


def keep(page: Any, name: str, clip: Any = None) -> None:
    """Write what is in sight, or the part of the page that `clip` is."""
    taken = page.screenshot(clip=clip, full_page=clip is not None)
    picture = Image.open(io.BytesIO(taken)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    picture.save(IMAGES / name, optimize=True)
    print(name, (IMAGES / name).stat().st_size)


def a_verdict_arriving(browser: Any, url: str) -> None:
    """A folder of five exercises, while its checks turn green and red."""
    folder = io.BytesIO()
    with zipfile.ZipFile(folder, "w") as archive:
        for attempt in ("a1", "l1", "b1", "d0", "i1"):
            exercise, body = file_of(attempt)
            # A mark of its own, so that nothing of it has been graded before.
            archive.writestr(f"{exercise}.py", body + b"\n# once more\n")
    page = visit(browser, url, "Farid", "/uploads", 390, 800, "dark", scale=1.5)
    page.add_init_script(HOLD)
    file = {"name": "work.zip", "mimeType": "application/zip", "buffer": folder.getvalue()}
    page.get_by_label("A zip of your folder, a file or a notebook").set_input_files(file)
    page.get_by_role("button", name="Hand in").click()
    page.locator("#live-list li:nth-child(4)").wait_for()
    keep(page, "serve-verdict.png")


def the_editor(browser: Any, url: str) -> None:
    """An exercise that is half written."""
    page = visit(browser, url, "Emil", "/exercises/batchnorm", 1180, 1040, "light")
    page.get_by_role("textbox", name="Or write here").click()
    page.evaluate("document.getElementById('hand-in').scrollIntoView()")
    page.wait_for_timeout(500)
    keep(page, "serve-editor.png")


def the_gradebook(browser: Any, url: str) -> None:
    """Everybody's marks, the best first."""
    page = visit(browser, url, "Ira", "/staff/gradebook", 1280, 840, "light")
    page.get_by_role("link", name="total").click()
    page.wait_for_url("**sort=total**")
    page.evaluate("document.activeElement.blur()")
    keep(page, "serve-gradebook.png")


def the_report(browser: Any, folder: Path) -> None:
    """The report of a sample: the scorecard on a screen and on a phone, and figures."""
    path = folder / "report.html"
    # It loses points, so the exit code is 3; without a page the camera has nothing to open.
    subprocess.run([sys.executable, "-m", "grader", "report", str(SAMPLE), "--out", str(path)], check=False)
    for name, width, height, scheme, scale in (("scorecard", 1180, 1130, "light", 1.0), ("phone", 390, 844, "dark", 1.5)):
        view = {"width": width, "height": height}
        page = browser.new_context(viewport=view, color_scheme=scheme, device_scale_factor=scale).new_page()
        page.goto(path.as_uri())
        if name == "phone":
            page.locator("summary", has_text="batchnorm").first.evaluate("found => found.scrollIntoView()")
        keep(page, f"report-{name}.png")
    page = browser.new_context(viewport={"width": 1180, "height": 1130}).new_page()
    page.goto(path.as_uri())
    figure = page.locator("section", has=page.get_by_role("heading", name="Dropout's scale")).last
    whole, second = figure.bounding_box(), figure.locator("figure").nth(1).bounding_box()
    height = second["y"] + second["height"] - whole["y"] + 10
    keep(page, "report-figures.png", {"x": whole["x"] - 10, "y": whole["y"] - 10, "width": whole["width"] + 20, "height": height + 10})


def main() -> None:
    """Take all of them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with chromium() as browser:
            the_report(browser, folder)
        add_class(folder)
        with serving(folder, "--jobs", "1") as url, chromium() as browser:
            hand_in_all(url)
            the_gradebook(browser, url)
            the_editor(browser, url)
            a_verdict_arriving(browser, url)


if __name__ == "__main__":
    main()
