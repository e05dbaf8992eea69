"""Known mistakes of the normalization layers, for each function the commonest of real work first."""

from __future__ import annotations

from grader.checks import Kind, Mistake, edit

VALUE, GRADIENT, SHAPE, DTYPE, PURITY, STABILITY = Kind.VALUE, Kind.GRADIENT, Kind.SHAPE, Kind.DTYPE, Kind.PURITY, Kind.STABILITY
FORWARD_ALL = {VALUE, SHAPE, DTYPE, PURITY, STABILITY}
BACKWARD_ALL = {GRADIENT, SHAPE, DTYPE, PURITY}

FORWARD = "batchnorm_forward"
STD, TEST_STD = "std = np.sqrt(var + eps)", "running_std = np.sqrt(running_var + eps)"
TRAIN_OUT = "x_hat = (x - mean) / std\n        out = gamma * x_hat + beta"
TEST_OUT = "x_hat = (x - running_mean) / running_std\n        out = gamma * x_hat + beta"
NEW_MEAN = 'bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mean'
NEW_VAR = 'bn_param["running_var"] = momentum * running_var + (1 - momentum) * var'
# The root of the training branch alone: the other one ends in the same characters.
TRAIN_STD = f"        {STD}\n"
STATISTICS = "mean = np.mean(x, axis=0)\n        var = np.var(x, axis=0)\n"

at_test_time = (
    edit(FORWARD, "eps_outside_the_root_at_test_time", "eps is added outside the square root in test mode.",
         (TEST_STD, "running_std = np.sqrt(running_var) + eps")),
    edit(FORWARD, "no_eps_at_test_time", "eps is forgotten in test mode.", (TEST_STD, "running_std = np.sqrt(running_var)")),
    edit(FORWARD, "neither_gamma_nor_beta_at_test_time", "gamma and beta are not applied in test mode.",
         (TEST_OUT, "out = (x - running_mean) / running_std")),
    edit(FORWARD, "no_gamma_at_test_time", "gamma is not applied in test mode.",
         (TEST_OUT, "out = (x - running_mean) / running_std + beta")),
    edit(FORWARD, "no_beta_at_test_time", "beta is not added in test mode.", (TEST_OUT, "out = gamma * (x - running_mean) / running_std")),
    edit(FORWARD, "running_variance_for_the_root", "test mode divides by the variance, not by its square root.",
         (TEST_STD, "running_std = running_var + eps")),
    edit(FORWARD, "running_variance_for_a_root", "test mode takes running_var for a standard deviation that holds eps.",
         (TEST_STD, "running_std = running_var")),
    edit(FORWARD, "statistics_of_the_batch_at_test_time", "test mode uses the mean and the variance of the batch.",
         (TEST_OUT, "x_hat = (x - np.mean(x, axis=0)) / np.sqrt(np.var(x, axis=0) + eps)\n        out = gamma * x_hat + beta")),
    edit(FORWARD, "every_mode_is_training", "the mode is not looked at: test mode does all that training does.",
         ('if mode == "train":', 'if mode in ("train", "test"):'), loses={VALUE, PURITY}),
    edit(FORWARD, "test_time_updates_the_running_statistics", "test mode updates the running statistics, too.",
         ("return out, None", 'bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * np.mean(x, axis=0)\n'
          '        bn_param["running_var"] = momentum * running_var + (1 - momentum) * np.var(x, axis=0)\n        return out, None'),
         loses={PURITY}),
    edit(FORWARD, "eps_is_always_the_default_at_test_time", "test mode uses an eps of 1e-5, whatever bn_param says.",
         (TEST_STD, "running_std = np.sqrt(running_var + 1e-5)")),
)  # fmt: skip

