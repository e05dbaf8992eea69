"""What students and those who teach do in a browser, with the keyboard or a mouse, with or without JavaScript."""

from __future__ import annotations

import re

from tests.browser.conftest import PASSWORD, RIGHT, WRONG, expect, sign_in
from tests.browser.served import address

# Long enough for a page to come up before the checks have run.
SLOW = "\nimport time\n\ntime.sleep(1)\n"
# Keeps, over the reload at the end, what was ever seen of the checks.
WATCH = """
new MutationObserver(() => {
  const seen = [...document.querySelectorAll("#live-list .checks span")].map((one) => one.textContent).join("");
  if (seen) sessionStorage.setItem("seen", seen);
}).observe(document, { subtree: true, childList: true });
"""


def editor_of(page):
    return page.get_by_role("textbox", name="Or write here")


def write(page, text):
    editor_of(page).click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)


def written(page):
    return page.locator("#text").input_value()


def drafts(page):
    return page.evaluate('Object.keys(localStorage).filter((key) => key.startsWith("layerwise draft "))')


def test_who_writes_and_hands_in_sees_checks_as_they_end_the_mistake_a_hint_and_what_changed(site):
    page = site.visit("Ada", "/exercises/power", script=WATCH)

    write(page, WRONG + SLOW)
    page.get_by_role("button", name="Hand in what is written").click()

    expect(page.get_by_text("First: cube_forward")).to_be_visible()
    assert set(page.evaluate('sessionStorage.getItem("seen")')) >= {"✓", "✗"}
    expect(page.get_by_text("This is what you get when", exact=False).first).to_be_visible()

    page.get_by_role("button", name="A hint about cube_forward").click()
    expect(page.get_by_text("Look at scale.")).to_be_visible()

    page.get_by_role("link", name="Continue with Powers").click()
    assert written(page) == WRONG + SLOW
    write(page, RIGHT)
    page.get_by_role("button", name="Hand in what is written").click()

    expect(page.get_by_text("Turned green since")).to_contain_text("cube_forward")
    page.get_by_role("link", name="What changed since attempt").click()
    expect(page.locator("ins", has_text="scale * x**3").first).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="the previous attempt").click()
    expect(page.get_by_text("First: cube_forward")).to_be_visible()


