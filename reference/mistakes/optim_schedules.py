"""Known mistakes of the learning-rate schedules."""

from __future__ import annotations

from grader.checks import Kind, Mistake, edit

VALUE, SHAPE, STABILITY = Kind.VALUE, Kind.SHAPE, Kind.STABILITY
ALL = {VALUE, SHAPE}


def of(function: str, line: str, name: str, explanation: str, instead: str, loses: set[Kind] | None = None) -> Mistake:
    """Declare another `line`."""
    return edit(function, name, explanation, (line, instead), loses=loses)


def returning(function: str, rate: str, name: str, explanation: str, instead: str, loses: set[Kind] | None = None) -> Mistake:
    """Declare another rate in the last line."""
    return of(function, f"return {rate}", name, explanation, f"return {instead}", loses)


def array_of_one(function: str, rate: str) -> Mistake:
    """Declare the right rate as an array."""
    return returning(
        function, rate, "an_array_of_one", "an array of one number is returned, where a number is required.", f"np.array([{rate}])", {SHAPE}
    )


STEP, STEP_RATE, DROPS = "step_decay", "lr * drop**drops", "drops = epoch // every"

step_decay = (
    of(STEP, DROPS, "no_whole_drops", "epoch / every is not rounded down: the rate decays in every epoch.", "drops = epoch / every"),
    of(STEP, DROPS, "counted_from_one", "epochs are counted from 1: each drop comes one epoch early.", "drops = (epoch + 1) // every", ALL),
    of(STEP, DROPS, "one_epoch_late", "each drop comes one epoch late: epoch `every` still has the old rate.",
       "drops = max(epoch - 1, 0) // every"),
    of(STEP, DROPS, "rounded_to_nearest", "epoch / every is rounded to the nearest whole number, and not down.",
       "drops = round(epoch / every)"),
    of(STEP, DROPS, "dropped_in_every_epoch", "the rate drops in every epoch; `every` is left out.", "drops = epoch", ALL),
    of(STEP, DROPS, "dropped_once", "the rate drops once only.", "drops = min(epoch // every, 1)", ALL),
    of(STEP, DROPS, "dropped_at_multiples_alone", "the rate is lower in the epochs that are multiples of `every`, and nowhere else.",
       "drops = epoch // every if epoch % every == 0 else 0"),
    of(STEP, DROPS, "remainder", "the remainder of epoch by `every` is taken for the number of drops.", "drops = epoch % every", ALL),
    returning(STEP, STEP_RATE, "product_for_power", "drop is multiplied by the number of drops, and not raised to it.",
              "lr * drop * drops", ALL),
    returning(STEP, STEP_RATE, "drop_taken_off", "drop is taken for the share that is taken off: the rate is multiplied by 1 - drop.",
              "lr * (1 - drop) ** drops", ALL),
    returning(STEP, STEP_RATE, "divided", "the rate is divided by drop, and grows.", "lr / drop**drops", ALL),
    returning(STEP, STEP_RATE, "brackets_misplaced", "lr is raised to the power together with drop.", "(lr * drop) ** drops", ALL),
    array_of_one(STEP, STEP_RATE),
)  # fmt: skip

EXPONENTIAL, EXPONENTIAL_RATE = "exponential_decay", "lr * math.exp(-k * epoch)"
EXPONENTIAL_ALL = {VALUE, SHAPE, STABILITY}


def exponential(name: str, explanation: str, instead: str) -> Mistake:
    """Declare a rate that is wrong from the first epoch on."""
    return returning(EXPONENTIAL, EXPONENTIAL_RATE, name, explanation, instead, EXPONENTIAL_ALL)


exponential_decay = (
    exponential("growth", "the sign of the exponent is missing: the rate grows.", "lr * np.exp(k * epoch)"),
    exponential("powers_of_k", "the rate is lr * k^epoch.", "lr * k**epoch"),
    exponential("share_taken_off", "the rate is lr * (1 - k)^epoch, which is the same for small k alone.", "lr * (1 - k) ** epoch"),
    exponential("powers_of_two", "the base is 2, and not e.", "lr * 2 ** (-k * epoch)"),
    exponential("powers_of_ten", "the base is 10, and not e.", "lr * 10 ** (-k * epoch)"),
    exponential("time_constant", "epoch is divided by k, as if k were a time.", "lr * (math.exp(-epoch / k) if k else 1)"),
    exponential("counted_from_one", "epochs are counted from 1: the first has e^-k already.", "lr * math.exp(-k * (epoch + 1))"),
    exponential("epoch_outside", "epoch multiplies the exponential, and not its exponent.", "lr * math.exp(-k) * epoch"),
    exponential("rate_inside", "lr stands in the exponent.", "math.exp(-lr * k * epoch)"),
    exponential("inverse_time", "this is the inverse-time decay.", "lr / (1 + k * epoch)"),
    returning(EXPONENTIAL, EXPONENTIAL_RATE, "divided_by_growth",
              "the rate is lr / e^(k * epoch): the power in the denominator overflows late in training.",
              "lr / np.exp(k * epoch)", {STABILITY}),
    array_of_one(EXPONENTIAL, EXPONENTIAL_RATE),
)  # fmt: skip

