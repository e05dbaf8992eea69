"""Known mistakes of t-SNE, for each function the commonest of real work first."""

from __future__ import annotations

from grader.checks import Kind, edit

VALUE, GRADIENT, SHAPE, DTYPE, PURITY, STABILITY = Kind.VALUE, Kind.GRADIENT, Kind.SHAPE, Kind.DTYPE, Kind.PURITY, Kind.STABILITY

PAIRS, MAP, PULL, KL = "pairwise_affinities", "low_dim_affinities", "tsne_gradient", "kl_divergence"

PAIRS_ALL = {VALUE, SHAPE, DTYPE, PURITY, STABILITY}
SUITS = {VALUE, STABILITY}
JOINT = "P: Floats = (conditional + conditional.T) / (2 * n)"
TARGET = "too_flat = entropy > math.log(perplexity)"
NEAREST = "distances = distances - np.min(distances, axis=1, keepdims=True)"
SEARCH = "for _ in range(SEARCH_STEPS):"
LAST = "weights = np.exp(-precision * distances)\n    conditional"

joint = (
    edit(PAIRS, "conditional_for_joint",
         "the conditional probabilities are returned, which are not symmetric; P should be (p(j|i) + p(i|j)) / (2 n).",
         (JOINT, "P = conditional")),
    edit(PAIRS, "conditional_over_n", "the conditional probabilities are divided by n, but not made symmetric.",
         (JOINT, "P = conditional / n")),
    edit(PAIRS, "not_divided_by_n", "(p(j|i) + p(i|j)) / 2 is not divided by n, so that P sums to n.",
         (JOINT, "P = (conditional + conditional.T) / 2")),
    edit(PAIRS, "sum_not_halved", "p(j|i) + p(i|j) is divided by n; it should be divided by 2 n, so that P sums to 1.",
         (JOINT, "P = (conditional + conditional.T) / n")),
    edit(PAIRS, "not_divided_at_all", "p(j|i) + p(i|j) is not divided by 2 n.", (JOINT, "P = conditional + conditional.T")),
    edit(PAIRS, "exaggerated_4_times", "P is multiplied by 4 for early exaggeration, which belongs in the training loop.",
         (JOINT, JOINT + "; P = 4 * P")),
    edit(PAIRS, "exaggerated_12_times", "P is multiplied by 12 for early exaggeration, which belongs in the training loop.",
         (JOINT, JOINT + "; P = 12 * P")),
    edit(PAIRS, "half_the_pairs", "every pair is in P once, not twice: one triangle is left out.",
         (JOINT, JOINT + "; P = 2 * np.triu(P)")),
    edit(PAIRS, "ones_on_the_diagonal", "the diagonal is 1, not 0.", (JOINT, JOINT + "; np.fill_diagonal(P, 1)")),
)  # fmt: skip

search = (
    edit(PAIRS, "entropy_in_bits", "an entropy in nats is compared with log2(perplexity): both need the same base.",
         (TARGET, "too_flat = entropy > math.log2(perplexity)"), loses=SUITS),
    edit(PAIRS, "bits_for_nats", "an entropy in bits is compared with the natural logarithm of the perplexity: both need the same base.",
         (TARGET, "too_flat = entropy / math.log(2) > math.log(perplexity)"), loses=SUITS),
    edit(PAIRS, "perplexity_for_entropy", "the entropy is compared with the perplexity itself, not with its logarithm.",
         (TARGET, "too_flat = entropy > perplexity"), loses=PAIRS_ALL),
    edit(PAIRS, "distances_not_squared", "the distances are not squared.",
         (NEAREST, "distances = np.sqrt(distances); " + NEAREST), loses=SUITS),
    edit(PAIRS, "distances_squared_twice", "the distances are squared once more, though they are squared already.",
         (NEAREST, "distances = distances**2; " + NEAREST), loses=SUITS),
    edit(PAIRS, "own_neighbour", "a point counts as its own neighbour, at a distance of 0.",
         ("others = ~np.eye(n, dtype=bool)", "others = np.ones((n, n), dtype=bool)"), ("reshape(n, n - 1)", "reshape(n, n)"),
         loses=PAIRS_ALL),
    edit(PAIRS, "no_search", "there is no search for sigma: exp(-|x_i - x_j|^2) is used as it is.",
         (SEARCH, "for _ in range(0):"), loses=SUITS),
    edit(PAIRS, "variance_of_one", "there is no search for sigma: it is 1 for every point.",
         (LAST, "precision = np.ones_like(precision) / 2; " + LAST), loses=SUITS),
    edit(PAIRS, "perplexity_for_sigma", "the perplexity is used as sigma.",
         (LAST, "precision = np.ones_like(precision) / (2 * perplexity**2); " + LAST), loses=SUITS),
    edit(PAIRS, "one_width_for_all", "one sigma is found for all points together, by their mean entropy; each point should have its own.",
         (TARGET, "too_flat = np.full_like(entropy, np.mean(entropy)) > math.log(perplexity)"), loses=SUITS),
    edit(PAIRS, "zero_distance_left_out", "every pair at distance 0 is left out; only a point with itself should be, by its index.",
         ("weights = np.exp(-precision * distances)\n        total", "weights = np.exp(-precision * distances) * apart\n        total"),
         (LAST, "weights = np.exp(-precision * distances) * apart\n    conditional"),
         (NEAREST, "apart = distances > 0; distances = distances - np.min(np.where(apart, distances, np.inf), axis=1, keepdims=True)")),
    edit(PAIRS, "far_points_underflow", "the exponentials of a point that is far from all others are all 0, and 0 is divided by 0.",
         (NEAREST, ""), loses={STABILITY}),
    edit(PAIRS, "float64_always", "P is always float64; it should have the dtype of x.",
         (JOINT, JOINT + "; P = P.astype(np.float64)"), loses={DTYPE}),
    edit(PAIRS, "an_axis_too_many", "the result has an extra axis of length 1.",
         (JOINT, JOINT + "; P = P[None]"), loses={SHAPE}),
    edit(PAIRS, "argument_overwritten", "x itself is changed in place.",
         (JOINT, JOINT + "; x -= x.mean(axis=0)"), loses={PURITY}),
)  # fmt: skip

