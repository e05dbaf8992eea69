import copy
import importlib.util
import inspect
import math
from pathlib import Path

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import special

from reference import rnn as reference
from reference.checks import rnn_training as training

ROOT = Path(__file__).parents[2]
VARIANTS = sorted((ROOT / "reference" / "variants").glob("rnn_*.py"))
FUNCTIONS = ["rnn_step_forward", "rnn_step_backward", "rnn_forward", "rnn_backward", "unfold"]
STRICT = {"over": "raise", "invalid": "raise", "divide": "raise"}


def load(path):
    spec = importlib.util.spec_from_file_location(f"loaded_{path.parent.name}_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=[None, *VARIANTS], ids=lambda path: "reference" if path is None else path.stem)
def module(request):
    return reference if request.param is None else load(request.param)


@pytest.fixture
def stub():
    return load(ROOT / "exercises" / "rnn.py")


def draw_step(N=3, D=4, H=5, seed=0, dtype=np.float64, size=1.0):
    """``x, prev_h, Wx, Wh, b, dnext_h``; only the inputs grow with `size`."""
    rng = np.random.default_rng(seed)
    arrays = [size * rng.uniform(-1, 1, (N, D)), rng.uniform(-1, 1, (N, H)), rng.standard_normal((D, H)) / math.sqrt(D)]
    arrays += [rng.standard_normal((H, H)) / math.sqrt(H), rng.standard_normal(H), rng.standard_normal((N, H))]
    return [array.astype(dtype) for array in arrays]


def draw_sequence(N=3, T=4, D=2, H=5, seed=0, dtype=np.float64, size=1.0):
    """``x, h0, Wx, Wh, b, dh``."""
    rng = np.random.default_rng(seed + 100)
    _, *others, _ = draw_step(N, D, H, seed)
    arrays = [size * rng.uniform(-1, 1, (N, T, D)), *others, rng.standard_normal((N, T, H))]
    return [array.astype(dtype) for array in arrays]


def run_step(module, dtype, size):
    *arguments, dnext_h = draw_step(dtype=dtype, size=size)
    next_h, cache = module.rnn_step_forward(*arguments)
    return [next_h, *module.rnn_step_backward(dnext_h, cache)]


def run_sequence(module, dtype, size):
    *arguments, dh = draw_sequence(dtype=dtype, size=size)
    h, cache = module.rnn_forward(*arguments)
    return [h, *module.rnn_backward(dh, cache)]


def run_unfold(module, dtype, size):
    x, h0, *_ = draw_sequence(dtype=dtype, size=size)
    keep = np.asarray(0.5, dtype)
    return module.unfold(lambda s, x: keep * s + x[0, 0], h0, list(x))


RUNS = [run_step, run_sequence, run_unfold]


def with_autograd(loss, arguments):
    return [grad(loss, position)(*arguments) for position in range(len(arguments))]


# ------------------------------------------------------------------------------------------------------------------- one step


def test_a_step_is_the_tanh_of_a_weighted_sum(module):
    # -0.1 from the input, 0.4 from the state, 0.1 from the bias
    x, prev_h, Wx, Wh, b = (np.array(value) for value in ([[1.0, 2.0]], [[0.5]], [[0.3], [-0.2]], [[0.8]], [0.1]))

    next_h, _ = module.rnn_step_forward(x, prev_h, Wx, Wh, b)

    assert_allclose(next_h, [[math.tanh(0.4)]], rtol=1e-15)


def test_a_step_agrees_with_a_logistic_function_of_twice_the_sum():
    x, prev_h, Wx, Wh, b, _ = draw_step()

    next_h, _ = reference.rnn_step_forward(x, prev_h, Wx, Wh, b)

    both, W = np.hstack([x, prev_h]), np.vstack([Wx, Wh])
    assert_allclose(next_h, 2 * special.expit(2 * (both @ W + b)) - 1, rtol=1e-12)


def test_rows_of_the_state_weights_belong_to_the_previous_state(module):
    # Wh sends unit 0 to unit 1 and nothing anywhere else.
    Wh = np.array([[0.0, 1.0], [0.0, 0.0]])

    next_h, _ = module.rnn_step_forward(np.zeros((1, 1)), np.array([[0.5, 0.0]]), np.zeros((1, 2)), Wh, np.zeros(2))

    assert_allclose(next_h, [[0.0, math.tanh(0.5)]], rtol=1e-15)


@pytest.mark.parametrize("shape", [(3, 4, 5), (4, 4, 4), (1, 2, 3), (5, 1, 1)])
def test_step_gradients_are_those_of_autograd(shape):
    *arguments, dnext_h = draw_step(*shape)

    def loss(x, prev_h, Wx, Wh, b):
        return anp.sum(dnext_h * anp.tanh(anp.dot(x, Wx) + anp.dot(prev_h, Wh) + b))

    gradients = reference.rnn_step_backward(dnext_h, reference.rnn_step_forward(*arguments)[1])

    for gradient, expected in zip(gradients, with_autograd(loss, arguments), strict=True):
        assert gradient.shape == expected.shape
        assert_allclose(gradient, expected, rtol=1e-11, atol=1e-13)


# ------------------------------------------------------------------------------------------------------------------ sequences


def test_two_steps_by_hand(module):
    # The second input is 0: tanh(0.5 * 1) and then tanh(2 * tanh(0.5)).
    x, h0, Wx, Wh, b = (np.array(value) for value in ([[[1.0], [0.0]]], [[0.0]], [[0.5]], [[2.0]], [0.0]))

    h, _ = module.rnn_forward(x, h0, Wx, Wh, b)

    assert_allclose(h, [[[math.tanh(0.5)], [math.tanh(2 * math.tanh(0.5))]]], rtol=1e-14)


def test_a_sequence_is_its_beginning_and_then_its_end(module):
    x, h0, *parameters, _ = draw_sequence(T=6)

    whole, _ = module.rnn_forward(x, h0, *parameters)
    beginning, _ = module.rnn_forward(x[:, :2], h0, *parameters)
    end, _ = module.rnn_forward(x[:, 2:], beginning[:, -1], *parameters)

    assert_allclose(whole, np.concatenate([beginning, end], axis=1), rtol=1e-14)


def test_a_state_depends_on_no_later_input(module):
    x, h0, *parameters, _ = draw_sequence()
    changed = x.copy()
    changed[:, 2] += 1.0

    before, _ = module.rnn_forward(x, h0, *parameters)
    after, _ = module.rnn_forward(changed, h0, *parameters)

    assert_array_equal(before[:, :2], after[:, :2])
    assert np.all(np.abs(before[:, 2:] - after[:, 2:]).max(axis=(0, 2)) > 1e-3)


def test_an_example_is_treated_alike_in_any_company(module):
    x, h0, *parameters, _ = draw_sequence(N=4)

    together, _ = module.rnn_forward(x, h0, *parameters)
    alone, _ = module.rnn_forward(x[2:3], h0[2:3], *parameters)

    assert_allclose(together[2:3], alone, rtol=1e-13)


def sequence_loss(dh):
    def loss(x, h0, Wx, Wh, b):
        total, h = 0.0, h0
        for t in range(dh.shape[1]):
            h = anp.tanh(anp.dot(x[:, t], Wx) + anp.dot(h, Wh) + b)
            total = total + anp.sum(dh[:, t] * h)
        return total

    return loss


@pytest.mark.parametrize("shape", [(3, 4, 2, 5), (3, 3, 3, 3), (1, 7, 2, 3), (2, 1, 3, 2), (4, 2, 1, 1)])
def test_sequence_gradients_are_those_of_autograd(shape):
    *arguments, dh = draw_sequence(*shape)

    gradients = reference.rnn_backward(dh, reference.rnn_forward(*arguments)[1])

    for gradient, expected in zip(gradients, with_autograd(sequence_loss(dh), arguments), strict=True):
        assert gradient.shape == expected.shape
        assert_allclose(gradient, expected, rtol=1e-10, atol=1e-12)


def test_a_loss_at_the_last_step_reaches_the_first_input(module):
    # Along the chain a2 = 2 tanh(a1), a1 = 0.5 x: dL/dx = (1 - h2^2) * 2 * (1 - h1^2) * 0.5 for L = h2.
    x, h0, Wx, Wh, b = (np.array(value) for value in ([[[1.0], [0.0]]], [[0.0]], [[0.5]], [[2.0]], [0.0]))
    h1 = math.tanh(0.5)
    h2 = math.tanh(2 * h1)

    _, cache = module.rnn_forward(x, h0, Wx, Wh, b)
    dx, dh0, dWx, _, db = module.rnn_backward(np.array([[[0.0], [1.0]]]), cache)

    assert_allclose(dx[0, 0, 0], (1 - h2**2) * (1 - h1**2), rtol=1e-12)
    assert_allclose(dh0, [[4 * (1 - h2**2) * (1 - h1**2)]], rtol=1e-12)
    assert_allclose(dWx, [[2 * (1 - h2**2) * (1 - h1**2)]], rtol=1e-12)
    assert_allclose(db, [(1 - h2**2) * (1 + 2 * (1 - h1**2))], rtol=1e-12)


@given(seed=st.integers(0, 2**32 - 1), scale=st.floats(-3, 3))
def test_the_backward_pass_is_linear_in_the_upstream_gradient(seed, scale):
    *arguments, dh = draw_sequence(seed=seed)
    other = np.random.default_rng(seed).standard_normal(dh.shape)
    _, cache = reference.rnn_forward(*arguments)

    of_sum = reference.rnn_backward(dh + scale * other, cache)
    first, second = reference.rnn_backward(dh, cache), reference.rnn_backward(other, cache)

    for whole, a, b in zip(of_sum, first, second, strict=True):
        assert_allclose(whole, a + scale * b, rtol=1e-9, atol=1e-10)


# --------------------------------------------------------------------------------------------------------------------- unfold


def test_unfolding_gives_the_state_after_each_input(module):
    # 2 * 1 + 1 = 3, 2 * 3 + 0 = 6, 2 * 6 + 3 = 15
    assert module.unfold(lambda s, x: 2 * s + x, 1, [1, 0, 3]) == [3, 6, 15]


def test_unfolding_one_input_gives_one_state(module):
    assert module.unfold(lambda s, x: s - x, 5.0, [2.0]) == [3.0]


def test_unfolding_a_step_gives_the_sequence(module):
    x, h0, Wx, Wh, b, _ = draw_sequence()

    states = module.unfold(lambda h, x: reference.rnn_step_forward(x, h, Wx, Wh, b)[0], h0, list(x.swapaxes(0, 1)))

    assert type(states) is list
    assert_allclose(np.stack(states, axis=1), reference.rnn_forward(x, h0, Wx, Wh, b)[0], rtol=1e-14)


# --------------------------------------------------------------------------------------------------- what all of them hold to


@pytest.mark.parametrize("run", RUNS)
def test_every_variant_agrees_with_the_reference(module, run):
    results, expected = run(module, np.float64, 1.0), run(reference, np.float64, 1.0)

    for result, value in zip(results, expected, strict=True):
        assert result.shape == value.shape
        assert_allclose(result, value, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_passed_in_is_the_dtype_returned(module, run, dtype):
    results = run(module, dtype, 1.0)

    assert [result.dtype for result in results] == [dtype] * len(results)


@pytest.mark.parametrize("run", RUNS)
def test_float32_results_are_right_to_single_precision_of_the_largest(module, run):
    results, expected = run(module, np.float32, 1.0), run(reference, np.float64, 1.0)

    for result, value in zip(results, expected, strict=True):
        assert_allclose(result, value, rtol=0, atol=1e-5 * np.abs(value).max())


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_inputs_of_1e4_raise_no_floating_point_error(module, run, dtype):
    with np.errstate(**STRICT):
        results = run(module, dtype, 1e4)

    assert all(np.isfinite(result).all() for result in results)


@pytest.mark.parametrize(
    ("forward", "backward", "draw"),
    [("rnn_step_forward", "rnn_step_backward", draw_step), ("rnn_forward", "rnn_backward", draw_sequence)],
)
def test_arrays_are_left_as_they_were_and_a_cache_serves_twice(module, forward, backward, draw):
    arguments = draw()
    passed = copy.deepcopy(arguments)

    _, cache = getattr(module, forward)(*passed[:5])
    first = getattr(module, backward)(passed[5], cache)
    second = getattr(module, backward)(passed[5], cache)

    for before, after in zip(arguments, passed, strict=True):
        assert_array_equal(after, before)
    for a, b in zip(first, second, strict=True):
        assert_array_equal(a, b)


def test_unfolding_leaves_its_arguments_as_they_were(module):
    s0, inputs = np.array([1.0, 2.0]), [np.array([3.0, 4.0]), np.array([5.0, 6.0])]

    module.unfold(lambda s, x: s * x, s0, inputs)

    assert_array_equal(s0, [1.0, 2.0])
    assert_array_equal(np.stack(inputs), [[3.0, 4.0], [5.0, 6.0]])


def test_there_are_at_least_three_variants():
    assert len(VARIANTS) >= 3


@pytest.mark.parametrize("name", FUNCTIONS)
def test_stub_and_reference_have_the_same_signature(stub, name):
    stubbed, ours = (inspect.signature(getattr(source, name)).parameters.values() for source in (stub, reference))

    assert [(p.name, p.kind, p.default) for p in stubbed] == [(p.name, p.kind, p.default) for p in ours]


def test_stub_and_reference_have_the_same_public_functions(stub):
    for source in (stub, reference):
        public = [name for name, value in vars(source).items() if inspect.isfunction(value) and not name.startswith("_")]
        assert public == FUNCTIONS


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_stub_says_that_it_is_not_implemented(stub, name):
    function = getattr(stub, name)

    with pytest.raises(NotImplementedError):
        function(*[None] * len(inspect.signature(function).parameters))


# ------------------------------------------------------------------------------------------------------- what the training check pays


def train(module, start, seed=0, rate=training.RATE):
    """What the network of `start` misses after it was trained by the functions of `module`, as a share of what silence costs."""
    rng = np.random.default_rng(seed)
    x, y, says = training.sequences(rng)
    make = eval(training.TRAIN, {"np": np})
    trained = make(module.rnn_forward, module.rnn_backward, rate, training.STEPS)
    parameters = trained(x, y, says, np.zeros((len(x), len(start.b))), *start.disguised(rng))
    return training.share_missed(x, y, says, *parameters)


class WithoutTime:
    """The gradient of each time step stays there: the sequence is taken for as many single steps."""

    rnn_forward = staticmethod(reference.rnn_forward)

    @staticmethod
    def rnn_backward(dh, cache):
        steps = cache[-1]
        each = [reference.rnn_step_backward(dh[:, t], step) for t, step in enumerate(steps)]
        return (None, None, *(sum(gradients) for gradients in zip(*(one[2:] for one in each), strict=True)))


@pytest.mark.parametrize("start", training.STARTS)
def test_right_gradients_train_a_network_with_room_to_spare(module, start):
    missed = [train(module, start, seed) for seed in range(3)]

    # The bound of the check is 0.1; the margin of 30 is what its docstring promises, with something to spare for rounding.
    assert max(missed) < training.GOOD / 30


@pytest.mark.parametrize("start", training.STARTS)
@pytest.mark.parametrize("rate", [0.9 * training.RATE, 1.1 * training.RATE])
def test_training_does_not_stand_on_a_knife_edge(start, rate):
    assert train(reference, start, rate=rate) < training.GOOD / 15


def test_gradients_that_do_not_go_back_through_time_train_none():
    missed = [train(WithoutTime, start) for start in training.STARTS]

    assert max(missed) > 7 * training.GOOD
