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
        function, rate, "an_array_of_one", "an array of one number is returned; return a plain number.", f"np.array([{rate}])", {SHAPE}
    )


STEP, STEP_RATE, DROPS = "step_decay", "lr * drop**drops", "drops = epoch // every"

step_decay = (
    of(STEP, DROPS, "no_whole_drops", "epoch / every is not rounded down: the rate decays in every epoch.", "drops = epoch / every"),
    of(STEP, DROPS, "counted_from_one", "epochs are counted from 1: each drop comes one epoch early.", "drops = (epoch + 1) // every", ALL),
    of(STEP, DROPS, "one_epoch_late", "each drop comes one epoch late: epoch `every` still has the old rate.",
       "drops = max(epoch - 1, 0) // every"),
    of(STEP, DROPS, "one_drop_too_few", "1 is subtracted from the epoch first: each drop is late, and epoch 0 has lr / drop.",
       "drops = (epoch - 1) // every", ALL),
    of(STEP, DROPS, "one_drop_too_many", "there is one drop too many: epoch 0 has lr * drop already.", "drops = epoch // every + 1", ALL),
    of(STEP, DROPS, "rounded_up", "epoch / every is rounded up; it should be rounded down.", "drops = -(-epoch // every)"),
    of(STEP, DROPS, "rounded_to_nearest", "epoch / every is rounded to the nearest whole number; it should be rounded down.",
       "drops = round(epoch / every)"),
    of(STEP, DROPS, "dropped_in_every_epoch", "the rate drops in every epoch; `every` is left out.", "drops = epoch", ALL),
    of(STEP, DROPS, "dropped_once", "the rate drops only once.", "drops = min(epoch // every, 1)", ALL),
    of(STEP, DROPS, "dropped_at_multiples_alone", "the rate is lower in the epochs that are multiples of `every`, and nowhere else.",
       "drops = epoch // every if epoch % every == 0 else 0"),
    of(STEP, DROPS, "remainder", "the remainder of epoch / every is used as the number of drops; it should be the whole part.",
       "drops = epoch % every", ALL),
    returning(STEP, STEP_RATE, "product_for_power", "drop is multiplied by the number of drops; it should be raised to that power.",
              "lr * drop * drops", ALL),
    returning(STEP, STEP_RATE, "drop_taken_off", "the rate is multiplied by 1 - drop at every drop; it should be multiplied by drop.",
              "lr * (1 - drop) ** drops", ALL),
    returning(STEP, STEP_RATE, "divided", "the rate is divided by drop, and grows.", "lr / drop**drops", ALL),
    returning(STEP, STEP_RATE, "brackets_misplaced", "lr is inside the power: (lr * drop)^n; it should be lr * drop^n.",
              "(lr * drop) ** drops", ALL),
    array_of_one(STEP, STEP_RATE),
)  # fmt: skip

EXPONENTIAL, EXPONENTIAL_RATE = "exponential_decay", "lr * math.exp(-k * epoch)"
EXPONENTIAL_ALL = {VALUE, SHAPE, STABILITY}


def exponential(name: str, explanation: str, instead: str) -> Mistake:
    """Declare a rate that is wrong from the first epoch on."""
    return returning(EXPONENTIAL, EXPONENTIAL_RATE, name, explanation, instead, EXPONENTIAL_ALL)


