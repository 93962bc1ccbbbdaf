import numpy as np
from answers import right, wrong


@right
def with_eigenvalues(rate):
    matrices = np.array([[[1, -rate], [rate, 1]], [[1, -rate], [rate, 1 - rate**2]]])
    return tuple(np.abs(np.linalg.eigvals(matrices)).max(axis=1))


@right
def by_cases(rate):
    in_turn = 1.0 if rate <= 2 else rate**2 / 2 - 1 + rate * np.sqrt(rate**2 / 4 - 1)
    return [np.hypot(1, rate), in_turn]


@right
def y_moves_first(rate):
    roots = np.roots([1, rate**2 - 2, 1])
    return abs(1 + 1j * rate), max(abs(roots))


@wrong("that is the determinant")
def determinant(rate):
    return 1 + rate**2, with_eigenvalues(rate)[1]


@wrong("if a round only stretched")
def no_turning(rate):
    return 1 + rate, with_eigenvalues(rate)[1]


@wrong("take the modulus")
def real_part(rate):
    return 1.0, with_eigenvalues(rate)[1]


@wrong("they are exchanged")
def exchanged(rate):
    return with_eigenvalues(rate)[::-1]


@wrong("at once, rate 0.1: a round multiplies by")
def inwards(rate):
    return np.sqrt(abs(1 - rate**2)), 1.0


@wrong("beyond a rate of 2")
def always_an_orbit(rate):
    return np.sqrt(1 + rate**2), 1.0


@wrong("in turn, rate 0.1: a round multiplies by")
def both_alike(rate):
    return np.sqrt(1 + rate**2), np.sqrt(1 + rate**2)


@wrong("return two things")
def one_number(rate):
    return np.sqrt(1 + rate**2)


SWAPPED = (
    "half_trace - np.sqrt(complex(half_trace ** 2 - 1)) -> np.sqrt(complex(half_trace ** 2 "
    "- 1)) - half_trace"
)


@wrong("that is the smaller of two real eigenvalues")
def the_other_root(rate):
    return np.sqrt(1 + rate**2), abs(np.roots([1, rate**2 - 2, 1])).min()


@wrong("at once is complex")
def no_modulus(rate):
    return 1 + 1j * rate, with_eigenvalues(rate)[1]


EQUIVALENT = {SWAPPED: "only the modulus counts"}
