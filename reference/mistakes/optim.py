"""Known mistakes of descent and its momentum, for each function the commonest of real work first.

Storing the old velocity, from before the update, is not storing it, and a `v_prev` that is read after the update makes Nesterov's
momentum the ordinary one: such twins are declared once.
"""

from __future__ import annotations

from grader.checks import Kind, Mistake, edit, rewrite

VALUE, SHAPE, DTYPE, PURITY = Kind.VALUE, Kind.SHAPE, Kind.DTYPE, Kind.PURITY
ALL = {VALUE, SHAPE, DTYPE, PURITY}

SGD, MOMENTUM, NESTEROV = "sgd", "sgd_momentum", "nesterov_momentum"
RETURN = "return next_w, config"


def of_the_contract(function: str, rest: set[Kind]) -> tuple[Mistake, ...]:
    """The slips that every rule invites; `rest` are the kinds that it has checks of."""
    return (
        edit(function, "axes_lost", "axes of size 1 are squeezed out of the weights.", (RETURN, "return np.squeeze(next_w), config"),
             loses={SHAPE}),
        edit(function, "weights_alone", "only the weights are returned, without the config.", (RETURN, "return next_w"), loses=rest),
        edit(function, "config_dropped", "the returned config lacks the caller's parameters: the next step uses the defaults.",
             (RETURN, 'state = {"velocity", "cache", "m", "v", "t"}\n'
                      "    return next_w, {name: config[name] for name in config if name in state}")),
        rate_shrinks(function, "rate_shrinks_each_call", 0.95),
    )  # fmt: skip


def rate_shrinks(function: str, name: str, factor: float) -> Mistake:
    """Declare a step that makes the learning rate in the config smaller, by a factor that is often used."""
    return edit(
        function, name, "the learning rate in the config is made smaller in every call; the next call should find the same one.",
        (RETURN, f'config["learning_rate"] *= {factor}\n    {RETURN}'),
    )  # fmt: skip


def shared_config(function: str, defaults: str, step: str) -> Mistake:
    """A dict as default argument lives as long as the function. Nothing else is wrong."""
    return rewrite(
        function, "one_config_for_all_calls",
        "a dict is the default argument (config={}): all calls without a config share it, and with it the state of other weights.",
        f"""
def {function}(w, dw, config={{}}):
    if config is None:
        config = {{}}
    for name, value in dict({defaults}).items():
        config.setdefault(name, value)
{step}
    return next_w, config
""",
    )  # fmt: skip


# --------------------------------------------------------------------------------------------------------------- plain descent

DESCENT = "next_w: Floats = w - lr * dw"
SGD_LR = 'lr = config["learning_rate"]'


def of_sgd(name: str, explanation: str, step: str) -> Mistake:
    """Declare other weights after the step."""
    return edit(SGD, name, explanation, (DESCENT, f"next_w: Floats = {step}"), loses=ALL)


