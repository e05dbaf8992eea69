"""Known mistakes of the autoencoder's loss and of training one, for each function the commonest of real work first."""

from __future__ import annotations

from grader.checks import Kind, Mistake, edit

VALUE, GRADIENT, STATISTICS = Kind.VALUE, Kind.GRADIENT, Kind.STATISTICS
SHAPE, DTYPE, PURITY, STABILITY = Kind.SHAPE, Kind.DTYPE, Kind.PURITY, Kind.STABILITY
# What a function loses that gets no value right.
LOSS_ALL = {VALUE, GRADIENT, SHAPE, DTYPE, PURITY, STABILITY}

LOSS, TRAIN = "autoencoder_loss", "train_autoencoder"
ENCODED = "h = _sigmoid(x @ W + b)"
DECODED = "x_hat = h @ W_dec + b_dec"
MEAN = "loss = np.sum(error**2) / m"
SLOPE = "dx_hat = 2 * error / m"
HIDDEN = "ds = dh * h * (1 - h)"

loss = (
    edit(LOSS, "averaged_over_features_too",
         "the squared errors are averaged over the features as well (np.mean); they should be summed over them.",
         (MEAN, "loss = np.mean(error**2)"), (SLOPE, "dx_hat = 2 * error / error.size")),
    edit(LOSS, "half", "the loss has a factor 1/2, and its gradients no 2.",
         (MEAN, "loss = 0.5 * np.sum(error**2) / m"), (SLOPE, "dx_hat = error / m")),
    edit(LOSS, "summed_over_examples", "the errors of the examples are summed; they should be averaged.",
         (MEAN, "loss = np.sum(error**2)"), (SLOPE, "dx_hat = 2 * error")),
    edit(LOSS, "loss_averaged_alone", "the loss is averaged over the features; it should be summed over them, as in the gradients.",
         (MEAN, "loss = np.mean(error**2)")),
    edit(LOSS, "two_forgotten", "the factor 2 of the derivative of a square is missing in the gradients.",
         (SLOPE, "dx_hat = error / m"), loses={GRADIENT}),
    edit(LOSS, "mean_forgotten_backward", "the gradients are not divided by the number of examples, though the loss is.",
         (SLOPE, "dx_hat = 2 * error"), loses={GRADIENT}),
    edit(LOSS, "sign_of_the_error", "the gradients have the wrong sign: the error should be x_hat - x.",
         (SLOPE, "dx_hat = -2 * error / m"), loses={GRADIENT}),
    edit(LOSS, "slope_forgotten", "the gradient of the encoder lacks the derivative of the sigmoid, h (1 - h).",
         (HIDDEN, "ds = dh"), loses={GRADIENT}),
    edit(LOSS, "brackets_of_the_slope", "brackets are missing: dh * h * 1 - h is computed; it should be dh * h * (1 - h).",
         (HIDDEN, "ds = dh * h * 1 - h"), loses={GRADIENT}),
    edit(LOSS, "encoder_weights_before_the_slope",
         "the gradient of W is computed before it is multiplied by the slope of the sigmoid, h (1 - h).",
         ("dW = x.T @ ds", "dW = x.T @ dh"), loses={GRADIENT}),
    edit(LOSS, "encoder_bias_before_the_slope",
         "the gradient of b is computed before it is multiplied by the slope of the sigmoid, h (1 - h).",
         ("db = np.sum(ds, axis=0)", "db = np.sum(dh, axis=0)"), loses={GRADIENT}),
    edit(LOSS, "biases_without_their_axis", "the gradients of the biases are summed over everything: np.sum has no axis.",
         ("db_dec = np.sum(dx_hat, axis=0)", "db_dec = np.sum(dx_hat)"), ("db = np.sum(ds, axis=0)", "db = np.sum(ds)"),
         loses={GRADIENT, SHAPE}),
    edit(LOSS, "slope_of_the_sum",
         "the derivative of the sigmoid is computed as s (1 - s) from the sum s inside it; it should be h (1 - h).",
         (HIDDEN, "s = x @ W + b\n    ds = dh * s * (1 - s)"), loses={GRADIENT}),
    edit(LOSS, "slope_of_tanh", "the derivative of the hyperbolic tangent, 1 - h^2, is used; that of the sigmoid is h (1 - h).",
         (HIDDEN, "ds = dh * (1 - h**2)"), loses={GRADIENT}),
    edit(LOSS, "sigmoid_of_the_slope", "the sigmoid is applied again to h before h (1 - h) is computed.",
         (HIDDEN, "ds = dh * _sigmoid(h) * (1 - _sigmoid(h))"), loses={GRADIENT}),
    edit(LOSS, "sigmoid_output", "the reconstruction goes through a sigmoid; it should be linear.",
         (DECODED, "x_hat = _sigmoid(h @ W_dec + b_dec)"), (SLOPE, "dx_hat = 2 * error / m * x_hat * (1 - x_hat)"), loses=LOSS_ALL),
    edit(LOSS, "sigmoid_output_forward_alone", "the reconstruction goes through a sigmoid; it should be linear, as the gradients have it.",
         (DECODED, "x_hat = _sigmoid(h @ W_dec + b_dec)"), loses=LOSS_ALL),
    edit(LOSS, "tanh_codes", "the codes are hyperbolic tangents; they should be sigmoids.",
         (ENCODED, "h = np.tanh(x @ W + b)"), (HIDDEN, "ds = dh * (1 - h**2)"), loses=LOSS_ALL),
    edit(LOSS, "relu_codes", "the codes are positive parts (ReLU); they should be sigmoids.",
         (ENCODED, "h = np.maximum(x @ W + b, 0)"), (HIDDEN, "ds = dh * (h > 0)"), loses=LOSS_ALL),
    edit(LOSS, "linear_codes", "the codes do not go through a sigmoid.", (ENCODED, "h = x @ W + b"), (HIDDEN, "ds = dh"), loses=LOSS_ALL),
    edit(LOSS, "tied_weights", "the decoder is the transposed encoder; W_dec is not used.",
         (DECODED, "x_hat = h @ W.T + b_dec"), ("dh = dx_hat @ W_dec.T", "dh = dx_hat @ W"), loses=LOSS_ALL),
    edit(LOSS, "encoder_bias_left_out", "b is left out of the codes.", (ENCODED, "h = _sigmoid(x @ W)"), loses=LOSS_ALL),
    edit(LOSS, "decoder_bias_left_out", "b_dec is left out of the reconstruction.", (DECODED, "x_hat = h @ W_dec"), loses=LOSS_ALL),
    edit(LOSS, "absolute_error", "absolute errors are summed, not squared ones.",
         (MEAN, "loss = np.sum(np.abs(error)) / m"), (SLOPE, "dx_hat = np.sign(error) / m"), loses=LOSS_ALL),
    edit(LOSS, "root_taken", "the square root is taken of the loss.", (MEAN, "loss = np.sqrt(np.sum(error**2) / m)")),
    edit(LOSS, "biases_averaged", "the gradients of the biases are averaged over the examples once more; they should be summed.",
         ("db_dec = np.sum(dx_hat, axis=0)", "db_dec = np.mean(dx_hat, axis=0)"), ("db = np.sum(ds, axis=0)", "db = np.mean(ds, axis=0)"),
         loses={GRADIENT}),
    edit(LOSS, "encoder_taken_for_fixed", "W and b get gradients of zero.", (HIDDEN, "ds = dh * 0"), loses={GRADIENT}),
    edit(LOSS, "loss_alone", "only the loss is returned, without its gradients.",
         ('return float(loss), {"W": dW, "b": db, "W_dec": dW_dec, "b_dec": db_dec}', "return float(loss)"), loses=LOSS_ALL),
    edit(LOSS, "decoder_first", "the gradients of encoder and decoder are swapped.",
         ('{"W": dW, "b": db, "W_dec": dW_dec, "b_dec": db_dec}', '{"W_dec": dW, "b_dec": db, "W": dW_dec, "b": db_dec}'),
         loses={GRADIENT, SHAPE}),
    edit(LOSS, "biases_as_rows", "the gradients of the biases are matrices of one row; they should be vectors.",
         ("db_dec = np.sum(dx_hat, axis=0)", "db_dec = np.sum(dx_hat, axis=0, keepdims=True)"),
         ("db = np.sum(ds, axis=0)", "db = np.sum(ds, axis=0, keepdims=True)"), loses={SHAPE}),
    edit(LOSS, "in_double_precision", "the gradients are float64 even for float32 arguments.",
         (SLOPE, "dx_hat = 2 * error.astype(np.float64) / m"), loses={DTYPE}),
    edit(LOSS, "error_in_place", "x itself is overwritten by the error.",
         ("dW = x.T @ ds", "dW = x.T @ ds\n    x -= x_hat"), loses={PURITY}),
    edit(LOSS, "naive_sigmoid", "the sigmoid is 1 / (1 + exp(-s)) for every s, which overflows for large negative sums.",
         (ENCODED, "h = 1 / (1 + np.exp(-(x @ W + b)))"), loses={STABILITY}),
)  # fmt: skip

