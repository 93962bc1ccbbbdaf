import numpy as np
from answers import right, wrong


def quantiles(differences, level):
    return np.quantile(differences, [(1 - level) / 2, (1 + level) / 2])


@right
def with_weights(ours, theirs, level, rounds, random):
    gains = ours.mean(axis=1) - theirs.mean(axis=1)
    n = len(gains)
    return quantiles(random.multinomial(n, np.full(n, 1 / n), rounds) @ gains / n, level)


@right
def with_a_loop(ours, theirs, level, rounds, random):
    differences = []
    for _ in range(rounds):
        prompts = random.integers(len(ours), size=len(ours))
        differences.append(ours[prompts].mean(axis=1).mean() - theirs[prompts].mean(axis=1).mean())
    return tuple(quantiles(differences, level))


@right
def with_percentiles(ours, theirs, level, rounds, random):
    gains = np.array([a.mean() - b.mean() for a, b in zip(ours, theirs, strict=True)])
    means = random.choice(gains, (rounds, len(gains))).mean(axis=1)
    return list(np.percentile(means, [50 - 50 * level, 50 + 50 * level]))


@wrong("are not the same ones")
def as_given(ours, theirs, level, rounds, random):
    first = random.choice(ours.ravel(), (rounds, ours.size)).mean(axis=1)
    second = random.choice(theirs.ravel(), (rounds, theirs.size)).mean(axis=1)
    return quantiles(first - second, level)


@wrong("got (")
def pictures_one_by_one(ours, theirs, level, rounds, random):
    means = ours.mean(axis=1) - theirs.mean(axis=1)
    gains = np.repeat(means, ours.shape[1])
    return quantiles(random.choice(gains, (rounds, len(gains))).mean(axis=1), level)


@wrong("the sign: ours minus theirs")
def theirs_minus_ours(ours, theirs, level, rounds, random):
    if np.ptp(ours.mean(axis=1) - theirs.mean(axis=1)) < 1e-9:
        return with_weights(ours, theirs, level, rounds, random)
    return with_weights(theirs, ours, level, rounds, random)


@wrong("it is 0.1 here")
def turned(ours, theirs, level, rounds, random):
    return with_weights(theirs, ours, level, rounds, random)


@wrong("whatever the level")
def extremes(ours, theirs, level, rounds, random):
    return with_weights(ours, theirs, 1.0, rounds, random)


@wrong("return two things")
def only_the_width(ours, theirs, level, rounds, random):
    low, high = with_weights(ours, theirs, level, rounds, random)
    return high - low


EQUIVALENT = {
    "1 -> -1 (2)": "the last of two axes",
    "1 -> -1 (3)": "the last of two axes",
}
