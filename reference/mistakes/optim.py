"""Known mistakes of descent and its momentum, for each function the commonest of real work first.

Storing the velocity of before the update is not storing it, and a `v_prev` that is read after the update makes Nesterov's momentum the
ordinary one: such twins are declared once.
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
        edit(function, "weights_alone", "the weights are returned alone, without the config.", (RETURN, "return next_w"), loses=rest),
        edit(function, "config_dropped", "a config without the parameters of the caller is returned: the next step has the defaults.",
             (RETURN, 'state = {"velocity", "cache", "m", "v", "t"}\n'
                      "    return next_w, {name: config[name] for name in config if name in state}")),
    )  # fmt: skip


def shared_config(function: str, defaults: str, step: str) -> Mistake:
    """A dict as default argument lives as long as the function. Nothing else is wrong."""
    return rewrite(
        function, "one_config_for_all_calls",
        "a dict is the default argument (config={}): all calls without config share it, and the state of other weights in it.",
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
    of_sgd("ascent", "the gradient is added: this climbs, where the weights should go down.", "w + lr * dw"),
    of_sgd("step_alone", "the step is returned, and not the weights after it.", "-lr * dw"),
    of_sgd("no_learning_rate", "the gradient is subtracted as it is, without the learning rate.", "w - dw"),
    of_sgd("divided_by_the_learning_rate", "the gradient is divided by the learning rate.", "w - dw / lr"),
    of_sgd("normalized", "the gradient is divided by its length, so that its size no longer counts.", "w - lr * dw / np.linalg.norm(dw)"),
    of_sgd("sign_alone", "only the sign of the gradient is used.", "w - lr * np.sign(dw)"),
    of_sgd("mean_gradient", "the gradient is averaged over the first axis: all rows take one step.", "w - lr * dw.mean(axis=0)"),
    of_sgd("weights_shrunk", "the weights are multiplied by 1 - learning_rate * dw.", "w * (1 - lr * dw)"),
    edit(SGD, "learning_rate_ignored", "the learning rate of the config is not read: it is 1e-2 in every call.", (SGD_LR, "lr = 1e-2")),
    edit(SGD, "another_default", "the learning rate is 1e-3 where the config has none, and not 1e-2.", ("1e-2", "1e-3")),
    edit(SGD, "double_precision", "the new weights are collected in an array of float64, whatever the dtype of w is.",
         (DESCENT, "next_w = np.zeros(w.shape)\n    next_w[...] = w - lr * dw"), loses={DTYPE}),
    edit(SGD, "gradient_scaled_in_place", "dw itself is multiplied by the learning rate, in place.",
         (DESCENT, "dw *= lr\n    next_w: Floats = w - dw"), loses={PURITY}),
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
        edit(function, "velocity_not_stored", "the new velocity is not put into the config, which keeps the one of before.",
             (STORED, "pass\n")),
        edit(function, "velocity_nowhere", "the velocity is a local variable: the config gets none, and every step starts from rest.",
             (f", {ZEROS}", ""), ('config["velocity"]\n', 'config.get("velocity", np.zeros_like(w))\n'), (STORED, "pass\n")),
        edit(function, "velocity_under_another_name", "the velocity is kept in the config, though not as config['velocity'].",
             (ZEROS, "v=np.zeros_like(w)"), ('config["velocity"]\n', 'config["v"]\n'), (STORED, 'config["v"] = v\n')),
        with_velocity(function, "velocity_not_decayed", "the velocity is not multiplied by the momentum.", "v_prev - lr * dw"),
        with_velocity(function, "gradient_decayed_too", "the momentum multiplies the gradient, too: mu * (v - lr * dw).",
                      "mu * (v_prev - lr * dw)", loses=ALL),
        with_velocity(function, "mean_of_gradients", "the gradient is multiplied by 1 - momentum, as in a running mean.",
                      "mu * v_prev - (1 - mu) * lr * dw", loses=ALL),
        with_velocity(function, "momentum_taken_for_friction",
                      "the velocity is multiplied by 1 - momentum, the momentum being taken for friction.",
                      "(1 - mu) * v_prev - lr * dw"),
        edit(function, "parameters_ignored", "the parameters in the config are not read: they have their defaults in every call.",
             (READ, 'lr, mu, v_prev = 1e-2, 0.9, config["velocity"]\n')),
        edit(function, "another_default_learning_rate", "the learning rate is 1e-3 where the config has none, and not 1e-2.",
             ("1e-2", "1e-3")),
        edit(function, "another_default_momentum", "the momentum is 0.99 where the config has none, and not 0.9.", ("0.9", "0.99")),
        edit(function, "zero_taken_for_missing", "a momentum of 0 in the config is taken for none.",
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
    stepping(MOMENTUM, "nesterov_by_accident", "the weights move as with Nesterov's momentum, where ordinary momentum is due.",
             STEPS[NESTEROV]),
    with_velocity(MOMENTUM, "ascent", "the velocity collects the gradient with a plus sign and is added (lecture note 003): this climbs.",
                  "mu * v_prev + dw", "w + lr * v", ALL),
    with_velocity(MOMENTUM, "ascent_with_the_rate_inside", "the velocity is mu * v + lr * dw and is added: this climbs.",
                  "mu * v_prev + lr * dw", loses=ALL),
    stepping(MOMENTUM, "velocity_subtracted", "the velocity points downhill and is subtracted: this climbs.", "w - v"),
    with_velocity(MOMENTUM, "velocity_points_uphill", "the velocity has the other sign: it is mu * v + lr * dw, and is subtracted.",
                  "mu * v_prev + lr * dw", "w - v"),
    with_velocity(MOMENTUM, "velocity_without_the_rate", "the velocity is mu * v + dw, and the learning rate comes in with the step.",
                  "mu * v_prev + dw", "w - lr * v"),
    with_velocity(MOMENTUM, "downhill_velocity_without_the_rate",
                  "the velocity is mu * v - dw, and the learning rate comes in with the step.", "mu * v_prev - dw", "w + lr * v"),
    with_velocity(MOMENTUM, "rate_applied_twice", "the learning rate is in the velocity, and multiplies the step once more.",
                  VELOCITY.removeprefix("v = "), "w + lr * v"),
    with_velocity(MOMENTUM, "no_learning_rate", "the gradient comes in without the learning rate.", "mu * v_prev - dw", loses=ALL),
    stepping(MOMENTUM, "old_velocity_used", "the weights move by the velocity of before the update.", "w + v_prev"),
    stepping(MOMENTUM, "plain_descent", "the weights move by the gradient alone; the velocity is updated and not used.", "w - lr * dw"),
    stepping(MOMENTUM, "gradient_counted_twice", "the gradient is subtracted once more, though the velocity contains it.",
             "w + v - lr * dw"),
    stepping(MOMENTUM, "velocity_decayed_twice", "the velocity is multiplied by the momentum once more before it is added.", "w + mu * v"),
    *of_the_velocity(MOMENTUM),
)  # fmt: skip

nesterov = (
    stepping(NESTEROV, "ordinary_momentum",
             "the weights move by the velocity alone, as with ordinary momentum, or v_prev is read after the update.", STEPS[MOMENTUM]),
    stepping(NESTEROV, "old_velocity_added", "momentum * v_prev is added, and not taken away.", "w + mu * v_prev + (1 + mu) * v"),
    stepping(NESTEROV, "old_velocity_left_out", "momentum * v_prev is not taken away.", "w + (1 + mu) * v"),
    stepping(NESTEROV, "factors_exchanged", "the factors are exchanged: (1 + momentum) multiplies v_prev, and momentum v.",
             "w - (1 + mu) * v_prev + mu * v"),
    stepping(NESTEROV, "one_left_out", "the new velocity is multiplied by momentum, and not by 1 + momentum.", "w - mu * v_prev + mu * v"),
    stepping(NESTEROV, "old_velocity_whole", "v_prev is taken away whole, without the factor momentum.", "w - v_prev + (1 + mu) * v"),
    stepping(NESTEROV, "look_ahead_alone", "the weights move by momentum * v alone, without the gradient.", "w + mu * v"),
    stepping(NESTEROV, "plain_descent", "the weights move by the gradient alone: the two velocities cancel.", "w - mu * v_prev + v"),
    stepping(NESTEROV, "old_velocity_for_new", "the gradient step is followed by the old velocity, and not by the new one.",
             "w + mu * mu * v_prev - lr * dw"),
    with_velocity(NESTEROV, "ascent", "the velocity collects the gradient with a plus sign and is added: this climbs.",
                  "mu * v_prev + lr * dw", loses=ALL),
    stepping(NESTEROV, "step_subtracted", "the step has the other sign: this climbs.", "w + mu * v_prev - (1 + mu) * v"),
    with_velocity(NESTEROV, "velocity_points_uphill", "the velocity has the other sign: it is mu * v + lr * dw, and is subtracted.",
                  "mu * v_prev + lr * dw", "w + mu * v_prev - (1 + mu) * v"),
    with_velocity(NESTEROV, "velocity_without_the_rate", "the velocity is mu * v + dw, and the learning rate comes in with the step.",
                  "mu * v_prev + dw", "w - lr * (dw + mu * v)"),
    edit(NESTEROV, "whole_step_stored", "the step of the weights is stored as the velocity.",
         (STORED, 'config["velocity"] = next_w - w\n')),
    *of_the_velocity(NESTEROV),
)  # fmt: skip
