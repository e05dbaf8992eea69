"""Formulas as browsers set them: what is over the bar, what is an index, and nothing that is not there."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from grader.catalog import load_course
from grader.serve.formulas import formula_parts

FORMULAS = [formula for exercise in load_course().exercises for formula in exercise.formulas]


def plain(node):
    """MathML as one would say it, with every bar, index and power marked."""
    parts = [plain(child) for child in node]
    match node.tag:
        case "mfrac":
            return f"[{parts[0]} over {parts[1]}]"
        case "msub":
            return f"{parts[0]}_{parts[1]}"
        case "msup":
            return f"{parts[0]}^{parts[1]}"
        case "msubsup":
            return f"{parts[0]}_{parts[1]}^{parts[2]}"
        case "msqrt":
            return f"root{{{''.join(parts)}}}"
        case "mover":
            return f"hat {parts[0]}"
        case "mspace":
            return " "
        case _:
            return (node.text or "") + "".join(parts)


def read(formula):
    return "; ".join(plain(ElementTree.fromstring(one)) for one in re.findall(r"<math.*?</math>", str(formula_parts(formula))))


# What each means is how it is written in the notes.
@pytest.mark.parametrize(
    ("formula", "meaning"),
    [
        ("s = 1 / (1 + e^-x)", "s=[1 over 1+e^−x]"),
        ("p_k = exp(x_k) / sum_j exp(x_j)", "p_k=[exp(x_k) over ∑_j exp(x_j)]"),
        ("1/N sum (x - mean)^2", "[1 over N] ∑ (x−mean)^2"),
        ("x_hat_ij", "hat x_ij"),
        ("h_(k-1) W1", "h_k−1 W_1"),
        ("w <- w - lr dw / (sqrt(c) + eps)", "w←w−[lr dw over root{c}+ε]"),
        ("gamma / (N std) * (a - b)", "[γ over N std]·(a−b)"),
        ("exp(-|a_i - b|^2 / (2 s^2))", "exp(−[|a_i−b|^2 over 2 s^2])"),
        ("p(j|i)", "p(j|i)"),
        ("reg / 2 (a + b)", "[reg over 2] (a+b)"),
        ("U(-a, a) with a = sqrt(6 / n_in)", "U(−a,a) with a=root{[6 over n_in]}"),
        ("a = 1,  b = 2", "a=1,; b=2"),
    ],
)
def test_a_formula_means_what_it_says(formula, meaning):
    assert read(formula) == meaning


@pytest.mark.parametrize("formula", FORMULAS)
def test_every_formula_of_the_course_is_set_and_loses_no_sign(formula):
    shown = read(formula)

    # The words of the text but those that become one sign.
    signs = r"_hat|(?<![A-Za-z])(?:sqrt|alpha|beta|gamma|eps|lam|mu|sum|pi|sigma)(?![A-Za-z])"
    own = re.sub(signs, "", re.split(r":\s+", formula, maxsplit=1)[-1])
    assert shown
    assert set(re.findall(r"[A-Za-z]{2,}", own)) <= set(re.findall(r"[A-Za-z]{2,}", shown.replace("over", " over ").replace("_", " ")))


@pytest.mark.parametrize("formula", ["((", "x)", "a[1)", "x_", "|a", "x / ", "(" * 50 + ")" * 50])
def test_what_is_not_understood_is_shown_as_it_is(formula):
    assert str(formula_parts(formula)) == f"<code>{formula}</code>"


def test_a_formula_cannot_become_a_tag():
    assert "<script" not in formula_parts("</math><script>alert(1)</script>")
    assert "\u202e" not in formula_parts("x \u202e")
