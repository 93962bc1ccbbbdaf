import numpy as np
from answers import right, wrong


@right
def from_two_posteriors(noisy, time, mean, deviation):
    away = (noisy - time * mean) / (time**2 * deviation**2 + (1 - time) ** 2)
    return (mean + time * deviation**2 * away) - (1 - time) * away


@right
def with_matrices(noisy, time, mean, deviation):
    columns = []
    for index in range(len(mean)):
        covariance = np.diag([deviation[index] ** 2, 1.0])
        mix, ask = np.array([time, 1 - time]), np.array([1.0, -1.0])
        gain = ask @ covariance @ mix / (mix @ covariance @ mix)
        columns.append(mean[index] + gain * (noisy[:, index] - time * mean[index]))
    return np.stack(columns, axis=1)


@right
def by_the_growth_of_the_deviation(noisy, time, mean, deviation):
    spread = np.hypot(time * deviation, 1 - time)
    growth = (time * deviation**2 - 1 + time) / spread  # d spread / d time
    return (mean + growth * (noisy - time * mean) / spread).astype("float32")


def parts(noisy, time, mean, deviation):
    variance = (time * deviation) ** 2 + (1 - time) ** 2
    return noisy - time * mean, variance


@wrong("that ignores z")
def overall_mean(noisy, time, mean, deviation):
    return mean + 0 * noisy


@wrong("for a single data point")
def one_point(noisy, time, mean, deviation):
    return (mean - noisy) / (1 - time) if time < 1 else noisy


@wrong("subtract E[e | z]")
def data_only(noisy, time, mean, deviation):
    away, variance = parts(noisy, time, mean, deviation)
    return mean + time * deviation**2 / variance * away


@wrong("add E[x | z]")
def noise_only(noisy, time, mean, deviation):
    away, variance = parts(noisy, time, mean, deviation)
    return -(1 - time) / variance * away


@wrong("the sign is wrong")
def towards_the_noise(noisy, time, mean, deviation):
    return -from_two_posteriors(noisy, time, mean, deviation)


@wrong("E[e | z] is added")
def summed(noisy, time, mean, deviation):
    away, variance = parts(noisy, time, mean, deviation)
    return mean + (time * deviation**2 + 1 - time) / variance * away


@wrong("is compared with the mean of the data")
def wrong_centre(noisy, time, mean, deviation):
    _, variance = parts(noisy, time, mean, deviation)
    return mean + (time * deviation**2 - 1 + time) / variance * (noisy - mean)


@wrong("deviations do not")
def deviations_added(noisy, time, mean, deviation):
    away, _ = parts(noisy, time, mean, deviation)
    return mean + (time * deviation**2 - 1 + time) / (time * deviation + 1 - time) ** 2 * away


@wrong("time runs backwards")
def reversed_time(noisy, time, mean, deviation):
    return from_two_posteriors(noisy, 1 - time, mean, deviation)


@wrong("where its square belongs")
def deviation_for_variance(noisy, time, mean, deviation):
    return from_two_posteriors(noisy, time, mean, np.sqrt(deviation))


@wrong("it should be")
def twice(noisy, time, mean, deviation):
    return 2 * from_two_posteriors(noisy, time, mean, deviation)


@wrong("do you divide by 1 - time?")
def by_the_detour(noisy, time, mean, deviation):
    away, variance = parts(noisy, time, mean, deviation)
    data = mean + time * deviation**2 / variance * away
    return data - (noisy - time * data) / np.float64(1 - time)


@wrong("the velocity has shape")
def one_row(noisy, time, mean, deviation):
    return from_two_posteriors(noisy, time, mean, deviation)[0]


@wrong("the data's mean plays no part")
def around_zero(noisy, time, mean, deviation):
    return from_two_posteriors(noisy, time, 0 * mean, deviation)


@wrong("the data's deviation plays no part in yours: it is right")
def standard_deviation(noisy, time, mean, deviation):
    return from_two_posteriors(noisy, time, mean, np.ones_like(deviation))


@wrong("as if it were noise minus data")
def negative_covariance(noisy, time, mean, deviation):
    return 2 * mean - from_two_posteriors(noisy, time, mean, deviation)


@right
def as_one_fraction(noisy, time, mean, deviation):
    left = 1 - time
    return (left * mean + (time * deviation**2 - left) * noisy) / (
        (time * deviation) ** 2 + left**2
    )


EQUIVALENT = {"1 - time -> time - 1": "the square of a difference has no sign"}
