"""Known mistakes of the two experiments: the statistics of deep activations, and the step from equal units."""

from __future__ import annotations

from grader.checks import Kind, edit

MEAN_AND_STD = "mean, std = np.mean(h), np.std(h)"
DEAD = "dead = np.all(h == 0, axis=0)"
UNCOUNTED = {Kind.VALUE, Kind.PURITY, Kind.STABILITY}
ACTIVATION_STATISTICS = (
    edit(
        "activation_statistics",
        "before_the_activation",
        "mean and standard deviation are those of the sums before the activation.",
        (MEAN_AND_STD, "mean, std = np.mean(s), np.std(s)"),
    ),
    edit("activation_statistics", "bias_forgotten", "the biases are not added.", ("h @ W + b", "h @ W"), loses=UNCOUNTED),
    edit(
        "activation_statistics",
        "ddof_one",
        "the standard deviation divides by the number of values minus one.",
        ("np.std(h)", "np.std(h, ddof=1)"),
    ),
    edit("activation_statistics", "variance_for_std", "std is the variance: the square root is missing.", ("np.std(h)", "np.var(h)")),
    edit(
        "activation_statistics",
        "std_per_unit",
        "the standard deviation is taken per unit and then averaged; take it over all values at once.",
        ("np.std(h)", "np.mean(np.std(h, axis=0))"),
    ),
    edit("activation_statistics", "dead_values", "dead is the share of values that are 0, not of units.", (DEAD, "dead = h == 0")),
    edit(
        "activation_statistics", "dead_once", "a unit counts as dead if it is 0 for any example.", (DEAD, "dead = np.any(h == 0, axis=0)")
    ),
    edit(
        "activation_statistics",
        "dead_examples",
        "dead is the share of examples for which every unit is 0: the axes are swapped.",
        (DEAD, "dead = np.all(h == 0, axis=1)"),
    ),
    edit(
        "activation_statistics",
        "dead_counted",
        "dead is the number of units that are 0 for every example, not their share.",
        ('"dead": float(np.mean(dead))', '"dead": float(np.sum(dead))'),
    ),
    edit(
        "activation_statistics",
        "linear_passed_on",
        "the next layer is fed the sums s; it should be fed the activations h of the layer before.",
        ("h = x\n", "h = passed = x\n"),
        ("s = h @ W + b", "s = passed = passed @ W + b"),
        loses=UNCOUNTED,
    ),
    edit(
        "activation_statistics",
        "saturated_counted",
        "saturated is the number of values near an asymptote; it should be their share.",
        ("float(np.mean(saturated))", "float(np.sum(saturated))"),
    ),
    edit(
        "activation_statistics",
        "within_a_tenth",
        "values within 0.1 of an asymptote count as saturated; it should be those within 0.01.",
        ("(h <= 0.01) | (h >= 0.99)", "(h <= 0.1) | (h >= 0.9)"),
        ("(h <= -0.99) | (h >= 0.99)", "(h <= -0.9) | (h >= 0.9)"),
    ),
    edit(
        "activation_statistics",
        "lower_end_alone",
        "only values near the lower asymptote count as saturated.",
        ("(h <= 0.01) | (h >= 0.99)", "h <= 0.01"),
        ("(h <= -0.99) | (h >= 0.99)", "h <= -0.99"),
    ),
    edit(
        "activation_statistics",
        "sums_looked_at",
        "saturated is asked of the sums before the activation; it should be asked of the activations.",
        ("(h <= 0.01) | (h >= 0.99)", "(s <= 0.01) | (s >= 0.99)"),
        ("(h <= -0.99) | (h >= 0.99)", "(s <= -0.99) | (s >= 0.99)"),
    ),
    edit(
        "activation_statistics",
        "dead_by_relu_alone",
        "dead is always 0 for sigmoid and tanh.",
        (DEAD, "dead = np.all(h == 0, axis=0) & (activation == 'relu')"),
    ),
    edit(
        "activation_statistics",
        "upper_end_alone",
        "only values near the upper asymptote count as saturated.",
        ("(h <= 0.01) | (h >= 0.99)", "h >= 0.99"),
        ("(h <= -0.99) | (h >= 0.99)", "h >= 0.99"),
    ),
    edit(
        "activation_statistics",
        "tanh_like_sigmoid",
        "the lower asymptote of tanh is taken to be 0; it should be -1.",
        ("(h <= -0.99) | (h >= 0.99)", "(h <= 0.01) | (h >= 0.99)"),
    ),
    edit(
        "activation_statistics",
        "relu_saturates_at_zero",
        "zeros of relu are counted as saturated; the share should be 0.0 for relu.",
        ("np.zeros_like(h, dtype=bool)", "h == 0"),
    ),
    edit(
        "activation_statistics",
        "last_layer_alone",
        "only the last layer is described.",
        ("return statistics", "return statistics[-1:]"),
        loses=UNCOUNTED,
    ),
    edit(
        "activation_statistics",
        "input_described_too",
        "the input is described as if it were a layer.",
        ("return statistics", "return [{'mean': float(np.mean(x)), 'std': float(np.std(x)), 'saturated': 0.0, 'dead': 0.0}, *statistics]"),
        loses=UNCOUNTED,
    ),
    edit(
        "activation_statistics",
        "layers_used_up",
        "the layers are removed from the list weights, which belongs to the caller.",
        ("for W, b in weights:", "while weights:\n        W, b = weights.pop(0)"),
        loses={Kind.PURITY},
    ),
    edit(
        "activation_statistics",
        "overflowing_sigmoid",
        "exp(-s) overflows for large negative sums.",
        ("_sigmoid(s)", "1 / (1 + np.exp(-s))"),
        loses={Kind.STABILITY},
    ),
)

