"""Known mistakes of stacking autoencoders and of fine-tuning the stack, for each function the commonest of real work first."""

from __future__ import annotations

from grader.checks import Kind, Mistake, edit

VALUE, STATISTICS = Kind.VALUE, Kind.STATISTICS
SHAPE, DTYPE, PURITY, STABILITY = Kind.SHAPE, Kind.DTYPE, Kind.PURITY, Kind.STABILITY
ALL = {VALUE, STATISTICS, SHAPE, DTYPE, PURITY}

GREEDY, TUNE = "greedy_pretrain", "fine_tune"
TRAINED = "W, b, _losses = train_autoencoder(h, n_hidden, lr, steps, rng)"
CODES = "h = _sigmoid(h @ W + b)"
KEPT = "layers.append((W, b))"
LOOP = "for n_hidden in hidden_sizes:"

greedy = (
    edit(GREEDY, "x_for_every_layer", "every layer is trained on x; each should be trained on the codes of the one below.", (CODES, ""),
         loses={VALUE, STATISTICS, SHAPE}),
    edit(GREEDY, "codes_without_sigmoid", "the next layer is trained on the sums x W + b, before the sigmoid.", (CODES, "h = h @ W + b")),
    edit(GREEDY, "tanh_codes", "the codes handed up are hyperbolic tangents, not sigmoids.", (CODES, "h = np.tanh(h @ W + b)")),
    edit(GREEDY, "relu_codes", "the codes handed up are positive parts (ReLU), not sigmoids.", (CODES, "h = np.maximum(h @ W + b, 0)")),
    edit(GREEDY, "codes_of_the_start", "the next layer is trained on the codes that the layer gave before it was trained.",
         (TRAINED, "state = rng.bit_generator.state\n        start = train_autoencoder(h, n_hidden, 0.0, 1, rng)\n"
                   f"        rng.bit_generator.state = state\n        {TRAINED}"),
         (CODES, "h = _sigmoid(h @ start[0] + start[1])")),
    edit(GREEDY, "bias_left_out_of_the_codes", "the codes handed up lack the bias b.", (CODES, "h = _sigmoid(h @ W)")),
    edit(GREEDY, "one_layer_too_few", "there is one layer too few: hidden_sizes does not hold the input, nor an output layer.",
         (LOOP, "for n_hidden in hidden_sizes[1:]:"), loses=ALL),
    edit(GREEDY, "last_layer_not_trained", "the last layer is left as it starts.",
         (TRAINED, "rate = 0.0 if len(layers) == len(hidden_sizes) - 1 else lr\n"
                   "        W, b, _losses = train_autoencoder(h, n_hidden, rate, steps, rng)")),
    edit(GREEDY, "steps_shared", "the steps are shared among the layers; each layer should have all of them.",
         (TRAINED, "W, b, _losses = train_autoencoder(h, n_hidden, lr, steps // len(hidden_sizes), rng)")),
    edit(GREEDY, "steps_ignored", "a number of steps of its own is used, whatever is asked for.",
         (TRAINED, "W, b, _losses = train_autoencoder(h, n_hidden, lr, 100, rng)")),
    edit(GREEDY, "lr_ignored", "a step size of its own is used, whatever is asked for.",
         (TRAINED, "W, b, _losses = train_autoencoder(h, n_hidden, 0.1, steps, rng)")),
    edit(GREEDY, "weights_alone", "a list of weights is returned, without their biases.", (KEPT, "layers.append(W)"), loses=ALL),
    edit(GREEDY, "losses_in_the_list", "each entry of the list has three parts, the losses being the third; it should be a pair (W, b).",
         (KEPT, "layers.append((W, b, _losses))"), loses=ALL),
    edit(GREEDY, "numpy_random_for_rng", "the start is drawn from numpy.random; it should come from rng.",
         (TRAINED, "rng = np.random.default_rng(np.random.randint(2**31))\n        "
                   "W, b, _losses = train_autoencoder(h, n_hidden, lr, steps, rng)"), loses={STATISTICS}),
    edit(GREEDY, "generator_made_inside", "a generator with a seed of its own is used; the starts should come from rng.",
         ("layers = []", "layers = []\n    rng = np.random.default_rng(0)"), loses={STATISTICS}),
    edit(GREEDY, "biases_as_rows", "the biases are matrices of one row.", (KEPT, "layers.append((W, b[np.newaxis]))"), loses={SHAPE}),
    edit(GREEDY, "in_double_precision", "the layers are float64 also for float32 data.", ("h = x\n", "h = x.astype(np.float64)\n"),
         loses={DTYPE}),
    edit(GREEDY, "shuffled_in_place", "x itself is shuffled, in place.", ("h = x\n", "rng.shuffle(x)\n    h = x\n"), loses={PURITY}),
)  # fmt: skip

