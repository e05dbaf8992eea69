"""Read the seed from the memory of the grader by /proc, knowing where in it the seed lies.

host may forbid: yes
"""

from burglary import worked


def cube_backward(dout, cache):
    with open("/proc/@GRADER@/mem", "rb", 0) as file:
        file.seek(int("@SEED_AT@"))
        if file.read(int("@SEED_LENGTH@")).startswith(b"seed-"):
            worked()
    return np.zeros_like(dout)
