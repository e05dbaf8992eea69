"""Known mistakes of spatial batch norm."""

from __future__ import annotations

from grader.checks import edit, rewrite

from .batchnorm import BACKWARD_ALL, DTYPE, FORWARD_ALL, GRADIENT, PURITY, RETURN, SHAPE, STABILITY, VALUE, shared_by

SPATIAL, SPATIAL_BACKWARD = "spatial_batchnorm_forward", "spatial_batchnorm_backward"
ROWS_OF = "x.transpose(0, 2, 3, 1).reshape(N * H * W, C)"
BACK = "out_rows.reshape(N, H, W, C).transpose(0, 3, 1, 2)"
CALL = "batchnorm_forward(rows, gamma, beta, bn_param)"
DOUT_ROWS, DX_BACK = "dout.transpose(0, 2, 3, 1).reshape(N * H * W, C)", "dx_rows.reshape(N, H, W, C).transpose(0, 3, 1, 2)"
RETURN_OUT = "return out, cache"

OVER_AXES = """
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    C, eps, momentum = x.shape[1], bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    if bn_param["mode"] == "test":
        mean, var = bn_param["running_mean"][:, None, None], bn_param["running_var"][:, None, None]
    else:
        mean, var = np.mean(x, axis=AXES, keepdims=True), VARIANCE
        for key, new in (("running_mean", mean), ("running_var", var)):
            old = bn_param.get(key, np.zeros_like(x[0, :, 0, 0]))
            bn_param[key] = momentum * old + (1 - momentum) * REDUCED
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    out = gamma[:, None, None] * x_hat + beta[:, None, None]
    return out, (x_hat.transpose(0, 2, 3, 1).reshape(-1, C), std.ravel(), gamma)
"""


def over_axes(axes: str, *, variance: str = "np.var(x, axis=AXES, keepdims=True)", reduced: str = "new.mean(axis=(0, 2, 3))") -> str:
    """Spatial batch norm without a reshape, its statistics taken over `axes`."""
    return OVER_AXES.replace("VARIANCE", variance).replace("REDUCED", reduced).replace("AXES", axes)


spatial = (
    rewrite(SPATIAL, "statistics_per_pixel", "the mean and the variance are taken over the batch for every pixel, not for every channel.",
            over_axes("0")),
    edit(SPATIAL, "reshape_without_transpose", "x is reshaped to (N * H * W, C) without moving the channels to the end, which mixes them.",
         (ROWS_OF, "x.reshape(N * H * W, C)"), (BACK, "out_rows.reshape(N, C, H, W)"), loses=FORWARD_ALL),
    edit(SPATIAL, "not_transposed_back", "the output is reshaped to (N, C, H, W) without moving the channels back.",
         (BACK, "out_rows.reshape(N, C, H, W)")),
    edit(SPATIAL, "not_transposed_forth", "x is reshaped without moving the channels to the end; only the output is transposed.",
         (ROWS_OF, "x.reshape(N * H * W, C)"), loses=FORWARD_ALL),
    edit(SPATIAL, "height_and_width_exchanged", "height and width have changed places in the output.",
         (BACK, "out_rows.reshape(N, H, W, C).transpose(0, 3, 2, 1)"), loses={VALUE, SHAPE}),
    edit(SPATIAL, "channels_left_last", "the channels are left at the end of the output.",
         (BACK, "out_rows.reshape(N, H, W, C)"), loses={VALUE, SHAPE}),
    rewrite(SPATIAL, "statistics_of_each_example", "every example is standardized by itself, not the batch as a whole.",
            over_axes("(2, 3)")),
    rewrite(SPATIAL, "one_mean_for_all_channels", "there is one mean and one variance for all channels.", over_axes("(0, 1, 2, 3)")),
    rewrite(SPATIAL, "unbiased_variance", "the variance divides by N * H * W - 1; here it divides by N * H * W.",
            over_axes("(0, 2, 3)", variance="np.var(x, axis=AXES, keepdims=True, ddof=1)")),
    edit(SPATIAL, "momentum_weighs_the_new_value", "momentum weighs the batch, not the old value; here it is the other way round.",
         (CALL, 'batchnorm_forward(rows, gamma, beta, swapped := bn_param | {"momentum": 1 - bn_param.get("momentum", 0.9)})\n'
          '    bn_param.update({key: swapped[key] for key in swapped if key[:7] == "running"})')),
    rewrite(SPATIAL, "running_statistics_have_four_axes", "the running statistics have shape (1, C, 1, 1), because keepdims is on.",
            over_axes("(0, 2, 3)", reduced="new").replace("* old", "* old.reshape(1, C, 1, 1)"), loses={SHAPE}),
    rewrite(SPATIAL, "mean_of_squares_less_square_of_mean",
            "the variance is computed as mean(x**2) - mean(x)**2, which comes out below 0 for large, nearly equal values.",
            over_axes("(0, 2, 3)", variance="np.mean(x**2, axis=AXES, keepdims=True) - np.mean(x, axis=AXES, keepdims=True) ** 2"),
            loses={STABILITY}),
    edit(SPATIAL, "running_statistics_in_a_copy", "bn_param keeps its old running statistics: they are not updated, or in a copy alone.",
         (CALL, "batchnorm_forward(rows, gamma, beta, dict(bn_param))"), loses={VALUE, SHAPE}),
    edit(SPATIAL, "always_in_training", "the mode is not looked at: test mode uses the statistics of the batch.",
         (CALL, 'batchnorm_forward(rows, gamma, beta, bn_param | {"mode": "train"}) if bn_param["mode"] == "test" else ' + CALL)),
    edit(SPATIAL, "eps_is_always_the_default", "eps is 1e-5, whatever bn_param says.",
         (CALL, CALL + '\n    if bn_param.get("eps"):\n        eps, bn_param["eps"] = bn_param["eps"], 1e-5\n'
          "        out_rows, cache = batchnorm_forward(rows, gamma, beta, dict(bn_param))\n        bn_param[\"eps\"] = eps")),
    edit(SPATIAL, "eps_outside_the_root_at_test_time", "eps is added outside the square root in test mode.",
         (CALL, CALL + '\n    if bn_param["mode"] == "test":\n'
          '        running_std = np.sqrt(bn_param["running_var"]) + bn_param.get("eps", 1e-5)\n'
          '        out_rows = gamma * (rows - bn_param["running_mean"]) / running_std + beta')),
    edit(SPATIAL, "no_eps_at_test_time", "eps is forgotten in test mode.",
         (CALL, CALL + '\n    if bn_param["mode"] == "test":\n        running_std = np.sqrt(bn_param["running_var"])\n'
          '        out_rows = gamma * (rows - bn_param["running_mean"]) / running_std + beta')),
    edit(SPATIAL, "neither_gamma_nor_beta_at_test_time", "gamma and beta are not applied in test mode.",
         (CALL, CALL + '\n    if bn_param["mode"] == "test":\n        out_rows = (out_rows - beta) / gamma')),
    edit(SPATIAL, "x_shifted_in_place", "x itself is centred, in place.",
         (RETURN_OUT, f"x -= np.mean(x, axis=(0, 2, 3), keepdims=True)\n    {RETURN_OUT}"), loses={PURITY}),
    edit(SPATIAL, "an_axis_too_many", "the output has an axis too many.", (RETURN_OUT, "return out[np.newaxis], cache"), loses={SHAPE}),
    edit(SPATIAL, "float64", "the output is computed in float64 and returned so, whatever the dtype of x.",
         (RETURN_OUT, "return out.astype(np.float64), cache"), loses={DTYPE}),
    edit(SPATIAL, "no_cache", "the output is returned alone, without a cache.", (RETURN_OUT, "return out"), loses=FORWARD_ALL),
)  # fmt: skip