descent = (
    of_sgd("ascent", "the gradient is added: this climbs; it should be subtracted.", "w + lr * dw"),
    of_sgd("step_alone", "only the step is returned; return the weights after it.", "-lr * dw"),
    of_sgd("no_learning_rate", "the gradient is subtracted as it is, without the learning rate.", "w - dw"),
    of_sgd("divided_by_the_learning_rate", "the gradient is divided by the learning rate.", "w - dw / lr"),
    of_sgd("normalized", "the gradient is divided by its length, so that its length no longer counts.", "w - lr * dw / np.linalg.norm(dw)"),
    of_sgd("sign_alone", "only the sign of the gradient is used, not its magnitude.", "w - lr * np.sign(dw)"),
    of_sgd("mean_gradient", "the gradient is averaged over the first axis: all rows take one step.", "w - lr * dw.mean(axis=0)"),
    of_sgd("brackets_misplaced", "the brackets are in the wrong place: (w - learning_rate) * dw; it should be w - learning_rate * dw.",
           "(w - lr) * dw"),
    of_sgd("step_taken_twice", "the step is taken twice in one call, as when w is changed in place and the step is subtracted once more.",
           "w - 2 * lr * dw"),
    of_sgd("rate_squared", "the learning rate is multiplied in twice.", "w - lr * lr * dw"),
    of_sgd("weights_shrunk", "the weights are multiplied by 1 - learning_rate * dw.", "w * (1 - lr * dw)"),
    edit(SGD, "learning_rate_ignored", "the learning rate of the config is not read: it is 1e-2 in every call.", (SGD_LR, "lr = 1e-2")),
    edit(SGD, "another_default", "the default learning rate is 1e-3; it should be 1e-2.", ("1e-2", "1e-3")),
    edit(SGD, "double_precision", "the new weights are collected in an array of float64, whatever the dtype of w is.",
         (DESCENT, "next_w = np.zeros(w.shape)\n    next_w[...] = w - lr * dw"), loses={DTYPE}),
    edit(SGD, "gradient_scaled_in_place", "dw itself is multiplied by the learning rate, in place.",
         (DESCENT, "dw *= lr\n    next_w: Floats = w - dw"), loses={PURITY}),
    rate_shrinks(SGD, "rate_shrinks_a_little", 0.99),
    rate_shrinks(SGD, "rate_shrinks_by_a_tenth", 0.9),
    rate_shrinks(SGD, "rate_halved_each_call", 0.5),
    *of_the_contract(SGD, ALL),
)  # fmt: skip

# -------------------------------------------------------------------------------------------------------------------- momentum

READ = 'lr, mu, v_prev = config["learning_rate"], config["momentum"], config["velocity"]\n'
ZEROS = "velocity=np.zeros_like(w)"
VELOCITY = "v = mu * v_prev - lr * dw"
STORED = 'config["velocity"] = v\n'
STEPS = {MOMENTUM: "w + v", NESTEROV: "w - mu * v_prev + (1 + mu) * v"}


def with_velocity(function: str, name: str, explanation: str, velocity: str, step: str = "", loses: set[Kind] | None = None) -> Mistake:
    """Declare another velocity, or another step made of it."""
    edits = [(VELOCITY, f"v = {velocity}"), (f"next_w: Floats = {STEPS[function]}", f"next_w: Floats = {step or STEPS[function]}")]
    return edit(function, name, explanation, *(one for one in edits if one[0] != one[1]), loses=loses)


def stepping(function: str, name: str, explanation: str, step: str, loses: set[Kind] | None = None) -> Mistake:
    """Declare another step with the right velocity."""
    return with_velocity(function, name, explanation, VELOCITY.removeprefix("v = "), step, loses)


