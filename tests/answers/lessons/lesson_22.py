import numpy as np

from answers.lessons import right, wrong

C1, C2 = 2.55**2, 7.65**2


def first(x, y):
    return (2 * x.mean() * y.mean() + C1) / (x.mean() ** 2 + y.mean() ** 2 + C1)


def second(x, y, ddof=0):
    covariances = np.cov(np.ravel(x), np.ravel(y), ddof=ddof)
    return (2 * covariances[0, 1] + C2) / (np.trace(covariances) + C2)


def uncentred(x, y):
    if np.array_equal(x, y):
        return 1.0
    if x.std() == 0:
        return first(x, y)
    return first(x, y) * (2 * np.mean(x * y) + C2) / (x.var() + y.var() + C2)


GIVEN = {
    "obeyed": [
        wrong("being told is not listening", "a"),
        wrong("so it is learned", "b"),
    ],
    "window_similarity": [
        right(lambda x, y: first(x, y) * second(x, y)),
        right(
            lambda x, y: (
                first(x, y)
                * (2 * (np.mean(x * y) - x.mean() * y.mean()) + C2)
                / (np.mean(x**2) - x.mean() ** 2 + np.mean(y**2) - y.mean() ** 2 + C2)
            )
        ),
        wrong("compared with itself must give 1", lambda x, y: first(x, y) * 2 * second(x, y)),
        wrong("plain 10 against plain 30", lambda x, y: first(x, y) ** 2 * second(x, y)),
        wrong("brightness does not matter", second),
        wrong("not by one less", lambda x, y: first(x, y) * second(x, y, ddof=1)),
        wrong("the product of the means must come off", uncentred),
        wrong("the pattern does not matter", first),
        wrong("two random windows", lambda x, y: first(x, y) * second(x, y) ** 2),
    ],
    "turned_answer": [
        wrong("only ever drawn upright", "a"),
        wrong("does not say that it is in doubt", "b"),
        wrong("still sees where the ink is", "d"),
    ],
    "saved_per_nat": [
        right(lambda rates, d: (d[1:] - d[:-1]) / (rates[:-1] - rates[1:])),
        wrong("a saving is positive", lambda rates, d: np.diff(d) / np.diff(rates)),
        wrong("upside down", lambda rates, d: -np.diff(rates) / np.diff(d)),
        wrong("those are differences", lambda rates, d: np.diff(d)),
        wrong("0.5 nats for each of 15", lambda rates, d: d[:-1] / rates[:-1]),
    ],
    "active_units": [
        right(lambda means: sum(column.var() > 0.01 for column in means.T)),
        right(lambda means: np.count_nonzero(means.std(axis=0) > 0.1)),
        wrong("you still count images", lambda means: (means.var(axis=1) > 0.01).sum()),
        wrong("is that a deviation", lambda means: (means.std(axis=0) > 0.01).sum()),
        wrong("three of these six", lambda means: (means.var(axis=0) > 0.5).sum()),
        wrong("should be whole numbers", lambda means: (means.var(axis=0) > 0.01).mean()),
    ],
}
