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
    edit(GREEDY, "x_for_every_layer", "every layer is trained on x; each should be trained on the codes of the layer below.", (CODES, ""),
         loses={VALUE, STATISTICS, SHAPE}),
    edit(GREEDY, "codes_without_sigmoid", "the next layer is trained on the sums x W + b, before the sigmoid.", (CODES, "h = h @ W + b")),
    edit(GREEDY, "tanh_codes", "the codes passed on are hyperbolic tangents; they should be sigmoids.", (CODES, "h = np.tanh(h @ W + b)")),
    edit(GREEDY, "relu_codes", "the codes passed on are positive parts (ReLU); they should be sigmoids.",
         (CODES, "h = np.maximum(h @ W + b, 0)")),
    edit(GREEDY, "codes_of_the_start", "each layer is trained on the codes that the layer below gave before it was trained.",
         (TRAINED, "state = rng.bit_generator.state\n        start = train_autoencoder(h, n_hidden, 0.0, 1, rng)\n"
                   f"        rng.bit_generator.state = state\n        {TRAINED}"),
         (CODES, "h = _sigmoid(h @ start[0] + start[1])")),
    edit(GREEDY, "bias_left_out_of_the_codes", "the codes passed on lack the bias b.", (CODES, "h = _sigmoid(h @ W)")),
    edit(GREEDY, "one_layer_too_few",
         "there is one layer too few: every entry of hidden_sizes is a hidden layer; the input is not among them.",
         (LOOP, "for n_hidden in hidden_sizes[1:]:"), loses=ALL),
    edit(GREEDY, "last_layer_not_trained", "the last layer is not trained: it stays at its start.",
         (TRAINED, "rate = 0.0 if len(layers) == len(hidden_sizes) - 1 else lr\n"
                   "        W, b, _losses = train_autoencoder(h, n_hidden, rate, steps, rng)")),
    edit(GREEDY, "steps_shared", "the steps are divided among the layers; each layer should get all of them.",
         (TRAINED, "W, b, _losses = train_autoencoder(h, n_hidden, lr, steps // len(hidden_sizes), rng)")),
    edit(GREEDY, "steps_ignored", "the number of steps is fixed in the code; the argument steps is not used.",
         (TRAINED, "W, b, _losses = train_autoencoder(h, n_hidden, lr, 100, rng)")),
    edit(GREEDY, "lr_ignored", "the step size is fixed in the code; the argument lr is not used.",
         (TRAINED, "W, b, _losses = train_autoencoder(h, n_hidden, 0.1, steps, rng)")),
    edit(GREEDY, "weights_alone", "a list of weights is returned, without their biases.", (KEPT, "layers.append(W)"), loses=ALL),
    edit(GREEDY, "dicts_for_pairs", "each entry of the list is a dict; it should be a pair (W, b).",
         (KEPT, 'layers.append({"W": W, "b": b})'), loses=ALL),
    edit(GREEDY, "zip_for_a_list", "a zip is returned, which is not a list of pairs; list(zip(...)) is.",
         ("return layers", "return zip(*zip(*layers))"), loses=ALL),
    edit(GREEDY, "dict_for_a_list", "all layers are returned in a dict; they should be in a list of pairs (W, b).",
         ("return layers", "return {f'{name}{k}': one for k, layer in enumerate(layers, 1) for name, one in zip('Wb', layer)}"),
         loses=ALL),
    edit(GREEDY, "weights_and_biases_in_turn",
         "weights and biases follow one another in one flat list; each layer should be a pair (W, b).",
         (KEPT, "layers += [W, b]"), loses=ALL),
    edit(GREEDY, "two_lists", "weights and biases are returned in two lists; they should be in one list of pairs (W, b).",
         ("return layers", "return [W for W, _b in layers], [b for _W, b in layers]"), loses=ALL),
    edit(GREEDY, "losses_in_the_list", "each entry of the list has three parts, such as W, b and the losses; it should be a pair (W, b).",
         (KEPT, "layers.append((W, b, _losses))"), loses=ALL),
    edit(GREEDY, "numpy_random_for_rng", "the starts are drawn from numpy.random; they should be drawn from rng.",
         (TRAINED, "rng = np.random.default_rng(np.random.randint(2**31))\n        "
                   "W, b, _losses = train_autoencoder(h, n_hidden, lr, steps, rng)"), loses={STATISTICS}),
    edit(GREEDY, "generator_made_inside", "a generator with its own seed is used; the starts should be drawn from rng.",
         ("layers = []", "layers = []\n    rng = np.random.default_rng(0)"), loses={STATISTICS}),
    edit(GREEDY, "biases_as_rows", "the biases are matrices of one row; they should be vectors.",
         (KEPT, "layers.append((W, b[np.newaxis]))"), loses={SHAPE}),
    edit(GREEDY, "in_double_precision", "the layers are float64 even for float32 data.", ("h = x\n", "h = x.astype(np.float64)\n"),
         loses={DTYPE}),
    edit(GREEDY, "shuffled_in_place", "x itself is shuffled in place.", ("h = x\n", "rng.shuffle(x)\n    h = x\n"), loses={PURITY}),
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
IN_PLACE = (
    (COPIES, "layers = list(layers)"),
    (HEAD, "W_out, b_out = head"),
    (KEEP, "for (W, b), (W_new, b_new) in zip(layers, moved[::-1], strict=True):\n            W[...], b[...] = W_new, b_new"),
    (STEP_W, "W_out -= lr * dW_out"),
    (STEP_B, "b_out -= lr * db_out"),
)