in_training = (
    edit(FORWARD, "eps_outside_the_root", "eps is added outside the square root in training.",
         (TRAIN_STD, "        std = np.sqrt(var) + eps\n")),
    edit(FORWARD, "eps_outside_both_roots", "eps is added outside the square root, in training and in test mode.",
         (TRAIN_STD, "        std = np.sqrt(var) + eps\n"), (TEST_STD, "running_std = np.sqrt(running_var) + eps")),
    edit(FORWARD, "no_eps", "eps is forgotten in training.", (TRAIN_STD, "        std = np.sqrt(var)\n")),
    edit(FORWARD, "no_eps_anywhere", "eps is forgotten, in training and in test mode.",
         (TRAIN_STD, "        std = np.sqrt(var)\n"), (TEST_STD, "running_std = np.sqrt(running_var)")),
    edit(FORWARD, "eps_squared", "eps is added to the standard deviation under the root: it is sqrt(var + eps**2).",
         (TRAIN_STD, "        std = np.sqrt(var + eps**2)\n")),
    edit(FORWARD, "eps_is_always_the_default", "eps is 1e-5, whatever bn_param says.", ('bn_param.get("eps", 1e-5)', "1e-5")),
    edit(FORWARD, "eps_has_another_default", "eps is 1e-8 where bn_param has none; the default here is 1e-5.",
         ('"eps", 1e-5', '"eps", 1e-8')),
    edit(FORWARD, "divided_by_the_variance", "the centred x is divided by the variance, not by its square root.",
         (TRAIN_STD, "        std = var + eps\n")),
    edit(FORWARD, "neither_gamma_nor_beta", "gamma and beta are not applied in training.", (TRAIN_OUT, "out = x_hat = (x - mean) / std")),
    edit(FORWARD, "no_gamma", "gamma is not applied in training.", (TRAIN_OUT, "x_hat = (x - mean) / std\n        out = x_hat + beta")),
    edit(FORWARD, "no_beta", "beta is not added in training.", (TRAIN_OUT, "x_hat = (x - mean) / std\n        out = gamma * x_hat")),
    edit(FORWARD, "gamma_scales_beta", "gamma multiplies beta, too: out is gamma * (x_hat + beta).",
         (TRAIN_OUT, "x_hat = (x - mean) / std\n        out = gamma * (x_hat + beta)")),
    edit(FORWARD, "gamma_and_beta_exchanged", "gamma and beta have changed places.",
         (TRAIN_OUT, "x_hat = (x - mean) / std\n        out = beta * x_hat + gamma")),
    edit(FORWARD, "unbiased_variance", "the variance divides by N - 1, in the output and in the running average; here it divides by N.",
         ("var = np.var(x, axis=0)", "var = np.var(x, axis=0, ddof=1)")),
    edit(FORWARD, "not_centred", "the mean is not subtracted.", (TRAIN_OUT, "x_hat = x / std\n        out = gamma * x_hat + beta")),
    edit(FORWARD, "variance_about_zero", "the variance is taken about 0: it is the mean of x squared.",
         ("var = np.var(x, axis=0)", "var = np.mean(x**2, axis=0)")),
    edit(FORWARD, "statistics_of_each_example", "the mean and the variance are taken over the features of an example, not over the batch.",
         (STATISTICS, "mean = np.mean(x, axis=1, keepdims=True)\n        var = np.var(x, axis=1, keepdims=True)\n"), loses={VALUE, SHAPE}),
    edit(FORWARD, "one_mean_for_all", "there is one mean and one variance for the whole batch, not one per feature.",
         (STATISTICS, "mean = np.mean(x)\n        var = np.var(x)\n")),
    edit(FORWARD, "running_statistics_in_training", "training standardizes with the running statistics, not with those of the batch.",
         (TRAIN_OUT, 'x_hat = (x - running_mean) / np.sqrt(running_var + eps)\n        out = gamma * x_hat + beta')),
)  # fmt: skip

