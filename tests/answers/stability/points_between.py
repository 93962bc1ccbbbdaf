import numpy as np
from answers import right, wrong


def with_mix(draw):
    def answer(real, fake, random):
        mix = draw(random, real)
        return mix * real + (1 - mix) * fake

    return answer


def one_each(random, real):
    return random.uniform(size=(len(real), 1, 1, 1))


right("uniform", with_mix(one_each))


@right
def from_fake_towards_real(real, fake, random):
    return fake + random.random(len(real)).reshape(-1, *[1] * (real.ndim - 1)) * (real - fake)


@right
def one_after_the_other(real, fake, random):
    points = np.empty_like(real)
    for i in range(len(real)):
        share = random.uniform()
        points[i] = (1 - share) * real[i] + share * fake[i]
    return points


@right
def in_single_precision(real, fake, random):
    mix = random.random((len(real), 1, 1, 1), dtype=np.float32)
    return mix * real.astype(np.float32) + (1 - mix) * fake.astype(np.float32)


wrong(
    "each pixel has its own number",
    "the code as it was",
    with_mix(lambda random, real: random.normal(size=real.shape)),
)
wrong(
    "the points leave the line",
    "uniform, per pixel",
    with_mix(lambda random, real: random.uniform(size=real.shape)),
)
wrong(
    "all images share one number",
    "one for the batch",
    with_mix(lambda random, real: random.uniform()),
)
wrong(
    "lie beyond real or beyond fake",
    "normal",
    with_mix(lambda random, real: random.normal(size=(len(real), 1, 1, 1))),
)


@wrong("uniform ones have 0.5 and 0.0833")
def clipped(real, fake, random):
    mix = np.clip(random.normal(size=(len(real), 1, 1, 1)), 0, 1)
    return mix * real + (1 - mix) * fake


@wrong("and variance 0.0212")
def half_the_line(real, fake, random):
    mix = random.uniform(0, 0.5, size=(len(real), 1, 1, 1))
    return mix * real + (1 - mix) * fake


@wrong("neighbours' numbers correlate by 1.00")
def in_order(real, fake, random):
    return with_mix(lambda random, real: np.sort(one_each(random, real), axis=0))(
        real, fake, random
    )


@wrong("two calls give the same points")
def seeded_within(real, fake, random):
    return with_mix(one_each)(real, fake, np.random.default_rng(0))


@wrong("take the numbers from `random` alone")
def global_randomness(real, fake, random):
    return with_mix(one_each)(real, fake, np.random)


@wrong("is there a `return`?")
def nothing(real, fake, random):
    with_mix(one_each)(real, fake, random)


EQUIVALENT = {}