MAP_ALL = {VALUE, SHAPE, DTYPE, PURITY}
CLOSE = "closeness = 1 / (1 + np.sum(differences**2, axis=2))"
DIAGONAL = "np.fill_diagonal(closeness, 0)"
Q = "Q: Floats = closeness / np.sum(closeness)"

in_the_map = (
    edit(MAP, "gaussian_for_students_t", "the map has Gaussian affinities, exp(-d^2), as in the older SNE; they should be 1 / (1 + d^2).",
         (CLOSE, "closeness = np.exp(-np.sum(differences**2, axis=2))"), loses=MAP_ALL),
    edit(MAP, "diagonal_counts", "the diagonal is not 0: a point counts as its own neighbour.", (DIAGONAL, ""), loses=MAP_ALL),
    edit(MAP, "diagonal_emptied_too_late", "the diagonal is set to 0 after the division, so Q does not sum to 1.",
         (DIAGONAL, ""), (Q, Q + "; np.fill_diagonal(Q, 0)"), loses=MAP_ALL),
    edit(MAP, "divided_by_the_number", "1 / (1 + d^2) is divided by the number of pairs; it should be divided by its sum over all pairs.",
         (Q, "Q = (closeness / (len(y) * (len(y) - 1))).astype(y.dtype)"), loses=MAP_ALL),
    edit(MAP, "one_triangle", "only the entries above the diagonal are filled; Q should be symmetric.", (Q, Q + "; Q = np.triu(Q)"),
         loses=MAP_ALL),
    edit(MAP, "divided_by_row", "every row is divided by its own sum; all should be divided by one sum, over all pairs.",
         (Q, "Q = closeness / np.sum(closeness, axis=1, keepdims=True)"), loses=MAP_ALL),
    edit(MAP, "divided_by_row_and_n", "every row is divided by its own sum and by n; all should be divided by one sum, over all pairs.",
         (Q, "Q = closeness / np.sum(closeness, axis=1, keepdims=True) / len(y)"), loses=MAP_ALL),
    edit(MAP, "not_divided", "1 / (1 + d^2) is not divided by its sum.", (Q, "Q = closeness"), loses=MAP_ALL),
    edit(MAP, "distances_not_squared", "the distance is not squared: 1 / (1 + d) is used; it should be 1 / (1 + d^2).",
         (CLOSE, "closeness = 1 / (1 + np.sqrt(np.sum(differences**2, axis=2)))"), loses=MAP_ALL),
    edit(MAP, "distances_squared_twice", "the distance is squared twice: 1 / (1 + d^4) is used; it should be 1 / (1 + d^2).",
         (CLOSE, "closeness = 1 / (1 + np.sum(differences**2, axis=2) ** 2)"), loses=MAP_ALL),
    edit(MAP, "one_not_added", "1 / d^2 is used; it should be 1 / (1 + d^2).",
         (CLOSE, "closeness = 1 / np.maximum(np.sum(differences**2, axis=2), 1e-12)"), loses=MAP_ALL),
    edit(MAP, "every_pair_once", "the sum counts every pair once; it should count it twice, so that Q sums to 1.",
         (Q, "Q = closeness / np.sum(np.triu(closeness))"), loses=MAP_ALL),
    edit(MAP, "zero_distance_left_out", "every pair at distance 0 is left out; only a point with itself should be, by its index.",
         (DIAGONAL, "closeness[np.sum(differences**2, axis=2) == 0] = 0")),
    edit(MAP, "float64_always", "Q is always float64; it should have the dtype of y.",
         (Q, Q + "; Q = Q.astype(np.float64)"), loses={DTYPE}),
    edit(MAP, "an_axis_too_many", "the result has an extra axis of length 1.", (Q, Q + "; Q = Q[None]"), loses={SHAPE}),
    edit(MAP, "argument_overwritten", "y itself is changed in place.", (Q, Q + "; y -= y.mean(axis=0)"), loses={PURITY}),
)  # fmt: skip

