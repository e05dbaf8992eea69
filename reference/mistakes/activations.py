"""Known mistakes of the activation functions, the commonest of real work first: what all share, sigmoid and tanh."""

from __future__ import annotations

from grader.checks import Kind, Mistake, edit

FORWARD = {Kind.VALUE, Kind.SHAPE, Kind.DTYPE, Kind.PURITY}
BACKWARD = {Kind.GRADIENT, Kind.SHAPE, Kind.DTYPE, Kind.PURITY}
STABLE = {Kind.STABILITY}


def slips(function: str, result: str, argument: str, line: str) -> tuple[Mistake, ...]:
    """The slips of form, not of value, that every function can make alike, behind the `line` that gives its result."""
    return (
        edit(
            function,
            "float64_always",
            "the result is float64 whatever comes in.",
            (line, f"{line}; {result} = {result}.astype(np.float64)"),
            loses={Kind.DTYPE},
        ),
        edit(
            function,
            "an_axis_too_many",
            "the result has an axis of size 1 that is not asked for.",
            (line, f"{line}; {result} = {result}[None]"),
            loses={Kind.SHAPE},
        ),
        edit(
            function,
            "argument_overwritten",
            f"the work is done in place, on {argument} itself.",
            (line, f"{line}; {argument} *= 0.5"),
            loses={Kind.PURITY},
        ),
    )


SIGMOID_FORWARD = (
    edit(
        "sigmoid_forward",
        "naive_formula",
        "1 / (1 + e^-x) is computed as it stands, and e^-x overflows for large negative x.",
        ("out: Floats = np.where(x >= 0, 1 / (1 + small), small / (1 + small))", "out = 1 / (1 + np.exp(-x))"),
        loses=STABLE,
    ),
    edit(
        "sigmoid_forward",
        "quotient_of_exponentials",
        "e^x / (1 + e^x) is computed as it stands, which is infinity over infinity for large x.",
        ("out: Floats = np.where(x >= 0, 1 / (1 + small), small / (1 + small))", "out = np.exp(x) / (1 + np.exp(x))"),
        loses=STABLE,
    ),
    edit(
        "sigmoid_forward",
        "sign_of_the_exponent",
        "the exponent has the wrong sign: 1 / (1 + e^x).",
        (
            "out: Floats = np.where(x >= 0, 1 / (1 + small), small / (1 + small))",
            "out = np.where(x < 0, 1 / (1 + small), small / (1 + small))",
        ),
        loses=FORWARD | STABLE,
    ),
    edit(
        "sigmoid_forward",
        "tanh_for_sigmoid",
        "the hyperbolic tangent is returned, which runs from -1 to 1.",
        ("out: Floats = np.where(x >= 0, 1 / (1 + small), small / (1 + small))", "out = np.tanh(x)"),
        loses=FORWARD | STABLE,
    ),
    edit(
        "sigmoid_forward",
        "scaled_tanh",
        "tanh is brought from (-1, 1) to (0, 1), but its argument is not halved: (1 + tanh x) / 2 instead of (1 + tanh(x / 2)) / 2.",
        ("out: Floats = np.where(x >= 0, 1 / (1 + small), small / (1 + small))", "out = (1 + np.tanh(x)) / 2"),
        loses=FORWARD | STABLE,
    ),
    edit(
        "sigmoid_forward",
        "input_cut_off",
        "the input is clipped before the exponential, to so small a range that the output is wrong.",
        ("small = np.exp(-np.abs(x))", "small = np.exp(-np.minimum(np.abs(x), 5))"),
    ),
    edit(
        "sigmoid_forward",
        "brackets_missing",
        "brackets are missing: 1 / 1 + e^-x is computed, which is 1 + e^-x.",
        ("out: Floats = np.where(x >= 0, 1 / (1 + small), small / (1 + small))", "out = 1 / 1 + np.exp(-x)"),
        loses=FORWARD | STABLE,
    ),
    edit(
        "sigmoid_forward",
        "absolute_value_for_all",
        "1 / (1 + e^-|x|) is used for every x; it is right where x is not negative.",
        ("out: Floats = np.where(x >= 0, 1 / (1 + small), small / (1 + small))", "out = 1 / (1 + small)"),
        loses=FORWARD | STABLE,
    ),
    *slips("sigmoid_forward", "out", "x", "out: Floats = np.where(x >= 0, 1 / (1 + small), small / (1 + small))"),
)

