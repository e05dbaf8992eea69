# examples are columns, like in the MATLAB course
import numpy as np

np.seterr(under='ignore')

global_losses = []


def softplus(z):
    return np.maximum(z, 0) + np.log1p(np.exp(-abs(z)))


def sigma(Z):
    return np.exp(Z - softplus(Z))


def squared(A):
    return (A * A).sum()


def autoencoder_loss(x, W, b, W_dec, b_dec):
    """gradients by the complex step: Im L(theta + i eps) / eps, exact to rounding"""
    eps = 1e-20
    parameters = dict(W=W, b=b, W_dec=W_dec, b_dec=b_dec)
    c = {k: v.astype(complex) for k, v in parameters.items()}
    X = x.astype(float)

    def L(q):
        # tanh is tame for large arguments
        h = 0.5 + 0.5 * np.tanh(0.5 * (X @ q['W'] + q['b']))
        return squared(h @ q['W_dec'] + q['b_dec'] - X) / len(X)
    grads = {}
    for name, v in parameters.items():
        g = np.zeros(v.shape, v.dtype)
        for index in np.ndindex(*v.shape):
            c[name][index] += 1j * eps
            g[index] = L(c).imag / eps
            c[name][index] = v[index]
        grads[name] = g
    return L(c).real, grads


def orthogonal(rng, a, b):
    big = max(a, b)
    Q, _ = np.linalg.qr(rng.standard_normal((big, big)))
    return Q[:a, :b]


def step(theta, X, Y):
    """theta: [W1, b1, ..., Wn, bn], W as (out, in), b as a column. X, Y have examples in columns."""
    m = X.shape[1]
    A = [X]
    n = len(theta) // 2
    for l in range(n):
        Z = theta[2 * l] @ A[-1] + theta[2 * l + 1]
        A.append(sigma(Z) if l < n - 1 else Z)
    E = A.pop() - Y
    grads = []
    dZ = E * 2 / m
    for l in reversed(range(n)):
        grads.insert(0, dZ.sum(axis=1, keepdims=True))
        grads.insert(0, dZ @ A[l].T)
        if l:
            dZ = (theta[2 * l].T @ dZ) * (A[l] - A[l] ** 2)
    return squared(E) / m, grads


def train_autoencoder(x, n_hidden, lr, steps, rng):
    D = x.shape[1]
    child, = rng.spawn(1)
    W = orthogonal(child, n_hidden, D).astype(x.dtype)
    theta = [W, np.zeros((n_hidden, 1), x.dtype), W.T.copy(), np.zeros((D, 1), x.dtype)]     # tied at the start only
    losses = []
    for t in range(steps):
        J, g = step(theta, x.T, x.T)
        losses += [J]
        theta = [p - lr * d for p, d in zip(theta, g)]
    global_losses.append(losses)
    return theta[0].T, theta[1][:, 0], losses


def greedy_pretrain(x, hidden_sizes, lr, steps, rng):
    stack = []
    for i, M in enumerate(hidden_sizes):
        # from the bottom again, each time
        codes = x
        for W, b in stack:
            codes = sigma(codes @ W + b)
        stack.append(train_autoencoder(codes, M, lr, steps, rng)[:-1])
    return stack


def fine_tune(x, y, layers, head, lr, steps):
    theta = []
    for W, b in [*layers, head]:
        theta += [np.array(W.T), np.array(b)[:, None]]
    losses = list()
    for t in range(steps):
        J, g = step(theta, x.T, y.T)
        losses.append(J.item())
        for p, d in zip(theta, g):
            p -= lr * d
    out = [(theta[i].T, theta[i + 1].ravel()) for i in range(0, len(theta), 2)]
    new_head = out.pop()
    return out, new_head, losses