def value(name: str, explanation: str, *edits: tuple[str, str], loses: set[Kind] | None = None) -> Mistake:
    """Declare a mistake of `fine_tune`, which costs values if nothing else is said."""
    return edit(TUNE, name, explanation, *edits, loses=loses or {VALUE})


tune = (
    value("pretrained_layers_frozen", "only the head is trained; the pre-trained layers should move as well.", (KEEP, "")),
    value("first_layer_frozen", "the first layer is not trained.", (KEEP, "layers = [layers[0], *moved[::-1][1:]]")),
    value("last_layer_alone", "only the last of the pre-trained layers is trained.", (KEEP, "layers = [*layers[:-1], moved[0]]")),
    value("head_frozen", "the head is not trained.", (STEP_W, ""), (STEP_B, ""), loses={VALUE, STATISTICS}),
    value("head_moved_first", "the head is moved before the gradient passes through it.",
          (UP, "dh = dy_hat @ (W_out - lr * dW_out).T")),
    value("layers_moved_too_soon", "each layer is moved before the gradient passes through it to the one below.",
          (DOWN, "dh = ds @ (W - lr * dW).T")),
    value("updated_on_the_way_back",
          "head and layers are updated before the gradient passes through them and so uses the new weights.",
          (UP, "dh = dy_hat @ (W_out - lr * dW_out).T"), (DOWN, "dh = ds @ (W - lr * dW).T")),
    value("updated_in_place_on_the_way_back",
          "each array is updated in place as soon as its own gradient is known, so the arguments change and layers below see new weights.",
          *IN_PLACE, (UP, "dh = dy_hat @ (W_out - lr * dW_out).T"), (DOWN, "dh = ds @ (W - lr * dW).T"), loses={VALUE, PURITY}),
    value("codes_of_the_start", "the codes are those of the start in every step.",
          ("losses = []", "losses = []\n    start = list(layers)"), ("for W, b in layers:\n", "for W, b in start:\n")),
    value("loss_after_the_update", "each loss is computed after the update of its step; it should be computed before it.",
          (RECORD, ""), (STEP_B, f"{STEP_B}\n        h = x\n        for W, b in layers:\n            h = _sigmoid(h @ W + b)\n"
                                 "        losses.append(float(np.sum((h @ W_out + b_out - y) ** 2) / m))")),
    value("one_step_too_few", "the loop runs one time too few.", ("range(steps)", "range(steps - 1)"),
          loses={VALUE, STATISTICS, Kind.SHAPE, Kind.DTYPE, Kind.PURITY, Kind.STABILITY}),
    value("averaged_over_outputs_too",
          "the squared errors are averaged over the outputs as well (np.mean); they should be summed over them.",
          (MEAN, "loss = np.mean(error**2)"), (SLOPE, "dy_hat = 2 * error / error.size")),
    value("half", "the loss has a factor 1/2, and its gradient no 2.",
          (MEAN, "loss = 0.5 * np.sum(error**2) / m"), (SLOPE, "dy_hat = error / m")),
    value("losses_averaged_alone", "the losses are averaged over the outputs; they should be summed over them, as in the steps.",
          (MEAN, "loss = np.mean(error**2)")),
    value("two_forgotten", "the factor 2 of the derivative of a square is missing in the gradients.", (SLOPE, "dy_hat = error / m")),
    value("mean_forgotten_backward", "the gradients are not divided by the number of examples, though the loss is.",
          (SLOPE, "dy_hat = 2 * error"), loses={VALUE, STATISTICS}),
    value("ascent", "the gradient is added, not subtracted, so that the loss rises.",
          (MOVED, "moved.append((W + lr * dW, b + lr * db))"), (STEP_W, STEP_W.replace("-", "+")), (STEP_B, STEP_B.replace("-", "+")),
          loses={VALUE, STATISTICS}),
    value("slope_forgotten", "the gradients of the hidden layers lack the derivative of the sigmoid, h (1 - h).", (HIDDEN, "ds = dh")),
    value("brackets_of_the_slope", "brackets are missing: dh * h * 1 - h is computed; it should be dh * h * (1 - h).",
          (HIDDEN, "ds = dh * codes[k + 1] * 1 - codes[k + 1]"), loses={VALUE, STATISTICS}),
    value("slope_of_the_sum", "the derivative of the sigmoid is computed as s (1 - s) from the sum s inside it; it should be h (1 - h).",
          (HIDDEN, "s = codes[k] @ W + b\n            ds = dh * s * (1 - s)"), loses={VALUE, STATISTICS}),
    value("sigmoid_of_the_slope", "the sigmoid is applied again to h before h (1 - h) is computed.",
          (HIDDEN, "ds = dh * _sigmoid(codes[k + 1]) * (1 - _sigmoid(codes[k + 1]))")),
    value("biases_averaged", "the gradients of the biases are averaged over the examples once more; they should be summed.",
          ("db = np.sum(ds, axis=0)", "db = np.mean(ds, axis=0)"), ("db_out = np.sum(dy_hat, axis=0)", "db_out = np.mean(dy_hat, axis=0)")),
    value("slope_of_the_code_below", "the derivative of the sigmoid is computed from the code of another layer.",
          (HIDDEN, "ds = dh * np.mean(codes[k]) * (1 - np.mean(codes[k]))")),
    value("sigmoid_output", "the output goes through a sigmoid; it should be linear.",
          (OUTPUT, "y_hat = _sigmoid(codes[-1] @ W_out + b_out)"), (SLOPE, "dy_hat = 2 * error / m * y_hat * (1 - y_hat)"),
          loses=TUNE_ALL),
    value("tanh_codes", "the hidden layers use hyperbolic tangents; they should use sigmoids.",
          (ENCODED, "codes.append(np.tanh(codes[-1] @ W + b))"), (HIDDEN, "ds = dh * (1 - codes[k + 1] ** 2)"), loses=TUNE_ALL),
    value("biases_never_moved", "the biases of the pre-trained layers are not trained.",
          (MOVED, "moved.append((W - lr * dW, b))")),
    value("head_bias_never_moved", "the bias of the head is not trained.", (STEP_B, "")),
    value("layers_reversed", "the layers are returned in reverse order, the last one first.",
          (RETURN, "return layers[::-1], (W_out, b_out), losses"), loses={VALUE, STATISTICS, SHAPE}),
    value("head_in_the_list", "the head is the last entry of the list of layers; it should be the second result.",
          (RETURN, "return [*layers, (W_out, b_out)], losses"), loses=TUNE_ALL),
    value("moved_in_place", "the arrays passed in are updated in place (as by -=); new ones should be returned.",
          (COPIES, "given = layers\n    layers = list(layers)"),
          (RETURN, "for (W, b), (W_new, b_new) in zip(given, layers, strict=True):\n"
                   "        W[...], b[...] = W_new, b_new\n    return layers, (W_out, b_out), losses"),
          loses={PURITY}),
    value("head_moved_in_place", "only the arrays of the head are updated in place (as by -=); new ones should be returned.",
          (HEAD, "W_out, b_out = head"), (STEP_W, "W_out -= lr * dW_out"), (STEP_B, "b_out -= lr * db_out"), loses={PURITY}),
    value("biases_as_rows", "the biases are matrices of one row; they should be vectors.",
          (COPIES, "layers = [(W.copy(), b[np.newaxis]) for W, b in layers]"), loses={SHAPE}),
    value("in_double_precision", "the parameters become float64 even for float32 arguments.",
          (SLOPE, "dy_hat = 2 * error.astype(np.float64) / m"), loses={DTYPE}),
    value("naive_sigmoid", "the sigmoid is 1 / (1 + exp(-s)) for every s, which overflows for large negative sums.",
          (ENCODED, "codes.append(1 / (1 + np.exp(-(codes[-1] @ W + b))))"), loses={STABILITY}),
)  # fmt: skip
