import numpy as np

from answers.lessons import right, wrong


def spread(time, deviation):
    return np.sqrt((time * deviation) ** 2 + (1 - time) ** 2)


def moved(ratio, centre=lambda t, mean: t * mean):
    """Positions a `ratio` of the spreads at s and t as far from the mean at s."""

    def answer(z, t, s, mean, deviation):
        factor = ratio(spread(s, deviation), spread(t, deviation))
        return s * mean + factor * (z - centre(t, mean))

    return answer


GIVEN = {
    "flow_map": [
        right(
            lambda z, t, s, m, d: (
                s * m + (z - t * m) * np.hypot(s * d, 1 - s) / np.hypot(t * d, 1 - t)
            )
        ),
        wrong("ends on the mean", moved(lambda later, now: 0.0)),
        wrong("kept as it is", moved(lambda later, now: 1.0)),
        wrong("the wrong way round", moved(lambda later, now: now / later)),
        wrong("t times that of the data", moved(lambda later, now: later / now, lambda t, m: m)),
        wrong("variances are divided", moved(lambda later, now: (later / now) ** 2)),
        wrong("in units of the path's spread", lambda z, t, s, m, d: s * m + (z - t * m) / 2),
        wrong(
            "nothing may move",
            lambda z, t, s, m, d: (
                z + 1
                if s == t
                else s * m + (z - t * m) * np.hypot(s * d, 1 - s) / np.hypot(t * d, 1 - t)
            ),
        ),
    ],
    "mean_flow_target": [
        right(lambda velocity, change, t, s: velocity + s * change - t * change),
        wrong(
            "ends at the moving time", lambda velocity, change, t, s: velocity + (t - s) * change
        ),
        wrong("length of the interval", lambda velocity, change, t, s: velocity + change),
        wrong("leaves out the derivative", lambda velocity, change, t, s: velocity),
        wrong("not s", lambda velocity, change, t, s: velocity + s * change),
        wrong("solve for u", lambda velocity, change, t, s: velocity + 2 * change),
    ],
    "built_from_halves": [wrong("Are Euler's", "a"), wrong("the first halves made of", "c")],
    "without_stop": [wrong("multiplies its noise", "a"), wrong("descend to", "c")],
}
