"""The tasks of lesson 66: rewards."""

import numpy as np

from genimg_lib.checks.core import array, close, expect
from genimg_lib.checks.judge import match, pair
from genimg_lib.checks.task import predicted, task, value_task


@task
def advantages(answer):
    rewards = np.array([[1.0, 1.0, 0.0, 0.0], [5.0, 9.0, 7.0, 7.0], [2.0, 4.0, 8.0, 2.0]])
    centred = rewards - rewards.mean(axis=1, keepdims=True)
    found = array(answer(rewards), "the advantages", rewards.shape)
    match(
        found,
        centred / rewards.std(axis=1, keepdims=True),
        "the rewards 1, 1, 0, 0 must give 1, 1, -1, -1.",
        {
            "you compare with the same place in other groups; a row is a group.": (
                rewards - rewards.mean(axis=0)
            )
            / rewards.std(axis=0),
            "you compare with all rewards: an easy prompt would look like a good image.": (
                rewards - rewards.mean()
            )
            / rewards.std(),
            "the mean is subtracted; now divide by the standard deviation of the row.": centred,
            "that is the variance in the denominator; take its root.": centred
            / rewards.var(axis=1, keepdims=True),
        },
    )
    yield "each reward is compared with its own group"
    with np.errstate(all="ignore"):
        found = array(answer(np.array([[3.0, 3.0], [0.0, 1.0]])), "the advantages", (2, 2))
    expect(
        close(found, [[0, 0], [-1, 1]]),
        "a group of equal rewards says nothing: return zeros for it.",
    )
    yield "equal rewards give zeros"


@task
def surrogate(answer):
    import tensorflow as tf

    now = tf.constant(np.log([1.0, 1.5, 0.5, 0.5, 1.5]))
    old = tf.constant(np.zeros(5))
    push = np.array([2.0, 2.0, -2.0, 2.0, -2.0])

    def judged(advantage):
        with tf.GradientTape() as tape:
            tape.watch([now, old])
            value = answer(now, old, tf.constant(advantage), 0.2)
        slopes = tape.gradient(value, [now, old], unconnected_gradients="zero")
        return [array(part, "the objective", (5,)) for part in (value, *slopes)]

    value, slope, through_old = judged(push)
    right = np.array([2.0, 2.4, -1.6, 1.0, -3.0])
    match(
        value,
        right,
        "compare with min(ratio A, clip(ratio) A) at the ratios 1, 1.5 and 0.5.",
        {
            "the ratio is always 1: it is computed from one policy.": push,
            "that is the larger of both products; a clipped gain is the smaller one.": [
                2.0,
                3.0,
                -1.0,
                1.6,
                -2.4,
            ],
            "nothing is clipped.": push * np.exp(now),
            "only the clipped ratio counts: a token that went the wrong way could not come back.": (
                push * np.clip(np.exp(now), 0.8, 1.2)
            ),
            "the ratio is upside down: the current policy stands above.": np.minimum(
                push / np.exp(now), push * np.clip(1 / np.exp(now), 0.8, 1.2)
            ),
        },
    )
    yield "the values are those of the clipped objective"
    expect(
        not close(through_old, -slope) or close(slope, np.zeros(5)),
        "a gradient flows into the sampling policy too: stop it, or both cancel where they share "
        "their weights.",
    )
    expect(
        close(slope, [2.0, 0.0, 0.0, 1.0, -3.0]),
        "the value is right and its gradient is not: only the sampling policy is a constant.",
    )
    yield "only the current policy gets a gradient"


@task
def kl_estimates(answer):
    p, q = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.3, 0.5])
    first, second = pair(answer(np.log(p), np.log(q)), "k1, k3", (3,))
    expect(
        not (close(first, q / p - 1 - np.log(q / p)) and close(second, np.log(p / q))),
        "the two are exchanged: k1 is the plain difference.",
    )
    match(
        first,
        np.log(p / q),
        "k1 is -log ratio with ratio = reference / p.",
        {
            "the sign of k1 is turned: samples of p, so its mean must be KL(p, reference).": np.log(
                q / p
            )
        },
    )
    yield "k1 has the divergence as its mean"
    match(
        second,
        q / p - 1 - np.log(q / p),
        "k3 is ratio - 1 - log ratio.",
        {
            "the ratio of k3 is upside down: the samples come from p, which stands below.": p / q
            - 1
            - np.log(p / q),
            "that is half the squared logarithm, k2: close, and biased.": np.log(p / q) ** 2 / 2,
            "the 1 is missing: where both agree the estimate must be 0.": q / p - np.log(q / p),
        },
    )
    yield "k3 has it too, and is never negative"


@task
def pair_loss(answer):
    chosen, rejected = (
        np.array([[-3.0, -1.0, -40.0], [-4.0, -1.0, -2.0]]),
        np.array([[-5.0, -1.0, -2.0], [-4.5, -1.0, -90.0]]),
    )
    margin = (chosen[0] - chosen[1]) - (rejected[0] - rejected[1])
    with np.errstate(all="ignore"):
        found = array(answer(chosen, rejected, 0.5), "the losses", (3,))
    match(
        found,
        np.logaddexp(0, -0.5 * margin),
        "where both models agree the loss must be log 2, about 0.69.",
        {
            "the winner should become likelier: the sign of the margin is turned.": np.logaddexp(
                0, 0.5 * margin
            ),
            "the reference is missing.": np.logaddexp(0, -0.5 * (chosen[0] - rejected[0])),
            "beta is missing.": np.logaddexp(0, -margin),
            "beta stands outside of the sigmoid: it scales the margin.": 0.5
            * np.logaddexp(0, -margin),
            "rows and images are exchanged: row 0 is the model, row 1 the reference.": np.logaddexp(
                0, -0.5 * ((chosen[0] + chosen[1]) - (rejected[0] + rejected[1]))
            ),
        },
    )
    yield "the loss compares both margins"
    with np.errstate(all="ignore"):
        far = array(answer(chosen * 100, rejected * 100, 0.5), "the losses", (3,))
    expect(
        np.isfinite(far).all(),
        "it overflows for a pair that is far off: use np.logaddexp(0, -z) for -log sigmoid(z).",
    )
    yield "it is finite for every margin"


@value_task
def captioner_as_judge(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "the captioner was asked how likely a sentence is, not how good a picture is. "
            "Which pictures did it never see in training?",
            "b": "four of five is much better than chance, and the model is paid for being read "
            "correctly.",
            "d": "any number moves pictures once it is optimised.",
        },
    )


@value_task
def tuned_for_the_distance(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "the reward sees 64 features of one network; what is odd in those is paid for.",
            "c": "some of what is paid for is good for every judge, such as whole digits.",
        },
    )