TRAIN_ALL = {VALUE, STATISTICS, SHAPE, DTYPE, PURITY}
STEP_W, STEP_B = 'W = W - lr * grads["W"]', 'b = b - lr * grads["b"]'
STEP_W_DEC, STEP_B_DEC = 'W_dec = W_dec - lr * grads["W_dec"]', 'b_dec = b_dec - lr * grads["b_dec"]'
STEPS = (STEP_W, STEP_B, STEP_W_DEC, STEP_B_DEC)
CALL = "loss, grads = autoencoder_loss(x, W, b, W_dec, b_dec)"
RECORD = "losses.append(loss)"
RETURN = "return W, b, losses"
DRAW_W = "W = (std * rng.standard_normal((D, n_hidden))).astype(x.dtype)"
DRAW_W_DEC = "W_dec = (std * rng.standard_normal((n_hidden, D))).astype(x.dtype)"
DRAW = "rng.standard_normal("


def all_steps(name: str, explanation: str, factor: str, loses: set[Kind]) -> Mistake:
    """Declare steps that are another multiple of the gradient."""
    return edit(TRAIN, name, explanation, *((step, step.replace("- lr", f"- {factor}")) for step in STEPS), loses=loses)


def drawn(name: str, explanation: str, source: str) -> Mistake:
    """Declare another source of the start."""
    edits = ((line, line.replace(DRAW, source)) for line in (DRAW_W, DRAW_W_DEC))
    return edit(TRAIN, name, explanation, *edits, loses={STATISTICS})