running = (
    edit(FORWARD, "running_variance_with_eps", "eps is averaged into the running variance.", (NEW_VAR, f"{NEW_VAR[:-3]}(var + eps)")),
    edit(FORWARD, "running_standard_deviation", "running_var averages the standard deviation, with eps, in place of the variance.",
         (NEW_VAR, f"{NEW_VAR[:-3]}std")),
    edit(FORWARD, "running_root_of_the_variance", "running_var averages the square root of the variance.",
         (NEW_VAR, f"{NEW_VAR[:-3]}np.sqrt(var)")),
    edit(FORWARD, "running_unbiased_variance", "running_var averages the variance that divides by N - 1; here it is the biased one.",
         (NEW_VAR, f"{NEW_VAR[:-3]}np.var(x, axis=0, ddof=1)")),
    edit(FORWARD, "running_statistics_have_two_axes", "the running statistics have shape (1, D), because keepdims is on.",
         (NEW_MEAN, f"{NEW_MEAN}[np.newaxis]"), (NEW_VAR, f"{NEW_VAR}[np.newaxis]"), loses={SHAPE}),
    edit(FORWARD, "running_statistics_overwritten", "the running statistics are overwritten with those of the batch.",
         (NEW_MEAN, 'bn_param["running_mean"] = mean'), (NEW_VAR, 'bn_param["running_var"] = var')),
    edit(FORWARD, "old_statistics_not_blended_in", "the old running statistics are left out of the new ones.",
         (NEW_MEAN, 'bn_param["running_mean"] = (1 - momentum) * mean'), (NEW_VAR, 'bn_param["running_var"] = (1 - momentum) * var')),
    edit(FORWARD, "old_statistics_not_scaled", "the old running statistics are not multiplied by momentum, so that they grow.",
         (NEW_MEAN, 'bn_param["running_mean"] = running_mean + (1 - momentum) * mean'),
         (NEW_VAR, 'bn_param["running_var"] = running_var + (1 - momentum) * var')),
    edit(FORWARD, "momentum_weighs_the_new_value", "momentum weighs the batch, not the old value; here it is the other way round.",
         ('"momentum", 0.9)', '"momentum", 0.9)\n    momentum = 1 - momentum')),
    edit(FORWARD, "momentum_is_always_the_default", "momentum is 0.9, whatever bn_param says.", ('bn_param.get("momentum", 0.9)', "0.9")),
    edit(FORWARD, "momentum_has_another_default", "momentum is 0.99 where bn_param has none; the default here is 0.9.",
         ('"momentum", 0.9)', '"momentum", 0.99)')),
    edit(FORWARD, "running_mean_in_the_variance", "the new running_var is averaged with the old running_mean.",
         (NEW_VAR, 'bn_param["running_var"] = momentum * running_mean + (1 - momentum) * var')),
    edit(FORWARD, "running_mean_alone", "running_var is not updated.", (NEW_VAR, 'bn_param["running_var"] = running_var')),
    edit(FORWARD, "running_statistics_not_stored", "the new running statistics are computed and not stored in bn_param.",
         (NEW_MEAN, NEW_MEAN.replace('bn_param["running_mean"]', "new_mean")),
         (NEW_VAR, NEW_VAR.replace('bn_param["running_var"]', "new_var")),
         loses={VALUE, SHAPE}),
    edit(FORWARD, "running_variance_starts_at_ones", "running_var starts at ones, as in other libraries; here it starts at zeros.",
         ('"running_var", np.zeros_like(x[0])', '"running_var", np.ones_like(x[0])')),
    edit(FORWARD, "running_statistics_start_with_the_batch", "the running statistics start as those of the first batch, not at zeros.",
         ('"running_mean", np.zeros_like(x[0])', '"running_mean", np.mean(x, axis=0)'),
         ('"running_var", np.zeros_like(x[0])', '"running_var", np.var(x, axis=0)')),
    edit(FORWARD, "one_store_for_all_layers", "the running statistics are kept outside bn_param, so that two layers share them.",
         ('    if mode == "train":', '    if mode == "train":\n'
          "        running_mean, running_var = vars(batchnorm_forward).get(x.shape, (running_mean, running_var))"),
         (NEW_VAR, f'{NEW_VAR}\n        vars(batchnorm_forward)[x.shape] = bn_param["running_mean"], bn_param["running_var"]')),
)  # fmt: skip

