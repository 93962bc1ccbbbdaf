import numpy as np
from answers import right, wrong


def relative(rewards, axis=-1, spread=True):
    centred = rewards - rewards.mean(axis=axis, keepdims=True)
    return centred / (rewards.std(axis=axis, keepdims=True) + 1e-6) if spread else centred


def loss(ratios, gains, clip, best=np.minimum):
    return -best(ratios * gains, np.clip(ratios, 1 - clip, 1 + clip) * gains).mean()


@right
def with_a_minimum(log_probs, old_log_probs, rewards, clip):
    return loss(np.exp(log_probs - old_log_probs), relative(rewards), clip)


@right
def by_the_sign(log_probs, old_log_probs, rewards, clip):
    gains, ratios = relative(rewards), np.exp(log_probs) / np.exp(old_log_probs)
    low, high = np.maximum(ratios, 1 - clip), np.minimum(ratios, 1 + clip)
    return -np.where(gains > 0, high * gains, low * gains).mean()


@right
def group_by_group(log_probs, old_log_probs, rewards, clip):
    samples, total = rewards.shape[-1], 0.0
    shape = -1, samples
    for new, old, paid in zip(
        log_probs.reshape(shape), old_log_probs.reshape(shape), rewards.reshape(shape)
    ):
        gains = (paid - np.mean(paid)) / (np.std(paid) + 1e-6)
        total += sum(
            min(ratio * gain, min(max(ratio, 1 - clip), 1 + clip) * gain)
            for ratio, gain in zip(np.exp(new - old), gains)
        )
    return -total / rewards.size


def faulty(gains=relative, final=loss):
    return lambda new, old, rewards, clip: final(np.exp(new - old), gains(rewards), clip)


def bounded(ratios, clip):
    return np.clip(ratios, 1 - clip, 1 + clip)


wrong("each group has its own", "batch", faulty(lambda r: relative(r, None)))
wrong("not divided by the spread", "centred", faulty(lambda r: relative(r, spread=False)))
wrong("the sign is wrong", "gain", faulty(final=lambda *given: -loss(*given)))
wrong("the larger of both", "maximum", faulty(final=lambda *given: loss(*given, np.maximum)))
wrong("nothing is clipped", "no clip", faulty(final=lambda q, a, c: -(q * a).mean()))
wrong("only clipped ratios", "clipped", faulty(final=lambda q, a, c: -(bounded(q, c) * a).mean()))
wrong(
    "the ratio is the wrong way round",
    "old over new",
    lambda n, o, r, c: with_a_minimum(o, n, r, c),
)
wrong("minus the mean of min", "a sum", faulty(final=lambda q, a, c: loss(q, a, c) * a.size))


@wrong("equal rewards give 0 / 0")
def no_epsilon(log_probs, old_log_probs, rewards, clip):
    centred = rewards - rewards.mean(axis=-1, keepdims=True)
    gains = centred / rewards.std(axis=-1, keepdims=True)
    return loss(np.exp(log_probs - old_log_probs), gains, clip)


@wrong("nearly equal rewards are off")
def added_to_the_variance(log_probs, old_log_probs, rewards, clip):
    centred = rewards - rewards.mean(axis=-1, keepdims=True)
    gains = centred / np.sqrt(rewards.var(axis=-1, keepdims=True) + 1e-6)
    return loss(np.exp(log_probs - old_log_probs), gains, clip)


EQUIVALENT = {
    "np.minimum(ratios * advantages, clipped * advantages) -> "
    "np.minimum(clipped * advantages, ratios * advantages)": "symmetric",
}
