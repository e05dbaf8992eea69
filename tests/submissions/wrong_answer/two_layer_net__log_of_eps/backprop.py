import numpy as np


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
        loss = loss - scores[i][y[i]] + np.log(sum_exp[i][0] + 1e-5)
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
