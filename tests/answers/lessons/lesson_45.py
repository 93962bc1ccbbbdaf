import numpy as np

from answers.lessons import right, wrong


def product(joint):
    return np.outer(joint.sum(axis=1), joint.sum(axis=0))


def divergence(p, q):
    there = p > 0
    return np.sum(p[there] * np.log(p[there] / q[there]))


def entropy(p):
    return -np.sum(p[p > 0] * np.log(p[p > 0]))


def ranks(values):
    return np.argsort(np.argsort(values, axis=1), axis=1)


def scales(counts):
    return np.array([number for number, count in enumerate(counts) for _ in range(count)])


GIVEN = {
    "price_of_one_step": [
        right(lambda p: entropy(p.sum(axis=0)) + entropy(p.sum(axis=1)) - entropy(p)),
        wrong("in bits", lambda p: divergence(p, product(p)) / np.log(2)),
        wrong("not negative", lambda p: -divergence(p, product(p))),
        wrong("stands first", lambda p: divergence(product(p), np.maximum(p, 1e-300))),
        wrong("the entropy of the joint", entropy),
        wrong("adds nothing", lambda p: np.sum(p * np.log(p / product(p)))),
        wrong("compare the joint", lambda p: np.abs(p - product(p)).sum() / 2),
    ],
    "perfect_network": [
        wrong("without seeing each other", "a"),
        wrong("nothing is known yet", "b"),
    ],
    "confident_first": [
        wrong("not on the value", "a"),
        wrong("survive the selection", "b"),
    ],
    "masked_again": [
        right(lambda confidence, masked, count: ranks(confidence + 1e9 * ~masked) < count),
        wrong(
            "settled is masked again", lambda confidence, masked, count: ranks(confidence) < count
        ),
        wrong("two tokens of each row", lambda confidence, masked, count: masked),
        wrong(
            "the confident ones are kept",
            lambda confidence, masked, count: ranks(np.where(masked, -confidence, np.inf)) < count,
        ),
    ],
    "scale_mask": [
        right(lambda counts: np.greater_equal.outer(scales(counts), scales(counts)).astype(int)),
        wrong("turned round", lambda counts: np.less_equal.outer(scales(counts), scales(counts))),
        wrong("the causal mask", lambda counts: np.tri(sum(counts))),
        wrong("also see its own", lambda counts: np.greater.outer(scales(counts), scales(counts))),
        wrong("only itself", lambda counts: np.equal.outer(scales(counts), scales(counts))),
        wrong("not finer", lambda counts: np.ones((sum(counts), sum(counts)))),
    ],
    "lowest_fid": [
        wrong("a matter of precision", "b"),
        wrong("sampled independently", "c"),
    ],
}
