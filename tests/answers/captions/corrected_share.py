import math

import numpy as np
from answers import right, wrong


def rates(yes, judged, found, right_ones, passed, wrong_ones):
    sensitivity, alarm = found / right_ones, passed / wrong_ones
    if sensitivity <= alarm:
        raise ValueError("no better than chance")
    return yes / judged, sensitivity, alarm


@right
def with_slopes(yes, judged, found, right_ones, passed, wrong_ones):
    a, s, f = rates(yes, judged, found, right_ones, passed, wrong_ones)
    share = (a - f) / (s - f)
    slopes = np.array([1, -share, share - 1]) / (s - f)
    variances = np.array([a * (1 - a) / judged, s * (1 - s) / right_ones, f * (1 - f) / wrong_ones])
    return share, math.sqrt(slopes**2 @ variances)


@right
def with_youdens_index(yes, judged, found, right_ones, passed, wrong_ones):
    a, s, f = rates(yes, judged, found, right_ones, passed, wrong_ones)
    specificity = 1 - f
    youden = s + specificity - 1
    share = (a + specificity - 1) / youden
    parts = [
        a * (1 - a) / judged,
        share**2 * s * (1 - s) / right_ones,
        (1 - share) ** 2 * f * specificity / wrong_ones,
    ]
    return [share, np.sqrt(sum(parts)) / youden]


@right
def by_differences(*counts):
    pairs = np.reshape(counts, (3, 2)).astype(float)
    p = np.array(rates(*counts))

    def solve(p):
        return np.linalg.solve([[p[1] - p[2]]], [p[0] - p[2]])[0]

    slopes = [(solve(p + d) - solve(p - d)) / 2e-4 for d in 1e-4 * np.eye(3)]
    return solve(p), np.sqrt(np.square(slopes) @ (p * (1 - p) / pairs[:, 1]))


def but(share=None, error=None):
    def answer(*counts):
        good = with_slopes(*counts)
        numbers = (*rates(*counts), *counts)
        return (
            share(*numbers) if share else good[0],
            error(*numbers) if error else good[1],
        )

    return answer


wrong("that is what the judge reports", "as reported", but(lambda a, s, f, *_: a))
wrong(
    "specificity is 1 minus that",
    "the alarm taken for it",
    but(lambda a, s, f, *_: (a + f - 1) / (s + f - 1)),
)
wrong("are not added", "subtracted only", but(lambda a, s, f, *_: a - f))
wrong("subtract the false alarms first", "divided only", but(lambda a, s, f, *_: a / s))
wrong("the share is 1", "always 1", but(lambda *_: 1.0))
wrong(
    "dividing makes it larger",
    "of the report",
    but(error=lambda a, s, f, yes, n, *_: (a * (1 - a) / n) ** 0.5),
)
wrong(
    "are estimates, too",
    "rates known",
    but(error=lambda a, s, f, yes, n, *_: (a * (1 - a) / n) ** 0.5 / (s - f)),
)
wrong("take the root", "a variance", but(error=lambda a, s, f, *c: with_slopes(*c)[1] ** 2))
wrong(
    "themselves are a sample",
    "calibration only",
    but(
        error=lambda a, s, f, *c: (
            (with_slopes(*c)[1] ** 2 - a * (1 - a) / c[1] / (s - f) ** 2) ** 0.5
        )
    ),
)
wrong(
    "of all counted pictures",
    "one sample",
    but(
        error=lambda a, s, f, *c: (
            ((a - f) / (s - f) * (1 - (a - f) / (s - f)) / (c[1] + c[3] + c[5])) ** 0.5
        )
    ),
)


@wrong("as often as right ones are accepted")
def never_refuses(yes, judged, found, right_ones, passed, wrong_ones):
    if found / right_ones > passed / wrong_ones:
        return with_slopes(yes, judged, found, right_ones, passed, wrong_ones)
    return 0.5, 0.5


EQUIVALENT = {
    "1 - share -> share - 1": "it is squared",
}
