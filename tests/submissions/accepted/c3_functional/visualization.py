# functional
import numpy as np

dead_filters = lambda activations: np.count_nonzero(activations.swapaxes(0, 1).reshape(activations.shape[1], -1), axis=1) == 0


def _scaled(w):
    lo, hi = np.percentile(w, [0, 100])
    return ((w - lo) / (hi - lo) if hi != lo else 0 * w).astype(w.dtype)


def filter_grid(W, pad=1):
    F, h, w, C = W.shape
    cols = int(np.ceil(F ** 0.5))
    rows = int(np.ceil(F / cols))
    blank = np.zeros_like(W[0])
    vline = np.zeros((h, pad, C), W.dtype)
    hline = np.zeros((pad, cols * w + (cols - 1) * pad, C), W.dtype)
    tiles = list(map(_scaled, W)) + [blank] * (rows * cols - F)

    def join(parts, line, axis):
        out = []
        for p in parts:
            out += [line, p]
        return np.concatenate(out[1:], axis)
    return join([join(tiles[r * cols:(r + 1) * cols], vline, 1) for r in range(rows)], hline, 0)


def max_activating(activations, k):
    s = activations.reshape(*activations.shape[:2], -1).max(-1).T.copy()
    out = np.empty((len(s), k), dtype=np.uint16)
    for j in range(k):                                # take the best, strike it out
        best = s.argmax(1)
        out[:, j] = best
        s[np.arange(len(s)), best] = -np.inf
    return out


def _sq(x):
    d = x[:, None, :] - x[None, :, :]
    return np.einsum('ijk,ijk->ij', d, d)


def pairwise_affinities(x, perplexity):
    n = x.shape[0]
    D = _sq(x.astype(np.float64))
    goal = np.log(perplexity)
    rows = []
    for i in range(n):
        d = np.delete(D[i], i)
        d = d - d.min()
        scale = d.mean() or 1.0
        # Newton on log(beta), guarded by a bracket
        a, lo, hi = 0.0, -40.0, 40.0
        p = None
        for _ in range(200):
            z = np.exp(a) * d / scale
            p = np.exp(-z)
            S = p.sum()
            p /= S
            mean = p @ z
            H = np.log(S) + mean
            if abs(H - goal) < 1e-10:
                break
            if H > goal:
                lo = a
            else:
                hi = a
            slope = -(p @ (z - mean) ** 2)             # dH / d log beta = -var(z)
            new = a - (H - goal) / slope if slope < -1e-12 else np.inf
            a = new if lo < new < hi else (lo + hi) / 2
        rows.append(np.insert(p, i, 0))
    P = np.array(rows)
    return ((P + P.T) * (0.5 / n)).astype(x.dtype)


def _kernel(y):
    return np.reciprocal(1 + _sq(y)) - np.eye(len(y), dtype=y.dtype)


low_dim_affinities = lambda y: (lambda k: k / k.sum())(_kernel(y))


def tsne_gradient(P, y):
    # attraction minus repulsion
    k = _kernel(y)
    diff = y[:, np.newaxis] - y
    Z = k.sum()
    attraction = np.einsum('ij,ijc->ic', P * k, diff)
    repulsion = np.einsum('ij,ijc->ic', k ** 2, diff) / Z
    return 4 * (attraction - repulsion)


def kl_divergence(P, Q):
    ratio = np.divide(P, Q, out=np.ones_like(P), where=P != 0)
    return np.sum(P * np.log(ratio))
