"""Losses of pretraining and of training on preferences."""

import numpy as np

from genimg_lib.checks.core import array, checker, expect
from genimg_lib.checks.judge import match

ROUNDED = {"rtol": 1e-4, "atol": 1e-5}  # float32 is accurate enough


@checker
def info_nce(answer):
    """Source: Radford et al., arXiv:2103.00020, figure 3."""
    random = np.random.default_rng(0)
    images = 3 * random.normal(size=(5, 4))
    texts = images + 2 * random.normal(size=(5, 4))

    def one_way(logits):
        return np.mean(np.logaddexp.reduce(logits, axis=1) - np.diag(logits))

    def unit(x):
        return x / np.linalg.norm(x, axis=1, keepdims=True)

    cosines = unit(images) @ unit(texts).T
    rows, columns = one_way(cosines / 0.2), one_way(cosines.T / 0.2)
    loss = array(answer(images, texts, 0.2), "the loss", ())
    plain = images @ texts.T / 0.2
    match(
        loss,
        (rows + columns) / 2,
        "it should be the cross-entropy of each pair against its row and against its column, "
        "averaged over pairs and over both directions.",
        {
            "the vectors are not normalised: the logits are cosines.": (
                one_way(plain) + one_way(plain.T)
            )
            / 2,
            "only images look for their texts: texts look for their images as well.": rows,
            "only texts look for their images: images look for their texts as well.": columns,
            "both directions are added: take their mean.": rows + columns,
            "the cosines are multiplied by the temperature: divide.": (
                one_way(cosines * 0.2) + one_way(cosines.T * 0.2)
            )
            / 2,
            "the right pair is left out of the denominator: that is another loss, which can be "
            "negative.": (one_way_without(cosines / 0.2) + one_way_without(cosines.T / 0.2)) / 2,
        },
        **ROUNDED,
    )
    yield "both directions over all pairs of the batch"

    with np.errstate(all="ignore"):
        loss = array(answer(images, texts, 5e-4), "the loss", ())
    expect(np.isfinite(loss), "a temperature of 0.0005 overflows: subtract the largest logit.")
    right = (one_way(cosines / 5e-4) + one_way(cosines.T / 5e-4)) / 2
    match(loss, right, "a temperature of 0.0005 should be exact as well.", **ROUNDED)
    yield "a very low temperature"


def one_way_without(logits):
    hidden = np.where(np.eye(len(logits)), -np.inf, logits)
    return np.mean(np.logaddexp.reduce(hidden, axis=1) - np.diag(logits))


@checker
def free_bits_kl(answer):
    """Source: Kingma and Welling, arXiv:1312.6114, appendix B; Kingma et al., arXiv:1606.04934,
    appendix C.8 (free bits).
    """
    random = np.random.default_rng(1)
    means = random.normal(size=(6, 4)) * [0.1, 1, 2, 0.3]
    log_variances = random.normal(size=(6, 4)) * [0.1, 1, 0.5, 0.2]
    kl = (means**2 + np.exp(log_variances) - 1 - log_variances) / 2
    for free in (0.0, 0.4):
        found = array(answer(means, log_variances, free), "the KL", ())
        spreads = (means**2 + np.exp(2 * log_variances) - 1 - 2 * log_variances) / 2
        match(
            found,
            np.maximum(kl.mean(axis=0), free).sum(),
            f"with {free:g} free nats it should be the sum over dimensions of "
            "max(mean over the batch, free).",
            {
                "the half is missing.": np.maximum(2 * kl.mean(axis=0), free).sum(),
                "log_variances are taken for logs of the spread.": np.maximum(
                    spreads.mean(axis=0), free
                ).sum(),
                "the free nats are ignored, or compared with the total: each dimension has a limit "
                "of its own.": kl.mean(axis=0).sum(),
                "the limit is applied to every image: it belongs to the mean over the "
                "batch.": np.maximum(kl, free).sum(axis=1).mean(),
                "images and dimensions are exchanged: sum over dimensions.": np.maximum(
                    kl.mean(axis=1), free
                ).sum(),
            },
            **ROUNDED,
        )
        yield f"{free:g} free nats in each dimension"