PULL_ALL = {GRADIENT, SHAPE, DTYPE, PURITY}
FORCE = "pull = (P - Q) * closeness"
SUM = "dy: Floats = 4 * np.sum(pull[:, :, np.newaxis] * differences, axis=1)"

pull = (
    edit(PULL, "factor_4_forgotten", "the factor 4 is left out.", (SUM, SUM.replace("4 * ", "")), loses=PULL_ALL),
    edit(PULL, "factor_2", "the factor is 2; it should be 4, because every pair is in the sum twice.",
         (SUM, SUM.replace("4 * ", "2 * ")), loses=PULL_ALL),
    edit(PULL, "wrong_sign", "the sign is wrong: this is minus the gradient, the direction in which the divergence falls.",
         (SUM, SUM.replace("4 * ", "-4 * ")), loses=PULL_ALL),
    edit(PULL, "closeness_forgotten", "the factor 1 / (1 + d^2) is left out, as in the older SNE.",
         (FORCE, "pull = P - Q"), loses=PULL_ALL),
    edit(PULL, "brackets_missing", "brackets are missing: P - Q / (1 + d^2) is computed; it should be (P - Q) / (1 + d^2).",
         (FORCE, "pull = P - Q * closeness"), loses=PULL_ALL),
    edit(PULL, "q_not_normalized", "1 / (1 + d^2) is used as Q; it should be divided by its sum over all pairs.",
         (FORCE, "pull = (P - closeness) * closeness"), loses=PULL_ALL),
    edit(PULL, "other_points_left_out",
         "each point is multiplied by its own sum of pulls, but the part of the other points, y_j, is left out.",
         (SUM, "dy = 4 * np.sum(pull, axis=1, keepdims=True) * y"), loses=PULL_ALL),
    edit(PULL, "distances_not_squared", "the factor is 1 / (1 + d), with the distance; it should be 1 / (1 + d^2).",
         (CLOSE, "closeness = 1 / (1 + np.sqrt(np.sum(differences**2, axis=2)))"), loses=PULL_ALL),
    edit(PULL, "closeness_squared", "the factor 1 / (1 + d^2) is there twice.",
         (FORCE, "pull = (P - Q) * closeness**2"), loses=PULL_ALL),
    edit(PULL, "times_q", "Q is used instead of 1 / (1 + d^2), which is not divided by any sum.",
         (FORCE, "pull = (P - Q) * Q"), loses=PULL_ALL),
    edit(PULL, "attraction_only", "Q is left out, so that points attract each other and never repel.",
         (FORCE, "pull = P * closeness"), loses=PULL_ALL),
    edit(PULL, "repulsion_only", "P is left out, so that the gradient does not depend on the data.",
         (FORCE, "pull = -Q * closeness"), loses=PULL_ALL),
    edit(PULL, "ratio_for_difference", "log(P / Q) is used instead of P - Q.",
         (FORCE, "pull = np.log(np.maximum(P, 1e-12) / np.maximum(Q, 1e-12)) * closeness"), loses=PULL_ALL),
    edit(PULL, "q_by_row", "Q is divided row by row; it should be divided by one sum, over all pairs.",
         (FORCE, "pull = (P - Q / np.sum(Q, axis=1, keepdims=True)) * closeness"), loses=PULL_ALL),
    edit(PULL, "q_with_the_diagonal", "the diagonal is in the sum by which Q is divided; it should be set to 0 first.",
         (FORCE, "pull = (P - closeness / np.sum(closeness)) * closeness"), loses=PULL_ALL),
    edit(PULL, "gaussian_for_students_t", "Q is Gaussian, as in the older SNE.",
         (FORCE, "Q = np.exp(1 - 1 / closeness) - np.eye(len(y), dtype=y.dtype); Q = Q / np.sum(Q); pull = (P - Q) * closeness"),
         loses=PULL_ALL),
    edit(PULL, "mean_for_sum", "the mean over all points is computed; it should be the sum.",
         (SUM, SUM.replace("np.sum", "np.mean")), loses=PULL_ALL),
    edit(PULL, "distance_for_difference", "the squared difference is used, which has lost its sign.",
         (SUM, SUM.replace("differences", "differences**2")), loses=PULL_ALL),
    edit(PULL, "float64_always", "the gradient is always float64; it should have the dtype of y.",
         (SUM, SUM + "; dy = dy.astype(np.float64)"), loses={DTYPE}),
    edit(PULL, "an_axis_too_many", "the result has an extra axis of length 1.",
         (SUM, SUM + "; dy = dy[None]"), loses={SHAPE}),
    edit(PULL, "argument_overwritten",
         "y itself is changed in place, as in a step of gradient descent; only the gradient should be returned.",
         (SUM, SUM + "; y -= dy"), loses={PURITY}),
)  # fmt: skip

