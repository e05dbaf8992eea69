# coding: utf-8

# In[1]:

import numpy as np

# In[2]:

def rnn_step_forward(x, prev_h, Wx, Wh, b):
    N = x.shape[0]
    H = b.shape[0]
    next_h = np.zeros((N, H), dtype=x.dtype)
    for n in range(N):
        for j in range(H):
            a = b[j]
            for d in range(x.shape[1]):
                a = a + x[n, d] * Wx[d, j]
            for k in range(H):
                a = a + prev_h[n, k] * Wh[k, j]
            next_h[n, j] = np.tanh(a)
    return next_h, (x, (prev_h, (Wx, (Wh, (b, next_h)))))

# In[3]:

def rnn_step_backward(dnext_h, cache):
    x, (prev_h, (Wx, (Wh, (b, next_h)))) = cache
    N, D = x.shape
    H = next_h.shape[1]
    dx = np.zeros_like(x)
    dprev_h = np.zeros_like(prev_h)
    dWx = np.zeros_like(Wx)
    dWh = np.zeros_like(Wh)
    db = np.zeros_like(b)
    for n in range(N):
        for j in range(H):
            da = dnext_h[n, j] * (1 - next_h[n, j]) * (1 + next_h[n, j])
            db[j] += da
            dWx[:, j] += da * x[n]
            dWh[:, j] += da * prev_h[n]
            dx[n] += da * Wx[:, j]
            dprev_h[n] += da * Wh[:, j]
    return dx, dprev_h, dWx, dWh, db

# In[4]:

def rnn_forward(x, h0, Wx, Wh, b):
    caches = []
    hs = []
    h = h0
    for t in range(x.shape[1]):
        h, c = rnn_step_forward(x[:, t], h, Wx, Wh, b)
        hs.append(h)
        caches.append(c)
    return np.stack(hs, axis=1), caches

# In[5]:

def rnn_backward(dh, cache):
    T = len(cache)
    dxs = []
    dWx = dWh = db = 0
    carry = 0
    for t in range(T - 1, -1, -1):
        dxt, carry, a, bb, c = rnn_step_backward(dh[:, t] + carry, cache[t])
        dxs = [dxt] + dxs
        dWx = dWx + a
        dWh = dWh + bb
        db = db + c
    return [np.stack(dxs, 1), carry, dWx, dWh, db]

# In[6]:

def unfold(step, s0, inputs):
    states = []
    s = s0
    for x in inputs:
        s = step(s, x)
        states.append(s)
    return states

# In[7]:

if __name__ == '__main__':
    print(unfold(lambda s, x: 2 * s + x, 1, [1, 0, 3]))
