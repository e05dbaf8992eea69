# coding: utf-8

# In[1]:

import numpy as np

# In[2]:

def sigm(z):
    # two branches so that exp never sees a big positive number
    out = np.empty_like(z)
    pos = z >= 0
    out[pos] = 1 / (1 + np.exp(-z[pos]))
    e = np.exp(z[~pos])
    out[~pos] = e / (1 + e)
    return out

# In[3]:

def autoencoder_loss(x, W, b, W_dec, b_dec):
    # one example after the other
    m = x.shape[0]
    loss = 0.0
    dW = np.zeros_like(W); db = np.zeros_like(b)
    dV = np.zeros_like(W_dec); dc = np.zeros_like(b_dec)
    for i in range(m):
        xi = x[i]
        h = sigm(np.dot(xi, W) + b)
        r = np.dot(h, W_dec) + b_dec - xi
        loss += np.dot(r, r) / m
        d = 2 * r / m
        dc += d
        dV += np.outer(h, d)
        dz = np.dot(W_dec, d) * h * (1 - h)
        db += dz
        dW += np.outer(xi, dz)
    return loss, {'W': dW, 'b': db, 'W_dec': dV, 'b_dec': dc}

# In[5]:

def train_autoencoder(x, n_hidden, lr, steps, rng):
    D = x.shape[1]
    W = (0.01 * rng.standard_normal((D, n_hidden))).astype(x.dtype)
    b = np.zeros(n_hidden, x.dtype)
    V = (0.01 * rng.standard_normal((n_hidden, D))).astype(x.dtype)
    c = np.zeros(D, x.dtype)
    history = []
    for step in range(steps):
        loss, g = autoencoder_loss(x, W, b, V, c)
        history.append(loss)
        W -= lr * g['W']
        b -= lr * g['b']
        V -= lr * g['W_dec']
        c -= lr * g['b_dec']
    return W, b, history

# In[6]:

def greedy_pretrain(x, hidden_sizes, lr, steps, rng):
    layers = []
    h = x
    for M in hidden_sizes:
        W, b, _ = train_autoencoder(h, M, lr, steps, rng)
        layers.append((W, b))
        h = sigm(h.dot(W) + b)
    return layers

# In[8]:

def fine_tune(x, y, layers, head, lr, steps):
    Ws = [W.copy() for W, b in layers] + [head[0].copy()]
    bs = [b.copy() for W, b in layers] + [head[1].copy()]
    n = len(layers)
    m = len(x)
    losses = []
    for s in range(steps):
        hs = [x]
        for k in range(n):
            hs.append(sigm(hs[k].dot(Ws[k]) + bs[k]))
        diff = hs[n].dot(Ws[n]) + bs[n] - y
        losses.append((diff ** 2).sum() / m)
        delta = 2. / m * diff
        dWs = [None] * (n + 1)
        dbs = [None] * (n + 1)
        for k in range(n, -1, -1):
            dWs[k] = hs[k].T.dot(delta)
            dbs[k] = delta.sum(0)
            if k > 0:
                delta = delta.dot(Ws[k].T) * hs[k] * (1 - hs[k])
        for k in range(n + 1):
            Ws[k] = Ws[k] - lr * dWs[k]
            bs[k] = bs[k] - lr * dbs[k]
    return list(zip(Ws[:n], bs[:n])), (Ws[n], bs[n]), losses

# In[11]:

if __name__ == "__main__":
    import matplotlib.pyplot as plt
    plt.plot(train_autoencoder(np.random.randn(20, 5), 3, 0.1, 100, np.random.default_rng(0))[2])
    plt.show()
