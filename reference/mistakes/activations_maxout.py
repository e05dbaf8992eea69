"""Known mistakes of what combines two units: maxout, and the sigmoid of two ReLUs."""

from __future__ import annotations

from grader.checks import edit

from .activations import BACKWARD, FORWARD, slips

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
