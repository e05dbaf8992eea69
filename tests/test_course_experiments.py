"""The experiments of the default course show what the notes show, and show where a student's functions go wrong."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import time
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grader.catalog import load_course, load_reference

FOLDER = Path(__file__).parent.parent / "experiments"
SPECS = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
PARTS = [(name, part["name"]) for name, spec in SPECS.items() for part in spec["parts"]]
IDS = [f"{name}-{part}" for name, part in PARTS]

# A difference of this share of what the axis spans is seen at a glance.
VISIBLE = 0.08


@cache
def reference() -> dict[str, Callable[..., Any]]:
    """Every function of the course, by name."""
    course = load_course()
    return {f.name: getattr(load_reference(course, exercise), f.name) for exercise in course.exercises for f in exercise.functions}


@cache
def module(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(f"course_experiments_{name}", FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def needs(name: str, part: str) -> list[str]:
    return next(entry["needs"] for entry in SPECS[name]["parts"] if entry["name"] == part)


def data(name: str) -> dict[str, np.ndarray]:
    if "data" not in SPECS[name]:
        return {}
    with np.load(FOLDER / SPECS[name]["data"], allow_pickle=False) as archive:
        return dict(archive)


def run(name: str, part: str, **replaced: Callable[..., Any]) -> dict[str, np.ndarray]:
    """One part with nothing but the functions that it says it needs, some of them replaced."""
    functions = SimpleNamespace(**{function: replaced.get(function, reference()[function]) for function in needs(name, part)})
    return module(name).run(part, functions, data(name))


@cache
def right(name: str, part: str) -> dict[str, np.ndarray]:
    return run(name, part)


def seen(ours: np.ndarray, theirs: np.ndarray) -> bool:
    """Whether two arrays of a panel differ by enough to be told apart, or one of them has gaps."""
    if not np.isfinite(theirs).all():
        return True
    span = np.ptp(np.concatenate([ours.ravel(), theirs.ravel(), [0.0]]))
    return bool(np.abs(ours - theirs).max() > VISIBLE * span)


def not_a_number(value: Any) -> Any:
    """The same structure with NaN for every real number in it."""
    if isinstance(value, tuple | list):
        return type(value)(not_a_number(entry) for entry in value)
    if isinstance(value, dict):
        return {key: not_a_number(entry) for key, entry in value.items()}
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return np.full_like(value, np.nan)
    return float("nan") if isinstance(value, float | np.floating) else value


# ------------------------------------------------------------------------------------------------------- every experiment


def test_the_course_has_the_six_experiments_of_the_notes():
    assert set(SPECS) == {
        "initialization", "depth_with_batchnorm", "training_with_batchnorm", "saturation", "dropout_scaling", "pretraining",
    }  # fmt: skip
    assert {path.stem for path in FOLDER.glob("*.py")} == set(SPECS)


@pytest.mark.parametrize(("name", "part"), PARTS, ids=IDS)
def test_a_part_is_quick_small_and_the_same_every_time(name, part):
    first = right(name, part)
    began = time.perf_counter()

    second = run(name, part)

    assert time.perf_counter() - began < 3
    assert {key: value.tobytes() for key, value in first.items()} == {key: value.tobytes() for key, value in second.items()}
    assert sum(value.size for value in first.values()) <= 20_000
    assert {value.dtype for value in first.values()} <= {np.dtype(np.float64), np.dtype(np.int64)}
    assert all(np.isfinite(value).all() for value in first.values())


@pytest.mark.parametrize(("name", "part"), PARTS, ids=IDS)
def test_functions_that_give_nan_leave_keys_and_shapes_as_they_are(name, part):
    def broken(function: str) -> Callable[..., Any]:
        return lambda *args, **kwargs: not_a_number(reference()[function](*args, **kwargs))

    result = run(name, part, **{function: broken(function) for function in needs(name, part)})

    assert {key: (value.shape, value.dtype) for key, value in result.items()} == {
        key: (value.shape, value.dtype) for key, value in right(name, part).items()
    }


@pytest.mark.parametrize(("name", "part"), PARTS, ids=IDS)
def test_a_part_calls_every_function_that_it_needs(name, part):
    called = set()

    def recorded(function: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            called.add(function)
            return reference()[function](*args, **kwargs)

        return call

    run(name, part, **{function: recorded(function) for function in needs(name, part)})

    assert called == set(needs(name, part))


@pytest.mark.parametrize("name", SPECS)
def test_panels_draw_every_part_from_arrays_that_are_there(name):
    drawn = [(panel, series) for panel in SPECS[name]["panels"] for series in panel["series"]]

    for panel, series in drawn:
        arrays = right(name, series["part"])
        value, x = arrays[series["key"]], arrays[series["x_key"]]
        if panel["kind"] == "histogram":
            assert value.shape == (len(arrays[series["row_key"]]), len(x) - 1)
        else:
            assert value.shape == x.shape
        assert not panel.get("log_y") or (value > 0).all()

    assert {series["part"] for _, series in drawn} == {part["name"] for part in SPECS[name]["parts"]}


@pytest.mark.parametrize("name", SPECS)
def test_an_experiment_defines_no_function_of_an_exercise(name):
    tree = ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8"))
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    attributes = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}

    # NumPy's own functions from which an answer is one line away.
    answers = {"np.exp", "np.tanh", "np.maximum", "np.sqrt", "np.var", "rng.normal", "rng.random", "np.random.rand", "np.log"}
    assert not defined & set(reference())
    assert not attributes & answers


@pytest.mark.parametrize(
    "function", ["batchnorm_forward", "dropout_forward", "dropout_forward_unscaled", "ensemble_average", "train_autoencoder"]
)
def test_some_picture_needs_no_other_function_than_this_one(function):
    assert any(needs(name, part) == [function] for name, part in PARTS)


def test_the_digits_are_those_that_their_page_describes():
    page = (FOLDER / "digits.md").read_text(encoding="utf-8")
    archive = (FOLDER / "digits.npz").read_bytes()

    digits = data("saturation")

    assert hashlib.sha256(archive).hexdigest() in page
    assert len(archive) < 80_000
    assert digits["images"].shape == (1797, 64)
    assert digits["images"].max() == 16
    # How often each digit is in the test set, as its UCI page counts them.
    assert np.bincount(digits["labels"]).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


# ---------------------------------------------------------------------------------------------------- 1: initialization


def test_small_weights_let_tanh_fade_and_xavier_keeps_it():
    small, xavier = right("initialization", "tanh_small")["std"], right("initialization", "tanh_xavier")["std"]

    assert small[-1] < 1e-3 * small[0]
    assert xavier[-1] > xavier[0] / 3


def test_large_weights_push_activations_to_the_limits():
    share = right("initialization", "sigmoid_large")["share"]
    told = right("initialization", "told_large")["saturated"]

    # Two of thirty bins; evenly spread activations would have a fifteenth there.
    assert (share[:, 0] + share[:, -1] > 0.6).all()
    assert (told > 0.8).all()


def test_relu_fades_under_xavier_and_keeps_its_size_under_he():
    xavier, he = right("initialization", "relu_xavier")["std"], right("initialization", "relu_he")["std"]

    assert xavier[-1] < 0.1 * xavier[0]
    assert 0.7 < he[-1] / he[0] < 1.4


def test_activation_statistics_tells_what_the_layers_themselves_show():
    for scheme in ("small", "large", "xavier", "he"):
        told, watched = right("initialization", f"told_{scheme}"), right("initialization", f"tanh_{scheme}")

        np.testing.assert_allclose(told["std"], watched["std"], rtol=1e-9)


@pytest.mark.parametrize(
    ("part", "function", "wrong"),
    [
        ("tanh_xavier", "xavier_normal", lambda a, b, rng: 2 / (a + b) * rng.standard_normal((a, b))),  # the variance as the deviation
        ("relu_he", "he_normal", lambda a, b, rng: np.sqrt(1 / a) * rng.standard_normal((a, b))),  # LeCun's
        ("relu_he", "he_normal", lambda a, b, rng: np.sqrt(2 / b) * rng.standard_normal((a, b))),  # the units after, not before
        ("tanh_small", "scaled_normal_init", lambda a, b, std, rng: np.sqrt(std) * rng.standard_normal((a, b))),  # std as a variance
        ("tanh_xavier", "tanh_forward", lambda x: (2 * reference()["sigmoid_forward"](x)[0] - 1, None)),  # half as steep
    ],
)
def test_a_wrong_start_is_seen(part, function, wrong):
    ours, theirs = right("initialization", part), run("initialization", part, **{function: wrong})

    assert seen(np.log10(ours["std"]), np.log10(theirs["std"]))


# ----------------------------------------------------------------------------------------------- 2: depth and batch norm


def test_batchnorm_gives_small_and_large_weights_the_same_activations():
    small, large = right("depth_with_batchnorm", "small_normalized"), right("depth_with_batchnorm", "large_normalized")

    np.testing.assert_allclose(small["std"], large["std"], rtol=0.01)
    assert not seen(small["share"], large["share"])


def test_without_batchnorm_small_weights_fade_and_large_ones_saturate():
    small, large = right("depth_with_batchnorm", "small_plain"), right("depth_with_batchnorm", "large_plain")

    assert small["std"][-1] < 1e-3 * small["std"][0]
    assert (large["share"][:, 0] + large["share"][:, -1] > 0.7).all()


def test_normalized_sums_have_unit_size_and_inference_agrees_with_training():
    inference = right("depth_with_batchnorm", "inference")

    # Unit variance, up to eps = 1e-5 beside a variance of at least 0.02^2 / 3 * 200 = 0.027.
    np.testing.assert_allclose(right("depth_with_batchnorm", "small_sums")["std"], 1, rtol=1e-3)
    # The spread of gamma * x_hat is gamma.
    np.testing.assert_allclose(inference["train"], [0.5, 2, 1, 3, 1.5], rtol=1e-2)
    np.testing.assert_allclose(inference["test"], inference["train"], rtol=0.1)


def forgets_gamma_at_inference(x, gamma, beta, bn_param):
    ones = np.ones_like(gamma) if bn_param["mode"] == "test" else gamma
    return reference()["batchnorm_forward"](x, ones, beta, bn_param)


def keeps_the_deviation_for_inference(x, gamma, beta, bn_param):
    if bn_param["mode"] == "test":
        return gamma * (x - bn_param["running_mean"]) / bn_param["running_var"] + beta, None
    return reference()["batchnorm_forward"](x, gamma, beta, bn_param)


def never_updates_the_running_statistics(x, gamma, beta, bn_param):
    copy = {"running_mean": np.zeros(x.shape[1]), "running_var": np.zeros(x.shape[1]), **bn_param}
    return reference()["batchnorm_forward"](x, gamma, beta, copy)


@pytest.mark.parametrize("wrong", [forgets_gamma_at_inference, keeps_the_deviation_for_inference, never_updates_the_running_statistics])
def test_wrong_inference_of_batchnorm_is_seen(wrong):
    theirs = run("depth_with_batchnorm", "inference", batchnorm_forward=wrong)

    assert seen(right("depth_with_batchnorm", "inference")["test"], theirs["test"])


# -------------------------------------------------------------------------------------------- 3: training and batch norm


def test_digits_are_learned_sooner_with_batchnorm():
    plain, normalized = right("training_with_batchnorm", "plain"), right("training_with_batchnorm", "normalized")

    # The sentence that goes with the picture: four out of five after 30 steps, and after about 200.
    assert plain["step"][np.argmax(normalized["accuracy"] > 0.8)] == 30
    assert 150 < plain["step"][np.argmax(plain["accuracy"] > 0.8)] < 250
    assert normalized["loss"][-1] < plain["loss"][-1] / 2
    assert plain["accuracy"][-1] > 0.8


def sums_the_gradient(x, y):
    loss, dx = reference()["softmax_loss"](x, y)
    return loss, dx * len(y)


@pytest.mark.parametrize(
    ("function", "wrong"),
    [
        ("batchnorm_forward", never_updates_the_running_statistics),
        ("batchnorm_backward", lambda dout, cache: tuple(-g for g in reference()["batchnorm_backward"](dout, cache))),
        ("sigmoid_backward", lambda dout, cache: dout),
        ("softmax_loss", sums_the_gradient),
        ("sgd", lambda w, dw, config: (w + config["learning_rate"] * dw, config)),
    ],
)
def test_wrong_training_is_seen(function, wrong):
    ours, theirs = right("training_with_batchnorm", "normalized"), run("training_with_batchnorm", "normalized", **{function: wrong})

    assert seen(ours["accuracy"], theirs["accuracy"]) or seen(ours["loss"], theirs["loss"])


# -------------------------------------------------------------------------------------------------------- 4: saturation


def test_no_gradient_passes_far_from_zero():
    sigmoid, tanh, relu = (right("saturation", f"slope_{name}")["slope"] for name in ("sigmoid", "tanh", "relu"))

    assert sigmoid.max() == pytest.approx(0.25)  # the slope of the sigmoid at 0
    assert tanh.max() == pytest.approx(1)
    assert max(sigmoid[0], sigmoid[-1], tanh[0], tanh[-1], relu[0]) < 1e-3
    assert relu[-1] == 1


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh"])
def test_more_units_are_stuck_at_large_learning_rates(activation):
    shown = right("saturation", f"trained_{activation}")

    assert shown["stuck"][shown["power"] <= 0].max() <= 0.05
    assert shown["stuck"][-1] > 0.9
    assert shown["loss"][-1] > 2 > shown["loss"].min()


@pytest.mark.parametrize(
    ("part", "key", "function", "wrong"),
    [
        ("slope_relu", "slope", "relu_backward", lambda dout, cache: np.maximum(dout, 0)),  # the sign of dout
        ("slope_tanh", "slope", "tanh_backward", lambda dout, cache: dout),
        ("trained_relu", "stuck", "dead_units", lambda h: (h == 0).any(axis=0)),  # 0 for some example, not for all
        ("trained_sigmoid", "stuck", "saturated_fraction", lambda h, kind, tol=1e-2: float(np.mean(h > 1 - tol))),  # one end only
        ("trained_relu", "loss", "sgd", lambda w, dw, config: (w - 0.01 * dw, config)),  # the default, whatever was asked for
    ],
)
def test_a_wrong_look_at_stuck_units_is_seen(part, key, function, wrong):
    ours, theirs = right("saturation", part), run("saturation", part, **{function: wrong})

    assert seen(ours[key], theirs[key])


# ----------------------------------------------------------------------------------------------------------- 5: dropout


def test_training_and_inference_agree_with_either_scale_and_disagree_with_none():
    inverted, unscaled, unmatched = (right("dropout_scaling", name) for name in ("inverted", "unscaled", "unmatched"))
    p = inverted["keep"]

    # E[mask] = p. The mean of 4000 sums of 10 nearly equal inputs is off by about sqrt((1 - p) / (p * 40000)) of itself: 1.5 % at p = 0.1.
    np.testing.assert_allclose(inverted["train"], 1, rtol=0.05)
    np.testing.assert_allclose(inverted["test"], 1)
    np.testing.assert_allclose(unscaled["train"], p, rtol=0.05)
    np.testing.assert_allclose(unscaled["test"], p)
    np.testing.assert_allclose(right("dropout_scaling", "ensemble")["average"], p)
    assert unmatched["test"][1] - unmatched["train"][1] > 0.7


def drops_p(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, None
    p = 1 - dropout_param["p"] if dropout_param["p"] < 1 else 1.0
    return reference()["dropout_forward"](x, {**dropout_param, "p": p})


def never_scales(x, dropout_param):
    return x if dropout_param["mode"] == "test" else reference()["dropout_forward_unscaled"](x, dropout_param)[0], None


def scales_twice(x, dropout_param):
    out = reference()["dropout_forward"](x, dropout_param)[0]
    return out * dropout_param["p"] if dropout_param["mode"] == "test" else out, None


def shares_a_mask_by_columns(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, None
    mask = np.random.default_rng(dropout_param["seed"]).random((x.shape[0], 1)) < dropout_param["p"]
    return x * mask / dropout_param["p"], None


@pytest.mark.parametrize("wrong", [drops_p, never_scales, scales_twice, shares_a_mask_by_columns])
def test_wrong_dropout_is_seen(wrong):
    ours, theirs = right("dropout_scaling", "inverted"), run("dropout_scaling", "inverted", dropout_forward=wrong)

    assert any(seen(ours[key], theirs[key]) for key in ("train", "test", "kept", "share"))


def test_another_right_dropout_looks_the_same():
    def other(x, dropout_param):
        if dropout_param["mode"] == "test":
            return x, None
        return x * np.random.default_rng(7 + dropout_param["seed"]).binomial(1, dropout_param["p"], x.shape) / dropout_param["p"], None

    ours, theirs = right("dropout_scaling", "inverted"), run("dropout_scaling", "inverted", dropout_forward=other)

    assert not any(seen(ours[key], theirs[key]) for key in ("train", "test", "kept", "share"))


# ------------------------------------------------------------------------------------------------------- 6: pre-training


def test_pretrained_layers_leave_the_plateau_on_which_a_random_start_stays():
    random, pretrained = right("pretraining", "random"), right("pretraining", "pretrained")

    # Guessing the share of each of ten digits has the loss 1 - sum of shares^2 = 0.9.
    np.testing.assert_allclose(random["loss"][10:], 0.9, atol=0.02)
    assert (pretrained["final"] < random["final"] - 0.2).all()


def test_the_autoencoder_of_the_first_layer_learns():
    losses = right("pretraining", "autoencoder")["loss"]

    assert losses[-1] < losses[1] / 2


def untrained(x, hidden_sizes, lr, steps, rng):
    return reference()["greedy_pretrain"](x, hidden_sizes, lr, 0, rng)


def frozen(x, y, layers, head, lr, steps):
    """Moves the head alone: one layer of codes goes in as the data."""
    h = x
    for W, b in layers:
        h = reference()["sigmoid_forward"](h @ W + b)[0]
    return layers, head, reference()["fine_tune"](h, y, [], head, lr, steps)[2]


def climbing(x, y, layers, head, lr, steps):
    return reference()["fine_tune"](x, y, layers, head, -lr / 100, steps)


@pytest.mark.parametrize(("function", "wrong"), [("greedy_pretrain", untrained), ("fine_tune", frozen), ("fine_tune", climbing)])
def test_wrong_pretraining_is_seen(function, wrong):
    ours, theirs = right("pretraining", "pretrained"), run("pretraining", "pretrained", **{function: wrong})

    assert seen(ours["final"], theirs["final"])