@checker
def dpo_loss(answer):
    """Source: Rafailov et al., arXiv:2305.18290, equation 7."""
    random = np.random.default_rng(2)
    chosen, rejected, chosen_before, rejected_before = random.normal(size=(4, 7)) * 3 - 20
    given = (chosen, rejected, chosen_before, rejected_before)
    margins = (chosen - chosen_before) - (rejected - rejected_before)

    def loss(margins, beta=0.3):
        return np.logaddexp(0, -beta * margins).mean()

    found = array(answer(*given, 0.3), "the loss", ())
    match(
        found,
        loss(margins),
        "it should be the mean of -log sigmoid(beta * margin), the margin being how much more "
        "the chosen one has gained on the reference than the rejected one.",
        {
            "the reference is not used: nothing holds the model to it.": loss(chosen - rejected),
            "the sign is wrong: the rejected ones are made likelier.": loss(-margins),
            "beta is left out.": loss(margins, 1.0),
            "it is summed over the pairs: take the mean.": 7 * loss(margins),
            "the log is taken of the mean: take the mean of the logs.": -np.log(
                np.mean(1 / (1 + np.exp(-0.3 * margins)))
            ),
        },
        **ROUNDED,
    )
    yield "-log sigmoid of beta times the margin"

    with np.errstate(all="ignore"):
        large = array(answer(*(2000 * part for part in given), 0.3), "the loss", ())
    expect(np.isfinite(large), "large margins give infinity: use logaddexp or softplus.")
    match(large, loss(2000 * margins), "large margins should be exact: no clipping.", **ROUNDED)
    yield "log-probabilities of whole images, tens of thousands of nats"


@checker
def grpo_loss(answer):
    """Source: Shao et al., arXiv:2402.03300, section 4.1.1; Liu et al., arXiv:2505.05470
    (Flow-GRPO).
    """
    random = np.random.default_rng(3)
    shape = 2, 3, 5
    new, old = random.normal(size=(2, *shape)) / 4
    rewards = random.normal(size=shape) * 2 + random.normal(size=(2, 3, 1)) * 5
    ratios = np.exp(new - old)

    def advantages(axis, spread=True):
        centred = rewards - rewards.mean(axis=axis, keepdims=True)
        return centred / (rewards.std(axis=axis, keepdims=True) + 1e-6) if spread else centred

    def loss(ratios, gains, best=np.minimum):
        return -best(ratios * gains, np.clip(ratios, 0.8, 1.2) * gains).mean()

    gains = advantages(-1)
    found = array(answer(new, old, rewards, 0.2), "the loss", ())
    match(
        found,
        loss(ratios, gains),
        "it should be minus the mean of min(ratio * advantage, clipped ratio * advantage).",
        {
            "the advantages are taken over the whole batch: an easy prompt would always win; each "
            "group has its own.": loss(ratios, advantages(None)),
            "the rewards are not divided by the spread of their group.": loss(
                ratios, advantages(-1, spread=False)
            ),
            "the sign is wrong: it is a loss, to be made small.": -loss(ratios, gains),
            "the larger of both is taken: the clip must only ever take gains away.": loss(
                ratios, gains, np.maximum
            ),
            "nothing is clipped.": -(ratios * gains).mean(),
            "only clipped ratios are used: a bad sample that has become likelier must "
            "count in full.": -(np.clip(ratios, 0.8, 1.2) * gains).mean(),
            "the ratio is the wrong way round: new over old.": loss(1 / ratios, gains),
        },
        **ROUNDED,
    )
    yield "advantages within a group, and the pessimistic clip"

    rewards = np.full(shape, 0.5)
    rewards[0] += 1e-5 * np.arange(5)
    with np.errstate(all="ignore"):
        found = array(answer(new, old, rewards, 0.2), "the loss", ())
    expect(np.isfinite(found), "equal rewards give 0 / 0: add 1e-6 to the spread.")
    match(
        found,
        loss(ratios, advantages(-1)),
        "nearly equal rewards are off: 1e-6 is added to the standard deviation.",
        **ROUNDED,
    )
    yield "a group of equal rewards teaches nothing"
