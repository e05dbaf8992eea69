"""Greedy layer-wise pre-training.

Before anybody tells a network what to predict, each of its layers can learn to describe its input: as the code of an autoencoder. You
write the loss of an autoencoder with its gradients, train one, stack several by training each on the codes of the one below, and then
fine-tune the whole network on targets. You learn what "greedy" means, which weights move when, and why such a start is a better one than
small random numbers.

Everywhere: a layer is a pair (W, b), its code is ``sigmoid(h W + b)``; outputs are linear; an error is summed over features and averaged
over examples. The dtype that comes in goes out (float32 stays float32); arguments are not modified; nothing may overflow or warn for
inputs between -10 000 and 10 000.
"""

import numpy as np


def autoencoder_loss(x, W, b, W_dec, b_dec):
    """Encode a batch, decode it, and give the loss of the reconstruction with its gradients.

    ``h = sigmoid(x W + b)``, ``x_hat = h W_dec + b_dec``, ``loss = 1/m sum_i sum_j (x_hat_ij - x_ij)^2``

    Parameters
    ----------
    x : (m, D) array
        One example per row: the input, and the target as well.
    W, b : (D, M) and (M,) array
        The encoder.
    W_dec, b_dec : (M, D) and (D,) array
        The decoder. Its weights are its own, not the transposed W.

    Returns
    -------
    loss : float
    grads : dict
        ``W``, ``b``, ``W_dec``, ``b_dec``: the gradient of the loss with respect to each, in its shape. (A tuple in this order is
        accepted.)

    Notes
    -----
    Sum over the D features, average over the m examples, and put no factor 1/2 in front. The codes go through a sigmoid, the
    reconstruction does not.

    Example: x = [[1, 3]] and all parameters 0 (M = 1): h = 0.5, x_hat = [0, 0], loss = 10, gradients b_dec = [-2, -6],
    W_dec = [[-1, -3]], and 0 for W and b, because W_dec is 0.

    Source: lecture note 000, slides 11 and 20; Hinton and Salakhutdinov 2006, Science 313.
    """
    raise NotImplementedError


def train_autoencoder(x, n_hidden, lr, steps, rng):
    """Train an autoencoder from a random start by gradient descent, and keep its encoder.

    ``parameter <- parameter - lr * (gradient of the loss with respect to it)``, all four at once, `steps` times

    Parameters
    ----------
    x : (m, D) array
        One example per row. Every step uses all of them.
    n_hidden : int
        M, the number of hidden units.
    lr : float
        Step size.
    steps : int
        How many updates.
    rng : numpy.random.Generator
        Draw the start from it, and from nothing else. How is up to you, but units that start equal stay equal.

    Returns
    -------
    W : (D, M) array
    b : (M,) array
        The encoder after the last update. The decoder has done its work and is thrown away.
    losses : list of float
        One loss per step, each taken BEFORE the update of that step; losses[0] is the loss of the start.

    Notes
    -----
    Take all gradients before any parameter moves. With lr = 0 nothing moves, and all losses are equal.

    Example: x = [[1, 3]], steps = 1 and a start of zeros (which is a bad one: see above) would give losses = [10].

    Source: lecture note 000, slide 11; Bengio et al. 2006, "Greedy layer-wise training of deep networks".
    """
    raise NotImplementedError


def greedy_pretrain(x, hidden_sizes, lr, steps, rng):
    """Train the hidden layers of a network one after the other, each as an autoencoder of what the layers below make of the data.

    ``h_0 = x``; for k = 1, 2, ...: train an autoencoder of ``h_(k-1)``, keep its W_k and b_k; ``h_k = sigmoid(h_(k-1) W_k + b_k)``

    Parameters
    ----------
    x : (m, D) array
        One example per row.
    hidden_sizes : list of int
        Units of each HIDDEN layer. The input is not among them: [3, 2] makes two layers, of 3 and 2 units.
    lr, steps
        Step size and number of updates, the same for every layer.
    rng : numpy.random.Generator
        Draw the start of every layer from it, and from nothing else.

    Returns
    -------
    layers : list of pairs (W, b)
        One per hidden layer, from the input on.

    Notes
    -----
    A layer is finished before the next one begins, and from then on it stays as it is. Layer k reconstructs the codes of layer k-1, not x;
    no labels are used.

    Example: x (16, 6) and hidden_sizes [4, 3] give W of shapes (6, 4) and (4, 3).

    Source: lecture note 000, slides 11-12; Bengio et al. 2006.
    """
    raise NotImplementedError


def fine_tune(x, y, layers, head, lr, steps):
    """Train a whole network on targets, starting from pre-trained layers.

    ``h_0 = x``, ``h_k = sigmoid(h_(k-1) W_k + b_k)``, ``y_hat = h_n W + b`` with (W, b) = head,
    ``loss = 1/m sum_i sum_j (y_hat_ij - y_ij)^2``

    Parameters
    ----------
    x : (m, D) array
        One example per row.
    y : (m, K) array
        Targets: real numbers.
    layers : list of pairs (W, b)
        The hidden layers from the input on, as `greedy_pretrain` gives them.
    head : pair (W, b)
        The output layer, which is linear: ``W (M, K)`` and ``b (K,)``.
    lr, steps
        Step size and number of updates; every step uses all examples.

    Returns
    -------
    layers : list of pairs (W, b)
    head : pair (W, b)
        The parameters after the last update, in NEW lists and arrays; those passed in stay as they are.
    losses : list of float
        One loss per step, each taken BEFORE the update of that step.

    Notes
    -----
    Everything moves: the head and all pre-trained layers. Take all gradients before any parameter moves.

    Example: x = [[1]], y = [[3]], one layer of one unit, all parameters 0, lr = 0.1, one step: h = 0.5, y_hat = 0, losses = [9]; the head
    becomes W = [[0.3]], b = [0.6]; the layer stays at 0, because the head's W was 0.

    Source: lecture note 000, slide 13.
    """
    raise NotImplementedError