train = (
    edit(TRAIN, "loss_after_the_update", "each loss is computed after the update of its step; it should be computed before it.",
         (RECORD, ""), (STEP_B_DEC, f"{STEP_B_DEC}\n        losses.append(autoencoder_loss(x, W, b, W_dec, b_dec)[0])")),
    edit(TRAIN, "last_loss_added", "there is one loss too many: the loop runs one time too often, or a last loss is appended after it.",
         (RETURN, "losses.append(autoencoder_loss(x, W, b, W_dec, b_dec)[0])\n    return W, b, losses"),
         loses=TRAIN_ALL),
    edit(TRAIN, "last_loss_alone", "only the last loss is returned; there should be one per step.",
         (RETURN, "return W, b, losses[-1]"), loses=TRAIN_ALL),
    edit(TRAIN, "one_step_too_few", "the loop runs one time too few.", ("range(steps)", "range(steps - 1)"), loses=TRAIN_ALL),
    edit(TRAIN, "encoder_never_moved", "W and b are returned as they started: only the decoder is trained, or the start is returned.",
         (STEP_W, ""), (STEP_B, ""), loses={VALUE, STATISTICS}),
    edit(TRAIN, "decoder_never_moved", "the decoder is not trained, only the encoder is.",
         (STEP_W_DEC, ""), (STEP_B_DEC, ""), loses={VALUE, STATISTICS}),
    edit(TRAIN, "biases_never_moved", "the biases are not trained.", (STEP_B, ""), (STEP_B_DEC, "")),
    edit(TRAIN, "decoder_bias_never_moved", "the bias of the decoder is not trained.", (STEP_B_DEC, "")),
    all_steps("ascent", "the gradient is added, not subtracted, so that the loss rises.", "-lr", {VALUE, STATISTICS}),
    all_steps("two_forgotten", "the steps are half as long as they should be, as if the derivative of the squares had no factor 2.",
              "0.5 * lr", {VALUE}),
    all_steps("summed_over_examples", "the gradients are summed over the examples; they should be averaged.",
              "x.shape[0] * lr", {VALUE, STATISTICS}),
    edit(TRAIN, "decoder_moved_first",
         "the decoder is moved before the gradient of the encoder is computed, which then uses the new W_dec.",
         (CALL, f"{CALL}\n        h = _sigmoid(x @ W + b)\n        dx_hat = 2 * (h @ W_dec + b_dec - x) / x.shape[0]\n"
                "        ds = dx_hat @ (W_dec - lr * grads['W_dec']).T * h * (1 - h)\n"
                "        grads['W'], grads['b'] = x.T @ ds, ds.sum(axis=0)")),
    edit(TRAIN, "tied_weights", "the decoder is the transposed encoder; its weights should be its own.",
         (CALL, "loss, grads = autoencoder_loss(x, W, b, W.T, b_dec)"), (STEP_W, 'W = W - lr * (grads["W"] + grads["W_dec"].T)')),
    edit(TRAIN, "one_example_per_step", "each step uses one random example; it should use all of them.",
         (CALL, "row = x[[rng.integers(len(x))]]\n        loss, grads = autoencoder_loss(row, W, b, W_dec, b_dec)"),
         loses={VALUE, STATISTICS}),
    edit(TRAIN, "losses_averaged_over_features", "the losses are averaged over the features; they should be summed over them.",
         (RECORD, "losses.append(loss / D)")),
    edit(TRAIN, "losses_halved", "the losses have a factor 1/2.", (RECORD, "losses.append(loss / 2)")),
    edit(TRAIN, "losses_summed", "the losses are summed over the examples; they should be averaged.",
         (RECORD, "losses.append(loss * x.shape[0])")),
    edit(TRAIN, "units_start_equal", "all hidden units start equal, so they stay equal.",
         (DRAW_W, f"{DRAW_W}\n    W[:] = W[:, :1]"), (DRAW_W_DEC, f"{DRAW_W_DEC}\n    W_dec[:] = W_dec[:1]"), loses={STATISTICS}),
    edit(TRAIN, "starts_at_zero", "all weights start at 0.", (DRAW_W, f"{DRAW_W} * 0"), (DRAW_W_DEC, f"{DRAW_W_DEC} * 0"),
         loses={STATISTICS}),
    drawn("numpy_random_for_rng", "the start is drawn from numpy.random; it should be drawn from rng.", "np.random.standard_normal("),
    edit(TRAIN, "generator_made_inside", "a generator with its own seed is used; the start should be drawn from rng.",
         ("D = x.shape[1]", "D = x.shape[1]\n    rng = np.random.default_rng(0)"), loses={STATISTICS}),
    edit(TRAIN, "decoder_returned_too", "the decoder is returned too; only W, b and the losses are required.",
         (RETURN, "return W, b, W_dec, b_dec, losses"), loses=TRAIN_ALL),
    edit(TRAIN, "decoder_for_encoder", "the decoder is returned; the encoder W and b should be.",
         (RETURN, "return W_dec, b_dec, losses"), loses=TRAIN_ALL),
    edit(TRAIN, "bias_as_row", "b is a matrix of one row; it should be a vector.",
         ("b = np.zeros(n_hidden, dtype=x.dtype)", "b = np.zeros((1, n_hidden), dtype=x.dtype)"), loses={SHAPE}),
    edit(TRAIN, "start_in_double_precision", "the start is float64, and makes W and b float64 for float32 data.",
         (DRAW_W, "W = std * rng.standard_normal((D, n_hidden))"), loses={DTYPE}),
    edit(TRAIN, "shuffled_in_place", "x itself is shuffled in place.", ("losses = []", "rng.shuffle(x)\n    losses = []"), loses={PURITY}),
)  # fmt: skip
