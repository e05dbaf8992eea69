import numpy as np


def ensemble_predict(probs, how):
    C=probs.shape[2]
    if how=='mean': return probs.mean(0).argmax(1)
    v=np.eye(C)[probs.argmax(2)]*probs.max(2,keepdims=True)
    return v.sum(0).argmax(1)
