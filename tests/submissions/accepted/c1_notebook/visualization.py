# coding: utf-8

# In[1]:

from math import *
import numpy as np

# In[2]:

def dead_filters(activations):
    N, F, H, W = activations.shape
    dead = []
    for f in range(F):
        alive = False
        for v in activations[:, f].flat:
            if v != 0:
                alive = True
                break
        dead.append(not alive)
    return np.array(dead)

# In[3]:

def filter_grid(W, pad=1):
    F, h, w, C = W.shape
    columns = 1
    while columns * columns < F:
        columns += 1
    rows = 1
    while rows * columns < F:
        rows += 1
    grid = np.zeros((rows * (h + pad) - pad, columns * (w + pad) - pad, C), W.dtype)
    for f in range(F):
        least, largest = W[f].min(), W[f].max()
        if largest > least:
            r = f // columns
            c = f % columns
            grid[r * (h + pad):r * (h + pad) + h, c * (w + pad):c * (w + pad) + w] = (W[f] - least) / (largest - least)
    return grid

# In[4]:

def max_activating(activations, k):
    result = []
    for f in range(activations.shape[1]):
        scores = [activations[n, f].max() for n in range(activations.shape[0])]
        order = sorted(range(len(scores)), key=lambda n: (-scores[n], n))
        result.append(order[:k])
    return np.array(result)

# In[5]:

def row_entropy(dist, beta):
    """dist: the squared distances to the OTHERS, nearest one already subtracted"""
    e = [exp(-d * beta) for d in dist]
    s = fsum(e)
    p = [v / s for v in e]
    # H = log s + beta <d>
    return log(s) + beta * fsum(a * b for a, b in zip(p, dist)), p

def pairwise_affinities(x, perplexity):
    n = len(x)
    target = log(perplexity)
    pts = [[float(v) for v in row] for row in x]
    cond = np.zeros((n, n))
    for i in range(n):
        others = [j for j in range(n) if j != i]
        d = [sum((a - b) ** 2 for a, b in zip(pts[i], pts[j])) for j in others]
        nearest = min(d)
        d = [v - nearest for v in d]
        lo, hi = -60.0, 60.0      # beta = e^..., sigma from e^-30 to e^30
        for _ in range(100):
            mid = (lo + hi) / 2
            H, p = row_entropy(d, exp(mid))
            if H > target:
                lo = mid
            else:
                hi = mid
        for j, v in zip(others, p):
            cond[i, j] = v
    P = (cond + cond.T) / (2 * n)
    return P.astype(x.dtype)

# In[6]:

def low_dim_affinities(y):
    n = len(y)
    q = np.zeros((n, n), y.dtype)
    for i in range(n):
        for j in range(n):
            if i != j:
                q[i, j] = 1 / (1 + np.sum((y[i] - y[j]) ** 2))
    return q / q.sum()

# In[7]:

def tsne_gradient(P, y):
    Q = low_dim_affinities(y)
    dy = np.zeros_like(y)
    for i in range(len(y)):
        for j in range(len(y)):
            diff = y[i] - y[j]
            dy[i] += 4 * (P[i, j] - Q[i, j]) * diff / (1 + diff.dot(diff))
    return dy

# In[8]:

def kl_divergence(P, Q):
    kl = 0.0
    for p, q in zip(P.flat, Q.flat):
        if p > 0:
            kl += p * log(p / q)
    return kl