def of_the_velocity(function: str) -> tuple[Mistake, ...]:
    """The slips that both rules with a velocity invite."""
    step = f"next_w: Floats = {STEPS[function]}"
    return (
        edit(function, "velocity_not_stored", "the new velocity is not put into the config, which keeps the old one.",
             (STORED, "pass\n")),
        edit(function, "velocity_nowhere", "the velocity is a local variable: the config gets none, and every step starts from rest.",
             (f", {ZEROS}", ""), ('config["velocity"]\n', 'config.get("velocity", np.zeros_like(w))\n'), (STORED, "pass\n")),
        edit(function, "velocity_under_another_name", "the velocity is kept in the config, but not as config['velocity'].",
             (ZEROS, "v=np.zeros_like(w)"), ('config["velocity"]\n', 'config["v"]\n'), (STORED, 'config["v"] = v\n')),
        with_velocity(function, "velocity_not_decayed", "the velocity is not multiplied by the momentum.", "v_prev - lr * dw"),
        with_velocity(function, "old_velocity_subtracted", "the old velocity has the wrong sign: -mu * v - lr * dw.",
                      "-mu * v_prev - lr * dw"),
        with_velocity(function, "weights_for_velocity", "the momentum multiplies w; it should multiply the old velocity.",
                      "mu * w - lr * dw", loses=ALL),
        edit(function, "weights_stored_as_velocity", "the new weights are stored as the velocity.",
             (STORED, 'config["velocity"] = next_w\n')),
        with_velocity(function, "gradient_decayed_too",
                      "the momentum multiplies the gradient too: mu * (v - lr * dw); it should be mu * v - lr * dw.",
                      "mu * (v_prev - lr * dw)", loses=ALL),
        with_velocity(function, "mean_of_gradients", "the gradient is multiplied by 1 - momentum, as in a running mean.",
                      "mu * v_prev - (1 - mu) * lr * dw", loses=ALL),
        with_velocity(function, "momentum_taken_for_friction",
                      "the velocity is multiplied by 1 - momentum; it should be multiplied by momentum.",
                      "(1 - mu) * v_prev - lr * dw"),
        edit(function, "parameters_ignored", "the parameters in the config are not read: every call uses the defaults.",
             (READ, 'lr, mu, v_prev = 1e-2, 0.9, config["velocity"]\n')),
        edit(function, "another_default_learning_rate", "the default learning rate is 1e-3; it should be 1e-2.",
             ("1e-2", "1e-3")),
        edit(function, "another_default_momentum", "the default momentum is 0.99; it should be 0.9.", ("0.9", "0.99")),
        edit(function, "zero_taken_for_missing",
             "a momentum of 0 in the config is treated as missing, as `config['momentum'] or 0.9` does.",
             ('config["momentum"]', '(config["momentum"] or 0.9)')),
        edit(function, "weights_moved_in_place", "w itself is moved, in place.",
             (step, f"w += {STEPS[function]} - w\n    next_w: Floats = w"),
             loses={PURITY}),
        edit(function, "double_precision", "the first velocity is an array of float64, whatever the dtype of w is.",
             (ZEROS, "velocity=np.zeros(w.shape)"), loses={DTYPE}),
        shared_config(function, f"learning_rate=1e-2, momentum=0.9, {ZEROS}", f"""
    lr, mu, v_prev = config["learning_rate"], config["momentum"], config["velocity"]
    {VELOCITY}
    {step.replace(": Floats", "")}
    {STORED}"""),
        *of_the_contract(function, ALL),
    )  # fmt: skip


momentum = (
    stepping(MOMENTUM, "nesterov_by_accident", "the weights move as in Nesterov's momentum; they should move by v alone, w + v.",
             STEPS[NESTEROV]),
    with_velocity(MOMENTUM, "ascent", "the gradient is added to the velocity and the velocity to w (lecture note 003): this climbs.",
                  "mu * v_prev + dw", "w + lr * v", ALL),
    with_velocity(MOMENTUM, "ascent_with_the_rate_inside", "the velocity is mu * v + lr * dw and is added: this climbs.",
                  "mu * v_prev + lr * dw", loses=ALL),
    stepping(MOMENTUM, "velocity_subtracted", "the velocity points downhill and is subtracted: this climbs.", "w - v"),
    with_velocity(MOMENTUM, "velocity_points_uphill",
                  "your velocity is mu * v + lr * dw and is subtracted; it should be mu * v - lr * dw and be added.",
                  "mu * v_prev + lr * dw", "w - v"),
    with_velocity(MOMENTUM, "velocity_without_the_rate",
                  "your velocity is mu * v + dw, and only the step has the learning rate; it should be mu * v - lr * dw.",
                  "mu * v_prev + dw", "w - lr * v"),
    with_velocity(MOMENTUM, "downhill_velocity_without_the_rate",
                  "your velocity is mu * v - dw, and only the step has the learning rate; it should be mu * v - lr * dw.",
                  "mu * v_prev - dw", "w + lr * v"),
    with_velocity(MOMENTUM, "rate_applied_twice", "the learning rate is in the velocity already, and multiplies the step once more.",
                  VELOCITY.removeprefix("v = "), "w + lr * v"),
    with_velocity(MOMENTUM, "no_learning_rate", "the gradient is not multiplied by the learning rate.", "mu * v_prev - dw", loses=ALL),
    stepping(MOMENTUM, "old_velocity_used", "the weights move by the old velocity, from before the update.", "w + v_prev"),
    stepping(MOMENTUM, "plain_descent", "the weights move only by the gradient; the velocity is updated but not used.", "w - lr * dw"),
    stepping(MOMENTUM, "gradient_counted_twice", "the gradient is subtracted once more, though the velocity contains it.",
             "w + v - lr * dw"),
    stepping(MOMENTUM, "velocity_decayed_twice", "the velocity is multiplied by the momentum once more before it is added.", "w + mu * v"),
    *of_the_velocity(MOMENTUM),
)  # fmt: skip

