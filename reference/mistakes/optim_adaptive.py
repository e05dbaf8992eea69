"""Known mistakes of RMSProp and Adam, for each the commonest of real work first."""

from __future__ import annotations

from grader.checks import Kind, Mistake, edit

from .optim import DTYPE, PURITY, SHAPE, VALUE, of_the_contract, shared_config

STABILITY = Kind.STABILITY
ALL = {VALUE, SHAPE, DTYPE, PURITY, STABILITY}

RMSPROP, ADAM = "rmsprop", "adam"

# --------------------------------------------------------------------------------------------------------------------- RMSProp

CACHE = 'cache = decay * config["cache"] + (1 - decay) * dw**2'
SCALED = "next_w: Floats = w - lr * dw / (np.sqrt(cache) + eps)"
STORED = 'config["cache"] = cache\n'
ROOT = "(np.sqrt(cache) + eps)"
READ = 'config["learning_rate"], config["decay_rate"], config["epsilon"]'
ZEROS = "cache=np.zeros_like(w)"


def caching(name: str, explanation: str, cache: str, loses: set[Kind] | None = None) -> Mistake:
    """Declare another cache."""
    return edit(RMSPROP, name, explanation, (CACHE, f"cache = {cache}"), loses=loses)


def scaling(name: str, explanation: str, step: str, loses: set[Kind] | None = None) -> Mistake:
    """Declare another step with the right cache."""
    return edit(RMSPROP, name, explanation, (SCALED, f"next_w: Floats = {step}"), loses=loses)


