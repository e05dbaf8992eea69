"""Known mistakes of the exponential linear unit."""

from __future__ import annotations

from grader.checks import edit

from .activations import BACKWARD, FORWARD, STABLE, slips

ELU_FORWARD = (
    edit(
        "elu_forward",
        "bracket_forgotten",
        "alpha e^x - 1 is computed instead of alpha (e^x - 1), as one of the lecture notes prints it.",
        ("below = alpha * np.expm1(negative)", "below = alpha * np.exp(negative) - 1"),
        loses=FORWARD | STABLE,
    ),
    edit(
        "elu_forward",
        "one_not_subtracted",
        "alpha e^x is computed instead of alpha (e^x - 1).",
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
        "e^x is also computed where x is large: it is not used there, but it overflows.",
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
    edit(
        "elu_forward",
        "alpha_in_the_exponent",
        "e^(alpha x) - 1 is computed instead of alpha (e^x - 1).",
        ("below = alpha * np.expm1(negative)", "below = np.expm1(alpha * negative)"),
        loses=FORWARD | STABLE,
    ),
    *slips("elu_forward", "out", "x", "out = np.where(x > 0, x, below)"),
)

ELU_BACKWARD = (
    edit(
        "elu_backward",
        "output_for_the_derivative",
        "alpha (e^x - 1), the output, is used as the derivative; it should be alpha e^x.",
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
        "out + 1 is used as the derivative; it should be out + alpha.",
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
        "dx is 0 where x is negative.",
        ("dx: Floats = np.where(x > 0, dout, slope * dout)", "dx = dout * (x > 0)"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "elu_backward",
        "exponential_of_all",
        "e^x is also computed where x is large: it is not used there, but it overflows.",
        ("negative = np.minimum(x, 0)", "negative = x"),
        loses=STABLE,
    ),
    edit(
        "elu_backward",
        "exponential_of_the_output",
        "the derivative is computed as alpha e^out; it should be alpha e^x, or out + alpha.",
        ("slope = alpha * np.exp(negative)", "slope = alpha * np.exp(alpha * np.expm1(negative))"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "elu_backward",
        "upstream_forgotten",
        "the upstream gradient dout is left out.",
        ("dx: Floats = np.where(x > 0, dout, slope * dout)", "dx = np.where(x > 0, 1, slope) + 0 * dout"),
        loses=BACKWARD | STABLE,
    ),
    edit(
        "elu_backward",
        "upstream_forgotten_above_zero",
        "dx is 1 where x is positive; it should be dout.",
        ("dx: Floats = np.where(x > 0, dout, slope * dout)", "dx = np.where(x > 0, 1, slope * dout)"),
        loses=BACKWARD | STABLE,
    ),
    *slips("elu_backward", "dx", "dout", "dx: Floats = np.where(x > 0, dout, slope * dout)"),
)
