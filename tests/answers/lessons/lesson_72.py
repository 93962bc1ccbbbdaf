import numpy as np

from answers.lessons import right, wrong


def highest(members, others, rate):
    order = np.sort(others)[::-1]
    allowed = int(rate * len(others) + 1e-9)
    return np.mean(members > order[allowed])


def from_sorted_others(members, others, rate):
    allowed = int(np.floor(rate * len(others) + 1e-9))
    limit = np.append(np.sort(others), np.inf)[allowed]
    return np.mean(np.asarray(members) < limit)


def spread(counted, fraction):
    return np.sqrt(counted * fraction * (1 - fraction))


GIVEN = {
    "members_found": [
        right(from_sorted_others),
        wrong("a LOW loss speaks", lambda m, o, rate: highest(m, o, 0.25)),
        wrong("divide by how many there are", lambda m, o, r: 4 * from_sorted_others(m, o, r)),
        wrong("from the members", lambda m, o, rate: np.mean(m <= np.quantile(m, 0.5))),
        wrong("three of four", lambda m, o, rate: 1.0),
        wrong("two of the four", lambda m, o, rate: 0.75),
        wrong("finds nobody: 0", lambda m, o, rate: 0.75 if rate else 0.5),
    ],
    "reveals_more": [wrong("see them more often", "b"), wrong("exact likelihood", "c")],
    "z_score": [
        right(
            lambda green, counted, fraction: (
                (green / counted - fraction) * counted / spread(counted, fraction)
            )
        ),
        wrong(
            "the root of the variance",
            lambda green, counted, fraction: (
                (green - fraction * counted) / spread(counted, fraction) ** 2
            ),
        ),
        wrong(
            "not half of them",
            lambda green, counted, fraction: (green - counted / 2) / spread(counted, fraction),
        ),
        wrong(
            "the factor 1 - fraction",
            lambda green, counted, fraction: (
                (green - fraction * counted) / np.sqrt(counted * fraction)
            ),
        ),
        wrong(
            "the sign",
            lambda green, counted, fraction: (
                (fraction * counted - green) / spread(counted, fraction)
            ),
        ),
        wrong("must give (25", lambda green, counted, fraction: green / counted),
        wrong(
            "of 40 at 0.5",
            lambda green, counted, fraction: (
                np.abs(green - fraction * counted) / spread(counted, fraction)
            ),
        ),
    ],
    "after_the_image": [wrong("ever trained", "a"), wrong("come back", "c")],
}