rmsprop = (
    scaling("epsilon_in_the_root", "epsilon is added under the square root; it should be added to the root.",
            "w - lr * dw / np.sqrt(cache + eps)"),
    edit(RMSPROP, "cache_not_stored", "the new cache is not put into the config, which keeps the old one.", (STORED, "pass\n")),
    edit(RMSPROP, "cache_nowhere", "the cache is a local variable: the config gets none, and every step starts from zeros.",
         (f", {ZEROS}", ""), ('decay * config["cache"]', 'decay * config.get("cache", np.zeros_like(w))'), (STORED, "pass\n")),
    edit(RMSPROP, "cache_under_another_name", "the cache is kept in the config, but not as config['cache'].",
         (ZEROS, "v=np.zeros_like(w)"), ('decay * config["cache"]', 'decay * config["v"]'), (STORED, 'config["v"] = cache\n')),
    edit(RMSPROP, "old_cache_used", "the gradient is divided by the root of the old cache, from before the update.",
         (ROOT, '(np.sqrt(config["cache"]) + eps)')),
    caching("sum_of_squares", "the squares are summed, and the old sum is never scaled down: this is AdaGrad.", 'config["cache"] + dw**2',
            ALL),
    caching("squares_not_weighed", "the new square lacks the factor 1 - decay_rate.", 'decay * config["cache"] + dw**2', ALL),
    caching("factors_exchanged", "the factors are swapped: decay_rate multiplies the new square, and 1 - decay_rate the old cache.",
            '(1 - decay) * config["cache"] + decay * dw**2', ALL),
    caching("not_squared", "the cache is a running mean of |dw|; it should be one of dw^2.",
            'decay * config["cache"] + (1 - decay) * np.abs(dw)', ALL),
    caching("cache_not_decayed", "the old cache lacks its factor decay_rate.", 'config["cache"] + (1 - decay) * dw**2'),
    caching("weight_squared_too", "1 - decay_rate is squared with dw: ((1 - decay_rate) * dw)^2; it should be (1 - decay_rate) * dw^2.",
            'decay * config["cache"] + ((1 - decay) * dw) ** 2', ALL),
    scaling("square_in_the_step", "the step has dw^2 above the root, so that its sign is lost; it should have dw.",
            "w - lr * dw**2 / (np.sqrt(cache) + eps)"),
    scaling("rate_under_the_root", "the learning rate multiplies the denominator; it should multiply the gradient.",
            "w - dw / (lr * (np.sqrt(cache) + eps))"),
    edit(RMSPROP, "epsilon_in_the_cache", "epsilon is added to the cache itself, where it adds up from step to step.",
         (CACHE, f"{CACHE} + eps"), (SCALED, "next_w: Floats = w - lr * dw / np.sqrt(cache)")),
    scaling("bias_corrected", "the cache is corrected for its start at zero, as in Adam; RMSProp has no correction.",
            """w - lr * dw / (np.sqrt(cache / (1 - decay ** (config.get("t", 0) + 1))) + eps)
    config["t"] = config.get("t", 0) + 1"""),
    caching("cache_forgotten", "the old cache is left out: the gradient is divided by a multiple of |dw|.", "(1 - decay) * dw**2"),
    caching("mean_over_all_weights", "the squares are averaged over all weights; each weight should have a mean of its own.",
            'decay * config["cache"] + (1 - decay) * np.mean(dw**2)', ALL),
    scaling("no_root", "the gradient is divided by the cache itself; it should be divided by its root.", "w - lr * dw / (cache + eps)"),
    scaling("multiplied_by_the_root", "the gradient is multiplied by the root of the cache; it should be divided by it.",
            "w - lr * dw * (np.sqrt(cache) + eps)"),
    scaling("ascent", "the step is added: this climbs; it should be subtracted.", "w + lr * dw / (np.sqrt(cache) + eps)"),
    scaling("plain_descent", "the cache is updated and not used.", "w - lr * dw"),
    scaling("no_epsilon", "there is no epsilon: a gradient of 0 is divided by 0.", "w - lr * dw / np.sqrt(cache)",
            {VALUE, STABILITY}),
    scaling("epsilon_added_to_the_quotient", "epsilon is added to the quotient: the brackets of the denominator are missing.",
            "w - lr * dw / np.sqrt(np.where(dw == 0, 1, cache)) + eps"),
    scaling("epsilon_as_least_value", "epsilon is used as a lower bound of the root; it should be added to the root.",
            "w - lr * dw / np.maximum(np.sqrt(cache), eps)"),
    edit(RMSPROP, "root_stored", "the root of the cache is stored; store the cache itself.",
         (STORED, 'config["cache"] = np.sqrt(cache)\n')),
    edit(RMSPROP, "parameters_ignored", "the parameters in the config are not read: every call uses the defaults.",
         (READ, "1e-2, 0.99, 1e-8")),
    edit(RMSPROP, "epsilon_ignored", "the epsilon of the config is not read: it is 1e-8 in every call.", ('config["epsilon"]', "1e-8")),
    edit(RMSPROP, "another_default_learning_rate", "the default learning rate is 1e-3; it should be 1e-2.",
         ("learning_rate=1e-2", "learning_rate=1e-3")),
    edit(RMSPROP, "another_default_decay_rate", "the default decay rate is 0.9; it should be 0.99.",
         ("decay_rate=0.99", "decay_rate=0.9")),
    edit(RMSPROP, "another_default_epsilon", "the default epsilon is 1e-7; it should be 1e-8.", ("1e-8", "1e-7")),
    edit(RMSPROP, "zero_taken_for_missing",
         "a decay rate of 0 in the config is treated as missing, as `config['decay_rate'] or 0.99` does.",
         ('config["decay_rate"]', '(config["decay_rate"] or 0.99)')),
    edit(RMSPROP, "weights_moved_in_place", "w itself is moved, in place.",
         (SCALED, f"w -= lr * dw / {ROOT}\n    next_w: Floats = w"), loses={PURITY}),
    edit(RMSPROP, "double_precision", "the first cache is an array of float64, whatever the dtype of w is.",
         (ZEROS, "cache=np.zeros(w.shape)"), loses={DTYPE}),
    shared_config(RMSPROP, f"learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8, {ZEROS}", f"""
    lr, decay, eps = {READ}
    {CACHE}
    {SCALED.replace(": Floats", "")}
    {STORED}"""),
    *of_the_contract(RMSPROP, ALL),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------------------------------ Adam

T = 't = config["t"] + 1'
M, V = 'm = beta1 * config["m"] + (1 - beta1) * dw', 'v = beta2 * config["v"] + (1 - beta2) * dw**2'
M_HAT, V_HAT = "m_hat = m / (1 - beta1**t)", "v_hat = v / (1 - beta2**t)"
STEP = "next_w: Floats = w - lr * m_hat / (np.sqrt(v_hat) + eps)"
KEPT = "config.update(m=m, v=v, t=t)"
BETAS = 'config["learning_rate"], config["beta1"], config["beta2"], config["epsilon"]'


def of_adam(name: str, explanation: str, *edits: tuple[str, str], loses: set[Kind] | None = None) -> Mistake:
    """Declare a mistake of Adam."""
    return edit(ADAM, name, explanation, *edits, loses=loses)


time = (
    of_adam("t_never_incremented", "t is never incremented: it stays 0, so the correction divides by 1 - beta**0, which is 0.",
            (T, 't = config["t"]'), loses=ALL),
    of_adam("t_incremented_after_use",
            "t is incremented after it is used: it is 0 in the first step, so the correction divides by 1 - beta**0 = 0.",
            (T, 't = config["t"]'), (KEPT, "config.update(m=m, v=v, t=t + 1)")),
    of_adam("t_decremented", "t is counted down.", (T, 't = config["t"] - 1'), loses=ALL),
    of_adam("t_not_stored", "t is not put into the config: it is 1 in every step.", (KEPT, "config.update(m=m, v=v)")),
    of_adam("t_always_one", "t starts at 1 and is never incremented.", ("t=0", "t=1"), (T, 't = config["t"]')),
    of_adam("t_starts_at_one", "t starts at 1 and is incremented before it is used: it is 2 in the first step.", ("t=0", "t=1"), loses=ALL),
    of_adam("t_is_the_next_step",
            "t starts at 1 and is incremented after it is used: the steps are right, but the stored t is one too large.",
            ("t=0", "t=1"), (T, 't = config["t"]'), (KEPT, "config.update(m=m, v=v, t=t + 1)")),
)  # fmt: skip

correction = (
    of_adam("no_correction", "there is no bias correction: m and v are used as they are.", (M_HAT, "m_hat = m"), (V_HAT, "v_hat = v")),
    of_adam("m_not_corrected", "m is not corrected.", (M_HAT, "m_hat = m")),
    of_adam("v_not_corrected", "v is not corrected.", (V_HAT, "v_hat = v")),
    of_adam("power_of_the_difference", "the correction divides by (1 - beta)**t; it should divide by 1 - beta**t.",
            (M_HAT, "m_hat = m / (1 - beta1) ** t"), (V_HAT, "v_hat = v / (1 - beta2) ** t")),
    of_adam("corrected_as_in_the_first_step", "the correction divides by 1 - beta in every step: t is left out.",
            (M_HAT, "m_hat = m / (1 - beta1)"), (V_HAT, "v_hat = v / (1 - beta2)")),
    of_adam("multiplied_by_the_correction", "m and v are multiplied by 1 - beta**t; they should be divided by it.",
            (M_HAT, "m_hat = m * (1 - beta1**t)"), (V_HAT, "v_hat = v * (1 - beta2**t)")),
    of_adam("one_beta_for_both", "v is corrected with beta1; it should be corrected with beta2.", (V_HAT, "v_hat = v / (1 - beta1**t)")),
    of_adam("corrections_exchanged", "the betas are swapped in the correction: m is corrected with beta2, and v with beta1.",
            (M_HAT, "m_hat = m / (1 - beta2**t)"), (V_HAT, "v_hat = v / (1 - beta1**t)")),
    of_adam("corrected_means_stored",
            "the corrected means are stored, and so are corrected again in the next step; store m and v uncorrected.",
            (KEPT, "config.update(m=m_hat, v=v_hat, t=t)")),
)  # fmt: skip


def stepping(name: str, explanation: str, step: str, loses: set[Kind] | None = None) -> Mistake:
    """Declare another step with the right means."""
    return of_adam(name, explanation, (STEP, f"next_w: Floats = {step}"), loses=loses)


epsilon = (
    stepping("epsilon_in_the_root", "epsilon is added under the square root; it should be added to the root.",
             "w - lr * m_hat / np.sqrt(v_hat + eps)"),
    stepping("epsilon_before_the_correction",
             "epsilon is added to the root of v before the correction; it should be added to the root of v_hat.",
             "w - lr * m_hat * (1 - beta2**t) ** 0.5 / (np.sqrt(v) + eps)"),
    of_adam("epsilon_in_the_root_before_the_correction",
            "epsilon is added to v, under the root and before the correction; it should be added to the root of v_hat.",
            (V_HAT, "v_hat = (v + eps) / (1 - beta2**t)"), (STEP, "next_w: Floats = w - lr * m_hat / np.sqrt(v_hat)")),
    stepping("no_epsilon", "there is no epsilon: a gradient of 0 is divided by 0.", "w - lr * m_hat / np.sqrt(v_hat)",
             {VALUE, STABILITY}),
    stepping("epsilon_as_least_value", "epsilon is used as a lower bound of the root; it should be added to the root.",
             "w - lr * m_hat / np.maximum(np.sqrt(v_hat), eps)"),
    of_adam("epsilon_ignored", "the epsilon of the config is not read: it is 1e-8 in every call.", ('config["epsilon"]', "1e-8")),
    of_adam("another_default_epsilon", "the default epsilon is 1e-7; it should be 1e-8.", ("1e-8", "1e-7")),
)  # fmt: skip

means = (
    of_adam("betas_exchanged", "the betas are swapped: m should have beta1, and v should have beta2.",
            ('config["beta1"], config["beta2"]', 'config["beta2"], config["beta1"]')),
    of_adam("weights_of_m_exchanged", "the factors of m are swapped: (1 - beta1) * m + beta1 * dw.",
            (M, 'm = (1 - beta1) * config["m"] + beta1 * dw'), loses=ALL),
    of_adam("weights_of_v_exchanged", "the factors of v are swapped: (1 - beta2) * v + beta2 * dw**2.",
            (V, 'v = (1 - beta2) * config["v"] + beta2 * dw**2'), loses=ALL),
    of_adam("gradient_not_weighed", "the gradient enters m without the factor 1 - beta1.", (M, 'm = beta1 * config["m"] + dw'), loses=ALL),
    of_adam("square_not_weighed", "the square of the gradient enters v without the factor 1 - beta2.",
            (V, 'v = beta2 * config["v"] + dw**2'), loses=ALL),
    of_adam("not_squared", "v is a running mean of |dw|; it should be one of dw^2.",
            (V, 'v = beta2 * config["v"] + (1 - beta2) * np.abs(dw)'), loses=ALL),
    of_adam("beta1_in_both_means", "v is averaged with beta1; it should be averaged with beta2.",
            (V, 'v = beta1 * config["v"] + (1 - beta1) * dw**2'), loses=ALL),
    of_adam("beta1_for_v", "beta1 is used for v throughout, in its mean and in its correction; it should be beta2.",
            (V, 'v = beta1 * config["v"] + (1 - beta1) * dw**2'), (V_HAT, "v_hat = v / (1 - beta1**t)")),
    of_adam("beta2_in_both_means", "m is averaged with beta2; it should be averaged with beta1.",
            (M, 'm = beta2 * config["m"] + (1 - beta2) * dw'), loses=ALL),
    of_adam("m_not_decayed", "the old m lacks its factor beta1.", (M, 'm = config["m"] + (1 - beta1) * dw')),
    of_adam("v_not_decayed", "the old v lacks its factor beta2.", (V, 'v = config["v"] + (1 - beta2) * dw**2')),
    of_adam("weight_squared_too", "1 - beta2 is squared with dw: ((1 - beta2) * dw)^2; it should be (1 - beta2) * dw^2.",
            (V, 'v = beta2 * config["v"] + ((1 - beta2) * dw) ** 2'), loses=ALL),
    of_adam("square_of_the_mean", "v is a running mean of m^2; it should be one of dw^2.",
            (V, 'v = beta2 * config["v"] + (1 - beta2) * m**2'), loses=ALL),
    of_adam("m_not_stored", "the new m is not put into the config, which keeps the old one.", (KEPT, "config.update(v=v, t=t)")),
    of_adam("v_not_stored", "the new v is not put into the config, which keeps the old one.", (KEPT, "config.update(m=m, t=t)")),
    of_adam("means_not_stored", "neither m nor v is put into the config; t is.", (KEPT, "config.update(t=t)")),
    of_adam("nothing_stored", "m, v and t are not put into the config: every step is a first one.", (KEPT, "pass")),
    of_adam("largest_square_kept", "the step is divided by the root of the largest v_hat so far: this is AMSGrad.",
            (V_HAT, 'v_hat = np.maximum(v / (1 - beta2**t), config.get("v_max", 0))'),
            (KEPT, "config.update(m=m, v=v, t=t, v_max=v_hat)")),
    of_adam("under_other_names", "the means are kept in the config, though not as config['m'] and config['v'].",
            ("m=zeros, v=zeros", "mean=zeros, square=zeros"), ('beta1 * config["m"]', 'beta1 * config["mean"]'),
            ('beta2 * config["v"]', 'beta2 * config["square"]'), (KEPT, "config.update(mean=m, square=v, t=t)")),
)  # fmt: skip

adam = (
    stepping("no_root", "the step is divided by v_hat itself; it should be divided by its root.", "w - lr * m_hat / (v_hat + eps)"),
    stepping("ascent", "the step is added: this climbs; it should be subtracted.", "w + lr * m_hat / (np.sqrt(v_hat) + eps)"),
    stepping("gradient_for_its_mean", "the step uses dw where m_hat belongs: this is RMSProp with Adam's bias correction.",
             "w - lr * dw / (np.sqrt(v_hat) + eps)"),
    stepping("momentum_alone", "v is updated and not used.", "w - lr * m_hat"),
    of_adam("parameters_ignored", "the parameters in the config are not read: every call uses the defaults.",
            (BETAS, "1e-3, 0.9, 0.999, 1e-8")),
    of_adam("another_default_learning_rate", "the default learning rate is 1e-2; it should be 1e-3.", ("1e-3", "1e-2")),
    of_adam("another_default_beta1", "the default beta1 is 0.99; it should be 0.9.", ("beta1=0.9", "beta1=0.99")),
    of_adam("another_default_beta2", "the default beta2 is 0.99; it should be 0.999.", ("beta2=0.999", "beta2=0.99")),
    of_adam("zero_taken_for_missing", "a beta1 of 0 in the config is treated as missing, as `config['beta1'] or 0.9` does.",
            ('config["beta1"]', '(config["beta1"] or 0.9)')),
    of_adam("weights_moved_in_place", "w itself is moved, in place.",
            (STEP, "w -= lr * m_hat / (np.sqrt(v_hat) + eps)\n    next_w: Floats = w"), loses={PURITY}),
    of_adam("double_precision", "the first means are arrays of float64, whatever the dtype of w is.",
            ("zeros = np.zeros_like(w)", "zeros = np.zeros(w.shape)"), loses={DTYPE}),
    shared_config(ADAM, "learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, m=np.zeros_like(w), v=np.zeros_like(w), t=0", f"""
    lr, beta1, beta2, eps = {BETAS}
    {T}
    {M}
    {V}
    {M_HAT}
    {V_HAT}
    {STEP.replace(": Floats", "")}
    {KEPT}"""),
    *of_the_contract(ADAM, ALL),
)  # fmt: skip
