"""The references against PyTorch, where it is installed (``pip install -e '.[torch]'``); nothing else needs it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

torch = pytest.importorskip("torch", reason="PyTorch is an optional extra: pip install -e '.[torch]'")

from reference import activations, backprop, batchnorm, initialization, losses, optim, rnn  # noqa: E402

F = torch.nn.functional


def draw(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def tensors(*arrays):
    return [torch.tensor(array, requires_grad=True) for array in arrays]


def pulled_back(out, dout, *inputs):
    return [gradient.numpy() for gradient in torch.autograd.grad(out, inputs, torch.tensor(dout))]


@pytest.mark.parametrize(
    ("name", "options", "theirs"),
    [
        ("sigmoid", {}, torch.sigmoid),
        ("tanh", {}, torch.tanh),
        ("relu", {}, torch.relu),
        ("leaky_relu", {"slope": 0.2}, lambda x: F.leaky_relu(x, 0.2)),
        ("elu", {"alpha": 1.7}, lambda x: F.elu(x, alpha=1.7)),
    ],
)
def test_an_activation_and_its_gradient_are_pytorchs(name, options, theirs):
    x, dout = draw(5, 7), draw(5, 7, seed=1)
    (tx,) = tensors(x)

    out, cache = getattr(activations, f"{name}_forward")(x, **options)
    dx = getattr(activations, f"{name}_backward")(dout, cache)

    expected = theirs(tx)
    assert_allclose(out, expected.detach().numpy(), rtol=1e-12)
    assert_allclose(dx, pulled_back(expected, dout, tx)[0], rtol=1e-12, atol=1e-15)


def test_parametric_relu_with_one_slope_per_channel_is_pytorchs():
    x, alpha, dout = draw(4, 3, 5, 2), np.array([0.2, 1.5, -0.4]), draw(4, 3, 5, 2, seed=1)
    tx, talpha = tensors(x, alpha)

    out, cache = activations.prelu_forward(x, alpha)
    gradients = activations.prelu_backward(dout, cache)

    expected = F.prelu(tx, talpha)
    assert_allclose(out, expected.detach().numpy(), rtol=1e-12)
    for mine, other in zip(gradients, pulled_back(expected, dout, tx, talpha), strict=True):
        assert_allclose(mine, other, rtol=1e-11, atol=1e-14)


def test_batch_norm_in_training_and_in_evaluation_is_pytorchs():
    x, gamma, beta, dout = draw(9, 4), draw(4, seed=1), draw(4, seed=2), draw(9, 4, seed=3)
    tx, tgamma, tbeta = tensors(x, gamma, beta)
    bn_param = {"mode": "train", "eps": 1e-3, "momentum": 0.8}

    out, cache = batchnorm.batchnorm_forward(x, gamma, beta, bn_param)
    gradients = batchnorm.batchnorm_backward(dout, cache)
    at_test, _ = batchnorm.batchnorm_forward(x, gamma, beta, {**bn_param, "mode": "test"})

    mean, variance = torch.zeros(4, dtype=torch.float64), torch.zeros(4, dtype=torch.float64)
    expected = F.batch_norm(tx, mean, variance, tgamma, tbeta, training=True, momentum=0.2, eps=1e-3)
    assert_allclose(out, expected.detach().numpy(), rtol=1e-11)
    for mine, other in zip(gradients, pulled_back(expected, dout, tx, tgamma, tbeta), strict=True):
        assert_allclose(mine, other, rtol=1e-9, atol=1e-12)
    assert_allclose(bn_param["running_mean"], mean.numpy(), rtol=1e-12)
    # PyTorch averages the unbiased variance, which is N / (N - 1) times ours.
    assert_allclose(bn_param["running_var"] * 9 / 8, variance.numpy(), rtol=1e-12)
    own = torch.tensor(bn_param["running_var"])
    evaluated = F.batch_norm(tx, mean, own, tgamma, tbeta, training=False, eps=1e-3)
    assert_allclose(at_test, evaluated.detach().numpy(), rtol=1e-11)


def test_spatial_batch_norm_is_pytorchs():
    x, gamma, beta, dout = draw(3, 2, 4, 5), draw(2, seed=1), draw(2, seed=2), draw(3, 2, 4, 5, seed=3)
    tx, tgamma, tbeta = tensors(x, gamma, beta)

    out, cache = batchnorm.spatial_batchnorm_forward(x, gamma, beta, {"mode": "train"})
    gradients = batchnorm.spatial_batchnorm_backward(dout, cache)

    expected = F.batch_norm(tx, None, None, tgamma, tbeta, training=True, eps=1e-5)
    assert_allclose(out, expected.detach().numpy(), rtol=1e-11, atol=1e-13)
    for mine, other in zip(gradients, pulled_back(expected, dout, tx, tgamma, tbeta), strict=True):
        assert_allclose(mine, other, rtol=1e-9, atol=1e-12)


def test_layer_norm_is_pytorchs():
    x, gamma, beta, dout = draw(5, 6), draw(6, seed=1), draw(6, seed=2), draw(5, 6, seed=3)
    tx, tgamma, tbeta = tensors(x, gamma, beta)

    out, cache = batchnorm.layernorm_forward(x, gamma, beta, {"eps": 1e-4})
    gradients = batchnorm.layernorm_backward(dout, cache)

    expected = F.layer_norm(tx, (6,), tgamma, tbeta, eps=1e-4)
    assert_allclose(out, expected.detach().numpy(), rtol=1e-11, atol=1e-13)
    for mine, other in zip(gradients, pulled_back(expected, dout, tx, tgamma, tbeta), strict=True):
        assert_allclose(mine, other, rtol=1e-9, atol=1e-12)


def test_group_norm_is_pytorchs():
    x, gamma, beta, dout = draw(3, 6, 2, 4), draw(6, seed=1), draw(6, seed=2), draw(3, 6, 2, 4, seed=3)
    tx, tgamma, tbeta = tensors(x, gamma, beta)
    per_channel = (1, 6, 1, 1)

    out, cache = batchnorm.spatial_groupnorm_forward(x, gamma.reshape(per_channel), beta.reshape(per_channel), 3, {})
    dx, dgamma, dbeta = batchnorm.spatial_groupnorm_backward(dout, cache)

    expected = F.group_norm(tx, 3, tgamma, tbeta, eps=1e-5)
    assert_allclose(out, expected.detach().numpy(), rtol=1e-11, atol=1e-13)
    for mine, other in zip((dx, dgamma.ravel(), dbeta.ravel()), pulled_back(expected, dout, tx, tgamma, tbeta), strict=True):
        assert_allclose(mine, other, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "scores", "labels", "theirs"),
    [
        ("softmax_loss", draw(6, 4), np.array([0, 3, 1, 1, 2, 0]), F.cross_entropy),
        ("svm_loss", draw(6, 4), np.array([0, 3, 1, 1, 2, 0]), lambda x, y: 4 * F.multi_margin_loss(x, y)),
        ("binary_cross_entropy", draw(7), np.array([0.0, 1, 1, 0, 1, 0, 0]), F.binary_cross_entropy_with_logits),
        ("mse_loss", draw(6, 4), draw(6, 4, seed=1), lambda x, y: 4 * F.mse_loss(x, y)),
    ],
    ids=["softmax", "svm", "binary", "mse"],
)
def test_a_loss_and_its_gradient_are_pytorchs(name, scores, labels, theirs):
    (ts,) = tensors(scores)

    loss, dscores = getattr(losses, name)(scores, labels)

    # PyTorch divides the hinge by the number of classes, and the squared error by that of features; ours are sums over them.
    expected = theirs(ts, torch.tensor(labels))
    assert_allclose(loss, expected.item(), rtol=1e-12)
    assert_allclose(dscores, pulled_back(expected, np.array(1.0), ts)[0], rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize(
    ("name", "config", "theirs"),
    [
        ("sgd", {"learning_rate": 0.03}, lambda w: torch.optim.SGD([w], lr=0.03)),
        ("sgd_momentum", {"learning_rate": 0.03, "momentum": 0.7}, lambda w: torch.optim.SGD([w], lr=0.03, momentum=0.7)),
        (
            "nesterov_momentum",
            {"learning_rate": 0.03, "momentum": 0.7},
            lambda w: torch.optim.SGD([w], lr=0.03, momentum=0.7, nesterov=True),
        ),
        (
            "rmsprop",
            {"learning_rate": 0.03, "decay_rate": 0.9, "epsilon": 1e-3},
            lambda w: torch.optim.RMSprop([w], lr=0.03, alpha=0.9, eps=1e-3),
        ),
        (
            "adam",
            {"learning_rate": 0.03, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3},
            lambda w: torch.optim.Adam([w], lr=0.03, betas=(0.8, 0.95), eps=1e-3),
        ),
    ],
)
def test_five_steps_of_an_optimiser_are_pytorchs(name, config, theirs):
    w = draw(4, 3)
    tw = torch.tensor(w, requires_grad=True)
    optimiser = theirs(tw)

    for step in range(5):
        dw = draw(4, 3, seed=step + 1)
        w, config = getattr(optim, name)(w, dw, config)
        tw.grad = torch.tensor(dw)
        optimiser.step()

    assert_allclose(w, tw.detach().numpy(), rtol=1e-11)


def test_a_recurrent_network_is_pytorchs():
    x, h0, Wx, Wh, b, dh = draw(2, 5, 3), draw(2, 4, seed=1), draw(3, 4, seed=2), draw(4, 4, seed=3), draw(4, seed=4), draw(2, 5, 4, seed=5)
    tx, th0, tWx, tWh, tb = tensors(x, h0, Wx, Wh, b)

    h, cache = rnn.rnn_forward(x, h0, Wx, Wh, b)
    gradients = rnn.rnn_backward(dh, cache)

    network = torch.nn.RNN(3, 4, batch_first=True, dtype=torch.float64)
    weights = {"weight_ih_l0": tWx.T, "weight_hh_l0": tWh.T, "bias_ih_l0": tb, "bias_hh_l0": torch.zeros(4, dtype=torch.float64)}
    expected, _ = torch.func.functional_call(network, weights, (tx, th0[None]))
    assert_allclose(h, expected.detach().numpy(), rtol=1e-11)
    for mine, other in zip(gradients, pulled_back(expected, dh, tx, th0, tWx, tWh, tb), strict=True):
        assert_allclose(mine, other, rtol=1e-9, atol=1e-13)


def test_an_affine_layer_is_pytorchs():
    x, w, b, dout = draw(4, 2, 3), draw(6, 5, seed=1), draw(5, seed=2), draw(4, 5, seed=3)
    tx, tw, tb = tensors(x, w, b)

    out, cache = backprop.affine_forward(x, w, b)
    gradients = backprop.affine_backward(dout, cache)

    expected = F.linear(tx.flatten(1), tw.T, tb)
    assert_allclose(out, expected.detach().numpy(), rtol=1e-11)
    for mine, other in zip(gradients, pulled_back(expected, dout, tx, tw, tb), strict=True):
        assert_allclose(mine, other, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("xavier_normal", torch.nn.init.xavier_normal_),
        ("xavier_uniform", torch.nn.init.xavier_uniform_),
        ("he_normal", torch.nn.init.kaiming_normal_),
        ("he_uniform", torch.nn.init.kaiming_uniform_),
    ],
)
def test_a_scheme_has_the_spread_and_the_reach_of_pytorchs(name, theirs):
    W = getattr(initialization, name)(300, 200, np.random.default_rng(0))

    expected = theirs(torch.empty(200, 300), generator=torch.Generator().manual_seed(0)).numpy()
    # 60000 draws each: two standard deviations agree to 1.5 % with a margin of five of their own.
    assert_allclose(np.std(W), np.std(expected), rtol=0.015)
    if name.endswith("uniform"):
        assert_allclose(np.max(np.abs(W)), np.max(np.abs(expected)), rtol=1e-3)
