r"""Each image loses the channel means of its own pixels: they are measured on x instead of on the training set, and per image instead of over all images.

Right: (?i)train|statistic|(measured|taken|computed|mean).{0,30}\bx\b|test (set|image)|(own|each|every|per|single|individual) (pixels|image|mean)|per[- ]image|(all|over|across) (the )?(images|examples)|axis|axes|batch
"""
import numpy as np

def subtract_mean_image(train, x):
  """per pixel"""
  mean_image = np.mean(train, axis=0, keepdims=True)
  return x - mean_image

def subtract_channel_mean(train, x):
  """per channel, over the spatial axes"""
  channel_mean = np.mean(x, axis=(1, 2), keepdims=True)
  return x - channel_mean

def standardize_fit(x):
  m = np.mean(x, axis=0)
  v = np.mean((x - m) ** 2, axis=0)
  s = np.sqrt(v)
  s[s == 0] = 1
  return m, s

def standardize(x, mean, std):
  return (x - mean) / std
