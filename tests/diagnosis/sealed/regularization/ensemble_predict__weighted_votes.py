r"""In the mode 'vote', each model's vote is weighted by the probability it gives its class, instead of counting one for every model; the mode 'mean' is right.

Right: (?i:weigh|confiden|one vote|(each|every) (model'?s? )?vote|count\w* (one|1|the same|equal|alike|more)|by (its|the|their) (own )?probabilit|(sum|add)\w* (of |up )?(the )?(max|probab|largest|winning|highest)|soft vot)
"""
import numpy as np


def _accumulate(table, labels, amount):
    """table[n, labels[n]] += amount[n]"""
    rows = np.arange(table.shape[0])
    table[rows, labels] += amount
    return table


def early_stopping(val_losses, patience):
    best_epoch = 0
    for epoch in range(len(val_losses)):
        if val_losses[epoch] < val_losses[best_epoch]:
            best_epoch = epoch
        elif epoch - best_epoch >= patience:
            return epoch, best_epoch
    return len(val_losses) - 1, best_epoch


def bootstrap_indices(n, k, rng):
    return np.stack([rng.choice(n, size=n, replace=True) for _ in range(k)])


def ensemble_predict(probs, how):
    K, N, C = probs.shape
    if how == 'mean':
        mean_probs = probs.sum(axis=0) / K
        return mean_probs.argmax(axis=-1)
    if how == 'vote':
        ballot = np.zeros((N, C))
        for model in probs:
            labels = model.argmax(axis=-1)
            ballot = _accumulate(ballot, labels, model.max(axis=-1))
        return ballot.argmax(axis=-1)
    raise ValueError("how must be 'mean' or 'vote'")
