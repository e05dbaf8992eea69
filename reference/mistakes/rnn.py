"""Known mistakes of the recurrent network, for each function the commonest of real work first.

Whoever has a step wrong has the sequence wrong in the same way, so that the mistakes of a step are told for both.
"""

from __future__ import annotations

from grader.checks import Kind, Mistake, edit

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
    step("sigmoid_for_tanh", "a sigmoid stands in the place of the tanh.", SQUASH, "next_h = 0.5 * (1 + np.tanh(a / 2))"),
    step("relu_for_tanh", "a ReLU stands in the place of the tanh.", SQUASH, "next_h = np.maximum(a, 0)"),
    step("no_bias", "b is not added.", SUM, "a = x @ Wx + prev_h @ Wh"),
    step("state_weights_transposed", "Wh is transposed: the product is prev_h @ Wh, with examples as rows.", SUM,
         "a = x @ Wx + prev_h @ Wh.T + b"),
    step("previous_state_left_out", "the previous state is left out.", SUM, "a = x @ Wx + b"),
    step("input_left_out", "the input is left out.", SUM, "a = prev_h @ Wh + b"),
    step("bias_outside_the_tanh", "b is added after the tanh.", SQUASH, "next_h = np.tanh(a - b) + b"),
    step("state_outside_the_tanh", "the product of the previous state is added after the tanh.", SQUASH,
         "next_h = np.tanh(a - prev_h @ Wh) + prev_h @ Wh"),
    step("two_tanhs", "input and state go through a tanh each, and are added afterwards.", SQUASH,
         "next_h = np.tanh(x @ Wx) + np.tanh(prev_h @ Wh) + b"),
    step("previous_state_added", "the previous state itself is added to the result.", SQUASH, "next_h = prev_h + np.tanh(a)"),
    step("products_multiplied", "the products of input and state are multiplied; they are to be added.", SUM,
         "a = (x @ Wx) * (prev_h @ Wh) + b"),
    step("bias_subtracted", "b is subtracted.", SUM, "a = x @ Wx + prev_h @ Wh - b"),
    step("one_state_for_all_examples", "the sums of all examples are averaged before the tanh.", SQUASH,
         "next_h = np.tanh(a * 0 + np.mean(a, axis=0))"),
    step("cut_off_at_5", "the sum is cut off at 5 before the tanh, which is not yet flat there.", SQUASH,
         "next_h = np.tanh(np.clip(a, -5, 5))", {VALUE}),
    step("an_axis_too_many", "the state has one more axis, of size 1.", STEP_RETURN,
         "return next_h[np.newaxis], (x, prev_h, Wx, Wh, next_h)", {SHAPE}),
    step("float64", "the state is computed in float64 and returned so, whatever the dtype of x.", SQUASH,
         "next_h = np.tanh(a.astype(np.float64))", {DTYPE}),
    step("previous_state_overwritten", "prev_h itself is overwritten with the next state.", SQUASH,
         "next_h = prev_h\n    prev_h[...] = np.tanh(a)", {PURITY}),
    step("tanh_by_exponentials", "the tanh is written as a quotient of exponentials, which overflow.", SQUASH,
         "next_h = (np.exp(a) - np.exp(-a)) / (np.exp(a) + np.exp(-a))", {STABILITY}),
    step("no_cache", "the state is returned alone, without a cache.", STEP_RETURN, "return next_h"),
)  # fmt: skip

SLOPE, STEP_BACK_RETURN = "da = dnext_h * (1 - next_h**2)", "return dx, dprev_h, dWx, dWh, db"
DX, DPREV, DWX, DWH, DB = "dx = da @ Wx.T", "dprev_h = da @ Wh.T", "dWx = x.T @ da", "dWh = prev_h.T @ da", "db = np.sum(da, axis=0)"

# What the slope may be taken for: in one step, and in the steps of a sequence alike.
SLOPES: tuple[tuple[str, str, str], ...] = (
    ("slope_left_out", "the gradient is not taken through the tanh.", "1"),
    ("slope_of_the_output_taken_twice",
     "the tanh is taken of next_h, which is a tanh already: the slope is 1 - next_h^2.", "(1 - np.tanh(next_h) ** 2)"),
    ("slope_not_squared", "the slope is 1 - next_h, without the square.", "(1 - next_h)"),
    ("slope_of_a_sigmoid", "the slope is that of a sigmoid, next_h * (1 - next_h).", "next_h * (1 - next_h)"),
    ("slope_of_a_relu", "the slope is that of a ReLU.", "(next_h > 0)"),
    ("slope_is_the_square", "the slope is next_h^2, which has to be subtracted from 1.", "next_h**2"),
    ("slope_with_a_plus", "the slope is 1 + next_h^2.", "(1 + next_h**2)"),
    ("slope_squared_as_a_whole", "the slope is (1 - next_h)^2: the square belongs to next_h alone.", "(1 - next_h) ** 2"),
    ("slope_negative", "the slope has the wrong sign: it is next_h^2 - 1.", "(next_h**2 - 1)"),
)  # fmt: skip


