"""docs/threats.md says what the attacks come to, and no more than that."""

from __future__ import annotations

from tests.attacks.attack import load_attacks
from tests.attacks.table import PAGE, page_with


def test_the_table_of_the_page_is_that_of_the_attacks():
    text = PAGE.read_text(encoding="utf-8")

    assert text == page_with(text, load_attacks()), "run: python -m tests.attacks.table"


def test_whatever_is_possible_and_harmless_is_named_among_what_remains():
    remains = PAGE.read_text(encoding="utf-8").partition("## What remains possible")[2].partition("\n## ")[0]

    for attack in load_attacks():
        assert not attack.harmless or f"`{attack.id}`" in remains, attack.id
