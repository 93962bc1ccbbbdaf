import numpy as np
from answers import right, wrong
from scipy.special import rel_entr, xlogy


@right
def with_xlogy(real, fake):
    best = real / (real + fake)
    return np.sum(xlogy(real, best) + xlogy(fake, fake / (real + fake)))


@right
def through_jensen_shannon(real, fake):
    middle = (real + fake) / 2
    return rel_entr(real, middle).sum() + rel_entr(fake, middle).sum() - 2 * np.log(2)


@right
def in_a_loop(real, fake):
    total = 0.0
    for p, q in zip(real.tolist(), fake.tolist(), strict=True):
        total += p * np.log(p / (p + q)) if p else 0.0
        total += q * np.log(q / (p + q)) if q else 0.0
    return total


@wrong("the value is NaN or infinite")
def not_a_number(real, fake):
    with np.errstate(all="ignore"):
        return np.sum(real * np.log(real / (real + fake)) + fake * np.log(fake / (real + fake)))


@wrong("that is the Jensen-Shannon divergence")
def the_divergence(real, fake):
    return with_xlogy(real, fake) / 2 + np.log(2)


@wrong("that is 2 JSD")
def without_the_constant(real, fake):
    return with_xlogy(real, fake) + 2 * np.log(2)


@wrong("that is D's loss")
def as_a_loss(real, fake):
    return -with_xlogy(real, fake)


@wrong("that is in bits")
def in_bits(real, fake):
    return with_xlogy(real, fake) / np.log(2)


@wrong("that is a mean over both halves")
def halved(real, fake):
    return with_xlogy(real, fake) / 2


@wrong("E_q log(1 - D) is missing")
def only_real(real, fake):
    return xlogy(real, real / (real + fake)).sum()


@wrong("the value has shape")
def not_summed(real, fake):
    return xlogy(real, real / (real + fake)) + xlogy(fake, fake / (real + fake))


@wrong("with the best D this game is worth")
def one_judge_for_both(real, fake):
    seen = real > 0
    return np.sum((real + fake)[seen] * np.log(real / (real + fake))[seen])


EQUIVALENT = {}
