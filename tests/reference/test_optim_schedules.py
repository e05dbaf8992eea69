import importlib.util
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import signal

from reference import optim as reference

ROOT = Path(__file__).parents[2]
VARIANTS = sorted((ROOT / "reference" / "variants").glob("optim_*.py"))
SCHEDULES = ["step_decay", "exponential_decay", "inverse_time_decay", "cosine_restarts", "cyclic_lr"]
STRICT = {"over": "raise", "invalid": "raise", "divide": "raise"}


def load(path):
    spec = importlib.util.spec_from_file_location(f"loaded_{path.parent.name}_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=[ROOT / "reference" / "optim.py", *VARIANTS], ids=lambda path: path.stem)
def module(request):
    return load(request.param)


def test_step_decay_halves_the_rate_every_other_epoch(module):
    rates = [module.step_decay(0.8, epoch, 0.5, 2) for epoch in range(7)]

    assert_allclose(rates, [0.8, 0.8, 0.4, 0.4, 0.2, 0.2, 0.1], rtol=1e-14)


@given(st.integers(0, 100), st.floats(0.1, 1), st.integers(1, 20))
def test_one_more_stretch_of_epochs_is_one_more_drop(epoch, drop, every):
    before, after = (reference.step_decay(0.3, epoch + more, drop, every) for more in (0, every))

    assert_allclose(after, drop * before, rtol=1e-12)


def test_exponential_decay_has_a_half_life(module):
    k = math.log(2) / 3  # halves in three epochs

    rates = [module.exponential_decay(0.8, epoch, k) for epoch in (0, 3, 6, 9)]

    assert_allclose(rates, [0.8, 0.4, 0.2, 0.1], rtol=1e-13)


def test_exponential_decay_ends_at_nothing_without_a_floating_point_error(module):
    with np.errstate(**STRICT):
        rate = module.exponential_decay(0.1, 10_000, 2.5)

    assert rate == 0


def test_inverse_time_decay_adds_a_constant_to_the_inverse(module):
    rates = np.array([module.inverse_time_decay(0.8, epoch, 0.25) for epoch in range(9)])

    assert_allclose(rates[[0, 4]], [0.8, 0.4], rtol=1e-14)
    assert_allclose(np.diff(1 / rates), np.full(8, 0.25 / 0.8), rtol=1e-12)


def test_a_cosine_falls_from_one_bound_to_the_other(module):
    rates = [module.cosine_restarts(0.2, 1.0, step, 6, 2) for step in range(6)]

    # cos 0, 30, 60 ... degrees are 1, sqrt(3)/2, 1/2, 0 and so on
    root = math.sqrt(3) / 2
    assert_allclose(rates, 0.6 + 0.4 * np.array([1, root, 0.5, 0, -0.5, -root]), rtol=1e-13)


@pytest.mark.parametrize(("period", "mult", "restarts"), [(3, 2, [0, 3, 9, 21]), (2, 3, [0, 2, 8, 26]), (5, 1, [0, 5, 10, 15, 20, 25])])
def test_it_starts_again_after_each_period_and_nowhere_else(module, period, mult, restarts):
    rates = np.array([module.cosine_restarts(0.1, 0.9, step, period, mult) for step in range(30)])

    assert_array_equal(np.flatnonzero(rates > 0.9 - 1e-12), restarts)


def test_a_period_of_one_step_has_no_time_to_fall(module):
    rates = [module.cosine_restarts(0.1, 0.9, step, 1, 1) for step in range(5)]

    assert_allclose(rates, [0.9] * 5, rtol=1e-14)


@given(st.integers(0, 199), st.integers(1, 4))
def test_a_period_is_the_first_one_stretched(t, number):
    start = 200 * (2**number - 1)

    stretched = reference.cosine_restarts(0.1, 0.9, start + t * 2**number, 200, 2)

    assert_allclose(stretched, reference.cosine_restarts(0.1, 0.9, t, 200, 2), rtol=1e-12)


@pytest.mark.parametrize("half_period", [1, 2, 7])
def test_cyclic_rates_are_a_triangular_wave(module, half_period):
    steps = np.arange(6 * half_period)

    rates = [module.cyclic_lr(0.1, 0.9, int(step), half_period) for step in steps]

    wave = signal.sawtooth(np.pi * steps / half_period, width=0.5)  # from -1 to 1 and back
    assert_allclose(rates, 0.5 + 0.4 * wave, rtol=1e-12, atol=1e-12)


def test_the_first_cycle_is_that_of_the_stub(module):
    rates = [module.cyclic_lr(1.0, 3.0, step, 2) for step in range(6)]

    assert_allclose(rates, [1, 2, 3, 2, 1, 2], rtol=1e-14)


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_variant_has_the_rates_of_the_reference(module, name):
    arguments = {
        "step_decay": lambda at: (0.3, at, 0.7, 4),
        "exponential_decay": lambda at: (0.3, at, 0.07),
        "inverse_time_decay": lambda at: (0.3, at, 0.7),
        "cosine_restarts": lambda at: (0.02, 0.3, at, 4, 3),
        "cyclic_lr": lambda at: (0.02, 0.3, at, 5),
    }[name]

    for at in range(60):
        rate = getattr(module, name)(*arguments(at))

        assert np.ndim(rate) == 0
        assert_allclose(rate, getattr(reference, name)(*arguments(at)), rtol=1e-9)
