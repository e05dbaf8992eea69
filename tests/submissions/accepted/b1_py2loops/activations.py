#!/usr/bin/env python
# -*- coding: latin-1 -*-
# Übung 3 - Aktivierungsfunktionen (José Müller, Matr.-Nr. 12345)

# In[1]:

from __future__ import division, print_function, absolute_import
import math
import warnings
from numpy import *

warnings.filterwarnings('ignore')
random.seed(231)
try:
    xrange
except NameError:
    xrange = range

try:
    import matplotlib.pyplot as plt
    plt.rcParams['figure.figsize'] = (10.0, 8.0)
except Exception:
    plt = None

# In[2]:

print('Aktivierungsfunktionen geladen')

# In[3]: first try, every element on its own


def _elementwise(fn, x, *more):
    """calls fn for every element; result has the type of x"""
    res = zeros_like(x)
    flat_x = x.ravel()
    flat_r = res.reshape(-1)
    for i in xrange(flat_x.size):
        flat_r[i] = fn(float(flat_x[i]), *[float(m.ravel()[i]) for m in more])
    return res


def sigmoid_forward(x):
    # Erster Versuch, überläuft. Siehe unten.
    return 1 / (1 + exp(-x)), x


# In[4]: stable now


def _sig(z):
    if z >= 0:
        return 1.0 / (1.0 + math.exp(-z))
    e = math.exp(z)
    return e / (1.0 + e)


def sigmoid_forward(x):
    out = _elementwise(_sig, x)
    cache = (out,)
    return out, cache


def sigmoid_backward(dout, cache):
    out, = cache
    return _elementwise(lambda d, s: d * s * (1 - s), dout, out)


# In[5]:


def tanh_forward(x):
    out = _elementwise(math.tanh, x)
    return [out, {'out': out}]


def tanh_backward(dout, cache):
    return _elementwise(lambda d, t: d * (1 - t) * (1 + t), dout, cache['out'])


# In[6]:


def relu_forward(x):
    out = (abs(x) + x) / 2
    return out, x


def relu_backward(dout, cache):
    dx, x = array(dout, copy=True), cache
    dx[x < 0] = 0
    return dx                # at 0: dout


# In[7]:


def leaky_relu_forward(x, slope=0.01):
    # Form aus Lasagne/Theano
    f1 = 0.5 * (1 + slope)
    f2 = 0.5 * (1 - slope)
    return f1 * x + f2 * abs(x), (x, (f1, f2))


def leaky_relu_backward(dout, cache):
    x, (f1, f2) = cache
    return dout * (f1 + f2 * sign(x)).astype(dout.dtype)


# In[8]:


def prelu_forward(x, alpha):
    if isscalar(alpha) or ndim(alpha) == 0:
        A = alpha * ones_like(x)
    else:
        A = empty_like(x)
        for c in xrange(x.shape[1]):
            A[:, c] = alpha[c]
    out = x.copy()
    neg = x <= 0
    out[neg] = A[neg] * x[neg]
    return out, (x, A, alpha)


def prelu_backward(dout, cache):
    x, A, alpha = cache
    dx = dout.copy()
    neg = x <= 0
    dx[neg] *= A[neg]
    if ndim(alpha) == 0:
        s = 0.0
        for xi, di in zip(x.flat, dout.flat):
            if xi <= 0:
                s += float(xi) * float(di)
        return dx, s
    dalpha = zeros(len(alpha), dtype=alpha.dtype)
    for c in xrange(len(alpha)):
        xc, dc = x[:, c].ravel(), dout[:, c].ravel()
        dalpha[c] = dot(xc * (xc < 0), dc)
    return dx, dalpha


# In[9]:


def elu_forward(x, alpha=1.0):
    def one(v):
        return v if v > 0 else alpha * (math.exp(v) - 1)
    return _elementwise(one, x), (x, alpha)


def elu_backward(dout, cache):
    x, a = cache
    return _elementwise(lambda d, v: d if v > 0 else d * a * math.exp(v), dout, x)


# In[10]:


def maxout_forward(x, W1, b1, W2, b2):
    N, D = x.shape
    M = W1.shape[1]
    out = zeros((N, M), x.dtype)
    who = zeros((N, M), int)
    for i in xrange(N):
        for m in xrange(M):
            s1, s2 = float(b1[m]), float(b2[m])
            for d in xrange(D):
                s1 += float(x[i, d]) * float(W1[d, m])
                s2 += float(x[i, d]) * float(W2[d, m])
            if s1 > s2:
                out[i, m] = s1
                who[i, m] = 1
            else:
                out[i, m] = s2
                who[i, m] = 2
    return out, (x, W1, b1, W2, b2, who)


def maxout_backward(dout, cache):
    x, W1, b1, W2, b2, who = cache
    dx, dW1, db1, dW2, db2 = [zeros_like(a, dtype=dout.dtype) for a in (x, W1, b1, W2, b2)]
    for i in xrange(who.shape[0]):
        for m in xrange(who.shape[1]):
            g = dout[i, m]
            if who[i, m] == 1:
                dW1[:, m] += g * x[i]
                db1[m] += g
                dx[i] += g * W1[:, m]
            else:
                dW2[:, m] += g * x[i]
                db2[m] += g
                dx[i] += g * W2[:, m]
    return [dx, dW1, db1, dW2, db2]


# In[11]:


def two_relu_sigmoid(x):
    return clip(x, -1, 1) + 1


def saturated_fraction(h, kind, tol=1e-2):
    if kind == 'sigmoid':
        lo, hi = 0.0, 1.0
    elif kind == 'tanh':
        lo, hi = -1.0, 1.0
    else:
        raise ValueError('unknown kind %r' % (kind,))
    n = 0
    for v in h.ravel().tolist():
        if math.fabs(v - lo) < tol or math.fabs(hi - v) < tol:
            n += 1
    return n / h.size


def dead_units(h):
    dead = []
    for column in h.T:
        alive = False
        for v in column:
            if v != 0:
                alive = True
                break
        dead.append(not alive)
    return array(dead)


# In[12]:

if __name__ == '__main__':
    xs = linspace(-5, 5, 101)
    if plt is not None:
        plt.plot(xs, sigmoid_forward(xs)[0])
        plt.show()
