"""Known mistakes of the recurrent network, for each function the commonest of real work first.

Whoever has a step wrong has the sequence wrong in the same way, so that the mistakes of a step are told for both.
"""

from __future__ import annotations

from grader.checks import Kind, Mistake, edit, rewrite

VALUE, GRADIENT, SHAPE, DTYPE, PURITY, STABILITY = Kind.VALUE, Kind.GRADIENT, Kind.SHAPE, Kind.DTYPE, Kind.PURITY, Kind.STABILITY
FORWARD_ALL = {VALUE, SHAPE, DTYPE, PURITY, STABILITY}
BACKWARD_ALL = {GRADIENT, SHAPE, DTYPE, PURITY, STABILITY}

# ------------------------------------------------------------------------------------------------------------------- one step

STEP, STEP_BACK = "rnn_step_forward", "rnn_step_backward"
SUM, SQUASH, STEP_RETURN = "a = x @ Wx + prev_h @ Wh + b", "next_h = np.tanh(a)", "return next_h, (x, prev_h, Wx, Wh, next_h)"


def step(name: str, explanation: str, old: str, new: str, loses: set[Kind] | None = None) -> Mistake:
    """One edit of the step forward."""
    return edit(STEP, name, explanation, (old, new), loses=loses or FORWARD_ALL)


step_forward = (
    step("no_tanh", "the tanh is forgotten.", SQUASH, "next_h = a"),
    step("sigmoid_for_tanh", "a sigmoid is used instead of the tanh.", SQUASH, "next_h = 0.5 * (1 + np.tanh(a / 2))"),
    step("relu_for_tanh", "a ReLU is used instead of the tanh.", SQUASH, "next_h = np.maximum(a, 0)"),
    step("no_bias", "b is not added.", SUM, "a = x @ Wx + prev_h @ Wh"),
    step("state_weights_transposed", "Wh is transposed: the product should be prev_h @ Wh.", SUM,
         "a = x @ Wx + prev_h @ Wh.T + b"),
    step("previous_state_left_out", "the previous state is left out.", SUM, "a = x @ Wx + b"),
    step("input_left_out", "the input is left out.", SUM, "a = prev_h @ Wh + b"),
    step("bias_outside_the_tanh", "b is added after the tanh; it should be added inside it.", SQUASH, "next_h = np.tanh(a - b) + b"),
    step("state_outside_the_tanh", "prev_h @ Wh is added after the tanh; it should be added inside it.", SQUASH,
         "next_h = np.tanh(a - prev_h @ Wh) + prev_h @ Wh"),
    step("two_tanhs", "input and state each go through a tanh of their own; the tanh should be applied to their sum.", SQUASH,
         "next_h = np.tanh(x @ Wx) + np.tanh(prev_h @ Wh) + b"),
    step("previous_state_added", "the previous state itself is added to the result.", SQUASH, "next_h = prev_h + np.tanh(a)"),
    step("products_multiplied", "x @ Wx and prev_h @ Wh are multiplied; they should be added.", SUM,
         "a = (x @ Wx) * (prev_h @ Wh) + b"),
    step("bias_subtracted", "b is subtracted; it should be added.", SUM, "a = x @ Wx + prev_h @ Wh - b"),
    step("bias_twice", "b is added twice: once with x @ Wx, and once more with prev_h @ Wh.", SUM, "a = x @ Wx + b + prev_h @ Wh + b"),
    step("tanh_twice", "tanh is applied twice.", SQUASH, "next_h = np.tanh(np.tanh(a))"),
    step("state_subtracted", "prev_h @ Wh is subtracted; it should be added.", SUM, "a = x @ Wx - prev_h @ Wh + b"),
    step("one_state_for_all_examples", "the sums of all examples are averaged before the tanh.", SQUASH,
         "next_h = np.tanh(a * 0 + np.mean(a, axis=0))"),
    step("cut_off_at_5", "the sum is clipped to [-5, 5] before the tanh, which is not yet flat there.", SQUASH,
         "next_h = np.tanh(np.clip(a, -5, 5))", {VALUE}),
    step("an_axis_too_many", "the state has an extra axis of length 1.", STEP_RETURN,
         "return next_h[np.newaxis], (x, prev_h, Wx, Wh, next_h)", {SHAPE}),
    step("float64", "the state is always float64; it should have the dtype of x.", SQUASH,
         "next_h = np.tanh(a.astype(np.float64))", {DTYPE}),
    step("previous_state_overwritten", "prev_h itself is overwritten with the next state.", SQUASH,
         "next_h = prev_h\n    prev_h[...] = np.tanh(a)", {PURITY}),
    step("tanh_by_exponentials", "the tanh is computed as a quotient of exponentials, which overflow.", SQUASH,
         "next_h = (np.exp(a) - np.exp(-a)) / (np.exp(a) + np.exp(-a))", {STABILITY}),
    step("no_cache", "only the state is returned, without a cache.", STEP_RETURN, "return next_h"),
)  # fmt: skip

