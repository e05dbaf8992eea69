"""Known mistakes of spatial batch norm."""

from __future__ import annotations

from grader.checks import Mistake, edit, rewrite

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


def in_training(name: str, explanation: str, std: str) -> Mistake:
    """Declare another divisor in training."""
    var, eps = "var = np.var(rows, axis=0)", 'eps = bn_param.get("eps", 1e-5)'
    made = f"        {var}\n        {eps}\n        out_rows = gamma * (rows - np.mean(rows, axis=0)) / ({std}) + beta"
    return edit(SPATIAL, name, explanation, (CALL, f'{CALL}\n    if bn_param["mode"] == "train":\n{made}'))


spatial = (
    rewrite(SPATIAL, "statistics_per_pixel",
            "every pixel has a mean and a variance of its own, over the batch; there should be one for each channel.",
            over_axes("0")),
    edit(SPATIAL, "reshape_without_transpose", "x is reshaped to (N * H * W, C) without moving the channels to the end, which mixes them.",
         (ROWS_OF, "x.reshape(N * H * W, C)"), (BACK, "out_rows.reshape(N, C, H, W)"), loses=FORWARD_ALL),
    edit(SPATIAL, "not_transposed_back", "the output is reshaped to (N, C, H, W) without moving the channels back.",
         (BACK, "out_rows.reshape(N, C, H, W)")),
    edit(SPATIAL, "not_transposed_forth", "x is reshaped without moving the channels to the end; only the output is transposed.",
         (ROWS_OF, "x.reshape(N * H * W, C)"), loses=FORWARD_ALL),
    edit(SPATIAL, "height_and_width_exchanged", "height and width are swapped in the output.",
         (BACK, "out_rows.reshape(N, H, W, C).transpose(0, 3, 2, 1)"), loses={VALUE, SHAPE}),
    edit(SPATIAL, "channels_left_last", "the channels are left at the end of the output.",
         (BACK, "out_rows.reshape(N, H, W, C)"), loses={VALUE, SHAPE}),
    rewrite(SPATIAL, "statistics_of_each_example",
            "every example is standardized on its own; the statistics should be over the whole batch.",
            over_axes("(2, 3)")),
    rewrite(SPATIAL, "one_mean_for_all_channels",
            "there is one mean and one variance for all channels; there should be one for each channel.", over_axes("(0, 1, 2, 3)")),
    rewrite(SPATIAL, "unbiased_variance", "the variance divides by N * H * W - 1; it should divide by N * H * W.",
            over_axes("(0, 2, 3)", variance="np.var(x, axis=AXES, keepdims=True, ddof=1)")),
    edit(SPATIAL, "momentum_weighs_the_new_value", "momentum multiplies the batch statistics; it should multiply the old value.",
         (CALL, 'batchnorm_forward(rows, gamma, beta, swapped := bn_param | {"momentum": 1 - bn_param.get("momentum", 0.9)})\n'
          '    bn_param.update({key: swapped[key] for key in swapped if key[:7] == "running"})')),
    rewrite(SPATIAL, "running_statistics_have_four_axes",
            "the running statistics have the shape (1, C, 1, 1), as with keepdims=True; it should be (C,).",
            over_axes("(0, 2, 3)", reduced="new").replace("* old", "* old.reshape(1, C, 1, 1)"), loses={SHAPE}),
    rewrite(SPATIAL, "mean_of_squares_less_square_of_mean",
            "the variance is computed as mean(x**2) - mean(x)**2, which rounding can make negative for large, nearly equal values.",
            over_axes("(0, 2, 3)", variance="np.mean(x**2, axis=AXES, keepdims=True) - np.mean(x, axis=AXES, keepdims=True) ** 2"),
            loses={STABILITY}),
    edit(SPATIAL, "running_statistics_in_a_copy",
         "bn_param keeps its old running statistics: they are not updated, or only in a copy of it.",
         (CALL, "batchnorm_forward(rows, gamma, beta, dict(bn_param))"), loses={VALUE, SHAPE}),
    edit(SPATIAL, "always_in_training", "mode is ignored: test mode uses the statistics of the batch.",
         (CALL, 'batchnorm_forward(rows, gamma, beta, bn_param | {"mode": "train"}) if bn_param["mode"] == "test" else ' + CALL)),
    edit(SPATIAL, "eps_is_always_the_default", "eps is 1e-5, whatever bn_param says.",
         (CALL, CALL + '\n    if bn_param.get("eps"):\n        eps, bn_param["eps"] = bn_param["eps"], 1e-5\n'
          "        out_rows, cache = batchnorm_forward(rows, gamma, beta, dict(bn_param))\n        bn_param[\"eps\"] = eps")),
    edit(SPATIAL, "eps_outside_the_root_at_test_time", "eps is added outside the square root in test mode.",
         (CALL, CALL + '\n    if bn_param["mode"] == "test":\n'
          '        running_std = np.sqrt(bn_param["running_var"]) + bn_param.get("eps", 1e-5)\n'
          '        out_rows = gamma * (rows - bn_param["running_mean"]) / running_std + beta')),
    in_training("eps_outside_the_root", "eps is added outside the square root in training.", "np.sqrt(var) + eps"),
    in_training("no_eps", "eps is forgotten in training.", "np.sqrt(var)"),
    in_training("divided_by_the_variance", "x - mean is divided by var + eps; it should be divided by the square root of that.",
                "var + eps"),
    edit(SPATIAL, "no_eps_at_test_time", "eps is forgotten in test mode.",
         (CALL, CALL + '\n    if bn_param["mode"] == "test":\n        running_std = np.sqrt(bn_param["running_var"])\n'
          '        out_rows = gamma * (rows - bn_param["running_mean"]) / running_std + beta')),
    edit(SPATIAL, "neither_gamma_nor_beta_at_test_time", "gamma and beta are not applied in test mode.",
         (CALL, CALL + '\n    if bn_param["mode"] == "test":\n        out_rows = (out_rows - beta) / gamma')),
    edit(SPATIAL, "x_shifted_in_place", "the mean is subtracted from x itself, in place.",
         (RETURN_OUT, f"x -= np.mean(x, axis=(0, 2, 3), keepdims=True)\n    {RETURN_OUT}"), loses={PURITY}),
    edit(SPATIAL, "an_axis_too_many", "out has an extra axis of size 1; it should have the shape of x.",
         (RETURN_OUT, "return out[np.newaxis], cache"), loses={SHAPE}),
    edit(SPATIAL, "float64", "out is float64, whatever the dtype of x is.",
         (RETURN_OUT, "return out.astype(np.float64), cache"), loses={DTYPE}),
    edit(SPATIAL, "no_cache", "only the output is returned, without a cache.", (RETURN_OUT, "return out"), loses=FORWARD_ALL),
)  # fmt: skip


