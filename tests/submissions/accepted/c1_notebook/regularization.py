# coding: utf-8

# # Homework: regularization
# exported from the notebook, sorry for the order

# In[1]:

from numpy import *
import math

HALF = 0.5

# In[2]:

def l2_penalty(w, lam):
    total = 0.
    g = empty_like(w)
    it = nditer(w, flags=['multi_index'])
    while not it.finished:
        v = float(it[0])
        total += v * v
        g[it.multi_index] = lam * v
        it.iternext()
    return HALF * lam * total, g


# In[3]:

def l1_penalty(w, lam):
    # w / |w| is the sign, except at 0
    with errstate(divide='ignore', invalid='ignore'):
        s = w / abs(w)
    s = where(w == 0, zeros_like(w), s)
    return lam * abs(w).sum(), lam * s


# In[4]:

def weight_decay_step(w, dw, lr, lam):
    # shrink first, step then: the same thing
    next_w = w.copy()
    next_w *= 1 - lr * lam
    next_w -= lr * dw
    return next_w


# In[7]:

def early_stopping(val_losses, patience):
    best_epoch = -1
    best = None
    epoch = 0
    for l in val_losses:
        if best is None or l < best:
            best, best_epoch = l, epoch
            wait = 0
        else:
            wait = wait + 1
            if wait == patience:
                break
        epoch = epoch + 1
    else:
        epoch = len(val_losses) - 1
    return epoch, best_epoch


# In[9]:

def bootstrap_indices(n, k, rng):
    rows = []
    for _ in range(k):
        row = []
        for _ in range(n):
            row.append(rng.integers(n))
        rows.append(row)
    return array(rows)


# In[12]:

def ensemble_predict(probs, how):
    K, N, C = probs.shape
    if how == 'mean':
        labels = []
        for i in range(N):
            avg = [sum([probs[k, i, c] for k in range(K)]) / K for c in range(C)]
            labels.append(avg.index(max(avg)))
        return array(labels)
    elif how == 'vote':
        labels = []
        for i in range(N):
            votes = [0] * C
            for k in range(K):
                p = list(probs[k, i])
                votes[p.index(max(p))] += 1
            labels.append(votes.index(max(votes)))
        return array(labels)
    else:
        raise ValueError("how must be 'mean' or 'vote', not %r" % (how,))


# In[15]:

def random_crop(x, size, rng):
    N, H, W, C = x.shape
    if size > H or size > W:
        raise ValueError('crop is larger than the image')
    out = []
    for img in x:
        top = int(floor(rng.random() * (H - size + 1)))
        left = int(floor(rng.random() * (W - size + 1)))
        out.append(img[top:top + size, left:left + size])
    return array(out)


# In[16]:

def random_flip(x, rng):
    out = x.copy()
    for i in range(len(x)):
        if rng.random() < HALF:
            out[i] = fliplr(x[i])
    return out


# In[18]:

def ten_crop(image, size):
    H, W, C = image.shape
    s = size
    t, l = (H - s) // 2, (W - s) // 2
    crops = zeros((10, s, s, C), dtype=image.dtype)
    crops[0] = image[:s, :s]
    crops[1] = image[:s, W - s:]
    crops[2] = image[H - s:, :s]
    crops[3] = image[H - s:, W - s:]
    crops[4] = image[t:t + s, l:l + s]
    for i in range(5):
        for j in range(s):
            crops[5 + i, :, j] = crops[i, :, s - 1 - j]
    return crops


# In[21]:

def resize_short_side(image, side):
    H, W, C = image.shape
    if H <= W:
        H2, W2 = side, int(W * side / H + 0.5)
    else:
        H2, W2 = int(H * side / W + 0.5), side
    out = zeros((H2, W2, C), image.dtype)
    for i in range(H2):
        u = (i + .5) * H / H2 - .5
        u = max([0., min([u, H - 1.])])
        i0 = int(u)
        i1 = min([i0 + 1, H - 1])
        a = u - i0
        for j in range(W2):
            v = (j + .5) * W / W2 - .5
            v = max([0., min([v, W - 1.])])
            j0 = int(v)
            j1 = min([j0 + 1, W - 1])
            b = v - j0
            for c in range(C):
                out[i, j, c] = ((1 - a) * (1 - b) * image[i0, j0, c] + (1 - a) * b * image[i0, j1, c]
                                + a * (1 - b) * image[i1, j0, c] + a * b * image[i1, j1, c])
    return out


# In[30]:

if __name__ == "__main__":
    print(l2_penalty(array([3., -4.]), 0.1))
    print(l1_penalty(array([3., -4., 0]), 0.1))
    print(early_stopping([5, 3, 4, 2, 3, 2, 6, 1], 3))
    print(resize_short_side(array([0., 4.]).reshape(1, 2, 1), 2).ravel())
    print(math.pi)