contract_of_forward = (
    edit(FORWARD, "bn_param_emptied", "bn_param is emptied before the running statistics are put in; keep what else it holds.",
         (NEW_MEAN, f"bn_param.clear()\n        {NEW_MEAN}"), loses={VALUE, PURITY}),
    edit(FORWARD, "x_centred_in_place", "x itself is centred, in place.",
         (STATISTICS, f"{STATISTICS}        x -= mean\n"),
         (TRAIN_OUT, "x_hat = x / std\n        out = gamma * x_hat + beta"), loses={PURITY}),
    edit(FORWARD, "an_axis_too_many", "gamma and beta are given two more axes, and the output one.",
         (TRAIN_OUT, "x_hat = (x - mean) / std\n        out = gamma[None, None] * x_hat + beta"), loses={SHAPE}),
    edit(FORWARD, "float64_in_training", "training computes in float64 and returns it, whatever the dtype of x.",
         (TRAIN_OUT, "x_hat = (x - mean) / std\n        out = gamma * x_hat.astype(np.float64) + beta"), loses={DTYPE}),
    edit(FORWARD, "float64_at_test_time", "test mode computes in float64 and returns it, whatever the dtype of x.",
         (TEST_OUT, "x_hat = (x - running_mean) / running_std\n        out = gamma * x_hat.astype(np.float64) + beta"), loses={DTYPE}),
    edit(FORWARD, "mean_of_squares_less_square_of_mean",
         "the variance is computed as mean(x**2) - mean(x)**2, which comes out below 0 for large, nearly equal values.",
         ("var = np.var(x, axis=0)", "var = np.mean(x**2, axis=0) - mean**2"), loses={STABILITY}),
    edit(FORWARD, "no_cache", "the output is returned alone, without a cache.",
         ("return out, (x_hat, std, gamma)", "return out"), ("return out, None", "return out"), loses=FORWARD_ALL),
)  # fmt: skip

# ---------------------------------------------------------------------------------------------- batch norm, the backward passes

BACKWARD, ALT = "batchnorm_backward", "batchnorm_backward_alt"
RETURN = "return dx, dgamma, dbeta"
DX_ALT = "dx = gamma / (N * std) * (N * dout - dbeta - x_hat * dgamma)"
DGAMMA, DBETA, UNPACK = "dgamma = np.sum(dout * x_hat, axis=0)", "dbeta = np.sum(dout, axis=0)", "x_hat, std, gamma = cache"


def shared_by(function: str, *, overwritten: str, scaled: str, shape: str, shape_says: str) -> tuple[Mistake, ...]:
    """The mistakes that every backward pass is open to: what is returned, and what is overwritten."""
    return (
        edit(function, "dgamma_and_dbeta_exchanged", "dgamma and dbeta are returned in each other's place.",
             (RETURN, "return dx, dbeta, dgamma"), loses={GRADIENT}),
        edit(function, "dgamma_without_its_axis", "dgamma is summed over everything: np.sum has no axis.",
             (RETURN, "return dx, np.sum(dgamma), dbeta"), loses={GRADIENT, SHAPE}),
        edit(function, "dbeta_without_its_axis", "dbeta is summed over everything: np.sum has no axis.",
             (RETURN, "return dx, dgamma, np.sum(dbeta)"), loses={GRADIENT, SHAPE}),
        edit(function, "dgamma_averaged", "dgamma is averaged over the batch, not summed.",
             (RETURN, "return dx, dgamma / dout.shape[0], dbeta"), loses={GRADIENT}),
        edit(function, "dgamma_and_dbeta_averaged", "dgamma and dbeta are averaged over the batch, not summed.",
             (RETURN, "return dx, dgamma / dout.shape[0], dbeta / dout.shape[0]"), loses={GRADIENT}),
        edit(function, "dgamma_without_x_hat", "dgamma is the sum of dout, without x_hat.",
             (RETURN, "return dx, dbeta, dbeta"), loses={GRADIENT}),
        edit(function, "shape_of_the_parameters", shape_says, (RETURN, f"return dx, dgamma{shape}, dbeta{shape}"), loses={SHAPE}),
        edit(function, "float64", "dx is computed in float64 and returned so, whatever the dtype of dout.",
             (RETURN, "return dx.astype(np.float64), dgamma, dbeta"), loses={DTYPE}),
        edit(function, "dout_scaled_in_place", "dout itself is scaled in place.", (RETURN, f"{scaled}\n    {RETURN}"), loses={PURITY}),
        edit(function, "cache_scaled_in_place", "x_hat, which is in the cache, is changed in place: the next backward pass finds it so.",
             (RETURN, f"{overwritten}\n    {RETURN}"), loses={GRADIENT}),
        edit(function, "dx_alone", "dx comes without dgamma and dbeta, or without one of the two.",
             (RETURN, "return dx"), loses=BACKWARD_ALL),
    )  # fmt: skip