SLOPE, STEP_BACK_RETURN = "da = dnext_h * (1 - next_h**2)", "return dx, dprev_h, dWx, dWh, db"
DX, DPREV, DWX, DWH, DB = "dx = da @ Wx.T", "dprev_h = da @ Wh.T", "dWx = x.T @ da", "dWh = prev_h.T @ da", "db = np.sum(da, axis=0)"

# What the slope may be taken for: in one step, and in the steps of a sequence alike.
SLOPES: tuple[tuple[str, str, str], ...] = (
    ("slope_left_out", "the gradient is not sent through the tanh: the factor 1 - next_h^2 is missing.", "1"),
    ("slope_of_the_output_taken_twice",
     "tanh is applied to next_h, which is a tanh already: the slope should be 1 - next_h^2.", "(1 - np.tanh(next_h) ** 2)"),
    ("slope_not_squared", "the slope is 1 - next_h; it should be 1 - next_h^2.", "(1 - next_h)"),
    ("slope_of_a_sigmoid", "the slope is that of a sigmoid, next_h * (1 - next_h); it should be 1 - next_h^2.", "next_h * (1 - next_h)"),
    ("slope_of_a_relu", "the slope is that of a ReLU; it should be 1 - next_h^2.", "(next_h > 0)"),
    ("slope_is_the_square", "the slope is next_h^2; it should be 1 - next_h^2.", "next_h**2"),
    ("slope_with_a_plus", "the slope is 1 + next_h^2; it should be 1 - next_h^2.", "(1 + next_h**2)"),
    ("slope_squared_as_a_whole", "the slope is (1 - next_h)^2; only next_h should be squared.", "(1 - next_h) ** 2"),
    ("brackets_missing", "brackets are missing: dnext_h * 1 - next_h^2 is computed; it should be dnext_h * (1 - next_h^2).",
     "1 - next_h**2"),
    ("slope_of_the_sum", "the slope is 1 - a^2 with the sum a inside the tanh; it should be 1 - next_h^2.",
     "(1 - np.arctanh(np.clip(next_h, -1 + 1e-7, 1 - 1e-7)) ** 2)"),
    ("slope_negative", "the slope has the wrong sign: it should be 1 - next_h^2.", "(next_h**2 - 1)"),
)  # fmt: skip


def back(name: str, explanation: str, old: str, new: str, loses: set[Kind] | None = None) -> Mistake:
    """One edit of the step backward."""
    return edit(STEP_BACK, name, explanation, (old, new), loses=loses or {GRADIENT})


