def flatten_spatial(x):
    N, C, H, W = x.shape
    return x.transpose(0, 2, 3, 1).reshape(-1, C)


def restore_spatial(x2, shape):
    N, C, H, W = shape
    return x2.reshape(N, H, W, C).transpose(0, 3, 1, 2)