def with_another_std(function: str, axes: str, unpack: str = UNPACK) -> tuple[Mistake, ...]:
    """The mistakes of a backward pass that computes its own standard deviation."""
    var = f"std**2 * np.mean(x_hat**2, {axes})"
    return (
        edit(function, "another_eps", "the backward pass uses an eps of 1e-5, whatever the forward pass was given.",
             (unpack, f"{unpack}\n    std = np.sqrt({var} + 1e-5)"), loses={GRADIENT}),
        edit(function, "no_eps", "the backward pass forgets eps.", (unpack, f"{unpack}\n    std = np.sqrt({var})"), loses={GRADIENT}),
        edit(function, "eps_outside_the_root", "the backward pass adds eps outside the square root.",
             (unpack, f"{unpack}\n    var = {var}\n    std = np.sqrt(var) + (std**2 - var)"), loses={GRADIENT}),
        edit(function, "dgamma_with_the_centred_x", "dgamma is summed over dout times the centred x, which is not divided by std.",
             (RETURN, "return dx, np.sum(dout * x_hat * std, axis=0), dbeta"), loses={GRADIENT}),
    )  # fmt: skip


ROWS = {"overwritten": "x_hat *= std", "scaled": "dout *= gamma", "shape": "[np.newaxis]",
        "shape_says": "dgamma and dbeta have shape (1, D), because keepdims is on."}  # fmt: skip