def of_dx(name: str, explanation: str, dx: str) -> Mistake:
    """Declare another dx, before it is multiplied by gamma and divided by the standard deviation."""
    means = "mean, mean_of_products = (np.mean(one, axis=(0, 2, 3), keepdims=True) for one in (dout, dout * x_hat))"
    made = f"{MAPS}    {means}\n    dx = ({dx}) * (cache[2] / cache[1])[:, None, None]\n    return dx"
    return edit(SPATIAL_BACKWARD, name, explanation, ("return dx", made), loses={GRADIENT})


MAPS = "x_hat = cache[0].reshape(N, H, W, C).transpose(0, 3, 1, 2)\n"

spatial_backward = (
    *shared_by(SPATIAL_BACKWARD, overwritten="cache[0][...] *= cache[1]", scaled="dout *= 2", shape="[np.newaxis]",
               shape_says="dgamma and dbeta have the shape (1, C), as with keepdims=True; it should be (C,)."),
    edit(SPATIAL_BACKWARD, "reshape_without_transpose", "dout is reshaped without moving the channels to the end, which mixes them.",
         (DOUT_ROWS, "dout.reshape(N * H * W, C)"), (DX_BACK, "dx_rows.reshape(N, C, H, W)"), loses=BACKWARD_ALL),
    edit(SPATIAL_BACKWARD, "not_transposed_back", "dx is reshaped to (N, C, H, W) without moving the channels back.",
         (DX_BACK, "dx_rows.reshape(N, C, H, W)"), loses={GRADIENT}),
    edit(SPATIAL_BACKWARD, "not_transposed_forth", "dout is reshaped without moving the channels to the end; only dx is transposed.",
         (DOUT_ROWS, "dout.reshape(N * H * W, C)"), loses=BACKWARD_ALL),
    edit(SPATIAL_BACKWARD, "height_and_width_exchanged", "height and width are swapped in dx.",
         (DX_BACK, "dx_rows.reshape(N, H, W, C).transpose(0, 3, 2, 1)"), loses={GRADIENT, SHAPE}),
    edit(SPATIAL_BACKWARD, "means_over_the_batch_alone", "the means are only over the batch, not over height and width.",
         ("return dx", "x_hat = cache[0].reshape(N, H, W, C).transpose(0, 3, 1, 2)\n"
          "    dx = dout - np.mean(dout, axis=0) - x_hat * np.mean(dout * x_hat, axis=0)\n"
          "    dx = dx * (cache[2] / cache[1])[:, None, None]\n    return dx"), loses={GRADIENT}),
    edit(SPATIAL_BACKWARD, "divided_by_the_batch_alone", "the sums over a channel are divided by N; they should be divided by N * H * W.",
         ("return dx", "x_hat = cache[0].reshape(N, H, W, C).transpose(0, 3, 1, 2)\n"
          "    dx = dout - (dbeta[:, None, None] + x_hat * dgamma[:, None, None]) / N\n"
          "    dx = dx * (cache[2] / cache[1])[:, None, None]\n    return dx"), loses={GRADIENT}),
    of_dx("path_through_the_mean_left_out", "the path through the mean is left out.", "dout - x_hat * mean_of_products"),
    of_dx("path_through_the_variance_left_out", "the path through the variance is left out.", "dout - mean"),
    of_dx("sums_for_means", "the sums over a channel are not divided by N * H * W.",
          "dout - N * H * W * (mean + x_hat * mean_of_products)"),
    of_dx("divided_by_the_positions_alone", "the sums over a channel are divided by H * W; they should be divided by N * H * W.",
          "dout - N * (mean + x_hat * mean_of_products)"),
    of_dx("sign_of_the_variance", "the gradient that goes through the variance has the wrong sign.",
          "dout - mean + x_hat * mean_of_products"),
    edit(SPATIAL_BACKWARD, "without_gamma", "dx leaves out gamma.",
         ("batchnorm_backward(dout_rows, cache)", "batchnorm_backward(dout_rows, (*cache[:2], np.ones_like(cache[2])))"), loses={GRADIENT}),
    edit(SPATIAL_BACKWARD, "mean_and_variance_held_constant", "the mean and the variance are treated as constants.",
         ("return dx", "dx = dout * (cache[2] / cache[1])[:, None, None]\n    return dx"), loses={GRADIENT}),
    edit(SPATIAL_BACKWARD, "summed_over_the_batch_alone", "dgamma and dbeta are summed only over the batch, not over height and width.",
         (RETURN, "x_hat = cache[0].reshape(N, H, W, C).transpose(0, 3, 1, 2)\n"
          "    return dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)"), loses={GRADIENT, SHAPE}),
    edit(SPATIAL_BACKWARD, "no_eps", "the backward pass forgets eps.",
         ("batchnorm_backward(dout_rows, cache)",
          "batchnorm_backward(dout_rows, (cache[0], cache[1] * np.sqrt(np.mean(cache[0] ** 2, axis=0)), cache[2]))"), loses={GRADIENT}),
)  # fmt: skip
