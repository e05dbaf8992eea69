from .rng import coin, pick
