"""Known mistakes of layer norm and of group norm, which leave the batch alone."""

from __future__ import annotations

from grader.checks import Mistake, edit

from .batchnorm import DBETA, DGAMMA, DTYPE, FORWARD_ALL, GRADIENT, PURITY, ROWS, SHAPE, STABILITY, STD, shared_by, with_another_std

LAYER, LAYER_BACKWARD, GROUP, GROUP_BACKWARD = (
    "layernorm_forward", "layernorm_backward", "spatial_groupnorm_forward", "spatial_groupnorm_backward",
)  # fmt: skip
ONE_OUT = "out = gamma * x_hat + beta"


def of_one_example(function: str, x: str, axes: str) -> tuple[Mistake, ...]:
    """The mistakes that layer and group norm are both open to in their forward pass."""
    var = f"var = np.var({x}, axis={axes}, keepdims=True)"
    center = "x -= np.mean(x, axis=tuple(range(1, x.ndim)), keepdims=True)"
    return (
        edit(function, "eps_outside_the_root", "eps is added outside the square root.", (STD, "std = np.sqrt(var) + eps")),
        edit(function, "no_eps", "eps is forgotten.", (STD, "std = np.sqrt(var)")),
        edit(function, "eps_is_always_the_default", "eps is 1e-5, whatever the parameters say.", ('get("eps", 1e-5)', 'get("", 1e-5)')),
        edit(function, "divided_by_the_variance", "the centred x is divided by the variance, not by its square root.",
             (STD, "std = var + eps"),
             loses=FORWARD_ALL),
        edit(function, "unbiased_variance", "the variance divides by one less than the number of values.",
             (var, var.replace("keepdims", "ddof=1, keepdims")), loses=FORWARD_ALL),
        edit(function, "neither_gamma_nor_beta", "gamma and beta are not applied.", (ONE_OUT, "out = x_hat"), loses=FORWARD_ALL),
        edit(function, "no_beta", "beta is not added.", (ONE_OUT, "out = gamma * x_hat"), loses=FORWARD_ALL),
        edit(function, "gamma_scales_beta", "gamma multiplies beta, too: out is gamma * (x_hat + beta).",
             (ONE_OUT, "out = gamma * (x_hat + beta)"), loses=FORWARD_ALL),
        edit(function, "x_centred_in_place", "x itself is centred, in place.", (ONE_OUT, f"{ONE_OUT}\n    {center}"), loses={PURITY}),
        edit(function, "an_axis_too_many", "the output has an axis too many.",
             (ONE_OUT, "out = (gamma * x_hat + beta)[np.newaxis]"), loses={SHAPE}),
        edit(function, "float64", "the output is computed in float64 and returned so, whatever the dtype of x.",
             (ONE_OUT, "out = gamma * x_hat.astype(np.float64) + beta"), loses={DTYPE}),
        edit(function, "mean_of_squares_less_square_of_mean",
             "the variance is computed as mean(x**2) - mean(x)**2, which comes out below 0 for large, nearly equal values.",
             (var, f"var = np.mean({x}**2, axis={axes}, keepdims=True) - mean**2"), loses={STABILITY}),
    )  # fmt: skip


layer = (
    *of_one_example(LAYER, "x", "1"),
    edit(LAYER, "statistics_over_the_batch", "the mean and the variance are taken over the batch, as in batch normalization.",
         ("np.mean(x, axis=1", "np.mean(x, axis=0"), ("np.var(x, axis=1", "np.var(x, axis=0"), loses=FORWARD_ALL),
    edit(LAYER, "one_mean_for_all", "there is one mean and one variance for the whole batch.",
         ("np.mean(x, axis=1", "np.mean(x, axis=None"), ("np.var(x, axis=1", "np.var(x, axis=None"), loses=FORWARD_ALL),
    edit(LAYER, "gamma_and_beta_by_example", "gamma and beta are applied along the batch where it is as long as the features.",
         (ONE_OUT, "out = gamma[:, None] * x_hat + beta[:, None] if len(x) == len(gamma) else gamma * x_hat + beta")),
    edit(LAYER, "no_cache", "the output is returned alone, without a cache.",
         ("return out, (x_hat, std, gamma)", "return out"), loses=FORWARD_ALL),
)  # fmt: skip

