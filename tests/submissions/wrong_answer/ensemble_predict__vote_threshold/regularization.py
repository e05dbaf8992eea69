import numpy as np


def ensemble_predict(probs, how):
    if how=='mean': return probs.mean(0).argmax(1)
    return (probs>0.5).sum(0).argmax(1)
