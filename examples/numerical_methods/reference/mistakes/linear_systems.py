"""The known mistakes of linear systems."""

from grader.checks import Kind, edit, rewrite

VALUE, GRADIENT, SHAPE, DTYPE, PURITY = Kind.VALUE, Kind.GRADIENT, Kind.SHAPE, Kind.DTYPE, Kind.PURITY
ALL = {VALUE, SHAPE, DTYPE, PURITY}

ROW, RETURN = "x[i] = (b[i] - L[i, :i] @ x[:i]) / L[i, i]", "return x, (L, x)"

solve_lower = (
    edit("solve_lower", "not_divided", "a row is not divided by its diagonal element.", (ROW, "x[i] = b[i] - L[i, :i] @ x[:i]"), loses=ALL),
    edit(
        "solve_lower",
        "known_part_added",
        "what the known unknowns contribute is added; it should be subtracted.",
        ("b[i] - ", "b[i] + "),
        loses=ALL,
    ),
    edit(
        "solve_lower",
        "diagonal_alone",
        "b is divided by the diagonal, and what is below the diagonal is left out.",
        (ROW, "x[i] = b[i] / L[i, i]"),
        loses=ALL,
    ),
    edit(
        "solve_lower",
        "right_hand_sides",
        "L[i, :i] is multiplied by b; it should be multiplied by the unknowns that are known already.",
        ("@ x[:i]", "@ b[:i]"),
        loses=ALL,
    ),
    edit("solve_lower", "transposed", "the columns of L are read instead of its rows.", ("L[i, :i]", "L[:i, i]"), loses=ALL),
    edit(
        "solve_lower",
        "divided_first",
        "only b is divided by the diagonal, before the known part is subtracted.",
        (ROW, "x[i] = b[i] / L[i, i] - L[i, :i] @ x[:i]"),
        loses=ALL,
    ),
    edit(
        "solve_lower",
        "whole_matrix",
        "the system is solved with all of L, even with what is above the diagonal.",
        (RETURN, "x = np.linalg.solve(L, b)\n    return x, (L, x)"),
        loses={VALUE},
    ),
    edit(
        "solve_lower",
        "flattened",
        "x loses its axis of columns if there is only one column.",
        (RETURN, "return np.squeeze(x), (L, x)"),
        loses={SHAPE},
    ),
    edit("solve_lower", "float64", "x is always float64.", ("np.zeros_like(b)", "np.zeros(b.shape)"), loses={DTYPE}),
    edit("solve_lower", "in_place", "b itself is overwritten with the solution.", ("np.zeros_like(b)", "b"), loses={PURITY}),
    edit("solve_lower", "no_cache", "only x is returned, without a cache.", (RETURN, "return x"), loses=ALL),
)

DB, DL, GRADIENTS = "db = np.linalg.solve(np.tril(L).T, dx)", "dL = -np.tril(db @ x.T)", "return dL, db"
ALL_BACK = {GRADIENT, SHAPE, DTYPE, PURITY}


def back(name, explanation, old, new, loses):
    return edit("solve_lower_backward", name, explanation, (old, new), loses=loses)


solve_lower_backward = (
    back("not_transposed", "the system is solved with L, not with its transpose.", DB, "db = np.linalg.solve(np.tril(L), dx)", ALL_BACK),
    back("multiplied", "dx is multiplied by the transpose of L; the system should be solved.", DB, "db = np.tril(L).T @ dx", ALL_BACK),
    back(
        "whole_matrix",
        "the system is solved with all of L, even with what is above the diagonal.",
        DB,
        "db = np.linalg.solve(L.T, dx)",
        ALL_BACK,
    ),
    back("full_triangle_gradient", "dL has values above the diagonal, where L is never read.", DL, "dL = -(db @ x.T)", {GRADIENT}),
    back("strict_triangle", "dL is 0 on the diagonal, by which the rows are divided.", DL, "dL = -np.tril(db @ x.T, -1)", {GRADIENT}),
    back("sign", "dL has the wrong sign.", DL, "dL = np.tril(db @ x.T)", {GRADIENT}),
    back("dL_transposed", "dL is x db^T, the transpose of what it should be.", DL, "dL = -np.tril(x @ db.T)", {GRADIENT}),
    back("dL_from_dx", "dL is computed with dx; it should be computed with db.", DL, "dL = -np.tril(dx @ x.T)", {GRADIENT}),
    back("order", "dL and db are returned in the wrong order.", GRADIENTS, "return db, dL", ALL_BACK),
    back("squeezed", "db loses its axis of columns if there is only one column.", GRADIENTS, "return dL, np.squeeze(db)", {SHAPE}),
    back("float64", "the gradients are always float64.", GRADIENTS, "return dL.astype(np.float64), db.astype(np.float64)", {DTYPE}),
    back("in_place", "dx itself is overwritten.", GRADIENTS, "dx[...] = db\n    return dL, db", {PURITY}),
)

STEP = "x = (b - rest @ x) / diagonal"


def step(name, explanation, old, new, loses=frozenset(ALL)):
    return edit("jacobi", name, explanation, (old, new), loses=set(loses))


GAUSS_SEIDEL = """
def jacobi(A, b, x0, steps=1):
    x = x0.copy()
    for _ in range(steps):
        for i in range(len(b)):
            x[i] += (b[i] - A[i] @ x) / A[i, i]
    return x
"""

jacobi = (
    # It arrives at the same solution, so that convergence is not lost, but its kind is.
    rewrite(
        "jacobi",
        "gauss_seidel",
        "new values are used as soon as they are computed: this is the Gauss-Seidel iteration.",
        GAUSS_SEIDEL,
        loses={VALUE},
    ),
    step("with_diagonal", "the sum includes j = i.", "A - np.diag(diagonal)", "A"),
    step("not_divided", "the rows are not divided by the diagonal.", STEP, "x = b - rest @ x"),
    step("plus", "the sum is added; it should be subtracted.", "b - rest", "b + rest"),
    step("transposed", "the columns of A are read instead of its rows.", "rest @ x", "x @ rest"),
    step("one_step_always", "only one step is made; the argument steps is not used.", "range(steps)", "range(1)", {VALUE}),
    step("one_step_more", "one step too many is made.", "range(steps)", "range(steps + 1)", {VALUE}),
    step("from_zero", "the iteration begins at 0, not at x0.", "x = x0", "x = np.zeros_like(x0)", {VALUE}),
    step("column", "x is returned as a column.", "return x", "return x[:, np.newaxis]", {SHAPE}),
    step("float64", "x is always float64.", "return x", "return x.astype(np.float64)", {DTYPE}),
    step("in_place", "x0 itself is overwritten.", STEP, "x[...] = (b - rest @ x) / diagonal", {PURITY}),
)