exponential_decay = (
    exponential("growth", "the sign of the exponent is missing: the rate grows.", "lr * np.exp(k * epoch)"),
    exponential("powers_of_k", "the rate is lr * k^epoch; it should be lr * e^(-k * epoch).", "lr * k**epoch"),
    exponential("share_taken_off", "the rate is lr * (1 - k)^epoch, which is close to lr * e^(-k * epoch) only for small k.",
                "lr * (1 - k) ** epoch"),
    exponential("powers_of_two", "the base of the power is 2; it should be e.", "lr * 2 ** (-k * epoch)"),
    exponential("powers_of_ten", "the base of the power is 10; it should be e.", "lr * 10 ** (-k * epoch)"),
    exponential("time_constant", "epoch is divided by k in the exponent; it should be multiplied by k.",
                "lr * (math.exp(-epoch / k) if k else 1)"),
    exponential("counted_from_one", "epochs are counted from 1: the rate is multiplied by e^-k once too often.",
                "lr * math.exp(-k * (epoch + 1))"),
    exponential("complement", "the rate is lr * (1 - e^(-k * epoch)), which rises; it should be lr * e^(-k * epoch).",
                "lr * (1 - math.exp(-k * epoch))"),
    exponential("epoch_left_out", "epoch is left out: the rate is lr * e^-k in every epoch.", "lr * math.exp(-k)"),
    exponential("minus_outside", "the minus sign is outside the exponential: the rate is -lr * e^(k * epoch).", "-lr * np.exp(k * epoch)"),
    exponential("epoch_outside", "epoch is outside the exponential; it should be in the exponent.", "lr * math.exp(-k) * epoch"),
    exponential("rate_inside", "lr is in the exponent; it should multiply the exponential.", "math.exp(-lr * k * epoch)"),
    exponential("inverse_time", "the rate is lr / (1 + k * epoch), which is inverse_time_decay.", "lr / (1 + k * epoch)"),
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
    inverse("product_over_epochs", "the factors of all epochs are multiplied together; divide lr only by that of the present epoch.",
            "lr / math.prod(1 + k * past for past in range(epoch + 1))"),
    inverse("power_for_product", "the rate is lr / (1 + k)^epoch, an exponential decay; it should be lr / (1 + k * epoch).",
            "lr / (1 + k) ** epoch"),
    inverse("divided_in_every_epoch", "lr is divided by 1 + k once per epoch: lr / (1 + k)^epoch; it should be lr / (1 + k * epoch).",
            "lr * (1 + k) ** -epoch"),
    inverse("epoch_left_out", "epoch is left out: the rate is lr / (1 + k) in every epoch.", "lr / (1 + k)"),
    inverse("subtracted", "1 - k * epoch is in the denominator; it should be 1 + k * epoch.", "lr / (1 - k * epoch)"),
    inverse("counted_from_one", "epochs are counted from 1: the rate is that of the next epoch.", "lr / (1 + k * (epoch + 1))"),
    inverse("root", "the rate is divided by the root of 1 + k * epoch; it should be divided by 1 + k * epoch itself.",
            "lr / math.sqrt(1 + k * epoch)"),
    inverse("k_forgotten", "k is left out: the rate is lr / (1 + epoch).", "lr / (1 + epoch)"),
    inverse("k_outside", "k is in the numerator; it should multiply epoch in the denominator.", "lr * k / (1 + epoch)"),
    inverse("growth", "the rate is multiplied by 1 + k * epoch, and grows; it should be divided by it.", "lr * (1 + k * epoch)"),
    inverse("exponential", "the rate is lr * e^(-k * epoch), which is exponential_decay.", "lr * math.exp(-k * epoch)"),
    array_of_one(INVERSE, INVERSE_RATE),
)  # fmt: skip

COSINE, COSINE_RATE = "cosine_restarts", "lr_min + (lr_max - lr_min) * (1 + cosine) / 2"
GROWS, WHILE, ANGLE = "length *= mult", "while t >= length:", "cosine = math.cos(math.pi * t / length)"
START = "t, length = step, period\n"