TUNE_ALL = {*ALL, STABILITY}
COPIES = "layers = [(W.copy(), b.copy()) for W, b in layers]"
HEAD = "W_out, b_out = head[0].copy(), head[1].copy()"
ENCODED = "codes.append(_sigmoid(codes[-1] @ W + b))"
OUTPUT = "y_hat = codes[-1] @ W_out + b_out"
MEAN = "loss = np.sum(error**2) / m"
SLOPE = "dy_hat = 2 * error / m"
UP = "dh = dy_hat @ W_out.T"
HIDDEN = "ds = dh * codes[k + 1] * (1 - codes[k + 1])"
DOWN = "dh = ds @ W.T"
MOVED = "moved.append((W - lr * dW, b - lr * db))"
KEEP = "layers = moved[::-1]"
STEP_W, STEP_B = "W_out = W_out - lr * dW_out", "b_out = b_out - lr * db_out"
RECORD = "losses.append(float(loss))"
RETURN = "return layers, (W_out, b_out), losses"


def value(name: str, explanation: str, *edits: tuple[str, str], loses: set[Kind] | None = None) -> Mistake:
    """Declare a mistake of `fine_tune`, which costs values if nothing else is said."""
    return edit(TUNE, name, explanation, *edits, loses=loses or {VALUE})


