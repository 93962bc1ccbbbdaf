import numpy as np

from answers.lessons import right, wrong


def squared(a, b):
    return np.mean((a - b) ** 2)


def by_cases(a, b, share):
    m = share * a + (1 - share) * b
    of_mean = share * squared(m, a) + (1 - share) * squared(m, b)
    of_sample = 2 * share * (1 - share) * squared(a, b)
    return [of_mean, of_sample]


def with_the_mean_of_both(a, b, share):
    m = (a + b) / 2
    return squared(m, a), 2 * share * (1 - share) * squared(a, b)


GIVEN = {
    "expected_errors": [
        right(by_cases),
        right(lambda a, b, s: np.array([1, 2]) * (s - s**2) * squared(a, b)),
        wrong("(of the mean, of sampling)", lambda a, b, s: by_cases(a, b, s)[0]),
        wrong("the two are exchanged", lambda a, b, s: by_cases(a, b, s)[::-1]),
        wrong("always answering one", lambda a, b, s: ((1 - s) * squared(a, b), 0)),
        wrong("summed over pixels", lambda a, b, s: [a.size * e for e in by_cases(a, b, s)]),
        wrong("the plain mean", with_the_mean_of_both),
        wrong("the probabilities of the truth", lambda a, b, s: (0, 0)),
        wrong(
            "the answer varies as well",
            lambda a, b, s: (by_cases(a, b, s)[0], squared(a, b) * (1 - s if s > 0.6 else 0.5)),
        ),
        wrong("A for B, and B for A", lambda a, b, s: 2 * [by_cases(a, b, s)[0]]),
        wrong("they differ less often", lambda a, b, s: (by_cases(a, b, s)[0], squared(a, b) / 2)),
        wrong("How often do they", lambda a, b, s: (by_cases(a, b, s)[0], 3 * squared(a, b))),
    ],
    "even_kernels": [
        wrong("how often is each pixel hit", "a"),
        wrong("once and the next one twice", "c"),
        wrong("count for a kernel of size 4", "d"),
    ],
    "discriminator_pays": [
        wrong("must have the given mean", "a"),
        wrong("left open after it", "b"),
        wrong("closer the plain answer", "d"),
    ],
    "pasted_back": [
        wrong("the seam becomes visible", "a"),
        wrong("no inequality promises it", "c"),
        wrong("stumble over a seam", "d"),
    ],
    "cycle_guarantee": [
        wrong("a thick 1 passes", "a"),
        wrong("every seven comes back", "c"),
        wrong("are thick digits", "d"),
    ],
}