cosine_restarts = (
    of(COSINE, GROWS, "periods_alike", "all periods have the length of the first; mult is not used.", "length *= 1"),
    of(COSINE, GROWS, "mult_added", "each period is mult steps longer than the one before; it should be mult times as long.",
       "length += mult"),
    of(COSINE, GROWS, "period_times_number", "the periods are 1, mult, 2 mult, 3 mult ... times the first: mult is not raised to a power.",
       "length = length + mult * period if length > period else period * mult"),
    of(COSINE, GROWS, "periods_shortened", "each period is shorter than the one before: it is divided by mult.",
       "length = max(length // mult, 1)"),
    edit(COSINE, "restarts_at_powers",
         "you restart at the steps period * mult^n; these are the lengths of the periods, so restarts come at their sums.",
         (f"{WHILE}\n", "while step >= length and mult > 1:\n"), ("t -= length", "t = step - length"),
         (ANGLE, "cosine = math.cos(math.pi * t / (length - length / mult if length > period and mult > 1 else length))")),
    edit(COSINE, "not_reset", "the period grows, but t is not set back to 0 at a restart.",
         (WHILE, "while step >= length:"), ("t -= length", "step -= length")),
    edit(COSINE, "length_of_the_first", "the periods begin at the right steps, but t is always divided by the length of the first one.",
         (ANGLE, "cosine = math.cos(math.pi * t / period)")),
    of(COSINE, WHILE, "restart_one_step_late",
       "the step right after a period still belongs to it, and has lr_min; it should be the first of the next one.",
       "while t > length:"),
    edit(COSINE, "one_restart_alone", "there is only one restart.", (WHILE, "if t >= length:")),
    edit(COSINE, "no_restart", "there is no restart: the cosine goes on, and the rate rises again.", (WHILE, "while False:")),
    edit(COSINE, "stays_down", "there is no restart: after the first period the rate stays at lr_min.",
         (WHILE, "while False:"), (ANGLE, "cosine = math.cos(math.pi * min(t / length, 1))")),
    of(COSINE, ANGLE, "reaches_the_lower_bound", "t is divided by T - 1, not by T, so that the last step of a period already has lr_min.",
       "cosine = math.cos(math.pi * t / max(length - 1, 1))", ALL),
    edit(COSINE, "counted_from_one", "steps are counted from 1: the rate is that of the next step.",
         (START, "t, length = step + 1, period\n"), loses=ALL),
    of(COSINE, ANGLE, "whole_wave", "the cosine goes through a whole wave in a period: down and up again.",
       "cosine = math.cos(2 * math.pi * t / length)", ALL),
    of(COSINE, ANGLE, "quarter_wave", "the cosine goes through a quarter of a wave in a period.",
       "cosine = math.cos(math.pi * t / length / 2)", ALL),
    of(COSINE, ANGLE, "no_pi", "pi is left out.", "cosine = math.cos(t / length)", ALL),
    of(COSINE, ANGLE, "degrees", "the angle is in degrees; the cosine takes radians.", "cosine = math.cos(180 * t / length)", ALL),
    of(COSINE, ANGLE, "straight_line", "the rate falls in a straight line; it should fall along a cosine.", "cosine = 1 - 2 * t / length",
       ALL),
    of(COSINE, ANGLE, "sine", "a sine is used instead of the cosine.", "cosine = math.sin(math.pi * t / length)", ALL),
    edit(COSINE, "first_period_subtracted",
         "the length of the first period is subtracted at every restart; subtract that of the period just over.",
         ("t -= length", "t -= period")),
    returning(COSINE, COSINE_RATE, "brackets_missing", "the brackets around 1 + cos are missing: the factor multiplies only the 1.",
              "lr_min + (lr_max - lr_min) * 1 + cosine / 2", ALL),
    returning(COSINE, COSINE_RATE, "upside_down", "the rate rises from lr_min to lr_max within a period.",
              "lr_min + (lr_max - lr_min) * (1 - cosine) / 2", ALL),
    returning(COSINE, COSINE_RATE, "not_halved", "1 + cos is not halved.", "lr_min + (lr_max - lr_min) * (1 + cosine)", ALL),
    returning(COSINE, COSINE_RATE, "lower_bound_not_subtracted", "the factor is lr_max; it should be lr_max - lr_min.",
              "lr_min + lr_max * (1 + cosine) / 2", ALL),
    returning(COSINE, COSINE_RATE, "lower_bound_not_added", "lr_min is not added.", "(lr_max - lr_min) * (1 + cosine) / 2", ALL),
    returning(COSINE, COSINE_RATE, "lower_bound_ignored", "lr_min is ignored: the rate falls to 0.", "lr_max * (1 + cosine) / 2", ALL),
    array_of_one(COSINE, COSINE_RATE),
)  # fmt: skip

CYCLIC, CYCLIC_RATE = "cyclic_lr", "lr_min + (lr_max - lr_min) * height"
PHASE, HEIGHT = "phase = (step % (2 * half_period)) / half_period", "height = 1 - abs(phase - 1)"

