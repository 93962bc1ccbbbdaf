import math

from answers import right, wrong


@right
def by_two_cases(n, right_share, sensitivity, passed):
    good, bad = right_share * sensitivity, (1 - right_share) * passed
    none = (1 - good - bad) ** n
    missed = right_share * (1 - sensitivity) / (1 - good - bad)
    return 1 - none, (1 - none) * good / (good + bad) + none * missed


@right
def by_the_first_yes(n, p, s, f):
    """A random accepted one is as good as the first one."""
    yes = p * s + (1 - p) * f
    chosen = sum((1 - yes) ** i * p * s for i in range(n))
    return [1 - (1 - yes) ** n, chosen + (1 - yes) ** (n - 1) * p * (1 - s)]


@right
def by_counting_accepted(n, p, s, f):
    yes = p * s + (1 - p) * f
    weights = [math.comb(n, k) * yes**k * (1 - yes) ** (n - k) for k in range(n + 1)]
    if_yes, if_no = p * s / yes, p * (1 - s) / (1 - yes)
    return sum(weights[1:]), weights[0] * if_no + sum(weights[1:]) * if_yes


def yes_rate(p, s, f):
    return p * s + (1 - p) * f


wrong("the two are exchanged", "turned", lambda *given: by_two_cases(*given)[::-1])
wrong(
    "the judge has to pick it",
    "a perfect judge",
    lambda n, p, s, f: (by_two_cases(n, p, s, f)[0], 1 - (1 - p) ** n),
)


@wrong("one is taken all the same")
def nothing_without_a_yes(n, p, s, f):
    accepted, _ = by_two_cases(n, p, s, f)
    return accepted, accepted * p * s / yes_rate(p, s, f)


@wrong("sometimes it accepts none")
def always_a_yes(n, p, s, f):
    return by_two_cases(n, p, s, f)[0], p * s / yes_rate(p, s, f)


@wrong("worse than usual")
def usual_without_a_yes(n, p, s, f):
    accepted, _ = by_two_cases(n, p, s, f)
    return accepted, accepted * p * s / yes_rate(p, s, f) + (1 - accepted) * p


@wrong("its rate of yes has two parts")
def only_right_ones_pass(n, p, s, f):
    return 1 - (1 - p * s) ** n, by_two_cases(n, p, s, f)[1]


wrong("got (", "as one picture", lambda n, p, s, f: (yes_rate(p, s, f), p))
wrong("return two things", "only one", lambda *given: by_two_cases(*given)[1])

EQUIVALENT = {}