EVERYTHING = {Kind.VALUE, Kind.SHAPE, Kind.DTYPE, Kind.PURITY, Kind.STABILITY}
STEPS = tuple(f'"{key}": {key} - lr * d{key}' for key in ("W1", "b1", "W2", "b2"))
SYMMETRIC_STEP = (
    edit("symmetric_step", "factor_two_missing", "the derivative of (o - y)^2 lacks its factor 2.", ("do = 2 * (o - y)", "do = o - y")),
    edit("symmetric_step", "ascent", "the step goes up the gradient, not down.", *((step, step.replace(" - ", " + ")) for step in STEPS)),
    edit(
        "symmetric_step",
        "new_weights_in_the_backward_pass",
        "W2 is updated before the gradient goes back through it; all gradients should use the old parameters.",
        ("dh = W2 @ da2", "dh = (W2 - lr * dW2) @ da2"),
    ),
    edit(
        "symmetric_step",
        "output_slope_missing",
        "the derivative of the output's sigmoid is missing.",
        ("da2 = do * o * (1 - o)", "da2 = do"),
    ),
    edit(
        "symmetric_step",
        "hidden_slope_missing",
        "the derivative of the hidden units' sigmoid is missing.",
        ("da1 = dh * h * (1 - h)", "da1 = dh"),
    ),
    edit(
        "symmetric_step",
        "output_without_sigmoid",
        "the output has no sigmoid.",
        ("o = _sigmoid(h @ W2 + b2)", "o = h @ W2 + b2"),
        ("da2 = do * o * (1 - o)", "da2 = do"),
    ),
    edit(
        "symmetric_step",
        "biases_not_updated",
        "the biases stay as they are.",
        ('"b1": b1 - lr * db1', '"b1": b1.copy()'),
        ('"b2": b2 - lr * db2', '"b2": b2.copy()'),
        loses=EVERYTHING,
    ),
    edit(
        "symmetric_step",
        "rows_as_units",
        "the rows of W1 are used as the weights of the hidden units; its columns should be.",
        ("x @ W1", "W1 @ x"),
        loses=EVERYTHING,
    ),
    edit("symmetric_step", "gradient_transposed", "the gradient of W1 is transposed.", ("np.outer(x, da1)", "np.outer(da1, x)")),
    edit(
        "symmetric_step",
        "input_for_hidden",
        "the gradient of W2 is made of x; it should be made of h.",
        ("np.outer(h, da2)", "np.outer(x, da2)"),
    ),
    edit(
        "symmetric_step",
        "hidden_for_input",
        "the gradient of W1 is made of h; it should be made of x.",
        ("np.outer(x, da1)", "np.outer(h, da1)"),
    ),
    edit(
        "symmetric_step",
        "slope_of_the_output_twice",
        "the hidden units get the slope of the output, o (1 - o); it should be their own, h (1 - h).",
        ("da1 = dh * h * (1 - h)", "da1 = dh * o * (1 - o)"),
    ),
    edit(
        "symmetric_step",
        "sent_back_before_the_slope",
        "the hidden layer gets W2 times dL/do; the slope o (1 - o) of the output is missing on that path.",
        ("dh = W2 @ da2", "dh = W2 @ do"),
    ),
    edit(
        "symmetric_step",
        "second_weights_left_out",
        "the gradient goes back to the hidden layer without W2.",
        ("dh = W2 @ da2", "dh = np.ones_like(W2) @ da2"),
    ),
    edit(
        "symmetric_step",
        "slope_by_the_sums",
        "the slope of the output's sigmoid is that of sigmoid(o): a sigmoid is taken of o once more.",
        ("da2 = do * o * (1 - o)", "da2 = do * _sigmoid(o) * (1 - _sigmoid(o))"),
    ),
    edit(
        "symmetric_step",
        "averaged_units",
        "both hidden units get the mean of their gradients.",
        ("da1 = dh * h * (1 - h)", "da1 = np.full_like(h, np.mean(dh * h * (1 - h)))"),
    ),
    edit(
        "symmetric_step",
        "no_step",
        "the parameters are returned unchanged.",
        *((step, step.partition(" - ")[0]) for step in STEPS),
        loses=EVERYTHING,
    ),
    edit(
        "symmetric_step",
        "output_bias_left_out",
        "b2 is missing from the dict.",
        (f"{STEPS[3]},", ""),
        loses={Kind.VALUE, Kind.SHAPE, Kind.DTYPE, Kind.STABILITY},
    ),
    edit(
        "symmetric_step",
        "in_place",
        "the parameters are updated in place.",
        *((step, f'"{step[1:3]}": np.subtract({step[1:3]}, lr * d{step[1:3]}, out={step[1:3]})') for step in STEPS),
        loses={Kind.PURITY},
    ),
    edit(
        "symmetric_step",
        "flat_weights",
        "W2 is returned with the shape (2,); it should be (2, 1).",
        (STEPS[2], '"W2": (W2 - lr * dW2).ravel()'),
        loses={Kind.SHAPE},
    ),
    edit(
        "symmetric_step",
        "double_precision",
        "the step size is a float64 of NumPy, which turns float32 into float64.",
        *((step, step.replace("lr", "np.float64(lr)")) for step in STEPS),
        loses={Kind.DTYPE},
    ),
    edit(
        "symmetric_step",
        "overflowing_sigmoid",
        "exp(-s) overflows for large negative sums.",
        ("h = _sigmoid(x @ W1 + b1)", "h = 1 / (1 + np.exp(-(x @ W1 + b1)))"),
        loses={Kind.STABILITY},
    ),
)