layer_backward = (
    *shared_by(LAYER_BACKWARD, **ROWS),
    *with_another_std(LAYER_BACKWARD, "axis=1, keepdims=True"),
    edit(LAYER_BACKWARD, "summed_over_features", "dgamma and dbeta are summed over the features of an example; every feature has its own.",
         (DGAMMA, "dgamma = np.sum(dout * x_hat, axis=1)"), (DBETA, "dbeta = np.sum(dout, axis=1)"), loses={GRADIENT, SHAPE}),
    edit(LAYER_BACKWARD, "averaged_over_the_batch", "dx averages over the batch, as in batch normalization; here it is over features.",
         ("np.mean(dx_hat, axis=1", "np.mean(dx_hat, axis=0"),
         ("np.mean(dx_hat * x_hat, axis=1", "np.mean(dx_hat * x_hat, axis=0"), loses={GRADIENT}),
    edit(LAYER_BACKWARD, "gamma_after_the_averages", "gamma is applied after the averages over features; it comes before them.",
         ("dx_hat = dout * gamma", "dx_hat = dout"), ("dx = (", "dx = gamma * ("), loses={GRADIENT}),
    edit(LAYER_BACKWARD, "without_gamma", "dx leaves out gamma.", ("dx_hat = dout * gamma", "dx_hat = dout"), loses={GRADIENT}),
    edit(LAYER_BACKWARD, "mean_and_variance_held_constant", "the mean and the variance are taken for constants.",
         ("(dx_hat - mean_dx_hat - x_hat * mean_dx_hat_x_hat)", "dx_hat"), loses={GRADIENT}),
    edit(LAYER_BACKWARD, "path_through_the_mean_left_out", "the path through the mean is left out.",
         ("dx_hat - mean_dx_hat - x", "dx_hat - x"), loses={GRADIENT}),
    edit(LAYER_BACKWARD, "path_through_the_variance_left_out", "the path through the variance is left out.",
         (" - x_hat * mean_dx_hat_x_hat", ""), loses={GRADIENT}),
    edit(LAYER_BACKWARD, "divided_by_the_batch", "the sums over the features are divided by N, the size of the batch, not by D.",
         ("dx = (dx_hat - mean_dx_hat - x_hat * mean_dx_hat_x_hat)",
          "dx = (dx_hat - (mean_dx_hat + x_hat * mean_dx_hat_x_hat) * dout.shape[1] / dout.shape[0])"), loses={GRADIENT}),
)  # fmt: skip

SPLIT = "x.reshape(N, G, C // G, H, W)"
UNPACK_GROUP = "x_hat, std, gamma, G = cache"

group = (
    *of_one_example(GROUP, "groups", "(2, 3, 4)"),
    edit(GROUP, "every_gth_channel", "a group is every G-th channel; here it is C / G consecutive ones.",
         (SPLIT, "x.reshape(N, C // G, G, H, W).swapaxes(1, 2)"),
         ("((groups - mean) / std).reshape", "((groups - mean) / std).swapaxes(1, 2).reshape")),
    edit(GROUP, "g_channels_in_a_group", "a group has G channels; there are to be G groups of C / G channels.",
         (SPLIT, "x.reshape(N, C // G, G, H, W)"), loses=FORWARD_ALL),
    edit(GROUP, "one_group", "G is not looked at: the statistics are over all channels of an example, as in layer normalization.",
         ("np.mean(groups, axis=(2, 3, 4)", "np.mean(groups, axis=(1, 2, 3, 4)"),
         ("np.var(groups, axis=(2, 3, 4)", "np.var(groups, axis=(1, 2, 3, 4)"), loses=FORWARD_ALL),
    edit(GROUP, "each_channel_by_itself", "G is not looked at: every channel is standardized by itself.",
         ("np.mean(groups, axis=(2, 3, 4)", "np.mean(groups, axis=(3, 4)"),
         ("np.var(groups, axis=(2, 3, 4)", "np.var(groups, axis=(3, 4)"), loses=FORWARD_ALL),
    edit(GROUP, "each_pixel_by_itself", "the statistics are over the channels of a group, for every pixel by itself.",
         ("np.mean(groups, axis=(2, 3, 4)", "np.mean(groups, axis=2"),
         ("np.var(groups, axis=(2, 3, 4)", "np.var(groups, axis=2"), loses=FORWARD_ALL),
    edit(GROUP, "statistics_over_the_batch", "the statistics are over the batch, too; here every example is standardized by itself.",
         ("np.mean(groups, axis=(2, 3, 4)", "np.mean(groups, axis=(0, 2, 3, 4)"),
         ("np.var(groups, axis=(2, 3, 4)", "np.var(groups, axis=(0, 2, 3, 4)"), loses=FORWARD_ALL),
    edit(GROUP, "no_cache", "the output is returned alone, without a cache.",
         ("return out, (x_hat, std, gamma, G)", "return out"), loses=FORWARD_ALL),
)  # fmt: skip

