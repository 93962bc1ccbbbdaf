import numpy as np

from answers.lessons import right, wrong


def kl(mean, deviation):
    return 0.5 * (mean**2 + deviation**2 - 1) - np.log(deviation)


def deviation(log_variance):
    return np.exp(log_variance / 2)


GIVEN = {
    "decoded_noise": [
        wrong("all other numbers", "a"),
        wrong("empty space between", "b"),
        wrong("depends strongly on its input", "d"),
    ],
    "price": [
        right(lambda mean, deviation: (mean**2 + deviation**2 - np.log(deviation**2) - 1) / 2),
        wrong("minus the KL", lambda mean, deviation: -kl(mean, deviation)),
        wrong("twice the KL", lambda mean, deviation: 2 * kl(mean, deviation)),
        wrong("square it", lambda mean, deviation: kl(mean, np.sqrt(deviation))),
        wrong("must cost 0", lambda mean, deviation: kl(mean, deviation) + 0.5),
        wrong("three prices", lambda mean, deviation: 0.5 * mean**2),
    ],
    "path_derivatives": [
        right(lambda log_variance, noise: (noise**0, deviation(log_variance) * noise / 2)),
        wrong("(dz / dmean, dz / dlog_variance)", lambda log_variance, noise: noise**0),
        wrong("whatever the noise", lambda log_variance, noise: (noise, noise)),
        wrong("moves by one", lambda log_variance, noise: (deviation(log_variance), noise)),
        wrong("with respect to the deviation", lambda log_variance, noise: (noise**0, noise)),
        wrong(
            "inner derivative",
            lambda log_variance, noise: (noise**0, deviation(log_variance) * noise),
        ),
        wrong(
            "is the variance",
            lambda log_variance, noise: (noise**0, deviation(2 * log_variance) * noise / 2),
        ),
        wrong(
            "differentiate",
            lambda log_variance, noise: (noise**0, deviation(log_variance) / 2),
        ),
    ],
    "kl_in_training": [
        wrong("only the sum must fall", "a"),
        wrong("full price of its pixels", "c"),
        wrong("needs to be told", "d"),
    ],
    "vae_loss": [
        right(
            lambda cross_entropy, kl: np.mean(
                np.sum(cross_entropy, axis=(1, 2, 3)) + np.sum(kl, axis=1)
            )
        ),
        wrong("one number", lambda cross_entropy, kl: kl.sum(axis=1)),
        wrong(
            "still the colleague's",
            lambda cross_entropy, kl: cross_entropy.mean() + kl.sum(axis=1).mean(),
        ),
        wrong(
            "a mean over latents",
            lambda cross_entropy, kl: cross_entropy.sum() / len(kl) + kl.mean(),
        ),
        wrong("both terms are means", lambda cross_entropy, kl: cross_entropy.mean() + kl.mean()),
        wrong("over the batch as well", lambda cross_entropy, kl: cross_entropy.sum() + kl.sum()),
        wrong("add all that belongs", lambda cross_entropy, kl: cross_entropy.sum() / len(kl)),
    ],
}
