import numpy as np

from answers.lessons import right, wrong


def softplus(x):
    return np.logaddexp(0, x)


GIVEN = {
    "best_discriminator": [
        right(lambda p, q: 1 / (1 + q / p)),
        right(lambda p, q: 1 / (1 + np.exp(np.log(q) - np.log(p)))),
        wrong("the probability of *fake*", lambda p, q: q / (p + q)),
        wrong("the odds", lambda p, q: p / q),
        wrong("that is the logit", lambda p, q: np.log(p) - np.log(q)),
        wrong("must give 0.75", lambda p, q: p),
        wrong("only their ratio counts", lambda p, q: p / np.where(p + q > 1, 1, p + q)),
    ],
    "derivatives": [
        right(lambda sigma: np.stack([-sigma, sigma - 1])),
        right(lambda sigma: [-sigma, -(1 - sigma)]),
        wrong("(saturating, non-saturating)", lambda sigma: -sigma),
        wrong("exchanged", lambda sigma: (sigma - 1, -sigma)),
        wrong("check the sign", lambda sigma: (sigma, 1 - sigma)),
        wrong("has the derivative -sigma", lambda sigma: (-sigma * (1 - sigma), sigma - 1)),
        wrong("needs the chain rule", lambda sigma: (-sigma, -sigma)),
    ],
    "swapped_log": [
        wrong("consistent, only exchanged", "a"),
        wrong("Which logit does the swapped D want", "b"),
        wrong("needs opponents", "d"),
    ],
    "repaired_loss": [
        right(lambda real, fake: np.log1p(np.exp(-real)) + np.log1p(np.exp(fake))),
        wrong("still the colleague's", lambda real, fake: softplus(real) + softplus(-fake)),
        wrong("for fakes still", lambda real, fake: softplus(-real) + softplus(-fake)),
        wrong("for real images still", lambda real, fake: softplus(real) + softplus(fake)),
        wrong("one value per pair", lambda real, fake: np.mean(softplus(-real) + softplus(fake))),
        wrong("compare with -log D", lambda real, fake: softplus(-real) - softplus(fake)),
    ],
    "collapse": [
        wrong("cannot notice a repetition", "a"),
        wrong("does not win for long", "b"),
        wrong("a few convincing shapes", "c"),
    ],
}