INVERSE, INVERSE_RATE = "inverse_time_decay", "lr / (1 + k * epoch)"


def inverse(name: str, explanation: str, instead: str) -> Mistake:
    """Declare a rate that is wrong from the first epoch on."""
    return returning(INVERSE, INVERSE_RATE, name, explanation, instead, ALL)


inverse_time_decay = (
    inverse("brackets_missing", "the brackets are missing: lr / 1 + k * epoch.", "lr / 1 + k * epoch"),
    inverse("brackets_misplaced", "the brackets are misplaced: 1 + k is multiplied by epoch.", "lr / ((1 + k) * epoch) if epoch else lr"),
    inverse("one_left_out", "the 1 is left out of the denominator.", "lr / (k * epoch) if k * epoch else lr"),
    inverse("product_over_epochs", "the factors of all epochs are multiplied up, each on the rate of the epoch before.",
            "lr / math.prod(1 + k * past for past in range(epoch + 1))"),
    inverse("power_for_product", "the rate is lr / (1 + k)^epoch, which decays exponentially.", "lr / (1 + k) ** epoch"),
    inverse("counted_from_one", "epochs are counted from 1.", "lr / (1 + k * (epoch + 1))"),
    inverse("root", "the rate decays as one over the root of time.", "lr / math.sqrt(1 + k * epoch)"),
    inverse("k_forgotten", "k is left out.", "lr / (1 + epoch)"),
    inverse("k_outside", "k stands in the numerator.", "lr * k / (1 + epoch)"),
    inverse("growth", "the rate is multiplied by 1 + k * epoch, and grows.", "lr * (1 + k * epoch)"),
    inverse("exponential", "this is the exponential decay.", "lr * math.exp(-k * epoch)"),
    array_of_one(INVERSE, INVERSE_RATE),
)  # fmt: skip

COSINE, COSINE_RATE = "cosine_restarts", "lr_min + (lr_max - lr_min) * (1 + cosine) / 2"
GROWS, WHILE, ANGLE = "length *= mult", "while t >= length:", "cosine = math.cos(math.pi * t / length)"
START = "t, length = step, period\n"

cosine_restarts = (
    of(COSINE, GROWS, "periods_alike", "all periods have the length of the first; mult is not used.", "length *= 1"),
    of(COSINE, GROWS, "mult_added", "each period is mult steps longer than the one before, and not mult times as long.", "length += mult"),
    of(COSINE, GROWS, "period_times_number", "the periods are 1, mult, 2 mult, 3 mult ... times the first: mult is not raised to a power.",
       "length = length + mult * period if length > period else period * mult"),
    of(COSINE, GROWS, "periods_shortened", "each period is shorter than the one before: it is divided by mult.",
       "length = max(length // mult, 1)"),
    edit(COSINE, "restarts_at_powers", "a restart is due at the steps period * mult^n; the periods are that long, and follow one another.",
         (f"{WHILE}\n", "while step >= length and mult > 1:\n"), ("t -= length", "t = step - length"),
         (ANGLE, "cosine = math.cos(math.pi * t / (length - length / mult if length > period and mult > 1 else length))")),
    edit(COSINE, "not_reset", "the period grows, but t is not set back to 0 at a restart.",
         (WHILE, "while step >= length:"), ("t -= length", "step -= length")),
    edit(COSINE, "length_of_the_first", "the periods begin at the right steps, but the cosine has the length of the first one.",
         (ANGLE, "cosine = math.cos(math.pi * t / period)")),
    of(COSINE, WHILE, "restart_one_step_late",
       "the step at the end of a period still belongs to it, and has lr_min; it is the first of the next.",
       "while t > length:"),
    edit(COSINE, "one_restart_alone", "there is one restart only.", (WHILE, "if t >= length:")),
    edit(COSINE, "no_restart", "there is no restart: the cosine goes on, and the rate rises again.", (WHILE, "while False:")),
    edit(COSINE, "stays_down", "there is no restart: after the first period the rate stays at lr_min.",
         (WHILE, "while False:"), (ANGLE, "cosine = math.cos(math.pi * min(t / length, 1))")),
    of(COSINE, ANGLE, "reaches_the_lower_bound", "a period of T steps is divided by T - 1, so that its last step has lr_min.",
       "cosine = math.cos(math.pi * t / max(length - 1, 1))", ALL),
    edit(COSINE, "counted_from_one", "steps are counted from 1.", (START, "t, length = step + 1, period\n"), loses=ALL),
    of(COSINE, ANGLE, "whole_wave", "the cosine goes through a whole wave in a period: down and up again.",
       "cosine = math.cos(2 * math.pi * t / length)", ALL),
    of(COSINE, ANGLE, "quarter_wave", "the cosine goes through a quarter of a wave in a period.",
       "cosine = math.cos(math.pi * t / length / 2)", ALL),
    of(COSINE, ANGLE, "no_pi", "pi is left out.", "cosine = math.cos(t / length)", ALL),
    of(COSINE, ANGLE, "degrees", "the angle is in degrees; the cosine takes radians.", "cosine = math.cos(180 * t / length)", ALL),
    of(COSINE, ANGLE, "straight_line", "the rate falls in a straight line, and not along a cosine.", "cosine = 1 - 2 * t / length", ALL),
    of(COSINE, ANGLE, "sine", "a sine stands for the cosine.", "cosine = math.sin(math.pi * t / length)", ALL),
    returning(COSINE, COSINE_RATE, "upside_down", "the rate rises from lr_min to lr_max within a period.",
              "lr_min + (lr_max - lr_min) * (1 - cosine) / 2", ALL),
    returning(COSINE, COSINE_RATE, "not_halved", "1 + cos is not halved.", "lr_min + (lr_max - lr_min) * (1 + cosine)", ALL),
    returning(COSINE, COSINE_RATE, "lower_bound_not_subtracted", "the height is lr_max, and not lr_max - lr_min.",
              "lr_min + lr_max * (1 + cosine) / 2", ALL),
    returning(COSINE, COSINE_RATE, "lower_bound_not_added", "lr_min is not added.", "(lr_max - lr_min) * (1 + cosine) / 2", ALL),
    returning(COSINE, COSINE_RATE, "lower_bound_ignored", "lr_min is ignored: the rate falls to 0.", "lr_max * (1 + cosine) / 2", ALL),
    array_of_one(COSINE, COSINE_RATE),
)  # fmt: skip

