"""The mirror images are top to bottom.

Right: top|upside|vertical|rows|row
"""

import numpy as np


def ten_crop(image, size):
    h, w = image.shape[:2]
    r, q = (h - size) // 2, (w - size) // 2
    crops = [image[a:a + size, b:b + size] for a, b in ((0, 0), (0, w - size), (h - size, 0), (h - size, w - size), (r, q))]
    return np.array(crops + [crop[::-1] for crop in crops])