cyclic_lr = (
    of(CYCLIC, PHASE, "whole_period", "half_period is used as the length of a whole cycle: the rate rises and falls twice as fast.",
       "phase = (step % half_period) / half_period * 2", ALL),
    of(CYCLIC, PHASE, "twice_as_slow", "the rate takes 2 * half_period steps to rise.",
       "phase = (step % (4 * half_period)) / half_period / 2", ALL),
    edit(CYCLIC, "saw_tooth", "the rate drops to lr_min at once; it should fall in a straight line.",
         (PHASE, "phase = (step % half_period) / half_period"), (HEIGHT, "height = phase"), loses=ALL),
    edit(CYCLIC, "slow_saw_tooth",
         "the rate rises for a whole cycle and then drops at once; it should rise for half of it and fall for the other half.",
         (HEIGHT, "height = phase / 2"), loses=ALL),
    of(CYCLIC, HEIGHT, "starts_at_the_upper_bound", "the rate starts at lr_max and falls first.", "height = abs(phase - 1)", ALL),
    of(CYCLIC, PHASE, "one_cycle_alone", "there is only one cycle: afterwards the rate stays at lr_min.",
       "phase = min(step, 2 * half_period) / half_period"),
    of(CYCLIC, PHASE, "falls_for_ever", "the cycle is not repeated: the rate goes on falling.", "phase = step / half_period"),
    of(CYCLIC, PHASE, "cycle_too_short",
       "the rate drops to lr_min at half_period and stays there, as in Smith's formula with cycles of half_period, not twice that.",
       "phase = step / half_period if step < half_period else 0", ALL),
    edit(CYCLIC, "cycle_too_short_not_cut_off",
         "cycles are counted by half_period, not by 2 * half_period, and the rate falls below lr_min without max(0, ...).",
         (PHASE, "phase = step / half_period"), (HEIGHT, "height = 1 - abs(phase - 2 * math.floor(1 + phase) + 1)"), loses=ALL),
    edit(CYCLIC, "smiths_one_left_out",
         "the rate rises only in the second half, as in Smith's formula without its + 1: |step / half_period - 2 * cycle + 1|.",
         (HEIGHT, "height = max(0, phase - 1)"), loses=ALL),
    of(CYCLIC, PHASE, "stays_up", "the rate rises once and stays at lr_max.", "phase = min(step / half_period, 1)"),
    of(CYCLIC, HEIGHT, "halved_in_each_cycle", "lr_max - lr_min is halved from cycle to cycle (triangular2); all cycles should be alike.",
       "height = (1 - abs(phase - 1)) / 2 ** (step // (2 * half_period))"),
    of(CYCLIC, PHASE, "counted_from_one", "steps are counted from 1: the rate is that of the next step.",
       "phase = ((step + 1) % (2 * half_period)) / half_period", ALL),
    of(CYCLIC, PHASE, "whole_numbers", "the division by half_period is rounded down, so that the rate jumps between the bounds.",
       "phase = (step % (2 * half_period)) // half_period", ALL),
    of(CYCLIC, HEIGHT, "along_a_cosine", "the rate follows a cosine; it should follow straight lines.",
       "height = (1 - math.cos(math.pi * phase)) / 2", ALL),
    of(CYCLIC, HEIGHT, "distance_for_height",
       "the distance is measured from the start of the cycle; it should be measured from its middle, where the rate is lr_max.",
       "height = 1 - abs(phase)", ALL),
    returning(CYCLIC, CYCLIC_RATE, "lower_bound_not_subtracted", "the factor is lr_max; it should be lr_max - lr_min.",
              "lr_min + lr_max * height", ALL),
    returning(CYCLIC, CYCLIC_RATE, "lower_bound_not_added", "lr_min is not added.", "(lr_max - lr_min) * height", ALL),
    returning(CYCLIC, CYCLIC_RATE, "lower_bound_as_floor",
              "the rate rises from 0, and lr_min is only its lower limit; it should rise from lr_min.",
              "max(lr_min, lr_max * height)", ALL),
    array_of_one(CYCLIC, CYCLIC_RATE),
)  # fmt: skip