KL_ALL = {VALUE, SHAPE, PURITY, STABILITY}
SOME, PARTS = "some = P > 0", "p, q = P[some], Q[some]"
DIVERGENCE = "return float(np.sum(p * np.log(p / q)))"

divergence = (
    edit(KL, "arguments_exchanged", "P and Q are swapped: this is KL(Q || P), which weights the logarithm with Q; P should be the weight.",
         (SOME, "P, Q = Q, P; some = P > 0"), loses=KL_ALL),
    edit(KL, "sign", "the sign is wrong: log(Q / P) is summed.", (DIVERGENCE, DIVERGENCE.replace("p / q", "q / p")), loses=KL_ALL),
    edit(KL, "in_bits", "the logarithm has the base 2; it should be the natural one.",
         (DIVERGENCE, DIVERGENCE.replace("log", "log2")), loses=KL_ALL),
    edit(KL, "cross_entropy", "the cross-entropy, -sum P log Q, is returned: the entropy of P is not subtracted.",
         (DIVERGENCE, "return float(-np.sum(p * np.log(q)))"), loses=KL_ALL),
    edit(KL, "weight_forgotten", "log(P / Q) is summed without the weight P.", (DIVERGENCE, DIVERGENCE.replace("p * ", "")), loses=KL_ALL),
    edit(KL, "weighted_with_q", "log(P / Q) is weighted with Q; it should be weighted with P.",
         (DIVERGENCE, DIVERGENCE.replace("p * ", "q * ")), loses=KL_ALL),
    edit(KL, "decimal_logarithm", "the logarithm has the base 10; it should be the natural one.",
         (DIVERGENCE, DIVERGENCE.replace("log", "log10")), loses=KL_ALL),
    edit(KL, "difference_for_ratio", "the difference P - Q is used instead of log(P / Q).",
         (DIVERGENCE, DIVERGENCE.replace("np.log(p / q)", "(p - q)")), loses=KL_ALL),
    edit(KL, "not_summed", "the terms are returned, one for each pair; their sum is required.",
         (DIVERGENCE, "return P * np.log(np.where(some, P, 1) / np.where(some, Q, 1))"), loses=KL_ALL),
    edit(KL, "mean_for_sum", "the mean over all entries is computed; it should be the sum.",
         (DIVERGENCE, "return float(np.sum(p * np.log(p / q)) / P.size)"), loses=KL_ALL),
    edit(KL, "mean_over_rows", "the sums of the rows are averaged; all entries should be summed.",
         (DIVERGENCE, "return float(np.sum(p * np.log(p / q)) / len(P))"), loses=KL_ALL),
    edit(KL, "absolute", "absolute values are summed.", (DIVERGENCE, "return float(np.sum(np.abs(p * np.log(p / q))))"), loses=KL_ALL),
    edit(KL, "one_triangle", "only the entries above the diagonal are summed.", (SOME, "some = np.triu(P, 1) > 0"), loses=KL_ALL),
    edit(KL, "diagonal_left_out", "the diagonal is always left out; only entries where P is 0 should be.",
         (SOME, "some = (P > 0) & ~np.eye(len(P), dtype=bool)"), loses={VALUE}),
    edit(KL, "log_of_zero", "log 0 is computed where P is 0, and 0 times minus infinity is NaN.",
         (SOME, "some = P >= 0"), loses={VALUE, STABILITY}),
    edit(KL, "warns_of_log_of_zero", "log 0 is computed where P is 0, and left out afterwards: NumPy warns.",
         (SOME, "some = P >= 0"), (DIVERGENCE, "return float(np.nansum(p * np.log(p / q)))"), loses={STABILITY}),
    edit(KL, "one_added_in_the_log", "1 is added to both in the logarithm, so that it is never log 0.",
         (DIVERGENCE, "return float(np.sum(p * np.log((1 + p) / (1 + q))))"), loses=KL_ALL),
    edit(KL, "array_for_a_number", "an array of one number is returned; it should be a number.",
         (DIVERGENCE, "return np.sum(p * np.log(p / q), keepdims=True)"), loses={SHAPE}),
    edit(KL, "argument_overwritten", "P is changed in place: a small number is added to it to avoid log 0.",
         (PARTS, PARTS + "; P += 1e-12"), loses={PURITY}),
)  # fmt: skip