group_backward = (
    *shared_by(GROUP_BACKWARD, overwritten="x_hat *= gamma", scaled="dout *= gamma", shape="[0, :, 0, 0]",
               shape_says="dgamma and dbeta have shape (C,); gamma and beta have shape (1, C, 1, 1), and so have their gradients."),
    edit(GROUP_BACKWARD, "summed_for_each_example", "dgamma and dbeta are not summed over the batch.",
         ("np.sum(dout, axis=(0, 2, 3)", "np.sum(dout, axis=(2, 3)"),
         ("np.sum(dout * x_hat, axis=(0, 2, 3)", "np.sum(dout * x_hat, axis=(2, 3)"),
         loses={GRADIENT, SHAPE}),
    edit(GROUP_BACKWARD, "summed_over_the_batch_alone", "dgamma and dbeta are summed over the batch, and not over height and width.",
         ("np.sum(dout, axis=(0, 2, 3)", "np.sum(dout, axis=0"),
         ("np.sum(dout * x_hat, axis=(0, 2, 3)", "np.sum(dout * x_hat, axis=0"),
         loses={GRADIENT, SHAPE}),
    edit(GROUP_BACKWARD, "gamma_after_the_averages", "gamma is applied after the averages; it differs within a group, so it comes first.",
         ("(dout * gamma).reshape", "dout.reshape"),
         ("dx_groups.reshape(N, C, H, W)", "gamma * dx_groups.reshape(N, C, H, W)"), loses={GRADIENT}),
    edit(GROUP_BACKWARD, "without_gamma", "dx leaves out gamma.", ("(dout * gamma).reshape", "dout.reshape"), loses={GRADIENT}),
    edit(GROUP_BACKWARD, "one_group", "dx averages over all channels of an example, not over those of a group.",
         ("np.mean(dx_hat, axis=(2, 3, 4)", "np.mean(dx_hat, axis=(1, 2, 3, 4)"),
         ("np.mean(dx_hat * x_hat_groups, axis=(2, 3, 4)", "np.mean(dx_hat * x_hat_groups, axis=(1, 2, 3, 4)"), loses={GRADIENT}),
    edit(GROUP_BACKWARD, "averages_over_the_batch", "dx averages over the batch, too; every example has its own mean and variance.",
         ("np.mean(dx_hat, axis=(2, 3, 4)", "np.mean(dx_hat, axis=(0, 2, 3, 4)"),
         ("np.mean(dx_hat * x_hat_groups, axis=(2, 3, 4)", "np.mean(dx_hat * x_hat_groups, axis=(0, 2, 3, 4)"), loses={GRADIENT}),
    edit(GROUP_BACKWARD, "each_channel_by_itself", "dx averages over one channel, not over those of a group.",
         ("np.mean(dx_hat, axis=(2, 3, 4)", "np.mean(dx_hat, axis=(3, 4)"),
         ("np.mean(dx_hat * x_hat_groups, axis=(2, 3, 4)", "np.mean(dx_hat * x_hat_groups, axis=(3, 4)"), loses={GRADIENT}),
    edit(GROUP_BACKWARD, "mean_and_variance_held_constant", "the mean and the variance are taken for constants.",
         ("(dx_hat - mean_dx_hat - x_hat_groups * mean_dx_hat_x_hat)", "dx_hat"), loses={GRADIENT}),
    edit(GROUP_BACKWARD, "path_through_the_mean_left_out", "the path through the mean is left out.",
         ("dx_hat - mean_dx_hat - x", "dx_hat - x"), loses={GRADIENT}),
    edit(GROUP_BACKWARD, "path_through_the_variance_left_out", "the path through the variance is left out.",
         (" - x_hat_groups * mean_dx_hat_x_hat", ""), loses={GRADIENT}),
    edit(GROUP_BACKWARD, "no_eps", "the backward pass forgets eps.",
         ("mean_dx_hat_x_hat) / std", "mean_dx_hat_x_hat) / (std * np.sqrt(np.mean(x_hat_groups**2, axis=(2, 3, 4), keepdims=True)))"),
         loses={GRADIENT}),
    edit(GROUP_BACKWARD, "another_eps", "the backward pass uses an eps of 1e-5, whatever the forward pass was given.",
         ("mean_dx_hat_x_hat) / std",
          "mean_dx_hat_x_hat) / np.sqrt(std**2 * np.mean(x_hat_groups**2, axis=(2, 3, 4), keepdims=True) + 1e-5)"), loses={GRADIENT}),
)  # fmt: skip