CYCLIC, CYCLIC_RATE = "cyclic_lr", "lr_min + (lr_max - lr_min) * height"
PHASE, HEIGHT = "phase = (step % (2 * half_period)) / half_period", "height = 1 - abs(phase - 1)"

cyclic_lr = (
    of(CYCLIC, PHASE, "whole_period", "half_period is taken for the length of a whole cycle: the rate rises and falls twice as fast.",
       "phase = (step % half_period) / half_period * 2", ALL),
    of(CYCLIC, PHASE, "twice_as_slow", "the rate takes 2 * half_period steps to rise.",
       "phase = (step % (4 * half_period)) / half_period / 2", ALL),
    edit(CYCLIC, "saw_tooth", "the rate falls back to lr_min at once, where it should come down in a straight line.",
         (PHASE, "phase = (step % half_period) / half_period"), (HEIGHT, "height = phase"), loses=ALL),
    edit(CYCLIC, "slow_saw_tooth", "the rate rises for a whole cycle and falls back at once.", (HEIGHT, "height = phase / 2"), loses=ALL),
    of(CYCLIC, HEIGHT, "starts_at_the_upper_bound", "the rate starts at lr_max and falls first.", "height = abs(phase - 1)", ALL),
    of(CYCLIC, PHASE, "one_cycle_alone", "there is one cycle only: afterwards the rate stays at lr_min.",
       "phase = min(step, 2 * half_period) / half_period"),
    of(CYCLIC, PHASE, "falls_for_ever", "the cycle is not repeated: the rate goes on falling.", "phase = step / half_period"),
    of(CYCLIC, PHASE, "stays_up", "the rate rises once and stays at lr_max.", "phase = min(step / half_period, 1)"),
    of(CYCLIC, HEIGHT, "halved_in_each_cycle", "the height is halved from cycle to cycle (triangular2); here all cycles are alike.",
       "height = (1 - abs(phase - 1)) / 2 ** (step // (2 * half_period))"),
    of(CYCLIC, PHASE, "counted_from_one", "steps are counted from 1.", "phase = ((step + 1) % (2 * half_period)) / half_period", ALL),
    of(CYCLIC, PHASE, "whole_numbers", "the division by half_period is rounded down: the rate jumps between the bounds.",
       "phase = (step % (2 * half_period)) // half_period", ALL),
    of(CYCLIC, HEIGHT, "along_a_cosine", "the rate goes along a cosine, and not in straight lines.",
       "height = (1 - math.cos(math.pi * phase)) / 2", ALL),
    of(CYCLIC, HEIGHT, "distance_for_height",
       "the distance from the start of the cycle is not folded: 1 - |phase| stands for 1 - |phase - 1|.",
       "height = 1 - abs(phase)", ALL),
    returning(CYCLIC, CYCLIC_RATE, "lower_bound_not_subtracted", "the height is lr_max, and not lr_max - lr_min.",
              "lr_min + lr_max * height", ALL),
    returning(CYCLIC, CYCLIC_RATE, "lower_bound_not_added", "lr_min is not added.", "(lr_max - lr_min) * height", ALL),
    returning(CYCLIC, CYCLIC_RATE, "lower_bound_as_floor", "lr_min is a floor: below it the line from 0 to lr_max is cut off.",
              "max(lr_min, lr_max * height)", ALL),
    array_of_one(CYCLIC, CYCLIC_RATE),
)  # fmt: skip
