import numpy as np


def affine_forward(x, w, b):
    N = x.shape[0]
    D = 1
    for d in x.shape[1:]:
        D *= d
    x_row = np.reshape(x, (N, D))
    out = x_row.dot(w) + b.reshape(1, -1)
    return out, (x_row, w, x.shape)


def affine_backward(dout, cache):
    x_row, w, shape = cache
    dx = dout.dot(w.T)
    dx = np.reshape(dx, shape)
    dw = x_row.T.dot(dout)
    db = dout.T.dot(np.ones(dout.shape[0], dtype=dout.dtype))
    return dx, dw, db


def numerical_gradient(f, x, h=1e-5):
    result = np.zeros(x.shape)
    for i in range(x.size):
        idx = np.unravel_index(i, x.shape)
        tmp = x[idx]
        x[idx] = tmp + h
        f1 = f(x)
        x[idx] = tmp - h
        f2 = f(x)
        x[idx] = tmp
        result[idx] = (f1 - f2) / 2 / h
    return result


def numerical_gradient_array(f, x, df, h=1e-5):
    def g(z):
        return np.sum(f(z) * df)

    return numerical_gradient(g, x, h)


def relative_error(a, b):
    diff = np.abs(a - b)
    total = np.abs(a) + np.abs(b)
    total[total < 1e-8] = 1e-8
    return (diff / total).max()


def sigmoid(z):
    if z > 0:
        return 1 / (1 + np.exp(-z))
    return np.exp(z) / (1 + np.exp(z))


def chain_gradients(w, x, y):
    n = len(w)
    h = [0] * (n + 1)
    h[0] = x
    for i in range(1, n + 1):
        h[i] = sigmoid(w[i - 1] * h[i - 1])
    delta = (h[n] - y) * h[n] * (1 - h[n])
    dw = [0] * n
    for i in range(n, 0, -1):
        dw[i - 1] = delta * h[i - 1]
        if i > 1:
            delta = delta * w[i - 1] * h[i - 1] * (1 - h[i - 1])
    return dw


def composed_gradients(w1, w2, x, y):
    z1 = w1 * x
    a1 = np.tanh(z1)
    z2 = w2 * a1
    a2 = sigmoid(z2)
    dw2 = 2 * (a2 - y) * a2 * (1 - a2) * a1
    dw1 = 2 * (a2 - y) * a2 * (1 - a2) * w2 * (1 - a1**2) * x
    return dw1, dw2


def sigmoid_neuron(w, x):
    z = w[-1]
    for i in range(len(x)):
        z = z + w[i] * x[i]
    out = sigmoid(z)
    dz = out * (1 - out)
    dw = np.concatenate((x * dz, np.array([dz], dtype=x.dtype)))
    dx = w[:-1] * dz
    return out, dw, dx


def two_layer_net(x, y, params, reg):
    W1 = params['W1']
    b1 = params['b1']
    W2 = params['W2']
    b2 = params['b2']
    N = x.shape[0]
    z1 = x.dot(W1) + b1
    h1 = z1 * (z1 > 0)
    scores = h1.dot(W2) + b2
    scores = scores - np.amax(scores, axis=1).reshape(N, 1)
    sum_exp = np.exp(scores).sum(axis=1).reshape(N, 1)
    loss = 0
    for i in range(N):
        loss = loss - scores[i][y[i]] + np.log(sum_exp[i][0])
    loss = loss / N
    loss = loss + 0.5 * reg * np.sum(W1 * W1) + 0.5 * reg * np.sum(W2 * W2)
    p = np.exp(scores) / sum_exp
    for i in range(N):
        p[i][y[i]] -= 1
    p = p / N
    grads = {}
    grads['W2'] = h1.T.dot(p) + reg * W2
    grads['b2'] = np.sum(p, axis=0)
    dh = p.dot(W2.T)
    dz = dh.copy()
    dz[z1 <= 0] = 0
    grads['W1'] = x.T.dot(dz) + reg * W1
    grads['b1'] = np.sum(dz, axis=0)
    return loss, grads
