"""Known mistakes of the activation functions, the commonest of real work first."""

from __future__ import annotations

from grader.checks import Kind, Mistake, edit, rewrite

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
        "the tangent is shifted but its argument is not halved: (1 + tanh x) / 2 instead of (1 + tanh(x / 2)) / 2.",
        ("out: Floats = np.where(x >= 0, 1 / (1 + small), small / (1 + small))", "out = (1 + np.tanh(x)) / 2"),
        loses=FORWARD | STABLE,
    ),
    edit(
        "sigmoid_forward",
        "input_cut_off",
        "large inputs are cut off before the exponential, so near that the output is not right.",
        ("small = np.exp(-np.abs(x))", "small = np.exp(-np.minimum(np.abs(x), 5))"),
    ),
    *slips("sigmoid_forward", "out", "x", "out: Floats = np.where(x >= 0, 1 / (1 + small), small / (1 + small))"),
)

SIGMOID_BACKWARD = (
    edit(
        "sigmoid_backward",
        "derivative_of_the_input",
        "s (1 - s) is computed with the input x in the place of the output s.",
        (
            "out = cache",
            "out = np.clip(cache.astype(np.float64), 1e-300, 1 - 1.2e-16); out = np.log(out / (1 - out)).astype(cache.dtype)",
        ),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "sigmoid_backward",
        "one_factor_forgotten",
        "the derivative is taken for 1 - s; it is s (1 - s).",
        ("dx: Floats = dout * out * (1 - out)", "dx = dout * (1 - out)"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "sigmoid_backward",
        "output_as_derivative",
        "the output s itself is taken for the derivative.",
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
        "the derivative goes by s^2 (1 / s - 1), and 1 / s divides by zero where s is 0.",
        ("dx: Floats = dout * out * (1 - out)", "dx = dout * out**2 * (1 / out - 1)"),
        loses=STABLE,
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
    *slips("tanh_forward", "out", "x", "out = np.tanh(x)"),
)

TANH_BACKWARD = (
    edit(
        "tanh_backward",
        "square_forgotten",
        "the derivative is taken for 1 - t; it is 1 - t^2.",
        ("dx: Floats = dout * (1 - out**2)", "dx = dout * (1 - out)"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "tanh_backward",
        "derivative_of_the_input",
        "1 - t^2 is computed with the input x in the place of the output t.",
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
        "tanh is taken of the output once more before it is squared.",
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
        "the derivative goes by 1 / cosh(x)^2, and cosh overflows for large x.",
        (
            "dx: Floats = dout * (1 - out**2)",
            "dx = dout * (1 - out**2) + 0 / np.cosh(np.where(np.abs(out) >= 1, 1e4, 0).astype(out.dtype))",
        ),
        loses=STABLE,
    ),
    *slips("tanh_backward", "dx", "dout", "dx: Floats = dout * (1 - out**2)"),
)

RELU_FORWARD = (
    edit("relu_forward", "absolute_value", "the absolute value is returned.", ("out = np.maximum(0, x)", "out = np.abs(x)"), loses=FORWARD),
    edit(
        "relu_forward",
        "minimum_for_maximum",
        "the minimum of 0 and x is taken.",
        ("out = np.maximum(0, x)", "out = np.minimum(0, x)"),
        loses=FORWARD,
    ),
    edit(
        "relu_forward",
        "step_function",
        "1 is returned where x is positive, not x.",
        ("out = np.maximum(0, x)", "out = (x > 0).astype(x.dtype)"),
        loses=FORWARD,
    ),
    edit(
        "relu_forward",
        "leaky",
        "a small slope is left below 0.",
        ("out = np.maximum(0, x)", "out = np.maximum(0.01 * x, x)"),
        loses=FORWARD,
    ),
    edit("relu_forward", "capped", "the output is cut off at 1.", ("out = np.maximum(0, x)", "out = np.clip(x, 0, 1)"), loses=FORWARD),
    edit(
        "relu_forward",
        "largest_of_a_column",
        "np.max(x, 0) is taken, which is the largest value along axis 0; np.maximum compares element by element.",
        ("out = np.maximum(0, x)", "out = np.max(x, 0)"),
        loses=FORWARD,
    ),
    *slips("relu_forward", "out", "x", "out = np.maximum(0, x)"),
)

RELU_BACKWARD = (
    edit(
        "relu_backward",
        "mask_by_the_gradient",
        "the mask asks whether dout is positive, not whether x was.",
        ("dx: Floats = dout * (x > 0)", "dx = dout * (dout > 0)"),
        loses=BACKWARD,
    ),
    edit(
        "relu_backward", "no_mask", "dout is passed through everywhere.", ("dx: Floats = dout * (x > 0)", "dx = dout * 1"), loses=BACKWARD
    ),
    edit(
        "relu_backward",
        "mask_inverted",
        "the gradient is passed where x is negative.",
        ("dx: Floats = dout * (x > 0)", "dx = dout * (x < 0)"),
        loses=BACKWARD,
    ),
    edit(
        "relu_backward",
        "relu_of_the_gradient",
        "x itself is passed where it is positive, not dout.",
        ("dx: Floats = dout * (x > 0)", "dx = x * (x > 0) + 0 * dout"),
        loses=BACKWARD,
    ),
    edit(
        "relu_backward",
        "output_as_derivative",
        "dout is multiplied by the output, max(0, x); the derivative is 1 where x is positive.",
        ("dx: Floats = dout * (x > 0)", "dx = dout * np.maximum(0, x)"),
        loses=BACKWARD,
    ),
    edit(
        "relu_backward",
        "upstream_forgotten",
        "the upstream gradient dout is left out.",
        ("dx: Floats = dout * (x > 0)", "dx = (x > 0) + 0 * dout"),
        loses=BACKWARD,
    ),
    edit(
        "relu_backward",
        "two_at_zero",
        "the gradient at x = 0 is counted from both sides.",
        ("dx: Floats = dout * (x > 0)", "dx = dout * (x >= 0) + dout * (x == 0)"),
        loses={Kind.GRADIENT},
    ),
    *slips("relu_backward", "dx", "dout", "dx: Floats = dout * (x > 0)"),
)

LEAKY_RELU_FORWARD = (
    edit(
        "leaky_relu_forward",
        "larger_of_two_lines",
        "max(slope x, x) is taken, which is another function for slopes above 1.",
        ("out = np.where(x > 0, x, slope * x)", "out = np.maximum(slope * x, x)"),
        loses=FORWARD,
    ),
    edit(
        "leaky_relu_forward",
        "slope_ignored",
        "the slope is always 0.01.",
        ("out = np.where(x > 0, x, slope * x)", "out = np.where(x > 0, x, 0.01 * x)"),
        loses=FORWARD,
    ),
    edit(
        "leaky_relu_forward",
        "slope_on_both_sides",
        "the slope is applied to positive inputs too.",
        ("out = np.where(x > 0, x, slope * x)", "out = slope * x"),
        loses=FORWARD,
    ),
    edit(
        "leaky_relu_forward",
        "slope_for_the_output",
        "the slope itself is returned for negative inputs, not slope * x.",
        ("out = np.where(x > 0, x, slope * x)", "out = np.where(x > 0, x, slope).astype(x.dtype)"),
        loses=FORWARD,
    ),
    edit(
        "leaky_relu_forward",
        "sign_lost",
        "the negative part comes out positive.",
        ("out = np.where(x > 0, x, slope * x)", "out = np.where(x > 0, x, -slope * x)"),
        loses=FORWARD,
    ),
    edit(
        "leaky_relu_forward",
        "plain_relu",
        "negative inputs give 0.",
        ("out = np.where(x > 0, x, slope * x)", "out = np.where(x > 0, x, 0 * slope * x)"),
        loses=FORWARD,
    ),
    rewrite(
        "leaky_relu_forward",
        "another_default",
        "the slope is 0.1 where none is given; the default is 0.01.",
        "def leaky_relu_forward(x, slope=0.1):\n    return np.where(x > 0, x, slope * x), (x, slope)",
        loses=FORWARD,
    ),
    *slips("leaky_relu_forward", "out", "x", "out = np.where(x > 0, x, slope * x)"),
)

LEAKY_RELU_BACKWARD = (
    edit(
        "leaky_relu_backward",
        "slope_ignored",
        "the slope is always 0.01.",
        ("dx: Floats = np.where(x > 0, dout, slope * dout)", "dx = np.where(x > 0, dout, 0.01 * dout)"),
        loses=BACKWARD,
    ),
    edit(
        "leaky_relu_backward",
        "mask_by_the_gradient",
        "the sign of dout decides, not that of x.",
        ("dx: Floats = np.where(x > 0, dout, slope * dout)", "dx = np.where(dout > 0, dout, slope * dout)"),
        loses=BACKWARD,
    ),
    edit(
        "leaky_relu_backward",
        "mask_by_the_output",
        "the sign of the output decides, which is not that of x for negative slopes.",
        ("dx: Floats = np.where(x > 0, dout, slope * dout)", "dx = np.where(np.where(x > 0, x, slope * x) > 0, dout, slope * dout)"),
        loses=BACKWARD,
    ),
    edit(
        "leaky_relu_backward",
        "plain_relu",
        "nothing is passed where x is negative.",
        ("dx: Floats = np.where(x > 0, dout, slope * dout)", "dx = dout * (x > 0)"),
        loses=BACKWARD,
    ),
    edit(
        "leaky_relu_backward",
        "slope_for_the_gradient",
        "the slope itself is returned for negative inputs, not slope * dout.",
        ("dx: Floats = np.where(x > 0, dout, slope * dout)", "dx = np.where(x > 0, dout, slope).astype(dout.dtype)"),
        loses=BACKWARD,
    ),
    edit(
        "leaky_relu_backward",
        "slope_times_input",
        "slope * x is returned for negative inputs, not slope * dout.",
        ("dx: Floats = np.where(x > 0, dout, slope * dout)", "dx = np.where(x > 0, dout, slope * x)"),
        loses=BACKWARD,
    ),
    edit(
        "leaky_relu_backward",
        "upstream_forgotten",
        "the upstream gradient dout is left out.",
        ("dx: Floats = np.where(x > 0, dout, slope * dout)", "dx = np.where(x > 0, 1, slope) + 0 * dout"),
        loses=BACKWARD,
    ),
    edit(
        "leaky_relu_backward",
        "input_besides",
        "x is left in the derivative: slope * x * dout is returned for negative inputs.",
        ("dx: Floats = np.where(x > 0, dout, slope * dout)", "dx = np.where(x > 0, dout, slope * x * dout)"),
        loses=BACKWARD,
    ),
    *slips("leaky_relu_backward", "dx", "dout", "dx: Floats = np.where(x > 0, dout, slope * dout)"),
)

PRELU_FORWARD = (
    edit(
        "prelu_forward",
        "larger_of_two_lines",
        "max(alpha x, x) is taken, which is another function for slopes above 1.",
        ("out = np.where(x > 0, x, slope * x)", "out = np.maximum(slope * x, x)"),
        loses=FORWARD,
    ),
    edit(
        "prelu_forward",
        "channels_last",
        "alpha is laid along the last axis; channels are axis 1.",
        ("slope = _along_channels(alpha, x.ndim)", "slope = alpha if np.ndim(alpha) == 0 else np.resize(alpha, x.shape[-1])"),
        loses=FORWARD,
    ),
    edit(
        "prelu_forward",
        "broadcast_as_it_is",
        "alpha is broadcast as it is, along the last axis; channels are axis 1.",
        ("slope = _along_channels(alpha, x.ndim)", "slope = alpha"),
        loses=FORWARD,
    ),
    edit(
        "prelu_forward",
        "one_slope_for_all",
        "the first entry of alpha is used for every channel.",
        ("slope = _along_channels(alpha, x.ndim)", "slope = alpha if np.ndim(alpha) == 0 else alpha[0]"),
        loses=FORWARD,
    ),
    edit(
        "prelu_forward",
        "slope_on_both_sides",
        "the slope is applied to positive inputs too.",
        ("out = np.where(x > 0, x, slope * x)", "out = slope * x"),
        loses=FORWARD,
    ),
    *slips("prelu_forward", "out", "x", "out = np.where(x > 0, x, slope * x)"),
)

PRELU_BACKWARD = (
    edit(
        "prelu_backward",
        "slope_gradient_over_all_inputs",
        "dalpha sums over positive inputs too.",
        ("dslope: Floats = np.where(x > 0, 0, x * dout)", "dslope = x * dout"),
        loses=BACKWARD,
    ),
    edit(
        "prelu_backward",
        "input_forgotten_in_the_slope",
        "x is left out of dalpha, which is the sum of x * dout.",
        ("dslope: Floats = np.where(x > 0, 0, x * dout)", "dslope = np.where(x > 0, 0, dout)"),
        loses=BACKWARD,
    ),
    edit(
        "prelu_backward",
        "slope_in_its_own_gradient",
        "alpha stands in its own gradient.",
        ("dslope: Floats = np.where(x > 0, 0, x * dout)", "dslope = np.where(x > 0, 0, slope * x * dout)"),
        loses=BACKWARD,
    ),
    edit(
        "prelu_backward",
        "upstream_forgotten_in_the_slope",
        "dout is left out of dalpha.",
        ("dslope: Floats = np.where(x > 0, 0, x * dout)", "dslope = np.where(x > 0, 0, x)"),
        loses=BACKWARD,
    ),
    edit(
        "prelu_backward",
        "sign_of_the_slope_gradient",
        "dalpha has the wrong sign.",
        ("dslope: Floats = np.where(x > 0, 0, x * dout)", "dslope = np.where(x > 0, 0, -x * dout)"),
        loses=BACKWARD,
    ),
    edit(
        "prelu_backward",
        "averaged_slope_gradient",
        "dalpha is averaged over the batch, not summed.",
        ("dslope: Floats = np.where(x > 0, 0, x * dout)", "dslope = np.where(x > 0, 0, x * dout) / x.shape[0]"),
        loses=BACKWARD,
    ),
    edit(
        "prelu_backward",
        "slope_gradient_not_summed",
        "dalpha is not summed: it has the shape of x, not that of alpha.",
        ("dalpha: Floats | Scalar = np.sum(dslope)", "dalpha = dslope"),
        ("dalpha = np.sum(dslope, axis=all_but_channels)", "dalpha = dslope"),
        loses=BACKWARD,
    ),
    edit(
        "prelu_backward",
        "one_number_for_all_channels",
        "dalpha is one number for all channels: np.sum has no axis.",
        ("dalpha = np.sum(dslope, axis=all_but_channels)", "dalpha = np.sum(dslope)"),
        loses=BACKWARD,
    ),
    edit(
        "prelu_backward",
        "mean_for_the_sum",
        "dalpha is a mean where a sum is due.",
        ("dalpha: Floats | Scalar = np.sum(dslope)", "dalpha = np.mean(dslope)"),
        ("dalpha = np.sum(dslope, axis=all_but_channels)", "dalpha = np.mean(dslope, axis=all_but_channels)"),
        loses=BACKWARD,
    ),
    edit(
        "prelu_backward",
        "one_sum_for_all_channels",
        "dalpha is summed over the channels as well.",
        ("dalpha = np.sum(dslope, axis=all_but_channels)", "dalpha = np.full_like(alpha, np.sum(dslope))"),
        loses=BACKWARD,
    ),
    edit(
        "prelu_backward",
        "plain_relu",
        "dx is 0 where x is negative.",
        ("dx: Floats = np.where(x > 0, dout, slope * dout)", "dx = np.where(x > 0, dout, 0 * slope * dout)"),
        loses=BACKWARD,
    ),
    edit(
        "prelu_backward",
        "mask_by_the_gradient",
        "the sign of dout decides, not that of x.",
        ("dx: Floats = np.where(x > 0, dout, slope * dout)", "dx = np.where(dout > 0, dout, slope * dout)"),
        loses=BACKWARD,
    ),
    *slips("prelu_backward", "dx", "dout", "dslope: Floats = np.where(x > 0, 0, x * dout)"),
)

ELU_FORWARD = (
    edit(
        "elu_forward",
        "bracket_forgotten",
        "alpha e^x - 1 is computed for alpha (e^x - 1), as one of the lecture notes prints it.",
        ("below = alpha * np.expm1(negative)", "below = alpha * np.exp(negative) - 1"),
        loses=FORWARD | STABLE,
    ),
    edit(
        "elu_forward",
        "one_not_subtracted",
        "alpha e^x is computed for alpha (e^x - 1).",
        ("below = alpha * np.expm1(negative)", "below = alpha * np.exp(negative)"),
        loses=FORWARD | STABLE,
    ),
    edit(
        "elu_forward",
        "alpha_ignored",
        "alpha is always 1.",
        ("below = alpha * np.expm1(negative)", "below = np.expm1(negative)"),
        loses=FORWARD | STABLE,
    ),
    edit(
        "elu_forward",
        "alpha_on_both_sides",
        "alpha scales the positive inputs too.",
        ("out = np.where(x > 0, x, below)", "out = np.where(x > 0, alpha * x, below)"),
        loses=FORWARD | STABLE,
    ),
    edit(
        "elu_forward",
        "exponential_of_all",
        "e^x is also computed where x is large, where it overflows and is thrown away.",
        ("negative = np.minimum(x, 0)", "negative = x"),
        loses=STABLE,
    ),
    edit(
        "elu_forward",
        "sign_of_the_exponent",
        "the exponent has the wrong sign.",
        ("below = alpha * np.expm1(negative)", "below = alpha * np.expm1(np.maximum(-negative, -50).clip(None, 50))"),
        loses=FORWARD | STABLE,
    ),
    *slips("elu_forward", "out", "x", "out = np.where(x > 0, x, below)"),
)

ELU_BACKWARD = (
    edit(
        "elu_backward",
        "output_for_the_derivative",
        "alpha (e^x - 1), the output, is taken for the derivative alpha e^x.",
        ("slope = alpha * np.exp(negative)", "slope = alpha * np.expm1(negative)"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "elu_backward",
        "alpha_forgotten",
        "alpha is left out of the derivative.",
        ("slope = alpha * np.exp(negative)", "slope = np.exp(negative)"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "elu_backward",
        "alpha_added_twice",
        "alpha is added to alpha e^x, which is the derivative already.",
        ("slope = alpha * np.exp(negative)", "slope = alpha * np.exp(negative) + alpha"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "elu_backward",
        "output_plus_one",
        "the derivative is taken for the output plus 1; it is the output plus alpha.",
        ("slope = alpha * np.exp(negative)", "slope = alpha * np.expm1(negative) + 1"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "elu_backward",
        "mask_by_the_gradient",
        "the sign of dout decides, not that of x.",
        ("dx: Floats = np.where(x > 0, dout, slope * dout)", "dx = np.where(dout > 0, dout, slope * dout)"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "elu_backward",
        "plain_relu",
        "nothing is passed where x is negative.",
        ("dx: Floats = np.where(x > 0, dout, slope * dout)", "dx = dout * (x > 0)"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "elu_backward",
        "exponential_of_all",
        "e^x is also computed where x is large, where it overflows and is thrown away.",
        ("negative = np.minimum(x, 0)", "negative = x"),
        loses=STABLE,
    ),
    *slips("elu_backward", "dx", "dout", "dx: Floats = np.where(x > 0, dout, slope * dout)"),
)

MAXOUT_FORWARD = (
    edit(
        "maxout_forward",
        "minimum_for_maximum",
        "the smaller of the two is taken.",
        ("out = np.maximum(s1, s2)", "out = np.minimum(s1, s2)"),
        loses=FORWARD,
    ),
    edit("maxout_forward", "sum_for_maximum", "the two maps are added.", ("out = np.maximum(s1, s2)", "out = s1 + s2"), loses=FORWARD),
    edit(
        "maxout_forward",
        "biases_forgotten",
        "the biases are left out.",
        ("s1 = x @ W1 + b1", "s1 = x @ W1"),
        ("s2 = x @ W2 + b2", "s2 = x @ W2"),
        loses=FORWARD,
    ),
    edit(
        "maxout_forward",
        "second_bias_forgotten",
        "the bias of the second map is left out.",
        ("s2 = x @ W2 + b2", "s2 = x @ W2"),
        loses=FORWARD,
    ),
    edit(
        "maxout_forward",
        "relu_besides",
        "the result is also cut off at 0.",
        ("out = np.maximum(s1, s2)", "out = np.maximum(np.maximum(s1, s2), 0)"),
        loses=FORWARD,
    ),
    edit("maxout_forward", "one_map_alone", "only the first map is used.", ("out = np.maximum(s1, s2)", "out = s1"), loses=FORWARD),
    *slips("maxout_forward", "out", "x", "out = np.maximum(s1, s2)"),
)

MAXOUT_BACKWARD = (
    edit(
        "maxout_backward",
        "gradient_to_both",
        "both maps get the gradient, the one that lost too.",
        ("ds1 = dout * first", "ds1 = dout"),
        ("ds2 = dout * ~first", "ds2 = dout"),
        loses=BACKWARD,
    ),
    edit(
        "maxout_backward",
        "gradient_to_the_first_alone",
        "the second map gets no gradient.",
        ("ds2 = dout * ~first", "ds2 = dout * 0"),
        loses=BACKWARD,
    ),
    edit(
        "maxout_backward",
        "gradient_to_the_loser",
        "the map that was smaller gets the gradient.",
        ("first = s1 >= s2", "first = s1 < s2"),
        loses=BACKWARD,
    ),
    edit(
        "maxout_backward",
        "half_to_each",
        "each map gets half of the gradient.",
        ("ds1 = dout * first", "ds1 = dout / 2"),
        ("ds2 = dout * ~first", "ds2 = dout / 2"),
        loses=BACKWARD,
    ),
    edit(
        "maxout_backward",
        "only_one_path_to_the_input",
        "dx lacks what comes through the second map.",
        ("dx = ds1 @ W1.T + ds2 @ W2.T", "dx = ds1 @ W1.T"),
        loses=BACKWARD,
    ),
    edit(
        "maxout_backward",
        "bias_gradient_to_both",
        "the biases of both maps get the whole gradient, those of the map that lost too.",
        ("db1 = np.sum(ds1, axis=0)", "db1 = np.sum(dout, axis=0)"),
        ("db2 = np.sum(ds2, axis=0)", "db2 = np.sum(dout, axis=0)"),
        loses=BACKWARD,
    ),
    edit(
        "maxout_backward",
        "bias_gradient_averaged",
        "the gradients of the biases are averaged over the batch, not summed.",
        ("db1 = np.sum(ds1, axis=0)", "db1 = np.mean(ds1, axis=0)"),
        ("db2 = np.sum(ds2, axis=0)", "db2 = np.mean(ds2, axis=0)"),
        loses=BACKWARD,
    ),
    edit(
        "maxout_backward",
        "gradients_exchanged",
        "the gradients of the two maps are exchanged.",
        ("return dx, dW1, db1, dW2, db2", "return dx, dW2, db2, dW1, db1"),
        loses=BACKWARD,
    ),
    *slips("maxout_backward", "dx", "dout", "dx = ds1 @ W1.T + ds2 @ W2.T"),
)

TWO_RELU_SIGMOID = (
    edit(
        "two_relu_sigmoid",
        "sum_for_difference",
        "the two are added, not subtracted.",
        ("out: Floats = np.maximum(0, x + 1) - np.maximum(0, x - 1)", "out = np.maximum(0, x + 1) + np.maximum(0, x - 1)"),
        loses=FORWARD,
    ),
    edit(
        "two_relu_sigmoid",
        "halved",
        "the result is halved, to run from 0 to 1; here it runs from 0 to 2.",
        ("out: Floats = np.maximum(0, x + 1) - np.maximum(0, x - 1)", "out = (np.maximum(0, x + 1) - np.maximum(0, x - 1)) / 2"),
        loses=FORWARD,
    ),
    edit(
        "two_relu_sigmoid",
        "shifts_exchanged",
        "the two shifts are exchanged.",
        ("out: Floats = np.maximum(0, x + 1) - np.maximum(0, x - 1)", "out = np.maximum(0, x - 1) - np.maximum(0, x + 1)"),
        loses=FORWARD,
    ),
    edit(
        "two_relu_sigmoid",
        "real_sigmoid",
        "the sigmoid itself is returned, not the piecewise linear function.",
        ("out: Floats = np.maximum(0, x + 1) - np.maximum(0, x - 1)", "out = (1 + np.tanh(x / 2)) / 2"),
        loses=FORWARD,
    ),
    *slips("two_relu_sigmoid", "out", "x", "out: Floats = np.maximum(0, x + 1) - np.maximum(0, x - 1)"),
)

SATURATED_FRACTION = (
    edit(
        "saturated_fraction",
        "one_sided_high",
        "only the upper asymptote is looked at.",
        ("return float(np.mean(near_low | near_high))", "return float(np.mean(near_high))"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY},
    ),
    edit(
        "saturated_fraction",
        "one_sided_low",
        "only the lower asymptote is looked at.",
        ("return float(np.mean(near_low | near_high))", "return float(np.mean(near_low))"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY},
    ),
    edit(
        "saturated_fraction",
        "asymptotes_of_the_sigmoid",
        "0 is taken for the lower asymptote of tanh too; it is -1.",
        ("low, high = -1.0, 1.0", "low, high = 0.0, 1.0"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY},
    ),
    edit(
        "saturated_fraction",
        "tolerance_ignored",
        "tol is always 0.01.",
        ("near_low = h - low <= tol", "near_low = h - low <= 0.01"),
        ("near_high = high - h <= tol", "near_high = high - h <= 0.01"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY},
    ),
    edit(
        "saturated_fraction",
        "count_for_share",
        "the number of outputs is returned, not their share.",
        ("return float(np.mean(near_low | near_high))", "return float(np.sum(near_low | near_high))"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY},
    ),
    edit(
        "saturated_fraction",
        "share_of_the_others",
        "the share of outputs that are not saturated is returned.",
        ("return float(np.mean(near_low | near_high))", "return 1.0 - float(np.mean(near_low | near_high))"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY},
    ),
    edit(
        "saturated_fraction",
        "relative_tolerance",
        "tol is taken as a share of the whole range of outputs.",
        ("near_low = h - low <= tol", "near_low = h - low <= tol * (h.max() - h.min()) / 3"),
        ("near_high = high - h <= tol", "near_high = high - h <= tol * (h.max() - h.min()) / 3"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY},
    ),
    edit(
        "saturated_fraction",
        "array_for_a_number",
        "an array of one number is returned, not a number.",
        ("return float(np.mean(near_low | near_high))", "return np.mean(near_low | near_high, keepdims=True)"),
        loses={Kind.SHAPE},
    ),
    edit(
        "saturated_fraction",
        "argument_overwritten",
        "the work is done in place, on h itself.",
        ("near_low = h - low <= tol", "near_low = h - low <= tol; h *= 0.5; h = h * 2"),
        loses={Kind.PURITY},
    ),
)

DEAD_UNITS = (
    edit(
        "dead_units",
        "any_for_all",
        "a unit is called dead if it is 0 for some example; it must be 0 for every one.",
        ("dead: Bools = np.all(h == 0, axis=0)", "dead = np.any(h == 0, axis=0)"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY, Kind.DTYPE},
    ),
    edit(
        "dead_units",
        "negative_is_dead",
        "a unit with negative outputs is called dead; only 0 is.",
        ("dead: Bools = np.all(h == 0, axis=0)", "dead = np.all(h <= 0, axis=0)"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY, Kind.DTYPE},
    ),
    edit(
        "dead_units",
        "examples_for_units",
        "examples are judged, not units: the wrong axis is reduced.",
        ("dead: Bools = np.all(h == 0, axis=0)", "dead = np.all(h == 0, axis=1)"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY, Kind.DTYPE},
    ),
    edit(
        "dead_units",
        "alive_for_dead",
        "the units that are alive are marked.",
        ("dead: Bools = np.all(h == 0, axis=0)", "dead = ~np.all(h == 0, axis=0)"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY, Kind.DTYPE},
    ),
    edit(
        "dead_units",
        "sum_of_zero",
        "the outputs of a unit are added up, and those of opposite sign cancel.",
        ("dead: Bools = np.all(h == 0, axis=0)", "dead = np.sum(h, axis=0) == 0"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY, Kind.DTYPE},
    ),
    edit(
        "dead_units",
        "count_for_units",
        "the dead units are counted, not marked.",
        ("dead: Bools = np.all(h == 0, axis=0)", "dead = np.sum(np.all(h == 0, axis=0))"),
        loses={Kind.VALUE, Kind.SHAPE, Kind.PURITY, Kind.DTYPE},
    ),
    edit(
        "dead_units",
        "numbers_for_booleans",
        "numbers are returned, not booleans.",
        ("dead: Bools = np.all(h == 0, axis=0)", "dead = np.all(h == 0, axis=0).astype(int)"),
        loses={Kind.DTYPE},
    ),
    edit(
        "dead_units",
        "an_axis_too_many",
        "the result has an axis of size 1 that is not asked for.",
        ("dead: Bools = np.all(h == 0, axis=0)", "dead = np.all(h == 0, axis=0, keepdims=True)"),
        loses={Kind.SHAPE},
    ),
    edit(
        "dead_units",
        "argument_overwritten",
        "the work is done in place, on h itself.",
        ("dead: Bools = np.all(h == 0, axis=0)", "dead = np.all(h == 0, axis=0); h += 1"),
        loses={Kind.PURITY},
    ),
)