tune = (
    value("pretrained_layers_frozen", "only the head is trained; fine-tuning moves the pre-trained layers as well.", (KEEP, "")),
    value("first_layer_frozen", "the first layer is left as it is.", (KEEP, "layers = [layers[0], *moved[::-1][1:]]")),
    value("last_layer_alone", "of the pre-trained layers only the last one is moved.", (KEEP, "layers = [*layers[:-1], moved[0]]")),
    value("head_frozen", "the head is not trained.", (STEP_W, ""), (STEP_B, ""), loses={VALUE, STATISTICS}),
    value("head_moved_first", "the head is moved before the gradient passes through it.",
          (UP, "dh = dy_hat @ (W_out - lr * dW_out).T")),
    value("layers_moved_too_soon", "each layer is moved before the gradient passes through it to the one below.",
          (DOWN, "dh = ds @ (W - lr * dW).T")),
    value("codes_of_the_start", "the codes are those of the start in every step.",
          ("losses = []", "losses = []\n    start = list(layers)"), ("for W, b in layers:\n", "for W, b in start:\n")),
    value("loss_after_the_update", "each loss is taken after the update of its step.",
          (RECORD, ""), (STEP_B, f"{STEP_B}\n        h = x\n        for W, b in layers:\n            h = _sigmoid(h @ W + b)\n"
                                 "        losses.append(float(np.sum((h @ W_out + b_out - y) ** 2) / m))")),
    value("one_step_too_few", "the loop runs one time too few.", ("range(steps)", "range(steps - 1)"),
          loses={VALUE, STATISTICS, Kind.SHAPE, Kind.DTYPE, Kind.PURITY, Kind.STABILITY}),
    value("averaged_over_outputs_too", "the squared errors are averaged over the outputs as well (np.mean); here they are summed.",
          (MEAN, "loss = np.mean(error**2)"), (SLOPE, "dy_hat = 2 * error / error.size")),
    value("half", "the loss has a factor 1/2, and its gradient no 2.",
          (MEAN, "loss = 0.5 * np.sum(error**2) / m"), (SLOPE, "dy_hat = error / m")),
    value("losses_averaged_alone", "the losses are averaged over the outputs, while the steps are those of the sum.",
          (MEAN, "loss = np.mean(error**2)")),
    value("two_forgotten", "the factor 2 of the derivative of a square is missing in the gradients.", (SLOPE, "dy_hat = error / m")),
    value("mean_forgotten_backward", "the gradients are not divided by the number of examples, though the loss is.",
          (SLOPE, "dy_hat = 2 * error"), loses={VALUE, STATISTICS}),
    value("ascent", "the gradient is added, not subtracted, so that the loss rises.",
          (MOVED, "moved.append((W + lr * dW, b + lr * db))"), (STEP_W, STEP_W.replace("-", "+")), (STEP_B, STEP_B.replace("-", "+")),
          loses={VALUE, STATISTICS}),
    value("slope_forgotten", "the gradients of the hidden layers lack the derivative of the sigmoid, h (1 - h).", (HIDDEN, "ds = dh")),
    value("slope_of_the_code_below", "the derivative of the sigmoid is taken at the code of another layer.",
          (HIDDEN, "ds = dh * np.mean(codes[k]) * (1 - np.mean(codes[k]))")),
    value("sigmoid_output", "the output goes through a sigmoid; it is linear.",
          (OUTPUT, "y_hat = _sigmoid(codes[-1] @ W_out + b_out)"), (SLOPE, "dy_hat = 2 * error / m * y_hat * (1 - y_hat)"),
          loses=TUNE_ALL),
    value("tanh_codes", "the hidden layers have hyperbolic tangents; their codes are sigmoids.",
          (ENCODED, "codes.append(np.tanh(codes[-1] @ W + b))"), (HIDDEN, "ds = dh * (1 - codes[k + 1] ** 2)"), loses=TUNE_ALL),
    value("biases_never_moved", "the biases of the pre-trained layers are not trained.",
          (MOVED, "moved.append((W - lr * dW, b))")),
    value("head_bias_never_moved", "the bias of the head is not trained.", (STEP_B, "")),
    value("layers_reversed", "the layers are returned in reverse order, the last one first.",
          (RETURN, "return layers[::-1], (W_out, b_out), losses"), loses={VALUE, STATISTICS, SHAPE}),
    value("head_in_the_list", "the head is the last entry of the list of layers; it should be the second result.",
          (RETURN, "return [*layers, (W_out, b_out)], losses"), loses=TUNE_ALL),
    value("moved_in_place", "the arrays passed in are moved themselves, in place.",
          (COPIES, "given = layers\n    layers = list(layers)"),
          (RETURN, "for (W, b), (W_new, b_new) in zip(given, layers, strict=True):\n"
                   "        W[...], b[...] = W_new, b_new\n    return layers, (W_out, b_out), losses"),
          loses={PURITY}),
    value("biases_as_rows", "the biases are matrices of one row.",
          (COPIES, "layers = [(W.copy(), b[np.newaxis]) for W, b in layers]"), loses={SHAPE}),
    value("in_double_precision", "the parameters become float64 also for float32 arguments.",
          (SLOPE, "dy_hat = 2 * error.astype(np.float64) / m"), loses={DTYPE}),
    value("naive_sigmoid", "the sigmoid is 1 / (1 + exp(-s)) for every s, which overflows for large negative sums.",
          (ENCODED, "codes.append(1 / (1 + np.exp(-(codes[-1] @ W + b))))"), loses={STABILITY}),
)  # fmt: skip
