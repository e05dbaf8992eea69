"""Known mistakes of ReLU and of its forms with a slope below 0."""

from __future__ import annotations

from grader.checks import Kind, edit, rewrite

from .activations import BACKWARD, FORWARD, slips

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