backward = (
    *shared_by(BACKWARD, **ROWS),
    *with_another_std(BACKWARD, "axis=0"),
    edit(BACKWARD, "mean_and_variance_held_constant", "the mean and the variance are taken for constants.",
         ("dx = dcentered + dmean / N", "dx = dx_hat / std"), loses={GRADIENT}),
    edit(BACKWARD, "path_through_the_mean_left_out", "the path through the mean is left out.",
         ("dx = dcentered + dmean / N", "dx = dcentered"), loses={GRADIENT}),
    edit(BACKWARD, "path_through_the_variance_left_out", "the path through the variance is left out.",
         ("dcentered = dx_hat / std + dvar * 2 * centered / N", "dcentered = dx_hat / std"), loses={GRADIENT}),
    edit(BACKWARD, "mean_not_divided_by_n", "the gradient that goes through the mean is not divided by N.",
         ("dmean / N", "dmean"), loses={GRADIENT}),
    edit(BACKWARD, "variance_not_divided_by_n", "the gradient that goes through the variance is not divided by N.",
         ("centered / N", "centered"), loses={GRADIENT}),
    edit(BACKWARD, "variance_without_its_two", "the derivative of the square lacks its factor 2.",
         ("dvar * 2 *", "dvar *"), loses={GRADIENT}),
    edit(BACKWARD, "root_without_its_half", "the derivative of the square root lacks its factor 1/2.",
         ("dstd / (2 * std)", "dstd / std"), loses={GRADIENT}),
    edit(BACKWARD, "root_by_precedence", "dstd / 2 * std stands for dstd / (2 * std): the product is taken after the division.",
         ("dstd / (2 * std)", "dstd / 2 * std"), loses={GRADIENT}),
    edit(BACKWARD, "sign_of_the_variance", "the gradient that goes through the variance has the wrong sign.",
         ("dstd = -np.sum", "dstd = np.sum"), loses={GRADIENT}),
    edit(BACKWARD, "sign_of_the_mean", "the gradient that goes through the mean has the wrong sign.",
         ("dmean = -np.sum", "dmean = np.sum"), loses={GRADIENT}),
    edit(BACKWARD, "variance_without_its_axis", "the gradient of the variance is summed over everything: np.sum has no axis.",
         ("np.sum(dx_hat * x_hat, axis=0)", "np.sum(dx_hat * x_hat)"), loses={GRADIENT}),
    edit(BACKWARD, "mean_without_its_axis", "the gradient of the mean is summed over everything: np.sum has no axis.",
         ("np.sum(dcentered, axis=0)", "np.sum(dcentered)"), loses={GRADIENT}),
    edit(BACKWARD, "without_gamma", "dx leaves out gamma.", ("dx_hat = dout * gamma", "dx_hat = dout"), loses={GRADIENT}),
    edit(BACKWARD, "divided_by_features", "the means are divided by D, the number of features, not by N, the size of the batch.",
         ("N = dout.shape[0]", "N = dout.shape[1]"), loses={GRADIENT}),
    edit(BACKWARD, "wrong_cache_order", "x_hat and the centred x are taken for each other, as when the cache is unpacked in another order.",
         (UNPACK, f"{UNPACK}\n    x_hat = x_hat * std"), loses=BACKWARD_ALL),
)  # fmt: skip

alternative = (
    *shared_by(ALT, **ROWS),
    *with_another_std(ALT, "axis=0"),
    edit(ALT, "one_over_n_by_precedence", "1 / N * std stands for 1 / (N * std): the product is taken after the division.",
         ("gamma / (N * std)", "gamma / N * std"), loses={GRADIENT}),
    edit(ALT, "not_divided_by_n", "dx is not divided by N.", ("gamma / (N * std)", "gamma / std"), loses={GRADIENT}),
    edit(ALT, "sums_for_means", "the sums over the batch are not divided by N.",
         ("gamma / (N * std)", "gamma / std"), ("(N * dout - dbeta", "(dout - dbeta"), loses={GRADIENT}),
    edit(ALT, "not_divided_by_std", "dx is not divided by the standard deviation.", ("gamma / (N * std)", "gamma / N"), loses={GRADIENT}),
    edit(ALT, "last_term_without_x_hat", "the last term lacks its x_hat.", (" - x_hat * dgamma)", " - dgamma)"), loses={GRADIENT}),
    edit(ALT, "dout_without_n", "dout stands without its factor N.", ("(N * dout - dbeta", "(dout - dbeta"), loses={GRADIENT}),
    edit(ALT, "mean_and_variance_held_constant", "the mean and the variance are taken for constants.",
         (DX_ALT, "dx = gamma / std * dout"), loses={GRADIENT}),
    edit(ALT, "path_through_the_mean_left_out", "the path through the mean is left out.", (" - dbeta - ", " - "), loses={GRADIENT}),
    edit(ALT, "path_through_the_variance_left_out", "the path through the variance is left out.",
         (" - x_hat * dgamma)", ")"), loses={GRADIENT}),
    edit(ALT, "sign_of_the_variance", "the gradient that goes through the variance has the wrong sign.",
         (" - x_hat * dgamma)", " + x_hat * dgamma)"), loses={GRADIENT}),
    edit(ALT, "without_gamma", "dx leaves out gamma.", ("gamma / (N * std)", "1 / (N * std)"), loses={GRADIENT}),
    edit(ALT, "divided_by_features", "N is taken for the number of features, not for the size of the batch.",
         ("N = dout.shape[0]", "N = dout.shape[1]"), loses={GRADIENT}),
    edit(ALT, "variance_without_its_axis", "the gradient of the variance is summed over everything: np.sum has no axis.",
         (" - x_hat * dgamma)", " - x_hat * np.sum(dout * x_hat))"), loses={GRADIENT}),
    edit(ALT, "centred_x_for_x_hat", "the last term has the centred x where x_hat is due.",
         (" - x_hat * dgamma)", " - x_hat * std * dgamma)"), loses={GRADIENT}),
    edit(ALT, "divided_by_the_variance", "dx is divided by the variance, not by its square root.",
         ("gamma / (N * std)", "gamma / (N * std**2)"), loses={GRADIENT}),
)  # fmt: skip


