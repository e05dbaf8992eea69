import numpy as np


def trapezoid_rule(y, x):
    if y.ndim > 1:
        return np.array([trapezoid_rule(row, x) for row in y], dtype=y.dtype)
    total = 0
    for i in range(1, len(x)):
        total += 0.5 * (x[i] - x[i - 1]) * (y[i - 1] + y[i])
    return total


def simpson_rule(f, a, b, n=10):
    h = (b - a) / n
    total = f(a) + f(b)
    for i in range(1, n):
        total += (4 if i % 2 else 2) * f(a + i * h)
    return float(total * h / 3)


def monte_carlo(f, a, b, n, rng):
    values = [f(a + (b - a) * rng.random()) for _ in range(n)]
    mean = sum(values) / n
    variance = sum((value - mean) ** 2 for value in values) / (n - 1)
    return (b - a) * mean, (b - a) * (variance / n) ** 0.5
