# coding: utf-8
# In[1]:
import numpy as np
from collections import OrderedDict, defaultdict
from math import *
import random                  # only for the games below

np.random.seed(42)
np.seterr(all='warn')
LAYERS_DONE = []

# In[2]:
def zeros_init(n_in, n_out):
    return np.array([[0.0] * n_out for _ in range(n_in)])

def scaled_normal_init(n_in, n_out, std, rng):
    "Box and Muller by hand"
    n = n_in * n_out
    half = (n + 1) // 2
    u1, u2 = 1.0 - rng.random(half), rng.random(half)      # u1 in (0, 1]
    r = np.sqrt(-2 * np.log(u1))
    z = np.r_[r * np.cos(2 * pi * u2), r * np.sin(2 * pi * u2)]
    return std * z[:n].reshape(n_in, n_out)

def lecun_normal(n_in, n_out, rng):
    W = []
    for i in range(n_in):
        row = []
        for j in range(n_out):
            row.append(rng.normal(0, 1) / sqrt(n_in))
        W.append(row)
    return np.array(W)

def xavier_normal(n_in, n_out, rng, gain=1.0):
    return rng.normal(loc=0.0, scale=gain * np.sqrt(2.0 / (n_in + n_out)), size=(n_out, n_in)).T

def xavier_uniform(n_in, n_out, rng):
    a = sqrt(6) / sqrt(n_in + n_out)
    W = np.zeros((n_in, n_out))
    for k in range(n_out):
        W[:, k] = rng.uniform(low=-a, high=a, size=n_in)
    return W

def he_normal(n_in, n_out, rng):
    return np.sqrt(2) * lecun_normal(n_in, n_out, rng)

def he_uniform(n_in, n_out, rng):
    # a random sign times a random size
    a = (6.0 / n_in) ** .5
    size = a * rng.random((n_in, n_out))
    return np.where(rng.integers(0, 2, (n_in, n_out)) == 1, size, -size)

def relu_bias(n_out, value=0.01):
    b = np.zeros((n_out,)); b += value
    return b

# In[3]:
def initialize_network(layer_sizes, scheme, rng):
    allowed = 'zeros_init scaled_normal_init lecun_normal xavier_normal xavier_uniform he_normal he_uniform'.split()
    if allowed.count(scheme) != 1:
        raise ValueError('no such scheme: ' + str(scheme))
    layers = []
    i = 0
    while i < len(layer_sizes) - 1:
        args = [layer_sizes[i], layer_sizes[i + 1]]
        if scheme == 'scaled_normal_init': args.append(1e-2)
        if scheme != 'zeros_init': args.append(np.random.default_rng(rng.integers(0, 2 ** 63 - 1)))
        layers += [[eval(scheme)(*args), relu_bias(layer_sizes[i + 1], value=0)]]
        i = i + 1
    return layers

# In[4]:
def sigmoid(z):
    out = np.zeros_like(z)
    pos = z >= 0
    out[pos] = 1 / (1 + np.exp(-z[pos]))
    out[~pos] = np.exp(z[~pos]) / (1 + np.exp(z[~pos]))
    return out

def half_tanh_sigmoid(z): return .5 * (1 + np.tanh(.5 * z))

def activation_statistics(x, weights, activation):
    stats = []
    h = x
    for W, b in weights:
        s = np.add(np.einsum('ni,io->no', h, W, optimize=True), b)
        if activation == 'sigmoid': h = half_tanh_sigmoid(s)
        elif activation == 'tanh': h = np.tanh(s)
        elif activation == 'relu': h = s.clip(min=0)
        else: raise ValueError('activation should be sigmoid, tanh or relu')
        d = OrderedDict()
        d['dead'] = sum(1 for unit in h.T if abs(unit).max() == 0) / float(h.shape[1])
        d['std'] = np.sqrt(((h - h.mean()) ** 2).mean())
        d['mean'] = np.array(h.sum() / h.size)
        ends = {'sigmoid': [0, 1], 'tanh': [-1, 1], 'relu': []}[activation]
        d['saturated'] = sum([(np.abs(h - e) < 0.01).sum() / h.size for e in ends], 0.0)
        stats.append(d)
    if not weights and activation not in ('sigmoid', 'tanh', 'relu'): raise ValueError
    return stats

# In[5]:
def symmetric_step(params, x, y, lr):
    globals().update(params)           # W1, b1, W2, b2
    h1 = sigmoid(np.atleast_1d(x[0] * W1[0, 0] + x[1] * W1[1, 0] + b1[0]))[0]
    h2 = sigmoid(np.atleast_1d(x[0] * W1[0, 1] + x[1] * W1[1, 1] + b1[1]))[0]
    o = sigmoid(np.atleast_1d(h1 * W2[0, 0] + h2 * W2[1, 0] + b2[0]))[0]
    d_o = 2 * (o - y) * o * (1 - o)
    d_1 = d_o * W2[0, 0] * h1 * (1 - h1)
    d_2 = d_o * W2[1, 0] * h2 * (1 - h2)
    new = {}
    new['W2'] = W2 - lr * np.array([[d_o * h1], [d_o * h2]])
    new['b2'] = b2 - lr * np.array([d_o])
    new['W1'] = W1 - lr * np.array([[d_1 * x[0], d_2 * x[0]], [d_1 * x[1], d_2 * x[1]]])
    new['b1'] = b1 - lr * np.array([d_1, d_2])
    return new

# In[6]:
random.seed(1); print("lucky number", random.randint(1, 6))
if __name__ == '__main__':
    for s in 'lecun_normal', 'he_normal':
        net = initialize_network([500] * 6, s, np.random.default_rng(0))
        print(s, activation_statistics(np.random.randn(1000, 500), net, 'relu'))
