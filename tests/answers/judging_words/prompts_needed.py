import math

import numpy as np
from answers import right, wrong


def seen(share, hit, false_alarm):
    return share * hit + (1 - share) * false_alarm


@right
def variances_added(better, worse, hit, false_alarm, z):
    shares = seen(np.array([better, worse]), hit, false_alarm)
    noise = np.sum(shares * (1 - shares))
    return np.ceil(z**2 * noise / (shares[0] - shares[1]) ** 2)


@right
def in_plain_python(better, worse, hit, false_alarm, z):
    p, q = seen(better, hit, false_alarm), seen(worse, hit, false_alarm)
    return math.ceil((p * (1 - p) + q * (1 - q)) * (z / (p - q)) ** 2)


@right
def with_the_shrunken_difference(better, worse, hit, false_alarm, z):
    p, q = (seen(share, hit, false_alarm) for share in (better, worse))
    gap = (hit - false_alarm) * (better - worse)
    return int(np.ceil((z / gap) ** 2 * (p - p**2 + q - q**2)))


def prompts(p, q, gap, z):
    return math.ceil((z / gap) ** 2 * (p * (1 - p) + q * (1 - q)))


@wrong("for a perfect judge")
def without_judge(better, worse, hit, false_alarm, z):
    return prompts(better, worse, better - worse, z)


@wrong("shrink the difference")
def true_difference(better, worse, hit, false_alarm, z):
    p, q = (seen(share, hit, false_alarm) for share in (better, worse))
    return prompts(p, q, better - worse, z)


@wrong("the noise is that of")
def true_noise(better, worse, hit, false_alarm, z):
    return prompts(better, worse, (hit - false_alarm) * (better - worse), z)


@wrong("add their variances")
def one_variance(better, worse, hit, false_alarm, z):
    p = seen(better, hit, false_alarm)
    return math.ceil((z / (hit - false_alarm) / (better - worse)) ** 2 * p * (1 - p))


@wrong("root of the prompts")
def not_squared(better, worse, hit, false_alarm, z):
    p, q = (seen(share, hit, false_alarm) for share in (better, worse))
    return math.ceil(z * math.sqrt(p * (1 - p) + q * (1 - q)) / (p - q))


@wrong("z is squared")
def z_once(better, worse, hit, false_alarm, z):
    p, q = (seen(share, hit, false_alarm) for share in (better, worse))
    return math.ceil(z * (p * (1 - p) + q * (1 - q)) / (p - q) ** 2)


@wrong("fall short")
def rounded_down(better, worse, hit, false_alarm, z):
    p, q = (seen(share, hit, false_alarm) for share in (better, worse))
    return int((z / (p - q)) ** 2 * (p * (1 - p) + q * (1 - q)))


@wrong("must be z standard errors")
def a_thousand(better, worse, hit, false_alarm, z):
    return 1000


EQUIVALENT = {
    "seen[0] - seen[1] -> seen[1] - seen[0]": "the difference is squared",
    "1 -> -1 (3)": "the second of two shares is the last",
}