def back(name: str, explanation: str, old: str, new: str, loses: set[Kind] | None = None) -> Mistake:
    """One edit of the step backward."""
    return edit(STEP_BACK, name, explanation, (old, new), loses=loses or {GRADIENT})


step_backward = (
    *(back(name, explanation, SLOPE, f"da = dnext_h * {factor}", BACKWARD_ALL) for name, explanation, factor in SLOPES),
    back("upstream_gradient_left_out", "dnext_h is left out: the slope alone is sent back.", SLOPE,
         "da = (1 - next_h**2).astype(dnext_h.dtype)", BACKWARD_ALL),
    back("state_weights_not_transposed", "dprev_h is da @ Wh, and Wh is not transposed.", DPREV, "dprev_h = da @ Wh"),
    back("state_gradient_transposed", "dWh comes out transposed.", DWH, "dWh = da.T @ prev_h"),
    back("state_gradient_from_the_next_state", "dWh is taken with the next state in the place of the previous one.", DWH,
         "dWh = next_h.T @ da"),
    back("previous_state_without_weights", "dprev_h is not multiplied by Wh.", DPREV, "dprev_h = da"),
    back("slope_at_the_previous_state", "the slope of the tanh is taken at prev_h, not at next_h.", SLOPE,
         "da = dnext_h * (1 - prev_h**2)", BACKWARD_ALL),
    back("parameters_before_the_tanh", "dWx, dWh and db are taken of dnext_h, before it has gone through the tanh.", STEP_BACK_RETURN,
         "return dx, dprev_h, x.T @ dnext_h, prev_h.T @ dnext_h, np.sum(dnext_h, axis=0)"),
    back("inputs_before_the_tanh", "dx and dprev_h are taken of dnext_h, before it has gone through the tanh.", STEP_BACK_RETURN,
         "return dnext_h @ Wx.T, dnext_h @ Wh.T, dWx, dWh, db"),
    back("previous_state_before_the_tanh", "dprev_h is taken of dnext_h, before it has gone through the tanh.", DPREV,
         "dprev_h = dnext_h @ Wh.T"),
    back("bias_before_the_tanh", "db sums dnext_h, before it has gone through the tanh.", DB, "db = np.sum(dnext_h, axis=0)"),
    back("bias_averaged", "db is averaged over the examples, not summed.", DB, "db = np.mean(da, axis=0)"),
    back("parameters_averaged", "dWx, dWh and db are averaged over the examples, not summed.", STEP_BACK_RETURN,
         "return dx, dprev_h, dWx / len(x), dWh / len(x), db / len(x)"),
    back("bias_not_summed", "db is not summed over the examples.", DB, "db = da", {GRADIENT, SHAPE}),
    back("bias_without_its_axis", "db is summed over everything: np.sum has no axis.", DB, "db = np.sum(da)", {GRADIENT, SHAPE}),
    back("input_and_state_exchanged", "dx and dprev_h are returned in each other's place.", STEP_BACK_RETURN,
         "return dprev_h, dx, dWx, dWh, db", {GRADIENT, SHAPE}),
    back("weights_exchanged", "dWx and dWh are returned in each other's place.", STEP_BACK_RETURN,
         "return dx, dprev_h, dWh, dWx, db", {GRADIENT, SHAPE}),
    back("bias_has_two_axes", "db has shape (1, H), because keepdims is on.", DB, "db = np.sum(da, axis=0, keepdims=True)", {SHAPE}),
    back("float64", "the gradients are computed in float64 and returned so, whatever the dtype of dnext_h.", SLOPE,
         "da = dnext_h * (1 - next_h.astype(np.float64) ** 2)", {DTYPE}),
    back("upstream_gradient_overwritten", "dnext_h itself is multiplied by the slope, in place.", SLOPE,
         "da = dnext_h\n    da *= 1 - next_h**2", {PURITY}),
    back("slope_by_cosh", "the slope is computed as 1 / cosh(a)^2, and the cosh overflows.", SLOPE,
         "with np.errstate(divide='ignore'):\n        a = np.arctanh(next_h.astype(np.float64))\n"
         "    slope = 1 / np.cosh(np.clip(a, -800, 800)) ** 2\n    da = dnext_h * slope.astype(dnext_h.dtype)", {STABILITY}),
    back("cache_squared_in_place", "next_h, which is in the cache, is squared in place: the next backward pass finds it so.", SLOPE,
         "next_h *= next_h\n    da = dnext_h * (1 - next_h)"),
    back("dx_alone", "dx comes without the four other gradients, or without some of them.", STEP_BACK_RETURN, "return dx", BACKWARD_ALL),
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
    sequence("state_not_carried_on", "every step starts from h0: the state is not carried on.", "prev_h = next_h", "prev_h = h0"),
    sequence("states_added_up", "the new state is added to the old one before the next step.",
             "prev_h = next_h", "prev_h = prev_h + next_h"),
    sequence("states_one_step_late", "the state before each input is stored, so that h begins with h0 and lacks the last state.",
             "h[:, t] = next_h", "h[:, t] = prev_h"),
    sequence("h0_among_the_states", "h0 is returned in front of the states, so that there are T + 1.", FORWARD_RETURN,
             f"return np.concatenate([h0[:, np.newaxis], h], axis=1), {KEPT}"),
    sequence("last_state_alone", "the last state alone is returned, and not one for every time step.", FORWARD_RETURN,
             f"return next_h, {KEPT}"),
    sequence("time_first", "time is the first axis of the result; here it is the second.", FORWARD_RETURN,
             f"return h.transpose(1, 0, 2), {KEPT}"),
    sequence("read_backward", "the sequence is read from its end.", "x[:, t], prev_h", "x[:, T - 1 - t], prev_h"),
    sequence("first_input_alone", "every time step sees the first input.", "x[:, t], prev_h", "x[:, 0], prev_h"),
    edit(FORWARD, "last_step_missing", "the loop ends one step early, and the last state stays 0.",
         ("np.empty(", "np.zeros("), ("for t in range(T):", "for t in range(T - 1):"), loses=FORWARD_ALL),
    edit(FORWARD, "first_step_missing", "the loop begins at the second input, and the first state stays 0.",
         ("np.empty(", "np.zeros("), ("for t in range(T):", "for t in range(1, T):"), loses=FORWARD_ALL),
    sequence("last_state_everywhere", "all time steps hold the last state: one array is filled again and again.", "h[:, t] = next_h",
             "h[...] = next_h[:, np.newaxis]"),
    sequence("no_tanh", "the step lacks its tanh.", CALL, f"{OWN_SUM}a"),
    sequence("sigmoid_for_tanh", "the step has a sigmoid in the place of the tanh.", CALL, f"{OWN_SUM}0.5 * (1 + np.tanh(a / 2))"),
    sequence("relu_for_tanh", "the step has a ReLU in the place of the tanh.", CALL, f"{OWN_SUM}np.maximum(a, 0)"),
    sequence("no_bias", "the step does not add b.", "Wx, Wh, b)\n", "Wx, Wh, 0 * b)\n"),
    sequence("state_weights_transposed", "the step transposes Wh: the product is prev_h @ Wh, with examples as rows.", "Wx, Wh, b)\n",
             "Wx, Wh.T, b)\n"),
    sequence("bias_outside_the_tanh", "the step adds b after the tanh.", CALL, f"{OWN_SUM}np.tanh(a - b) + b"),
    sequence("an_axis_too_many", "the states have one more axis, of size 1.", FORWARD_RETURN, f"return h[np.newaxis], {KEPT}", {SHAPE}),
    sequence("float64", "the array of states is float64, whatever the dtype of x.", "dtype=x.dtype", "dtype=np.float64", {DTYPE}),
    sequence("h0_overwritten", "h0 itself is overwritten: the new states are written into it.", "prev_h = next_h", "prev_h[...] = next_h",
             {PURITY}),
    sequence("tanh_by_exponentials", "the step writes the tanh as a quotient of exponentials, which overflow.", CALL,
             f"{OWN_SUM}(np.exp(a) - np.exp(-a)) / (np.exp(a) + np.exp(-a))", {STABILITY}),
    sequence("no_cache", "the states are returned alone, without a cache.", FORWARD_RETURN, "return h"),
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
    through("not_through_time", "what comes back from the next time step is left out: dh alone goes into each step.",
            (ADD, "dnext_h = dh[:, t]"), loses=BACKWARD_ALL),
    through("last_gradient_alone", "of dh the last time step alone is used.",
            (ADD, "dnext_h = dh[:, t] * (t == len(steps) - 1) + dprev_h"), loses=BACKWARD_ALL),
    through("from_first_to_last", "the loop runs from the first time step to the last; the gradient goes the other way.",
            (LOOP, "for t in range(len(steps)):"), loses=BACKWARD_ALL),
    through("parameters_of_the_first_step", "dWx, dWh and db are overwritten at every time step; they are to be added up.",
            (ADD_DWX, "dWx = dWx_t"), (ADD_DWH, "dWh = dWh_t"), (ADD_DB, "db = db_t")),
    through("bias_of_the_first_step", "db is overwritten at every time step; it is to be added up.", (ADD_DB, "db = db_t")),
    through("parameters_of_the_last_step", "dWx, dWh and db are those of the last time step alone.",
            (ADD_DWX, "dWx += dWx_t * (t == len(steps) - 1)"), (ADD_DWH, "dWh += dWh_t * (t == len(steps) - 1)"),
            (ADD_DB, "db += db_t * (t == len(steps) - 1)")),
    through("parameters_averaged_over_time", "dWx, dWh and db are averaged over the time steps, not summed.",
            (BACK_RETURN, "T = len(steps)\n    return dx, dprev_h, dWx / T, dWh / T, db / T")),
    through("parameters_averaged_over_examples", "dWx, dWh and db are averaged over the examples, not summed.",
            (BACK_RETURN, "N = len(dh)\n    return dx, dprev_h, dWx / N, dWh / N, db / N")),
    through("dh0_is_zero", "dh0 is 0: what the first time step sends back is lost.", (BACK_RETURN, "return dx, 0 * dprev_h, dWx, dWh, db")),
    through("dh0_before_the_first_step", "dh0 is the gradient of the first state, which has not gone back through the first step.",
            (BACK_RETURN, "return dx, dnext_h, dWx, dWh, db")),
    through("dh0_of_the_last_step", "dh0 is what the last time step sends back, not the first.",
            (f"{BACK_CALL}\n", f"{BACK_CALL}\n        last = dprev_h if t == len(steps) - 1 else last\n"),
            (BACK_RETURN, "return dx, last, dWx, dWh, db")),
    through("dx_in_reverse", "dx is in reverse: it was collected on the way back and not turned round.",
            ("dx[:, t] = dx_t", "dx[:, len(steps) - 1 - t] = dx_t")),
    through("gradients_of_the_state_pile_up", "dprev_h is added up over the time steps; each step replaces it.",
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
    through("state_weights_not_transposed", "dprev_h is da @ Wh in each step, and Wh is not transposed.",
            (BACK_CALL, own_step(dprev_h="da @ Wh")), loses=BACKWARD_ALL),
    through("state_gradient_transposed", "dWh comes out transposed.", (BACK_RETURN, "return dx, dprev_h, dWx, dWh.T, db")),
    through("state_gradient_from_the_next_state", "dWh is taken with the state after each step in the place of the one before.",
            (BACK_CALL, own_step(dWh="next_h.T @ da"))),
    through("previous_state_without_weights", "dprev_h is not multiplied by Wh.", (BACK_CALL, own_step(dprev_h="da")), loses=BACKWARD_ALL),
    through("previous_state_before_the_tanh", "what goes back to the state before has not gone through the tanh.",
            (BACK_CALL, own_step(dprev_h="dnext_h @ Wh.T")), loses=BACKWARD_ALL),
    through("bias_averaged", "db is averaged over the examples in each step, not summed.", (ADD_DB, "db += db_t / len(dh)")),
    through("bias_left_out", "db is 0 throughout.", (ADD_DB, "db += 0 * db_t")),
)  # fmt: skip

contract_of_backward = (
    through("time_first", "time is the first axis of dx; here it is the second.",
            (BACK_RETURN, "return dx.swapaxes(0, 1), dprev_h, dWx, dWh, db"),
            loses={GRADIENT, SHAPE}),
    through("bias_has_two_axes", "db has shape (1, H), because keepdims is on.",
            (BACK_RETURN, "return dx, dprev_h, dWx, dWh, db[np.newaxis]"),
            loses={SHAPE}),
    through("float64", "the arrays in which the gradients are collected are float64, whatever the dtype of dh.",
            ("np.empty_like(x)", "np.empty(x.shape)"), ("np.zeros_like(Wx)", "np.zeros(Wx.shape)"),
            ("np.zeros_like(Wh)", "np.zeros(Wh.shape)"), ("np.zeros_like(b)", "np.zeros(b.shape)"), loses={DTYPE}),
    through("dh_overwritten", "dh itself is changed: what comes back from the next time step is added to it in place.",
            (ADD, "dh[:, t] += dprev_h\n        dnext_h = dh[:, t]"), loses={PURITY}),
    through("slope_by_cosh", "each step computes the slope as 1 / cosh(a)^2, and the cosh overflows.",
            (BACK_CALL, f"{TAKEN}\n        with np.errstate(divide='ignore'):\n"
             "            a = np.arctanh(next_h.astype(np.float64))\n        "
             + own_step("dnext_h * (1 / np.cosh(np.clip(a, -800, 800)) ** 2).astype(dh.dtype)")),
            loses={STABILITY}),
    through("cache_turned_round", "the list of caches is turned round in place, so that the next backward pass runs the wrong way.",
            (LOOP, "T = len(steps)\n    steps.reverse()\n    for t in reversed(range(T)):"),
            (BACK_CALL, BACK_CALL.replace("steps[t]", "steps[T - 1 - t]"))),
    through("cache_used_up", "the caches are popped off their list, so that a second backward pass finds none.",
            ("np.empty_like(x)", "np.zeros_like(x)"), (BACK_CALL, BACK_CALL.replace("steps[t]", "steps.pop()"))),
    through("dx_alone", "dx comes without the four other gradients, or without some of them.",
            (BACK_RETURN, "return dx"), loses=BACKWARD_ALL),
)  # fmt: skip

# --------------------------------------------------------------------------------------------------------------------- unfold

UNFOLD = "unfold"
UNFOLD_ALL = {VALUE, SHAPE, PURITY}
NEXT, APPEND, UNFOLDED = "state = step(state, x)", "states.append(state)", "return states"


def unfolds(name: str, explanation: str, *edits: tuple[str, str], loses: set[Kind] | None = None) -> Mistake:
    """Edits of the unfolding."""
    return edit(UNFOLD, name, explanation, *edits, loses=loses or UNFOLD_ALL)


unfolding = (
    unfolds("s0_among_the_states", "s0 is in the list, in front of the states.", ("states = []", "states = [s0]")),
    unfolds("last_state_alone", "the last state alone is returned; a list of all is required.", (UNFOLDED, "return state")),
    unfolds("last_state_in_a_list", "the list holds the last state alone.", (UNFOLDED, "return states[-1:]")),
    unfolds("state_not_carried_on", "every call of step gets s0: the state is not carried on.", (NEXT, "state = step(s0, x)")),
    unfolds("arguments_exchanged", "step gets the input first and the state second; it is the other way round.",
            (NEXT, "state = step(x, state)")),
    unfolds("states_before_the_step", "the state before each step is stored: the list begins with s0 and lacks the last state.",
            (f"{NEXT}\n        {APPEND}", f"{APPEND}\n        {NEXT}")),
    unfolds("read_backward", "the inputs are read from the last to the first.", ("in inputs:", "in inputs[::-1]:")),
    unfolds("first_input_left_out", "the first input is left out, and s0 is taken for the state after it.",
            ("in inputs:", "in inputs[1:]:")),
    unfolds("states_in_reverse", "the last state comes first in the list.", (UNFOLDED, "return states[::-1]")),
    unfolds("called_twice", "step is called twice for every input.", (NEXT, "state = step(step(state, x), x)")),
    unfolds("first_input_alone", "every call of step gets the first input.", (NEXT, "state = step(state, inputs[0])")),
    unfolds("last_state_everywhere", "all entries of the list are the last state.", (UNFOLDED, "return [state] * len(states)")),
    unfolds("states_stacked", "the states are stacked into one array; a list is required.",
            (UNFOLDED, "return np.stack(states)"), loses={SHAPE}),
    unfolds("a_state_has_an_axis_too_many", "every state has one more axis than step gave it.",
            (APPEND, "states.append(np.array([state]))"),
            loses={SHAPE}),
    unfolds("arguments_used_up", "the inputs are popped off their list, or s0 is overwritten: an argument is changed.",
            (UNFOLDED, "inputs.clear()\n    return states"), loses={PURITY}),
)  # fmt: skip