nesterov = (
    stepping(NESTEROV, "ordinary_momentum",
             "the step is w + v, as in ordinary momentum: v_prev is left out, or is read after the update.", STEPS[MOMENTUM]),
    stepping(NESTEROV, "old_velocity_added", "momentum * v_prev is added; it should be subtracted.", "w + mu * v_prev + (1 + mu) * v"),
    stepping(NESTEROV, "brackets_missing", "the brackets are missing: 1 + momentum * v is added; it should be (1 + momentum) * v.",
             "w - mu * v_prev + 1 + mu * v"),
    stepping(NESTEROV, "velocity_whole_and_again",
             "both factors are missing: w - v_prev + v; it should be w - momentum * v_prev + (1 + momentum) * v.",
             "w + v - v_prev"),
    stepping(NESTEROV, "old_velocity_left_out", "momentum * v_prev is not subtracted.", "w + (1 + mu) * v"),
    stepping(NESTEROV, "factors_exchanged", "the factors are swapped: (1 + momentum) multiplies v_prev, and momentum multiplies v.",
             "w - (1 + mu) * v_prev + mu * v"),
    stepping(NESTEROV, "one_left_out", "the new velocity is multiplied by momentum; it should be multiplied by 1 + momentum.",
             "w - mu * v_prev + mu * v"),
    stepping(NESTEROV, "old_velocity_whole", "v_prev is subtracted without its factor momentum.", "w - v_prev + (1 + mu) * v"),
    stepping(NESTEROV, "look_ahead_alone", "the weights move only by momentum * v, without the gradient.", "w + mu * v"),
    stepping(NESTEROV, "plain_descent", "the weights move only by the gradient: the two velocities cancel.", "w - mu * v_prev + v"),
    stepping(NESTEROV, "old_velocity_for_new",
             "the look-ahead is momentum * (momentum * v_prev), without the new gradient; it should be momentum * v.",
             "w + mu * mu * v_prev - lr * dw"),
    with_velocity(NESTEROV, "ascent", "the gradient is added to the velocity and the velocity to w: this climbs.",
                  "mu * v_prev + lr * dw", loses=ALL),
    stepping(NESTEROV, "step_subtracted", "the whole step has the wrong sign: this climbs.", "w + mu * v_prev - (1 + mu) * v"),
    with_velocity(NESTEROV, "velocity_points_uphill",
                  "your velocity is mu * v + lr * dw and is subtracted; it should be mu * v - lr * dw and be added.",
                  "mu * v_prev + lr * dw", "w + mu * v_prev - (1 + mu) * v"),
    with_velocity(NESTEROV, "velocity_without_the_rate",
                  "your velocity is mu * v + dw, and only the step has the learning rate; it should be mu * v - lr * dw.",
                  "mu * v_prev + dw", "w - lr * (dw + mu * v)"),
    edit(NESTEROV, "whole_step_stored", "the whole step of the weights is stored as the velocity; store v.",
         (STORED, 'config["velocity"] = next_w - w\n')),
    *of_the_velocity(NESTEROV),
)  # fmt: skip
