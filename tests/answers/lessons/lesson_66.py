import numpy as np
import tensorflow as tf

from answers.lessons import right, wrong


def standardised(rewards, axis=1):
    spread = rewards.std(axis=axis, keepdims=True)
    return (rewards - rewards.mean(axis=axis, keepdims=True)) / np.where(spread == 0, 1, spread)


def one_by_one(rewards):
    return [[(r - np.mean(row)) / (np.std(row) or 1) for r in row] for row in rewards]


def clipped(now, old, advantage, clip):
    ratio = tf.exp(now - tf.stop_gradient(old))
    return tf.minimum(ratio * advantage, tf.clip_by_value(ratio, 1 - clip, 1 + clip) * advantage)


def with_bounds(now, old, advantage, clip):
    ratio = tf.exp(now - tf.stop_gradient(old))
    bound = (1 + clip * tf.sign(advantage)) * advantage
    return tf.minimum(ratio * advantage, bound)


def through_old(now, old, advantage, clip):
    ratio = tf.exp(now - old)
    return tf.minimum(ratio * advantage, tf.clip_by_value(ratio, 1 - clip, 1 + clip) * advantage)


def unmoved(now, old, advantage, clip):
    return tf.stop_gradient(clipped(now, old, advantage, clip))


def only_clipped(now, old, advantage, clip):
    return tf.clip_by_value(tf.exp(now - old), 1 - clip, 1 + clip) * advantage


def larger(now, old, advantage, clip):
    ratio = tf.exp(now - old)
    return tf.maximum(ratio * advantage, tf.clip_by_value(ratio, 1 - clip, 1 + clip) * advantage)


def k3(log_ratio):
    return np.exp(log_ratio) - 1 - log_ratio


def margin(chosen, rejected):
    return (chosen[0] - chosen[1]) - (rejected[0] - rejected[1])


def naive(chosen, rejected, beta):
    return -np.log(1 / (1 + np.exp(-beta * margin(chosen, rejected))))


GIVEN = {
    "advantages": [
        right(one_by_one),
        right(standardised),
        wrong("the same place in other groups", lambda rewards: standardised(rewards, 0)),
        wrong("an easy prompt", lambda r: (r - r.mean()) / r.std()),
        wrong("now divide", lambda r: r - r.mean(axis=1, keepdims=True)),
        wrong(
            "take its root",
            lambda r: (r - r.mean(axis=1, keepdims=True)) / r.var(axis=1, keepdims=True),
        ),
        wrong("must give 1, 1, -1, -1", lambda rewards: rewards),
        wrong(
            "says nothing",
            lambda r: (r - r.mean(axis=1, keepdims=True)) / r.std(axis=1, keepdims=True),
        ),
    ],
    "surrogate": [
        right(clipped),
        right(with_bounds),
        wrong("always 1", lambda now, old, advantage, clip: tf.exp(now - now) * advantage),
        wrong("the larger of both", larger),
        wrong("nothing is clipped", lambda now, old, a, clip: tf.exp(now - old) * a),
        wrong("could not come back", only_clipped),
        wrong("upside down", lambda now, old, a, clip: clipped(old, now, a, clip)),
        wrong("compare with min", lambda now, old, a, clip: now - old),
        wrong("flows into the sampling policy", through_old),
        wrong("its gradient is not", unmoved),
    ],
    "kl_estimates": [
        right(lambda p, q: (p - q, np.expm1(q - p) + p - q)),
        right(lambda p, q: np.stack([p - q, k3(q - p)])),
        wrong("the two are exchanged", lambda p, q: (k3(q - p), p - q)),
        wrong("the sign of k1", lambda p, q: (q - p, k3(q - p))),
        wrong("k1 is -log ratio", lambda p, q: (p, k3(q - p))),
        wrong("which stands below", lambda p, q: (p - q, k3(p - q))),
        wrong("k2: close, and biased", lambda p, q: (p - q, (p - q) ** 2 / 2)),
        wrong("the 1 is missing", lambda p, q: (p - q, k3(q - p) + 1)),
        wrong("k3 is ratio - 1", lambda p, q: (p - q, p)),
    ],
    "pair_loss": [
        right(lambda c, r, beta: np.logaddexp(0, beta * -margin(c, r))),
        right(
            lambda c, r, beta: (
                np.maximum(0, -beta * margin(c, r)) + np.log1p(np.exp(-np.abs(beta * margin(c, r))))
            )
        ),
        wrong("the sign of the margin", lambda c, r, beta: np.logaddexp(0, beta * margin(c, r))),
        wrong("the reference is missing", lambda c, r, b: np.logaddexp(0, -b * (c[0] - r[0]))),
        wrong("beta is missing", lambda c, r, beta: np.logaddexp(0, -margin(c, r))),
        wrong("outside of the sigmoid", lambda c, r, b: b * np.logaddexp(0, -margin(c, r))),
        wrong(
            "rows and images are exchanged",
            lambda c, r, b: np.logaddexp(0, -b * (c.sum(axis=0) - r.sum(axis=0))),
        ),
        wrong("must be log 2", lambda c, r, beta: -beta * margin(c, r)),
        wrong("it overflows", naive),
    ],
    "captioner_as_judge": [
        wrong("how likely a sentence is", "a"),
        wrong("much better than chance", "b"),
        wrong("once it is optimised", "d"),
    ],
    "tuned_for_the_distance": [
        wrong("64 features of one network", "a"),
        wrong("good for every judge", "c"),
    ],
}
