"""What the tempting mistakes in exercises 66 give.

Each function returns the right value, what to say of any other, and the values that tempting
mistakes give, by what is said of them: the arguments of `judge.match`.
"""

import numpy as np


def leave_one_out(rewards, group):
    rows = rewards.reshape(-1, group)
    others = (rows.sum(axis=1, keepdims=True) - rows) / (group - 1)
    centred = rows - rows.mean(axis=1, keepdims=True)
    columns = rewards.reshape(group, -1)
    mixed = (columns - (columns.sum(axis=0) - columns) / (group - 1)).ravel()
    return (
        (rows - others).ravel(),
        "for each image: its reward minus the mean of the group's other rewards.",
        {
            "the image is part of its own baseline: leave it out.": centred.ravel(),
            "the sum of the others is subtracted, not their mean.": (
                rows - others * (group - 1)
            ).ravel(),
            "the sum of the others is divided by all of the group, itself included.": (
                rows - others * (group - 1) / group
            ).ravel(),
            "the sign is turned: a better image must come out positive.": (others - rows).ravel(),
            "neighbours are one group; you compare images that lie far apart.": mixed,
            "the mean over all prompts is subtracted: an easy prompt then looks good.": rewards
            - rewards.mean(),
        },
    )


def token_gradient(logits, tokens, advantages):
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    probabilities = weights / weights.sum(axis=-1, keepdims=True)
    chosen = np.eye(logits.shape[-1])[tokens]
    push = advantages[:, None, None]
    return (
        push * (chosen - probabilities),
        "d log p / d logits is one-hot minus softmax; multiply by the advantage.",
        {
            "the softmax is missing: more of one token is less of the others.": push * chosen,
            "the sign is turned: this gradient is to be climbed.": push * (probabilities - chosen),
            "the advantages are missing: this only repeats what was sampled.": chosen
            - probabilities,
            "it is divided by the number of tokens: log p of an image is their sum.": push
            * (chosen - probabilities)
            / tokens.shape[1],
            "that multiplies by the probability as well: samples already occur that often.": push
            * probabilities
            * (chosen - probabilities),
        },
    )


def _loss(now, old, before, advantages, clip, beta, *, penalty=None, larger=False, only=False):
    ratio = np.exp(now - old)
    clipped = np.clip(ratio, 1 - clip, 1 + clip)
    if penalty is None:
        penalty = np.exp(before - now) - 1 - (before - now)
    pushes = ratio * advantages[:, None], clipped * advantages[:, None]
    gained = pushes[1] if only else (np.maximum if larger else np.minimum)(*pushes)
    return np.mean(beta * penalty - gained)


def anchored_grpo_loss(now, old, before, advantages, clip, beta):
    given = (now, old, before, advantages, clip, beta)
    difference = before - now
    right = _loss(*given)
    return (
        right,
        "the mean over all tokens of beta k3 minus the clipped objective.",
        {
            "this is the objective, to be climbed; a loss is its negative.": -right,
            "the larger of both products is taken: that rewards what clipping should stop.": _loss(
                *given, larger=True
            ),
            "only the clipped ratio is used: it must be the smaller of both products.": _loss(
                *given, only=True
            ),
            "nothing is clipped.": _loss(now, old, before, advantages, np.inf, beta),
            "the penalty is k1, which may be negative: k3 is asked for.": _loss(
                *given, penalty=-difference
            ),
            "the ratio in k3 is upside down: the samples come from the policy.": _loss(
                *given, penalty=np.exp(-difference) - 1 + difference
            ),
            "the penalty is rewarded: its sign is wrong.": _loss(
                now, old, before, advantages, clip, -beta
            ),
            "the penalty compares with the sampling policy: the reference is another one.": _loss(
                now, old, old, advantages, clip, beta
            ),
            "each image's tokens are added: take the mean over tokens as well.": right
            * now.shape[1],
        },
    )