SIGMOID_BACKWARD = (
    edit(
        "sigmoid_backward",
        "derivative_of_the_input",
        "s (1 - s) is computed with the input x instead of the output s.",
        (
            "out = cache",
            "out = np.clip(cache.astype(np.float64), 1e-300, 1 - 1.2e-16); out = np.log(out / (1 - out)).astype(cache.dtype)",
        ),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "sigmoid_backward",
        "one_factor_forgotten",
        "1 - s is used as the derivative; it should be s (1 - s).",
        ("dx: Floats = dout * out * (1 - out)", "dx = dout * (1 - out)"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "sigmoid_backward",
        "output_as_derivative",
        "the output s itself is used as the derivative; it should be s (1 - s).",
        ("dx: Floats = dout * out * (1 - out)", "dx = dout * out"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "sigmoid_backward",
        "upstream_forgotten",
        "the upstream gradient dout is left out.",
        ("dx: Floats = dout * out * (1 - out)", "dx = out * (1 - out) + 0 * dout"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "sigmoid_backward",
        "derivative_of_tanh",
        "the derivative of tanh, 1 - s^2, is used.",
        ("dx: Floats = dout * out * (1 - out)", "dx = dout * (1 - out**2)"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "sigmoid_backward",
        "sign_flipped",
        "the gradient has the wrong sign.",
        ("dx: Floats = dout * out * (1 - out)", "dx = -dout * out * (1 - out)"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "sigmoid_backward",
        "odds_of_the_output",
        "the derivative is computed as s^2 (1 / s - 1), which divides by zero where s is 0.",
        ("dx: Floats = dout * out * (1 - out)", "dx = dout * out**2 * (1 / out - 1)"),
        loses=STABLE,
    ),
    edit(
        "sigmoid_backward",
        "brackets_missing",
        "brackets are missing: dout * s - s^2 is computed instead of dout * (s - s^2).",
        ("dx: Floats = dout * out * (1 - out)", "dx = dout * out - out**2"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "sigmoid_backward",
        "sum_for_difference",
        "the derivative has a plus where it should have a minus: s (1 + s) instead of s (1 - s).",
        ("dx: Floats = dout * out * (1 - out)", "dx = dout * out * (1 + out)"),
        loses=BACKWARD | STABLE,
    ),
    *slips("sigmoid_backward", "dx", "dout", "dx: Floats = dout * out * (1 - out)"),
)

TANH_FORWARD = (
    edit(
        "tanh_forward",
        "naive_formula",
        "(e^x - e^-x) / (e^x + e^-x) is computed as it stands, and overflows for large x.",
        ("out = np.tanh(x)", "out = (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))"),
        loses=STABLE,
    ),
    edit(
        "tanh_forward",
        "sigmoid_for_tanh",
        "the sigmoid is returned, which runs from 0 to 1.",
        ("out = np.tanh(x)", "out = (1 + np.tanh(x / 2)) / 2"),
        loses=FORWARD | STABLE,
    ),
    edit(
        "tanh_forward",
        "half_the_argument",
        "tanh(x / 2) is returned.",
        ("out = np.tanh(x)", "out = np.tanh(x / 2)"),
        loses=FORWARD | STABLE,
    ),
    edit(
        "tanh_forward",
        "one_not_subtracted",
        "2 s(2x) is returned, where s is the sigmoid; 1 should be subtracted from it.",
        ("out = np.tanh(x)", "out = 1 + np.tanh(x)"),
        loses=FORWARD | STABLE,
    ),
    *slips("tanh_forward", "out", "x", "out = np.tanh(x)"),
)

TANH_BACKWARD = (
    edit(
        "tanh_backward",
        "square_forgotten",
        "1 - t is used as the derivative; it should be 1 - t^2.",
        ("dx: Floats = dout * (1 - out**2)", "dx = dout * (1 - out)"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "tanh_backward",
        "derivative_of_the_input",
        "1 - t^2 is computed with the input x instead of the output t.",
        ("out = cache", "out = np.arctanh(np.clip(cache.astype(np.float64), -1 + 1e-16, 1 - 1e-16)).astype(cache.dtype)"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "tanh_backward",
        "derivative_of_sigmoid",
        "the derivative of the sigmoid, t (1 - t), is used.",
        ("dx: Floats = dout * (1 - out**2)", "dx = dout * out * (1 - out)"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "tanh_backward",
        "tanh_taken_twice",
        "tanh is applied to the output once more before it is squared.",
        ("dx: Floats = dout * (1 - out**2)", "dx = dout * (1 - np.tanh(out) ** 2)"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "tanh_backward",
        "upstream_forgotten",
        "the upstream gradient dout is left out.",
        ("dx: Floats = dout * (1 - out**2)", "dx = 1 - out**2 + 0 * dout"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "tanh_backward",
        "by_the_hyperbolic_cosine",
        "the derivative is computed as 1 / cosh(x)^2, and cosh overflows for large x.",
        (
            "dx: Floats = dout * (1 - out**2)",
            "dx = dout * (1 - out**2) + 0 / np.cosh(np.where(np.abs(out) >= 1, 1e4, 0).astype(out.dtype))",
        ),
        loses=STABLE,
    ),
    edit(
        "tanh_backward",
        "sum_for_difference",
        "the derivative has a plus where it should have a minus: 1 + t^2 instead of 1 - t^2.",
        ("dx: Floats = dout * (1 - out**2)", "dx = dout * (1 + out**2)"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "tanh_backward",
        "difference_squared",
        "(1 - t)^2 is used as the derivative; it should be 1 - t^2.",
        ("dx: Floats = dout * (1 - out**2)", "dx = dout * (1 - out) ** 2"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "tanh_backward",
        "brackets_missing",
        "brackets are missing: dout - t^2 is computed instead of dout * (1 - t^2).",
        ("dx: Floats = dout * (1 - out**2)", "dx = dout - out**2"),
        loses=BACKWARD | STABLE,
    ),
    *slips("tanh_backward", "dx", "dout", "dx: Floats = dout * (1 - out**2)"),
)