# ---------------------------------------------------------------------------------------------------------- identity_parameters

IDENTITY, GAMMA = "identity_parameters", "gamma = np.sqrt(np.var(x, axis=0) + eps)"
RETURN_PAIR = "return gamma, beta"

identity = (
    edit(IDENTITY, "no_eps", "gamma leaves out eps, as on the slide, where the normalization has none.",
         (GAMMA, "gamma = np.sqrt(np.var(x, axis=0))")),
    edit(IDENTITY, "eps_outside_the_root", "eps is added outside the square root.", (GAMMA, "gamma = np.sqrt(np.var(x, axis=0)) + eps")),
    edit(IDENTITY, "no_root", "gamma is the variance; the square root is forgotten.", (GAMMA, "gamma = np.var(x, axis=0) + eps")),
    edit(IDENTITY, "inverse", "gamma is 1 / sqrt(var + eps): it divides once more instead of undoing the division.",
         (GAMMA, "gamma = 1 / np.sqrt(np.var(x, axis=0) + eps)")),
    edit(IDENTITY, "unbiased_variance", "the variance divides by N - 1; the normalization divides by N.",
         (GAMMA, "gamma = np.sqrt(np.var(x, axis=0, ddof=min(1, len(x) - 1)) + eps)")),
    edit(IDENTITY, "minus_the_mean", "beta is minus the mean: it subtracts once more instead of undoing the subtraction.",
         (RETURN_PAIR, "return gamma, -beta")),
    edit(IDENTITY, "beta_over_std", "beta is the mean divided by the standard deviation.", (RETURN_PAIR, "return gamma, beta / gamma")),
    edit(IDENTITY, "exchanged", "gamma and beta are returned in each other's place.",
         (RETURN_PAIR, "return beta, gamma"), loses=FORWARD_ALL),
    edit(IDENTITY, "one_for_all", "there is one gamma and one beta for the whole batch, not one for each feature.",
         (RETURN_PAIR, "return np.sqrt(np.var(x) + eps), np.mean(x)"), loses=FORWARD_ALL),
    edit(IDENTITY, "two_axes", "gamma and beta have shape (1, D), because keepdims is on.",
         (RETURN_PAIR, "return gamma[np.newaxis], beta[np.newaxis]"), loses={SHAPE}),
    edit(IDENTITY, "float64", "gamma is returned in float64, whatever the dtype of x.",
         (RETURN_PAIR, "return gamma.astype(np.float64), beta"), loses={DTYPE}),
    edit(IDENTITY, "x_centred_in_place", "x itself is centred, in place.",
         (RETURN_PAIR, "x -= beta\n    return gamma, beta"), loses={PURITY}),
    edit(IDENTITY, "mean_of_squares_less_square_of_mean",
         "the variance is computed as mean(x**2) - mean(x)**2, which comes out below 0 for large, nearly equal values.",
         (GAMMA, "gamma = np.sqrt(np.mean(x**2, axis=0) - np.mean(x, axis=0) ** 2 + eps)"), loses={STABILITY}),
    edit(IDENTITY, "gamma_alone", "gamma is returned alone, without beta.", (RETURN_PAIR, "return gamma"), loses=FORWARD_ALL),
)  # fmt: skip