def test_what_was_written_is_there_after_a_reload_and_gone_after_a_sign_out(site):
    page = site.visit("Cleo", "/exercises/power")
    stub = written(page)

    write(page, "# half a thought\n")
    page.reload()

    assert written(page) == "# half a thought\n"
    expect(editor_of(page)).to_contain_text("# half a thought")
    expect(page.get_by_text("did not hand in yet")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in*")

    assert drafts(page) == []
    sign_in(page, "Cleo", "/exercises/power")
    assert written(page) == stub


def test_a_draft_is_its_writers_alone(site):
    page = site.visit("Cleo", "/exercises/power")
    write(page, "# Cleo's\n")

    page.context.clear_cookies()
    sign_in(page, "Dan", "/exercises/power")

    assert "Cleo" not in written(page)
    assert len(drafts(page)) == 1


def test_a_tab_keeps_nothing_after_its_owner_signed_out_in_another_one(site):
    page = site.visit("Cleo", "/exercises/power")
    write(page, "# before\n")
    other = page.context.new_page()
    other.goto("/")

    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url("**/sign-in*")
    expect(page.get_by_text("no longer kept")).to_be_visible()
    write(page, "# after\n")

    assert drafts(page) == []


def test_the_stub_can_be_put_back_and_that_be_undone(site):
    page = site.visit("Dan", "/exercises/power")
    stub = written(page)
    write(page, "# mine\n")

    page.get_by_role("button", name="Put the stub back").click()
    expect(page.get_by_text("This is the stub")).to_be_visible()
    assert written(page) == stub
    page.keyboard.press("ControlOrMeta+z")

    assert written(page) == "# mine\n"


def test_a_draft_begun_before_something_else_was_handed_in_is_offered_and_not_put_over_it(site):
    page = site.visit("Bob", "/exercises/power")
    page.evaluate(
        """() => {
          const { account, exercise } = document.getElementById("editor").dataset;
          const kept = { text: "# older\\n", base: "of something else", at: Date.now() };
          localStorage.setItem(`layerwise draft ${account} ${exercise}`, JSON.stringify(kept));
        }"""
    )

    page.reload()

    assert written(page) == RIGHT
    page.get_by_role("button", name="Bring it back").click()
    assert written(page) == "# older\n"


def test_keys_alone_sign_in_write_and_hand_in(site):
    page = site.visit("", "/sign-in?next=/exercises/power")
    press, type_ = page.keyboard.press, page.keyboard.type

    type_(address("Dan"))
    press("Tab")
    type_(PASSWORD)
    press("Enter")
    page.wait_for_url(f"{site.url}/exercises/power")
    for _ in range(40):
        press("Tab")
        if page.evaluate("document.activeElement.id") == "editor":
            break
    press("ControlOrMeta+a")
    type_("def cube_forward(x, scale=1.0):\n")
    press("Tab")
    type_("return x")
    # Enter kept the four spaces of the line before; Tab added four.
    assert written(page) == "def cube_forward(x, scale=1.0):\n        return x"
    press("Shift+Tab")
    assert written(page) == "def cube_forward(x, scale=1.0):\n    return x"
    press("Escape")
    press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Hand in what is written"
    press("Enter")

    expect(page.get_by_role("heading", name="power.py")).to_be_visible()
    expect(page.get_by_text("First: ")).to_be_visible()


def test_without_javascript_a_file_is_handed_in_its_scorecard_comes_and_the_text_area_goes_on_with_it(site):
    page = site.visit("", None, java_script_enabled=False)
    sign_in(page, "Dan", "/exercises/power")

    file = {"name": "power.py", "mimeType": "text/x-python", "buffer": RIGHT.encode()}
    page.get_by_label("A file, a notebook or a zip").set_input_files(file)
    page.get_by_role("button", name="Hand in the file").click()
    # The page loads itself again until there is a scorecard.
    expect(page.locator(".lead")).to_contain_text(re.compile(r"(\d+) of \1 points"))

    page.goto("/exercises/power")
    expect(page.get_by_label("Or write here")).to_have_value(RIGHT)


def test_the_editor_finds_and_marks_as_one_expects(site):
    page = site.visit("Bob", "/exercises/power")
    editor_of(page).click()

    page.keyboard.press("ControlOrMeta+f")
    page.keyboard.type("scale")

    found = page.locator(".cm-searchMatch")
    expect(found.first).to_be_visible()
    page.keyboard.press("Escape")
    expect(found).to_have_count(0)
    colours = {page.locator(".cm-line span", has_text=word).first.evaluate("one => getComputedStyle(one).color") for word in ("def", '"""')}
    assert len(colours) == 2


def test_an_instructor_sorts_and_searches_reads_a_story_sets_a_mark_and_finds_it_in_the_log(site):
    page = site.visit("Ira", "/staff/gradebook")
    assert page.locator("tbody th").all_inner_texts() == ["ada", "bob", "cleo", "dan"]

    page.get_by_role("link", name="total").click()
    expect(page.get_by_role("columnheader", name="total")).to_have_attribute("aria-sort", "descending")
    totals = [int(text) for text in page.locator("tbody td strong").all_inner_texts()]
    assert totals == sorted(totals, reverse=True)
    assert totals[-1] == 0 < totals[0]
    page.get_by_label("Search by id, name or address").fill("cleo")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("tbody tr")).to_have_count(1)

    page.goto("/staff/gradebook")
    page.get_by_role("link", name="bob").click()
    form = page.locator("form", has=page.get_by_role("button", name="Set by hand"))
    form.get_by_label("Points for power").fill("2.5")
    form.get_by_label("Reason").fill("shown in the oral exam")
    form.get_by_role("button").click()
    expect(page.get_by_role("button", name="Withdraw the mark set by hand")).to_be_visible()

    page.get_by_role("link", name="Log").click()
    expect(page.get_by_text("shown in the oral exam")).to_be_visible()
    page.goto("/staff/gradebook")
    expect(page.locator("tbody tr", has_text="bob")).to_contain_text("2.5*")
