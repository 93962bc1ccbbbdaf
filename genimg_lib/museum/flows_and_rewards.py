"""Bugs of public code for guidance, flows and rewards, each in a few lines of our own.

The labels name the threads in which they were found. No proof trains a network: the data are
Gaussian, or there are only a few outcomes.
"""

import numpy as np
import tensorflow as tf

from genimg_lib.museum.exhibit import Exhibit
from genimg_lib.nn.rewards import group_advantages
from genimg_lib.nn.sampling import guide

STEPS = 50
SPREAD = 0.5
"""The standard deviation of the data in each of the worlds of flows."""


def halves_that_are_swapped(velocities, positions, time, labels, scale):
    """The samples are of everything but the class that was asked for, and more guidance makes it
    worse: the halves come back in another order than they are named in.
    """
    nothing = np.zeros_like(labels)
    both = velocities(np.tile(positions, 2), time, np.concatenate([nothing, labels]))
    conditional, unconditional = np.split(both, 2)
    return guide(conditional, unconditional, scale)


def halves_in_their_order(velocities, positions, time, labels, scale):
    """Concatenate and split in one order, in lines that stand together."""
    nothing = np.zeros_like(labels)
    both = velocities(np.tile(positions, 2), time, np.concatenate([labels, nothing]))
    conditional, unconditional = np.split(both, 2)
    return guide(conditional, unconditional, scale)


def velocities_of_two_classes(positions, time, labels):
    """The exact velocities where class -1 is N(-2, SPREAD^2), class 1 is N(2, SPREAD^2), and 0 asks
    for either.
    """
    variance = (time * SPREAD) ** 2 + (1 - time) ** 2
    either = 2 * np.tanh(2 * time * positions / variance)  # the mean of the class, given a position
    means = np.where(labels == 0, either, 2.0 * labels)
    return means + (time * SPREAD**2 - (1 - time)) / variance * (positions - time * means)


def on_the_side_asked_for(guided) -> dict:
    """The share of 1,000 samples that lie on the side of class 1, which was asked for."""
    shares = {}
    for scale in (1, 3):
        positions = np.random.default_rng(0).standard_normal(1000)
        labels = np.ones(1000)
        for i in range(STEPS):
            time = i / STEPS
            positions = (
                positions
                + guided(velocities_of_two_classes, positions, time, labels, scale) / STEPS
            )
        shares[f"scale {scale}"] = float((positions > 0).mean())
    return shares


def path_that_starts_at_the_data(data, noise, times):
    """The loss falls, and the samples lie beside the data: the path leads from data to noise, while
    target and sampler lead from noise to data.
    """
    return times * noise + (1 - times) * data


def path_that_ends_at_the_data(data, noise, times):
    """Path, target and sampler share one convention. Here: noise at time 0, data at time 1, and the
    target is their difference, data - noise.
    """
    return times * data + (1 - times) * noise


def where_the_flow_ends(path) -> dict:
    """Mean and spread of 10,000 samples; the data have 3 and 0.5.

    The best prediction of a velocity is linear here, so least squares stands for the network.
    """
    random = np.random.default_rng(0)
    data, noise, positions = random.standard_normal((3, 10_000))
    data = 3 + SPREAD * data
    for i in range(STEPS):
        slope, shift = np.polyfit(path(data, noise, i / STEPS), data - noise, 1)
        positions = positions + (slope * positions + shift) / STEPS
    return {"mean": float(positions.mean()), "spread": float(positions.std())}


def ratio_to_itself(now, sampled):
    """Nothing is ever clipped: the "old" probabilities are computed by the policy that is being
    updated, so the ratio is 1 in every update.
    """
    return tf.exp(now - tf.stop_gradient(now))


def ratio_to_the_sampler(now, sampled):
    """Store the log-probabilities when the batch is sampled, and reuse them in all its updates."""
    return tf.exp(now - sampled)


def times_as_likely(ratio) -> float:
    """How many times as likely its good token, one of four, is after 60 updates on one batch;
    ratios are clipped at 1.2.
    """
    logits = tf.Variable(tf.zeros(4))
    sampled = tf.nn.log_softmax(logits)[0]
    for _ in range(60):
        with tf.GradientTape() as tape:
            found = ratio(tf.nn.log_softmax(logits)[0], sampled)
            gained = tf.minimum(found, tf.clip_by_value(found, 0.8, 1.2))
        logits.assign_add(0.1 * tape.gradient(gained, logits))
    return float(tf.exp(tf.nn.log_softmax(logits)[0] - sampled))


def difference_in_the_loss(now, reference):
    """The penalty holds nobody back, however large its weight: the difference of the
    log-probabilities is right on average, and its gradient is 0 on average.
    """
    return now - reference


def difference_in_the_reward(now, reference):
    """Let the difference weigh the sample, as a reward does: a number without a gradient, times
    log p.
    """
    return tf.stop_gradient(now - reference) * now


def share_of_divergence_left(penalty) -> float:
    """KL(policy || reference) after 100 updates on the penalty alone, as a share of that before;
    summed over all eight outcomes, so nothing is left to chance.
    """
    logits = tf.Variable(tf.linspace(-1.5, 1.5, 8))
    reference = tf.nn.log_softmax(tf.zeros(8))
    divergences = []
    for _ in range(101):
        with tf.GradientTape() as tape:
            now = tf.nn.log_softmax(logits)
            probabilities = tf.stop_gradient(tf.exp(now))
            loss = tf.reduce_sum(probabilities * penalty(now, reference))
        divergences.append(float(tf.reduce_sum(probabilities * (now - reference))))
        logits.assign_sub(tape.gradient(loss, logits))
    return divergences[-1] / divergences[0]


def prompts_in_turn(prompts, group_size):
    """Images are praised for an easy prompt and blamed for a hard one: a group is a row of
    neighbours, and here neighbours have different prompts.
    """
    return np.tile(prompts, group_size)


def prompts_in_groups(prompts, group_size):
    """`repeat` puts all images of a prompt side by side, `tile` does not. Or carry the prompt's
    number along, and group by it.
    """
    return np.repeat(prompts, group_size)


def praise_for_easy_prompts(arrange) -> float:
    """The mean advantage of 64 images of eight easy prompts, of which nine in ten are right. Of
    eight hard prompts it is one in ten.
    """
    chances = np.tile([0.9, 0.1], 8)
    prompts = arrange(np.arange(16), 8)
    right = np.random.default_rng(0).random(len(prompts)) < chances[prompts]
    return float(group_advantages(right, 8)[prompts % 2 == 0].mean())


ROOM = (
    Exhibit(
        "B11",
        halves_that_are_swapped,
        halves_in_their_order,
        lambda shares: shares["scale 3"] < 0.1,
        on_the_side_asked_for,
    ),
    Exhibit(
        "B12",
        path_that_starts_at_the_data,
        path_that_ends_at_the_data,
        lambda samples: abs(samples["mean"] - 3) > SPREAD,
        where_the_flow_ends,
    ),
    Exhibit("B13", ratio_to_itself, ratio_to_the_sampler, lambda times: times > 2, times_as_likely),
    Exhibit(
        "B14",
        difference_in_the_loss,
        difference_in_the_reward,
        lambda share: share > 0.99,
        share_of_divergence_left,
    ),
    Exhibit(
        "B15",
        prompts_in_turn,
        prompts_in_groups,
        lambda advantage: advantage > 0.5,
        praise_for_easy_prompts,
    ),
)
