"""Each crop is followed by its mirror image.

Right: order|places|mirror
"""

import numpy as np


def ten_crop(image, size):
    h, w = image.shape[:2]
    r, q = (h - size) // 2, (w - size) // 2
    crops = []
    for a, b in ((0, 0), (0, w - size), (h - size, 0), (h - size, w - size), (r, q)):
        crop = image[a:a + size, b:b + size]
        crops += [crop, crop[:, ::-1]]
    return np.array(crops)
