r"""One common sigma is sought for all points, the one for which the mean entropy fits the perplexity, instead of an own sigma for each point.

Right: (?i:(one|common|single|same|shared|global) (common |single |shared |global )?(sigma|bandwidth|width|beta|precision|variance)|(own|each|every|per|individual|separate)\b.{0,20}(sigma|point|row|bandwidth|width)|(mean|average)\w* (of the )?entrop|sigma.{0,40}(all|each|every|shared|common|same|point))
"""
import numpy as np


def _sqdist(x):
    g = x @ x.T
    sq = np.diag(g)
    d = sq[:, None] + sq[None, :] - 2 * g
    np.fill_diagonal(d, 0)
    return np.maximum(d, 0)


def _cond(d2, sigma):
    logits = -d2 / (2 * sigma ** 2)
    np.fill_diagonal(logits, -np.inf)
    logits = logits - logits.max(axis=1, keepdims=True)
    e = np.exp(logits)
    return e / e.sum(axis=1, keepdims=True)


def _entropy(p):
    safe = np.where(p > 0, p, 1)
    return -(p * np.log(safe)).sum(axis=1)


def pairwise_affinities(x, perplexity):
    n = len(x)
    d2 = _sqdist(x.astype(float))
    wanted = np.log(perplexity)
    low, high = 1e-6, 1e6
    for it in range(300):
        sigma = np.sqrt(low * high)          # bisect on a log scale
        h = _entropy(_cond(d2, sigma)).mean()
        if h < wanted:
            low = sigma
        else:
            high = sigma
    p = _cond(d2, sigma)
    P = (p + p.T) / (2 * n)
    return P.astype(x.dtype)


def kl_divergence(P, Q):
    total = 0.0
    for p, q in zip(P.ravel(), Q.ravel()):
        if p > 0:
            total += p * np.log(p / q)
    return float(total)
