"""The table of docs/threats.md, made from the heads of the attacks: ``python -m tests.attacks.table`` writes it anew."""

from __future__ import annotations

from pathlib import Path

from tests.attacks.attack import FAMILIES, Attack, load_attacks

PAGE = Path(__file__).parent.parent.parent / "docs" / "threats.md"
BEGIN, END = "<!-- attacks: begin -->", "<!-- attacks: end -->"
MODES = {
    "naive": "a grader that runs it beside the answers",
    "pipe": "a grader that believes its pipe",
    "pytest": "a grader that is a test of pytest",
    "plain": "`plain`",
    "itself": "a reader that takes no care",
}


def table(attacks: list[Attack]) -> str:
    """All families with their attacks, and how each ends."""
    parts = [_summary(attacks)]
    for family, title in FAMILIES.items():
        rows = [_row(attack) for attack in attacks if attack.family == family]
        head = "| attack | tries to | `process`, `docker` | `plain` | works in |\n| --- | --- | --- | --- | --- |"
        parts.append("\n".join([f"### {title}", "", head, *rows]))
    return "\n\n".join(parts)


def _summary(attacks: list[Attack]) -> str:
    rows = []
    for family, title in FAMILIES.items():
        mine = [attack for attack in attacks if attack.family == family]
        harmless = sum(bool(attack.harmless) for attack in mine)
        plain = sum(_in_plain(attack) == "works" for attack in mine)
        rows.append(f"| {title} | {len(mine)} | 0 | {harmless} | {plain} |")
    harmless = sum(bool(attack.harmless) for attack in attacks)
    plain = sum(_in_plain(attack) == "works" for attack in attacks)
    rows.append(f"| all | {len(attacks)} | 0 | {harmless} | {plain} |")
    head = (
        "| family | attacks | gain something in `process` or `docker` | are possible there, and gain nothing | work in `plain` |\n"
        "| --- | --- | --- | --- | --- |"
    )
    return head + "\n" + "\n".join(rows)


def _in_plain(attack: Attack) -> str:
    # What is refused while it is read never comes to a sandbox.
    return "stopped" if attack.builder is not None else attack.plain


def _row(attack: Attack) -> str:
    title = attack.title.rstrip(".")
    title = (title[:1].lower() + title[1:]).replace("|", "\\|")
    ends = ", ".join(f"`{verdict}`" for verdict in sorted(attack.ends))
    ends = f"possible: {attack.harmless}" if attack.harmless else f"stopped: {ends}"
    return f"| {attack.name} | {title} | {ends} | {_in_plain(attack)} | {MODES[attack.mode]} |"


def page_with(text: str, attacks: list[Attack]) -> str:
    """The page with its table written anew."""
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{table(attacks)}\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page_with(PAGE.read_text(encoding="utf-8"), load_attacks()), encoding="utf-8")
