"""Known mistakes of the affine layer and of the three small graphs, for each function the commonest of real work first."""

from __future__ import annotations

from grader.checks import Kind, Mistake, edit, rewrite

VALUE, GRADIENT, STABILITY = Kind.VALUE, Kind.GRADIENT, Kind.STABILITY
SHAPE, DTYPE, PURITY = Kind.SHAPE, Kind.DTYPE, Kind.PURITY

# -------------------------------------------------------------------------------------------------------------- affine_forward

FORWARD, ROWS, OUT = "affine_forward", "rows = x.reshape(x.shape[0], -1)", "out: Floats = rows @ w + b"
FORWARD_ALL = {VALUE, SHAPE, DTYPE, PURITY}


def forward(name: str, explanation: str, *edits: tuple[str, str], loses: set[Kind] | None = None) -> Mistake:
    """Edits of the affine layer, after which nothing is right unless it is said what is lost."""
    return edit(FORWARD, name, explanation, *edits, loses=loses or FORWARD_ALL)


affine = (
    forward("no_bias", "b is not added.", (OUT, "out: Floats = rows @ w")),
    forward("bias_subtracted", "b is subtracted, not added.", (OUT, "out: Floats = rows @ w - b")),
    forward("bias_for_every_feature", "b is added once for every feature, not once.", (OUT, "out: Floats = rows @ w + rows.shape[1] * b")),
    forward("reshaped_the_other_way", "x is reshaped to (D, N) and transposed, which mixes the examples.",
            (ROWS, "rows = x.reshape(-1, x.shape[0]).T")),
    forward("flattened_from_the_end", "examples with several axes are flattened in another order: their first axis runs fastest.",
            (ROWS, 'rows = np.stack([example.ravel(order="F") for example in x])'), loses={VALUE}),
    forward("averaged_over_the_features", "the products are averaged over the features, not summed.",
            (OUT, "out: Floats = rows @ w / rows.shape[1] + b")),
    forward("relu_behind", "a ReLU is applied to the output; it is a layer of its own.",
            (OUT, "out: Floats = np.maximum(rows @ w + b, 0)")),
    forward("an_axis_too_many", "the output has an axis of size 1 too many.", ("return out,", "return out[:, np.newaxis],"), loses={SHAPE}),
    forward("float64", "the output is float64 for float32 arguments.", ("return out,", "return out.astype(np.float64),"), loses={DTYPE}),
    forward("x_reshaped_in_place", "x itself gets another shape.", (ROWS, f"flat = {ROWS[7:]}\n    x.shape = flat.shape\n    rows = x"),
            loses={PURITY}),
    forward("no_cache", "the output is returned alone, without a cache.", ("return out, (x, w)", "return out")),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------------------- affine_backward

BACKWARD, DX = "affine_backward", "dx: Floats = drows.reshape(x.shape)"
DW, DB, GRADIENTS = "dw: Floats = rows.T @ dout", "db: Floats = np.sum(dout, axis=0)", "return dx, dw, db"
BACKWARD_ALL = {GRADIENT, SHAPE, DTYPE, PURITY}


def backward(name: str, explanation: str, *edits: tuple[str, str], loses: set[Kind] | None = None) -> Mistake:
    """Edits of the affine layer's backward pass."""
    return edit(BACKWARD, name, explanation, *edits, loses=loses or {GRADIENT})


affine_gradients = (
    backward("averaged_over_the_examples", "dw and db are averaged over the examples, not summed.",
             (DW, f"{DW} / len(x)"), (DB, "db: Floats = np.mean(dout, axis=0)")),
    backward("weights_averaged", "dw is averaged over the examples, not summed.", (DW, f"{DW} / len(x)")),
    backward("bias_averaged", "db is averaged over the examples, not summed.", (DB, "db: Floats = np.mean(dout, axis=0)")),
    backward("all_averaged", "all three gradients are divided by N, which is in dout already if the loss is a mean.",
             (GRADIENTS, "return dx / len(x), dw / len(x), db / len(x)"), loses=BACKWARD_ALL),
    backward("bias_of_the_first_example", "db is that of the first example, not the sum over all.", (DB, "db: Floats = dout[0].copy()")),
    backward("bias_not_summed", "db has one row per example: it is not summed.", (DB, "db: Floats = dout.copy()"), loses={GRADIENT, SHAPE}),
    backward("bias_summed_along_the_wrong_axis", "db is summed over the units (axis 1), not over the examples.",
             (DB, "db: Floats = np.sum(dout, axis=1)"), loses={GRADIENT, SHAPE}),
    backward("bias_summed_over_everything", "db is one number, the sum over examples and units.", (DB, "db: Floats = np.sum(dout)"),
             loses={GRADIENT, SHAPE}),
    backward("bias_zero", "every entry of db is 0.", (DB, "db: Floats = np.zeros_like(dout[0])")),
    backward("dx_left_flat", "dx has one row per example: it is not brought back to the shape of x.", (DX, "dx: Floats = drows"),
             loses={GRADIENT, SHAPE}),
    backward("dx_in_another_order",
             "dx of examples with several axes is filled in another order than the one in which they were flattened.",
             (DX, 'dx: Floats = np.stack([row.reshape(x.shape[1:], order="F") for row in drows])')),
    backward("weights_transposed", "dw comes out transposed; it should have the shape of w.", (DW, "dw: Floats = dout.T @ rows"),
             loses={GRADIENT, SHAPE}),
    backward("weights_without_input", "dw lacks the inputs.", (DW, "dw: Floats = np.ones_like(rows).T @ dout")),
    backward("dx_times_x", "dx is multiplied by x once more.", (DX, "dx: Floats = drows.reshape(x.shape) * x")),
    backward("dx_without_weights", "dx lacks the weights: it is dout, summed over the units.",
             ("drows = dout @ w.T", "drows = dout @ np.ones_like(w.T)")),
    backward("bias_from_the_weight_gradient", "db is the sum of dw over its first axis; it should be the sum of dout over the examples.",
             (DB, "db: Floats = np.sum(dw, axis=0)")),
    backward("relu_in_dx", "dx is 0 where x is not positive, as in a ReLU; an affine layer has none.",
             (DX, "dx: Floats = drows.reshape(x.shape) * (x > 0)")),
    backward("sign_of_the_weights", "dw and db have the wrong sign.", (GRADIENTS, "return dx, -dw, -db")),
    backward("another_order", "dw is returned first; the order is dx, dw, db.", (GRADIENTS, "return dw, dx, db"), loses=BACKWARD_ALL),
    backward("bias_has_two_axes", "db has shape (1, M), because keepdims is on.", (DB, "db: Floats = np.sum(dout, axis=0, keepdims=True)"),
             loses={SHAPE}),
    backward("float64", "the gradients are float64 for float32 arguments.",
             (GRADIENTS, "return dx.astype(np.float64), dw.astype(np.float64), db.astype(np.float64)"), loses={DTYPE}),
    backward("summed_in_place", "db is collected in the first row of dout, in place.",
             (DB, "for row in dout[1:]:\n        dout[0] += row\n    db = dout[0]"), loses={PURITY}),
    backward("cache_overwritten", "dx is written into the x of the cache, so that the next backward pass goes wrong.",
             (GRADIENTS, f"x[...] = dx\n    {GRADIENTS}")),
    backward("dx_alone", "fewer than the three gradients dx, dw and db are returned.", (GRADIENTS, "return dx"), loses=BACKWARD_ALL),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------------------- chain_gradients

CHAIN, FINISHED = "chain_gradients", "return gradients[::-1]"
UPWARD, ERROR, SLOPE = "h.append(_sigmoid(weight * h[-1]))", "dh = h[-1] - y", "slope = h[i + 1] * (1 - h[i + 1])"
BY_WEIGHT, DOWNWARD = "gradients.append(float(da * h[i]))", "dh = da * w[i]"
CHAIN_ALL = {GRADIENT, SHAPE, PURITY, STABILITY}


def chained(name: str, explanation: str, *edits: tuple[str, str], loses: set[Kind] | None = None) -> Mistake:
    """Edits of the thin chain, after which nothing is right unless it is said what is lost."""
    return edit(CHAIN, name, explanation, *edits, loses=loses or CHAIN_ALL)


chain = (
    chained("in_reverse", "the gradients are in reverse order: that of the last weight comes first.", (FINISHED, "return gradients"),
            loses={GRADIENT}),
    chained("no_slope", "the slope of the sigmoid, h * (1 - h), is left out.", (SLOPE, "slope = 1")),
    chained("slope_of_the_input", "the slope h * (1 - h) is computed from the input of each layer, not from its output.",
            (SLOPE, "slope = h[i] * (1 - h[i])")),
    chained("slope_of_the_output_squashed_again", "the sigmoid is applied once more to its own output before the slope is computed.",
            (SLOPE, "slope = _sigmoid(h[i + 1]) * (1 - _sigmoid(h[i + 1]))")),
    chained("slope_of_a_tanh", "the slope is that of a tanh, 1 - h^2.", (SLOPE, "slope = 1 - h[i + 1] ** 2")),
    chained("factor_2", "the error has a factor 2, which should cancel with the 1/2 of the loss.", (ERROR, "dh = 2 * (h[-1] - y)")),
    chained("sign", "the error has the wrong sign.", (ERROR, "dh = y - h[-1]")),
    chained("loss_for_its_derivative", "the loss itself is sent back, not its derivative h - y.", (ERROR, "dh = (h[-1] - y) ** 2 / 2")),
    chained("no_error", "the output is differentiated, not the loss: the factor h - y is left out.", (ERROR, "dh = 1")),
    chained("last_layer_linear", "the last layer has no sigmoid; every layer should have one.",
            (UPWARD, "a = weight * h[-1]\n        h.append(_sigmoid(a) if len(h) < len(w) else a)"),
            (SLOPE, f"{SLOPE} if i < len(w) - 1 else 1.0")),
    chained("last_slope_left_out", "the slope of the last sigmoid is left out.", (SLOPE, f"{SLOPE} if i < len(w) - 1 else 1.0")),
    chained("weights_left_out", "the error is sent back without the weights.", (DOWNWARD, "dh = da"), loses={GRADIENT}),
    chained("weight_of_the_layer_before", "the error is sent back through the weight of the layer before.",
            (DOWNWARD, "dh = da * w[i - 1]"),
            loses={GRADIENT}),
    chained("slopes_not_carried_on", "what is sent back has not been multiplied by the slopes of the later layers.",
            (DOWNWARD, "dh = dh * w[i]"),
            loses={GRADIENT}),
    chained("error_not_carried_on", "every layer gets the error of the last one.", (DOWNWARD, "dh = dh + 0 * da"), loses={GRADIENT}),
    chained("input_of_the_next_layer", "each gradient is multiplied by the output of its layer; it should be the input.",
            (BY_WEIGHT, "gradients.append(float(da * h[i + 1]))")),
    chained("input_of_the_chain",
            "each gradient is multiplied by x, the input of the whole chain; it should be the input of its own layer.",
            (BY_WEIGHT, "gradients.append(float(da * x))"),
            loses={GRADIENT}),
    chained("weight_for_the_input", "each gradient is multiplied by the weight; it should be the input of the layer.",
            (BY_WEIGHT, "gradients.append(float(da * w[i]))")),
    chained("from_the_input", "slopes and weights are collected from the input up to each layer; it should be from the output back to it.",
            ("for i in reversed(range(len(w))):", "for i in range(len(w)):"), (FINISHED, "return gradients"), loses={GRADIENT}),
    chained("from_the_input_in_reverse", "the loop runs from the first layer to the last; the chain rule starts at the last layer.",
            ("for i in reversed(range(len(w))):", "for i in range(len(w)):"), loses={GRADIENT}),
    chained("own_weight_besides",
            "each gradient is multiplied by its own weight too; it should be multiplied by the input of the layer alone.",
            (BY_WEIGHT, "gradients.append(float(da * w[i] * h[i]))")),
    chained("earlier_factors_lost", "what is sent back is the slope times the weight alone, without what came from the later layers.",
            (DOWNWARD, "dh = slope * w[i]"), loses={GRADIENT}),
    chained("slope_of_the_sum", "the slope is a * (1 - a), with the sum a = w_i h_(i-1) instead of the output of the sigmoid.",
            (SLOPE, "slope = w[i] * h[i] * (1 - w[i] * h[i])")),
    rewrite(CHAIN, "list_as_default_argument", "the gradients are collected in a default argument, which keeps those of earlier calls.",
            """
def chain_gradients(w, x, y, gradients=[]):
    h = [x]
    for weight in w:
        h.append(_sigmoid(weight * h[-1]))
    dh = h[-1] - y
    for i in reversed(range(len(w))):
        da = dh * h[i + 1] * (1 - h[i + 1])
        gradients.append(float(da * h[i]))
        dh = da * w[i]
    return gradients[::-1]
""", loses=CHAIN_ALL),
    chained("loss_among_the_gradients", "the loss is returned with the gradients; it should be left out.",
            (FINISHED, "return [float((h[-1] - y) ** 2 / 2), *gradients[::-1]]")),
    chained("an_array", "the gradients come in one array; a list is required.",
            (FINISHED, "return np.array(gradients[::-1])"), loses={SHAPE}),
    chained("arrays_of_one", "each gradient is an array with one element; numbers are required.",
            (BY_WEIGHT, "gradients.append(np.array([da * h[i]]))"), loses={SHAPE}),
    chained("written_into_w", "the gradients are written into w.", (FINISHED, "w[...] = gradients[::-1]\n    return list(w)"),
            loses={PURITY}),
    chained("sigmoid_overflows", "the sigmoid is 1 / (1 + e^-a) as it stands, which overflows far below 0.",
            (UPWARD, "h.append(float(1 / (1 + np.exp(np.float64(-weight * h[-1])))))"), loses={STABILITY}),
)  # fmt: skip

# ---------------------------------------------------------------------------------------------------------- composed_gradients

COMPOSED, PAIR = "composed_gradients", "return dw1, dw2"
COMPOSED_ALL = {GRADIENT, SHAPE, STABILITY}
HIDDEN, OUTER, SQUARE = "hidden = math.tanh(w1 * x)", "out = _sigmoid(w2 * hidden)", "dout = 2 * (out - y)"
OUTER_SLOPE, INNER_SLOPE = "outer_slope = out * (1 - out)", "inner_slope = 1 - hidden**2"


def composition(name: str, explanation: str, *edits: tuple[str, str], loses: set[Kind] | None = None) -> Mistake:
    """Edits of the composed functions, after which nothing is right unless it is said what is lost."""
    return edit(COMPOSED, name, explanation, *edits, loses=loses or COMPOSED_ALL)


composed = (
    composition("no_factor_2", "the factor 2 is missing: there is no 1/2 in this loss.", (SQUARE, "dout = out - y")),
    composition("sign", "the error has the wrong sign.", (SQUARE, "dout = 2 * (y - out)")),
    composition("outer_slope_left_out", "the slope of the sigmoid is left out.", (OUTER_SLOPE, "outer_slope = 1.0")),
    composition("inner_slope_left_out", "the slope of the tanh is left out.", (INNER_SLOPE, "inner_slope = 1.0"), loses={GRADIENT}),
    composition("outer_slope_of_a_tanh", "the slope of the sigmoid is computed as 1 - f^2, which is that of a tanh.",
                (OUTER_SLOPE, "outer_slope = 1 - out**2")),
    composition("inner_slope_of_a_sigmoid", "the slope of the tanh is computed as f * (1 - f), which is that of a sigmoid.",
                (INNER_SLOPE, "inner_slope = hidden * (1 - hidden)"), loses={GRADIENT}),
    composition("inner_slope_not_squared", "the slope of the tanh is computed as 1 - f, without the square.",
                (INNER_SLOPE, "inner_slope = 1 - hidden"), loses={GRADIENT}),
    composition("inner_slope_of_the_argument", "the slope of the tanh is computed with w1 x instead of tanh(w1 x).",
                (INNER_SLOPE, "inner_slope = 1 - (w1 * x) ** 2"), loses={GRADIENT}),
    composition("functions_exchanged", "the two functions are swapped: the sigmoid is the inner one and the tanh the outer one.",
                (HIDDEN, "hidden = _sigmoid(w1 * x)"), (OUTER, "out = math.tanh(w2 * hidden)"),
                (OUTER_SLOPE, "outer_slope = 1 - out**2"), (INNER_SLOPE, "inner_slope = hidden * (1 - hidden)")),
    composition("two_sigmoids", "the inner function is a sigmoid, too.",
                (HIDDEN, "hidden = _sigmoid(w1 * x)"), (INNER_SLOPE, "inner_slope = hidden * (1 - hidden)")),
    composition("no_inner_function", "there is no tanh.", (HIDDEN, "hidden = w1 * x"), (INNER_SLOPE, "inner_slope = 1.0")),
    composition("outer_weight_with_x", "dw2 is multiplied by x; it should be multiplied by tanh(w1 x), the input of w2.",
                ("dw2 = da2 * hidden", "dw2 = da2 * x"), loses={GRADIENT}),
    composition("outer_weight_without_input", "dw2 is not multiplied by tanh(w1 x).",
                ("dw2 = da2 * hidden", "dw2 = da2"), loses={GRADIENT}),
    composition("inner_weight_without_the_outer", "dw1 is not multiplied by w2, through which the gradient goes back.",
                ("dhidden = da2 * w2", "dhidden = da2"), loses={GRADIENT}),
    composition("inner_weight_without_x", "dw1 is not multiplied by x.", ("dw1 = da1 * x", "dw1 = da1"), loses={GRADIENT}),
    composition("inner_weight_without_the_outer_slope", "dw1 is not multiplied by the slope of the sigmoid.",
                ("dhidden = da2 * w2", "dhidden = dout * w2"), loses={GRADIENT}),
    composition("outer_slope_of_the_argument",
                "the slope of the sigmoid is computed with its argument w2 tanh(w1 x) instead of its output.",
                (OUTER_SLOPE, "outer_slope = w2 * hidden * (1 - w2 * hidden)")),
    composition("inner_weight_with_the_hidden_value", "dw1 is multiplied by tanh(w1 x); it should be multiplied by x, the input of w1.",
                ("dw1 = da1 * x", "dw1 = da1 * hidden"), loses={GRADIENT}),
    composition("inner_weight_without_the_error", "dw1 lacks the derivative of the square, 2 (f - y).",
                ("dhidden = da2 * w2", "dhidden = outer_slope * w2"), loses={GRADIENT}),
    composition("inner_weight_through_itself", "dw1 is multiplied by w1; it should be multiplied by w2.",
                ("dhidden = da2 * w2", "dhidden = da2 * w1"), loses={GRADIENT}),
    composition("by_the_inputs", "the derivatives with respect to x and tanh(w1 x) are returned, not those with respect to the weights.",
                (PAIR, "return da1 * w1, dhidden")),
    composition("another_order", "dw2 is returned first; the order is dw1, dw2.", (PAIR, "return dw2, dw1")),
    composition("loss_too", "the loss is returned with the two gradients; it should be left out.",
                (PAIR, "return (out - y) ** 2, dw1, dw2")),
    composition("arrays_of_one", "each gradient is an array with one element; numbers are required.",
                (PAIR, "return np.array([dw1]), np.array([dw2])"), loses={SHAPE}),
    composition("sigmoid_overflows", "the sigmoid is 1 / (1 + e^-a) as it stands, which overflows far below 0.",
                (OUTER, "out = float(1 / (1 + np.exp(-w2 * hidden)))"), loses={STABILITY}),
    composition("sigmoid_overflows_above", "the sigmoid is e^a / (1 + e^a) as it stands, which overflows far above 0.",
                (OUTER, "out = float(np.exp(w2 * hidden) / (1 + np.exp(w2 * hidden)))"), loses={STABILITY}),
    composition("tanh_by_exponentials", "the tanh is a quotient of exponentials, which overflow.",
                (HIDDEN, "up, down = np.exp(w1 * x), np.exp(-w1 * x)\n    hidden = float((up - down) / (up + down))"), loses={STABILITY}),
)  # fmt: skip

# -------------------------------------------------------------------------------------------------------------- sigmoid_neuron

NEURON, TRIPLE = "sigmoid_neuron", "return out, dw, dx"
NEURON_ALL = {VALUE, GRADIENT, SHAPE, DTYPE, PURITY, STABILITY}
PARTS, SUM, OUTPUT = "weights, bias = w[:-1], w[-1]", "a = float(weights @ x + bias)", "out = _sigmoid(a)"
NEURON_SLOPE, INPUTS = "slope = out * (1 - out)", "inputs = np.append(x, x.dtype.type(1))"
NEURON_DW, NEURON_DX = "dw: Floats = slope * inputs", "dx: Floats = slope * weights"


def neuron(name: str, explanation: str, *edits: tuple[str, str], loses: set[Kind] | None = None) -> Mistake:
    """Edits of the neuron."""
    return edit(NEURON, name, explanation, *edits, loses=loses or {GRADIENT})


sigmoid_neuron = (
    neuron("bias_first", "the first entry of w is used as the bias; it should be the last.",
           (PARTS, "weights, bias = w[1:], w[0]"), (INPUTS, "inputs = np.append(x.dtype.type(1), x)"), loses=NEURON_ALL),
    neuron("no_bias", "the bias is not added.", (SUM, "a = float(weights @ x)"), loses=NEURON_ALL),
    neuron("no_sigmoid", "the weighted sum is returned without the sigmoid.",
           (OUTPUT, "out = a"), (NEURON_SLOPE, "slope = 1.0"), loses=NEURON_ALL),
    neuron("tanh_for_sigmoid", "the sum goes through a tanh.",
           (OUTPUT, "out = math.tanh(a)"), (NEURON_SLOPE, "slope = 1 - out**2"), loses=NEURON_ALL),
    neuron("rounded", "results are rounded to two digits, as on the slide.",
           (TRIPLE, "return round(out, 2), np.round(dw, 2), np.round(dx, 2)"), loses=NEURON_ALL),
    neuron("no_slope", "the slope of the sigmoid, out * (1 - out), is left out of both gradients.", (NEURON_SLOPE, "slope = 1.0")),
    neuron("slope_of_a_tanh", "the slope is that of a tanh, 1 - out^2.", (NEURON_SLOPE, "slope = 1 - out**2")),
    neuron("slope_of_the_output_squashed_again", "the sigmoid is applied once more to its own output before the slope is computed.",
           (NEURON_SLOPE, "slope = _sigmoid(out) * (1 - _sigmoid(out))")),
    neuron("slope_of_the_sum", "the slope is a * (1 - a), with the sum a instead of the output.", (NEURON_SLOPE, "slope = a * (1 - a)")),
    neuron("bias_gradient_first", "the gradient of the bias comes first in dw; it should come last, as the bias does in w.",
           (INPUTS, "inputs = np.append(x.dtype.type(1), x)")),
    neuron("bias_gradient_one", "the gradient of the bias is 1; it should be the slope.", (TRIPLE, f"dw[-1] = 1\n    {TRIPLE}")),
    neuron("bias_gradient_zero", "the gradient of the bias is 0; it should be the slope.", (TRIPLE, f"dw[-1] = 0\n    {TRIPLE}")),
    neuron("bias_gradient_times_the_bias", "the gradient of the bias is the slope times the bias; it should be the slope alone.",
           (TRIPLE, f"dw[-1] *= bias\n    {TRIPLE}")),
    neuron("bias_gradient_missing", "dw has no entry for the bias.", (INPUTS, "inputs = x"), loses={GRADIENT, SHAPE}),
    neuron("dx_with_the_bias", "dx has an entry for the bias, which is not an input.", (NEURON_DX, "dx: Floats = slope * w"),
           loses={GRADIENT, SHAPE}),
    neuron("no_slope_in_dw", "the slope of the sigmoid, out * (1 - out), is left out of dw.", (NEURON_DW, "dw: Floats = inputs * 1")),
    neuron("no_slope_in_dx", "the slope of the sigmoid, out * (1 - out), is left out of dx.", (NEURON_DX, "dx: Floats = weights * 1")),
    neuron("dx_with_the_inputs", "dx is the slope times the inputs; it should be the slope times the weights.",
           (NEURON_DX, "dx: Floats = slope * x")),
    neuron("dx_one_weight_too_late", "dx uses w[1:], which leaves out the first weight and takes in the bias; it should use w[:-1].",
           (NEURON_DX, "dx: Floats = slope * w[1:]")),
    neuron("exchanged", "dw is computed from the weights and dx from the inputs; it should be the other way round.",
           (NEURON_DW, "dw: Floats = slope * w"), (NEURON_DX, "dx: Floats = slope * x")),
    neuron("dx_first", "dx is returned before dw.", (TRIPLE, "return out, dx, dw"), loses={GRADIENT, SHAPE}),
    neuron("output_an_array", "the output is an array with one element; a number is required.", (TRIPLE, "return np.array([out]), dw, dx"),
           loses={SHAPE}),
    neuron("float64", "the gradients are float64 for float32 arguments.",
           (TRIPLE, "return out, dw.astype(np.float64), dx.astype(np.float64)"), loses={DTYPE}),
    neuron("w_overwritten", "w itself is multiplied by the slope, in place.", (NEURON_DX, "w *= slope\n    dx = w[:-1]"), loses={PURITY}),
    neuron("sigmoid_overflows", "the sigmoid is 1 / (1 + e^-a) as it stands, which overflows far below 0.",
           (OUTPUT, "out = float(1 / (1 + np.exp(-a)))"), loses={STABILITY}),
    neuron("sigmoid_overflows_above", "the sigmoid is e^a / (1 + e^a) as it stands, which overflows far above 0.",
           (OUTPUT, "out = float(np.exp(a) / (1 + np.exp(a)))"), loses={STABILITY}),
    neuron("output_alone", "fewer than the three results out, dw and dx are returned.", (TRIPLE, "return out"), loses=NEURON_ALL),
)  # fmt: skip