step_backward = (
    *(back(name, explanation, SLOPE, f"da = dnext_h * {factor}", BACKWARD_ALL) for name, explanation, factor in SLOPES),
    back("upstream_gradient_left_out", "dnext_h is left out: only the slope is sent back.", SLOPE,
         "da = (1 - next_h**2).astype(dnext_h.dtype)", BACKWARD_ALL),
    back("state_weights_not_transposed", "dprev_h is da @ Wh; it should be da @ Wh.T.", DPREV, "dprev_h = da @ Wh"),
    back("state_gradient_transposed", "dWh comes out transposed.", DWH, "dWh = da.T @ prev_h"),
    back("state_gradient_from_the_next_state", "dWh is computed with the next state; it should be computed with the previous one.", DWH,
         "dWh = next_h.T @ da"),
    back("previous_state_without_weights", "dprev_h is not multiplied by Wh.", DPREV, "dprev_h = da"),
    back("slope_at_the_previous_state", "the slope of the tanh is computed from prev_h; it should be computed from next_h.", SLOPE,
         "da = dnext_h * (1 - prev_h**2)", BACKWARD_ALL),
    back("parameters_before_the_tanh",
         "dWx, dWh and db are computed from dnext_h; they should be computed from da = dnext_h * (1 - next_h^2).",
         STEP_BACK_RETURN,
         "return dx, dprev_h, x.T @ dnext_h, prev_h.T @ dnext_h, np.sum(dnext_h, axis=0)"),
    back("inputs_before_the_tanh", "dx and dprev_h are computed from dnext_h; they should be computed from da = dnext_h * (1 - next_h^2).",
         STEP_BACK_RETURN,
         "return dnext_h @ Wx.T, dnext_h @ Wh.T, dWx, dWh, db"),
    back("previous_state_before_the_tanh", "dprev_h is computed from dnext_h; it should be computed from da = dnext_h * (1 - next_h^2).",
         DPREV,
         "dprev_h = dnext_h @ Wh.T"),
    back("bias_before_the_tanh", "db sums dnext_h; it should sum da = dnext_h * (1 - next_h^2).", DB, "db = np.sum(dnext_h, axis=0)"),
    back("input_before_the_tanh", "dx is computed from dnext_h; it should be computed from da = dnext_h * (1 - next_h^2).",
         DX, "dx = dnext_h @ Wx.T"),
    back("input_weights_before_the_tanh", "dWx is computed from dnext_h; it should be computed from da = dnext_h * (1 - next_h^2).",
         DWX, "dWx = x.T @ dnext_h"),
    back("state_weights_before_the_tanh", "dWh is computed from dnext_h; it should be computed from da = dnext_h * (1 - next_h^2).",
         DWH, "dWh = prev_h.T @ dnext_h"),
    back("upstream_gradient_added", "dnext_h is added to dprev_h; prev_h reaches the loss only through the tanh.", DPREV,
         "dprev_h = da @ Wh.T + dnext_h"),
    back("bias_averaged", "db is averaged over the examples, not summed.", DB, "db = np.mean(da, axis=0)"),
    back("parameters_averaged", "dWx, dWh and db are averaged over the examples, not summed.", STEP_BACK_RETURN,
         "return dx, dprev_h, dWx / len(x), dWh / len(x), db / len(x)"),
    back("bias_not_summed", "db is not summed over the examples.", DB, "db = da", {GRADIENT, SHAPE}),
    back("bias_without_its_axis", "db is summed over everything: np.sum has no axis.", DB, "db = np.sum(da)", {GRADIENT, SHAPE}),
    back("input_and_state_exchanged", "dx and dprev_h are swapped.", STEP_BACK_RETURN,
         "return dprev_h, dx, dWx, dWh, db", {GRADIENT, SHAPE}),
    back("weights_exchanged", "dWx and dWh are swapped.", STEP_BACK_RETURN,
         "return dx, dprev_h, dWh, dWx, db", {GRADIENT, SHAPE}),
    back("bias_has_two_axes", "db has shape (1, H), because keepdims is on.", DB, "db = np.sum(da, axis=0, keepdims=True)", {SHAPE}),
    back("float64", "the gradients are always float64; they should have the dtype of dnext_h.", SLOPE,
         "da = dnext_h * (1 - next_h.astype(np.float64) ** 2)", {DTYPE}),
    back("upstream_gradient_overwritten", "dnext_h itself is multiplied by the slope, in place.", SLOPE,
         "da = dnext_h\n    da *= 1 - next_h**2", {PURITY}),
    back("slope_by_cosh", "the slope is computed as 1 / cosh(a)^2, and cosh overflows.", SLOPE,
         "with np.errstate(divide='ignore'):\n        a = np.arctanh(next_h.astype(np.float64))\n"
         "    slope = 1 / np.cosh(np.clip(a, -800, 800)) ** 2\n    da = dnext_h * slope.astype(dnext_h.dtype)", {STABILITY}),
    back("cache_squared_in_place", "next_h in the cache is squared in place, so that a second backward pass finds the squares.", SLOPE,
         "next_h *= next_h\n    da = dnext_h * (1 - next_h)"),
    back("dx_alone", "some of the five gradients are not returned.", STEP_BACK_RETURN, "return dx", BACKWARD_ALL),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------------------------ sequences

FORWARD, BACKWARD = "rnn_forward", "rnn_backward"
CALL = "next_h, step = rnn_step_forward(x[:, t], prev_h, Wx, Wh, b)"
KEPT = "(x, h0, Wx, Wh, b, steps)"
FORWARD_RETURN = f"return h, {KEPT}"
OWN_SUM = f"{CALL}\n        a = x[:, t] @ Wx + prev_h @ Wh + b\n        next_h = "


def sequence(name: str, explanation: str, old: str, new: str, loses: set[Kind] | None = None) -> Mistake:
    """One edit of the sequence forward."""
    return edit(FORWARD, name, explanation, (old, new), loses=loses or FORWARD_ALL)


forward = (
    sequence("h0_ignored", "the first step starts from zeros, not from h0.", "prev_h = h0", "prev_h = np.zeros_like(h0)", {VALUE}),
    edit(FORWARD, "state_of_the_call_before",
         "the last state is kept between calls, and the next call of the same shape goes on from it; it should start from h0.",
         ("prev_h = h0", "kept = getattr(rnn_forward, 'kept', h0)\n"
          "    prev_h = kept if kept.shape == h0.shape and kept.dtype == h0.dtype else h0"),
         (FORWARD_RETURN, f"rnn_forward.kept = prev_h\n    {FORWARD_RETURN}"), loses={VALUE}),
    sequence("state_not_carried_on", "every step starts from h0: the state is not carried on.", "prev_h = next_h", "prev_h = h0"),
    sequence("states_added_up", "the new state is added to the old one before the next step.",
             "prev_h = next_h", "prev_h = prev_h + next_h"),
    sequence("previous_state_left_out", "each step leaves out the previous state: tanh(x @ Wx + b) alone is computed.", CALL,
             f"{OWN_SUM}np.tanh(a - prev_h @ Wh)"),
    sequence("input_one_step_late", "each step uses the input before its own, x[:, t - 1]; it should use x[:, t].",
             "x[:, t], prev_h", "x[:, t - 1], prev_h"),
    sequence("states_one_step_late", "the state before each input is stored, so that h begins with h0 and lacks the last state.",
             "h[:, t] = next_h", "h[:, t] = prev_h"),
    sequence("h0_among_the_states", "h0 is returned in front of the states, so that there are T + 1.", FORWARD_RETURN,
             f"return np.concatenate([h0[:, np.newaxis], h], axis=1), {KEPT}"),
    sequence("last_state_alone", "only the last state is returned; there should be one for every time step.", FORWARD_RETURN,
             f"return next_h, {KEPT}"),
    sequence("time_first", "time is the first axis of the result; it should be the second.", FORWARD_RETURN,
             f"return h.transpose(1, 0, 2), {KEPT}"),
    sequence("read_backward", "the sequence is read from its end.", "x[:, t], prev_h", "x[:, T - 1 - t], prev_h"),
    sequence("first_input_alone", "every time step uses the first input.", "x[:, t], prev_h", "x[:, 0], prev_h"),
    edit(FORWARD, "last_step_missing", "the loop ends one step early, and the last state stays 0.",
         ("np.empty(", "np.zeros("), ("for t in range(T):", "for t in range(T - 1):"), loses=FORWARD_ALL),
    edit(FORWARD, "first_step_missing", "the loop begins at the second input, and the first state stays 0.",
         ("np.empty(", "np.zeros("), ("for t in range(T):", "for t in range(1, T):"), loses=FORWARD_ALL),
    sequence("last_state_everywhere", "all time steps hold the last state: one array is filled again and again.", "h[:, t] = next_h",
             "h[...] = next_h[:, np.newaxis]"),
    sequence("no_tanh", "the step lacks its tanh.", CALL, f"{OWN_SUM}a"),
    sequence("sigmoid_for_tanh", "the step uses a sigmoid instead of the tanh.", CALL, f"{OWN_SUM}0.5 * (1 + np.tanh(a / 2))"),
    sequence("relu_for_tanh", "the step uses a ReLU instead of the tanh.", CALL, f"{OWN_SUM}np.maximum(a, 0)"),
    sequence("no_bias", "the step does not add b.", "Wx, Wh, b)\n", "Wx, Wh, 0 * b)\n"),
    sequence("bias_twice", "the step adds b twice: once with x @ Wx, and once more with prev_h @ Wh.", "Wx, Wh, b)\n", "Wx, Wh, 2 * b)\n"),
    sequence("tanh_twice", "tanh is applied twice in each step.", CALL, f"{OWN_SUM}np.tanh(np.tanh(a))"),
    sequence("state_weights_transposed", "the step transposes Wh: the product should be prev_h @ Wh.", "Wx, Wh, b)\n",
             "Wx, Wh.T, b)\n"),
    sequence("bias_outside_the_tanh", "the step adds b after the tanh; it should add it inside.", CALL, f"{OWN_SUM}np.tanh(a - b) + b"),
    sequence("an_axis_too_many", "the states have an extra axis of length 1.", FORWARD_RETURN, f"return h[np.newaxis], {KEPT}", {SHAPE}),
    sequence("float64", "the array of states is always float64; it should have the dtype of x.",
             "dtype=x.dtype", "dtype=np.float64", {DTYPE}),
    sequence("h0_overwritten", "h0 itself is overwritten: the new states are written into it.", "prev_h = next_h", "prev_h[...] = next_h",
             {PURITY}),
    sequence("tanh_by_exponentials", "the step computes the tanh as a quotient of exponentials, which overflow.", CALL,
             f"{OWN_SUM}(np.exp(a) - np.exp(-a)) / (np.exp(a) + np.exp(-a))", {STABILITY}),
    sequence("no_cache", "only the states are returned, without a cache.", FORWARD_RETURN, "return h"),
)  # fmt: skip

ADD, LOOP = "dnext_h = dh[:, t] + dprev_h", "for t in reversed(range(len(steps))):"
BACK_CALL, BACK_RETURN = "dx_t, dprev_h, dWx_t, dWh_t, db_t = rnn_step_backward(dnext_h, steps[t])", "return dx, dprev_h, dWx, dWh, db"
TAKEN = "x_t, prev_h, _, _, next_h = steps[t]"
ADD_DWX, ADD_DWH, ADD_DB = "dWx += dWx_t", "dWh += dWh_t", "db += db_t"


def own_step(da: str = "dnext_h * (1 - next_h**2)", *, dprev_h: str = "da @ Wh.T", dWh: str = "prev_h.T @ da") -> str:
    """A step backward in the place of the call of one."""
    lines = (TAKEN, f"da = {da}", f"dx_t, dprev_h = da @ Wx.T, {dprev_h}", f"dWx_t, dWh_t, db_t = x_t.T @ da, {dWh}, np.sum(da, axis=0)")
    return "\n        ".join(lines)


def through(name: str, explanation: str, *edits: tuple[str, str], loses: set[Kind] | None = None) -> Mistake:
    """Edits of the sequence backward."""
    return edit(BACKWARD, name, explanation, *edits, loses=loses or {GRADIENT})


through_time = (
    through("not_through_time", "what comes back from the next time step is left out: only dh goes into each step.",
            (ADD, "dnext_h = dh[:, t]"), loses=BACKWARD_ALL),
    through("last_gradient_alone", "only the last time step of dh is used.",
            (ADD, "dnext_h = dh[:, t] * (t == len(steps) - 1) + dprev_h"), loses=BACKWARD_ALL),
    through("dh_one_step_early", "each step uses the dh of the step before it, dh[:, t - 1]; it should use dh[:, t].",
            (ADD, "dnext_h = dh[:, t - 1] + dprev_h"), loses=BACKWARD_ALL),
    through("dh_added_after_the_step",
            "dh[:, t] is added to what comes out of the backward step at t; it should be added to what goes in.",
            (ADD, "dnext_h = dprev_h"), (BACK_CALL, f"{BACK_CALL}\n        dprev_h = dprev_h + dh[:, t]"), loses=BACKWARD_ALL),
    through("cache_of_the_last_step", "every step uses the cache of the last one; each should use its own.",
            (BACK_CALL, BACK_CALL.replace("steps[t]", "steps[-1]")), loses=BACKWARD_ALL),
    through("cache_of_the_first_step", "every step uses the cache of the first one; each should use its own.",
            (BACK_CALL, BACK_CALL.replace("steps[t]", "steps[0]")), loses=BACKWARD_ALL),
    through("from_first_to_last", "the loop runs from the first time step to the last; it should run from the last to the first.",
            (LOOP, "for t in range(len(steps)):"), loses=BACKWARD_ALL),
    through("parameters_of_the_first_step", "dWx, dWh and db are overwritten at every time step; they should be added up.",
            (ADD_DWX, "dWx = dWx_t"), (ADD_DWH, "dWh = dWh_t"), (ADD_DB, "db = db_t")),
    through("bias_of_the_first_step", "db is overwritten at every time step; it should be added up.", (ADD_DB, "db = db_t")),
    through("input_weights_of_the_first_step", "dWx is overwritten at every time step; it should be added up.", (ADD_DWX, "dWx = dWx_t")),
    through("state_weights_of_the_first_step", "dWh is overwritten at every time step; it should be added up.", (ADD_DWH, "dWh = dWh_t")),
    through("parameters_of_the_last_step", "dWx, dWh and db are those of the last time step only; they should be summed over all.",
            (ADD_DWX, "dWx += dWx_t * (t == len(steps) - 1)"), (ADD_DWH, "dWh += dWh_t * (t == len(steps) - 1)"),
            (ADD_DB, "db += db_t * (t == len(steps) - 1)")),
    through("parameters_averaged_over_time", "dWx, dWh and db are averaged over the time steps, not summed.",
            (BACK_RETURN, "T = len(steps)\n    return dx, dprev_h, dWx / T, dWh / T, db / T")),
    through("parameters_averaged_over_examples", "dWx, dWh and db are averaged over the examples, not summed.",
            (BACK_RETURN, "N = len(dh)\n    return dx, dprev_h, dWx / N, dWh / N, db / N")),
    through("dh0_is_zero", "dh0 is 0: what the first time step sends back is lost.", (BACK_RETURN, "return dx, 0 * dprev_h, dWx, dWh, db")),
    through("dh0_before_the_first_step", "dh0 is the gradient of the first state; it should be sent back through the first step too.",
            (BACK_RETURN, "return dx, dnext_h, dWx, dWh, db")),
    through("dh0_of_the_last_step", "dh0 is what the last time step sends back; it should be what the first one sends back.",
            (f"{BACK_CALL}\n", f"{BACK_CALL}\n        last = dprev_h if t == len(steps) - 1 else last\n"),
            (BACK_RETURN, "return dx, last, dWx, dWh, db")),
    through("dx_in_reverse", "dx is in reverse order: it was collected on the way back and not reversed.",
            ("dx[:, t] = dx_t", "dx[:, len(steps) - 1 - t] = dx_t")),
    through("gradients_of_the_state_pile_up", "dprev_h is added up over the time steps; each step should replace it.",
            (BACK_CALL, BACK_CALL.replace("dprev_h", "sent") + "\n        dprev_h = dprev_h + sent"), loses=BACKWARD_ALL),
    through("last_gradient_twice", "dprev_h starts as the last dh, which is then counted twice.",
            ("np.zeros_like(h0)", "dh[:, -1]"), loses=BACKWARD_ALL),
    through("first_step_left_out", "the loop stops before the first time step.",
            ("np.empty_like(x)", "np.zeros_like(x)"), (LOOP, "for t in reversed(range(1, len(steps))):"), loses=BACKWARD_ALL),
    through("last_step_left_out", "the loop begins one step too early, and the last time step is left out.",
            ("np.empty_like(x)", "np.zeros_like(x)"), (LOOP, "for t in reversed(range(len(steps) - 1)):"), loses=BACKWARD_ALL),
)  # fmt: skip

of_the_step = (
    *(through(name, f"in each step, {explanation}", (BACK_CALL, own_step(f"dnext_h * {factor}")), loses=BACKWARD_ALL)
      for name, explanation, factor in SLOPES),
    through("state_weights_not_transposed", "dprev_h is da @ Wh in each step; it should be da @ Wh.T.",
            (BACK_CALL, own_step(dprev_h="da @ Wh")), loses=BACKWARD_ALL),
    through("state_gradient_transposed", "dWh comes out transposed.", (BACK_RETURN, "return dx, dprev_h, dWx, dWh.T, db")),
    through("state_gradient_from_the_next_state",
            "dWh is computed with the state after each step; it should be computed with the state before it.",
            (BACK_CALL, own_step(dWh="next_h.T @ da"))),
    through("state_gradient_from_h0", "dWh is computed with h0 in every step; it should be computed with the state before the step.",
            (BACK_CALL, own_step(dWh="h0.T @ da"))),
    through("slope_of_the_last_state", "every step uses the slope at the last state; each should use the slope at its own.",
            (BACK_CALL, own_step("dnext_h * (1 - steps[-1][4] ** 2)")), loses=BACKWARD_ALL),
    through("previous_state_without_weights", "dprev_h is not multiplied by Wh.", (BACK_CALL, own_step(dprev_h="da")), loses=BACKWARD_ALL),
    through("previous_state_before_the_tanh", "what goes back to the state before is not multiplied by the slope of the tanh.",
            (BACK_CALL, own_step(dprev_h="dnext_h @ Wh.T")), loses=BACKWARD_ALL),
    through("bias_averaged", "db is averaged over the examples in each step, not summed.", (ADD_DB, "db += db_t / len(dh)")),
    through("bias_left_out", "db is 0 throughout.", (ADD_DB, "db += 0 * db_t")),
)  # fmt: skip

contract_of_backward = (
    through("time_first", "time is the first axis of dx; it should be the second.",
            (BACK_RETURN, "return dx.swapaxes(0, 1), dprev_h, dWx, dWh, db"),
            loses={GRADIENT, SHAPE}),
    through("bias_has_two_axes", "db has shape (1, H), because keepdims is on.",
            (BACK_RETURN, "return dx, dprev_h, dWx, dWh, db[np.newaxis]"),
            loses={SHAPE}),
    through("float64", "the arrays in which the gradients are collected are always float64; they should have the dtype of dh.",
            ("np.empty_like(x)", "np.empty(x.shape)"), ("np.zeros_like(Wx)", "np.zeros(Wx.shape)"),
            ("np.zeros_like(Wh)", "np.zeros(Wh.shape)"), ("np.zeros_like(b)", "np.zeros(b.shape)"), loses={DTYPE}),
    through("dh_overwritten", "dh itself is changed: what comes back from the next time step is added to it in place.",
            (ADD, "dh[:, t] += dprev_h\n        dnext_h = dh[:, t]"), loses={PURITY}),
    through("slope_by_cosh", "each step computes the slope as 1 / cosh(a)^2, and cosh overflows.",
            (BACK_CALL, f"{TAKEN}\n        with np.errstate(divide='ignore'):\n"
             "            a = np.arctanh(next_h.astype(np.float64))\n        "
             + own_step("dnext_h * (1 / np.cosh(np.clip(a, -800, 800)) ** 2).astype(dh.dtype)")),
            loses={STABILITY}),
    through("cache_turned_round", "the list of caches is reversed in place, so that the next backward pass runs the wrong way.",
            (LOOP, "T = len(steps)\n    steps.reverse()\n    for t in reversed(range(T)):"),
            (BACK_CALL, BACK_CALL.replace("steps[t]", "steps[T - 1 - t]"))),
    through("cache_used_up", "the caches are popped from their list, so that a second backward pass finds none.",
            ("np.empty_like(x)", "np.zeros_like(x)"), (BACK_CALL, BACK_CALL.replace("steps[t]", "steps.pop()"))),
    through("dx_alone", "some of the five gradients are not returned.",
            (BACK_RETURN, "return dx"), loses=BACKWARD_ALL),
)  # fmt: skip

# --------------------------------------------------------------------------------------------------------------------- unfold

UNFOLD = "unfold"
UNFOLD_ALL = {VALUE, SHAPE, PURITY}
NEXT, APPEND, UNFOLDED = "state = step(state, x)", "states.append(state)", "return states"


KEPT_LIST = """
def unfold(step, s0, inputs, states=[]):
    state = s0
    for x in inputs:
        state = step(state, x)
        states.append(state)
    return states
"""


def unfolds(name: str, explanation: str, *edits: tuple[str, str], loses: set[Kind] | None = None) -> Mistake:
    """Edits of the unfolding."""
    return edit(UNFOLD, name, explanation, *edits, loses=loses or UNFOLD_ALL)


unfolding = (
    unfolds("s0_among_the_states", "s0 is in the list, in front of the states.", ("states = []", "states = [s0]")),
    unfolds("last_state_alone", "only the last state is returned; a list of all states is required.", (UNFOLDED, "return state")),
    unfolds("last_state_in_a_list", "the list holds only the last state.", (UNFOLDED, "return states[-1:]")),
    unfolds("state_not_carried_on", "every call of step gets s0: the state is not carried on.", (NEXT, "state = step(s0, x)")),
    unfolds("arguments_exchanged", "step gets the input first and the state second; the state should come first.",
            (NEXT, "state = step(x, state)")),
    unfolds("states_before_the_step", "the state before each step is stored: the list begins with s0 and lacks the last state.",
            (f"{NEXT}\n        {APPEND}", f"{APPEND}\n        {NEXT}")),
    unfolds("read_backward", "the inputs are read from the last to the first.", ("in inputs:", "in inputs[::-1]:")),
    unfolds("first_input_left_out", "the first input is left out, as if s0 were the state after it.",
            ("in inputs:", "in inputs[1:]:")),
    unfolds("last_input_left_out", "the last input is left out: the loop ends one step early.", ("in inputs:", "in inputs[:-1]:")),
    unfolds("index_for_input", "step gets the number of the time step; it should get the input.", ("in inputs:", "in range(len(inputs)):")),
    unfolds("state_added", "the new state is added to the old one; it should replace it.", (NEXT, "state = state + step(state, x)")),
    rewrite(UNFOLD, "list_kept_between_calls",
            "the list of states is a default argument or a global, so it still holds the states of earlier calls.", KEPT_LIST,
            loses=UNFOLD_ALL),
    unfolds("states_in_reverse", "the last state comes first in the list.", (UNFOLDED, "return states[::-1]")),
    unfolds("called_twice", "step is called twice for every input.", (NEXT, "state = step(step(state, x), x)")),
    unfolds("first_input_alone", "every call of step gets the first input.", (NEXT, "state = step(state, inputs[0])")),
    unfolds("last_state_everywhere", "all entries of the list are the last state.", (UNFOLDED, "return [state] * len(states)")),
    unfolds("states_stacked", "the states are stacked into one array; a list is required.",
            (UNFOLDED, "return np.stack(states)"), loses={SHAPE}),
    unfolds("a_state_has_an_axis_too_many", "every state has one axis more than step gave it.",
            (APPEND, "states.append(np.array([state]))"),
            loses={SHAPE}),
    unfolds("arguments_used_up", "an argument is changed: inputs are popped from their list, or s0 is overwritten.",
            (UNFOLDED, "inputs.clear()\n    return states"), loses={PURITY}),
)  # fmt: skip
