import numpy as np


def ten_crop(image,size):
    h,w,_=image.shape
    a=(h-size)//2; b=(w-size)//2
    l=[image[:size,:size],image[:size,w-size:],image[h-size:,:size],image[h-size:,w-size:],image[a:a+size,b:b+size]]
    return np.stack(l+[q.transpose(1,0,2) for q in l])