def best(reference, reward, beta):
    def normalised(weights):
        return weights / weights.sum()

    tilt = np.exp((reward - reward.max()) / beta)
    return (
        normalised(reference * tilt),
        "the policy is the reference times exp(reward / beta), normalised.",
        {
            "the reference is missing: that is the softmax of the rewards.": normalised(tilt),
            "it is not normalised: probabilities add up to 1.": reference * np.exp(reward / beta),
            "beta multiplies: a large penalty should keep the policy near the reference.": (
                normalised(reference * np.exp(beta * reward))
            ),
            "the sign of the reward is turned.": normalised(reference * np.exp(-reward / beta)),
        },
    )


def value(reference, reward, beta):
    largest = reward.max()
    tilted = reference * np.exp((reward - largest) / beta)
    z = np.log(tilted.sum()) + largest / beta
    policy = tilted / tilted.sum()
    return (
        beta * z,
        "the value is E[reward] - beta KL at the policy; it simplifies to beta log Z.",
        {
            "log Z is to be multiplied by beta.": z,
            "that is the expected reward; the penalty comes off.": policy @ reward,
            "the penalty is added.": 2 * policy @ reward - beta * z,
        },
    )


def dpo_gradient(chosen, rejected, beta):
    margin = (chosen[0] - chosen[1]) - (rejected[0] - rejected[1])
    wrongness = 1 / (1 + np.exp(beta * margin))
    plain = (chosen[0] - rejected[0]) * beta
    slope = np.stack([-beta * wrongness, beta * wrongness])
    return (
        slope,
        "with z = beta margin, -log sigmoid(z) has the derivative -sigmoid(-z); then the chain "
        "rule.",
        {
            "both signs are turned: to make the loss smaller, the chosen one must rise.": -slope,
            "beta of the inner derivative is missing.": slope / beta,
            "that is sigmoid(z): pairs that are already in order would be pushed the most.": (
                np.stack([-beta * (1 - wrongness), beta * (1 - wrongness)])
            ),
            "the reference is left out of the margin.": np.stack(
                [-beta / (1 + np.exp(plain)), beta / (1 + np.exp(plain))]
            ),
            "both have one sign: the rejected one should fall.": np.stack([slope[0], slope[0]]),
        },
    )


def anchored(rewards, now, before, beta):
    divergence = (now - before).sum(axis=1)
    return (
        rewards - beta * divergence,
        "reward - beta times the sum over tokens of log p - log p_ref.",
        {
            "the sign is still wrong: images far from the reference are paid for it.": rewards
            + beta * divergence,
            "the mean over the tokens is no estimate of the image's divergence: add them up.": (
                rewards - beta * divergence / now.shape[1]
            ),
            "all images share one penalty: each has its own.": rewards - beta * divergence.mean(),
            "an estimate may be negative; cutting it off at 0 biases it.": rewards
            - beta * np.maximum(divergence, 0),
            "the absolute value punishes both directions, and its mean is not the divergence.": (
                rewards - beta * np.abs(divergence)
            ),
        },
    )


def of_batch(rewards, ids):
    means, spreads, counts = (
        np.array([measure(rewards[ids == one]) for one in ids])
        for measure in (np.mean, np.std, len)
    )
    size = int(counts[0])
    blocks = rewards.reshape(-1, size)
    stripes = rewards.reshape(size, -1)
    return (
        (rewards - means) / spreads,
        "for each image: minus the mean of its prompt's rewards, by their standard deviation.",
        {
            "neighbours are still taken for a group: look at the ids.": (
                (blocks - blocks.mean(axis=1, keepdims=True)) / blocks.std(axis=1, keepdims=True)
            ).ravel(),
            "images at equal distances are taken for a group: look at the ids.": (
                (stripes - stripes.mean(axis=0)) / stripes.std(axis=0)
            ).ravel(),
            "all prompts are one group: easy prompts then look like good images.": (
                rewards - rewards.mean()
            )
            / rewards.std(),
            "the standard deviation is missing.": rewards - means,
            "the spread is that of the whole batch; each prompt has its own.": (rewards - means)
            / rewards.std(),
        },
    )
