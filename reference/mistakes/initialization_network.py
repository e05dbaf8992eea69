"""Known mistakes of the initialization of a whole network."""

from __future__ import annotations

from grader.checks import Kind, edit

from .initialization import STATISTICS

EVERY_LAYER = "for n_in, n_out in pairwise(layer_sizes):"
ZERO_BIAS = "b = np.zeros(n_out)"
NETWORK = (
    edit("initialize_network", "biases_of_relu", "the biases start at 0.01, as in relu_bias.", (ZERO_BIAS, "b = np.full(n_out, 0.01)")),
    edit(
        "initialize_network",
        "biases_of_the_inputs",
        "there is one bias per input of a layer; there should be one per output.",
        (ZERO_BIAS, "b = np.zeros(n_in)"),
        loses={Kind.VALUE, Kind.SHAPE},
    ),
    edit("initialize_network", "biases_at_one", "the biases start at a number other than 0.", (ZERO_BIAS, "b = np.ones(n_out)")),
    edit("initialize_network", "random_biases", "the biases are random too.", (ZERO_BIAS, "b = 0.01 * rng.standard_normal(n_out)")),
    edit(
        "initialize_network",
        "sizes_swapped",
        "n_in and n_out of every layer are swapped.",
        (EVERY_LAYER, "for n_out, n_in in pairwise(layer_sizes):"),
        loses={Kind.VALUE, Kind.STATISTICS, Kind.SHAPE},
    ),
    edit(
        "initialize_network",
        "output_layer_forgotten",
        "the weights into the last layer are missing.",
        (EVERY_LAYER, "for n_in, n_out in pairwise(layer_sizes[:-1]):"),
        loses={Kind.VALUE, Kind.STATISTICS, Kind.SHAPE, Kind.DTYPE, Kind.PURITY},
    ),
    edit(
        "initialize_network",
        "input_left_out",
        "layer_sizes is read as if it left out the input: one layer too many is put before the first.",
        (EVERY_LAYER, "for n_in, n_out in pairwise([layer_sizes[0], *layer_sizes]):"),
        loses={Kind.VALUE, Kind.STATISTICS, Kind.SHAPE, Kind.DTYPE, Kind.PURITY},
    ),
    edit(
        "initialize_network",
        "scheme_ignored",
        "the scheme is always 'xavier_normal'.",
        ("_weight_drawers(rng).get(scheme)", "_weight_drawers(rng).get('xavier_normal')"),
        loses={Kind.VALUE, Kind.STATISTICS},
    ),
    edit(
        "initialize_network",
        "large_numbers",
        "'scaled_normal_init' draws with the standard deviation 1; it should be 0.01.",
        ("W = draw(n_in, n_out)", "W = draw(n_in, n_out) * (100 if scheme == 'scaled_normal_init' else 1)"),
        loses=STATISTICS,
    ),
    edit(
        "initialize_network",
        "uniform_schemes_are_normal",
        "the uniform schemes draw from the normal ones.",
        ("_weight_drawers(rng).get(scheme)", "_weight_drawers(rng).get(scheme.replace('uniform', 'normal'))"),
        loses=STATISTICS,
    ),
    edit(
        "initialize_network",
        "same_draws_in_every_layer",
        "every layer makes a generator with the same seed, so that layers of the same shape are equal.",
        ("W = draw(n_in, n_out)", "W = _weight_drawers(np.random.default_rng(0))[scheme](n_in, n_out)"),
        loses=STATISTICS,
    ),
    edit(
        "initialize_network",
        "shared_by_shape",
        "layers of the same shape have the same weights; every layer should have draws of its own.",
        (
            "W = draw(n_in, n_out)",
            "W = next((W for W, _ in layers if W.shape == (n_in, n_out)), None)\n        W = draw(n_in, n_out) if W is None else W",
        ),
        loses=STATISTICS,
    ),
    edit(
        "initialize_network",
        "another_generator",
        "the weights are drawn from a new generator; draw them from rng.",
        ("_weight_drawers(rng).get(scheme)", "_weight_drawers(np.random.default_rng()).get(scheme)"),
        loses=STATISTICS,
    ),
    edit(
        "initialize_network",
        "bias_rows",
        "b has the shape (1, n_out); it should be (n_out,).",
        (ZERO_BIAS, "b = np.zeros((1, n_out))"),
        loses={Kind.SHAPE},
    ),
    edit(
        "initialize_network",
        "single_precision",
        "the biases are float32.",
        ("zeros(n_out)", "zeros(n_out, np.float32)"),
        loses={Kind.DTYPE},
    ),
    edit(
        "initialize_network",
        "sizes_used_up",
        "the sizes are removed from the list layer_sizes, which belongs to the caller.",
        (EVERY_LAYER, "while len(layer_sizes) > 1:\n        n_in, n_out = layer_sizes.pop(0), layer_sizes[0]"),
        loses={Kind.PURITY},
    ),
)