spatial_backward = (
    *shared_by(SPATIAL_BACKWARD, overwritten="cache[0][...] *= cache[1]", scaled="dout *= 2", shape="[np.newaxis]",
               shape_says="dgamma and dbeta have shape (1, C), because keepdims is on."),
    edit(SPATIAL_BACKWARD, "reshape_without_transpose", "dout is reshaped without moving the channels to the end, which mixes them.",
         (DOUT_ROWS, "dout.reshape(N * H * W, C)"), (DX_BACK, "dx_rows.reshape(N, C, H, W)"), loses=BACKWARD_ALL),
    edit(SPATIAL_BACKWARD, "not_transposed_back", "dx is reshaped to (N, C, H, W) without moving the channels back.",
         (DX_BACK, "dx_rows.reshape(N, C, H, W)"), loses={GRADIENT}),
    edit(SPATIAL_BACKWARD, "not_transposed_forth", "dout is reshaped without moving the channels to the end; only dx is transposed.",
         (DOUT_ROWS, "dout.reshape(N * H * W, C)"), loses=BACKWARD_ALL),
    edit(SPATIAL_BACKWARD, "height_and_width_exchanged", "height and width have changed places in dx.",
         (DX_BACK, "dx_rows.reshape(N, H, W, C).transpose(0, 3, 2, 1)"), loses={GRADIENT, SHAPE}),
    edit(SPATIAL_BACKWARD, "means_over_the_batch_alone", "the means are over the batch alone, and not over height and width.",
         ("return dx", "x_hat = cache[0].reshape(N, H, W, C).transpose(0, 3, 1, 2)\n"
          "    dx = dout - np.mean(dout, axis=0) - x_hat * np.mean(dout * x_hat, axis=0)\n"
          "    dx = dx * (cache[2] / cache[1])[:, None, None]\n    return dx"), loses={GRADIENT}),
    edit(SPATIAL_BACKWARD, "divided_by_the_batch_alone", "the sums over a channel are divided by N, not by N * H * W.",
         ("return dx", "x_hat = cache[0].reshape(N, H, W, C).transpose(0, 3, 1, 2)\n"
          "    dx = dout - (dbeta[:, None, None] + x_hat * dgamma[:, None, None]) / N\n"
          "    dx = dx * (cache[2] / cache[1])[:, None, None]\n    return dx"), loses={GRADIENT}),
    edit(SPATIAL_BACKWARD, "without_gamma", "dx leaves out gamma.",
         ("batchnorm_backward(dout_rows, cache)", "batchnorm_backward(dout_rows, (*cache[:2], np.ones_like(cache[2])))"), loses={GRADIENT}),
    edit(SPATIAL_BACKWARD, "mean_and_variance_held_constant", "the mean and the variance are taken for constants.",
         ("return dx", "dx = dout * (cache[2] / cache[1])[:, None, None]\n    return dx"), loses={GRADIENT}),
    edit(SPATIAL_BACKWARD, "summed_over_the_batch_alone", "dgamma and dbeta are summed over the batch, and not over height and width.",
         (RETURN, "x_hat = cache[0].reshape(N, H, W, C).transpose(0, 3, 1, 2)\n"
          "    return dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)"), loses={GRADIENT, SHAPE}),
    edit(SPATIAL_BACKWARD, "no_eps", "the backward pass forgets eps.",
         ("batchnorm_backward(dout_rows, cache)",
          "batchnorm_backward(dout_rows, (cache[0], cache[1] * np.sqrt(np.mean(cache[0] ** 2, axis=0)), cache[2]))"), loses={GRADIENT}),
)  # fmt: skip
